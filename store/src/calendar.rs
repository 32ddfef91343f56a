//! The secret address at which a person's calendar program reads her open tasks, and what it is given there.

use std::collections::HashMap;
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::accounts::initials;
use shared::calendar::{Calendar, CalendarAddress, CalendarTask};
use shared::error::AppError;
use shared::id::{OrganisationId, ParticipantId, TaskId};
use shared::outbox::ContentLevel;
use shared::participants::reference;
use shared::tasks::TASKS_SHOWN;
use uuid::Uuid;

use crate::accounts::{hash_of, me, new_token};
use crate::doors::{SignedIn, Visitor};
use crate::entity::{calendars, coverage, events, organisations, participants, tasks, users};
use crate::error::StoreError;
use crate::events::Kind;
use crate::query::among;

/// How exactly it is remembered when a calendar was read, in minutes: not each reading is worth a write.
const READ_MINUTES: i64 = 60;

/// The secret part of an address, of which only a hash is kept: 256 random bits, in hexadecimal.
#[derive(Clone)]
pub struct CalendarSecret(String);

impl CalendarSecret {
    /// The secret as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CalendarSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CalendarSecret(…)")
    }
}

impl SignedIn {
    /// This person's secret address, if she has one, and whether `secret` is the one in it.
    pub async fn calendar_address(&self, secret: Option<&str>) -> Result<Option<(CalendarAddress, bool)>, StoreError> {
        let permit = self.may_use_own_desk();
        let row = calendars::Entity::find_by_id(self.me().id.0).one(permit.read()).await?;
        Ok(row.map(|row| {
            let is_it = secret.is_some_and(|secret| hash_of(secret) == row.secret_hash);
            (CalendarAddress { made_at: row.made_at, read_at: row.read_at }, is_it)
        }))
    }

    /// Makes a new secret address. The one before it leads nowhere from now on.
    pub async fn make_calendar_address(&self) -> Result<CalendarSecret, StoreError> {
        let tx = self.may_use_own_desk().begin().await?;
        let secret = CalendarSecret(new_token());
        let row = calendars::ActiveModel {
            user_id: Set(self.me().id.0),
            secret_hash: Set(hash_of(secret.as_str())),
            made_at: Set(tx.now),
            read_at: Set(None),
        };
        let instead = OnConflict::column(calendars::Column::UserId)
            .update_columns([calendars::Column::SecretHash, calendars::Column::MadeAt, calendars::Column::ReadAt])
            .to_owned();
        calendars::Entity::insert(row).on_conflict(instead).exec_without_returning(tx.db()).await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Takes the secret address away. Doing it twice changes nothing.
    pub async fn remove_calendar_address(&self) -> Result<(), StoreError> {
        let tx = self.may_use_own_desk().begin().await?;
        calendars::Entity::delete_by_id(self.me().id.0).exec(tx.db()).await?;
        tx.commit().await
    }
}

impl Visitor {
    /// The open tasks of the person with this secret address, as she may see them now. [`AppError::NotFound`] if
    /// nobody has it (any more).
    pub async fn calendar(&self, secret: &str) -> Result<Calendar, StoreError> {
        let permit = self.may_read_calendar();
        let db = permit.read();
        let rows = calendars::Entity::find()
            .find_also_related(users::Entity)
            .and_also_related(coverage::Entity)
            .filter(calendars::Column::SecretHash.eq(hash_of(secret)))
            .all(db)
            .await?;
        let covered = rows.iter().filter_map(|(.., covered)| covered.as_ref());
        let covered: Vec<_> = covered.map(|row| OrganisationId(row.organisation_id)).collect();
        let (calendar, user, _) = rows.into_iter().next().ok_or(AppError::NotFound)?;
        let user = user.filter(|user| user.active).ok_or(AppError::NotFound)?;
        let person = SignedIn::new(permit.store(), me(user, covered)?);
        let tasks = person.calendar_tasks(db).await?;

        let now = permit.store().now();
        if calendar.read_at.is_none_or(|read_at| now - read_at > TimeDelta::minutes(READ_MINUTES)) {
            let tx = permit.begin().await?;
            calendars::Entity::update_many()
                .col_expr(calendars::Column::ReadAt, now.into())
                .filter(calendars::Column::SecretHash.eq(calendar.secret_hash))
                .exec(tx.db())
                .await?;
            tx.commit().await?;
        }
        Ok(Calendar { locale: person.me().locale, tasks })
    }
}

impl SignedIn {
    async fn calendar_tasks(&self, db: &impl ConnectionTrait) -> Result<Vec<CalendarTask>, StoreError> {
        let rows = tasks::Entity::find()
            .find_also_related(participants::Entity)
            .filter(tasks::Column::AssigneeId.eq(self.me().id.0))
            .filter(tasks::Column::DoneAt.is_null())
            .filter(self.sees_participants())
            .order_by_asc(tasks::Column::DueOn)
            .order_by_asc(tasks::Column::Id)
            .limit(TASKS_SHOWN)
            .all(db)
            .await?;
        let rows: Vec<_> = rows.into_iter().filter_map(|(task, participant)| Some((task, participant?))).collect();
        let levels = levels(db, &rows).await?;
        let changes = latest_changes(db, &rows).await?;
        let tasks = rows.into_iter().map(|(task, participant)| {
            let level = levels.get(&participant.inn_unit_id).copied().unwrap_or_default();
            CalendarTask {
                id: TaskId(task.id),
                participant: ParticipantId(participant.id),
                reference: reference(participant.number),
                who: match level {
                    ContentLevel::Nothing => None,
                    ContentLevel::Initials => Some(initials(&participant.name)),
                    ContentLevel::Full => Some(participant.name),
                },
                title: (level == ContentLevel::Full).then_some(task.title),
                due: task.due_on,
                version: task.version,
                changed_at: changes.get(&task.id).copied().unwrap_or(task.made_at),
            }
        });
        Ok(tasks.collect())
    }
}

/// What mails about the participants of each unit may tell; a calendar tells no more.
async fn levels(
    db: &impl ConnectionTrait,
    rows: &[(tasks::Model, participants::Model)],
) -> Result<HashMap<Uuid, ContentLevel>, StoreError> {
    let units: Vec<Uuid> = rows.iter().map(|(_, participant)| participant.inn_unit_id).collect();
    let units = organisations::Entity::find().filter(among(organisations::Column::Id, &units)).all(db).await?;
    let levels =
        units.into_iter().map(|unit| (unit.id, ContentLevel::from_code(&unit.mail_content).unwrap_or_default()));
    Ok(levels.collect())
}

/// When each task was last made, changed or opened again.
async fn latest_changes(
    db: &impl ConnectionTrait,
    rows: &[(tasks::Model, participants::Model)],
) -> Result<HashMap<Uuid, DateTime<Utc>>, StoreError> {
    // By participant too, since events are found by that.
    let participants: Vec<Uuid> = rows.iter().map(|(_, participant)| participant.id).collect();
    let tasks: Vec<Uuid> = rows.iter().map(|(task, _)| task.id).collect();
    let kinds = [Kind::TaskMade, Kind::TaskChanged, Kind::TaskReopened].map(Kind::code);
    let changes: Vec<(Uuid, DateTime<Utc>)> = events::Entity::find()
        .select_only()
        .column(events::Column::SubjectId)
        .column_as(events::Column::At.max(), "latest")
        .filter(among(events::Column::ParticipantId, &participants))
        .filter(among(events::Column::SubjectId, &tasks))
        .filter(events::Column::Kind.is_in(kinds))
        .group_by(events::Column::SubjectId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(changes.into_iter().collect())
}
