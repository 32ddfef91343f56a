//! Moving one card exactly.

use fractional_index::FractionalIndex;
use sea_orm::sea_query::{Expr, ExprTrait, LockType};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, RelationTrait, Select,
};
use shared::access::Action;
use shared::alerts::AlertKind;
use shared::board::{Closing, MoveCard, MoveForm, Moved, Outcome, Phase, PhaseKind, Place};
use shared::error::{AppError, Problem, StaleMove};
use shared::id::{EnrolmentId, MoveId, PhaseId};
use shared::phases::Told;
use shared::time::{days_between, oslo};
use uuid::Uuid;

use crate::alerts::{Audience, Telling};
use crate::doors::{Permit, SignedIn, Tx};
use crate::entity::{enrolments, moves, participants, phases};
use crate::error::StoreError;
use crate::events::{Event, Kind};
use crate::people::person_names;
use crate::phases::{filled, make_tasks};
use crate::tracks::{changes, phase};

impl SignedIn {
    /// Moves a card to another phase, or to another place in the same one.
    ///
    /// Refused with [`AppError::Stale`] if somebody else placed the card since the person saw it, with
    /// [`AppError::Invalid`] if the phase demands something that is missing, and with [`AppError::TrackChanged`] if the
    /// phase has been retired. The tasks that the phase makes are written with the move.
    pub async fn move_card(&self, form: &MoveForm) -> Result<Moved, StoreError> {
        let command = form.parse()?;
        let (permit, card, participant) = self.enrolment(command.enrolment, Action::MoveCard).await?;
        if card.version != command.version {
            return Err(self.stale(&permit, card.id).await?);
        }
        let phase = self.phase_in_use(&permit, card.track_id, command.to).await?;
        let changes_phase = card.phase_id != command.to.0;
        let told = if changes_phase { phase.admit(form, filled(&participant, &card))? } else { Told::default() };
        let outcome = told.outcome.filter(|_| phase.kind == PhaseKind::Closing);
        let telling =
            if changes_phase { self.telling_of_move(&permit, &participant).await? } else { Telling::nobody() };
        let mut tx = permit.begin().await?;
        hold(&tx, command.to.0).await?;
        let (above, below) = gap(&tx, command.to, command.place, phase.kind, &[card.id]).await?;
        let rank = between(above.as_ref(), below.as_ref())?;
        if !place(&tx, &card, &command, rank, changes_phase, outcome).await? {
            drop(tx);
            // Perhaps it was the phase that went.
            self.phase_in_use(&permit, card.track_id, command.to).await?;
            return Err(self.stale(&permit, card.id).await?);
        }
        let mut undo = None;
        if changes_phase {
            let (id, event) = record_move(&tx, &card, command.to, told, None).await?;
            telling.promise(&mut tx, &participant, event).await?;
            for (participant, event, telling) in make_tasks(&tx, &participant, &card, &phase, id).await? {
                telling.promise(&mut tx, &participant, event).await?;
            }
            undo = Some(id);
        } else {
            tx.record(Event::about(card.participant_id, Kind::Placed).enrolment(card.id)).await?;
        }
        let since = if changes_phase { tx.now } else { card.entered_phase_at };
        let days = days_between(since, tx.now);
        tx.commit().await?;
        Ok(Moved { enrolment: command.enrolment, version: command.version + 1, phase: command.to, days, undo })
    }

    /// A phase of a track, if cards can come in. Refused with what has become of the track if it is retired.
    pub(crate) async fn phase_in_use(&self, permit: &Permit, track: Uuid, id: PhaseId) -> Result<Phase, StoreError> {
        let find = phases::Entity::find_by_id(id.0).filter(phases::Column::TrackId.eq(track));
        let row = find.one(permit.read()).await?.ok_or(AppError::NotFound)?;
        if row.retired_at.is_some() {
            return Err(AppError::TrackChanged(changes(permit.read(), track, 1).await?).into());
        }
        phase(row)
    }

