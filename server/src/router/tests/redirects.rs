//! Nobody is led to another site. That each address to which an answer leads is a path of ours is checked for
//! every answer (see `site.rs`); here are those who try.

use store::testing::PASSWORD;

use super::scene::Scene;
use super::site::Site;

/// Ways to write another site's address.
const FOREIGN: [&str; 16] = [
    "//evil.example",
    "//evil.example/tracks",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\r\n/evil.example",
    "/\r\nSet-Cookie: samlop_session=x",
    "https://evil.example",
    "https:evil.example",
    "https://samlop.example.no@evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    " //evil.example",
    "/.//evil.example/..//",
];

#[tokio::test]
async fn after_login_one_comes_to_the_page_that_one_wanted_if_it_is_ours() {
    let site = Site::new().await;
    let log_in = async |next: &str| {
        let fields = [("form[email]", "inn@example.no"), ("form[password]", PASSWORD), ("form[next]", next)];
        let body = serde_urlencoded::to_string(fields).unwrap();
        let query = serde_urlencoded::to_string([("next", next)]).unwrap();
        let answer = site.post("/api/login", body).plain(&format!("/login?{query}")).send().await;
        assert_eq!(answer.status, 303, "{next}");
        answer.header("location").to_owned()
    };
    for foreign in FOREIGN {
        let location = log_in(foreign).await;
        assert!(!location.contains("evil") || location.starts_with("/."), "{foreign} leads to {location}");
    }
    for own in ["/tracks", "/participants/1?show=notes#note-2", "/tracks/introlop/move?card=1&to=2"] {
        assert_eq!(log_in(own).await, own);
    }
}

#[tokio::test]
async fn a_forged_page_or_referrer_leads_nobody_away() {
    let scene = Scene::new().await;
    let body = format!("form[participant]={}", scene.participant);
    for foreign in FOREIGN {
        let header = foreign.replace(char::is_control, "");
        for referer in [header.clone(), format!("https://evil.example/{}", header.trim_start_matches('/'))] {
            let call = scene.site.post("/api/participants/wait-for", body.clone()).by("inn");
            let answer = call.header("accept", "text/html").header("referer", &referer).send().await;
            assert_eq!(answer.status, 303, "{referer}");
        }
        let call = scene.site.post("/api/participants/wait-for", body.clone()).by("inn");
        let answer = call.plain(foreign).header("referer", "https://evil.example/").send().await;
        assert_eq!(answer.status, 303, "{foreign}");
        // The page that is shown again after an error comes from the same place.
        let call = scene.site.post("/api/participants/wait-for", format!("{body}&form[waiting]=x")).by("inn");
        let answer = call.plain(foreign).header("referer", "https://evil.example/").send().await;
        assert!([422, 303, 404].contains(&answer.status), "{foreign}: {}", answer.status);
    }
}

#[tokio::test]
async fn the_board_to_return_to_after_a_new_task_is_one_of_ours() {
    let scene = Scene::new().await;
    let inn = scene.id_of("inn").await;
    for foreign in FOREIGN.into_iter().chain(["../../evil", "?done=x", "#x", "æ", "\0"]) {
        let fields = [
            ("form[back]", foreign),
            ("form[participant]", &scene.participant.to_string()),
            ("form[title]", "Ring"),
            ("form[assignee]", &inn),
            ("form[due]", "2026-12-01"),
        ];
        let body = serde_urlencoded::to_string(fields).unwrap();
        let answer = scene.site.post("/api/tasks/add", body).by("inn").plain("/tasks").send().await;
        assert_eq!(answer.status, 303, "{foreign}");
        assert!(!answer.headers.contains_key("set-cookie"), "{foreign}");
    }
}

#[tokio::test]
async fn an_address_that_looks_like_another_site_is_an_unknown_page_of_ours() {
    let site = Site::new().await;
    for path in
        ["//evil.example", "//evil.example/tracks", "/%5Cevil.example", "/https://evil.example", "/%2F%2Fevil.example"]
    {
        let answer = site.get(path).by("inn").send().await;
        assert_eq!(answer.status, 404, "{path}");
        // Its footer has a form that leads back to the page on which it was sent.
        let call = site.post("/api/account/choose-locale", "form[locale]=nb").by("inn").plain(path);
        assert_eq!(call.send().await.status, 303, "{path}");
    }
}
