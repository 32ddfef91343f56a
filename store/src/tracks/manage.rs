//! What administrators do with tracks and phases. They see counts, but no participant.

use std::cmp::Reverse;
use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::access::{Action, Relation, permits};
use shared::board::{Phase, PhaseKind};
use shared::error::{AppError, Problem};
use shared::id::{PhaseId, TrackId};
use shared::time::oslo;
use shared::tracks::{
    AddPhaseForm, CHANGES_SHOWN, ChangePhaseForm, ManagedTrack, NewTrackForm, PHASES_MAX, PlacePhaseForm,
    RenameTrackForm, Slug, TRACKS_MAX, TrackChange, TrackChanged, TrackFileForm, TrackName, TrackTemplate, check_name,
    check_order, same_name,
};
use uuid::Uuid;

use super::{NewTrack, add_phase, check_in_use, make_track, phase, phases_of, rules_column, write_change};
use crate::doors::{Permit, SignedIn, Tx};
use crate::entity::{enrolments, phases, track_changes, tracks};
use crate::error::StoreError;
use crate::import::lock_phases;
use crate::people::{nav_offices, person_names};
use crate::query::among;

impl SignedIn {
    /// The tracks that this administrator manages, in order.
    pub async fn managed_tracks(&self) -> Result<Vec<ManagedTrack>, StoreError> {
        let permit = self.may_manage_tracks()?;
        let mut managed = Vec::new();
        for row in tracks_of(permit.read(), &self.membership_ids()).await? {
            managed.push(managed_track(&permit, row).await?);
        }
        Ok(managed)
    }

    /// One of them.
    pub async fn managed_track(&self, slug: &str) -> Result<ManagedTrack, StoreError> {
        let (permit, row) = self.own_track(slug).await?;
        managed_track(&permit, row).await
    }

    /// The track to which a phase belongs, and that phase, if it is in use.
    pub async fn managed_phase(&self, phase: PhaseId) -> Result<(ManagedTrack, Phase, usize), StoreError> {
        let (permit, row) = self.track_of_phase(phase).await?;
        let track = managed_track(&permit, row).await?;
        let found = track.phases.iter().find(|(one, _)| one.id == phase).cloned();
        let (phase, cards) = found.ok_or(AppError::NotFound)?;
        Ok((track, phase, cards))
    }

    /// Makes a track with the phases of a template, for the administrator's own unit and the NAV offices that work with
    /// it. Tells its part of the address.
    pub async fn add_track(&self, form: &NewTrackForm) -> Result<String, StoreError> {
        let permit = self.may_manage_tracks()?;
        let (name, shipped) = form.parse()?;
        let template = shipped.read().map_err(|faults| StoreError::Corrupt(format!("{shipped:?}: {faults:?}")))?;
        self.make_own_track(&permit, &TrackTemplate { name, ..template }).await
    }

    /// Makes a track of a file, as [`SignedIn::add_track`] does of a template, if the administrator has been shown what
    /// it becomes. Tells its part of the address.
    pub async fn add_track_from_file(&self, form: &TrackFileForm) -> Result<String, StoreError> {
        let permit = self.may_manage_tracks()?;
        let template = form.parse()?;
        check_track_name(permit.read(), self.me().organisation.0, None, &template.name).await?;
        form.check_shown(&template)?;
        self.make_own_track(&permit, &template).await
    }

    /// Gives a track another name. Like the others, it tells the track's part of the address.
    pub async fn rename_track(&self, form: &RenameTrackForm) -> Result<String, StoreError> {
        let (permit, track) = self.own_track(&form.track).await?;
        let name = form.parse()?;
        let change = Changing::begin(&permit, track, form.version).await?;
        check_track_name(change.tx.db(), change.track.organisation_id, Some(change.track.id), &name).await?;
        tracks::Entity::update_many()
            .col_expr(tracks::Column::Name, name.as_str().into())
            .filter(tracks::Column::Id.eq(change.track.id))
            .exec(change.tx.db())
            .await?;
        let from = change.track.name.clone();
        change.end(&TrackChange::Renamed { from, to: name.into() }).await
    }

