//! Alerts: promising them together with what they tell about, and taking them back.

mod audience;
mod choices;
mod history;
mod list;

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use shared::alerts::choices::{Choices, Way};
use shared::alerts::{AlertKind, Recalled, Subject, TOLD_FOR_MINUTES, Unmailed};
use shared::id::{NoteId, TaskId};
use shared::outbox::{ContentLevel, MailKind, MailState};
use shared::time::oslo_date;
use uuid::Uuid;

use self::audience::Told;
pub(crate) use self::audience::{Audience, Recipient, Telling};
pub use self::choices::Unsubscribe;
pub(crate) use self::choices::{absent_with_deputy, choices_of};
pub use self::history::AlertHistory;
pub(crate) use self::list::reason_of;
use crate::doors::Tx;
use crate::entity::{alerts, events, mails, participants};
use crate::error::StoreError;
use crate::events::Kind;
use crate::outbox::content_level;
use crate::people::people_around;
use crate::query::among;

impl Telling {
    /// Promises an alert to each, and a mail to those who want one, in the transaction of the event itself:
    /// either all of it lasts or nothing happened. Says how many are told.
    pub(crate) async fn promise(
        &self,
        tx: &mut Tx,
        participant: &participants::Model,
        event: i64,
    ) -> Result<usize, StoreError> {
        self.promise_in(tx, participant, event, &HashMap::new()).await
    }

    /// The same, where some have one mail about several participants: it, by person.
    async fn promise_in(
        &self,
        tx: &mut Tx,
        participant: &participants::Model,
        event: i64,
        together: &HashMap<Uuid, Uuid>,
    ) -> Result<usize, StoreError> {
        if self.0.is_empty() {
            return Ok(0);
        }
        hold(tx, participant.id).await?;
        let open = OpenMails::load(tx, participant, &self.0).await?;
        let (mut new_alerts, mut new_mails) = (Vec::new(), Vec::new());
        for told in &self.0 {
            let mail = match told.choices.due(told.kind, tx.now) {
                _ if told.is_passed_on => Err(Unmailed::PassedOn),
                None => Err(Unmailed::Off),
                Some(due) if told.choices.way(told.kind) == Way::Digest => {
                    Ok(promise_digest(tx, told.user, &told.choices, due).await?)
                }
                Some(due) => Ok(match (together.get(&told.user), open.find(told)) {
                    (Some(mail), _) => *mail,
                    (None, Open::Tells(mail)) => mail,
                    (None, Open::No(earliest)) => {
                        let mail = mail(tx, told, participant.id, earliest.map_or(due, |earliest| earliest.max(due)));
                        let id = mail.id;
                        tx.wakes_mailer |= mail.due_at <= tx.now;
                        new_mails.push(mails::ActiveModel::from(mail));
                        id
                    }
                }),
            };
            new_alerts.push(alerts::ActiveModel {
                id: Set(Uuid::now_v7()),
                event_number: Set(event),
                recipient_id: Set(told.user),
                kind: Set(told.kind.code().to_owned()),
                reason: Set(told.reason.code().to_owned()),
                on_behalf_of_id: Set(told.on_behalf_of),
                mail_id: Set(mail.ok()),
                unmailed: Set(mail.err().map(|unmailed| unmailed.code().to_owned())),
                withdrawn_at: Set(None),
                read_at: Set(None),
            });
        }
        if !new_mails.is_empty() {
            mails::Entity::insert_many(new_mails).exec_without_returning(tx.db()).await?;
        }
        alerts::Entity::insert_many(new_alerts).exec_without_returning(tx.db()).await?;
        Ok(self.0.iter().filter(|told| !told.is_passed_on).count())
    }
}

/// What somebody does with several participants at once: each of them, the event, and who is told of it.
pub(crate) type Together = Vec<(participants::Model, i64, Telling)>;

