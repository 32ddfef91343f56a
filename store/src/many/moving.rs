//! Moving many cards: each as if alone, but all of them or none.

use std::collections::HashMap;

use fractional_index::FractionalIndex;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use shared::access::Action;
use shared::alerts::Recalled;
use shared::board::{MoveCard, MoveForm, Moved, PhaseKind, Place, Undone};
use shared::error::AppError;
use shared::id::{EnrolmentId, PhaseId};
use shared::many::{ManyMoved, ManyUndone, MoveManyForm};
use shared::phases::Told;
use shared::time::days_between;
use uuid::Uuid;

use super::{Chosen, Done, forget, held_cards, remember};
use crate::alerts::{Together, tell_together, telling_within};
use crate::doors::{SignedIn, Tx};
use crate::entity::{enrolments, moves, phases};
use crate::error::StoreError;
use crate::events::{Event, Kind, built_upon};
use crate::moves::{gap, held, hold, place, ranks_between, record_move};
use crate::phases::{filled, make_tasks};
use crate::query::among;
use crate::undo::{free_rank, put_back, recall_move};

/// A card that was moved.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CardMoved {
    card: Uuid,
    /// The move; `None` if it stayed in its phase.
    by_move: Option<Uuid>,
    /// The rank that it had.
    rank: Vec<u8>,
    /// The version that it got. Another one means that somebody has placed it since.
    version: i32,
}

impl SignedIn {
    /// Moves cards of one track to a phase, in the order in which they lie on the board.
    ///
    /// Without a place, those that are in the phase already stay where they are. Refused with
    /// [`AppError::StaleMany`] if somebody else placed some of them since the person saw them, with
    /// [`AppError::NotAdmitted`], which names them, if some lack what the phase demands of a participant, and with
    /// [`AppError::Invalid`] if it demands something else. The tasks that the phase makes are written with the moves.
    pub async fn move_many(&self, form: &MoveManyForm) -> Result<ManyMoved, StoreError> {
        let forms = form.parse()?;
        let commands = forms.iter().map(MoveForm::parse).collect::<Result<Vec<MoveCard>, AppError>>()?;
        let first = commands.first().ok_or(AppError::NotFound)?;
        let (to, wanted) = (first.to, first.place);
        let (permit, mut cards) = self.chosen(&form.cards, Action::MoveCard).await?;
        let track = cards.first().map(|(card, _)| card.track_id).ok_or(AppError::NotFound)?;
        let phase = self.phase_in_use(&permit, track, to).await?;
        if wanted == Place::ByRule {
            cards.retain(|(card, _)| card.phase_id != to.0);
        }
        let changes_phase = |card: &enrolments::Model| card.phase_id != to.0;
        let mut tellings = HashMap::new();
        let coming_in = || cards.iter().filter(|(card, _)| changes_phase(card));
        let known = coming_in()
            .map(|(card, participant)| (EnrolmentId(card.id), participant.name.clone(), filled(participant, card)));
        let told = match forms.first() {
            Some(form) if coming_in().next().is_some() => phase.admit_all(form, known)?,
            _ => Told::default(),
        };
        let outcome = told.outcome.filter(|_| phase.kind == PhaseKind::Closing);
        for (card, participant) in coming_in() {
            tellings.insert(card.id, self.telling_of_move(&permit, participant).await?);
        }
        let mut tx = permit.begin().await?;
        hold(&tx, to.0).await?;
        held_cards(&tx, &cards.iter().map(|(card, _)| card.id).collect::<Vec<_>>()).await?;
        let ranks = ranks_for(&tx, to, wanted, phase.kind, &cards).await?;
        let (mut done, mut moved) = (Vec::new(), Vec::new());
        let (mut together, mut of_tasks) = (Together::new(), Together::new());
        let after = match ranks.first() {
            Some(first) => self.card_above_all(&tx, to, first, &cards).await?,
            None => None,
        };
        for ((card, participant), rank) in cards.into_iter().zip(ranks) {
            let enrolment = EnrolmentId(card.id);
            let command = MoveCard { enrolment, version: card.version, to, place: wanted };
            let changes_phase = changes_phase(&card);
            if !place(&tx, &card, &command, rank, changes_phase, outcome).await? {
                drop(tx);
                // Perhaps it was the phase that went.
                self.phase_in_use(&permit, track, to).await?;
                return Err(self.stale_many(&form.cards, Action::MoveCard).await?);
            }
            let by_move = if changes_phase {
                let (id, event) = record_move(&tx, &card, to, told.clone(), None).await?;
                of_tasks.extend(make_tasks(&tx, &participant, &card, &phase, id).await?);
                together.extend(tellings.remove(&card.id).map(|telling| (participant, event, telling)));
                Some(id.0)
            } else {
                tx.record(Event::about(card.participant_id, Kind::Placed).enrolment(card.id)).await?;
                None
            };
            let days = days_between(if changes_phase { tx.now } else { card.entered_phase_at }, tx.now);
            let version = card.version + 1;
            moved.push(Moved { enrolment, version, phase: to, days, undo: None });
            done.push(CardMoved { card: card.id, by_move, rank: card.rank, version });
        }
        tell_together(&mut tx, together).await?;
        tell_together(&mut tx, of_tasks).await?;
        let count = done.len();
        let undo = remember(&tx, &Done::Moved(done), count).await?;
        tx.commit().await?;
        Ok(ManyMoved { cards: moved, after, undo })
    }

