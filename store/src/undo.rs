//! Taking back what one has just done, and with it the alerts that have not been sent.

use fractional_index::FractionalIndex;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::access::Action;
use shared::alerts::{AlertKind, Reason};
use shared::board::{Moved, Undone};
use shared::error::AppError;
use shared::id::{EnrolmentId, MoveId, PhaseId};
use shared::time::days_between;
use shared::undo::{TakenBack, Undoable};
use uuid::Uuid;

use crate::alerts::{Recipient, recall, tell, told_by_mail};
use crate::doors::{SignedIn, Tx};
use crate::entity::{enrolments, events, moves, phases};
use crate::error::StoreError;
use crate::events::Kind;
use crate::moves::{between, hold, is_in_use, rank_from, record_move};

impl SignedIn {
    /// Takes back what a notice named.
    pub async fn take_back(&self, undone: Undoable) -> Result<TakenBack, StoreError> {
        Ok(match undone {
            Undoable::TaskDone(task) => TakenBack::Done(self.undo_task_done(task).await?),
            Undoable::NoteDeleted(note) => TakenBack::NoteRestored(self.restore_note(note).await?),
            Undoable::Moved(id) => TakenBack::Done(self.undo_move(id).await?.recalled),
        })
    }

    /// Takes one of this person's own moves back: the card goes to where it was, as if it had stayed there. Alerts
    /// that have not been sent are taken back too; whoever had got a mail is told that it is not so any more.
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
        let (Some(rank), Some(entered_at), true) = (undone.from_rank.clone(), undone.from_entered_at, is_last) else {
            return Err(self.stale(&permit, card.id).await?);
        };
        let back = PhaseId(undone.from_phase_id);
        self.phase_in_use(&permit, card.track_id, back).await?;
        let mut tx = permit.begin().await?;
        hold(&tx, undone.from_phase_id).await?;
        let rank = free_rank(&tx, undone.from_phase_id, rank_from(rank)?).await?;
        let outcome = outcome_before(&tx, &undone).await?;
        let updated = enrolments::Entity::update_many()
            .col_expr(enrolments::Column::PhaseId, undone.from_phase_id.into())
            .col_expr(enrolments::Column::Rank, rank.as_bytes().to_vec().into())
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
            drop(tx);
            self.phase_in_use(&permit, card.track_id, back).await?;
            return Err(self.stale(&permit, card.id).await?);
        }
        let (_, event) = record_move(&tx, &card, back, None, Some(undone.id)).await?;
        let told = events::Entity::find()
            .filter(events::Column::Kind.eq(Kind::Moved.code()))
            .filter(events::Column::SubjectId.eq(undone.id))
            .one(tx.db())
            .await?;
        let mut recalled = shared::alerts::Recalled::default();
        if let Some(told) = told {
            recalled = recall(&tx, told.number).await?;
            let misled = told_by_mail(&tx, told.number).await?.into_iter();
            let misled = misled.map(|user| Recipient { user, kind: AlertKind::Moved, reason: Reason::Follows });
            tell(&mut tx, &participant, event, misled).await?;
        }
        let after = self.card_above(tx.db(), undone.from_phase_id, rank.as_bytes().to_vec()).await?;
        let phase = phases::Entity::find_by_id(undone.from_phase_id).one(tx.db()).await?.ok_or(AppError::NotFound)?;
        let days = days_between(entered_at, tx.now);
        tx.commit().await?;
        let moved = Moved { enrolment, version: card.version + 1, phase: PhaseId(phase.id), days, undo: None };
        Ok(Undone { moved, phase_name: phase.name, after: after.map(EnrolmentId), recalled })
    }
}

/// The rank that the card had, or one just below it if another card has it now.
async fn free_rank(tx: &Tx, phase: Uuid, rank: FractionalIndex) -> Result<FractionalIndex, StoreError> {
    let from_there: Vec<Vec<u8>> = enrolments::Entity::find()
        .select_only()
        .column(enrolments::Column::Rank)
        .filter(enrolments::Column::PhaseId.eq(phase))
        .filter(enrolments::Column::Rank.gte(rank.as_bytes().to_vec()))
        .order_by_asc(enrolments::Column::Rank)
        .limit(2)
        .into_tuple()
        .all(tx.db())
        .await?;
    match &from_there[..] {
        [same, next @ ..] if same == rank.as_bytes() => {
            let next = next.first().cloned().map(rank_from).transpose()?;
            between(Some(&rank), next.as_ref())
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
