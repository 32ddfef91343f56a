//! The outbox: handing promised mails to the mailer, and showing the administrator where they stand.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};
use shared::access::Action;
use shared::alerts::{
    Delivery, GIVE_UP_AFTER_DAYS, Letter, LetterContent, MAILS_SHOWN, MailRow, MailState, Subject, pause_seconds,
};
use shared::email::EmailAddress;
use shared::error::AppError;
use shared::id::{MailId, ParticipantId};
use shared::locale::Locale;
use shared::notes::Visibility;
use shared::participants::reference;
use uuid::Uuid;

use crate::alerts::{alert_kind, kind_and_subject};
use crate::doors::{SignedIn, System, Tx};
use crate::entity::{alerts, events, mails, notes, participants, tasks, users};
use crate::error::StoreError;
use crate::people::{members_of, people_around};

/// How long a mailer has for a mail that it has claimed, in seconds. Does it die, the mail is free again.
pub const MAIL_LEASE_SECONDS: i64 = 60;

impl System {
    /// Claims up to `most` mails that are due. Those that are not needed any more are dropped on the way:
    /// access is looked at now, not when the mail was promised.
    pub async fn claim_mails(&self, most: u64) -> Result<Vec<Letter>, StoreError> {
        let permit = self.may();
        // Without this look, an idle server would take SQLite's write lock every few seconds.
        if due_mails(permit.store().now()).limit(1).one(permit.read()).await?.is_none() {
            return Ok(Vec::new());
        }
        let tx = permit.begin().await?;
        let mut due = due_mails(tx.now).limit(most);
        if tx.is_postgres() {
            due = due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        }
        let mut letters = Vec::new();
        for mail in due.all(tx.db()).await? {
            let mut change = mails::ActiveModel::default();
            match letter(&tx, &mail).await {
                Ok(Some(letter)) => {
                    change.attempts = Set(mail.attempts + 1);
                    change.due_at = Set(tx.now + TimeDelta::seconds(MAIL_LEASE_SECONDS));
                    letters.push(letter);
                }
                Ok(None) => change.state = Set(MailState::Dropped.code().to_owned()),
                // One mail about which something is wrong does not hold up the others.
                Err(StoreError::Corrupt(what)) => {
                    tracing::error!(mail = %mail.id, what, "unexpected data");
                    change.state = Set(MailState::Failed.code().to_owned());
                    change.answer = Set(Some(StoreError::Corrupt(what).to_string()));
                }
                Err(error) => return Err(error),
            }
            mails::Entity::update_many().set(change).filter(mails::Column::Id.eq(mail.id)).exec(tx.db()).await?;
        }
        tx.commit().await?;
        Ok(letters)
    }

    /// Writes down how a try ended. That a mail was sent is always true; what else a mailer says that was
    /// slower than its lease does not undo what became of the mail meanwhile.
    pub async fn finish_mail(&self, id: MailId, delivery: Delivery) -> Result<(), StoreError> {
        let tx = self.may().begin().await?;
        let mail = mails::Entity::find_by_id(id.0).one(tx.db()).await?.ok_or(AppError::NotFound)?;
        let gives_up = tx.now - mail.created_at > TimeDelta::days(GIVE_UP_AFTER_DAYS);
        let mut change = mails::ActiveModel::default();
        let mut update = mails::Entity::update_many().filter(mails::Column::Id.eq(id.0));
        if !matches!(delivery, Delivery::Sent(_)) {
            update = update.filter(mails::Column::State.eq(MailState::Queued.code()));
        }
        match delivery {
            Delivery::Sent(answer) => {
                change.state = Set(MailState::Sent.code().to_owned());
                change.sent_at = Set(Some(tx.now));
                change.answer = Set(Some(answer));
            }
            Delivery::Retry(answer) if !gives_up => {
                change.due_at = Set(tx.now + TimeDelta::seconds(pause_seconds(mail.attempts)));
                change.answer = Set(Some(answer));
            }
            Delivery::Retry(answer) | Delivery::Refused(answer) => {
                change.state = Set(MailState::Failed.code().to_owned());
                change.answer = Set(Some(answer));
            }
        }
        update.set(change).exec(tx.db()).await?;
        tx.commit().await
    }

