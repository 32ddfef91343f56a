//! "E-postlevering": what administrators see of the outbox, and do with it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait,
};
use shared::access::Action;
use shared::alerts::AlertKind;
use shared::error::AppError;
use shared::id::MailId;
use shared::outbox::{Cause, ContentLevel, MAILS_SHOWN, MailKind, MailRow, MailState, Step, waiting_since};
use shared::participants::reference;
use uuid::Uuid;

use super::wake_and_commit;
use crate::alerts::{is_queued, new_mail};
use crate::doors::{SignedIn, System};
use crate::entity::{mail_pause, mails, organisations, participants, users};
use crate::error::StoreError;
use crate::people::person_names;

/// The one row that there can be in the table of pauses.
const THE_PAUSE: i32 = 1;

/// Which mails the administrator looks for.
#[derive(Debug, Clone, Default)]
pub struct MailSearch {
    /// A part of the recipient's address; empty for all.
    pub recipient: String,
    /// Only those that stand so.
    pub state: Option<MailState>,
}

/// What the administrator's page about delivery shows.
#[derive(Debug)]
pub struct MailDelivery {
    /// The latest mails that were looked for, newest first.
    pub rows: Vec<MailRow>,
    /// The figures over all mails.
    pub figures: MailFigures,
    /// Who has paused all mails, and when (UTC).
    pub paused: Option<(String, DateTime<Utc>)>,
    /// Addresses to which mails could not be delivered, with the last report about each and when it came (UTC).
    pub bounced: Vec<(String, String, DateTime<Utc>)>,
    /// What mails about participants of the administrator's own organisation may tell.
    pub content: ContentLevel,
    /// Who has chosen that, and when (UTC).
    pub content_chosen: Option<(String, DateTime<Utc>)>,
}

/// How the outbox stands.
#[derive(Debug)]
pub struct MailFigures {
    /// How many mails are in each state.
    pub counts: HashMap<MailState, u64>,
    /// Since when the oldest mail waits whose time has come (UTC).
    pub oldest: Option<DateTime<Utc>>,
}

impl System {
    /// How the outbox stands.
    pub async fn mail_figures(&self) -> Result<MailFigures, StoreError> {
        figures(self.may().read(), self.may().store().now()).await
    }
}

impl SignedIn {
    /// The outbox.
    pub async fn mail_delivery(&self, search: &MailSearch) -> Result<MailDelivery, StoreError> {
        let permit = self.may(Action::SeeMailDelivery)?;
        let db = permit.read();
        let pause = mail_pause::Entity::find().one(db).await?;
        let own = organisations::Entity::find_by_id(self.me().organisation.0).one(db).await?;
        let own = own.ok_or(AppError::NotFound)?;
        let names = person_names(db, &[pause.as_ref().map(|pause| pause.by_id), own.mail_content_by_id]).await?;
        let name = |id: Uuid| names.get(&id).cloned().unwrap_or_default();
        let bounced = users::Entity::find()
            .filter(users::Column::BouncedAt.is_not_null())
            .order_by_desc(users::Column::BouncedAt)
            .limit(MAILS_SHOWN)
            .all(db)
            .await?;
        Ok(MailDelivery {
            rows: rows(db, search).await?,
            figures: figures(db, self.now()).await?,
            paused: pause.map(|pause| (name(pause.by_id), pause.since)),
            bounced: bounced
                .into_iter()
                .filter_map(|user| Some((user.email, user.bounce.unwrap_or_default(), user.bounced_at?)))
                .collect(),
            content: ContentLevel::from_code(&own.mail_content).unwrap_or_default(),
            content_chosen: own.mail_content_by_id.map(name).zip(own.mail_content_at),
        })
    }

    /// How much mails about the participants of this person's organisation may tell.
    pub async fn mail_content(&self) -> Result<ContentLevel, StoreError> {
        let permit = self.may(Action::SeeMailDelivery)?;
        let own = organisations::Entity::find_by_id(self.me().organisation.0).one(permit.read()).await?;
        Ok(ContentLevel::from_code(&own.ok_or(AppError::NotFound)?.mail_content).unwrap_or_default())
    }

