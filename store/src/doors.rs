//! The doors to the store, and the permit without which nobody holds a connection.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use migrations::Migrator;
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use shared::accounts::Me;
use shared::time::oslo_date;
use tokio::sync::{Notify, OnceCell, watch};
use uuid::Uuid;

use crate::clock::Clock;
use crate::error::StoreError;
use crate::live::{Bases, Desk, Memory};
use crate::secrets::MailKey;

/// How many connections read at once.
const READERS: u32 = 8;
/// So many rows are read ahead of whoever takes them.
const ROWS_READ_AHEAD: usize = 1_024;
/// How long a request waits for a connection before it gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// The database behind its doors. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    read: DatabaseConnection,
    /// On SQLite a pool of one, so that writers queue up here in order instead of meeting in the file.
    write: DatabaseConnection,
    clock: Clock,
    mail_waits: Notify,
    /// How many times a person has changed something, here or at another server that has told of it.
    happened: watch::Sender<u64>,
    /// Waits for whoever tells other servers that a person has changed something here.
    changed_here: Notify,
    desk: Desk,
    bases: Bases,
    memory: Memory,
    mail_key: OnceCell<MailKey>,
}

impl Store {
    /// Whether there is a database at `url`. A server must be asked; a SQLite file is there or not.
    #[must_use]
    pub fn is_made(url: &str) -> bool {
        sqlite_file(url).is_none_or(Path::exists)
    }

    /// Opens the database at `url` (`sqlite:…` or `postgres://…`). A SQLite file is made if it is missing.
    pub async fn connect(url: &str, clock: Clock) -> Result<Self, StoreError> {
        let (read, write) = if let Some(file) = sqlite_file(url) {
            make_folder_of(file);
            // The writer's only connection makes a new file keep a write-ahead log; while several connections did
            // that, each would find it locked by the others.
            let write = open_sqlite(url, 1).await?;
            (open_sqlite(url, READERS).await?, write)
        } else {
            let mut options = ConnectOptions::new(url);
            options.max_connections(READERS * 2).acquire_timeout(PATIENCE).sqlx_logging(false);
            let pool = Database::connect(options).await?;
            (pool.clone(), pool)
        };
        Ok(Self(Arc::new(Inner {
            read,
            write,
            clock,
            mail_waits: Notify::new(),
            happened: watch::Sender::new(0),
            changed_here: Notify::new(),
            desk: Desk::default(),
            bases: Bases::default(),
            memory: Memory::default(),
            mail_key: OnceCell::new(),
        })))
    }

    /// Brings the database to the newest shape.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        Ok(Migrator::up(&self.0.write, None).await?)
    }

    /// Whether the database answers and has the newest shape.
    pub async fn is_ready(&self) -> Result<bool, StoreError> {
        Ok(Migrator::get_pending_migrations(&self.0.read).await?.is_empty())
    }

    /// The door for somebody who is not logged in.
    #[must_use]
    pub fn visitor(&self) -> Visitor {
        Visitor { permit: Permit::new(self, None) }
    }

    /// The door for workers and commands on the server; the reason goes to the log.
    #[must_use]
    pub fn system(&self, reason: &'static str) -> System {
        tracing::debug!(reason, "system door");
        System { permit: Permit::new(self, None) }
    }

    /// Resolves when this process has promised a mail that can be sent at once, since the last call.
    pub async fn mail_waits(&self) {
        self.0.mail_waits.notified().await;
    }

    /// Sees a change whenever a person has changed something through this process, or through another one while
    /// [`Store::keep_in_touch`] runs. What a server does by itself is not announced.
    #[must_use]
    pub fn happenings(&self) -> watch::Receiver<u64> {
        self.0.happened.subscribe()
    }

    /// Wakes whoever waits for happenings.
    pub(crate) fn announce(&self) {
        self.0.happened.send_modify(|times| *times = times.wrapping_add(1));
    }

    /// Resolves when a person has changed something through this process, since the last call.
    pub(crate) async fn has_changed_here(&self) {
        self.0.changed_here.notified().await;
    }

    /// For hearing other servers, which is no business of any person's.
    pub(crate) fn database(&self) -> &DatabaseConnection {
        &self.0.read
    }

    /// The clock's time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// Today in Oslo.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        oslo_date(self.now())
    }

    /// Where answers for open boards are shared.
    pub(crate) fn desk(&self) -> &Desk {
        &self.0.desk
    }

    /// What readers of open boards have seen in common.
    pub(crate) fn bases(&self) -> &Bases {
        &self.0.bases
    }

    /// What has happened of late, for open boards.
    pub(crate) fn memory(&self) -> &Memory {
        &self.0.memory
    }

    /// Where the key for links in mails is kept once it has been read.
    pub(crate) fn known_mail_key(&self) -> &OnceCell<MailKey> {
        &self.0.mail_key
    }

    /// Closes all connections.
    pub async fn close(self) -> Result<(), StoreError> {
        self.0.read.close_by_ref().await?;
        Ok(self.0.write.close_by_ref().await?)
    }
}

/// Somebody who is not logged in: may try to log in, stop mails by the signed link in one, and read a calendar at its
/// secret address; nothing else.
#[derive(Debug)]
pub struct Visitor {
    permit: Permit,
}