/// Tells of the same thing done to several participants. Whoever is told of more than one of them gets one mail.
pub(crate) async fn tell_together(tx: &mut Tx, mut all: Together) -> Result<(), StoreError> {
    // In one order, so that two who tell of the same participants at the same time do not wait for each other.
    all.sort_unstable_by_key(|(participant, ..)| participant.id);
    let mut told_now: HashMap<Uuid, Vec<&Told>> = HashMap::new();
    for told in all.iter().flat_map(|(.., telling)| &telling.0) {
        if !told.is_passed_on && told.choices.way(told.kind) == Way::Now {
            told_now.entry(told.user).or_default().push(told);
        }
    }
    let mut together = HashMap::new();
    let mut new_mails = Vec::new();
    for (user, told) in told_now {
        let [one, _, ..] = &told[..] else { continue };
        let Some(due) = one.choices.due(one.kind, tx.now) else { continue };
        let kind = Some(one.kind.code().to_owned());
        let mail = mails::Model { alert_kind: kind, ..new_mail(MailKind::Several, user, tx.now, due) };
        tx.wakes_mailer |= due <= tx.now;
        together.insert(user, mail.id);
        new_mails.push(mails::ActiveModel::from(mail));
    }
    if !new_mails.is_empty() {
        mails::Entity::insert_many(new_mails).exec_without_returning(tx.db()).await?;
    }
    for (participant, event, telling) in &all {
        telling.promise_in(tx, participant, *event, &together).await?;
    }
    Ok(())
}

/// Tells some people of an event, as far as they may see the participant. Says how many are told.
pub(crate) async fn tell(
    tx: &mut Tx,
    participant: &participants::Model,
    event: i64,
    recipients: impl IntoIterator<Item = Recipient>,
) -> Result<usize, StoreError> {
    telling_within(tx, participant, recipients).await?.promise(tx, participant, event).await
}

/// Those of some people who will be told, as far as they may see the participant.
pub(crate) async fn telling_within(
    tx: &Tx,
    participant: &participants::Model,
    recipients: impl IntoIterator<Item = Recipient>,
) -> Result<Telling, StoreError> {
    let readers: Vec<Uuid> = people_around(tx.db(), participant).await?.into_iter().map(|person| person.id.0).collect();
    Telling::prepare(tx.db(), oslo_date(tx.now), tx.by, &readers, recipients).await
}

/// Takes back all alerts about an event: those whose mail has not been handed to a mail server are never
/// mailed, and all of them disappear from the recipients' lists.
pub(crate) async fn recall(tx: &Tx, event: i64) -> Result<Recalled, StoreError> {
    let rows = alerts::Entity::find().filter(alerts::Column::EventNumber.eq(event)).all(tx.db()).await?;
    let mail_ids: Vec<Uuid> = rows.iter().filter_map(|alert| alert.mail_id).collect();
    let mut mails = mails::Entity::find().filter(among(mails::Column::Id, &mail_ids));
    if tx.is_postgres() {
        // Whoever is about to send one of them comes before or after this, not meanwhile.
        mails = mails.lock(LockType::Update);
    }
    let mails = mails.all(tx.db()).await?;
    let has_gone = |alert: &&alerts::Model| {
        let mail = mails.iter().find(|mail| Some(mail.id) == alert.mail_id);
        mail.is_some_and(|mail| mail.state == MailState::Sent.code() || is_claimed(mail, tx.now))
    };
    let (gone, waiting): (Vec<_>, Vec<_>) = rows.iter().filter(|alert| alert.mail_id.is_some()).partition(has_gone);
    let waiting: Vec<Uuid> = waiting.into_iter().map(|alert| alert.id).collect();
    alerts::Entity::update_many()
        .set(alerts::ActiveModel {
            mail_id: Set(None),
            unmailed: Set(Some(Unmailed::Withdrawn.code().to_owned())),
            ..Default::default()
        })
        .filter(among(alerts::Column::Id, &waiting))
        .exec(tx.db())
        .await?;
    alerts::Entity::update_many()
        .col_expr(alerts::Column::WithdrawnAt, Some(tx.now).into())
        .filter(alerts::Column::EventNumber.eq(event))
        .exec(tx.db())
        .await?;
    drop_empty(tx, &mail_ids).await?;
    Ok(Recalled { withdrawn: waiting.len(), gone: gone.len() })
}

/// Whoever has been told of an event by a mail that can't be taken back.
pub(crate) async fn told_by_mail(tx: &Tx, event: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(alerts::Entity::find()
        .select_only()
        .column(alerts::Column::RecipientId)
        .filter(alerts::Column::EventNumber.eq(event))
        .filter(alerts::Column::MailId.is_not_null())
        .into_tuple()
        .all(tx.db())
        .await?)
}

