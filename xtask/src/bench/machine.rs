//! The machine that the figures are from. Without it they say little.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use anyhow::{Context, Result};

use super::samlop::{EMAIL, PASSWORD, Samlop};
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

/// Builds the programs behind [`raw_commits`] and [`bare_moves`].
pub(super) fn build_examples() -> Result<()> {
    command::run(workspace::cargo().args(["build", "--release", "--package", "store", "--examples"]))
}

/// How many transactions of one row a second SQLite makes durable in this folder, with nothing around it.
pub(super) fn raw_commits(folder: &Path) -> Result<f64> {
    per_second(example("raw_commits")?.arg(folder.join("raw.db")))
}

/// How many moves a second the database alone does, without anybody's requests.
pub(super) fn bare_moves(samlop: &Samlop) -> Result<f64> {
    per_second(example("bare_moves")?.args([samlop.database(), EMAIL.to_owned(), PASSWORD.to_owned()]))
}

fn example(name: &str) -> Result<Command> {
    Ok(Command::new(workspace::target()?.join("release/examples").join(name)))
}

fn per_second(program: &mut Command) -> Result<f64> {
    command::capture(program)?.trim().parse().context("The program printed no number.")
}
