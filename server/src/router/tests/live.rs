//! Streams of news for boards that are open.

use std::time::Duration;

use axum::body::BodyDataStream;
use futures::StreamExt;
use shared::board::MoveForm;
use shared::error::AppError;
use shared::live::BoardNews;
use tokio::time::timeout;

use super::scene::{NAME, Scene};

/// Only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_stream_tells_what_has_happened_since_the_page_and_what_happens_then() {
    let scene = Scene::new().await;
    let inn = scene.site.test.person("inn").await;
    let as_of = inn.board("introlop").await.unwrap().as_of;
    let moves = |version, to: usize| MoveForm {
        enrolment: Some(scene.card),
        version,
        to: Some(scene.phases[to]),
        ..MoveForm::default()
    };
    scene.site.test.clock.advance(chrono::TimeDelta::minutes(1));
    inn.move_card(&moves(1, 1)).await.unwrap();
    let mut stream = open(&scene, "leder", as_of).await;
    for (version, phase) in [(2, 1), (3, 0)] {
        if version == 3 {
            inn.move_card(&moves(2, 0)).await.unwrap();
        }
        let news: BoardNews = serde_json::from_str(&next(&mut stream, "news").await).unwrap();
        let card = news.cards.iter().find(|card| card.id == scene.card).unwrap();
        assert_eq!(card.phase, scene.phases[phase]);
        assert!(
            card.html.contains(NAME) && card.html.contains(&format!("data-version=\"{version}\"")),
            "{}",
            card.html
        );
    }
}

#[tokio::test]
async fn a_stream_ends_when_its_person_logs_out_is_deactivated_or_becomes_another() {
    for change in ["logs out", "is deactivated", "gets another role"] {
        let scene = Scene::new().await;
        let test = &scene.site.test;
        let as_of = test.person("inn").await.board("introlop").await.unwrap().as_of;
        test.clock.advance(chrono::TimeDelta::minutes(1));
        let mut stream = open(&scene, "nav", as_of).await;
        match change {
            "logs out" => test.person("nav").await.log_out(scene.site.token("nav")).await.unwrap(),
            "is deactivated" => test.deactivate("nav").await,
            _ => test.execute("UPDATE users SET role = 'leader' WHERE email = 'nav@example.no'").await,
        }
        next(&mut stream, "ended").await;
        assert!(timeout(PATIENCE, stream.next()).await.unwrap().is_none(), "{change}");
    }
}

#[tokio::test]
async fn a_stream_of_anothers_track_or_without_a_login_or_a_number_is_refused() {
    let scene = Scene::new().await;
    let site = &scene.site;
    let answer = site.get("/live/introlop?since=0&version=1").send().await;
    assert_eq!((answer.status, answer.error()), (401, AppError::SignedOut));
    for (name, path) in [
        ("stranger", "/live/introlop?since=0&version=1"),
        ("admin", "/live/introlop?since=0&version=1"),
        ("inn", "/live/no?since=0&version=1"),
    ] {
        let answer = site.get(path).by(name).send().await;
        assert_eq!((answer.status, answer.error()), (404, AppError::NotFound), "{name} {path}");
    }
    for forged in ["", "?since=", "?since=x", "?since=1e3", "?since=99999999999999999999"] {
        assert_eq!(site.get(&format!("/live/introlop{forged}")).by("inn").send().await.status, 400, "{forged}");
    }
    // A number that was never given is answered with the whole board.
    next(&mut open(&scene, "inn", i64::MAX).await, "everything").await;
    next(&mut open(&scene, "inn", -1).await, "everything").await;
}

#[tokio::test]
async fn no_more_streams_are_opened_than_there_is_room_for() {
    let scene = Scene::new().await;
    let one = open(&scene, "inn", 0).await;
    let _other = open(&scene, "leder", 0).await;
    let third = || scene.site.get("/live/introlop?since=0&version=1").by("inn");
    assert_eq!(third().send_to_broken().await.status, 503);
    drop(one);
    drop(open(&scene, "inn", 0).await);
}

async fn open(scene: &Scene, name: &str, since: i64) -> BodyDataStream {
    scene.site.get(&format!("/live/introlop?since={since}&version=1")).by(name).stream().await
}

/// The data of the next event, which must have this name.
async fn next(stream: &mut BodyDataStream, name: &str) -> String {
    loop {
        let piece = timeout(PATIENCE, stream.next()).await.expect("no news").expect("an open stream").unwrap();
        let event = std::str::from_utf8(&piece).unwrap();
        let field =
            |field: &str| event.lines().find_map(|line| line.strip_prefix(field).map(str::trim).map(str::to_owned));
        if let Some(data) = field("data:") {
            assert_eq!(field("event:").as_deref(), Some(name), "{event}");
            return data;
        }
    }
}