    /// Makes a phase: an ordinary one before those that close, a closing one at the end.
    pub async fn add_phase(&self, form: &AddPhaseForm) -> Result<String, StoreError> {
        let (permit, track) = self.own_track(&form.track).await?;
        let new = form.parse()?;
        let change = Changing::begin(&permit, track, form.version).await?;
        check_name(&new.name, &names(&change.phases, None))?;
        if change.phases.len() >= PHASES_MAX {
            return Err(AppError::field("name", Problem::TooMany { max: PHASES_MAX }).into());
        }
        // Beyond all positions, until they are given anew.
        let id = add_phase(&change.tx, change.track.id, i32::MAX, &new).await?;
        let mut order: Vec<Uuid> = change.phases.iter().map(|phase| phase.id.0).collect();
        let ordinary = change.phases.iter().filter(|phase| phase.kind == PhaseKind::Ordinary).count();
        order.insert(if new.kind == PhaseKind::Ordinary { ordinary } else { order.len() }, id);
        set_order(&change.tx, change.track.id, &order).await?;
        change.end(&TrackChange::PhaseAdded { phase: new.name.into() }).await
    }

    /// Changes what a phase is called, what is agreed about it, and its rules.
    pub async fn change_phase(&self, form: &ChangePhaseForm) -> Result<String, StoreError> {
        let (permit, track) = self.track_of_phase(form.phase).await?;
        let edit = form.parse()?;
        let change = Changing::begin(&permit, track, form.version).await?;
        let before = change.phase(form.phase)?;
        check_name(&edit.name, &names(&change.phases, Some(before.id)))?;
        let changes = edit.changes(before);
        if changes.is_empty() {
            return Ok(change.track.slug);
        }
        phases::Entity::update_many()
            .col_expr(phases::Column::Name, edit.name.as_str().into())
            .col_expr(phases::Column::CardLimit, edit.limit.map(i32::from).into())
            .col_expr(phases::Column::AgreedDays, edit.agreed_days.map(i32::from).into())
            .col_expr(phases::Column::Rules, rules_column(&edit.rules)?.into())
            .filter(phases::Column::Id.eq(before.id.0))
            .exec(change.tx.db())
            .await?;
        let phase = before.name.clone();
        change.end(&TrackChange::PhaseChanged { phase, changes }).await
    }

    /// Puts a phase before another one, or at the end.
    pub async fn place_phase(&self, form: &PlacePhaseForm) -> Result<String, StoreError> {
        let (permit, track) = self.track_of_phase(form.phase).await?;
        let change = Changing::begin(&permit, track, form.version).await?;
        let moved = change.phase(form.phase)?.clone();
        let mut order: Vec<&Phase> = change.phases.iter().filter(|phase| phase.id != moved.id).collect();
        let before = form.before.map(|id| change.phase(id)).transpose()?;
        let place = before.and_then(|before| order.iter().position(|phase| phase.id == before.id));
        order.insert(place.unwrap_or(order.len()), &moved);
        let kinds: Vec<PhaseKind> = order.iter().map(|phase| phase.kind).collect();
        check_order(&kinds).map_err(|problem| AppError::field("before", problem))?;
        if order.iter().map(|phase| phase.id).eq(change.phases.iter().map(|phase| phase.id)) {
            return Ok(change.track.slug);
        }
        let ids: Vec<Uuid> = order.iter().map(|phase| phase.id.0).collect();
        set_order(&change.tx, change.track.id, &ids).await?;
        let before = before.map(|before| before.name.clone());
        change.end(&TrackChange::PhasePlaced { phase: moved.name, before }).await
    }

    /// For what an administrator does with tracks, whichever they are.
    pub(super) fn may_manage_tracks(&self) -> Result<Permit, StoreError> {
        if permits(self.me().role, Action::ManageTracks, Relation::Inn) {
            Ok(self.may_use_own_desk())
        } else {
            Err(AppError::Forbidden.into())
        }
    }

    pub(super) async fn own_track(&self, slug: &str) -> Result<(Permit, tracks::Model), StoreError> {
        self.may_manage_tracks()?;
        self.track(slug, Action::ManageTracks).await
    }

    pub(super) async fn track_of_phase(&self, phase: PhaseId) -> Result<(Permit, tracks::Model), StoreError> {
        let permit = self.may_manage_tracks()?;
        let row = phases::Entity::find_by_id(phase.0).one(permit.read()).await?.ok_or(AppError::NotFound)?;
        let track = super::track(permit.read(), row.track_id).await?;
        self.check_track(&permit, &track, Action::ManageTracks).await?;
        Ok((permit, track))
    }

