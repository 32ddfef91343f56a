//! Taking back what one has just done, and with it the alerts that have not been sent.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::access::Action;
use shared::alerts::{AlertKind, Reason, Recalled};
use shared::board::{Moved, Phase, PhaseKind, Undone};
use shared::error::AppError;
use shared::id::{EnrolmentId, MoveId, PhaseId};
use shared::phases::Told;
use shared::time::days_between;
use shared::undo::{TakenBack, Undoable};
use uuid::Uuid;

use crate::alerts::{Recipient, recall, tell, told_by_mail};
use crate::doors::{SignedIn, Tx};
use crate::entity::{enrolments, events, moves};
use crate::error::StoreError;
use crate::events::Kind;
use crate::moves::{between, hold, is_in_use, rank_from, record_move};
use crate::phases::take_back_tasks;

impl SignedIn {
    /// Takes back what a notice named.
    pub async fn take_back(&self, undone: Undoable) -> Result<TakenBack, StoreError> {
        Ok(match undone {
            Undoable::TaskDone(task) => TakenBack::Done(self.undo_task_done(task).await?),
            Undoable::NoteDeleted(note) => TakenBack::NoteRestored(self.restore_note(note).await?),
            Undoable::Moved(id) => TakenBack::Done(self.undo_move(id).await?.recalled),
            Undoable::Many(id) => TakenBack::Done(self.undo_many(id).await?.recalled),
        })
    }

    /// Takes one of this person's own moves back: the card goes to where it was, as if it had stayed there. Alerts
    /// that have not been sent are taken back too, and the tasks that the phase made and nobody has touched; whoever had
    /// got a mail is told that it is not so any more.
    ///
    /// Refused with [`AppError::Stale`] if the card has been placed again since, and with [`AppError::TrackChanged`] if
    /// the phase where it was has been retired.
    pub async fn undo_move(&self, id: MoveId) -> Result<Undone, StoreError> {
        let find = moves::Entity::find_by_id(id.0);
        let undone = find.one(self.may_use_own_desk().read()).await?.ok_or(AppError::NotFound)?;
        let enrolment = EnrolmentId(undone.enrolment_id);
        let (permit, card, participant) = self.enrolment(enrolment, Action::MoveCard).await?;
        if undone.by_id != Some(self.me().id.0) {
            return Err(AppError::Forbidden.into());
        }
        let is_last = card.phase_id == undone.to_phase_id && card.placed_at == undone.at;
        if !is_last {
            return Err(self.stale(&permit, card.id).await?);
        }
        let back = PhaseId(undone.from_phase_id);
        let phase = self.phase_in_use(&permit, card.track_id, back).await?;
        let mut tx = permit.begin().await?;
        hold(&tx, undone.from_phase_id).await?;
        let Some((rank, event)) = put_back(&tx, &card, &phase, &undone).await? else {
            drop(tx);
            self.phase_in_use(&permit, card.track_id, back).await?;
            return Err(self.stale(&permit, card.id).await?);
        };
        let (recalled, misled) = recall_move(&tx, undone.id).await?;
        tell(&mut tx, &participant, event, misled).await?;
        let after = self.card_above(tx.db(), undone.from_phase_id, rank).await?;
        let days = days_between(undone.from_entered_at.unwrap_or(tx.now), tx.now);
        tx.commit().await?;
        let moved = Moved { enrolment, version: card.version + 1, phase: back, days, undo: None };
        Ok(Undone { moved, phase_name: phase.name, after: after.map(EnrolmentId), recalled })
    }
}

