//! Throw-away databases and ready-made people for tests, here and in `server`.
//!
//! PostgreSQL's address comes from `TEST_POSTGRES_URL`, which `cargo xtask test` sets.

#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test that can't go on has failed")]

mod contents;
mod databases;
mod people;
mod promises;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::accounts::Login;
use shared::board::{Card, PhaseKind};
use shared::email::EmailAddress;
use shared::id::{EnrolmentId, OrganisationId, ParticipantId, PhaseId};
use shared::outbox::Letter;
use shared::participants::NewParticipantForm;
use shared::tracks::{NewPhase, PhaseName};
use tempfile::TempDir;

use crate::clock::Clock;
use crate::doors::{SignedIn, Store};
use crate::entity::enrolments;

pub use contents::Contents;
use databases::new_database;
use people::Offices;
pub use promises::{Promise, PromisedMail};

/// The password of every user in tests.
pub const PASSWORD: &str = "correct horse battery";

/// Phases of which nothing but name and kind is said.
#[must_use]
pub fn phases<const COUNT: usize>(named: [(&str, PhaseKind); COUNT]) -> [NewPhase; COUNT] {
    named.map(|(name, kind)| NewPhase::named(PhaseName::parse(name).expect(name), kind))
}

/// A clock that stands still until it is moved.
#[derive(Debug, Clone)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// A Tuesday morning.
    fn new() -> Self {
        let start = Utc.with_ymd_and_hms(2026, 11, 24, 8, 0, 0).single().unwrap_or_default();
        Self(Arc::new(AtomicI64::new(start.timestamp_millis())))
    }

    /// The clock that a store asks.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let time = self.clone();
        Clock::new(move || time.now())
    }

    /// Moves it on.
    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0.load(Ordering::SeqCst)).unwrap_or_default()
    }
}

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file in a temporary folder.
    Sqlite,
    /// A database of its own on the server at `TEST_POSTGRES_URL`.
    Postgres,
}

/// A store of its own for one test, with two INN units, two NAV offices of the first one and one of the
/// second, a user of each role at the first, and one track each.
pub struct TestStore {
    /// The store.
    pub store: Store,
    /// Its clock.
    pub clock: TestClock,
    /// The address of its database.
    pub url: String,
    /// The unit to which the track `introlop` belongs.
    pub inn: OrganisationId,
    /// The NAV office where `nav@example.no` works.
    pub nav_east: OrganisationId,
    /// The other NAV office of the city, which `nav@example.no` covers.
    pub nav_west: OrganisationId,
    _folder: TempDir,
}

impl TestStore {
    /// Makes it.
    pub async fn new(engine: Engine) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (url, Offices { inn, nav_east, nav_west }) = new_database(engine, folder.path()).await;
        let clock = TestClock::new();
        let store = Store::connect(&url, clock.clock()).await.expect("a connection");
        Self { store, clock, url, inn, nav_east, nav_west, _folder: folder }
    }

    /// The door of a user, by the part of the address before `@example.no`.
    pub async fn person(&self, name: &str) -> SignedIn {
        let login = Login {
            email: EmailAddress::parse(&format!("{name}@example.no")).expect("an address"),
            password: PASSWORD.to_owned(),
        };
        let session = self.store.visitor().log_in(login, [127, 0, 0, 1].into()).await.expect("a login");
        self.store.signed_in(session.token.as_str()).await.expect("a session")
    }

    /// Registers a participant of the track `introlop` at the eastern NAV office, in the first phase, as if the
    /// office had been told of it long ago.
    pub async fn participant(&self, name: &str) -> ParticipantId {
        let mut form = NewParticipantForm::default();
        form.details.name = name.to_owned();
        form.details.nav_office = self.nav_east.to_string();
        let adviser = self.person("inn").await;
        let participant = adviser.add_participant("introlop", &form).await.expect("a participant");
        self.forget_handovers().await;
        participant
    }

    /// Makes it so long ago that an office became responsible for somebody that nothing is left of the alerts.
    pub async fn forget_handovers(&self) {
        self.execute("DELETE FROM mails WHERE alert_kind = 'handed_over'").await;
        self.execute("DELETE FROM alerts WHERE kind = 'handed_over'").await;
    }

    /// Registers participants of these names and gives their cards, which lie in the first phase in this order.
    pub async fn cards<const N: usize>(&self, names: [&str; N]) -> [EnrolmentId; N] {
        for name in names {
            self.participant(name).await;
        }
        let board = self.person("inn").await.board("introlop").await.expect("a board");
        let cards: Vec<Card> = board.columns.into_iter().flat_map(|column| column.cards).collect();
        names.map(|name| cards.iter().find(|card| card.name == name).expect("a card").id)
    }

    /// The phases of the track `introlop`.
    pub async fn phases(&self) -> Vec<PhaseId> {
        let board = self.person("inn").await.board("introlop").await.expect("a board");
        board.columns.into_iter().map(|column| column.phase.id).collect()
    }

    /// Claims up to so many mails that are due, and reads what is to be written in those that are still needed.
    pub async fn letters(&self, most: u64) -> Vec<Letter> {
        let system = self.store.system("test");
        let mut letters = Vec::new();
        for claimed in system.claim_mails(most, &[], &[]).await.expect("a claim") {
            letters.extend(system.letter(&claimed).await.expect("a letter"));
        }
        letters
    }

    /// Closes a user's account, as nothing in Samløp does yet.
    pub async fn deactivate(&self, name: &str) {
        self.execute(&format!("UPDATE users SET active = false WHERE email = '{name}@example.no'")).await;
    }

    /// Does to the database what no door does.
    pub async fn execute(&self, sql: &str) {
        let tx = self.store.system("test").may().begin().await.expect("a transaction");
        tx.db().execute_unprepared(sql).await.expect(sql);
        tx.commit().await.expect("a commit");
        // Boards that are open must not be told from memory.
        self.store.announce();
    }

    /// The ranks of the cards in a phase, in the order in which the board shows them.
    pub async fn ranks(&self, phase: PhaseId) -> Vec<Vec<u8>> {
        enrolments::Entity::find()
            .select_only()
            .column(enrolments::Column::Rank)
            .filter(enrolments::Column::PhaseId.eq(phase.0))
            .order_by_asc(enrolments::Column::Rank)
            .into_tuple()
            .all(self.store.system("test").may().read())
            .await
            .expect("ranks")
    }

    /// Everything that the database holds.
    pub async fn contents(&self) -> Contents {
        Contents::read(self.store.system("test").may()).await.expect("the database's contents")
    }
}

/// Makes a test of each function for SQLite and one for PostgreSQL.
#[macro_export]
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::testing::TestStore::new($crate::testing::Engine::Sqlite).await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::testing::TestStore::new($crate::testing::Engine::Postgres).await).await;
            })+
        }
    };
}
