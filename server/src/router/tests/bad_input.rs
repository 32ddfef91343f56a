//! Whatever comes in, the answer says what is wrong in the reader's language, and nothing has changed.

use app::texts::Texts;
use app::words::{explain, problem};
use shared::error::AppError;
use shared::locale::Locale;
use store::testing::TestStore;

use super::functions::{Field, Function, Kind, functions};
use super::scene::Scene;
use super::site::Answer;

store::on_both_databases![
    each_field_of_each_form_is_checked,
    a_control_character_in_an_address_is_an_unknown_page,
    control_characters_do_not_get_into_texts,
    the_greatest_and_the_smallest_version_are_versions_that_nobody_saw,
];

/// A synthetic identity number.
const IDENTITY_NUMBER: &str = "13897240054";
/// What people have typed into the other fields, and want to see again.
const TYPED: &str = "Uniktekst æøå <b>&\"'</b> &lt;";
/// An id that nothing has.
const UNKNOWN: &str = "01990000-0000-7000-8000-000000000000";

async fn each_field_of_each_form_is_checked(test: TestStore) {
    let scene = Scene::with(test).await;
    for (turn, row) in functions(&scene).await.into_iter().enumerate() {
        let locale = Locale::ALL[turn % 3];
        scene.site.choose_locale(row.by, locale).await;
        let before = scene.site.test.contents().await;
        let with_other_texts = row.with_words(TYPED);
        for field in &row.fields {
            for (value, expected) in spoilt(field) {
                let what = format!("{} {}={}", row.path, field.name, value.chars().take(40).collect::<String>());
                let body = row.body_with(field.name, &value);
                let error = refusal(&scene, &row, body, expected, &what).await;
                let body = with_other_texts.body_with(field.name, &value);
                let page = page_again(&scene, &row, body, &error, locale, &what).await;
                if matches!(error, AppError::Invalid(_)) {
                    check_that_texts_are_kept(&page, &row, field, &value, &what);
                }
            }
            if let Some(expected) = when_missing(field.kind) {
                let what = format!("{} without {}", row.path, field.name);
                refusal(&scene, &row, row.body_without(field.name), expected, &what).await;
            }
        }
        scene.check_nothing_changed_since(&before, row.path).await;
    }
}

#[tokio::test]
async fn rubbish_is_no_form() {
    let scene = Scene::new().await;
    let json = r#"{"form":{"participant":"x","text":"y"}}"#;
    let deep = format!("form{}=1", "[a]".repeat(1_000));
    let wide: Vec<String> = (0..10_000).map(|n| format!("form[f{n}]=1")).collect();
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("only a name", b"form".to_vec()),
        ("a word for the whole form", b"form=1".to_vec()),
        ("a list for the form", b"form[]=1&form[]=2".to_vec()),
        ("open brackets", b"form[[[=1&form[participant=2".to_vec()),
        ("depth", deep.into_bytes()),
        ("width", wide.join("&").into_bytes()),
        ("a lone percent sign", b"%".to_vec()),
        ("percent signs without digits", b"form[%ZZ]=%G1&%".to_vec()),
        ("bytes that are no UTF-8, escaped", b"form[%FF]=%FF%FE&form[text]=%C3".to_vec()),
        ("bytes that are no UTF-8", vec![0xff, 0xfe, b'=', 0xc3]),
        ("control characters", b"\0\x01=\x1b&form[\0]=\0".to_vec()),
        ("JSON", json.as_bytes().to_vec()),
        ("XML", b"<?xml version=\"1.0\"?><form/>".to_vec()),
    ];
    let types = ["application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", "\u{e6}"];
    for row in functions(&scene).await.into_iter().filter(|row| !row.fields.is_empty()) {
        let before = scene.site.test.contents().await;
        for ((what, body), kind) in bodies.iter().zip(types.into_iter().cycle()) {
            let what = format!("{} {what}", row.path);
            let call = || scene.site.post(row.path, body.clone()).by(row.by).header("content-type", kind);
            let answer = call().send().await;
            assert!([400, 422].contains(&answer.status), "{what}: {}", answer.status);
            let page = call().plain(&row.page).send().await;
            check_page(&page, &answer.error(), Locale::Nb, &what);
        }
        scene.check_nothing_changed_since(&before, row.path).await;
    }
}