    async fn make_own_track(&self, permit: &Permit, template: &TrackTemplate) -> Result<String, StoreError> {
        let tx = permit.begin().await?;
        let owner = self.me().organisation;
        let own = tracks::Entity::find().filter(tracks::Column::OrganisationId.eq(owner.0)).count(tx.db()).await?;
        if own >= TRACKS_MAX as u64 {
            return Err(AppError::field("name", Problem::TooMany { max: TRACKS_MAX }).into());
        }
        let TrackTemplate { name, phases } = template;
        check_track_name(tx.db(), owner.0, None, name).await?;
        let taken = tracks::Entity::find().select_only().column(tracks::Column::Slug).into_tuple().all(tx.db()).await?;
        let slug = Slug::suggested(name).free_among(&taken);
        let partners: Vec<_> = nav_offices(tx.db(), owner.0).await?.into_iter().map(|(id, _)| id).collect();
        let track = NewTrack { slug: slug.as_str(), name: name.as_str(), owner, partners: &partners, phases };
        make_track(&tx, track).await?;
        tx.commit().await?;
        Ok(slug.into())
    }
}

/// Checks that no other track of a unit has this name: people know tracks by their names.
async fn check_track_name(
    db: &impl ConnectionTrait,
    unit: Uuid,
    itself: Option<Uuid>,
    name: &TrackName,
) -> Result<(), StoreError> {
    let others = tracks_of(db, &[unit]).await?;
    let mut others = others.iter().filter(|other| Some(other.id) != itself);
    if others.any(|other| same_name(&other.name, name.as_str())) {
        return Err(AppError::field("name", Problem::Taken).into());
    }
    Ok(())
}

/// A change of a track that nobody else has changed since the administrator saw it.
pub(super) struct Changing {
    pub(super) tx: Tx,
    pub(super) track: tracks::Model,
    /// Its phases in order, as they are before the change.
    pub(super) phases: Vec<Phase>,
}

impl Changing {
    /// Refused with [`AppError::TrackChanged`] if somebody was first, or if the track is retired.
    pub(super) async fn begin(permit: &Permit, track: tracks::Model, seen: i32) -> Result<Self, StoreError> {
        check_in_use(permit.read(), &track).await?;
        Self::begin_with_any(permit, track, seen).await
    }

    /// The same for a track that may be retired.
    pub(super) async fn begin_with_any(permit: &Permit, track: tracks::Model, seen: i32) -> Result<Self, StoreError> {
        let tx = permit.begin().await?;
        let updated = tracks::Entity::update_many()
            .col_expr(tracks::Column::Version, seen.saturating_add(1).into())
            .filter(tracks::Column::Id.eq(track.id))
            .filter(tracks::Column::Version.eq(seen))
            .exec(tx.db())
            .await?;
        if updated.rows_affected != 1 {
            drop(tx);
            return Err(AppError::TrackChanged(changes(permit.read(), track.id, seen).await?).into());
        }
        lock_phases(&tx, track.id).await?;
        let phases = phases_of(tx.db(), track.id).await?;
        Ok(Self { tx, track: tracks::Model { version: seen, ..track }, phases })
    }

    /// One of the phases.
    pub(super) fn phase(&self, id: PhaseId) -> Result<&Phase, StoreError> {
        Ok(self.phases.iter().find(|phase| phase.id == id).ok_or(AppError::NotFound)?)
    }

    /// Writes down what was changed, and makes it last. Tells the track's part of the address.
    pub(super) async fn end(self, change: &TrackChange) -> Result<String, StoreError> {
        write_change(&self.tx, self.track.id, self.track.version.saturating_add(1), change).await?;
        self.tx.commit().await?;
        Ok(self.track.slug)
    }
}

/// Gives a track's phases their positions anew; those that are retired come behind.
pub(super) async fn set_order(tx: &Tx, track: Uuid, order: &[Uuid]) -> Result<(), StoreError> {
    let rows = phases::Entity::find()
        .filter(phases::Column::TrackId.eq(track))
        .order_by_asc(phases::Column::Position)
        .all(tx.db())
        .await?;
    let retired = rows.iter().map(|row| row.id).filter(|id| !order.contains(id));
    let all: Vec<Uuid> = order.iter().copied().chain(retired).collect();
    // No two phases may ever share a position: out of the way first.
    let away = Expr::col(phases::Column::Position).mul(-1).sub(1);
    phases::Entity::update_many()
        .col_expr(phases::Column::Position, away)
        .filter(phases::Column::TrackId.eq(track))
        .exec(tx.db())
        .await?;
    for (position, id) in (0_i32..).zip(all) {
        phases::Entity::update_many()
            .col_expr(phases::Column::Position, position.into())
            .filter(phases::Column::Id.eq(id))
            .exec(tx.db())
            .await?;
    }
    Ok(())
}

