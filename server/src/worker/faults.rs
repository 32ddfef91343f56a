//! No alert is lost, and none comes twice but where nobody could know that it had come: shown with a mail server
//! that lets everything go wrong, and with nodes that are killed in the middle of whatever they do.
//!
//! `cargo xtask test --faults` runs it with 10,000 alerts on each database. `SAMLOP_FAULT_SEED` repeats a run.

mod chaos;
mod clock;
mod count;
mod node;
mod plan;
mod town;

use std::sync::Arc;
use std::time::Instant;

use chrono::TimeDelta;
use shared::outbox::MailState;
use store::testing::{Engine, TestStore};

use self::chaos::Chaos;
use self::clock::SharedClock;
use self::count::Count;
use self::node::Node;
use self::plan::Kills;
use self::town::{ALERTS_EACH, Town};
use super::tests::until;
use super::*;

/// Participants times rounds times [`ALERTS_EACH`]: 10,000 alerts.
const LARGE: Size = Size { participants: 125, rounds: 5, away: &[1, 3] };
/// Enough to see at every test that nothing is amiss.
const SMALL: Size = Size { participants: 10, rounds: 3, away: &[1] };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_alert_of_a_few_hundred_is_lost_on_sqlite() {
    prove(Engine::Sqlite, SMALL).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_alert_of_a_few_hundred_is_lost_on_postgres() {
    prove(Engine::Postgres, SMALL).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it takes minutes; `cargo xtask test --faults` runs it"]
async fn no_alert_of_ten_thousand_is_lost_on_sqlite() {
    prove(Engine::Sqlite, LARGE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it takes minutes; `cargo xtask test --faults` runs it"]
async fn no_alert_of_ten_thousand_is_lost_on_postgres() {
    prove(Engine::Postgres, LARGE).await;
}

/// How much is done.
#[derive(Debug, Clone, Copy)]
struct Size {
    participants: usize,
    rounds: usize,
    /// In these rounds the mail server is away for an hour.
    away: &'static [usize],
}

async fn prove(engine: Engine, size: Size) {
    let seed = std::env::var("SAMLOP_FAULT_SEED").map_or_else(|_| rand::random(), |seed| seed.parse().unwrap());
    println!("{engine:?}: SAMLOP_FAULT_SEED={seed}");
    let start = Instant::now();
    let mut run = Run::begin(engine, size, seed).await;
    for round in 0..size.rounds {
        run.work_and_kill().await;
        if size.away.contains(&round) {
            run.be_away_for_an_hour().await;
        }
        run.cut_the_power();
        println!("{engine:?}: round {} of {} after {} s", round + 1, size.rounds, start.elapsed().as_secs());
    }
    run.come_to_rest().await;
    let count = run.count().await;
    println!("\n{count}  in {} s\n", start.elapsed().as_secs());
    assert_eq!(count.promised, size.participants * size.rounds * ALERTS_EACH);
    assert!(count.lost == 0 && count.faults.is_empty(), "{:#?}", count.faults);
    assert_eq!(count.once + count.more_often + count.dead + count.not_needed, count.promised);
}

struct Run {
    /// First, so that they are gone before the folders in which they write.
    nodes: Vec<Node>,
    test: TestStore,
    engine: Engine,
    store: Store,
    clock: SharedClock,
    chaos: Chaos,
    kills: Kills,
    town: Arc<Town>,
    /// When each life of a node was killed; `None` for those that were not.
    killed: Vec<Option<Instant>>,
    hours_away: usize,
    _folder: tempfile::TempDir,
}

impl Run {
    async fn begin(engine: Engine, size: Size, seed: u64) -> Self {
        let test = TestStore::new(engine).await;
        let folder = tempfile::tempdir().unwrap();
        let clock = SharedClock::new(folder.path(), test.clock.now());
        let store = Store::connect(&test.url, clock::read(clock.file().to_owned())).await.unwrap();
        let town = Arc::new(Town::found(&test, &store, size.participants).await);
        Self {
            nodes: Vec::new(),
            test,
            engine,
            store,
            clock,
            chaos: Chaos::new(seed),
            kills: Kills::new(seed),
            town,
            killed: Vec::new(),
            hours_away: 0,
            _folder: folder,
        }
    }

    /// People work, and the nodes send what they can, while one after the other is killed and started again.
    async fn work_and_kill(&mut self) {
        self.start_nodes().await;
        let town = Arc::clone(&self.town);
        let work = tokio::spawn(async move { town.work().await });
        loop {
            sleep(self.kills.pause()).await;
            if work.is_finished() && self.test.mails_unclaimed(self.clock.now()).await < AT_ONCE as u64 {
                break;
            }
            let victim = self.kills.victim(self.nodes.len());
            let mut node = self.nodes.swap_remove(victim);
            self.kill(&mut node);
            self.start_node().await;
        }
        work.await.unwrap();
    }

    /// The nodes try in vain. No mail is in the server's hands then, so nobody's claim runs out too early when the
    /// clock jumps.
    async fn be_away_for_an_hour(&mut self) {
        self.chaos.be_away(true);
        for _ in 0..4 {
            self.clock.advance(TimeDelta::minutes(15));
            let now = self.clock.now();
            until("all that is due has been tried in vain", async || self.test.mails_due(now).await == 0).await;
        }
        self.chaos.be_away(false);
        self.hours_away += 1;
    }

    /// Kills all nodes, and lets so much time pass that claims and most pauses are over. Only now: a claim must
    /// not run out while its node is still alive.
    fn cut_the_power(&mut self) {
        for mut node in std::mem::take(&mut self.nodes) {
            self.kill(&mut node);
        }
        self.clock.advance(TimeDelta::minutes(10));
    }

    /// Nothing goes wrong any more, until nothing waits.
    async fn come_to_rest(&mut self) {
        self.chaos.calm_down();
        loop {
            self.start_nodes().await;
            until("all that is due has been sent", async || self.test.mails_due(self.clock.now()).await == 0).await;
            for node in std::mem::take(&mut self.nodes) {
                node.stop().await;
            }
            let figures = self.store.system("test").mail_figures().await.unwrap();
            if figures.counts[&MailState::Queued] == 0 {
                return;
            }
            self.clock.advance(TimeDelta::hours(1));
        }
    }

    async fn count(&self) -> Count {
        let count = Count::of(&self.test, &self.chaos, &self.killed).await;
        let database = format!("{:?}, nodes: {}", self.engine, self.how_many_nodes());
        Count { database, hours_away: self.hours_away, ..count }
    }

    /// SQLite is for one server, PostgreSQL for several.
    fn how_many_nodes(&self) -> usize {
        match self.engine {
            Engine::Sqlite => 1,
            Engine::Postgres => 2,
        }
    }

    async fn start_nodes(&mut self) {
        for _ in 0..self.how_many_nodes() {
            self.start_node().await;
        }
    }

    async fn start_node(&mut self) {
        let life = self.killed.len();
        self.killed.push(None);
        let door = self.chaos.open(life).await;
        self.nodes.push(Node::start(&self.test.url, self.clock.file(), life, door));
    }

    fn kill(&mut self, node: &mut Node) {
        node.kill();
        self.killed[node.life] = Some(Instant::now());
    }
}