    /// Those who are told of a move: the followers.
    pub(crate) async fn telling_of_move(
        &self,
        permit: &Permit,
        participant: &participants::Model,
    ) -> Result<Telling, StoreError> {
        let audience = Audience::of(permit.read(), participant).await?;
        let followers = audience.followers(AlertKind::Moved);
        Telling::prepare(permit.read(), self.today(), Some(self.me().id.0), &audience.readers(), followers).await
    }

    /// Tells who was first and where the card is now.
    pub(crate) async fn stale(&self, permit: &Permit, card: Uuid) -> Result<StoreError, StoreError> {
        Ok(AppError::Stale(Box::new(self.stale_move(permit, card).await?)).into())
    }

    /// Who placed a card last, and where it is now.
    pub(crate) async fn stale_move(&self, permit: &Permit, card: Uuid) -> Result<StaleMove, StoreError> {
        let db = permit.read();
        let card = enrolments::Entity::find_by_id(card).one(db).await?.ok_or(AppError::NotFound)?;
        let phase = phases::Entity::find_by_id(card.phase_id).one(db).await?.ok_or(AppError::NotFound)?;
        let names = person_names(db, &[card.placed_by_id]).await?;
        let above = self.card_above(db, card.phase_id, card.rank).await?;
        Ok(StaleMove {
            enrolment: EnrolmentId(card.id),
            moved_by: card.placed_by_id.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
            moved_at: oslo(card.placed_at),
            phase: PhaseId(phase.id),
            phase_name: phase.name,
            days: days_between(card.entered_phase_at, permit.store().now()),
            after: above.map(EnrolmentId),
            version: card.version,
        })
    }

    /// The nearest card above a rank that this person may see.
    pub(crate) async fn card_above(
        &self,
        db: &impl ConnectionTrait,
        phase: Uuid,
        rank: Vec<u8>,
    ) -> Result<Option<Uuid>, StoreError> {
        Ok(enrolments::Entity::find()
            .join(JoinType::InnerJoin, enrolments::Relation::Participant.def())
            .select_only()
            .column(enrolments::Column::Id)
            .filter(enrolments::Column::PhaseId.eq(phase))
            .filter(enrolments::Column::Rank.lt(rank))
            .filter(self.sees_participants())
            .order_by_desc(enrolments::Column::Rank)
            .limit(1)
            .into_tuple()
            .one(db)
            .await?)
    }
}

/// Closes an enrolment that nobody else can know of yet, as the import does.
pub(crate) async fn close(tx: &Tx, enrolment: EnrolmentId, to: PhaseId, closing: Closing) -> Result<(), StoreError> {
    let card = enrolments::Entity::find_by_id(enrolment.0).one(tx.db()).await?.ok_or(AppError::NotFound)?;
    let command = MoveCard { enrolment, version: card.version, to, place: Place::ByRule };
    let (above, below) = gap(tx, to, Place::ByRule, PhaseKind::Closing, &[card.id]).await?;
    let rank = between(above.as_ref(), below.as_ref())?;
    place(tx, &card, &command, rank, true, Some(closing.outcome)).await?;
    record_move(tx, &card, to, closing.into(), None).await?;
    Ok(())
}

/// Makes a query for phases hold what it finds until the transaction ends, so that nobody else places a
/// card there meanwhile. SQLite has one writer at a time anyway.
///
/// `FOR UPDATE` would hold too much: what refers to a phase, as every row of `moves` does to the phase
/// that a card left, would wait as well, and two moves that cross would wait for each other.
pub(crate) fn held(tx: &Tx, phases: Select<phases::Entity>) -> Select<phases::Entity> {
    if tx.is_postgres() { phases.lock(LockType::NoKeyUpdate) } else { phases }
}

/// Holds one phase.
pub(crate) async fn hold(tx: &Tx, phase: Uuid) -> Result<(), StoreError> {
    if tx.is_postgres() {
        held(tx, phases::Entity::find_by_id(phase)).one(tx.db()).await?;
    }
    Ok(())
}