impl Visitor {
    /// For logging in.
    pub(crate) fn may_log_in(&self) -> &Permit {
        &self.permit
    }

    /// For stopping mails. Whoever asks must name a link that we have signed.
    pub(crate) fn may_stop_mails(&self) -> &Permit {
        &self.permit
    }

    /// For reading a calendar. Whoever asks must name its secret address.
    pub(crate) fn may_read_calendar(&self) -> &Permit {
        &self.permit
    }
}

/// A worker or a command on the server.
#[derive(Debug)]
pub struct System {
    permit: Permit,
}

impl System {
    /// For what nobody but the server itself does.
    pub(crate) fn may(&self) -> &Permit {
        &self.permit
    }
}

/// A person who is logged in. What she may do is asked in `access.rs`.
#[derive(Debug)]
pub struct SignedIn {
    store: Store,
    me: Me,
}

impl SignedIn {
    /// Whoever makes one has found her session, the secret of her calendar or an answer of hers, or writes to her.
    pub(crate) fn new(store: &Store, me: Me) -> Self {
        Self { store: store.clone(), me }
    }

    /// Who it is.
    #[must_use]
    pub fn me(&self) -> &Me {
        &self.me
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.store.now()
    }

    /// Today in Oslo.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.store.today()
    }

    /// Only `access.rs` asks for this, after the policy has said yes.
    pub(crate) fn permit(&self) -> Permit {
        Permit::new(&self.store, Some(self.me.id.0))
    }
}

/// The right to use the database for what was asked.
#[derive(Debug)]
pub(crate) struct Permit {
    store: Store,
    by: Option<Uuid>,
}

impl Permit {
    fn new(store: &Store, by: Option<Uuid>) -> Self {
        Self { store: store.clone(), by }
    }

    /// For reading.
    pub(crate) fn read(&self) -> &DatabaseConnection {
        &self.store.0.read
    }

    /// For several reads that must fit together: all of them see the database as it is now. Ends when it
    /// is dropped.
    pub(crate) async fn snapshot(&self) -> Result<DatabaseTransaction, StoreError> {
        let read = self.read();
        // A reading transaction of SQLite is a snapshot as it is.
        let options = match read.get_database_backend() {
            DbBackend::Sqlite => TransactionOptions::default(),
            _ => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
        };
        begin(read, options).await
    }

    /// The store, for its clock.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// For writing: all or nothing.
    ///
    /// SQLite takes the write lock at once; a transaction that begins by reading and turns to writing
    /// later fails when another one wrote in between.
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = begin(&self.store.0.write, options).await?;
        Ok(Tx { transaction, store: self.store.clone(), by: self.by, now: self.store.now(), wakes_mailer: false })
    }
}

/// A transaction. Dropped without [`Tx::commit`], it has changed nothing.
pub(crate) struct Tx {
    transaction: DatabaseTransaction,
    store: Store,
    /// Who writes; `None` for the server itself.
    pub(crate) by: Option<Uuid>,
    /// The instant that everything written in it carries.
    pub(crate) now: DateTime<Utc>,
    /// Set when a mail has been promised that can be sent at once.
    pub(crate) wakes_mailer: bool,
}

impl Tx {
    /// The connection.
    pub(crate) fn db(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// Whether a row must be locked explicitly. SQLite has one writer at a time anyway.
    pub(crate) fn is_postgres(&self) -> bool {
        self.transaction.get_database_backend() == DbBackend::Postgres
    }

    /// Makes it last.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.transaction.commit().await?;
        if self.wakes_mailer {
            self.store.0.mail_waits.notify_one();
        }
        if self.by.is_some() {
            self.store.announce();
            self.store.0.changed_here.notify_one();
        }
        Ok(())
    }
}

/// Begins in a task of its own, so that somebody who goes away meanwhile gives the connection back as it
/// was: sqlx 0.9 forgets a `BEGIN` that PostgreSQL has not answered yet, and whoever gets the connection
/// next is in the middle of it (<https://github.com/transact-rs/sqlx/issues/4393>).
async fn begin(pool: &DatabaseConnection, options: TransactionOptions) -> Result<DatabaseTransaction, StoreError> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with_options(options).await });
    Ok(begun.await.map_err(|error| DbErr::Custom(error.to_string()))??)
}

async fn open_sqlite(url: &str, connections: u32) -> Result<DatabaseConnection, StoreError> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|options| {
            options
                .create_if_missing(true)
                .foreign_keys(true)
                .busy_timeout(PATIENCE)
                // A board has a thousand rows; with fewer places the two threads wait for each other at every fiftieth.
                .row_buffer_size(ROWS_READ_AHEAD)
                .pragma("journal_mode", "WAL")
                // A committed note must survive a power cut, since a mail has been promised with it.
                .pragma("synchronous", "FULL")
        });
    Ok(Database::connect(options).await?)
}

/// The file that a SQLite address names.
fn sqlite_file(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(Path::new(path.split('?').next().unwrap_or_default()))
}

/// Makes the folder in which a SQLite file shall lie; a failure shows when the file is opened.
fn make_folder_of(file: &Path) {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty())
        && let Err(error) = std::fs::create_dir_all(folder)
    {
        tracing::warn!(folder = %folder.display(), %error, "could not make the folder");
    }
}
