//! A PostgreSQL of our own for the tests, gone when they are over.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{apt, command, progress};

const SCRIPT: &str = include_str!("postgres.sh");

/// A running cluster, which stops when this is dropped.
pub(crate) struct Postgres {
    process: Child,
    port: u16,
}

impl Postgres {
    /// Starts an empty cluster in a temporary folder on a free port.
    pub(crate) fn start() -> Result<Self> {
        let programs = programs()?;
        progress::step("Starting a throw-away PostgreSQL, for the store's tests", || {
            // The port is free again when the listener goes, which is soon enough for a test.
            let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
            let mut process = shell()?
                .args(["-c", SCRIPT, "postgres.sh"])
                .arg(programs)
                .arg(port.to_string())
                .current_dir("/")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .context("PostgreSQL could not be started.")?;
            let answer = process.stdout.take().context("PostgreSQL has no output.")?;
            let postgres = Self { process, port };
            match BufReader::new(answer).lines().next() {
                Some(Ok(line)) if line == "ready" => Ok(postgres),
                _ => bail!("PostgreSQL did not start; its own words stand above."),
            }
        })
    }

    /// Where tests connect.
    pub(crate) fn url(&self) -> String {
        format!("postgres://samlop@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // Nothing can be done about a failure, and the next cluster has its own folder and port.
        let _ = self.process.wait();
    }
}

/// A shell that PostgreSQL accepts, since it refuses to run as root.
fn shell() -> Result<Command> {
    if !command::is_root() {
        return Ok(Command::new("sh"));
    }
    for user in ["postgres", "nobody"] {
        if command::capture(Command::new("id").args(["-u", user])).is_ok() {
            let mut runuser = Command::new("runuser");
            runuser.args(["-u", user, "--", "sh"]);
            return Ok(runuser);
        }
    }
    bail!("PostgreSQL refuses to run as root, and there is no user `postgres` to run it as.")
}

/// The folder of PostgreSQL's programs, installing them if need be.
fn programs() -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let refusal = apt::install("postgresql", "every test of the store runs on it too").err();
    find().with_context(|| {
        format!(
            "PostgreSQL 15 or newer is needed for the tests: run `apt-get install postgresql` \
             or put `initdb` and `postgres` on the search path, and try again.\n{}",
            refusal.map(|refusal| format!("{refusal:#}")).unwrap_or_default()
        )
    })
}

fn find() -> Option<PathBuf> {
    if let (Some(initdb), Some(_)) = (command::find("initdb"), command::find("postgres")) {
        return Some(initdb.canonicalize().ok()?.parent()?.to_owned());
    }
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, programs)| programs.join("initdb").is_file())
        .max()
        .map(|(_, programs)| programs)
}