/// What was changed on a track after some version, the latest first.
pub(crate) async fn changes(
    db: &impl ConnectionTrait,
    track: Uuid,
    after: i32,
) -> Result<Vec<TrackChanged>, StoreError> {
    let rows = track_changes::Entity::find()
        .filter(track_changes::Column::TrackId.eq(track))
        .filter(track_changes::Column::Version.gt(after))
        .order_by_desc(track_changes::Column::Version)
        .limit(CHANGES_SHOWN)
        .all(db)
        .await?;
    let people: Vec<Option<Uuid>> = rows.iter().map(|row| row.by_id).collect();
    let names = person_names(db, &people).await?;
    let read = |row: track_changes::Model| {
        let change = serde_json::from_str(&row.change);
        let change = change.map_err(|error| StoreError::Corrupt(format!("track_changes.change: {error}")))?;
        let by = row.by_id.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
        Ok(TrackChanged { by, at: oslo(row.at), change })
    };
    rows.into_iter().map(read).collect()
}

/// The tracks of some INN units, in order.
async fn tracks_of(db: &impl ConnectionTrait, units: &[Uuid]) -> Result<Vec<tracks::Model>, StoreError> {
    let find = tracks::Entity::find().filter(among(tracks::Column::OrganisationId, units));
    Ok(find.order_by_asc(tracks::Column::Position).all(db).await?)
}

async fn managed_track(permit: &Permit, row: tracks::Model) -> Result<ManagedTrack, StoreError> {
    let db = permit.read();
    let counts = counts(db, row.id).await?;
    let count = |phase: &Phase| counts.get(&phase.id.0).copied().unwrap_or_default();
    // A track that is retired still has those that were retired with it.
    let (phases, mut retired): (Vec<_>, Vec<_>) = phases::Entity::find()
        .filter(phases::Column::TrackId.eq(row.id))
        .order_by_asc(phases::Column::Position)
        .all(db)
        .await?
        .into_iter()
        .partition(|phase| phase.retired_at.is_none() || phase.retired_at == row.retired_at);
    retired.sort_by_key(|phase| Reverse(phase.retired_at));
    let phases = phases.into_iter().map(phase).collect::<Result<Vec<_>, _>>()?;
    let partners = crate::entity::track_partners::Entity::find()
        .filter(crate::entity::track_partners::Column::TrackId.eq(row.id))
        .all(db)
        .await?;
    let offices = nav_offices(db, row.organisation_id).await?.into_iter();
    let takes_part = |id: Uuid| partners.iter().any(|partner| partner.organisation_id == id);
    Ok(ManagedTrack {
        id: TrackId(row.id),
        offices: offices.filter(|(id, _)| takes_part(id.0)).map(|(_, name)| name).collect(),
        phases: phases
            .into_iter()
            .map(|phase| {
                let cards = count(&phase);
                (phase, cards)
            })
            .collect(),
        retired: retired.into_iter().filter_map(|row| Some((row.name, oslo(row.retired_at?)))).collect(),
        changes: changes(db, row.id, 0).await?,
        slug: row.slug,
        name: row.name,
        version: row.version,
        retired_at: row.retired_at.map(oslo),
    })
}

/// How many cards each phase of a track has, whoever may see them.
pub(super) async fn counts(db: &impl ConnectionTrait, track: Uuid) -> Result<HashMap<Uuid, usize>, StoreError> {
    let rows: Vec<(Uuid, i64)> = enrolments::Entity::find()
        .select_only()
        .column(enrolments::Column::PhaseId)
        .column_as(Expr::from(Func::count(Expr::col(enrolments::Column::Id))), "count")
        .filter(enrolments::Column::TrackId.eq(track))
        .group_by(enrolments::Column::PhaseId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(phase, count)| (phase, usize::try_from(count).unwrap_or_default())).collect())
}

fn names(phases: &[Phase], without: Option<PhaseId>) -> Vec<&str> {
    phases.iter().filter(|phase| Some(phase.id) != without).map(|phase| phase.name.as_str()).collect()
}
