//! The packages from npm: the design system and fonts for `app`, the test runner for `e2e`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{command, progress, site};

/// Where the design system and the fonts come from.
pub(crate) const APP: &str = "app";
/// Where the browser tests and their runner are.
pub(crate) const TESTS: &str = "e2e";

/// Installs exactly the packages that the folder's lockfile names, unless they are there already.
pub(crate) fn ensure(folder: &str) -> Result<()> {
    let lockfile = Path::new(folder).join("package-lock.json");
    let lock = fs::read(&lockfile).with_context(|| format!("The lockfile {} is missing.", lockfile.display()))?;
    let wanted = site::hash(&[&lock]);
    let stamp = Path::new(folder).join("node_modules/.installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if command::find("npm").is_none() {
        bail!(
            "Node.js with npm is needed, version 20 or newer.\n\
             Install it with `apt-get install nodejs npm` or from https://nodejs.org and try again."
        );
    }
    let why = if folder == APP { "the design system and the fonts" } else { "the browser tests" };
    progress::step(&format!("Installing npm packages in {folder}/, for {why}"), || {
        command::capture(Command::new("npm").arg("ci").current_dir(folder))?;
        fs::write(stamp, wanted)?;
        Ok(())
    })
}
