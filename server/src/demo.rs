//! The demo: an invented town whose people have worked with Samløp for eight months.
//!
//! Everything is done through the doors that real people use, at a clock that is moved from then until
//! this morning. So the history is genuine, and the demo can't hold what a person could not do.

mod calendar;
mod script;
mod stage;
mod town;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Args;
use shared::accounts::check_password;
use store::Clock;

use crate::config::DatabaseArgs;

use self::calendar::Calendar;
use self::stage::Stage;

pub(crate) use self::town::{ACCOUNTS, build};

/// The password of the demo's accounts.
#[derive(Debug, Clone, Args)]
pub(crate) struct DemoPassword {
    /// The password of the demo's accounts, when they are made.
    #[arg(long, env = "DEMO_PASSWORD", default_value = "prov-samlop-2026", hide_env_values = true)]
    pub(crate) demo_password: String,
}

/// Fills an empty database with the demo, as it is at this time. Says whether it did: one with users is left as it is.
pub(crate) async fn fill(database: &DatabaseArgs, password: &str, now: DateTime<Utc>) -> anyhow::Result<bool> {
    check_password(password).context("The password of the demo's accounts can't be used")?;
    let hands = Hands::at(now);
    let store = database.open_at(hands.clock()).await?;
    if store.system("demo").has_users().await? {
        store.close().await?;
        return Ok(false);
    }
    let cast = script::cast()?;
    let calendar = Calendar::new(now);
    let acts = script::acts(&cast, &calendar);
    if let Some(first) = acts.first() {
        hands.set(first.at - chrono::TimeDelta::hours(1));
    }
    let mut stage = Stage::set_up(&store, &hands, &calendar, password).await?;
    stage.play(&cast, &acts).await?;
    stage.clear().await?;
    store.close().await?;
    Ok(true)
}

/// The hands of a clock that stands still until they are moved.
#[derive(Debug, Clone)]
struct Hands(Arc<AtomicI64>);

impl Hands {
    fn at(time: DateTime<Utc>) -> Self {
        Self(Arc::new(AtomicI64::new(time.timestamp_millis())))
    }

    fn set(&self, time: DateTime<Utc>) {
        self.0.store(time.timestamp_millis(), Ordering::SeqCst);
    }

    /// Moves them on to this time; never back.
    fn move_to(&self, time: DateTime<Utc>) {
        self.0.fetch_max(time.timestamp_millis(), Ordering::SeqCst);
    }

    fn move_by_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }

    fn clock(&self) -> Clock {
        let hands = self.clone();
        Clock::new(move || DateTime::from_timestamp_millis(hands.0.load(Ordering::SeqCst)).unwrap_or_default())
    }
}

#[cfg(test)]
pub(crate) mod tests;
