//! Taking away tasks that nobody made by hand and nobody has touched since.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::alerts::Recalled;
use uuid::Uuid;

use crate::alerts::{recall, told_by_mail};
use crate::doors::Tx;
use crate::entity::{events, move_tasks, reminders, task_items, tasks};
use crate::error::StoreError;
use crate::events::Kind;

/// Takes a task away that the program has made, unless somebody has done something with it. Tells what became of the
/// alerts about it, and who has got a mail all the same. The event that it was made stays.
pub(crate) async fn take_away(tx: &Tx, task: Uuid) -> Result<(Recalled, Vec<Uuid>), StoreError> {
    let (mut recalled, mut misled) = (Recalled::default(), Vec::new());
    let happened = events::Entity::find()
        .filter(events::Column::SubjectId.eq(task))
        .order_by_asc(events::Column::Number)
        .all(tx.db())
        .await?;
    let by_itself = [Kind::TaskMade, Kind::TaskReminded].map(Kind::code);
    if happened.iter().any(|event| !by_itself.contains(&event.kind.as_str())) {
        return Ok((recalled, misled));
    }
    for event in happened {
        let one = recall(tx, event.number).await?;
        recalled.withdrawn += one.withdrawn;
        recalled.gone += one.gone;
        misled.extend(told_by_mail(tx, event.number).await?);
    }
    reminders::Entity::delete_many().filter(reminders::Column::TaskId.eq(task)).exec(tx.db()).await?;
    task_items::Entity::delete_many().filter(task_items::Column::TaskId.eq(task)).exec(tx.db()).await?;
    move_tasks::Entity::delete_many().filter(move_tasks::Column::TaskId.eq(task)).exec(tx.db()).await?;
    tasks::Entity::delete_by_id(task).exec(tx.db()).await?;
    Ok((recalled, misled))
}