    /// The card above the first of those that are moved, among those that stay and that this person may see.
    async fn card_above_all(
        &self,
        tx: &Tx,
        phase: PhaseId,
        first: &FractionalIndex,
        moving: &[Chosen],
    ) -> Result<Option<EnrolmentId>, StoreError> {
        let mut rank = first.as_bytes().to_vec();
        while let Some(above) = self.card_above(tx.db(), phase.0, rank.clone()).await? {
            let Some((card, _)) = moving.iter().find(|(card, _)| card.id == above) else {
                return Ok(Some(EnrolmentId(above)));
            };
            rank.clone_from(&card.rank);
        }
        Ok(None)
    }

    /// Puts all cards of a command back. Refused with [`AppError::TrackChanged`] if a phase where some were has been
    /// retired.
    pub(super) async fn undo_moves(&self, command: Uuid, done: &[CardMoved]) -> Result<ManyUndone, StoreError> {
        let ids: Vec<Uuid> = done.iter().map(|moved| moved.card).collect();
        let (permit, cards) = self.enrolments_on_one_track(&ids, Action::MoveCard).await?;
        let move_ids: Vec<Uuid> = done.iter().filter_map(|moved| moved.by_move).collect();
        let undone = moves::Entity::find().filter(among(moves::Column::Id, &move_ids)).all(permit.read()).await?;
        let mut back_to: Vec<Uuid> = undone.iter().map(|undone| undone.from_phase_id).collect();
        back_to.sort_unstable();
        back_to.dedup();
        let mut back = HashMap::new();
        if let Some((card, _)) = cards.first() {
            for phase in &back_to {
                back.insert(*phase, self.phase_in_use(&permit, card.track_id, PhaseId(*phase)).await?);
            }
        }
        let mut tx = permit.begin().await?;
        let find = phases::Entity::find().filter(among(phases::Column::Id, &back_to));
        held(&tx, find.order_by_asc(phases::Column::Id)).all(tx.db()).await?;
        let rows = held_cards(&tx, &ids).await?;
        if !forget(&tx, command).await? {
            return Ok(ManyUndone::default());
        }
        let mut since = Vec::new();
        for moved in done {
            if let Some(now) = rows.get(&moved.card).filter(|now| now.version != moved.version) {
                let name =
                    cards.iter().find(|(card, _)| card.id == now.id).map(|(_, participant)| participant.name.clone());
                since.push((name.unwrap_or_default(), now.placed_by_id, now.placed_at));
            }
        }
        if !since.is_empty() {
            return Err(built_upon(tx.db(), since).await?);
        }
        // From the lowest up, so that a card whose old place is taken finds those below it where they were.
        let mut from_below: Vec<&CardMoved> = done.iter().collect();
        from_below.sort_by(|one, other| other.rank.cmp(&one.rank));
        let (mut places, mut together, mut recalled) = (Vec::new(), Together::new(), Recalled::default());
        for moved in from_below {
            let card = rows.get(&moved.card).ok_or(AppError::NotFound)?;
            let undone = undone.iter().find(|undone| Some(undone.id) == moved.by_move);
            let Some(undone) = undone else {
                places.push((card, card.phase_id, place_again(&tx, card, &moved.rank).await?, card.entered_phase_at));
                continue;
            };
            let phase = back.get(&undone.from_phase_id).ok_or(AppError::NotFound)?;
            let Some((rank, event)) = put_back(&tx, card, phase, undone).await? else {
                return Err(StoreError::Corrupt("moves.from_rank".into()));
            };
            places.push((card, undone.from_phase_id, rank, undone.from_entered_at.unwrap_or(tx.now)));
            let (taken_back, misled) = recall_move(&tx, undone.id).await?;
            recalled.withdrawn += taken_back.withdrawn;
            recalled.gone += taken_back.gone;
            let participant = cards.iter().find(|(one, _)| one.id == card.id).map(|(_, participant)| participant);
            if let Some(participant) = participant.filter(|_| !misled.is_empty()) {
                together.push((participant.clone(), event, telling_within(&tx, participant, misled).await?));
            }
        }
        tell_together(&mut tx, together).await?;
        places.sort_by(|one, other| one.2.cmp(&other.2));
        let names: HashMap<Uuid, String> = phases::Entity::find()
            .filter(among(phases::Column::Id, &places.iter().map(|(_, phase, ..)| *phase).collect::<Vec<_>>()))
            .all(tx.db())
            .await?
            .into_iter()
            .map(|phase| (phase.id, phase.name))
            .collect();
        let mut put = Vec::new();
        for (card, phase, rank, since) in places {
            let after = self.card_above(tx.db(), phase, rank).await?.map(EnrolmentId);
            let (enrolment, version) = (EnrolmentId(card.id), card.version + 1);
            let days = days_between(since, tx.now);
            let moved = Moved { enrolment, version, phase: PhaseId(phase), days, undo: None };
            let phase_name = names.get(&phase).cloned().unwrap_or_default();
            put.push(Undone { moved, phase_name, after, recalled: Recalled::default() });
        }
        tx.commit().await?;
        Ok(ManyUndone { cards: put, recalled })
    }
}

