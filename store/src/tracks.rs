//! Tracks and their phases.

mod manage;
mod retire;
mod retire_track;

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select};
use shared::access::Action;
use shared::board::{Phase, PhaseKind, Track};
use shared::error::{AppError, Problem};
use shared::id::{OrganisationId, PhaseId, TrackId};
use shared::phases::Rules;
use shared::tracks::{NewPhase, TrackChange};
use uuid::Uuid;

use crate::doors::{SignedIn, System, Tx};
use crate::entity::{phases, track_changes, track_partners, tracks};
use crate::error::StoreError;

pub(crate) use manage::changes;

impl SignedIn {
    /// The tracks that this person may see, with how many cards each phase has.
    pub async fn tracks(&self) -> Result<Vec<Track>, StoreError> {
        let permit = self.may_use_own_desk();
        let rows = in_use().all(permit.read()).await?;
        let mut tracks = Vec::new();
        for row in rows {
            if self.check_track(&permit, &row, Action::SeeBoard).await.is_err() {
                continue;
            }
            let phases = phases_of(permit.read(), row.id).await?;
            let counts = self.card_counts(permit.read(), &phases).await?;
            let phases = phases.into_iter().map(|phase| {
                let count = counts.get(&phase.id.0).copied().unwrap_or_default();
                (phase, count)
            });
            tracks.push(Track { id: TrackId(row.id), slug: row.slug, name: row.name, phases: phases.collect() });
        }
        Ok(tracks)
    }
}

/// A track to be made.
#[derive(Debug)]
pub struct NewTrack<'a> {
    /// Its part of the address.
    pub slug: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The INN unit to which it belongs.
    pub owner: OrganisationId,
    /// The NAV offices that take part.
    pub partners: &'a [OrganisationId],
    /// Its phases, in order.
    pub phases: &'a [NewPhase],
}

impl System {
    /// Makes a track with its phases. Refused with [`Problem::Taken`] if the slug is in use.
    pub async fn create_track(&self, track: NewTrack<'_>) -> Result<TrackId, StoreError> {
        let tx = self.may().begin().await?;
        let id = make_track(&tx, track).await?;
        tx.commit().await?;
        Ok(id)
    }
}

/// Makes a track with its phases; the work of both administrators and commands.
async fn make_track(tx: &Tx, track: NewTrack<'_>) -> Result<TrackId, StoreError> {
    let others = tracks::Entity::find().all(tx.db()).await?;
    if others.iter().any(|other| other.slug == track.slug) {
        return Err(AppError::field("slug", Problem::Taken).into());
    }
    let id = Uuid::now_v7();
    tracks::Entity::insert(tracks::ActiveModel {
        id: Set(id),
        slug: Set(track.slug.to_owned()),
        name: Set(track.name.to_owned()),
        organisation_id: Set(track.owner.0),
        position: Set(i32::try_from(others.len()).unwrap_or(i32::MAX)),
        version: Set(1),
        retired_at: Set(None),
    })
    .exec_without_returning(tx.db())
    .await?;
    for partner in track.partners {
        let row = track_partners::ActiveModel { track_id: Set(id), organisation_id: Set(partner.0) };
        track_partners::Entity::insert(row).exec_without_returning(tx.db()).await?;
    }
    for (position, phase) in (0..).zip(track.phases) {
        add_phase(tx, id, position, phase).await?;
    }
    write_change(tx, id, 1, &TrackChange::Made).await?;
    Ok(TrackId(id))
}

async fn add_phase(tx: &Tx, track: Uuid, position: i32, phase: &NewPhase) -> Result<Uuid, StoreError> {
    let id = Uuid::now_v7();
    phases::Entity::insert(phases::ActiveModel {
        id: Set(id),
        track_id: Set(track),
        name: Set(phase.name.to_string()),
        kind: Set(phase.kind.code().to_owned()),
        position: Set(position),
        card_limit: Set(phase.limit.map(i32::from)),
        agreed_days: Set(phase.agreed_days.map(i32::from)),
        retired_at: Set(None),
        rules: Set(rules_column(&phase.on_entry)?),
    })
    .exec_without_returning(tx.db())
    .await?;
    Ok(id)
}

/// Writes down what led to a version of a track.
async fn write_change(tx: &Tx, track: Uuid, version: i32, change: &TrackChange) -> Result<(), StoreError> {
    let change = serde_json::to_string(change).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    track_changes::Entity::insert(track_changes::ActiveModel {
        id: Set(Uuid::now_v7()),
        track_id: Set(track),
        version: Set(version),
        at: Set(tx.now),
        by_id: Set(tx.by),
        change: Set(change),
    })
    .exec_without_returning(tx.db())
    .await?;
    Ok(())
}

/// All tracks that are in use, in order.
pub(crate) fn in_use() -> Select<tracks::Entity> {
    tracks::Entity::find().filter(tracks::Column::RetiredAt.is_null()).order_by_asc(tracks::Column::Position)
}

/// Refuses a track that is retired, with what has become of it.
pub(crate) async fn check_in_use(db: &impl ConnectionTrait, track: &tracks::Model) -> Result<(), StoreError> {
    if track.retired_at.is_some() {
        return Err(AppError::TrackChanged(changes(db, track.id, 0).await?).into());
    }
    Ok(())
}

/// A track by its id.
pub(crate) async fn track(db: &impl ConnectionTrait, id: Uuid) -> Result<tracks::Model, StoreError> {
    Ok(tracks::Entity::find_by_id(id).one(db).await?.ok_or(AppError::NotFound)?)
}

/// A track's phases in order, without those that are retired.
pub(crate) async fn phases_of(db: &impl ConnectionTrait, track: Uuid) -> Result<Vec<Phase>, StoreError> {
    let rows = phases::Entity::find()
        .filter(phases::Column::TrackId.eq(track))
        .filter(phases::Column::RetiredAt.is_null())
        .order_by_asc(phases::Column::Position)
        .all(db)
        .await?;
    rows.into_iter().map(phase).collect()
}

/// A phase from its row.
pub(crate) fn phase(row: phases::Model) -> Result<Phase, StoreError> {
    let kind = PhaseKind::from_code(&row.kind);
    let kind = kind.ok_or_else(|| StoreError::Corrupt(format!("phases.kind {}", row.kind)))?;
    let rules = row.rules.as_deref().map(serde_json::from_str).transpose();
    let rules = rules.map_err(|error| StoreError::Corrupt(format!("phases.rules: {error}")))?.unwrap_or_default();
    Ok(Phase { id: PhaseId(row.id), name: row.name, kind, limit: row.card_limit, agreed_days: row.agreed_days, rules })
}

/// Rules as their column has them.
fn rules_column(rules: &Rules) -> Result<Option<String>, StoreError> {
    let json = (!rules.are_none()).then(|| serde_json::to_string(rules)).transpose();
    json.map_err(|error| StoreError::Corrupt(error.to_string()))
}
