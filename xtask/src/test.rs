//! `cargo xtask test`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::build::{self, Kind};
use crate::postgres::Postgres;
use crate::report::{Outcome, Report};
use crate::totals::Totals;
use crate::{browser, mail_servers, npm, workspace};

/// What a person may choose.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Leave out the tests that drive a browser
    #[arg(long)]
    no_browser: bool,
    /// Only the tests of this crate, or `e2e` for those that drive a browser
    #[arg(long, value_name = "NAME", conflicts_with = "no_browser")]
    only: Option<String>,
    /// Only the tests whose name contains this text
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Only the fault run, which no other test run includes: 10,000 alerts on each database, with a mail server
    /// that lets everything go wrong and servers that are killed. Takes minutes and counts what became of every
    /// alert. `SAMLOP_FAULT_SEED` repeats a run
    #[arg(long, conflicts_with_all = ["no_browser", "only", "filter"])]
    faults: bool,
}

impl Options {
    fn rust(&self) -> bool {
        self.only.as_deref() != Some(npm::TESTS)
    }

    fn browser(&self) -> bool {
        match &self.only {
            Some(only) => only == npm::TESTS,
            None => !self.no_browser,
        }
    }
}

/// Runs every test to the end, whatever fails on the way, and tells the totals.
pub(crate) fn test(options: &Options) -> Result<()> {
    let mut report = Report::default();
    let postgres = report.part("PostgreSQL", Postgres::start);
    let url = postgres.as_ref().map(Postgres::url);
    if options.faults {
        report.counted("Fault run", || {
            let url = url.context("It did not run, because PostgreSQL is missing.")?;
            cargo_test(fault_run().env("TEST_POSTGRES_URL", url))
        });
        drop(postgres);
        return report.finish();
    }

    let browser = options.browser().then(|| {
        let chromium = report.part("Browser", || {
            npm::ensure(npm::TESTS)?;
            browser::ensure()
        });
        // Before the Rust tests, some of which ask for the files that browsers fetch.
        let program = report.part("Build", || Ok(build::everything(Kind::Development)?.0));
        chromium.zip(program)
    });
    if options.rust() {
        report.part("Mail servers", mail_servers::ensure);
        report.counted("Rust tests", || rust_tests(options, url.as_deref()));
    }
    if let Some(browser) = browser {
        report.counted("Browser tests", || {
            let (chromium, program) = browser.context("They did not run, because what they need is missing.")?;
            browser_tests(options, &program, &chromium, url.as_deref())
        });
    }
    drop(postgres);
    report.finish()
}

fn rust_tests(options: &Options, postgres: Option<&str>) -> Result<Outcome> {
    let mut cargo = workspace::cargo();
    cargo.args(["test", "--no-fail-fast"]);
    match &options.only {
        Some(name) => cargo.args(["--package", name]),
        None => cargo.arg("--workspace"),
    };
    if let Some(text) = &options.filter {
        cargo.args(["--", text]);
    }
    if let Some(url) = postgres {
        cargo.env("TEST_POSTGRES_URL", url);
    }
    // A mail that looks otherwise than its snapshot fails; nothing is written unless somebody asks for it.
    if std::env::var_os("INSTA_UPDATE").is_none() {
        cargo.env("INSTA_UPDATE", "no");
    }
    cargo_test(&mut cargo)
}

/// One database after the other, so that neither is in the other's way.
fn fault_run() -> Command {
    let mut cargo = workspace::cargo();
    cargo.args(["test", "--package", "server", "--bin", "samlop", "--", "faults::no_alert"]);
    cargo.args(["--ignored", "--nocapture", "--test-threads=1"]);
    cargo
}

/// Runs tests, and shows their words as they come.
fn cargo_test(cargo: &mut Command) -> Result<Outcome> {
    let mut process = cargo.stdout(Stdio::piped()).spawn().context("cargo could not be started.")?;
    let output = process.stdout.take().context("cargo has no output.")?;

    let mut totals = Totals::default();
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        if let Some(result) = Totals::from_line(&line) {
            totals += result;
        }
    }
    let passed = process.wait()?.success();
    Ok(Outcome { passed, detail: totals.to_string() })
}

fn browser_tests(options: &Options, program: &Path, chromium: &Path, postgres: Option<&str>) -> Result<Outcome> {
    let results = workspace::memory().join("browser-tests.json");
    // A report of an earlier run must not be taken for this one's.
    let _ = fs::remove_file(&results);

    let mut npx = Command::new("npx");
    npx.current_dir(npm::TESTS)
        .args(["playwright", "test", "--reporter=list,json"])
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &results)
        .env("SAMLOP_BIN", program)
        .env("CHROMIUM_PATH", chromium);
    if let Some(text) = &options.filter {
        npx.args(["--grep", text]);
    }
    if let Some(url) = postgres {
        npx.env("TEST_POSTGRES_URL", url);
    }
    let status = npx.status().context("`npx playwright test` could not be started.")?;
    let totals = match fs::read_to_string(&results) {
        Ok(json) => Totals::from_playwright(&json)?,
        Err(_) => bail!("Playwright ended without a report; its own words stand above."),
    };
    let passed = status.success() && totals.failed == 0;
    Ok(Outcome { passed, detail: totals.to_string() })
}
