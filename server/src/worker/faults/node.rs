//! A server of its own, as far as mails go: this test program once more, in a process that can be killed.

use std::io::{Read, stdin};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use store::Store;

use super::super::tests::arguments;
use super::super::*;
use super::chaos::Door;
use super::clock;

/// Real time that a node waits for the mail server: long for a machine on which everything is near, short for
/// somebody who has to wait until it is over.
const PATIENCE: Patience = Patience { talk: Duration::from_millis(800), verdict: Duration::from_millis(800) };
/// Real time between two looks into the outbox.
const LOOK_AROUND: Duration = Duration::from_millis(100);

const DATABASE: &str = "SAMLOP_FAULT_DATABASE";
const MAIL_SERVER: &str = "SAMLOP_FAULT_MAIL_SERVER";
const CLOCK: &str = "SAMLOP_FAULT_CLOCK";

/// A running node. It stops by itself if the run is gone.
pub(super) struct Node {
    process: Child,
    pub(super) life: usize,
    _door: Door,
}

impl Node {
    pub(super) fn start(database: &str, clock: &std::path::Path, life: usize, door: Door) -> Self {
        let test = format!("{}::a_node", module_path!().split_once("::").unwrap().1);
        let process = Command::new(std::env::current_exe().unwrap())
            .args([&test, "--exact", "--ignored", "--nocapture"])
            .env(DATABASE, database)
            .env(MAIL_SERVER, &door.url)
            .env(CLOCK, clock)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self { process, life, _door: door }
    }

    /// Lets it end what is under way.
    pub(super) async fn stop(mut self) {
        drop(self.process.stdin.take());
        while self.process.try_wait().unwrap().is_none() {
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Ends it in the middle of whatever it does (SIGKILL).
    pub(super) fn kill(&mut self) {
        assert!(self.process.try_wait().unwrap().is_none(), "a node has ended by itself");
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Nothing is left behind, however a run ends.
impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it is a process that the other tests of this module start"]
async fn a_node() {
    let Ok(database) = std::env::var(DATABASE) else { return };
    let clock = clock::read(PathBuf::from(std::env::var(CLOCK).unwrap()));
    let store = Store::connect(&database, clock).await.unwrap();
    let mut arguments = arguments(std::env::var(MAIL_SERVER).ok(), PathBuf::new());
    arguments.mail_pace = std::num::NonZeroUsize::MAX;
    let worker = Worker::new(store, &arguments, "https://samlop.example.no", PATIENCE, LOOK_AROUND).unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        // Nobody writes anything there; it ends when the run lets go of it or is gone.
        let _ = stdin().read_to_end(&mut Vec::new());
        let _ = stop.send(());
    });
    worker.run(async { stopped.await.unwrap() }).await;
}
