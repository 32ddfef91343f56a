//! The outbox: handing promised mails to the mailer, and writing down what became of them.

mod delivery;
mod letter;

use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use shared::alerts::Unmailed;
use shared::error::AppError;
use shared::id::MailId;
use shared::outbox::{Cause, Delivery, Letter, MailKind, MailState, TRIES_MAX, Verdict, pause_millis};
use uuid::Uuid;

pub use self::delivery::{MailDelivery, MailFigures, MailSearch};
use self::letter::{Contents, letter};
pub(crate) use self::letter::{content_level, due_detail};
use crate::alerts::is_queued;
use crate::doors::{System, Tx};
use crate::entity::{alerts, mail_pause, mails, users};
use crate::error::StoreError;
use crate::query::among;

/// How long a mailer has for a mail that it has claimed, in seconds. Does it die, the mail is free again.
pub const MAIL_LEASE_SECONDS: i64 = 60;

/// A mail that nobody else tries to send, as long as the claim lasts.
#[derive(Debug)]
pub struct ClaimedMail(mails::Model);

impl ClaimedMail {
    /// Which.
    #[must_use]
    pub fn id(&self) -> MailId {
        MailId(self.0.id)
    }
}

impl System {
    /// Claims up to `most` mails that are due, apart from those to recipients at `busy_domains`, and from those that
    /// this mailer still has `under_way`: whatever made it slower than its claim, the end of them is being written down.
    pub async fn claim_mails(
        &self,
        most: u64,
        busy_domains: &[String],
        under_way: &[MailId],
    ) -> Result<Vec<ClaimedMail>, StoreError> {
        let permit = self.may();
        let due = |now| due_mails(now, busy_domains, under_way).limit(most);
        // Without this look, an idle server would take SQLite's write lock every few seconds.
        if due(permit.store().now()).one(permit.read()).await?.is_none() {
            return Ok(Vec::new());
        }
        let tx = permit.begin().await?;
        let mut due = due(tx.now);
        if tx.is_postgres() {
            due = due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        }
        let claimed = due.all(tx.db()).await?;
        let ids: Vec<Uuid> = claimed.iter().map(|mail| mail.id).collect();
        mails::Entity::update_many()
            .col_expr(mails::Column::Attempts, Expr::col(mails::Column::Attempts).add(1))
            .col_expr(mails::Column::ClaimedUntil, Some(tx.now + TimeDelta::seconds(MAIL_LEASE_SECONDS)).into())
            .filter(among(mails::Column::Id, &ids))
            .exec(tx.db())
            .await?;
        tx.commit().await?;
        Ok(claimed.into_iter().map(ClaimedMail).collect())
    }

    /// What to write in a mail that has been claimed. `None` if it is not needed any more, and then it is dropped:
    /// access, assignment and what was taken back are looked at now, not when the mail was promised.
    pub async fn letter(&self, claimed: &ClaimedMail) -> Result<Option<Letter>, StoreError> {
        let mail = &claimed.0;
        let read = async { letter(self, self.mail_key().await?, mail).await };
        match read.await {
            Ok(Contents { letter, untold }) => {
                self.leave_out(mail, &untold, letter.is_none()).await?;
                Ok(letter)
            }
            // Nobody can mend that by trying again.
            Err(StoreError::Corrupt(what)) => {
                tracing::error!(mail = %mail.id, what, "unexpected data");
                let fault = Delivery::refused(Cause::Fault, StoreError::Corrupt(what).to_string());
                self.finish_mail(MailId(mail.id), mail.attempts + 1, fault).await?;
                Ok(None)
            }
            Err(error) => {
                // Nobody sends it now. Does this fail too, it is free when the claim runs out.
                let _ = self.release(mail.id).await;
                Err(error)
            }
        }
    }

    /// Writes down how a try ended. That a mail was sent is always true; what else a mailer says that was
    /// slower than its lease does not undo what became of the mail meanwhile.
    pub async fn finish_mail(&self, id: MailId, attempt: i32, delivery: Delivery) -> Result<(), StoreError> {
        let tx = self.may().begin().await?;
        let found = mails::Entity::find_by_id(id.0).find_also_related(users::Entity).one(tx.db()).await?;
        let (mail, recipient) = found.ok_or(AppError::NotFound)?;
        let is_current = mail.attempts == attempt && mail.state == MailState::Queued.code();
        if delivery.verdict != Verdict::Sent && !is_current {
            return Ok(());
        }
        let mut change = mails::ActiveModel {
            claimed_until: Set(None),
            cause: Set(delivery.cause.map(|cause| cause.code().to_owned())),
            answer: Set(Some(delivery.answer)),
            ..Default::default()
        };
        if mail.kind == MailKind::Test.code() {
            let steps = serde_json::to_string(&delivery.steps);
            change.steps = Set(Some(steps.map_err(|error| StoreError::Corrupt(error.to_string()))?));
        }
        match delivery.verdict {
            Verdict::Sent => {
                change.state = Set(MailState::Sent.code().to_owned());
                change.sent_at = Set(Some(tx.now));
            }
            Verdict::Retry if attempt < TRIES_MAX => {
                let pause = pause_millis(attempt, rand::rng().random());
                change.due_at = Set(tx.now + TimeDelta::milliseconds(pause));
            }
            Verdict::Retry | Verdict::Refused => change.state = Set(MailState::Failed.code().to_owned()),
        }
        mails::Entity::update_many().set(change).filter(mails::Column::Id.eq(id.0)).exec(tx.db()).await?;
        let bounced_at = recipient.and_then(|user| user.bounced_at);
        if delivery.verdict == Verdict::Sent && bounced_at.is_some_and(|at| at < mail.created_at) {
            // Whatever was wrong with the address is over.
            users::Entity::update_many()
                .col_expr(users::Column::BouncedAt, None::<DateTime<Utc>>.into())
                .filter(users::Column::Id.eq(mail.recipient_id))
                .exec(tx.db())
                .await?;
        }
        tx.commit().await
    }

