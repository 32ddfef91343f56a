//! Tasks that come back: doing one makes the next, and taking that back takes the next one away.

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use shared::alerts::{AlertKind, Reason, Recalled};
use shared::tasks::Repeat;
use shared::time::oslo_date;
use uuid::Uuid;

use super::items::items_of;
use super::untouched::take_away;
use super::{Made, make};
use crate::alerts::Recipient;
use crate::doors::Tx;
use crate::entity::{participants, tasks};
use crate::error::StoreError;
use crate::people::people_around;

/// How a task comes back.
pub(super) fn repeat_of(task: &tasks::Model) -> Result<Option<Repeat>, StoreError> {
    let read = |text| serde_json::from_str(text).map_err(|error| StoreError::Corrupt(format!("tasks.repeat: {error}")));
    task.repeat.as_deref().map(read).transpose()
}

/// The rule as the database keeps it.
pub(super) fn kept(repeat: Option<&Repeat>) -> Result<Option<String>, StoreError> {
    let write = |rule| serde_json::to_string(rule).map_err(|error| StoreError::Corrupt(error.to_string()));
    repeat.map(write).transpose()
}

/// Makes the task that follows one that has just been done, if it comes back and none follows it yet.
pub(super) async fn make_next(tx: &mut Tx, participant: &participants::Model, done: Uuid) -> Result<(), StoreError> {
    let Some(done) = tasks::Entity::find_by_id(done).one(tx.db()).await? else { return Ok(()) };
    let next = repeat_of(&done)?.and_then(|rule| rule.next(oslo_date(tx.now)));
    let Some((due, repeat)) = next else { return Ok(()) };
    if tasks::Entity::find().filter(tasks::Column::FollowsId.eq(done.id)).count(tx.db()).await? > 0 {
        return Ok(());
    }
    // Whoever can't do it any more does not keep it from coming back.
    let around = people_around(tx.db(), participant).await?;
    let can_do_it = around.iter().any(|person| person.id.0 == done.assignee_id);
    let assignee = if can_do_it { done.assignee_id } else { tx.by.unwrap_or(done.assignee_id) };
    let items = items_of(tx.db(), &[done.id]).await?.remove(&done.id).unwrap_or_default();
    let next = Made {
        title: done.title,
        description: done.description,
        assignee,
        due,
        items: items.into_iter().map(|item| item.text).collect(),
        repeat: Some(repeat),
        follows: Some(done.id),
    };
    let (_, event, telling) = make(tx, participant, next).await?;
    telling.promise(tx, participant, event).await?;
    Ok(())
}

/// Takes the task that follows one away again, unless somebody has done something with it. Whoever had got a mail
/// about it is among those to be told.
pub(super) async fn take_back_next(tx: &Tx, task: Uuid) -> Result<(Recalled, Vec<Recipient>), StoreError> {
    let next = tasks::Entity::find().filter(tasks::Column::FollowsId.eq(task)).one(tx.db()).await?;
    let Some(next) = next else { return Ok((Recalled::default(), Vec::new())) };
    let (recalled, misled) = take_away(tx, next.id).await?;
    let told = |user| Recipient { user, kind: AlertKind::TaskChanged, reason: Reason::Assignee };
    Ok((recalled, misled.into_iter().map(told).collect()))
}
