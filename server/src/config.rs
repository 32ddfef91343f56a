//! Settings that more than one command needs. Each is a flag and an environment variable.

use anyhow::Context;
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
    /// Opens the database and brings it to the newest shape.
    pub(crate) async fn open(&self) -> anyhow::Result<Store> {
        self.open_at(Clock::system()).await
    }

    /// The same, with another clock.
    pub(crate) async fn open_at(&self, clock: Clock) -> anyhow::Result<Store> {
        let store = Store::connect(&self.database_url, clock).await.context(
            "The database could not be opened. Check --database-url (or DATABASE_URL) and that the folder can be written to.",
        )?;
        store.migrate().await.context("The database could not be brought to the newest shape.")?;
        Ok(store)
    }
}
