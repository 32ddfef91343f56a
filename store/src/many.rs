//! Many cards at once: done with all of them or with none, told to each person in one mail, taken back at once.

mod contacts;
mod following;
mod moving;

use std::collections::HashMap;

use sea_orm::sea_query::LockType;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use shared::access::Action;
use shared::error::{AppError, StaleCard};
use shared::id::{CommandId, EnrolmentId};
use shared::many::{ChosenCards, ManyUndone};
use uuid::Uuid;

use self::contacts::ContactsPut;
use self::following::FollowingChanged;
use self::moving::CardMoved;
use crate::doors::{Permit, SignedIn, Tx};
use crate::entity::{commands, enrolments, participants};
use crate::error::StoreError;
use crate::query::among;
use crate::tracks::phases_of;

/// A chosen card, and its participant.
type Chosen = (enrolments::Model, participants::Model);

/// What was done with which cards, and how they were before.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Done {
    Moved(Vec<CardMoved>),
    Contacts(ContactsPut),
    Following(FollowingChanged),
}

impl SignedIn {
    /// Takes back what this person has done with many cards at once, and the alerts that have not been sent. Doing it
    /// twice changes nothing.
    ///
    /// Refused with [`AppError::BuiltUpon`], which names the cards, if others have done the like with some of them
    /// since.
    pub async fn undo_many(&self, id: CommandId) -> Result<ManyUndone, StoreError> {
        let mine = commands::Entity::find_by_id(id.0).filter(commands::Column::ById.eq(self.me().id.0));
        let command = mine.one(self.may_use_own_desk().read()).await?.ok_or(AppError::NotFound)?;
        if command.undone_at.is_some() {
            return Ok(ManyUndone::default());
        }
        let done: Done = serde_json::from_str(&command.done)
            .map_err(|error| StoreError::Corrupt(format!("commands.done: {error}")))?;
        match done {
            Done::Moved(cards) => self.undo_moves(command.id, &cards).await,
            Done::Contacts(put) => self.undo_contacts(command.id, &put).await,
            Done::Following(changed) => self.undo_following(command.id, &changed).await,
        }
    }

    /// The chosen cards as they are now, in the order of the board. Refused with [`AppError::StaleMany`] if somebody
    /// has placed some of them since the person saw them.
    async fn chosen(&self, chosen: &ChosenCards, action: Action) -> Result<(Permit, Vec<Chosen>), StoreError> {
        let ids: Vec<Uuid> = chosen.keys().map(|id| id.0).collect();
        let (permit, mut cards) = self.enrolments_on_one_track(&ids, action).await?;
        if cards.iter().any(|(card, _)| chosen.get(&EnrolmentId(card.id)) != Some(&card.version)) {
            return Err(self.stale_many(chosen, action).await?);
        }
        let track = cards.first().map(|(card, _)| card.track_id).ok_or(AppError::NotFound)?;
        let phases = phases_of(permit.read(), track).await?;
        let column = |card: &enrolments::Model| phases.iter().position(|phase| phase.id.0 == card.phase_id);
        cards.sort_by_cached_key(|(card, _)| (column(card), card.rank.clone()));
        Ok((permit, cards))
    }

    /// Tells which of the chosen cards others have placed since, and where they are now.
    async fn stale_many(&self, chosen: &ChosenCards, action: Action) -> Result<StoreError, StoreError> {
        let ids: Vec<Uuid> = chosen.keys().map(|id| id.0).collect();
        let (permit, cards) = self.enrolments_on_one_track(&ids, action).await?;
        let mut stale = Vec::new();
        for (card, participant) in cards {
            if chosen.get(&EnrolmentId(card.id)) != Some(&card.version) {
                stale.push(StaleCard { name: participant.name, stale: self.stale_move(&permit, card.id).await? });
            }
        }
        Ok(AppError::StaleMany(stale).into())
    }
}

/// Remembers what was done, so that it can be taken back; nothing, if it was nothing.
async fn remember(tx: &Tx, done: &Done, count: usize) -> Result<Option<CommandId>, StoreError> {
    let Some(by) = tx.by.filter(|_| count > 0) else { return Ok(None) };
    let id = Uuid::now_v7();
    let done = serde_json::to_string(done).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    commands::Entity::insert(commands::ActiveModel {
        id: Set(id),
        by_id: Set(by),
        at: Set(tx.now),
        done: Set(done),
        undone_at: Set(None),
    })
    .exec_without_returning(tx.db())
    .await?;
    Ok(Some(CommandId(id)))
}

/// Marks a command as taken back; says whether it was not so already.
async fn forget(tx: &Tx, command: Uuid) -> Result<bool, StoreError> {
    let updated = commands::Entity::update_many()
        .col_expr(commands::Column::UndoneAt, Some(tx.now).into())
        .filter(commands::Column::Id.eq(command))
        .filter(commands::Column::UndoneAt.is_null())
        .exec(tx.db())
        .await?;
    Ok(updated.rows_affected == 1)
}

/// Cards as they are now, held in one order, so that two who choose some of the same do not wait for each other.
async fn held_cards(tx: &Tx, cards: &[Uuid]) -> Result<HashMap<Uuid, enrolments::Model>, StoreError> {
    let mut find =
        enrolments::Entity::find().filter(among(enrolments::Column::Id, cards)).order_by_asc(enrolments::Column::Id);
    if tx.is_postgres() {
        find = find.lock(LockType::NoKeyUpdate);
    }
    Ok(find.all(tx.db()).await?.into_iter().map(|card| (card.id, card)).collect())
}
