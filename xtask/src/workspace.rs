//! Where things are.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::command;

/// Makes the root of the repository the current folder; every other path starts there.
pub(crate) fn enter() -> Result<()> {
    let root = root();
    env::set_current_dir(root).with_context(|| format!("The folder {} cannot be opened.", root.display()))
}

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// The folder where xtask remembers what it has already done.
pub(crate) fn memory() -> PathBuf {
    root().join("target/xtask")
}

/// The folder that cargo builds into, which a person may have moved.
pub(crate) fn target() -> Result<PathBuf> {
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let answer = command::capture(cargo().args(["metadata", "--no-deps", "--format-version=1"]))?;
    let metadata: Metadata = serde_json::from_str(&answer).context("`cargo metadata` gave an unexpected answer.")?;
    Ok(metadata.target_directory)
}

/// The same cargo that started xtask.
///
/// It does not get to see what cargo told xtask about xtask itself: some build scripts watch those
/// variables, and everything after them would be compiled again whenever a person types
/// `cargo build` in between.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    for (name, _) in env::vars_os() {
        let about_xtask = name
            .to_str()
            .is_some_and(|name| ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|prefix| name.starts_with(prefix)));
        if about_xtask {
            cargo.env_remove(name);
        }
    }
    cargo
}