    /// How many mails are in each state, and when the oldest that waits was promised.
    pub async fn mail_counts(&self) -> Result<(HashMap<MailState, u64>, Option<DateTime<Utc>>), StoreError> {
        counts(self.may().read()).await
    }
}

impl SignedIn {
    /// The latest mails, newest first, with how many are in each state and since when the oldest waits.
    pub async fn mail_delivery(&self) -> Result<MailDelivery, StoreError> {
        let permit = self.may(Action::SeeMailDelivery)?;
        let rows: Vec<Row> = mails::Entity::find()
            .select_only()
            .columns([mails::Column::Id, mails::Column::State, mails::Column::Attempts, mails::Column::CreatedAt])
            .columns([mails::Column::DueAt, mails::Column::SentAt, mails::Column::Answer])
            .column_as(users::Column::Email, "recipient")
            .column_as(events::Column::Kind, "kind")
            .column_as(participants::Column::Number, "number")
            .join(JoinType::InnerJoin, mails::Relation::Recipient.def())
            .join(JoinType::LeftJoin, mails::Relation::Alert.def())
            .join(JoinType::LeftJoin, alerts::Relation::Event.def())
            .join(JoinType::LeftJoin, events::Relation::Participant.def())
            .order_by_desc(mails::Column::CreatedAt)
            .order_by_desc(mails::Column::Id)
            .limit(MAILS_SHOWN)
            .into_model()
            .all(permit.read())
            .await?;
        let (counts, oldest) = counts(permit.read()).await?;
        let rows = rows.into_iter().map(Row::into_mail).collect::<Result<_, _>>()?;
        Ok(MailDelivery { rows, counts, oldest })
    }

    /// Sends a mail again that was refused or given up.
    pub async fn resend_mail(&self, id: MailId) -> Result<(), StoreError> {
        let tx = self.may(Action::SeeMailDelivery)?.begin().await?;
        let change = mails::ActiveModel {
            state: Set(MailState::Queued.code().to_owned()),
            attempts: Set(0),
            // The five days begin anew.
            created_at: Set(tx.now),
            due_at: Set(tx.now),
            ..Default::default()
        };
        let updated = mails::Entity::update_many()
            .set(change)
            .filter(mails::Column::Id.eq(id.0))
            .filter(mails::Column::State.eq(MailState::Failed.code()))
            .exec(tx.db())
            .await?;
        if updated.rows_affected == 0 {
            return Err(AppError::NotFound.into());
        }
        wake_and_commit(tx).await
    }

    /// Promises a test mail to this person herself.
    pub async fn send_test_mail(&self) -> Result<(), StoreError> {
        let tx = self.may(Action::SeeMailDelivery)?.begin().await?;
        mails::Entity::insert(mails::ActiveModel {
            id: Set(Uuid::now_v7()),
            alert_id: Set(None),
            recipient_id: Set(self.me().id.0),
            state: Set(MailState::Queued.code().to_owned()),
            attempts: Set(0),
            created_at: Set(tx.now),
            due_at: Set(tx.now),
            sent_at: Set(None),
            answer: Set(None),
        })
        .exec_without_returning(tx.db())
        .await?;
        wake_and_commit(tx).await
    }
}

/// What the administrator's page about delivery shows.
#[derive(Debug)]
pub struct MailDelivery {
    /// The latest mails, newest first.
    pub rows: Vec<MailRow>,
    /// How many are in each state.
    pub counts: HashMap<MailState, u64>,
    /// When the oldest mail that waits was promised (UTC).
    pub oldest: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    state: String,
    attempts: i32,
    created_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    answer: Option<String>,
    recipient: String,
    kind: Option<String>,
    number: Option<i32>,
}