/// The ranks between which cards lie where the person wants them, among the cards that are there now and stay.
pub(crate) async fn gap(
    tx: &Tx,
    to: PhaseId,
    wanted: Place,
    kind: PhaseKind,
    moving: &[Uuid],
) -> Result<(Option<FractionalIndex>, Option<FractionalIndex>), StoreError> {
    let others = || {
        enrolments::Entity::find()
            .select_only()
            .column(enrolments::Column::Rank)
            .filter(enrolments::Column::PhaseId.eq(to.0))
            .filter(enrolments::Column::Id.is_not_in(moving.iter().copied()))
    };
    let rank = || Expr::col(enrolments::Column::Rank);
    let rank_of = |card: EnrolmentId| Expr::from(others().filter(enrolments::Column::Id.eq(card.0)).into_query());
    let top = || others().order_by_asc(enrolments::Column::Rank);
    let bottom = || others().order_by_desc(enrolments::Column::Rank);

    if let Place::Between { after, before } = wanted {
        // The named card's rank and that of the card behind it; nothing, if the named one is not there any more.
        if let Some(after) = after {
            let from_there = top().filter(rank().gte(rank_of(after)));
            let mut found = ranks(tx, from_there, 2).await?.into_iter();
            if let Some(above) = found.next() {
                return Ok((Some(above), found.next()));
            }
        }
        if let Some(before) = before {
            let from_there = bottom().filter(rank().lte(rank_of(before)));
            let mut found = ranks(tx, from_there, 2).await?.into_iter();
            if let Some(below) = found.next() {
                return Ok((found.next(), Some(below)));
            }
        }
    }
    Ok(match kind {
        PhaseKind::Ordinary => (ranks(tx, bottom(), 1).await?.pop(), None),
        PhaseKind::Closing => (None, ranks(tx, top(), 1).await?.pop()),
    })
}

/// The first ranks that a query finds.
async fn ranks(tx: &Tx, ranks: Select<enrolments::Entity>, most: u64) -> Result<Vec<FractionalIndex>, StoreError> {
    let ranks: Vec<Vec<u8>> = ranks.limit(most).into_tuple().all(tx.db()).await?;
    ranks.into_iter().map(rank_from).collect()
}

/// A rank from its column.
pub(crate) fn rank_from(bytes: Vec<u8>) -> Result<FractionalIndex, StoreError> {
    FractionalIndex::from_bytes(bytes).map_err(|error| StoreError::Corrupt(format!("enrolments.rank: {error:?}")))
}

/// A rank between two, which need not have neighbours.
///
/// What both begin with is set aside first: `fractional_index` 2.0.2 subtracts one from each byte of the
/// lower card's rank up to the first difference, and after 128 cards put on top that byte is a zero.
pub(crate) fn between(
    above: Option<&FractionalIndex>,
    below: Option<&FractionalIndex>,
) -> Result<FractionalIndex, StoreError> {
    let rank = match (above, below) {
        (Some(above), Some(below)) => {
            let (above, below) = (above.as_bytes(), below.as_bytes());
            let longest = above.len().min(below.len()).saturating_sub(1);
            let same = (0..longest).take_while(|&place| above[place] == below[place]).count();
            let (upper, lower) = (rank_from(above[same..].to_vec())?, rank_from(below[same..].to_vec())?);
            let rest = FractionalIndex::new(Some(&upper), Some(&lower));
            rest.map(|rest| rank_from([&above[..same], rest.as_bytes()].concat())).transpose()?
        }
        (above, below) => FractionalIndex::new(above, below),
    };
    rank.ok_or_else(|| StoreError::Corrupt("enrolments.rank: no room".into()))
}

/// The rank for a new card at the bottom of a phase, which is held from then on.
pub(crate) async fn bottom_rank(tx: &Tx, phase: Uuid) -> Result<Vec<u8>, StoreError> {
    let find = phases::Entity::find_by_id(phase).filter(phases::Column::RetiredAt.is_null());
    let phase_in_use = held(tx, find).one(tx.db()).await?;
    phase_in_use.ok_or_else(|| AppError::field("phase", Problem::UnknownChoice))?;
    Ok(between(last_rank(tx, phase).await?.as_ref(), None)?.as_bytes().to_vec())
}

/// The rank of the card at the bottom of a phase.
pub(crate) async fn last_rank(tx: &Tx, phase: Uuid) -> Result<Option<FractionalIndex>, StoreError> {
    let last = enrolments::Entity::find()
        .select_only()
        .column(enrolments::Column::Rank)
        .filter(enrolments::Column::PhaseId.eq(phase))
        .order_by_desc(enrolments::Column::Rank);
    Ok(ranks(tx, last, 1).await?.pop())
}