/// Whoever knows of an event although its alerts were taken back: by a mail that had gone, or because she had seen it.
pub(crate) async fn knowing(db: &impl ConnectionTrait, event: i64) -> Result<Vec<Uuid>, StoreError> {
    let rows = alerts::Entity::find().filter(alerts::Column::EventNumber.eq(event)).all(db).await?.into_iter();
    let had_seen = |alert: &alerts::Model| alert.read_at.is_some_and(|read| Some(read) < alert.withdrawn_at);
    Ok(rows.filter(|alert| alert.mail_id.is_some() || had_seen(alert)).map(|alert| alert.recipient_id).collect())
}

/// Makes room for telling anew of an event whose alerts were taken back. Those who know of it find their alerts
/// again.
pub(crate) async fn unwithdraw(tx: &Tx, event: i64, knowing: &[Uuid]) -> Result<(), StoreError> {
    alerts::Entity::update_many()
        .col_expr(alerts::Column::WithdrawnAt, None::<DateTime<Utc>>.into())
        .filter(alerts::Column::EventNumber.eq(event))
        .filter(among(alerts::Column::RecipientId, knowing))
        .exec(tx.db())
        .await?;
    alerts::Entity::delete_many()
        .filter(alerts::Column::EventNumber.eq(event))
        .filter(alerts::Column::WithdrawnAt.is_not_null())
        .exec(tx.db())
        .await?;
    Ok(())
}

/// What an alert about an event is about.
pub(crate) fn subject_of(event: &events::Model) -> Result<Subject, StoreError> {
    let id = || event.subject_id.ok_or_else(|| StoreError::Corrupt("events.subject_id".into()));
    Ok(match Kind::from_code(&event.kind)? {
        Kind::NoteWritten => Subject::Note(NoteId(id()?)),
        Kind::TaskMade
        | Kind::TaskChanged
        | Kind::TaskDone
        | Kind::TaskReopened
        | Kind::TaskItemDone
        | Kind::TaskItemReopened
        | Kind::TaskReminded => Subject::Task(TaskId(id()?)),
        Kind::Enrolled | Kind::Moved | Kind::Placed | Kind::NoteDeleted | Kind::NoteRestored | Kind::Changed => {
            Subject::Record
        }
    })
}

/// The kind of an alert, from its row.
pub(crate) fn kind_of(alert: &alerts::Model) -> Result<AlertKind, StoreError> {
    AlertKind::from_code(&alert.kind).ok_or_else(|| StoreError::Corrupt("alerts.kind".into()))
}

/// Whether somebody is just now trying to send a mail.
pub(crate) fn is_claimed(mail: &mails::Model, now: DateTime<Utc>) -> bool {
    mail.claimed_until.is_some_and(|until| until > now)
}

/// Two who tell of the same participant at the same time shall not both begin a mail. `SQLite` has one writer
/// at a time anyway.
async fn hold(tx: &Tx, participant: Uuid) -> Result<(), StoreError> {
    if tx.is_postgres() {
        participants::Entity::find_by_id(participant).lock(LockType::NoKeyUpdate).one(tx.db()).await?;
    }
    Ok(())
}

/// The mails to which further alerts about one participant can be added.
struct OpenMails {
    mails: Vec<mails::Model>,
    /// Those of them whose recipient has been to see since.
    seen: Vec<Uuid>,
    /// Whether a mail that says that something has happened says it of what happens now too.
    tells_all: bool,
    now: DateTime<Utc>,
}

/// What there is for one more alert.
enum Open {
    /// A mail that tells of it too.
    Tells(Uuid),
    /// None. Where one has just told of the same kind of thing, the next one shall not come before this.
    No(Option<DateTime<Utc>>),
}

impl OpenMails {
    async fn load(tx: &Tx, participant: &participants::Model, told: &[Told]) -> Result<Self, StoreError> {
        let recipients: Vec<Uuid> = told.iter().map(|told| told.user).collect();
        let recently = tx.now - TimeDelta::minutes(TOLD_FOR_MINUTES);
        let is_open = Condition::any()
            .add(Condition::all().add(is_queued()).add(mails::Column::Attempts.eq(0)))
            .add(mails::Column::CreatedAt.gt(recently));
        let mut found = mails::Entity::find()
            .filter(among(mails::Column::RecipientId, &recipients))
            .filter(mails::Column::ParticipantId.eq(participant.id))
            .filter(mails::Column::State.is_in([MailState::Queued.code(), MailState::Sent.code()]))
            .filter(is_open);
        if tx.is_postgres() {
            // A mail that is just being looked at may turn out not to be needed.
            found = found.lock(LockType::Update);
        }
        let mails = found.all(tx.db()).await?;
        let mut open = Self { mails, seen: Vec::new(), tells_all: true, now: tx.now };
        if !open.mails.is_empty() {
            let ids: Vec<Uuid> = open.mails.iter().map(|mail| mail.id).collect();
            open.seen = alerts::Entity::find()
                .select_only()
                .column(alerts::Column::MailId)
                .filter(among(alerts::Column::MailId, &ids))
                .filter(alerts::Column::ReadAt.is_not_null())
                .into_tuple()
                .all(tx.db())
                .await?;
            open.tells_all = content_level(tx.db(), participant).await? != ContentLevel::Full;
        }
        Ok(open)
    }

