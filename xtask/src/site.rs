//! The files that browsers fetch, put together in `target/site` for the server to embed.
//!
//! Every name carries a hash of the content, so that a browser may keep a file for ever.
//! `manifest.json` tells the server the names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::build::Kind;
use crate::settings::Settings;
use crate::wasm::Library;
use crate::{compress, progress, style, workspace};

const MANIFEST: &str = "manifest.json";
/// Images and the like, which are served as they are.
const PUBLIC: &str = "app/public";

/// What the server reads at start.
#[derive(Default, Serialize)]
struct Manifest {
    /// What Leptos must call the library: `samlop.ab12cd34` for `samlop.ab12cd34.js` and
    /// `samlop.ab12cd34_bg.wasm`.
    output_name: String,
    /// The address of the stylesheet.
    css: String,
    /// The addresses of all other files, by the name they had in the repository.
    files: BTreeMap<String, String>,
}

/// Makes the site's folder with an empty manifest, so that the server compiles before any build.
pub(crate) fn ensure_folder() -> Result<()> {
    let root = workspace::root().join(Settings::read()?.site_root);
    let manifest = root.join(MANIFEST);
    if !manifest.exists() {
        fs::create_dir_all(&root)?;
        fs::write(manifest, serde_json::to_string_pretty(&Manifest::default())?)?;
    }
    Ok(())
}

/// Puts the site together and returns how large the library is, raw and with brotli.
pub(crate) fn assemble(library: Library, kind: Kind) -> Result<(u64, u64)> {
    let settings = Settings::read()?;
    let root = workspace::root().join(&settings.site_root);
    let package = settings.site_pkg_dir;
    let address = |name: &str| format!("/{package}/{name}");

    // One hash for both, because Leptos knows one name for both.
    let hash = hash(&[&library.script, &library.wasm]);
    let output_name = format!("{}.{hash}", settings.output_name);
    let wasm_name = format!("{output_name}_bg.wasm");
    let raw_size = library.wasm.len() as u64;

    let mut files = BTreeMap::new();
    files.insert(format!("{output_name}.js"), library.script);
    files.insert(wasm_name.clone(), library.wasm);

    let mut manifest = Manifest { output_name, ..Manifest::default() };
    let mut others = style::fonts()?;
    others.append(&mut public_files()?);
    others.insert("licences.txt".to_owned(), style::licences()?.into_bytes());
    for (name, content) in others {
        let hashed = hashed_name(&name, &content);
        manifest.files.insert(name, address(&hashed));
        files.insert(hashed, content);
    }

    let css = style::bundle(|font| {
        manifest.files.get(font).cloned().with_context(|| format!("The font {font} is missing."))
    })?;
    let css_name = hashed_name(&format!("{}.css", settings.output_name), css.as_bytes());
    manifest.css = address(&css_name);
    files.insert(css_name, css.into_bytes());

    let folder = root.join(&package);
    write_unless_unchanged(&root, &folder, &manifest, files, kind)?;
    let small_size = fs::metadata(folder.join(format!("{wasm_name}.br")))?.len();
    Ok((raw_size, small_size))
}

/// A short hash of some contents, fit for a file's name.
pub(crate) fn hash(contents: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for content in contents {
        hasher.update(content);
    }
    let mut name = format!("{:x}", hasher.finalize());
    name.truncate(12);
    name
}

/// `icon.svg` becomes `icon.<hash>.svg`.
fn hashed_name(name: &str, content: &[u8]) -> String {
    let hash = hash(&[content]);
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{name}.{hash}"),
    }
}

fn public_files() -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    if Path::new(PUBLIC).is_dir() {
        for entry in fs::read_dir(PUBLIC)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                files.insert(entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())?);
            }
        }
    }
    Ok(files)
}

fn write_unless_unchanged(
    root: &Path,
    folder: &Path,
    manifest: &Manifest,
    files: BTreeMap<String, Vec<u8>>,
    kind: Kind,
) -> Result<()> {
    let manifest = serde_json::to_string_pretty(manifest)?;
    // The names in the manifest carry the hash of every file, so it says all that there is to know.
    let written = workspace::memory().join("site");
    let fingerprint = format!("{kind:?} {manifest}");
    if fs::read_to_string(&written).is_ok_and(|last| last == fingerprint)
        && fs::read_to_string(root.join(MANIFEST)).is_ok_and(|last| last == manifest)
        && files.keys().all(|name| folder.join(name).is_file())
    {
        return Ok(());
    }
    progress::step("Compressing what the browser fetches", || {
        fs::create_dir_all(folder)?;
        let mut kept = BTreeSet::new();
        for (name, content) in files {
            if is_compressible(&name) {
                let path = folder.join(format!("{name}.br"));
                kept.insert(write_if_changed(path, &compress::brotli(&content, kind)?)?);
                let path = folder.join(format!("{name}.gz"));
                kept.insert(write_if_changed(path, &compress::gzip(&content, kind)?)?);
            }
            kept.insert(write_if_changed(folder.join(name), &content)?);
        }
        remove_all_but(folder, &kept)?;
        write_if_changed(root.join(MANIFEST), manifest.as_bytes())?;
        fs::create_dir_all(workspace::memory())?;
        fs::write(written, fingerprint)?;
        Ok(())
    })
}

fn is_compressible(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| {
        ["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest"].iter().any(|known| extension == *known)
    })
}

/// Leaves an equal file alone, so that cargo does not see a change where there is none.
fn write_if_changed(path: PathBuf, content: &[u8]) -> Result<PathBuf> {
    if !fs::read(&path).is_ok_and(|old| old == content) {
        fs::write(&path, content).with_context(|| format!("{} cannot be written.", path.display()))?;
    }
    Ok(path)
}

fn remove_all_but(folder: &Path, kept: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() && !kept.contains(&path) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_carries_the_hash_before_its_extension() {
        assert_eq!(hashed_name("icon.svg", b"a"), "icon.ca978112ca1b.svg");
        assert_eq!(hashed_name("a.b.css", b"a"), "a.b.ca978112ca1b.css");
        assert_eq!(hashed_name("robots", b"a"), "robots.ca978112ca1b");
    }

    #[test]
    fn another_content_is_another_hash() {
        assert_eq!(hash(&[b"ab"]), hash(&[b"a", b"b"]));
        assert_ne!(hash(&[b"ab"]), hash(&[b"ba"]));
    }

    #[test]
    fn fonts_are_compressed_already() {
        assert!(is_compressible("samlop.1.css"));
        assert!(!is_compressible("inter.1.woff2"));
    }
}
