//! The files that pages link to, embedded in the program. Their names change with their content, so
//! browsers may keep them for ever.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context;
use app::visit::Assets;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use leptos::config::get_config_from_str;
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "../target/site"]
struct Site;

/// What `cargo xtask` says about the files that it built.
#[derive(serde::Deserialize)]
struct Manifest {
    output_name: Arc<str>,
    css: Arc<str>,
    files: HashMap<String, String>,
}

/// Reads the names of the embedded files.
pub(crate) fn load() -> anyhow::Result<Assets> {
    let manifest =
        Site::get("manifest.json").context("The program was built without its assets: use `cargo xtask build`.")?;
    let manifest: Manifest = serde_json::from_slice(&manifest.data).context("The embedded manifest can't be read.")?;
    let settings = get_config_from_str(include_str!("../../Leptos.toml")).context("Leptos.toml can't be read.")?;
    let package = format!("/{}/{}", settings.site_pkg_dir, manifest.output_name);
    let file = |name: &str| manifest.files.get(name).map(String::as_str).unwrap_or_default().into();
    Ok(Assets {
        start: file("start.js"),
        library: format!("{package}.js").into(),
        wasm: format!("{package}_bg.wasm").into(),
        css: manifest.css.clone(),
        icon: file("icon.svg"),
        fonts: ["400", "500", "600"].map(|weight| file(&format!("inter-latin-{weight}-normal.woff2"))),
        find_key: file("find_key.js"),
        line: file("line.js"),
        track_file: file("track_file.js"),
    })
}

/// Answers with a file, compressed as the browser likes it best.
pub(crate) async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let variants = [("br", "br"), ("gzip", "gz")];
    let compressed = variants
        .into_iter()
        .filter(|(encoding, _)| accepts(accepted, encoding))
        .find_map(|(encoding, ending)| Some((Site::get(&format!("pkg/{name}.{ending}"))?, Some(encoding))));
    let Some((file, encoding)) = compressed.or_else(|| Some((Site::get(&format!("pkg/{name}"))?, None))) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = mime_guess::from_path(&name).first_or_octet_stream();
    let mut response = file.data.into_response();
    let headers = response.headers_mut();
    if let Ok(kind) = kind.as_ref().parse() {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, header::HeaderValue::from_static(encoding));
    }
    headers.insert(header::VARY, header::HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("public, max-age=31536000, immutable"));
    response
}

/// Whether an `Accept-Encoding` header takes an encoding; a weight of zero means that it does not (RFC 9110,
/// section 12.5.3).
fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|each| {
        let (name, weight) = each.split_once(';').unwrap_or((each, ""));
        let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
        name.trim() == encoding && weight.trim().parse::<f32>().is_ok_and(|weight| weight > 0.0)
    })
}
