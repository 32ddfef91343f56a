//! The browser that the tests drive.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::{apt, command, npm, progress};

const NAMES: [&str; 3] = ["chromium", "google-chrome", "chromium-browser"];

/// Finds Chromium, or installs it where that is possible.
pub(crate) fn ensure() -> Result<PathBuf> {
    if let Some(chosen) = env::var_os("CHROMIUM_PATH") {
        let chosen = PathBuf::from(chosen);
        if !chosen.is_file() {
            bail!("CHROMIUM_PATH says {}, but there is no such program.", chosen.display());
        }
        return Ok(chosen);
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    let install = "npx playwright install chromium";
    let refusal = match apt::install("chromium", "the browser tests drive it") {
        Ok(()) => None,
        Err(refusal) => progress::step("Fetching Playwright's own Chromium instead", || {
            let mut npx = Command::new("npx");
            command::capture(npx.args(["playwright", "install", "chromium"]).current_dir(npm::TESTS))
        })
        .err()
        .map(|second| format!("{refusal:#}\n{second:#}")),
    };
    find().ok_or_else(|| {
        anyhow::anyhow!(
            "No Chromium was found and none could be installed.\n\
             Run `cd {} && {install}`, or set CHROMIUM_PATH to a browser of yours, and try again.\n{}",
            npm::TESTS,
            refusal.unwrap_or_default()
        )
    })
}

fn find() -> Option<PathBuf> {
    playwrights_own().or_else(|| NAMES.iter().find_map(|name| command::find(name)))
}

fn playwrights_own() -> Option<PathBuf> {
    let mut node = Command::new("node");
    node.args(["-p", "require('@playwright/test').chromium.executablePath()"]);
    let path = command::capture(node.current_dir(npm::TESTS)).ok()?;
    Some(PathBuf::from(path.trim())).filter(|path| path.is_file())
}
