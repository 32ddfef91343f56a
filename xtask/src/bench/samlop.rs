//! The program that is measured, each time with a database of its own.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::client::Client;
use crate::{command, workspace};

/// The track on which everything is measured.
pub(super) const BOARD: &str = "/tracks/introlop";
/// The same with all its cards, which the browser fetches a moment later.
pub(super) const WHOLE_BOARD: &str = "/tracks/introlop?all=1";
/// Somebody who may see and move every card of it; `samlop seed` makes the account.
pub(super) const EMAIL: &str = "inn@example.no";
pub(super) const PASSWORD: &str = "prov-samlop-2026";

/// A server that runs until it is dropped, when its database goes too.
pub(super) struct Samlop {
    process: Child,
    pub(super) address: SocketAddr,
    pub(super) folder: TempDir,
    program: PathBuf,
    /// Held open so that the server never writes to a closed pipe.
    _output: BufReader<ChildStdout>,
}

impl Samlop {
    /// Fills a new database and serves it on a free port.
    pub(super) fn start(program: &Path, participants: u32, closed: u32) -> Result<Self> {
        Self::start_with(program, participants, closed, None)
    }

    /// The same, with a mail server.
    pub(super) fn start_with(program: &Path, participants: u32, closed: u32, post: Option<SocketAddr>) -> Result<Self> {
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
        let mut serve = samlop("serve");
        serve.env_remove("SMTP_URL").env_remove("MAIL_PACE");
        if let Some(post) = post {
            // Else the usual pace for one domain is what would be measured.
            serve.env("SMTP_URL", format!("smtp://{post}")).env("MAIL_PACE", "1000000");
        }
        let mut process = serve
            .args(["--listen-addr", "127.0.0.1:0", "--mail-dir"])
            .arg(folder.path().join("mails"))
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
        Ok(Self { process, address, folder, program: program.to_owned(), _output: output })
    }

    /// One of many colleagues at INN, with an account and a session of her own.
    pub(super) fn colleague(&self, number: usize) -> Result<Client> {
        let email = format!("kollega-{number}@example.no");
        let database = self.database();
        let mut create = Command::new(&self.program);
        create.args(["--database-url", &database, "create-user", "--email", &email, "--name", "Kollega Prøve"]);
        create.args(["--role", "inn-adviser", "--organisation", "INN Prøveby"]);
        let mut create = create.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        create.stdin.take().context("It takes no password.")?.write_all(format!("{PASSWORD}\n").as_bytes())?;
        anyhow::ensure!(create.wait()?.success(), "{email} could not be made.");
        Client::log_in(self.address, &email, PASSWORD)
    }

    /// The address of its database.
    pub(super) fn database(&self) -> String {
        format!("sqlite:{}", self.folder.path().join("bench.db").display())
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
