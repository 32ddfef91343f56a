//! Tasks: making them, doing them, and the list of one's own.

mod items;
mod repeat;
mod untouched;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::access::Action;
use shared::accounts::Person;
use shared::alerts::{AlertKind, Reason, Recalled};
use shared::error::{AppError, Problem};
use shared::id::{ParticipantId, TaskId, UserId};
use shared::participants::reference;
use shared::tasks::{ItemText, NewTask, Repeat, TASKS_SHOWN, Task, TaskForm};
use shared::text::Text;
use uuid::Uuid;

use crate::alerts::{Audience, Recipient, Telling, recall, tell, telling_within, told_by_mail};
use crate::doors::{Permit, SignedIn, Tx};
use crate::entity::{events, participants, tasks, users};
use crate::error::StoreError;
use crate::events::{Event, Kind, built_upon, changed_by};
use crate::people::{people, people_around};
use crate::query::among;
use items::{add_items, change_items, items_of};
use repeat::{kept, make_next, repeat_of, take_back_next};
pub(crate) use untouched::take_away;

/// The most done tasks that a record shows.
const DONE_SHOWN: u64 = 20;
/// What people do with a task that is there.
const CHANGES: [Kind; 3] = [Kind::TaskDone, Kind::TaskReopened, Kind::TaskChanged];

impl SignedIn {
    /// A participant's name and reference, and who can get a task about her.
    pub async fn task_choices(&self, id: ParticipantId) -> Result<(String, String, Vec<Person>), StoreError> {
        let (permit, participant) = self.participant(id, Action::WorkWithTasks).await?;
        let people = people_around(permit.read(), &participant).await?;
        Ok((participant.name, reference(participant.number), people))
    }