/// So many ranks between two, rising. Halving keeps them short: one after the other they would grow by a
/// byte every 128 cards.
pub(crate) fn ranks_between(
    above: Option<&FractionalIndex>,
    below: Option<&FractionalIndex>,
    count: usize,
) -> Result<Vec<FractionalIndex>, StoreError> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let middle = between(above, below)?;
    let mut all = ranks_between(above, Some(&middle), count / 2)?;
    let after = ranks_between(Some(&middle), below, count - count / 2 - 1)?;
    all.push(middle);
    all.extend(after);
    Ok(all)
}

/// Places the card if nobody has placed it in the meantime; says whether it did.
pub(crate) async fn place(
    tx: &Tx,
    card: &enrolments::Model,
    command: &MoveCard,
    rank: FractionalIndex,
    changes_phase: bool,
    outcome: Option<Outcome>,
) -> Result<bool, StoreError> {
    let mut update = enrolments::Entity::update_many()
        .col_expr(enrolments::Column::PhaseId, command.to.0.into())
        .col_expr(enrolments::Column::Rank, rank.as_bytes().to_vec().into())
        .col_expr(enrolments::Column::Version, (command.version + 1).into())
        .col_expr(enrolments::Column::PlacedAt, tx.now.into())
        .col_expr(enrolments::Column::PlacedById, tx.by.into());
    if changes_phase {
        update = update
            .col_expr(enrolments::Column::EnteredPhaseAt, tx.now.into())
            .col_expr(enrolments::Column::ClosedAt, outcome.map(|_| tx.now).into())
            .col_expr(enrolments::Column::Outcome, outcome.map(|outcome| outcome.code().to_owned()).into());
    }
    let updated = update
        .filter(enrolments::Column::Id.eq(card.id))
        .filter(enrolments::Column::Version.eq(command.version))
        .filter(is_in_use(command.to.0))
        .exec(tx.db())
        .await?;
    Ok(updated.rows_affected == 1)
}

/// That a phase is in use, as a condition: it is asked where the card is placed, so that no phase is retired in between.
pub(crate) fn is_in_use(phase: Uuid) -> Expr {
    let phases = phases::Entity::find_by_id(phase).filter(phases::Column::RetiredAt.is_null());
    Expr::exists(phases.select_only().column(phases::Column::Id).into_query())
}

/// Writes a move down, and the event that tells of it.
pub(crate) async fn record_move(
    tx: &Tx,
    card: &enrolments::Model,
    to: PhaseId,
    told: Told,
    undoes: Option<Uuid>,
) -> Result<(MoveId, i64), StoreError> {
    let id = Uuid::now_v7();
    moves::Entity::insert(moves::ActiveModel {
        id: Set(id),
        enrolment_id: Set(card.id),
        from_phase_id: Set(card.phase_id),
        to_phase_id: Set(to.0),
        by_id: Set(tx.by),
        at: Set(tx.now),
        reason: Set(told.reason.map(|reason| reason.code().to_owned())),
        reason_text: Set(told.reason_text.map(String::from)),
        outcome: Set(told.outcome.map(|outcome| outcome.code().to_owned())),
        undoes_id: Set(undoes),
        from_rank: Set(Some(card.rank.clone())),
        from_entered_at: Set(Some(card.entered_phase_at)),
    })
    .exec_without_returning(tx.db())
    .await?;
    let event = Event::about(card.participant_id, Kind::Moved).enrolment(card.id).subject(id);
    Ok((MoveId(id), tx.record(event).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_between_cards_that_were_put_on_top_of_a_long_column() -> Result<(), StoreError> {
        let mut column = vec![FractionalIndex::default()];
        for _ in 0..300 {
            column.insert(0, between(None, column.first())?);
        }
        for pair in column.windows(2) {
            let middle = between(Some(&pair[0]), Some(&pair[1]))?;
            assert!(pair[0] < middle && middle < pair[1], "{pair:?} {middle:?}");
        }
        Ok(())
    }
}
