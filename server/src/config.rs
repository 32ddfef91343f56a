//! Settings that more than one command needs. Each is a flag and an environment variable.

use anyhow::{Context, ensure};
use clap::Args;
use store::{Clock, Store};

/// Where the database is.
#[derive(Debug, Args)]
pub(crate) struct DatabaseArgs {
    /// The database: `sqlite:FILE` or `postgres://USER:PASSWORD@HOST/NAME`.
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite:data/samlop.db", global = true, hide_env_values = true)]
    pub(crate) database_url: String,
}

impl DatabaseArgs {
    /// Opens a database that is there and has the newest shape, for a command that may come to change
    /// nothing.
    pub(crate) async fn open_existing(&self) -> anyhow::Result<Store> {
        ensure!(
            Store::is_made(&self.database_url),
            "There is no such database yet. Check --database-url (or DATABASE_URL); `samlop create-track` makes one."
        );
        let store = self.connect(Clock::system()).await?;
        ensure!(
            store.is_ready().await?,
            "The database is of an older version of Samløp. Run `samlop migrate` first, or restart `samlop serve`."
        );
        Ok(store)
    }

    /// Opens the database and brings it to the newest shape. A SQLite file is made if it is missing.
    pub(crate) async fn open(&self) -> anyhow::Result<Store> {
        self.open_at(Clock::system()).await
    }

    /// The same, with another clock.
    pub(crate) async fn open_at(&self, clock: Clock) -> anyhow::Result<Store> {
        let store = self.connect(clock).await?;
        store.migrate().await.context("The database could not be brought to the newest shape.")?;
        Ok(store)
    }

    async fn connect(&self, clock: Clock) -> anyhow::Result<Store> {
        Store::connect(&self.database_url, clock).await.context(
            "The database could not be opened. Check --database-url (or DATABASE_URL) and that the folder can be written to.",
        )
    }
}
