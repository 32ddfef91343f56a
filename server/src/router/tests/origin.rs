//! Only our own pages change anything.

use app::texts::Texts;
use axum::http::Method;
use leptos::server_fn::axum::server_fn_paths;
use shared::error::AppError;

use super::functions::functions;
use super::scene::Scene;
use super::site::PUBLIC_URL;

#[tokio::test]
async fn a_form_of_another_site_and_one_from_nowhere_is_refused() {
    let scene = Scene::new().await;
    let before = scene.site.test.contents().await;
    let foreign: [&[(&'static str, &str)]; 10] = [
        &[],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("sec-fetch-site", "cross-site"), ("origin", PUBLIC_URL)],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "https://samlop.example.no.evil.example")],
        &[("origin", "https://evil.example"), ("host", "samlop.example.no")],
        &[("origin", "\u{e6}")],
    ];
    let mut bodies: Vec<_> = functions(&scene).await.iter().map(|row| (row.path, row.by, row.body())).collect();
    bodies.push(("/api/login", "inn", "form[email]=inn@example.no&form[password]=x".to_owned()));
    bodies.push(("/api/account/choose-locale", "inn", "form[locale]=en".to_owned()));
    bodies.push(("/api/alerts/unsubscribe", "inn", format!("form[token]={}", scene.unsubscribe)));
    assert_eq!(bodies.len(), server_fn_paths().count());
    for (path, by, body) in &bodies {
        for headers in foreign {
            let call = || {
                let call = scene.site.post(path, body.clone()).by(by).without("sec-fetch-site");
                headers.iter().fold(call, |call, (name, value)| call.header(name, value))
            };
            let answer = call().send().await;
            assert_eq!((answer.status, answer.error()), (403, AppError::ForeignOrigin), "{path} {headers:?}");
            let answer = call().plain("/tracks").header("accept-language", "nn").send().await;
            assert_eq!(answer.status, 403, "{path} {headers:?}");
            assert!(answer.text().contains(Texts::Nn.error_foreign_heading()), "{}", answer.text());
            assert!(!answer.headers.contains_key("set-cookie"));
        }
    }
    assert_eq!(scene.site.test.contents().await, before);
    assert!(scene.site.all_are_logged_in().await);
}

#[tokio::test]
async fn a_form_of_our_own_is_taken_also_from_a_browser_that_knows_only_origin() {
    let scene = Scene::new().await;
    for headers in [
        vec![("sec-fetch-site", "same-origin")],
        vec![("origin", PUBLIC_URL)],
        vec![("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")],
    ] {
        let call = scene.site.post("/api/participants/wait-for", format!("form[participant]={}", scene.participant));
        let call = headers.iter().fold(call.without("sec-fetch-site"), |call, (name, value)| call.header(name, value));
        assert_eq!(call.by("inn").send().await.status, 200, "{headers:?}");
    }
}

#[tokio::test]
async fn nothing_but_post_reaches_a_function_and_nothing_is_posted_to_a_page() {
    let scene = Scene::new().await;
    let before = scene.site.test.contents().await;
    for row in functions(&scene).await {
        let methods = [Method::GET, Method::HEAD, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
        for method in methods {
            let path = format!("{}?{}", row.path, row.body());
            let answer = scene.site.post(&path, row.body()).by(row.by).method(method.clone()).send().await;
            assert_eq!(answer.status, 405, "{method} {}", row.path);
            let leaks = answer.headers.keys().any(|name| name.as_str().starts_with("access-control"));
            assert!(!leaks, "{method} {}", row.path);
        }
        let page = scene.site.post(&row.page, row.body()).by(row.by).send().await;
        assert_eq!(page.status, 405, "POST {}", row.page);
    }
    assert_eq!(scene.site.test.contents().await, before);
    assert!(scene.site.all_are_logged_in().await);
}
