//! Who can be contact, follower or assignee, and what people are called.

use std::collections::HashMap;

use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::access::Role;
use shared::accounts::Person;
use shared::id::{OrganisationId, UserId};
use uuid::Uuid;

use crate::entity::{coverage, organisations, participants, track_partners, tracks, users};
use crate::error::StoreError;
use crate::query::among;

/// Those at an INN unit who work with participants.
pub(crate) async fn inn_people(db: &impl ConnectionTrait, unit: Uuid) -> Result<Vec<Person>, StoreError> {
    people(db, is_at_inn(unit)).await
}

/// The NAV contacts who belong to, or cover, any of these offices.
pub(crate) async fn nav_people(db: &impl ConnectionTrait, offices: &[Uuid]) -> Result<Vec<Person>, StoreError> {
    people(db, is_at_nav(offices)).await
}

/// Everybody who may see a participant.
pub(crate) async fn people_around(
    db: &impl ConnectionTrait,
    participant: &participants::Model,
) -> Result<Vec<Person>, StoreError> {
    let nav = is_at_nav(participant.nav_office_id.as_slice());
    people(db, is_at_inn(participant.inn_unit_id).add(nav)).await
}

/// Those who belong to, or cover, an organisation.
pub(crate) async fn members_of(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<Uuid>, StoreError> {
    let members = users::Entity::find().select_only().column(users::Column::Id).filter(belongs_to(&[organisation]));
    Ok(members.into_tuple().all(db).await?)
}

fn is_at_inn(unit: Uuid) -> Condition {
    let works_with_participants = users::Column::Role.is_in([Role::Leader.code(), Role::InnAdviser.code()]);
    let is_at_inn = Condition::all().add(users::Column::OrganisationId.eq(unit)).add(works_with_participants);
    Condition::any().add(is_at_inn)
}

fn is_at_nav(offices: &[Uuid]) -> Condition {
    Condition::all().add(users::Column::Role.eq(Role::NavContact.code())).add(belongs_to(offices))
}

/// The organisation is one of these, or the person covers one of them besides her own.
fn belongs_to(organisations: &[Uuid]) -> Condition {
    let covering = Query::select()
        .column(coverage::Column::UserId)
        .from(coverage::Entity)
        .and_where(among(coverage::Column::OrganisationId, organisations))
        .to_owned();
    Condition::any()
        .add(among(users::Column::OrganisationId, organisations))
        .add(users::Column::Id.in_subquery(covering))
}

/// The NAV offices that work with an INN unit, by name.
pub(crate) async fn nav_offices(
    db: &impl ConnectionTrait,
    unit: Uuid,
) -> Result<Vec<(OrganisationId, String)>, StoreError> {
    let tracks: Vec<Uuid> = tracks::Entity::find()
        .select_only()
        .column(tracks::Column::Id)
        .filter(tracks::Column::OrganisationId.eq(unit))
        .into_tuple()
        .all(db)
        .await?;
    let partners: Vec<Uuid> = track_partners::Entity::find()
        .select_only()
        .column(track_partners::Column::OrganisationId)
        .filter(among(track_partners::Column::TrackId, &tracks))
        .into_tuple()
        .all(db)
        .await?;
    let rows = organisations::Entity::find()
        .filter(among(organisations::Column::Id, &partners))
        .order_by_asc(organisations::Column::Name)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (OrganisationId(row.id), row.name)).collect())
}

/// The names of some users; unknown and missing ids are left out.
pub(crate) async fn person_names(
    db: &impl ConnectionTrait,
    ids: &[Option<Uuid>],
) -> Result<HashMap<Uuid, String>, StoreError> {
    let mut ids: Vec<Uuid> = ids.iter().copied().flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    let rows: Vec<(Uuid, String)> = users::Entity::find()
        .select_only()
        .columns([users::Column::Id, users::Column::Name])
        .filter(among(users::Column::Id, &ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Active users by name, each with the organisation's name.
pub(crate) async fn people(db: &impl ConnectionTrait, condition: Condition) -> Result<Vec<Person>, StoreError> {
    let rows = users::Entity::find()
        .find_also_related(organisations::Entity)
        .filter(condition)
        .filter(users::Column::Active.eq(true))
        .order_by_asc(users::Column::Name)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(user, organisation)| Person {
            id: UserId(user.id),
            name: user.name,
            organisation: organisation.map(|row| row.name).unwrap_or_default(),
        })
        .collect())
}
