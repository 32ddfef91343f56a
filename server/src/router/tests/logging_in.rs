//! Logging in and out, as a browser sees it.

use app::texts::Texts;
use app::visit::SESSION_COOKIE;
use metrics_exporter_prometheus::PrometheusBuilder;
use shared::error::AppError;
use store::testing::{Engine, PASSWORD, TestStore};

use super::site::{Answer, PROXY, Site};

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_get_the_same_page() {
    let site = Site::new().await;
    site.test.deactivate("inn2").await;
    let mut seen = Vec::new();
    for email in ["inn@example.no", "inn2@example.no", "nobody@example.no"] {
        let answer = log_in(&site, email, "a wrong password", "192.0.2.1").await;
        assert_eq!(answer.status, 401);
        assert!(answer.cookie(SESSION_COOKIE).is_none());
        let html = answer.html();
        assert!(html.text.contains(Texts::Nb.error_wrong_login_text()), "{}", html.text);
        assert_eq!(html.typed("form[email]").collect::<Vec<_>>(), [email], "the address needs no typing again");
        assert_eq!(html.typed("form[password]").collect::<Vec<_>>(), [""]);
        assert!(!answer.text().contains("a wrong password"));
        let headers: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        seen.push((headers, answer.lasting_text().replace(email, "address")));
        let answer = site.post("/api/login", body(email, "a wrong password")).send().await;
        assert_eq!((answer.status, answer.error()), (401, AppError::WrongLogin));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
}

#[tokio::test]
async fn after_five_wrong_guesses_one_is_told_how_long_to_wait_and_others_are_not_hit() {
    let site = Site::new().await;
    for email in ["inn@example.no", "nobody@example.no"] {
        for _ in 0..5 {
            assert_eq!(log_in(&site, email, "a wrong password", "192.0.2.1").await.status, 401);
        }
        let answer = log_in(&site, email, PASSWORD, "192.0.2.1").await;
        assert_eq!(answer.status, 429);
        assert!(answer.html().text.contains(&Texts::Nb.error_too_many_text("15")), "{}", answer.html().text);
        assert!(answer.cookie(SESSION_COOKIE).is_none());
        let answer = site.post("/api/login", body(email, PASSWORD)).from("192.0.2.1").send().await;
        assert_eq!(answer.error(), AppError::TooManyAttempts { minutes: 15 });
    }
    assert_eq!(log_in(&site, "inn@example.no", PASSWORD, "192.0.2.2").await.status, 303);
    assert_eq!(log_in(&site, "nav@example.no", PASSWORD, "192.0.2.1").await.status, 303);
}

#[tokio::test]
async fn guesses_are_counted_where_a_trusted_proxy_says_they_come_from_and_nobody_else_is_believed() {
    let site = Site::new().await;
    let guess = async |peer: &str, forwarded: &str, password: &str| {
        let call = site.post("/api/login", body("inn@example.no", password)).from(peer);
        call.header("x-forwarded-for", forwarded).send().await.status
    };
    for turn in 0..5 {
        let invented = format!("203.0.113.{turn}, 198.51.100.7");
        assert_eq!(guess(PROXY, &invented, "a wrong password").await, 401);
        assert_eq!(guess("192.0.2.9", &format!("203.0.113.{turn}"), "a wrong password").await, 401);
    }
    assert_eq!(guess(PROXY, "198.51.100.7", PASSWORD).await, 429);
    assert_eq!(guess(&format!("::ffff:{PROXY}"), "198.51.100.7", PASSWORD).await, 429);
    assert_eq!(guess("192.0.2.9", "198.51.100.8", PASSWORD).await, 429);
    assert_eq!(guess(PROXY, "198.51.100.8", PASSWORD).await, 200);
    assert_eq!(guess(PROXY, "rubbish", PASSWORD).await, 200);
}

#[tokio::test]
async fn each_login_gets_a_new_session_whatever_the_browser_brought() {
    let site = Site::new().await;
    let mut tokens = Vec::new();
    let brought = "0123456789abcdef".repeat(4);
    for cookie in [brought.clone(), brought.clone()] {
        let call = site.post("/api/login", body("inn@example.no", PASSWORD)).plain("/login");
        let answer = call.header("cookie", &format!("{SESSION_COOKIE}={cookie}")).send().await;
        assert_eq!((answer.status, answer.header("location")), (303, "/"));
        let (token, attributes) = answer.cookie(SESSION_COOKIE).unwrap();
        // It goes when the browser is closed.
        assert!(!attributes.contains("Max-Age") && !attributes.contains("Expires"), "{attributes}");
        tokens.push(token.to_owned());
    }
    // Somebody who is logged in logs in once more.
    let call = site.post("/api/login", body("inn@example.no", PASSWORD)).plain("/login");
    let answer = call.header("cookie", &format!("{SESSION_COOKIE}={}", tokens[1])).send().await;
    tokens.push(answer.cookie(SESSION_COOKIE).unwrap().0.to_owned());
    tokens.push(brought.clone());
    for (turn, token) in tokens.iter().enumerate() {
        assert_eq!(token.len(), 64);
        assert!(tokens[..turn].iter().all(|earlier| earlier != token));
        let opens =
            site.get("/tracks").header("cookie", &format!("{SESSION_COOKIE}={token}")).send().await.status == 200;
        assert_eq!(opens, *token != brought);
    }
}

#[tokio::test]
async fn logging_out_takes_the_session_away_here_and_on_the_server() {
    let site = Site::new().await;
    for (path, by) in [("/api/account/log-out", "inn"), ("/api/account/log-out-everywhere", "nav")] {
        let answer = site.post(path, "").by(by).plain("/tracks").send().await;
        assert_eq!((answer.status, answer.header("location")), (303, "/login"));
        let (token, attributes) = answer.cookie(SESSION_COOKIE).unwrap();
        assert!(token.is_empty() && attributes.contains("Max-Age=0"), "{attributes}");
        assert_eq!(site.get("/tracks").by(by).send().await.status, 303);
    }
    assert_eq!(site.get("/tracks").by("leder").send().await.status, 200);
}

#[tokio::test]
async fn what_cannot_be_a_login_is_refused_field_by_field() {
    let site = Site::new().await;
    let long = "a".repeat(10_001);
    for (email, password, fields) in [
        ("", "", vec!["email", "password"]),
        ("x", "", vec!["email", "password"]),
        ("inn@example.no\0", PASSWORD, vec!["email"]),
        ("inn@example.no' OR 1=1 --", PASSWORD, vec!["email"]),
        (&long, PASSWORD, vec!["email"]),
        ("inn@example.no", &long, vec!["password"]),
    ] {
        let answer = site.post("/api/login", body(email, password)).send().await;
        assert_eq!(answer.status, 422);
        let AppError::Invalid(errors) = answer.error() else { panic!("{}", answer.text()) };
        assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), fields);
        let page = log_in(&site, email, password, "192.0.2.1").await;
        assert_eq!(page.status, 422);
        assert_eq!(page.html().typed("form[email]").collect::<Vec<_>>(), [email]);
        assert!(password.is_empty() || !page.text().contains(password));
    }
    for rubbish in [&b"form[email]=%FF"[..], b"{}", b"\xff\xfe", b"form[email][x]=1&form[password]=2"] {
        let status = site.post("/api/login", rubbish).send().await.status;
        assert!([400, 422].contains(&status), "{status}");
    }
    let large = site.post("/api/login", "a".repeat(300 * 1_024)).plain("/login").send().await;
    assert_eq!(large.status, 413);
    assert!(large.html().text.contains(Texts::Nb.error_too_large_heading()));
}

#[tokio::test]
async fn cookies_travel_over_http_only_where_people_open_samlop_over_http() {
    let metrics = PrometheusBuilder::new().build_recorder().handle();
    let site = Site::measured(TestStore::new(Engine::Sqlite).await, metrics, "http://127.0.0.1:3000").await;
    let answer = log_in(&site, "inn@example.no", PASSWORD, "192.0.2.1").await;
    assert_eq!(answer.status, 303);
    for name in [SESSION_COOKIE, "samlop_locale"] {
        let (_, attributes) = answer.cookie(name).unwrap();
        assert!(attributes.contains("HttpOnly; SameSite=Lax") && !attributes.contains("Secure"), "{attributes}");
    }
}

async fn log_in(site: &Site, email: &str, password: &str, from: &str) -> Answer {
    site.post("/api/login", body(email, password)).from(from).plain("/login").send().await
}

fn body(email: &str, password: &str) -> String {
    serde_urlencoded::to_string([("form[next]", ""), ("form[email]", email), ("form[password]", password)]).unwrap()
}
