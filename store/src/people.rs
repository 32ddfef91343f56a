//! Who can be contact, follower or assignee, and what people are called.

use std::collections::HashMap;

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
    let roles = [Role::Leader.code(), Role::InnAdviser.code()];
    people(db, Condition::all().add(users::Column::OrganisationId.eq(unit)).add(users::Column::Role.is_in(roles))).await
}

/// The NAV contacts who belong to, or cover, any of these offices.
pub(crate) async fn nav_people(db: &impl ConnectionTrait, offices: &[Uuid]) -> Result<Vec<Person>, StoreError> {
    let there = Condition::any()
        .add(among(users::Column::OrganisationId, offices))
        .add(among(users::Column::Id, &covering(db, offices).await?));
    people(db, Condition::all().add(users::Column::Role.eq(Role::NavContact.code())).add(there)).await
}

/// Those who belong to, or cover, an organisation.
pub(crate) async fn members_of(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<Uuid>, StoreError> {
    let mut members: Vec<Uuid> = users::Entity::find()
        .select_only()
        .column(users::Column::Id)
        .filter(users::Column::OrganisationId.eq(organisation))
        .into_tuple()
        .all(db)
        .await?;
    members.extend(covering(db, &[organisation]).await?);
    Ok(members)
}

/// Those who cover any of these organisations besides their own.
async fn covering(db: &impl ConnectionTrait, organisations: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
    let rows = coverage::Entity::find().filter(among(coverage::Column::OrganisationId, organisations)).all(db).await?;
    Ok(rows.into_iter().map(|row| row.user_id).collect())
}

/// Everybody who may see a participant.
pub(crate) async fn people_around(
    db: &impl ConnectionTrait,
    participant: &participants::Model,
) -> Result<Vec<Person>, StoreError> {
    let mut people = inn_people(db, participant.inn_unit_id).await?;
    people.extend(nav_people(db, participant.nav_office_id.as_slice()).await?);
    Ok(people)
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
