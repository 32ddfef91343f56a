//! The end of a phase: its cards go to another one, and what has happened in it stays.

use fractional_index::FractionalIndex;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
};
use shared::board::{Phase, PhaseKind};
use shared::error::{AppError, Problem};
use shared::tracks::{RetirePhaseForm, TrackChange, check_order};
use uuid::Uuid;

use super::manage::{Changing, set_order};
use crate::doors::{SignedIn, Tx};
use crate::entity::{enrolments, events, moves, phases};
use crate::error::StoreError;
use crate::events::Kind;
use crate::moves::{last_rank, ranks_between};

/// How many rows one statement writes; `SQLite` takes 32,766 values in one.
const BATCH: usize = 500;

impl SignedIn {
    /// Retires a phase: its cards go, in their order, to the bottom of another one of the same kind. Each is moved like
    /// any other, by the administrator, but nobody is told by an alert: there is nothing to do about it.
    pub async fn retire_phase(&self, form: &RetirePhaseForm) -> Result<String, StoreError> {
        let (permit, track) = self.track_of_phase(form.phase).await?;
        let to = form.parse()?;
        let change = Changing::begin(&permit, track, form.version).await?;
        let phase = change.phase(form.phase)?.clone();
        let left: Vec<&Phase> = change.phases.iter().filter(|one| one.id != phase.id).collect();
        // What it is called there says what is wrong: the last of its kind stays.
        let kinds: Vec<PhaseKind> = left.iter().map(|one| one.kind).collect();
        check_order(&kinds).map_err(|problem| AppError::field("to", problem))?;
        let to = left.iter().find(|one| one.id == to && one.kind == phase.kind);
        let to = (*to.ok_or_else(|| AppError::field("to", Problem::UnknownChoice))?).clone();
        let cards = move_all(&change.tx, &phase, &to).await?;
        phases::Entity::update_many()
            .col_expr(phases::Column::RetiredAt, Some(change.tx.now).into())
            .filter(phases::Column::Id.eq(phase.id.0))
            .exec(change.tx.db())
            .await?;
        let order: Vec<Uuid> = left.iter().map(|one| one.id.0).collect();
        set_order(&change.tx, change.track.id, &order).await?;
        change.end(&TrackChange::PhaseRetired { phase: phase.name, to: to.name, cards }).await
    }
}

/// Moves all cards of a phase and tells how many they were.
async fn move_all(tx: &Tx, from: &Phase, to: &Phase) -> Result<usize, StoreError> {
    let find = enrolments::Entity::find().filter(enrolments::Column::PhaseId.eq(from.id.0));
    let cards = find.order_by_asc(enrolments::Column::Rank).all(tx.db()).await?;
    let above = last_rank(tx, to.id.0).await?;
    let ranks = ranks_between(above.as_ref(), None, cards.len())?;
    for (card, rank) in cards.iter().zip(&ranks) {
        place(tx, card, to, rank).await?;
    }
    for batch in cards.chunks(BATCH) {
        write_down(tx, batch, to).await?;
    }
    Ok(cards.len())
}

async fn place(tx: &Tx, card: &enrolments::Model, to: &Phase, rank: &FractionalIndex) -> Result<(), StoreError> {
    let mut update = enrolments::Entity::update_many()
        .col_expr(enrolments::Column::PhaseId, to.id.0.into())
        .col_expr(enrolments::Column::Rank, rank.as_bytes().to_vec().into())
        .col_expr(enrolments::Column::Version, (card.version + 1).into())
        .col_expr(enrolments::Column::PlacedAt, tx.now.into())
        .col_expr(enrolments::Column::PlacedById, tx.by.into());
    // A track that has ended ended then, whatever the phase is called in which it lies.
    if to.kind == PhaseKind::Ordinary {
        update = update.col_expr(enrolments::Column::EnteredPhaseAt, tx.now.into());
    }
    update.filter(enrolments::Column::Id.eq(card.id)).exec(tx.db()).await?;
    Ok(())
}

async fn write_down(tx: &Tx, cards: &[enrolments::Model], to: &Phase) -> Result<(), StoreError> {
    let (mut rows, mut told) = (Vec::new(), Vec::new());
    for card in cards {
        let id = Uuid::now_v7();
        rows.push(moves::ActiveModel {
            id: Set(id),
            enrolment_id: Set(card.id),
            from_phase_id: Set(card.phase_id),
            to_phase_id: Set(to.id.0),
            by_id: Set(tx.by),
            at: Set(tx.now),
            reason: Set(None),
            reason_text: Set(None),
            outcome: Set(card.outcome.clone()),
            undoes_id: Set(None),
            from_rank: Set(None),
            from_entered_at: Set(None),
        });
        told.push(events::ActiveModel {
            number: NotSet,
            at: Set(tx.now),
            by_id: Set(tx.by),
            participant_id: Set(card.participant_id),
            enrolment_id: Set(Some(card.id)),
            kind: Set(Kind::Moved.code().to_owned()),
            subject_id: Set(Some(id)),
            detail: Set(None),
        });
    }
    moves::Entity::insert_many(rows).exec_without_returning(tx.db()).await?;
    events::Entity::insert_many(told).exec_without_returning(tx.db()).await?;
    Ok(())
}
