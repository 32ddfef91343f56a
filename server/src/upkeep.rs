//! What is to be done every minute: reminders whose time has come, the week's digest, a warning when mails do not get
//! through, and forgetting old mails.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use shared::outbox::WARN_AFTER_MINUTES;
use store::{Store, StoreError};
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// How often.
const EVERY: Duration = Duration::from_mins(1);

/// Starts it, until `shutdown` comes.
pub(crate) fn start(
    store: Store,
    mails_kept: TimeDelta,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let work = async {
            let mut warned = None;
            loop {
                if let Err(error) = once(&store, mails_kept, &mut warned).await {
                    tracing::error!(%error, "reminders and old mails could not be looked after; it is tried again");
                }
                sleep(EVERY).await;
            }
        };
        tokio::select! { () = shutdown => {}, () = work => {} }
    })
}

async fn once(store: &Store, mails_kept: TimeDelta, warned: &mut Option<DateTime<Utc>>) -> Result<(), StoreError> {
    let system = store.system("upkeep");
    let reminded = system.remind().await?;
    if reminded > 0 {
        tracing::info!(reminded, "reminders promised");
    }
    system.promise_weekly_need().await?;
    system.thin_out_mails(mails_kept).await?;
    warn(store, warned).await
}

/// Warns once for each stretch of that many minutes.
async fn warn(store: &Store, warned: &mut Option<DateTime<Utc>>) -> Result<(), StoreError> {
    let (now, after) = (store.now(), TimeDelta::minutes(WARN_AFTER_MINUTES));
    let figures = store.system("upkeep").mail_figures().await?;
    let Some(oldest) = figures.oldest.filter(|oldest| now - *oldest >= after) else {
        *warned = None;
        return Ok(());
    };
    if warned.is_none_or(|at| now - at >= after) {
        let minutes = (now - oldest).num_minutes();
        tracing::warn!(minutes, "the oldest mail waits; see the page about mail delivery for the reason");
        *warned = Some(now);
    }
    Ok(())
}
