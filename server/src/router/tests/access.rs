//! Who is not logged in or has no business with something changes nothing, and learns nothing.

use shared::error::AppError;
use store::testing::TestStore;

use super::functions::{Function, Kind, functions};
use super::scene::Scene;

store::on_both_databases![
    without_a_login_every_function_answers_401_and_changes_nothing,
    another_organisation_gets_403_or_404_from_every_function_and_changes_nothing,
];

async fn without_a_login_every_function_answers_401_and_changes_nothing(test: TestStore) {
    let scene = Scene::with(test).await;
    let before = scene.site.test.contents().await;
    for row in functions(&scene).await {
        for cookie in ["", "samlop_session=", "samlop_session=0123456789abcdef", "samlop_session=%00; x"] {
            let call = || scene.site.post(row.path, row.body()).header("cookie", cookie);
            let answer = call().send().await;
            assert_eq!((answer.status, answer.error()), (401, AppError::SignedOut), "{} {cookie}", row.path);
            let answer = call().plain(&row.page).send().await;
            let next = serde_urlencoded::to_string([("next", &row.page)]).unwrap();
            assert_eq!(answer.status, 303, "{} {cookie}", row.path);
            assert_eq!(answer.header("location"), format!("/login?{next}"), "{} {cookie}", row.path);
        }
    }
    assert_eq!(scene.site.test.contents().await, before);
    assert!(scene.site.all_are_logged_in().await);
}

async fn another_organisation_gets_403_or_404_from_every_function_and_changes_nothing(test: TestStore) {
    let scene = Scene::with(test).await;
    let before = scene.site.test.contents().await;
    let mut asked = 0;
    for row in functions(&scene).await.into_iter().filter(Function::is_about_something) {
        // The other NAV office takes part in the track, but does not follow this participant.
        let is_about_track = row.fields.iter().any(|field| field.kind == Kind::Slug);
        let others = ["stranger", "nav-stranger", "admin", "nav-west"];
        for name in others.into_iter().filter(|name| *name != row.by && !(is_about_track && *name == "nav-west")) {
            let call = || scene.site.post(row.path, row.body()).by(name);
            let answer = call().send().await;
            let error = answer.error();
            assert!(matches!(error, AppError::NotFound | AppError::Forbidden), "{} by {name}: {error}", row.path);
            assert_eq!(answer.status, error.status(), "{} by {name}", row.path);
            let page = call().plain("/tracks").send().await;
            assert_eq!(page.status, error.status(), "{} by {name}", row.path);

            for field in row.fields.iter().filter(|field| matches!(field.kind, Kind::Id | Kind::Slug)) {
                let unknown = row.body_with(field.name, "01990000-0000-7000-8000-000000000000");
                let answer = scene.site.post(row.path, unknown).by(name).send().await;
                assert_eq!(answer.error(), error, "{} by {name} tells that {} exists", row.path, field.name);
            }
            asked += 1;
        }
    }
    assert!(asked > 40, "{asked}");
    assert_eq!(scene.site.test.contents().await, before);
}

#[tokio::test]
async fn only_an_administrator_has_to_do_with_mails() {
    let scene = Scene::new().await;
    let before = scene.site.test.contents().await;
    for row in functions(&scene).await.into_iter().filter(|row| row.by == "admin") {
        for name in ["inn", "leder", "nav", "stranger"] {
            let answer = scene.site.post(row.path, row.body()).by(name).send().await;
            assert_eq!((answer.status, answer.error()), (403, AppError::Forbidden), "{} by {name}", row.path);
        }
    }
    assert_eq!(scene.site.test.contents().await, before);
}

#[tokio::test]
async fn a_note_is_changed_by_nobody_but_its_author() {
    let scene = Scene::new().await;
    let before = scene.site.test.contents().await;
    let rows = functions(&scene).await;
    let row = rows.iter().find(|row| row.path == "/api/notes/edit").unwrap();
    for name in ["inn2", "leder", "nav"] {
        let answer = scene.site.post(row.path, row.body()).by(name).send().await;
        assert_eq!((answer.status, answer.error()), (403, AppError::Forbidden), "{name}");
    }
    assert_eq!(scene.site.test.contents().await, before);
}

#[tokio::test]
async fn an_ended_session_and_a_closed_account_are_out_at_once() {
    let scene = Scene::new().await;
    let page = format!("/participants/{}", scene.participant);
    let rows = functions(&scene).await;
    assert_eq!(scene.site.post("/api/account/log-out", "").by("inn").plain("/tracks").send().await.status, 303);
    assert_eq!(scene.site.get(&page).by("inn").send().await.status, 303);
    scene.site.test.deactivate("nav").await;
    assert_eq!(scene.site.get(&page).by("nav").send().await.status, 303);
    let before = scene.site.test.contents().await;
    for row in rows.into_iter().filter(|row| ["inn", "nav"].contains(&row.by)) {
        assert_eq!(scene.site.post(row.path, row.body()).by(row.by).send().await.status, 401, "{}", row.path);
    }
    assert_eq!(scene.site.test.contents().await, before);
}
