//! The program that is measured, each time with a database of its own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::client::Client;
use crate::{command, workspace};

/// The track on which everything is measured.
pub(super) const BOARD: &str = "/tracks/introlop";
/// Somebody who may see and move every card of it; `samlop seed` makes the account.
const EMAIL: &str = "inn@example.no";
const PASSWORD: &str = "prov-samlop-2026";

/// A server that runs until it is dropped, when its database goes too.
pub(super) struct Samlop {
    process: Child,
    pub(super) address: SocketAddr,
    pub(super) folder: TempDir,
    /// Held open so that the server never writes to a closed pipe.
    _output: BufReader<ChildStdout>,
}

impl Samlop {
    /// Fills a new database and serves it on a free port.
    pub(super) fn start(program: &Path, participants: u32, closed: u32) -> Result<Self> {
        // Beside the build and not among temporary files, which may lie in memory, where nothing is durable.
        fs::create_dir_all(workspace::memory())?;
        let folder = tempfile::tempdir_in(workspace::memory())?;
        let database = format!("sqlite:{}", folder.path().join("bench.db").display());
        let samlop = |task: &str| {
            let mut samlop = Command::new(program);
            samlop.args(["--database-url", &database, task]);
            samlop
        };
        command::capture(
            samlop("seed")
                .args(["--participants", &participants.to_string(), "--closed", &closed.to_string()])
                .args(["--demo-password", PASSWORD]),
        )?;
        let mut process = samlop("serve")
            .args(["--listen-addr", "127.0.0.1:0", "--mail-dir"])
            .arg(folder.path().join("mails"))
            .env_remove("SMTP_URL")
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("The server could not be started.")?;
        let output = process.stdout.take().context("The server has no output.")?;
        let mut output = BufReader::new(output);
        let mut line = String::new();
        output.read_line(&mut line)?;
        let address = line.trim().rsplit('/').next().and_then(|address| address.parse().ok());
        let address = address.with_context(|| format!("The server did not say where it is, but: {line}"))?;
        Ok(Self { process, address, folder, _output: output })
    }

    /// A person with a session of her own.
    pub(super) fn log_in(&self) -> Result<Client> {
        Client::log_in(self.address, EMAIL, PASSWORD)
    }

    /// How much memory the process holds now, in bytes, where the system tells it.
    pub(super) fn memory(&self) -> Option<u64> {
        let status = fs::read_to_string(PathBuf::from(format!("/proc/{}/status", self.process.id()))).ok()?;
        let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        kilobytes.trim().trim_end_matches(" kB").parse().ok().map(|kilobytes: u64| kilobytes * 1024)
    }
}

impl Drop for Samlop {
    fn drop(&mut self) {
        // Nobody needs its data any more, and a process that has ended by itself can't be stopped again.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
