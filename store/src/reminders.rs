//! Reminders of tasks: each is written down in the transaction that promises it, so that it comes once, whoever
//! looks how often, and whatever the clock does.

use std::collections::HashMap;

use chrono::{DateTime, Days, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, TryInsertResult};
use shared::alerts::Reason;
use shared::alerts::reminders::{Reminder, reminder};
use shared::time::oslo_date;
use uuid::Uuid;

use crate::alerts::{Recipient, choices_of, tell};
use crate::doors::System;
use crate::entity::{participants, reminders, tasks};
use crate::error::StoreError;
use crate::events::{Event, Kind};
use crate::outbox::due_detail;
use crate::query::among;

/// How many tasks are looked at together.
const AT_ONCE: u64 = 500;
/// How many days before its date a task is looked at: more than the ten working days that anybody can choose.
const DAYS_BEFORE: u64 = 30;
/// How many days after its date, still undone, a task is looked at.
const DAYS_AFTER: u64 = 7 * 27;

impl System {
    /// Promises the reminders whose time has come. Says how many.
    pub async fn remind(&self) -> Result<usize, StoreError> {
        let (db, now) = (self.may().read(), self.may().store().now());
        let today = oslo_date(now);
        let (Some(first), Some(last)) =
            (today.checked_sub_days(Days::new(DAYS_AFTER)), today.checked_add_days(Days::new(DAYS_BEFORE)))
        else {
            return Ok(0);
        };
        let mut reminded = 0;
        let mut after = Uuid::nil();
        loop {
            let tasks = tasks::Entity::find()
                .filter(tasks::Column::DoneAt.is_null())
                .filter(tasks::Column::DueOn.between(first, last))
                .filter(tasks::Column::Id.gt(after))
                .order_by_asc(tasks::Column::Id)
                .limit(AT_ONCE)
                .all(db)
                .await?;
            let Some(latest) = tasks.last() else { return Ok(reminded) };
            after = latest.id;
            for (task, reminder) in self.due_among(tasks, now).await? {
                if self.promise_reminder(&task, reminder).await? {
                    reminded += 1;
                }
            }
        }
    }

    /// The reminders of these tasks that have come due and have not been promised yet.
    async fn due_among(
        &self,
        tasks: Vec<tasks::Model>,
        now: DateTime<Utc>,
    ) -> Result<Vec<(tasks::Model, Reminder)>, StoreError> {
        let db = self.may().read();
        let ids: Vec<Uuid> = tasks.iter().map(|task| task.id).collect();
        let mut assignees: Vec<Uuid> = tasks.iter().map(|task| task.assignee_id).collect();
        assignees.sort_unstable();
        assignees.dedup();
        let choices = choices_of(db, &assignees).await?;
        let told = reminders::Entity::find().filter(among(reminders::Column::TaskId, &ids)).all(db).await?;
        let mut told_of: HashMap<Uuid, Vec<reminders::Model>> = HashMap::new();
        for row in told {
            told_of.entry(row.task_id).or_default().push(row);
        }
        let due = tasks.into_iter().filter_map(|task| {
            let choices = choices.get(&task.assignee_id).cloned().unwrap_or_default();
            let known_since = task.known_since.unwrap_or(task.made_at);
            let reminder = reminder(&choices, task.due_on, known_since, now)?;
            let is_told =
                told_of.get(&task.id).is_some_and(|rows| rows.iter().any(|row| is_same(row, &task, reminder)));
            (!is_told).then_some((task, reminder))
        });
        Ok(due.collect())
    }

    /// Promises one, unless somebody else has just done so, or the task has changed meanwhile.
    async fn promise_reminder(&self, task: &tasks::Model, reminder: Reminder) -> Result<bool, StoreError> {
        let mut tx = self.may().begin().await?;
        let Some((now, participant)) =
            tasks::Entity::find_by_id(task.id).find_also_related(participants::Entity).one(tx.db()).await?
        else {
            return Ok(false);
        };
        let Some(participant) = participant.filter(|_| now == *task) else { return Ok(false) };
        let row = reminders::ActiveModel {
            task_id: Set(task.id),
            user_id: Set(task.assignee_id),
            kind: Set(reminder.kind.code().to_owned()),
            due_on: Set(task.due_on),
            round: Set(reminder.round),
            told_on: Set(oslo_date(tx.now)),
        };
        // Whichever key is met: the same reminder, or another one on the same day.
        let in_any_key = OnConflict::new().do_nothing().to_owned();
        let inserted = reminders::Entity::insert(row).on_conflict(in_any_key).try_insert();
        if !matches!(inserted.exec_without_returning(tx.db()).await?, TryInsertResult::Inserted(1)) {
            return Ok(false);
        }
        let event = Event {
            detail: Some(due_detail(task)),
            ..Event::about(participant.id, Kind::TaskReminded).subject(task.id)
        };
        let event = tx.record(event).await?;
        let assignee = Recipient { user: task.assignee_id, kind: reminder.kind, reason: Reason::Assignee };
        let told = tell(&mut tx, &participant, event, [assignee]).await?;
        tx.commit().await?;
        Ok(told > 0)
    }
}

fn is_same(row: &reminders::Model, task: &tasks::Model, reminder: Reminder) -> bool {
    row.user_id == task.assignee_id
        && row.kind == reminder.kind.code()
        && row.due_on == task.due_on
        && row.round == reminder.round
}
