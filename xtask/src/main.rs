//! `cargo xtask`: everything a person or a build server does to Samløp.
//!
//! Every command begins with its own set-up, so that a fresh clone needs no other step.

mod apt;
mod bench;
mod browser;
mod build;
mod check;
mod command;
mod compress;
mod mail_servers;
mod npm;
mod postgres;
mod progress;
mod report;
mod run;
mod settings;
mod site;
mod style;
mod test;
mod toolchain;
mod totals;
mod wasm;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Runs, builds and tests Samløp.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build everything and serve the demo on the address in Leptos.toml
    Run(run::Options),
    /// Build the program `samlop`
    Build(build::Options),
    /// Run every test and print totals
    Test(test::Options),
    /// Check formatting, lints and documentation
    Check,
    /// Measure how fast Samløp is on this machine
    Bench(bench::Options),
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            progress::complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<()> {
    workspace::enter()?;
    site::ensure_folder()?;
    match task {
        Task::Run(options) => run::run(&options),
        Task::Build(options) => build::build(&options),
        Task::Test(options) => test::test(&options),
        Task::Check => check::check(),
        Task::Bench(options) => bench::bench(&options),
    }
}