/// Puts a card where it was before a move, as if it had stayed there, and gives its rank and the event that tells of
/// it. `None` if somebody has placed it in the meantime, or if nobody knows where it was.
pub(crate) async fn put_back(
    tx: &Tx,
    card: &enrolments::Model,
    back: &Phase,
    undone: &moves::Model,
) -> Result<Option<(Vec<u8>, i64)>, StoreError> {
    let (Some(rank), Some(entered_at)) = (undone.from_rank.clone(), undone.from_entered_at) else { return Ok(None) };
    let rank = free_rank(tx, undone.from_phase_id, rank).await?;
    let outcome = if back.kind == PhaseKind::Closing { outcome_before(tx, undone).await? } else { None };
    let updated = enrolments::Entity::update_many()
        .col_expr(enrolments::Column::PhaseId, undone.from_phase_id.into())
        .col_expr(enrolments::Column::Rank, rank.clone().into())
        .col_expr(enrolments::Column::Version, (card.version + 1).into())
        .col_expr(enrolments::Column::PlacedAt, tx.now.into())
        .col_expr(enrolments::Column::PlacedById, tx.by.into())
        .col_expr(enrolments::Column::EnteredPhaseAt, entered_at.into())
        .col_expr(enrolments::Column::ClosedAt, outcome.as_ref().map(|_| entered_at).into())
        .col_expr(enrolments::Column::Outcome, outcome.into())
        .filter(enrolments::Column::Id.eq(card.id))
        .filter(enrolments::Column::Version.eq(card.version))
        .filter(is_in_use(undone.from_phase_id))
        .exec(tx.db())
        .await?;
    if updated.rows_affected != 1 {
        return Ok(None);
    }
    let (_, event) = record_move(tx, card, back.id, Told::default(), Some(undone.id)).await?;
    Ok(Some((rank, event)))
}

/// Takes back the alerts about a move, and the tasks that it made and nobody has touched. Gives those who have got a
/// mail all the same: it is not so any more.
pub(crate) async fn recall_move(tx: &Tx, undone: Uuid) -> Result<(Recalled, Vec<Recipient>), StoreError> {
    let (mut recalled, mut misled) = take_back_tasks(tx, undone).await?;
    let told = events::Entity::find()
        .filter(events::Column::Kind.eq(Kind::Moved.code()))
        .filter(events::Column::SubjectId.eq(undone))
        .one(tx.db())
        .await?;
    if let Some(told) = told {
        let of_move = recall(tx, told.number).await?;
        recalled.withdrawn += of_move.withdrawn;
        recalled.gone += of_move.gone;
        let followers = told_by_mail(tx, told.number).await?.into_iter();
        let told = |user| Recipient { user, kind: AlertKind::Moved, reason: Reason::Follows };
        misled.extend(followers.map(told));
    }
    Ok((recalled, misled))
}

/// The rank that the card had, or one just below it if another card has it now.
pub(crate) async fn free_rank(tx: &Tx, phase: Uuid, rank: Vec<u8>) -> Result<Vec<u8>, StoreError> {
    let from_there: Vec<Vec<u8>> = enrolments::Entity::find()
        .select_only()
        .column(enrolments::Column::Rank)
        .filter(enrolments::Column::PhaseId.eq(phase))
        .filter(enrolments::Column::Rank.gte(rank.clone()))
        .order_by_asc(enrolments::Column::Rank)
        .limit(2)
        .into_tuple()
        .all(tx.db())
        .await?;
    match &from_there[..] {
        [same, next @ ..] if *same == rank => {
            let next = next.first().cloned().map(rank_from).transpose()?;
            Ok(between(Some(&rank_from(rank)?), next.as_ref())?.as_bytes().to_vec())
        }
        _ => Ok(rank),
    }
}

/// The outcome with which the card had been closed, if it was in a closing phase before.
async fn outcome_before(tx: &Tx, undone: &moves::Model) -> Result<Option<String>, StoreError> {
    let before = moves::Entity::find()
        .filter(moves::Column::EnrolmentId.eq(undone.enrolment_id))
        .filter(moves::Column::ToPhaseId.eq(undone.from_phase_id))
        .filter(moves::Column::At.lte(undone.at))
        .order_by_desc(moves::Column::At)
        .one(tx.db())
        .await?;
    Ok(before.and_then(|before| before.outcome))
}