async fn a_control_character_in_an_address_is_an_unknown_page(test: TestStore) {
    let scene = Scene::with(test).await;
    for odd in ["%00", "%01", "%0d%0a", "%FF", "%C3%28", "%F0%9F%98%80", "a%00b", "%zz", "%"] {
        for path in [
            format!("/tracks/{odd}"),
            format!("/tracks/{odd}/participants/new"),
            format!("/tracks/{odd}/move?card={}", scene.card),
            format!("/tracks/introlop/move?card={odd}"),
            format!("/participants/{odd}"),
            format!("/participants/{odd}/edit"),
            format!("/tasks/{odd}"),
            format!("/{odd}"),
        ] {
            let answer = scene.site.get(&path).by("inn").send().await;
            assert_eq!(answer.status, 404, "{path}");
            let (heading, _) = explain(Texts::Nb, &AppError::NotFound);
            assert!(answer.html().text.contains(&heading), "{path}");
        }
        for query in ["show", "done", "next", odd] {
            let path = format!("/participants/{}?{query}={odd}", scene.participant);
            assert_eq!(scene.site.get(&path).by("inn").send().await.status, 200, "{path}");
        }
    }
}

async fn control_characters_do_not_get_into_texts(test: TestStore) {
    let scene = Scene::with(test).await;
    let odd = "Før\0\u{1}\u{1b}[31m\u{7f}\u{202e}etter";
    // A name of a template, a track or a view is taken once.
    let left_out = [
        "/api/board/move-card",
        "/api/task-templates/add",
        "/api/tracks/add",
        "/api/tracks/add-from-file",
        "/api/views/change",
    ];
    for row in functions(&scene).await.into_iter().filter(|row| !left_out.contains(&row.path)) {
        for field in row.fields.iter().filter(|field| field.kind.takes_any_words()) {
            let what = format!("{} {}", row.path, field.name);
            let body = row.body_with(field.name, odd);
            let answer = scene.site.post(row.path, body).by(row.by).send().await;
            // A second change comes too late; then nothing is kept.
            assert!([200, 409].contains(&answer.status), "{what}: {}", answer.status);
        }
    }
    let contents = scene.site.test.contents().await;
    let tables = ["participants", "notes", "tasks", "task_templates"];
    for table in tables {
        assert!(contents.holds(table, "Før"), "{table}");
    }
    for table in tables.into_iter().chain(["events", "note_versions"]) {
        for escape in ["\\0", "\\u{1}", "\\u{1b}", "\\u{7f}", "\\u{202e}"] {
            assert!(!contents.holds(table, escape), "{table} holds {escape}");
        }
    }
}

async fn the_greatest_and_the_smallest_version_are_versions_that_nobody_saw(test: TestStore) {
    let scene = Scene::with(test).await;
    let before = scene.site.test.contents().await;
    for row in functions(&scene).await {
        for field in row.fields.iter().filter(|field| field.kind == Kind::Version) {
            let others = ["2147483647", "-2147483648", "0", "-1", "2"];
            for version in others.into_iter().filter(|version| *version != field.value) {
                let body = row.body_with(field.name, version);
                let answer = scene.site.post(row.path, body.clone()).by(row.by).send().await;
                assert_eq!(answer.status, 409, "{} {version}", row.path);
                let page = scene.site.post(row.path, body).by(row.by).plain(&row.page).send().await;
                check_page(&page, &answer.error(), Locale::Nb, &format!("{} {version}", row.path));
            }
        }
    }
    scene.check_nothing_changed_since(&before, "all of this").await;
}

