//! A person's calendar at its secret address: what it tells to whom, and that nobody else learns the secret.

use super::scene::{NAME, NOTE, Scene, TASK};
use super::site::{PUBLIC_URL, Site};

/// The path of somebody's new calendar, as her page shows it.
async fn path_of(site: &Site, name: &str) -> String {
    let made = site.post("/api/calendar/make", "").by(name).plain("/account/calendar").send().await;
    assert_eq!((made.status, made.header("location")), (303, "/account/calendar?done=calendar"));
    let (secret, attributes) = made.cookie("samlop_shown").unwrap();
    assert!(attributes.contains("Max-Age=60"), "{attributes}");
    let cookies = format!("samlop_session={}; samlop_shown={secret}", site.token(name));
    let page = site.get("/account/calendar").header("cookie", &cookies).send().await;
    assert_eq!(page.cookie("samlop_shown").unwrap().0, "");
    let address = format!("{PUBLIC_URL}/calendar/{secret}.ics");
    assert!(page.text().contains(&address));
    address.strip_prefix(PUBLIC_URL).unwrap().to_owned()
}

#[tokio::test]
async fn the_address_is_shown_once_and_to_nobody_else() {
    let scene = Scene::new().await;
    let path = path_of(&scene.site, "nav").await;
    let secret = path.trim_start_matches("/calendar/").trim_end_matches(".ics");
    assert!(!scene.site.get("/account/calendar").by("nav").send().await.text().contains(secret));
    // The cookie that is left in a browser, and somebody else who logs in there.
    let cookies = format!("samlop_session={}; samlop_shown={secret}", scene.site.token("inn"));
    scene.site.post("/api/calendar/make", "").by("inn").plain("/account/calendar").send().await;
    assert!(!scene.site.get("/account/calendar").header("cookie", &cookies).send().await.text().contains(secret));
}

#[tokio::test]
async fn a_calendar_needs_no_login_and_tells_only_reference_date_and_link() {
    let scene = Scene::new().await;
    let path = path_of(&scene.site, "nav").await;
    let answer = scene.site.get(&path).send().await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/calendar; charset=utf-8"));
    let calendar: icalendar::Calendar = answer.text().parse().unwrap();
    assert_eq!(calendar.events().count(), 1);
    assert!(answer.text().contains("DTSTART;VALUE=DATE:20261201\r\n"));
    let unfolded = answer.text().replace("\r\n ", "");
    assert!(unfolded.contains(&format!("{PUBLIC_URL}/participants/{}?at=task-{}", scene.participant, scene.task)));
    for secret in [NAME, "Lina", "Solstr", NOTE, TASK, "Ring", "nav Prøve", "@example.no"] {
        assert!(!unfolded.contains(secret), "the calendar tells {secret}");
    }
}

#[tokio::test]
async fn a_program_that_has_the_calendar_is_told_so_until_it_changes() {
    let scene = Scene::new().await;
    let path = path_of(&scene.site, "nav").await;
    let first = scene.site.get(&path).send().await;
    let tag = first.header("etag").to_owned();
    let again = scene.site.get(&path).header("if-none-match", &tag).send().await;
    assert_eq!((again.status, again.header("etag"), again.body.len()), (304, tag.as_str(), 0));
    scene.site.test.person("nav").await.set_task_done(scene.task, true).await.unwrap();
    let changed = scene.site.get(&path).header("if-none-match", &tag).send().await;
    assert_eq!(changed.status, 200);
    assert!(changed.header("etag") != tag && !changed.text().contains("VEVENT"));
}

#[tokio::test]
async fn a_removed_an_unknown_and_a_misspelt_address_answer_alike() {
    let scene = Scene::new().await;
    let path = path_of(&scene.site, "nav").await;
    scene.site.post("/api/calendar/remove", "").by("nav").plain("/account/calendar").send().await;
    let unknown = format!("/calendar/{}.ics", "0".repeat(64));
    let mut answers = Vec::new();
    for path in [path.as_str(), &unknown, path.trim_end_matches(".ics"), "/calendar/x", "/calendar/%00.ics"] {
        let answer = scene.site.get(path).send().await;
        answers.push((answer.status, answer.headers.clone(), answer.text().to_owned()));
    }
    assert_eq!(answers[0].0, 404);
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}