    /// Makes a task and tells the assignee, unless that is the one who makes it.
    pub async fn add_task(&self, form: &TaskForm) -> Result<TaskId, StoreError> {
        let (permit, participant) = self.participant(form.participant, Action::WorkWithTasks).await?;
        let new = form.parse(self.today())?;
        let mut tx = permit.begin().await?;
        let id = add_task(&mut tx, &participant, new).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// One task, for changing it, and who can get it.
    pub async fn open_task(&self, id: TaskId) -> Result<(Task, Vec<Person>), StoreError> {
        let (permit, task, participant) = self.task(id, Action::WorkWithTasks).await?;
        let people = people_around(permit.read(), &participant).await?;
        let mut tasks = with_people(permit.read(), vec![(task, Some(participant))]).await?;
        Ok((tasks.pop().ok_or(AppError::NotFound)?, people))
    }

    /// Changes a task. Refused with [`AppError::Changed`] if somebody else changed it since `version`.
    /// A new assignee is told.
    pub async fn change_task(&self, id: TaskId, version: i32, form: &TaskForm) -> Result<(), StoreError> {
        let (permit, task, participant) = self.task(id, Action::WorkWithTasks).await?;
        let new = form.parse(self.today())?;
        let repeat = going_on(&task, &new)?;
        let items = items_of(permit.read(), &[task.id]).await?.remove(&task.id).unwrap_or_default();
        let has_same_items = items.iter().map(|item| item.text.as_str()).eq(new.items.iter().map(ItemText::as_str));
        let is_same = task.title == new.title.as_str()
            && task.description == new.description.as_ref().map(Text::as_str).unwrap_or_default()
            && (task.assignee_id, task.due_on, task.version) == (new.assignee.0, new.due, version)
            && (has_same_items, &task.repeat) == (true, &repeat);
        if is_same {
            return Ok(());
        }
        let changes_plan = (task.assignee_id, task.due_on) != (new.assignee.0, new.due);
        let mut tx = permit.begin().await?;
        check_assignee(&tx, &participant, new.assignee).await?;
        let known_since = if changes_plan { Some(tx.now) } else { task.known_since };
        let updated = tasks::Entity::update_many()
            .set(tasks::ActiveModel {
                title: Set(new.title.into()),
                description: Set(new.description.map(String::from).unwrap_or_default()),
                assignee_id: Set(new.assignee.0),
                due_on: Set(new.due),
                repeat: Set(repeat),
                known_since: Set(known_since),
                version: Set(version.saturating_add(1)),
                ..Default::default()
            })
            .filter(tasks::Column::Id.eq(task.id))
            .filter(tasks::Column::Version.eq(version))
            .exec(tx.db())
            .await?;
        if updated.rows_affected != 1 {
            let first = events::Entity::find()
                .filter(events::Column::Kind.eq(Kind::TaskChanged.code()))
                .filter(events::Column::SubjectId.eq(task.id))
                .order_by_desc(events::Column::Number)
                .one(tx.db())
                .await?;
            return Err(changed_by(tx.db(), first).await?);
        }
        if !has_same_items {
            change_items(&tx, task.id, new.items).await?;
        }
        let event = tx.record(Event::about(participant.id, Kind::TaskChanged).subject(task.id)).await?;
        let recipient = |user, kind, reason| Recipient { user, kind, reason };
        let mut recipients = vec![recipient(task.assignee_id, AlertKind::TaskChanged, Reason::Assignee)];
        if task.assignee_id != new.assignee.0 {
            recipients.push(recipient(new.assignee.0, AlertKind::TaskAssigned, Reason::Assignee));
        }
        recipients.extend(task.made_by_id.map(|maker| recipient(maker, AlertKind::TaskChanged, Reason::MadeTask)));
        tell(&mut tx, &participant, event, recipients).await?;
        tx.commit().await
    }

    /// Marks a task as done, or as not done after all. Doing it twice changes nothing. A task that comes back makes
    /// the next one when it is done, and takes it away when it is not, unless somebody has begun with it.
    pub async fn set_task_done(&self, id: TaskId, done: bool) -> Result<(), StoreError> {
        let (permit, task, participant) = self.task(id, Action::WorkWithTasks).await?;
        let audience = Audience::of(permit.read(), &participant).await?;
        let mut tx = permit.begin().await?;
        let (is_other_way, kind) = if done {
            (tasks::Column::DoneAt.is_null(), Kind::TaskDone)
        } else {
            (tasks::Column::DoneAt.is_not_null(), Kind::TaskReopened)
        };
        let updated = tasks::Entity::update_many()
            .col_expr(tasks::Column::DoneAt, done.then_some(tx.now).into())
            .col_expr(tasks::Column::DoneById, tx.by.filter(|_| done).into())
            .filter(tasks::Column::Id.eq(task.id))
            .filter(is_other_way)
            .exec(tx.db())
            .await?;
        if updated.rows_affected == 1 {
            let event = tx.record(Event::about(task.participant_id, kind).subject(task.id)).await?;
            let recipient = |user, kind, reason| Recipient { user, kind, reason };
            let mut recipients = Vec::new();
            if done {
                recipients.extend(task.made_by_id.map(|maker| recipient(maker, AlertKind::TaskDone, Reason::MadeTask)));
                recipients.extend(audience.followers(AlertKind::TaskDone));
            } else {
                recipients.push(recipient(task.assignee_id, AlertKind::TaskChanged, Reason::Assignee));
                recipients.extend(take_back_done(&tx, task.id).await?.1);
            }
            tell(&mut tx, &participant, event, recipients).await?;
            if done {
                make_next(&mut tx, &participant, task.id).await?;
            }
        }
        tx.commit().await
    }

    /// Takes back that this person has done a task, as if it had never been done: alerts that have not been sent are
    /// taken back too, and whoever had got a mail is told that it is open again.
    ///
    /// Refused with [`AppError::BuiltUpon`] if somebody else has changed, opened or done the task since.
    pub async fn undo_task_done(&self, id: TaskId) -> Result<Recalled, StoreError> {
        let (permit, task, participant) = self.task(id, Action::WorkWithTasks).await?;
        let mut tx = permit.begin().await?;
        let updated = tasks::Entity::update_many()
            .col_expr(tasks::Column::DoneAt, None::<DateTime<Utc>>.into())
            .col_expr(tasks::Column::DoneById, None::<Uuid>.into())
            .filter(tasks::Column::Id.eq(task.id))
            .filter(tasks::Column::DoneById.eq(self.me().id.0))
            .exec(tx.db())
            .await?;
        let latest = events::Entity::find()
            .filter(events::Column::SubjectId.eq(task.id))
            .filter(events::Column::Kind.is_in(CHANGES.map(Kind::code)))
            .order_by_desc(events::Column::Number)
            .one(tx.db())
            .await?;
        let by_other = latest.filter(|latest| latest.by_id != tx.by);
        if let Some(latest) = by_other {
            return Err(built_upon(tx.db(), vec![(task.title, latest.by_id, latest.at)]).await?);
        }
        if updated.rows_affected != 1 {
            // It has been taken back already.
            return Ok(Recalled::default());
        }
        let event = tx.record(Event::about(participant.id, Kind::TaskReopened).subject(task.id)).await?;
        let (recalled, misled) = take_back_done(&tx, task.id).await?;
        tell(&mut tx, &participant, event, misled).await?;
        tx.commit().await?;
        Ok(recalled)
    }

    /// This person's open tasks over all tracks, by date, and those done today.
    pub async fn my_tasks(&self) -> Result<(Vec<Task>, Vec<Task>), StoreError> {
        let permit = self.may_use_own_desk();
        let mine = || {
            tasks::Entity::find()
                .find_also_related(participants::Entity)
                .filter(tasks::Column::AssigneeId.eq(self.me().id.0))
                .filter(self.sees_participants())
        };
        let open = mine()
            .filter(tasks::Column::DoneAt.is_null())
            .order_by_asc(tasks::Column::DueOn)
            .order_by_asc(tasks::Column::Id)
            .limit(TASKS_SHOWN)
            .all(permit.read())
            .await?;
        let done = mine()
            .filter(tasks::Column::DoneAt.gt(self.now() - chrono::TimeDelta::hours(24)))
            .order_by_desc(tasks::Column::DoneAt)
            .limit(DONE_SHOWN)
            .all(permit.read())
            .await?;
        Ok((with_people(permit.read(), open).await?, with_people(permit.read(), done).await?))
    }

    /// A participant's tasks for the record: open ones by date, then the latest done ones.
    pub(crate) async fn tasks_about(
        &self,
        permit: &Permit,
        participant: &participants::Model,
    ) -> Result<Vec<Task>, StoreError> {
        let about = || tasks::Entity::find().filter(tasks::Column::ParticipantId.eq(participant.id));
        let mut rows = about()
            .filter(tasks::Column::DoneAt.is_null())
            .order_by_asc(tasks::Column::DueOn)
            .limit(TASKS_SHOWN)
            .all(permit.read())
            .await?;
        rows.extend(
            about()
                .filter(tasks::Column::DoneAt.is_not_null())
                .order_by_desc(tasks::Column::DoneAt)
                .limit(DONE_SHOWN)
                .all(permit.read())
                .await?,
        );
        let rows = rows.into_iter().map(|row| (row, Some(participant.clone()))).collect();
        with_people(permit.read(), rows).await
    }
}

/// Makes a task; the work of both form and demo.
pub(crate) async fn add_task(
    tx: &mut Tx,
    participant: &participants::Model,
    new: NewTask,
) -> Result<TaskId, StoreError> {
    let (id, event, telling) = add_untold_task(tx, participant, new).await?;
    telling.promise(tx, participant, event).await?;
    Ok(id)
}

/// The same, but nobody is told of its event yet.
pub(crate) async fn add_untold_task(
    tx: &Tx,
    participant: &participants::Model,
    new: NewTask,
) -> Result<(TaskId, i64, Telling), StoreError> {
    check_assignee(tx, participant, new.assignee).await?;
    let made = Made {
        title: new.title.into(),
        description: new.description.map(String::from).unwrap_or_default(),
        assignee: new.assignee.0,
        due: new.due,
        items: new.items.into_iter().map(String::from).collect(),
        repeat: new.repeat,
        follows: None,
    };
    make(tx, participant, made).await
}

/// A task that is made, by a person or by the one before it.
struct Made {
    title: String,
    description: String,
    assignee: Uuid,
    due: NaiveDate,
    items: Vec<String>,
    repeat: Option<Repeat>,
    follows: Option<Uuid>,
}

async fn make(tx: &Tx, participant: &participants::Model, made: Made) -> Result<(TaskId, i64, Telling), StoreError> {
    let id = Uuid::now_v7();
    tasks::Entity::insert(tasks::ActiveModel {
        id: Set(id),
        participant_id: Set(participant.id),
        title: Set(made.title),
        description: Set(made.description),
        assignee_id: Set(made.assignee),
        due_on: Set(made.due),
        version: Set(1),
        made_by_id: Set(tx.by),
        made_at: Set(tx.now),
        known_since: Set(Some(tx.now)),
        done_at: Set(None),
        done_by_id: Set(None),
        repeat: Set(kept(made.repeat.as_ref())?),
        follows_id: Set(made.follows),
    })
    .exec_without_returning(tx.db())
    .await?;
    add_items(tx, id, made.items).await?;
    let event = tx.record(Event::about(participant.id, Kind::TaskMade).subject(id)).await?;
    let assignee = Recipient { user: made.assignee, kind: AlertKind::TaskAssigned, reason: Reason::Assignee };
    Ok((TaskId(id), event, telling_within(tx, participant, [assignee]).await?))
}

/// The rule of a changed task, as the database keeps it: with the same date it goes on being counted as before.
fn going_on(task: &tasks::Model, new: &NewTask) -> Result<Option<String>, StoreError> {
    let before = repeat_of(task)?.filter(|_| task.due_on == new.due);
    let repeat = match (new.repeat.clone(), before) {
        (Some(repeat), Some(before)) => Some(repeat.going_on_from(&before)),
        (repeat, _) => repeat,
    };
    kept(repeat.as_ref())
}

/// Takes back that a task was done, and the next one that this has made. Whoever had got a mail about it is told that
/// it is open again.
async fn take_back_done(tx: &Tx, task: Uuid) -> Result<(Recalled, Vec<Recipient>), StoreError> {
    let done = events::Entity::find()
        .filter(events::Column::Kind.eq(Kind::TaskDone.code()))
        .filter(events::Column::SubjectId.eq(task))
        .order_by_desc(events::Column::Number)
        .one(tx.db())
        .await?;
    let Some(done) = done else { return Ok((Recalled::default(), Vec::new())) };
    let mut recalled = recall(tx, done.number).await?;
    let misled = told_by_mail(tx, done.number).await?.into_iter();
    let misled = misled.map(|user| Recipient { user, kind: AlertKind::TaskChanged, reason: Reason::Follows });
    let (next_recalled, misled_by_next) = take_back_next(tx, task).await?;
    recalled.withdrawn += next_recalled.withdrawn;
    recalled.gone += next_recalled.gone;
    Ok((recalled, misled.chain(misled_by_next).collect()))
}

async fn check_assignee(tx: &Tx, participant: &participants::Model, assignee: UserId) -> Result<(), StoreError> {
    let people = people_around(tx.db(), participant).await?;
    if people.iter().any(|person| person.id == assignee) {
        Ok(())
    } else {
        Err(AppError::field("assignee", Problem::NoAccess).into())
    }
}

/// Rows as tasks, with the names of those who shall do them.
async fn with_people(
    db: &impl ConnectionTrait,
    rows: Vec<(tasks::Model, Option<participants::Model>)>,
) -> Result<Vec<Task>, StoreError> {
    let assignees: Vec<Uuid> = rows.iter().map(|(task, _)| task.assignee_id).collect();
    let assignees = people(db, sea_orm::Condition::all().add(among(users::Column::Id, &assignees))).await?;
    let ids: Vec<Uuid> = rows.iter().map(|(task, _)| task.id).collect();
    let mut items = items_of(db, &ids).await?;
    let tasks = rows.into_iter().map(|(task, participant)| {
        let repeat = repeat_of(&task)?;
        let (name, number) = participant.map(|row| (row.name, row.number)).unwrap_or_default();
        let assignee = assignees.iter().find(|person| person.id.0 == task.assignee_id).cloned();
        Ok(Task {
            id: TaskId(task.id),
            participant: ParticipantId(task.participant_id),
            participant_name: name,
            participant_reference: reference(number),
            title: task.title,
            description: task.description,
            assignee: assignee.unwrap_or_else(|| nobody(task.assignee_id)),
            due: task.due_on,
            version: task.version,
            done_at: task.done_at,
            items: items.remove(&task.id).unwrap_or_default(),
            repeat,
        })
    });
    tasks.collect()
}

/// An assignee whose account is closed.
fn nobody(id: Uuid) -> Person {
    Person { id: UserId(id), name: String::new(), organisation: String::new() }
}
