//! A track as a file: who gets it, what is shown of one before anything is made, and what is told of a wrong one.

use shared::error::{AppError, Problem};
use shared::locale::Locale;
use shared::tracks::{FILE_MAX, TrackTemplate};

use super::functions::track_file;
use super::scene::{NAME, NOTE, Scene, TASK};
use super::site::{Answer, Site};

const MADE: &str = "/api/tracks/add-from-file";
const PAGE: &str = "/admin/new-track/file";

/// The page after a form was sent.
async fn sent(site: &Site, name: &str, file: &str, shown: &str) -> Answer {
    let fields = [("form[name]", name), ("form[file]", file), ("form[shown]", shown)];
    site.post(MADE, serde_urlencoded::to_string(fields).unwrap()).by("admin").plain(PAGE).send().await
}

#[tokio::test]
async fn the_administrator_gets_the_file_and_nobody_else_does() {
    let scene = Scene::new().await;
    let path = "/admin/tracks/introlop/file";
    let answer = scene.site.get(path).by("admin").send().await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/toml; charset=utf-8"));
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"introlop.toml\"");
    assert_eq!(TrackTemplate::from_toml(answer.text()).unwrap().name.as_str(), "Introløp");
    for secret in [NAME, NOTE, TASK, "Nav", "@example.no"] {
        assert!(!answer.text().contains(secret), "the file tells {secret}");
    }
    for (name, status) in [("inn", 403), ("leder", 403), ("nav", 403), ("stranger", 403)] {
        assert_eq!(scene.site.get(path).by(name).send().await.status, status, "{name}");
    }
    for slug in ["annetlop", "finnes-ikke", "%00", "%22"] {
        let path = format!("/admin/tracks/{slug}/file");
        assert_eq!(scene.site.get(&path).by("admin").send().await.status, 404, "{slug}");
    }
    let answer = scene.site.get(path).send().await;
    assert_eq!((answer.status, answer.header("location")), (303, "/login?next=%2Fadmin%2Ftracks%2Fintrolop"));
}

#[tokio::test]
async fn what_a_file_becomes_is_shown_before_it_is_made() {
    let site = Site::new().await;
    let (file, mark) = track_file();
    let before = site.test.contents().await;
    let shown = sent(&site, "", &file, "").await;
    assert_eq!(site.test.contents().await.tables_changed_since(&before), Vec::<&str>::new());
    assert_eq!(shown.status, 422);
    let html = shown.html();
    for text in ["Slik blir løpet «Nytt løp»", "Start", "Avsluttet", "Avslutter løpet", "Lag løpet"] {
        assert!(html.text.contains(text), "{text}: {}", html.text);
    }
    assert!(shown.text().contains(&mark) && !html.text.contains("Du må rette"), "{}", html.text);
    // Somebody changes the file after she has looked it over: she is shown that first.
    let changed = file.replace("Start", "Begynnelse");
    let shown = sent(&site, "", &changed, &mark).await;
    assert!(shown.status == 422 && shown.html().text.contains("Begynnelse"));
    let made = sent(&site, "Et nytt", &file, &mark).await;
    assert_eq!((made.status, made.header("location")), (303, "/admin/tracks/et-nytt?done=track-made"));
    let taken = sent(&site, "et NYTT", &file, "").await;
    assert!(taken.status == 422 && taken.html().text.contains("Dette finnes fra før."));
}

#[tokio::test]
async fn all_faults_are_told_in_the_readers_language_and_the_text_is_still_there() {
    let site = Site::new().await;
    let file = "samlop_track_template = 1\nname = \"Nytt\"\n[[phases]]\nname = \"A\"\nknd = 1\n[[phases]]\nname = \"a\"\nkind = \"closing\"\n";
    for (locale, told) in [
        (
            Locale::Nb,
            ["Her er det 3 feil.", "Linje 3, fase 1: kind", "Linje 5, fase 1: knd", "Fasen på linje 4 har samme navn"],
        ),
        (
            Locale::Nn,
            ["Her er det 3 feil.", "Linje 3, fase 1: kind", "Linje 5, fase 1: knd", "Fasen på linje 4 har same namn"],
        ),
        (Locale::En, ["Mistakes: 3.", "Line 3, phase 1: kind", "Line 5, phase 1: knd", "in line 4 has the same name"]),
    ] {
        site.choose_locale("admin", locale).await;
        let answer = sent(&site, "", file, "").await;
        let html = answer.html();
        assert_eq!(answer.status, 422);
        for text in told {
            assert!(html.text.contains(text), "{text}: {}", html.text);
        }
        assert_eq!(html.typed("form[file]").collect::<Vec<_>>(), [file]);
    }
}

#[tokio::test]
async fn of_a_file_with_ten_thousand_phases_one_thing_is_told_and_of_many_faults_the_first() {
    let site = Site::new().await;
    let before = site.test.contents().await;
    let begin = "samlop_track_template = 1\nname = \"Nytt\"\n";
    for (file, told) in [
        (format!("{begin}{}", "[[phases]]\n".repeat(10_000)), "Det er plass til 65536 tegn."),
        (format!("{begin}phases = [{}]", "{},".repeat(10_000)), "Det er ikke plass til flere enn 40."),
        (format!("{begin}{}", "[[phases]]\n".repeat(40)), "Feil som ikke vises: 60."),
        // As long as it may be, in the letters that take most room in a form.
        ("ø".repeat(FILE_MAX / 2), "Linjen kan ikke leses:"),
    ] {
        let answer = sent(&site, "", &file, "").await;
        assert_eq!(answer.status, 422, "{told}");
        let html = answer.html();
        assert!(html.text.contains(told), "{told}: {}", html.text.chars().take(2_000).collect::<String>());
        assert_eq!(html.typed("form[file]").collect::<Vec<_>>(), [file.as_str()], "{told}");
        let error = site.post(MADE, serde_urlencoded::to_string([("form[file]", &file)]).unwrap()).by("admin");
        let AppError::Invalid(errors) = error.send().await.error() else { panic!("{told}") };
        assert!(matches!(errors[..], [ref one] if matches!(one.problem, Problem::Faulty { .. })), "{errors:?}");
    }
    assert_eq!(site.test.contents().await.tables_changed_since(&before), Vec::<&str>::new());
}
