//! `cargo xtask check`.

use anyhow::Result;

use crate::report::Report;
use crate::{command, toolchain, workspace};

/// Checks everything that needs no running program; every warning counts.
pub(crate) fn check() -> Result<()> {
    let mut report = Report::default();
    report.part("Formatting", || command::run(workspace::cargo().args(["fmt", "--all", "--check"])));
    report.part("Lints, server", || {
        let mut cargo = workspace::cargo();
        cargo.args(["clippy", "--workspace", "--all-targets", "--keep-going", "--", "-Dwarnings"]);
        command::run(&mut cargo)
    });
    report.part("Lints, browser", || {
        toolchain::ensure_wasm()?;
        let mut cargo = workspace::cargo();
        cargo.args(["clippy", "--package", "app", "--no-default-features", "--features", "hydrate"]).args([
            "--target",
            toolchain::TARGET,
            "--",
            "-Dwarnings",
        ]);
        command::run(&mut cargo)
    });
    report.part("Documentation", || {
        let mut cargo = workspace::cargo();
        cargo.env("RUSTDOCFLAGS", "-Dwarnings").args(["doc", "--workspace", "--no-deps", "--document-private-items"]);
        command::run(&mut cargo)
    });
    report.finish()
}
