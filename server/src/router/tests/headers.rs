//! What browsers are told. Most of it is checked for every answer (see `site.rs` and `html.rs`).

use std::collections::BTreeSet;

use super::scene::Scene;
use super::site::Site;

#[tokio::test]
async fn no_two_answers_have_the_same_nonce() {
    let scene = Scene::new().await;
    let mut policies = BTreeSet::new();
    for path in ["/login", "/tracks", "/tracks/introlop", "/nothing"] {
        for _ in 0..5 {
            let answer = scene.site.get(path).by("inn").send().await;
            policies.insert(answer.header("content-security-policy").to_owned());
        }
    }
    assert_eq!(policies.len(), 20);
}

#[tokio::test]
async fn pages_travel_compressed_if_the_browser_likes() {
    let scene = Scene::new().await;
    let plain = scene.site.get("/tracks/introlop").by("inn").send().await;
    assert_eq!(plain.header("content-encoding"), "");
    for (accepted, encoding) in [("gzip", "gzip"), ("br", "br"), ("gzip, deflate, br", "br"), ("zstd", "")] {
        let answer = scene.site.get("/tracks/introlop").by("inn").header("accept-encoding", accepted).send().await;
        assert_eq!(answer.header("content-encoding"), encoding, "{accepted}");
        assert!(encoding.is_empty() || answer.body.len() < plain.body.len() / 2, "{accepted}");
        assert!(answer.header("vary").contains("accept-encoding"), "{accepted}");
    }
}

#[tokio::test]
async fn files_are_kept_for_ever_and_come_compressed_as_the_browser_likes_best() {
    let site = Site::new().await;
    let assets = crate::assets::load().unwrap();
    // Without `cargo xtask` there are none; see `build.rs`.
    let files = [&assets.css, &assets.start, &assets.library, &assets.wasm, &assets.icon];
    for file in files.into_iter().filter(|_| !assets.css.is_empty()) {
        let plain = site.get(file).send().await;
        assert_eq!((plain.status, plain.header("content-encoding")), (200, ""), "{file}");
        let ending = file.rsplit('.').next().unwrap();
        let kind = match ending {
            "js" => "text/javascript",
            "css" => "text/css",
            "wasm" => "application/wasm",
            _ => "image/svg+xml",
        };
        assert_eq!(plain.header("content-type"), kind, "{file}");
        for (accepted, encoding) in [
            ("gzip, deflate, br, zstd", "br"),
            ("gzip", "gzip"),
            ("br;q=1.0, gzip;q=0.5", "br"),
            ("gzip, br;q=0", "gzip"),
            ("br; q=0.0, gzip;q=0", ""),
            ("deflate", ""),
            ("*", ""),
        ] {
            let answer = site.get(file).header("accept-encoding", accepted).send().await;
            assert_eq!(answer.header("content-encoding"), encoding, "{file} {accepted}");
            assert_eq!(answer.header("vary"), "accept-encoding", "{file} {accepted}");
            assert_eq!(answer.header("content-type"), kind, "{file} {accepted}");
            assert!(encoding.is_empty() || answer.body.len() < plain.body.len(), "{file} {accepted}");
        }
    }
}

#[tokio::test]
async fn a_font_is_compressed_already_and_travels_as_it_is() {
    let site = Site::new().await;
    let assets = crate::assets::load().unwrap();
    if assets.css.is_empty() {
        return; // Built without `cargo xtask`.
    }
    let style = site.get(&assets.css).send().await;
    let addresses = style.text().split("url(").skip(1).filter_map(|rest| rest.split(')').next());
    let fonts: Vec<&str> = addresses.filter(|address| address.contains("woff2")).collect();
    assert!(!fonts.is_empty());
    for font in fonts {
        let answer = site.get(font).header("accept-encoding", "gzip, deflate, br, zstd").send().await;
        assert_eq!((answer.status, answer.header("content-encoding")), (200, ""), "{font}");
        assert_eq!(answer.header("content-type"), "font/woff2");
    }
}

#[tokio::test]
async fn a_file_that_is_not_there_is_not_found_and_nothing_else_is_a_file() {
    let site = Site::new().await;
    for path in [
        "/pkg/nothing.js",
        "/pkg/manifest.json",
        "/pkg/..%2Fmanifest.json",
        "/pkg/%2e%2e%2f%2e%2e%2fCargo.toml",
        "/pkg/%2Fetc%2Fpasswd",
        "/pkg/%00",
        "/manifest.json",
    ] {
        let answer = site.get(path).send().await;
        assert_eq!(answer.status, 404, "{path}");
    }
}