    /// Sends a mail again that was refused or given up.
    pub async fn resend_mail(&self, id: MailId) -> Result<(), StoreError> {
        let tx = self.may(Action::SeeMailDelivery)?.begin().await?;
        let change = mails::ActiveModel {
            state: Set(MailState::Queued.code().to_owned()),
            attempts: Set(0),
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

    /// Promises a test mail to this person herself. It goes out also while all other mails are paused.
    pub async fn send_test_mail(&self) -> Result<MailId, StoreError> {
        let tx = self.may(Action::SeeMailDelivery)?.begin().await?;
        let mail = new_mail(MailKind::Test, self.me().id.0, tx.now, tx.now);
        let id = MailId(mail.id);
        mails::Entity::insert(mails::ActiveModel::from(mail)).exec_without_returning(tx.db()).await?;
        wake_and_commit(tx).await?;
        Ok(id)
    }

    /// Whether a mail has been tried.
    pub async fn mail_was_tried(&self, id: MailId) -> Result<bool, StoreError> {
        let permit = self.may(Action::SeeMailDelivery)?;
        let mail = mails::Entity::find_by_id(id.0).one(permit.read()).await?.ok_or(AppError::NotFound)?;
        Ok(mail.answer.is_some())
    }

    /// Keeps all mails back, or lets them go again.
    pub async fn pause_mails(&self, pause: bool) -> Result<(), StoreError> {
        let tx = self.may(Action::SeeMailDelivery)?.begin().await?;
        if pause {
            let row = mail_pause::ActiveModel { id: Set(THE_PAUSE), by_id: Set(self.me().id.0), since: Set(tx.now) };
            mail_pause::Entity::insert(row).on_conflict_do_nothing().exec_without_returning(tx.db()).await?;
        } else {
            mail_pause::Entity::delete_by_id(THE_PAUSE).exec(tx.db()).await?;
        }
        wake_and_commit(tx).await
    }

    /// Chooses what mails about participants of this person's own organisation may tell.
    pub async fn choose_mail_content(&self, level: ContentLevel) -> Result<(), StoreError> {
        let tx = self.may(Action::SeeMailDelivery)?.begin().await?;
        organisations::Entity::update_many()
            .set(organisations::ActiveModel {
                mail_content: Set(level.code().to_owned()),
                mail_content_by_id: Set(tx.by),
                mail_content_at: Set(Some(tx.now)),
                ..Default::default()
            })
            .filter(organisations::Column::Id.eq(self.me().organisation.0))
            .exec(tx.db())
            .await?;
        tx.commit().await
    }
}

async fn figures(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<MailFigures, StoreError> {
    let found: Vec<(String, i64)> = mails::Entity::find()
        .select_only()
        .column(mails::Column::State)
        .column_as(mails::Column::Id.count(), "count")
        .group_by(mails::Column::State)
        .into_tuple()
        .all(db)
        .await?;
    let count = |state: MailState| {
        let count = found.iter().find(|(code, _)| code == state.code()).map_or(0, |(_, count)| *count);
        (state, u64::try_from(count).unwrap_or_default())
    };
    let queued = || mails::Entity::find().filter(is_queued());
    let first_due = queued().filter(mails::Column::DueAt.lte(now)).order_by_asc(mails::Column::DueAt).one(db).await?;
    let most_tried = queued()
        .filter(mails::Column::Attempts.gt(0))
        .order_by_desc(mails::Column::Attempts)
        .order_by_asc(mails::Column::DueAt)
        .one(db)
        .await?;
    let waiting = [first_due, most_tried].into_iter().flatten();
    let oldest = waiting.map(|mail| waiting_since(mail.due_at, mail.attempts)).min();
    Ok(MailFigures { counts: MailState::ALL.map(count).into(), oldest })
}

async fn rows(db: &impl ConnectionTrait, search: &MailSearch) -> Result<Vec<MailRow>, StoreError> {
    let mut found = mails::Entity::find()
        .select_only()
        .columns([mails::Column::Id, mails::Column::Kind, mails::Column::AlertKind, mails::Column::State])
        .columns([mails::Column::Attempts, mails::Column::CreatedAt, mails::Column::DueAt, mails::Column::SentAt])
        .columns([mails::Column::Cause, mails::Column::Answer, mails::Column::Steps])
        .column_as(users::Column::Email, "recipient")
        .column_as(participants::Column::Number, "number")
        .join(JoinType::InnerJoin, mails::Relation::Recipient.def())
        .join(JoinType::LeftJoin, mails::Relation::Participant.def())
        .order_by_desc(mails::Column::CreatedAt)
        .order_by_desc(mails::Column::Id)
        .limit(MAILS_SHOWN);
    if let Some(state) = search.state {
        found = found.filter(mails::Column::State.eq(state.code()));
    }
    let recipient: String = search.recipient.trim().to_lowercase().chars().filter(|c| *c != '\0').collect();
    if !recipient.is_empty() {
        found = found.filter(users::Column::Email.contains(&recipient));
    }
    let rows: Vec<Row> = found.into_model().all(db).await?;
    rows.into_iter().map(Row::into_mail).collect()
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    kind: String,
    alert_kind: Option<String>,
    state: String,
    attempts: i32,
    created_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    cause: Option<String>,
    answer: Option<String>,
    steps: Option<String>,
    recipient: String,
    number: Option<i32>,
}

impl Row {
    fn into_mail(self) -> Result<MailRow, StoreError> {
        let corrupt = |column: &str| StoreError::Corrupt(format!("mails.{column}"));
        let steps: Vec<Step> = match self.steps {
            Some(steps) => serde_json::from_str(&steps).map_err(|_| corrupt("steps"))?,
            None => Vec::new(),
        };
        Ok(MailRow {
            id: MailId(self.id),
            recipient: self.recipient,
            kind: MailKind::from_code(&self.kind).ok_or_else(|| corrupt("kind"))?,
            alerts: self.alert_kind.as_deref().and_then(AlertKind::from_code),
            reference: self.number.map(reference).unwrap_or_default(),
            state: MailState::from_code(&self.state).ok_or_else(|| corrupt("state"))?,
            attempts: self.attempts,
            created_at: self.created_at,
            due_at: self.due_at,
            sent_at: self.sent_at,
            cause: self.cause.as_deref().and_then(Cause::from_code),
            answer: self.answer,
            steps,
        })
    }
}
