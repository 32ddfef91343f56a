//! The mailer's loop: takes promised mails from the outbox, sends them and writes down how it went.
//!
//! A mail is taken only when it can be sent at once, so its claim never runs out while it waits for others.

mod pace;

use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shared::id::MailId;
use shared::outbox::{Cause, Delivery, Letter, LetterContent, Verdict};
use store::{ClaimedMail, Store, StoreError};
use tokio::task::{self, JoinError, JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use self::pace::Pace;
use crate::mail::Letterhead;
use crate::mailer::dkim::Dkim;
use crate::mailer::{MailArgs, Mailer, Patience};

/// How many mails are sent at once.
const AT_ONCE: usize = 10;
/// How often the outbox is looked into unasked: for new tries, and for mails that another server promised.
const LOOK: Duration = Duration::from_secs(2);
/// The pause after a fault of the database.
const PAUSE: Duration = Duration::from_secs(1);
/// How long mails that are being sent may take when the server stops.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// Starts sending mails, until `shutdown` comes. Then those that are being sent are finished, and the task
/// is over: about ten seconds later at most. Fails at once if the settings can't be used.
pub(crate) fn start(
    store: Store,
    args: &MailArgs,
    public_url: &str,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<JoinHandle<()>> {
    let worker = Worker::new(store, args, public_url, Patience::USUAL, LOOK)?;
    match &worker.office.mailer {
        Mailer::Smtp(smtp) => tracing::info!(server = ?smtp, "mails go to the mail server"),
        Mailer::Folder(_) => {
            tracing::warn!(folder = %args.mail_dir.display(), "SMTP_URL is not set: mails are only written to files");
        }
    }
    Ok(tokio::spawn(worker.run(shutdown)))
}

struct Worker {
    office: Arc<Office>,
    sending: JoinSet<()>,
    /// Which mail each task in `sending` is about.
    mails: HashMap<task::Id, MailId>,
    look: Duration,
}

/// What it takes to send one mail.
struct Office {
    store: Store,
    letterhead: Letterhead,
    dkim: Option<Dkim>,
    mailer: Mailer,
    pace: Mutex<Pace>,
}

impl Worker {
    fn new(
        store: Store,
        args: &MailArgs,
        public_url: &str,
        patience: Patience,
        look: Duration,
    ) -> anyhow::Result<Self> {
        let letterhead = Letterhead::new(args.mail_from.clone(), args.reply_to.clone(), public_url)?;
        let mailer = Mailer::new(args, letterhead.host(), patience)?;
        let dkim = Dkim::new(&args.dkim, &args.mail_from)?;
        let pace = Mutex::new(Pace::new(args.mail_pace.get()));
        let office = Arc::new(Office { store, letterhead, dkim, mailer, pace });
        Ok(Self { office, sending: JoinSet::new(), mails: HashMap::new(), look })
    }

    async fn run(mut self, shutdown: impl Future<Output = ()>) {
        self.work_until(shutdown).await;
        let finish = async { while self.sending.join_next().await.is_some() {} };
        if timeout(LAST_WORDS, finish).await.is_err() {
            tracing::warn!(
                mails = self.sending.len(),
                "stopped before the mail server answered; these are tried again"
            );
        }
        self.office.mailer.rest().await;
    }

    async fn work_until(&mut self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        loop {
            while let Some(ended) = self.sending.try_join_next_with_id() {
                self.forget(&ended);
            }
            let taken = {
                let mut take_up = pin!(self.take_up());
                tokio::select! {
                    taken = &mut take_up => taken,
                    () = &mut shutdown => {
                        // Mails that have been claimed and that nobody sends would wait until the claim runs out.
                        let _ = timeout(LAST_WORDS, take_up).await;
                        return;
                    }
                }
            };
            if let Err(error) = taken {
                tracing::error!(%error, "the outbox could not be read; the mails in it wait");
                tokio::select! { () = &mut shutdown => return, () = sleep(PAUSE) => {} }
            }
            if self.sending.is_empty() {
                self.office.mailer.rest().await;
            }
            tokio::select! {
                () = &mut shutdown => return,
                Some(ended) = self.sending.join_next_with_id() => self.forget(&ended),
                () = self.office.store.mail_waits() => {}
                () = sleep(self.look) => {}
            }
        }
    }

    /// Begins to send as many mails as there is room for.
    async fn take_up(&mut self) -> Result<(), StoreError> {
        let room = AT_ONCE.saturating_sub(self.sending.len());
        if room == 0 {
            return Ok(());
        }
        let now = self.office.store.now();
        let busy = self.office.pace().busy(now);
        let under_way: Vec<MailId> = self.mails.values().copied().collect();
        for mail in self.office.store.system("mailer").claim_mails(room as u64, &busy, &under_way).await? {
            let id = mail.id();
            let task = self.sending.spawn(Arc::clone(&self.office).take(mail));
            self.mails.insert(task.id(), id);
        }
        Ok(())
    }

    fn forget(&mut self, ended: &Result<(task::Id, ()), JoinError>) {
        let task = ended.as_ref().map_or_else(JoinError::id, |(task, ())| *task);
        let mail = self.mails.remove(&task);
        if ended.is_err() {
            let mail = mail.map(|id| id.to_string());
            tracing::error!(mail, "the mail could not be sent because of a fault in Samløp; it is tried again");
        }
    }
}

impl Office {
    /// Reads what there is to write, many at once: that takes longer than to claim.
    async fn take(self: Arc<Self>, claimed: ClaimedMail) {
        match self.store.system("mailer").letter(&claimed).await {
            Ok(Some(letter)) => {
                self.pace().count(&letter.to, self.store.now());
                self.deliver(letter).await;
            }
            Ok(None) => {}
            Err(error) => tracing::error!(mail = %claimed.id(), %error, "the mail could not be read; it waits"),
        }
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn deliver(&self, letter: Letter) {
        let delivery = match self.letterhead.write(&letter, self.store.now()) {
            Ok(mut mail) => {
                if let Some(dkim) = &self.dkim {
                    dkim.sign(&mut mail);
                }
                match letter.content {
                    LetterContent::Test => self.mailer.send_afresh(letter.id, &mail).await,
                    _ => self.mailer.send(letter.id, &mail).await,
                }
            }
            Err(error) => Delivery::refused(Cause::Address, format!("{error:#}")),
        };
        // At once: a crash between the server's answer and this would send the mail again.
        self.write_down(&letter, &delivery).await;
        let mail = letter.id;
        let (answer, cause) = (code(&delivery.answer), delivery.cause.map(Cause::code));
        match delivery.verdict {
            Verdict::Sent => tracing::info!(%mail, answer, "mail sent"),
            Verdict::Retry => tracing::warn!(%mail, answer, cause, "mail not sent; it is tried again"),
            Verdict::Refused => tracing::error!(%mail, answer, cause, "mail refused for good"),
        }
    }

    /// As often as it takes: what is not written down is sent again.
    async fn write_down(&self, letter: &Letter, delivery: &Delivery) {
        let mail = letter.id;
        loop {
            match self.store.system("mailer").finish_mail(mail, letter.attempt, delivery.clone()).await {
                Ok(()) => return,
                Err(StoreError::Refused(error)) => {
                    return tracing::error!(%mail, %error, "the end of this mail has no place in the outbox");
                }
                Err(error) => tracing::error!(%mail, %error, "the end of this mail could not be written down yet"),
            }
            sleep(PAUSE).await;
        }
    }
}

/// The server's code for the log; its words can hold addresses.
fn code(answer: &str) -> &str {
    answer.get(..3).filter(|code| code.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or("none")
}

#[cfg(test)]
mod faults;
#[cfg(test)]
mod tests;
