//! What phases do when a card comes in: the tasks that they make, and take back.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use shared::alerts::{AlertKind, Reason, Recalled};
use shared::board::Phase;
use shared::id::{MoveId, ParticipantId, UserId};
use shared::phases::{Filled, NeededField};
use shared::tasks::NewTask;
use shared::time::oslo_date;
use uuid::Uuid;

use crate::alerts::{Recipient, Together};
use crate::doors::Tx;
use crate::entity::{enrolments, move_tasks, participants};
use crate::error::StoreError;
use crate::participants::contact_of;
use crate::people::people_around;
use crate::tasks::{add_untold_task, take_away};

/// What is known of a participant, as far as a phase can demand it.
pub(crate) fn filled(participant: &participants::Model, card: &enrolments::Model) -> Filled {
    let known = NeededField::ALL.into_iter().filter(|field| match field {
        NeededField::Language => participant.language.is_some(),
        NeededField::Phone => participant.phone.is_some(),
        NeededField::Email => participant.email.is_some(),
        NeededField::Goal => participant.goal.is_some(),
        NeededField::Plan => participant.plan_made,
        NeededField::NavOffice => participant.nav_office_id.is_some(),
        NeededField::InnContact => card.inn_contact_id.is_some(),
        NeededField::NavContact => card.nav_contact_id.is_some(),
        NeededField::Waiting => participant.waiting_on.is_none(),
    });
    Filled::of(known)
}

/// Makes the tasks of a phase into which a card has just come, and gives their events and who is to be told. A task goes
/// to the card's contact of its role or, is there none who may see the participant, to the person who moves the card.
pub(crate) async fn make_tasks(
    tx: &Tx,
    participant: &participants::Model,
    card: &enrolments::Model,
    phase: &Phase,
    moved: MoveId,
) -> Result<Together, StoreError> {
    let mut together = Together::new();
    let Some(by) = tx.by.filter(|_| !phase.rules.tasks.is_empty()) else { return Ok(together) };
    let around = people_around(tx.db(), participant).await?;
    for rule in &phase.rules.tasks {
        let contact = contact_of(card, rule.role);
        let contact = contact.filter(|contact| around.iter().any(|person| person.id.0 == *contact));
        let new = NewTask {
            participant: ParticipantId(participant.id),
            title: rule.title.clone(),
            description: None,
            assignee: UserId(contact.unwrap_or(by)),
            due: rule.due.from_day(oslo_date(tx.now)),
            items: Vec::new(),
            repeat: None,
        };
        let (task, event, telling) = add_untold_task(tx, participant, new).await?;
        together.push((participant.clone(), event, telling));
        let row = move_tasks::ActiveModel { task_id: Set(task.0), move_id: Set(moved.0) };
        move_tasks::Entity::insert(row).exec_without_returning(tx.db()).await?;
    }
    Ok(together)
}

/// Takes the tasks back that a move has made and that nobody has touched since. Tells what became of the alerts about
/// them, and who has got a mail all the same.
pub(crate) async fn take_back_tasks(tx: &Tx, moved: Uuid) -> Result<(Recalled, Vec<Recipient>), StoreError> {
    let made = move_tasks::Entity::find().filter(move_tasks::Column::MoveId.eq(moved)).all(tx.db()).await?;
    let (mut recalled, mut misled) = (Recalled::default(), Vec::new());
    for row in made {
        let (one, knowing) = take_away(tx, row.task_id).await?;
        recalled.withdrawn += one.withdrawn;
        recalled.gone += one.gone;
        let told = |user| Recipient { user, kind: AlertKind::Moved, reason: Reason::Assignee };
        misled.extend(knowing.into_iter().map(told));
    }
    Ok((recalled, misled))
}