#[tokio::test]
async fn a_form_of_300_kb_is_too_large() {
    let scene = Scene::new().await;
    let before = scene.site.test.contents().await;
    let body = format!("form[text]={}", "a".repeat(300 * 1_024));
    for row in functions(&scene).await {
        let what = format!("{} with 300 kB", row.path);
        let error = refusal(&scene, &row, body.clone(), &[413], &what).await;
        assert_eq!(error, AppError::TooLarge);
        page_again(&scene, &row, body.clone(), &error, Locale::Nb, &what).await;
    }
    scene.check_nothing_changed_since(&before, "all of this").await;
    assert!(scene.site.all_are_logged_in().await);
}

#[tokio::test]
async fn the_longest_note_fits_whatever_it_is_written_in() {
    let scene = Scene::new().await;
    let rows = functions(&scene).await;
    let row = rows.iter().find(|row| row.path == "/api/notes/save").unwrap();
    let longest = "🙂".repeat(10_000);
    let answer = scene.site.post(row.path, row.body_with("text", &longest)).by(row.by).plain(&row.page).send().await;
    assert_eq!(answer.status, 303);
    let page = scene.site.get(&row.page).by("inn").send().await;
    assert!(page.text().contains(&longest));
}

#[tokio::test]
async fn an_unknown_server_function_is_not_found() {
    let scene = Scene::new().await;
    for path in ["/api/nothing", "/api/login/", "/api/%00", "/api/notes%2Fsave"] {
        assert_eq!(scene.site.post(path, "").by("inn").send().await.status, 404, "{path}");
    }
    let page = scene.site.post("/api/nothing", "").by("inn").plain("/tracks").send().await;
    check_page(&page, &AppError::NotFound, Locale::Nb, "/api/nothing");
}

/// What a field does not take, and the statuses that say so.
fn spoilt(field: &Field) -> Vec<(String, &'static [u16])> {
    const INVALID: &[u16] = &[422];
    const UNREADABLE: &[u16] = &[400];
    const NOT_THERE: &[u16] = &[404];
    let endless = "a ".repeat(5_001);
    let own = |text: &str, expected| (text.to_owned(), expected);
    let mut cases = match field.kind {
        Kind::Id => vec![own(UNKNOWN, NOT_THERE), own("", UNREADABLE), own(IDENTITY_NUMBER, UNREADABLE)],
        Kind::Undoable => vec![
            (format!("note_{UNKNOWN}"), NOT_THERE),
            own("", UNREADABLE),
            own("note_x", UNREADABLE),
            own(UNKNOWN, UNREADABLE),
            own(IDENTITY_NUMBER, UNREADABLE),
        ],
        Kind::Mention | Kind::MayMention => vec![own("x", UNREADABLE)],
        Kind::Slug => vec![own("finnes-ikke", NOT_THERE), own("", NOT_THERE), own("\0", NOT_THERE)],
        Kind::Version => ["", "x", "1.5", "1e3", "99999999999999999999", "\0"].map(|text| own(text, UNREADABLE)).into(),
        Kind::Chosen => ["", "x", "1.5", "99999999999999999999", "\0"].map(|text| own(text, UNREADABLE)).into(),
        Kind::YesNo => ["", "x", "ja", "\0"].map(|text| own(text, UNREADABLE)).into(),
        Kind::MustChoose | Kind::MayChoose => {
            ["x", "\0", UNKNOWN, IDENTITY_NUMBER].map(|text| own(text, INVALID)).into()
        }
        Kind::MustPick | Kind::MayPick => ["x", "\0", "Other", IDENTITY_NUMBER].map(|text| own(text, INVALID)).into(),
        Kind::MustDate | Kind::MayDate => {
            let dates = ["x", "31.02.2026", "2026-13-01", "1026-01-01", "99999-01-01", "-1", "0", "9999999999", "\0"];
            dates.map(|text| own(text, INVALID)).into()
        }
        Kind::Email => {
            let no_addresses = ["x", "a@b", "a\r\nBcc: b@example.no", "a@example.no\0", IDENTITY_NUMBER];
            let mut cases: Vec<_> = no_addresses.map(|text| own(text, INVALID)).into();
            cases.push((format!("{IDENTITY_NUMBER}@example.no"), INVALID));
            cases
        }
        Kind::Phone => ["ring meg", "123", IDENTITY_NUMBER, "<script>"].map(|text| own(text, INVALID)).into(),
        Kind::MustWrite | Kind::MayWrite => {
            vec![own(IDENTITY_NUMBER, INVALID), (format!("Fnr {IDENTITY_NUMBER}."), INVALID)]
        }
        Kind::File => ["", " \r\n", "x", "\0", "<html>", IDENTITY_NUMBER].map(|text| own(text, INVALID)).into(),
        Kind::Back => return Vec::new(),
    };
    if matches!(field.kind, Kind::MustWrite | Kind::MustDate | Kind::MustChoose | Kind::MustPick) {
        cases.push((String::new(), INVALID));
    }
    if field.kind == Kind::MustWrite {
        cases.push((" \u{200b}\r\n\0 ".to_owned(), INVALID));
    }
    let when_endless: &[u16] = match field.kind {
        Kind::Id | Kind::Undoable | Kind::Mention | Kind::MayMention | Kind::Version | Kind::Chosen | Kind::YesNo => {
            UNREADABLE
        }
        Kind::Slug => NOT_THERE,
        _ => INVALID,
    };
    cases.push((endless, when_endless));
    cases
}