    fn find(&self, told: &Told) -> Open {
        let is_same = |mail: &&mails::Model| {
            mail.recipient_id == told.user && mail.alert_kind.as_deref() == Some(told.kind.code())
        };
        let Some(latest) = self.mails.iter().filter(is_same).max_by_key(|mail| mail.created_at) else {
            return Open::No(None);
        };
        let is_waiting = latest.state == MailState::Queued.code() && !is_claimed(latest, self.now);
        if is_waiting || (self.tells_all && !self.seen.contains(&latest.id)) {
            Open::Tells(latest.id)
        } else if self.tells_all {
            Open::No(None)
        } else {
            Open::No(Some(latest.created_at + TimeDelta::minutes(TOLD_FOR_MINUTES)))
        }
    }
}

/// A mail with one alert, so far.
fn mail(tx: &Tx, told: &Told, participant: Uuid, due: DateTime<Utc>) -> mails::Model {
    mails::Model {
        participant_id: Some(participant),
        alert_kind: Some(told.kind.code().to_owned()),
        ..new_mail(MailKind::Alerts, told.user, tx.now, due)
    }
}

/// A mail that waits.
pub(crate) fn new_mail(kind: MailKind, recipient: Uuid, now: DateTime<Utc>, due: DateTime<Utc>) -> mails::Model {
    mails::Model {
        id: Uuid::now_v7(),
        kind: kind.code().to_owned(),
        recipient_id: recipient,
        participant_id: None,
        alert_kind: None,
        answer_id: None,
        digest: None,
        state: MailState::Queued.code().to_owned(),
        attempts: 0,
        created_at: now,
        due_at: due,
        claimed_until: None,
        sent_at: None,
        cause: None,
        answer: None,
        steps: None,
    }
}

/// The person's digest of that morning, or of the first one after it that has not been sent.
pub(crate) async fn promise_digest(
    tx: &Tx,
    user: Uuid,
    choices: &Choices,
    due: DateTime<Utc>,
) -> Result<Uuid, StoreError> {
    let mut due = due;
    loop {
        let key = format!("{user} {}", due.timestamp());
        let mail = mails::Model { digest: Some(key.clone()), ..new_mail(MailKind::Digest, user, tx.now, due) };
        mails::Entity::insert(mails::ActiveModel::from(mail))
            .on_conflict_do_nothing_on([mails::Column::Digest])
            .exec_without_returning(tx.db())
            .await?;
        let mut found = mails::Entity::find()
            .filter(mails::Column::Digest.eq(key))
            .filter(is_queued())
            .filter(mails::Column::Attempts.eq(0));
        if tx.is_postgres() {
            found = found.lock(LockType::Update);
        }
        if let Some(mail) = found.one(tx.db()).await? {
            return Ok(mail.id);
        }
        due = choices.next_digest(due);
    }
}

/// Drops those of these mails which have nothing left to tell.
async fn drop_empty(tx: &Tx, mails: &[Uuid]) -> Result<(), StoreError> {
    let alive: Vec<Uuid> = alerts::Entity::find()
        .select_only()
        .column(alerts::Column::MailId)
        .filter(among(alerts::Column::MailId, mails))
        .into_tuple()
        .all(tx.db())
        .await?;
    let empty: Vec<Uuid> = mails.iter().copied().filter(|mail| !alive.contains(mail)).collect();
    mails::Entity::update_many()
        .col_expr(mails::Column::State, MailState::Dropped.code().to_owned().into())
        .filter(among(mails::Column::Id, &empty))
        // A digest may have something else to tell.
        .filter(mails::Column::Digest.is_null())
        .filter(is_queued())
        .exec(tx.db())
        .await?;
    Ok(())
}

pub(crate) fn is_queued() -> Expr {
    mails::Column::State.eq(MailState::Queued.code())
}
