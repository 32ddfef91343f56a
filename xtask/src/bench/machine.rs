//! The machine that the figures are from. Without it they say little.

use std::fs;
use std::path::Path;
use std::thread;

use anyhow::{Context, Result};

use crate::{command, workspace};

/// Cores and processor.
pub(super) fn description() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    format!("{cores} cores, {}", model.map_or("unknown processor", |(_, model)| model))
}

/// How many processes have wanted a core in the last minute, on average.
pub(super) fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("unknown").to_owned()
}

/// Builds the program behind [`raw_commits`].
pub(super) fn build_raw_commits() -> Result<()> {
    command::run(workspace::cargo().args(["build", "--release", "--package", "store", "--example", "raw_commits"]))
}

/// How many transactions of one row a second SQLite makes durable in this folder, with nothing around it.
pub(super) fn raw_commits(folder: &Path) -> Result<f64> {
    let program = workspace::target()?.join("release/examples/raw_commits");
    let answer = command::capture(std::process::Command::new(program).arg(folder.join("raw.db")))?;
    answer.trim().parse().context("`raw_commits` printed no number.")
}
