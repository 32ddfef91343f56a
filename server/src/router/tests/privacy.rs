//! Nothing about people where operators look: figures, health, log.

use std::io::Write;
use std::sync::{Arc, Mutex};

use metrics_exporter_prometheus::PrometheusBuilder;
use store::testing::{Engine, PASSWORD, TestStore};
use tracing_subscriber::EnvFilter;

use super::functions::functions;
use super::pages::pages;
use super::scene::{ITEM, NAME, NOTE, Scene, TASK};
use super::site::{PUBLIC_URL, Site};

/// Everything that a whole day of work holds about people.
const SECRETS: [&str; 15] = [
    NAME,
    "Solstr",
    "Omar",
    NOTE,
    TASK,
    ITEM,
    "samtale",
    "praksisplass",
    "lina@example.org",
    "@example.no",
    "900 00 001",
    "slekt",
    "Prøve",
    "D-",
    PASSWORD,
];

#[tokio::test]
async fn figures_tell_how_much_is_done_but_nothing_about_anybody() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let _here = metrics::set_default_local_recorder(&recorder);
    let test = TestStore::new(Engine::Sqlite).await;
    let scene = Scene::on(Site::measured(test, recorder.handle(), PUBLIC_URL).await).await;
    work(&scene).await;
    let answer = scene.site.get("/metrics").send().await;
    assert_eq!(answer.status, 200);
    for figure in [
        "samlop_http_requests_total{status=\"200\"}",
        "samlop_http_requests_total{status=\"422\"}",
        "samlop_http_request_seconds_count",
        "samlop_mails{state=\"failed\"}",
        "samlop_mails{state=\"queued\"}",
        "samlop_mail_oldest_waiting_seconds",
    ] {
        assert!(answer.text().contains(figure), "{figure} is missing in {}", answer.text());
    }
    let participant = scene.participant.to_string();
    for secret in SECRETS.into_iter().chain([participant.as_str(), "introlop", "/participants", "192.0.2"]) {
        assert!(!answer.text().contains(secret), "/metrics tells {secret}");
    }
}

#[tokio::test]
async fn the_log_of_a_whole_days_work_names_nobody() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        // Far more than `logging.rs` lets through.
        .with_env_filter(EnvFilter::new("debug"))
        .with_writer(move || writer.clone())
        .finish();
    // While there is only one, `tracing` lets the thread that first comes to a line decide whether anybody
    // wants it; that may be another test's.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let _here = tracing::subscriber::set_default(subscriber);
    let scene = Scene::new().await;
    let calendar = work(&scene).await;
    tracing::info!("the end of the day");
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("system door") && log.contains("the end of the day"));
    let session = scene.site.token("inn");
    for secret in SECRETS.into_iter().chain([session, &calendar]) {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "the log tells {secret}");
    }
}

#[tokio::test]
async fn health_and_readiness_say_only_that() {
    let site = Site::new().await;
    for path in ["/healthz", "/readyz"] {
        let answer = site.get(path).send().await;
        assert_eq!((answer.status, answer.text()), (200, "ok\n"), "{path}");
    }
}

#[tokio::test]
async fn a_database_that_is_gone_is_told_as_such_and_the_process_is_still_alive() {
    let site = Site::new().await;
    site.test.store.clone().close().await.unwrap();
    assert_eq!(site.get("/healthz").send().await.status, 200);
    let answer = site.get("/readyz").send_to_broken().await;
    assert_eq!((answer.status, answer.text()), (503, "the database does not answer\n"));
    assert_eq!(site.get("/metrics").send().await.status, 200);
    let answer = site.get("/tracks").by("inn").header("accept-language", "en").send_to_broken().await;
    assert_eq!(answer.status, 500);
    assert!(answer.text().starts_with(app::texts::Texts::En.error_internal_heading()), "{}", answer.text());
    assert!(!answer.text().to_lowercase().contains("sql") && !answer.text().contains("pool"), "{}", answer.text());
}

/// Every function is called well and badly, every page is opened, a calendar is read and taken away.
/// Says at which secret address.
async fn work(scene: &Scene) -> String {
    let leader = scene.site.test.person("leder").await;
    let secret = leader.make_calendar_address().await.unwrap().as_str().to_owned();
    assert_eq!(scene.site.get(&format!("/calendar/{secret}.ics")).send().await.status, 200);
    leader.remove_calendar_address().await.unwrap();
    assert_eq!(scene.site.get(&format!("/calendar/{secret}.ics")).send().await.status, 404);
    let wrong = serde_urlencoded::to_string([("form[email]", "inn@example.no"), ("form[password]", "wrong")]).unwrap();
    scene.site.post("/api/login", wrong).plain("/login").send().await;
    for row in functions(scene).await {
        for (_, path, _) in pages(scene) {
            if row.path.ends_with("save") || row.path.ends_with("everywhere") {
                scene.site.get(&path).by("leder").send().await;
            }
        }
        let bad = row.with_words("13897240054").body();
        scene.site.post(row.path, bad.clone()).by(row.by).send().await;
        scene.site.post(row.path, row.body()).by(row.by).plain(&row.page).send().await;
        scene.site.post(row.path, row.body()).by("stranger").send().await;
    }
    secret
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(line)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
