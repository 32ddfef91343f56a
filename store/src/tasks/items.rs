//! The checklists of tasks. A tick writes nothing but its own row, so that two people never undo each other's.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::access::Action;
use shared::id::TaskItemId;
use shared::tasks::{Item, ItemText, matched};
use uuid::Uuid;

use crate::doors::{SignedIn, Tx};
use crate::entity::task_items;
use crate::error::StoreError;
use crate::events::{Event, Kind};
use crate::query::among;

impl SignedIn {
    /// Ticks an item of a checklist, or takes the tick away. Doing it twice changes nothing.
    pub async fn tick_item(&self, id: TaskItemId, done: bool) -> Result<(), StoreError> {
        let (permit, item, task) = self.task_item(id, Action::WorkWithTasks).await?;
        let tx = permit.begin().await?;
        let (is_other_way, kind) = if done {
            (task_items::Column::DoneAt.is_null(), Kind::TaskItemDone)
        } else {
            (task_items::Column::DoneAt.is_not_null(), Kind::TaskItemReopened)
        };
        let updated = task_items::Entity::update_many()
            .col_expr(task_items::Column::DoneAt, done.then_some(tx.now).into())
            .col_expr(task_items::Column::DoneById, tx.by.filter(|_| done).into())
            .filter(task_items::Column::Id.eq(item.id))
            .filter(is_other_way)
            .exec(tx.db())
            .await?;
        if updated.rows_affected == 1 {
            // With its words, since the item may be changed or taken away later.
            let event = Event::about(task.participant_id, kind).subject(task.id);
            tx.record(Event { detail: Some(item.text), ..event }).await?;
        }
        tx.commit().await
    }
}

/// The checklists of some tasks, each in its order.
pub(super) async fn items_of(
    db: &impl ConnectionTrait,
    tasks: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Item>>, StoreError> {
    let rows = task_items::Entity::find()
        .filter(among(task_items::Column::TaskId, tasks))
        .order_by_asc(task_items::Column::Place)
        .all(db)
        .await?;
    let mut items: HashMap<Uuid, Vec<Item>> = HashMap::new();
    for row in rows {
        let item = Item { id: TaskItemId(row.id), text: row.text, is_done: row.done_at.is_some() };
        items.entry(row.task_id).or_default().push(item);
    }
    Ok(items)
}

/// Gives a new task a checklist, in which nothing is ticked.
pub(super) async fn add_items(tx: &Tx, task: Uuid, texts: Vec<String>) -> Result<(), StoreError> {
    let rows: Vec<_> = (0..).zip(texts).map(|(place, text)| row(task, place, text)).collect();
    insert(tx, rows).await
}

/// Gives a task another checklist. What says the same as before stays ticked.
pub(super) async fn change_items(tx: &Tx, task: Uuid, texts: Vec<ItemText>) -> Result<(), StoreError> {
    let before = items_of(tx.db(), &[task]).await?.remove(&task).unwrap_or_default();
    let kept = matched(&before, &texts);
    let left: Vec<Uuid> = kept.iter().flatten().map(|item| item.id.0).collect();
    let gone: Vec<Uuid> = before.iter().map(|item| item.id.0).filter(|id| !left.contains(id)).collect();
    task_items::Entity::delete_many().filter(among(task_items::Column::Id, &gone)).exec(tx.db()).await?;
    let mut new = Vec::new();
    for ((place, text), item) in (0..).zip(texts).zip(kept) {
        match item {
            None => new.push(row(task, place, text.into())),
            Some(item) => {
                task_items::Entity::update_many()
                    .col_expr(task_items::Column::Place, place.into())
                    .filter(task_items::Column::Id.eq(item.id.0))
                    .exec(tx.db())
                    .await?;
            }
        }
    }
    insert(tx, new).await
}

fn row(task: Uuid, place: i32, text: String) -> task_items::ActiveModel {
    task_items::ActiveModel {
        id: Set(Uuid::now_v7()),
        task_id: Set(task),
        place: Set(place),
        text: Set(text),
        done_at: Set(None::<DateTime<Utc>>),
        done_by_id: Set(None),
    }
}

async fn insert(tx: &Tx, rows: Vec<task_items::ActiveModel>) -> Result<(), StoreError> {
    if !rows.is_empty() {
        task_items::Entity::insert_many(rows).exec_without_returning(tx.db()).await?;
    }
    Ok(())
}
