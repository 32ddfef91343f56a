//! The end of a whole track, its return, and its place among the others.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use shared::board::PhaseKind;
use shared::error::{AppError, Problem};
use shared::id::TrackId;
use shared::tracks::{PlaceTrackForm, SeenTrackForm, TrackChange};
use uuid::Uuid;

use super::manage::{Changing, counts};
use crate::board::phases_of_kind;
use crate::doors::{SignedIn, Tx};
use crate::entity::{phases, tracks};
use crate::error::StoreError;
use crate::query::among;

impl SignedIn {
    /// Retires a track in which nobody is any more: all its phases but the closing ones, so that nobody comes in, and
    /// with them the track, so that no list has it. Those who have ended it stay, and so does all that has happened.
    pub async fn retire_track(&self, form: &SeenTrackForm) -> Result<String, StoreError> {
        let (permit, track) = self.own_track(&form.track).await?;
        let change = Changing::begin(&permit, track, form.version).await?;
        let ordinary = phases_of_kind(&change.phases, PhaseKind::Ordinary);
        let counts = counts(change.tx.db(), change.track.id).await?;
        let count: usize = ordinary.iter().filter_map(|phase| counts.get(phase)).sum();
        if count > 0 {
            return Err(AppError::field("track", Problem::StillIn { count }).into());
        }
        set_retired(&change.tx, change.track.id, &ordinary, Some(change.tx.now)).await?;
        change.end(&TrackChange::Retired).await
    }

    /// Takes a retired track into use again, with the phases that it had.
    pub async fn resume_track(&self, form: &SeenTrackForm) -> Result<String, StoreError> {
        let (permit, track) = self.own_track(&form.track).await?;
        let change = Changing::begin_with_any(&permit, track, form.version).await?;
        let Some(retired_at) = change.track.retired_at else { return Ok(change.track.slug) };
        let with_it: Vec<Uuid> = phases::Entity::find()
            .filter(phases::Column::TrackId.eq(change.track.id))
            .filter(phases::Column::RetiredAt.eq(retired_at))
            .all(change.tx.db())
            .await?
            .into_iter()
            .map(|phase| phase.id)
            .collect();
        set_retired(&change.tx, change.track.id, &with_it, None).await?;
        change.end(&TrackChange::Resumed).await
    }

    /// Puts a track before another one in all lists, or at the end. Tells its part of the address.
    pub async fn place_track(&self, form: &PlaceTrackForm) -> Result<String, StoreError> {
        let tx = self.may_manage_tracks()?.begin().await?;
        let mut find = tracks::Entity::find().filter(among(tracks::Column::OrganisationId, &self.membership_ids()));
        if tx.is_postgres() {
            // Held, so that two who order at once do so one after the other.
            find = find.lock(LockType::NoKeyUpdate);
        }
        let mut order = find.all(tx.db()).await?;
        order.sort_by_key(|track| track.position);
        let places: Vec<i32> = order.iter().map(|track| track.position).collect();
        let place_of = |order: &[tracks::Model], id: TrackId| order.iter().position(|track| track.id == id.0);
        let moved = order.remove(place_of(&order, form.track).ok_or(AppError::NotFound)?);
        let slug = moved.slug.clone();
        let place = match form.before {
            Some(before) => place_of(&order, before).ok_or(AppError::NotFound)?,
            None => order.len(),
        };
        order.insert(place, moved);
        for (track, place) in order.iter().zip(places) {
            tracks::Entity::update_many()
                .col_expr(tracks::Column::Position, place.into())
                .filter(tracks::Column::Id.eq(track.id))
                .exec(tx.db())
                .await?;
        }
        tx.commit().await?;
        Ok(slug)
    }
}

async fn set_retired(tx: &Tx, track: Uuid, with_it: &[Uuid], at: Option<DateTime<Utc>>) -> Result<(), StoreError> {
    phases::Entity::update_many()
        .col_expr(phases::Column::RetiredAt, at.into())
        .filter(among(phases::Column::Id, with_it))
        .exec(tx.db())
        .await?;
    tracks::Entity::update_many()
        .col_expr(tracks::Column::RetiredAt, at.into())
        .filter(tracks::Column::Id.eq(track))
        .exec(tx.db())
        .await?;
    Ok(())
}