/// The statuses of a form without a field, unless that is as good as empty.
fn when_missing(kind: Kind) -> Option<&'static [u16]> {
    match kind {
        Kind::Id | Kind::Undoable | Kind::Mention | Kind::Version | Kind::YesNo | Kind::Slug => Some(&[400]),
        Kind::MustChoose | Kind::MustPick | Kind::MustDate | Kind::MustWrite | Kind::File | Kind::Chosen => {
            Some(&[422])
        }
        _ => None,
    }
}

/// The error that the browser's library gets.
async fn refusal(scene: &Scene, row: &Function, body: String, expected: &[u16], what: &str) -> AppError {
    let answer = scene.site.post(row.path, body).by(row.by).send().await;
    assert!(expected.contains(&answer.status), "{what}: {} {}", answer.status, answer.text());
    answer.error()
}

/// The page that a plain form gets.
async fn page_again(
    scene: &Scene,
    row: &Function,
    body: String,
    error: &AppError,
    locale: Locale,
    what: &str,
) -> Answer {
    let answer = scene.site.post(row.path, body).by(row.by).plain(&row.page).send().await;
    check_page(&answer, error, locale, what);
    answer
}

/// Checks that a page says what is wrong, in this language.
fn check_page(answer: &Answer, error: &AppError, locale: Locale, what: &str) {
    assert_eq!(answer.status, error.status(), "{what}");
    let html = answer.html();
    assert_eq!(html.language(), locale.tag(), "{what}");
    let texts = Texts::from(locale);
    let sentences = match error {
        AppError::Invalid(errors) => errors.iter().map(|each| problem(texts, &each.problem)).collect(),
        _ => Vec::from(<[String; 2]>::from(explain(texts, error))),
    };
    for sentence in sentences {
        assert!(html.text.contains(&sentence), "{what}: {sentence}");
    }
}

/// Checks that what was typed stands in its form, and in no other.
fn check_that_texts_are_kept(page: &Answer, row: &Function, spoilt: &Field, value: &str, what: &str) {
    let html = page.html();
    for field in &row.fields {
        let takes_any = !matches!(field.kind, Kind::MustChoose | Kind::MayChoose | Kind::MustPick | Kind::MayPick);
        let typed = match field.name == spoilt.name {
            true if takes_any && !value.is_empty() => value,
            false if field.kind.takes_any_words() => TYPED,
            _ => continue,
        };
        let name = format!("form[{}]", field.name);
        let count = html.typed(&name).filter(|held| *held == typed).count();
        assert_eq!(count, 1, "{what}: {name} should hold {typed:?} once: {:?}", html.typed(&name).collect::<Vec<_>>());
    }
}
