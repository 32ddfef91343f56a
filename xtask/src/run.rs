//! `cargo xtask run`.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::build::{self, Kind};

/// What a person may choose.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Further arguments for `samlop serve`, after `--`
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// Builds everything and becomes the demo server, so that Ctrl+C reaches it and nobody else.
pub(crate) fn run(options: &Options) -> Result<()> {
    let (program, _) = build::everything(Kind::Development)?;
    let mut samlop = Command::new(&program);
    samlop.args(["serve", "--demo"]).args(&options.arguments);
    Err(samlop.exec()).with_context(|| format!("{} could not be started.", program.display()))
}