impl Row {
    fn into_mail(self) -> Result<MailRow, StoreError> {
        Ok(MailRow {
            id: MailId(self.id),
            recipient: self.recipient,
            kind: self.kind.as_deref().map(alert_kind).transpose()?,
            reference: self.number.map(reference).unwrap_or_default(),
            state: MailState::from_code(&self.state).ok_or_else(|| StoreError::Corrupt("mails.state".into()))?,
            attempts: self.attempts,
            created_at: self.created_at,
            due_at: self.due_at,
            sent_at: self.sent_at,
            answer: self.answer,
        })
    }
}

fn due_mails(now: DateTime<Utc>) -> sea_orm::Select<mails::Entity> {
    mails::Entity::find()
        .filter(mails::Column::State.eq(MailState::Queued.code()))
        .filter(mails::Column::DueAt.lte(now))
        .order_by_asc(mails::Column::DueAt)
}

async fn wake_and_commit(mut tx: Tx) -> Result<(), StoreError> {
    tx.wakes_mailer = true;
    tx.commit().await
}

async fn counts(db: &impl ConnectionTrait) -> Result<(HashMap<MailState, u64>, Option<DateTime<Utc>>), StoreError> {
    let mut counts = HashMap::new();
    for state in MailState::ALL {
        let count = mails::Entity::find().filter(mails::Column::State.eq(state.code())).count(db).await?;
        counts.insert(state, count);
    }
    let oldest = mails::Entity::find()
        .filter(mails::Column::State.eq(MailState::Queued.code()))
        .order_by_asc(mails::Column::CreatedAt)
        .one(db)
        .await?;
    Ok((counts, oldest.map(|mail| mail.created_at)))
}

/// What to write, or `None` if the recipient has no account, may not read about it any more, or does not
/// have the task any more.
async fn letter(tx: &Tx, mail: &mails::Model) -> Result<Option<Letter>, StoreError> {
    let recipient = users::Entity::find_by_id(mail.recipient_id).one(tx.db()).await?.filter(|user| user.active);
    let Some(recipient) = recipient else { return Ok(None) };
    let content = match mail.alert_id {
        None => Some(LetterContent::Test),
        Some(alert) => alert_content(tx, alert, recipient.id).await?,
    };
    let to = EmailAddress::parse(&recipient.email).map_err(|_| StoreError::Corrupt("users.email".into()))?;
    let locale = Locale::from_tag(&recipient.locale).unwrap_or_default();
    Ok(content.map(|content| Letter { id: MailId(mail.id), to, locale, content, attempts: mail.attempts }))
}

async fn alert_content(tx: &Tx, alert: Uuid, recipient: Uuid) -> Result<Option<LetterContent>, StoreError> {
    let found = alerts::Entity::find_by_id(alert).find_also_related(events::Entity).one(tx.db()).await?;
    let Some((_, Some(event))) = found else { return Ok(None) };
    let participant = participants::Entity::find_by_id(event.participant_id).one(tx.db()).await?;
    let Some(participant) = participant else { return Ok(None) };
    if people_around(tx.db(), &participant).await?.iter().all(|person| person.id.0 != recipient) {
        return Ok(None);
    }
    let (kind, subject) = kind_and_subject(&event)?;
    match subject {
        Subject::Note(id) => {
            let Some(note) = notes::Entity::find_by_id(id.0).one(tx.db()).await? else { return Ok(None) };
            let is_for_unit = crate::notes::visibility(&note)? == Visibility::OwnUnit;
            if is_for_unit && !members_of(tx.db(), note.unit_id).await?.contains(&recipient) {
                return Ok(None);
            }
        }
        Subject::Task(id) => {
            let task = tasks::Entity::find_by_id(id.0).one(tx.db()).await?;
            if task.is_none_or(|task| task.assignee_id != recipient) {
                return Ok(None);
            }
        }
    }
    let participant_id = ParticipantId(participant.id);
    Ok(Some(LetterContent::Alert {
        kind,
        reference: reference(participant.number),
        participant: participant_id,
        subject,
    }))
}