    /// Forgets mails that were sent or not needed longer ago than this. Says how many.
    pub async fn thin_out_mails(&self, kept: TimeDelta) -> Result<u64, StoreError> {
        let tx = self.may().begin().await?;
        let old = Condition::all()
            .add(mails::Column::State.is_in([MailState::Sent.code(), MailState::Dropped.code()]))
            .add(mails::Column::CreatedAt.lt(tx.now - kept));
        let deleted = mails::Entity::delete_many().filter(old).exec(tx.db()).await?;
        tx.commit().await?;
        Ok(deleted.rows_affected)
    }

    /// Gives a mail that has been claimed back, as if nobody had.
    async fn release(&self, claimed: Uuid) -> Result<(), StoreError> {
        let tx = self.may().begin().await?;
        mails::Entity::update_many()
            .col_expr(mails::Column::Attempts, Expr::col(mails::Column::Attempts).sub(1))
            .col_expr(mails::Column::ClaimedUntil, None::<DateTime<Utc>>.into())
            .filter(mails::Column::Id.eq(claimed))
            .filter(is_queued())
            .exec(tx.db())
            .await?;
        tx.commit().await
    }

    /// Leaves alerts out of a mail that has been claimed, and drops the mail if nothing is left in it. Somebody
    /// may have added an alert since it was looked at; then it is free again.
    async fn leave_out(
        &self,
        mail: &mails::Model,
        untold: &[(Uuid, Unmailed)],
        is_empty: bool,
    ) -> Result<(), StoreError> {
        if untold.is_empty() && !is_empty {
            return Ok(());
        }
        let tx = self.may().begin().await?;
        if tx.is_postgres() {
            mails::Entity::find_by_id(mail.id).lock(LockType::Update).one(tx.db()).await?;
        }
        for (alert, why) in untold {
            alerts::Entity::update_many()
                .set(alerts::ActiveModel {
                    mail_id: Set(None),
                    unmailed: Set(Some(why.code().to_owned())),
                    ..Default::default()
                })
                .filter(alerts::Column::Id.eq(*alert))
                .exec(tx.db())
                .await?;
        }
        if is_empty {
            let one_more = alerts::Entity::find().filter(alerts::Column::MailId.eq(mail.id)).one(tx.db()).await?;
            let change = match one_more {
                Some(_) => {
                    mails::ActiveModel { attempts: Set(mail.attempts), claimed_until: Set(None), ..Default::default() }
                }
                None => mails::ActiveModel {
                    state: Set(MailState::Dropped.code().to_owned()),
                    claimed_until: Set(None),
                    ..Default::default()
                },
            };
            mails::Entity::update_many().set(change).filter(mails::Column::Id.eq(mail.id)).exec(tx.db()).await?;
        }
        tx.commit().await
    }
}

/// The mails whose turn it is, those that have waited longest first. A pause keeps all back but tests.
fn due_mails(now: DateTime<Utc>, busy_domains: &[String], under_way: &[MailId]) -> Select<mails::Entity> {
    let is_free = Condition::any().add(mails::Column::ClaimedUntil.is_null()).add(mails::Column::ClaimedUntil.lte(now));
    let pause = Query::select().column(mail_pause::Column::Id).from(mail_pause::Entity).to_owned();
    let is_let_out = Condition::any().add(Expr::exists(pause).not()).add(mails::Column::Kind.eq(MailKind::Test.code()));
    let mut due = mails::Entity::find()
        .filter(is_queued())
        .filter(mails::Column::DueAt.lte(now))
        .filter(is_free)
        .filter(is_let_out)
        .order_by_asc(mails::Column::DueAt);
    if !under_way.is_empty() {
        due = due.filter(mails::Column::Id.is_not_in(under_way.iter().map(|id| id.0)));
    }
    if !busy_domains.is_empty() {
        let mut is_there = Condition::any();
        for domain in busy_domains {
            is_there = is_there.add(users::Column::Email.ends_with(format!("@{domain}")));
        }
        let there = Query::select().column(users::Column::Id).from(users::Entity).cond_where(is_there).to_owned();
        due = due.filter(mails::Column::RecipientId.not_in_subquery(there));
    }
    due
}

/// Commits, and wakes the mailer.
pub(crate) async fn wake_and_commit(mut tx: Tx) -> Result<(), StoreError> {
    tx.wakes_mailer = true;
    tx.commit().await
}