/// Where the cards will lie. None of them may meet the place of one that is yet to be moved away.
async fn ranks_for(
    tx: &Tx,
    to: PhaseId,
    wanted: Place,
    kind: PhaseKind,
    cards: &[Chosen],
) -> Result<Vec<FractionalIndex>, StoreError> {
    let moving: Vec<Uuid> = cards.iter().map(|(card, _)| card.id).collect();
    let (above, below) = gap(tx, to, wanted, kind, &moving).await?;
    let here: Vec<&[u8]> =
        cards.iter().filter(|(card, _)| card.phase_id == to.0).map(|(card, _)| &card.rank[..]).collect();
    let mut ranks = ranks_between(above.as_ref(), below.as_ref(), cards.len() + here.len())?;
    ranks.retain(|rank| !here.contains(&rank.as_bytes()));
    ranks.truncate(cards.len());
    Ok(ranks)
}

/// Puts a card that has stayed in its phase back to where it was there, and gives its rank.
async fn place_again(tx: &Tx, card: &enrolments::Model, rank: &[u8]) -> Result<Vec<u8>, StoreError> {
    let rank = free_rank(tx, card.phase_id, rank.to_vec()).await?;
    enrolments::Entity::update_many()
        .col_expr(enrolments::Column::Rank, rank.clone().into())
        .col_expr(enrolments::Column::Version, (card.version + 1).into())
        .col_expr(enrolments::Column::PlacedAt, tx.now.into())
        .col_expr(enrolments::Column::PlacedById, tx.by.into())
        .filter(enrolments::Column::Id.eq(card.id))
        .exec(tx.db())
        .await?;
    tx.record(Event::about(card.participant_id, Kind::Placed).enrolment(card.id)).await?;
    Ok(rank)
}
