//! Reading the whole record of a participant.

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use shared::access::Action;
use shared::accounts::Person;
use shared::id::{EnrolmentId, ParticipantId, TrackId};
use shared::participants::{Enrolment, Record, reference};
use shared::time::days_between;
use shared::timeline::Filter;
use uuid::Uuid;

use crate::board::waiting;
use crate::doors::{Permit, SignedIn};
use crate::entity::{enrolments, followers, organisations, participants, phases, tracks, users};
use crate::error::StoreError;
use crate::participants::details;
use crate::people::{inn_people, nav_offices, nav_people, people};
use crate::query::among;
use crate::tracks::phase;

impl SignedIn {
    /// The whole record. Opening it marks this person's alerts about the participant as read.
    pub async fn record(&self, id: ParticipantId, filter: Filter) -> Result<Record, StoreError> {
        let (permit, row) = self.participant(id, Action::SeeParticipant).await?;
        self.mark_read_about(&permit, row.id).await?;
        let db = permit.read();
        let offices = nav_offices(db, row.inn_unit_id).await?;
        let offices_now: Vec<Uuid> = match row.nav_office_id {
            Some(office) => vec![office],
            None => offices.iter().map(|(id, _)| id.0).collect(),
        };
        let follower_ids: Vec<Uuid> = followers::Entity::find()
            .filter(followers::Column::ParticipantId.eq(row.id))
            .all(db)
            .await?
            .into_iter()
            .map(|follower| follower.user_id)
            .collect();
        let followers = people(db, Condition::all().add(among(users::Column::Id, &follower_ids))).await?;
        let unit = organisations::Entity::find_by_id(row.inn_unit_id).one(db).await?;
        Ok(Record {
            id,
            reference: reference(row.number),
            version: row.version,
            details: details(&row)?,
            inn_unit: unit.map(|unit| unit.name).unwrap_or_default(),
            nav_office: offices.iter().find(|(id, _)| Some(id.0) == row.nav_office_id).map(|(_, name)| name.clone()),
            nav_offices: offices,
            waiting: waiting(row.waiting_on.as_deref(), row.waiting_since),
            enrolments: self.enrolments(&permit, row.id).await?,
            other_tracks: self.other_tracks(&permit, &row).await?,
            tasks: self.tasks_about(&permit, &row).await?,
            timeline: self.timeline(&permit, row.id, filter).await?,
            following: follower_ids.contains(&self.me().id.0),
            followers,
            inn_people: inn_people(db, row.inn_unit_id).await?,
            nav_people: nav_people(db, &offices_now).await?,
        })
    }

    async fn enrolments(&self, permit: &Permit, participant: Uuid) -> Result<Vec<Enrolment>, StoreError> {
        let rows = enrolments::Entity::find()
            .filter(enrolments::Column::ParticipantId.eq(participant))
            .order_by_asc(enrolments::Column::StartedOn)
            .all(permit.read())
            .await?;
        let contacts: Vec<Uuid> =
            rows.iter().flat_map(|row| [row.inn_contact_id, row.nav_contact_id]).flatten().collect();
        let contacts = people(permit.read(), Condition::all().add(among(users::Column::Id, &contacts))).await?;
        let contact =
            |id: Option<Uuid>| -> Option<Person> { contacts.iter().find(|person| Some(person.id.0) == id).cloned() };
        let mut enrolments = Vec::new();
        for row in rows {
            let track = crate::tracks::track(permit.read(), row.track_id).await?;
            let place = phases::Entity::find_by_id(row.phase_id).one(permit.read()).await?;
            let place = place.ok_or_else(|| StoreError::Corrupt("enrolments.phase_id".into()))?;
            enrolments.push(Enrolment {
                id: EnrolmentId(row.id),
                track_slug: track.slug,
                track_name: track.name,
                phase: phase(place)?,
                days: days_between(row.entered_phase_at, self.now()),
                started_on: row.started_on,
                inn_contact: contact(row.inn_contact_id),
                nav_contact: contact(row.nav_contact_id),
            });
        }
        Ok(enrolments)
    }

    /// The INN unit's tracks that the participant is not on.
    async fn other_tracks(
        &self,
        permit: &Permit,
        participant: &participants::Model,
    ) -> Result<Vec<(TrackId, String)>, StoreError> {
        let on: Vec<Uuid> = enrolments::Entity::find()
            .filter(enrolments::Column::ParticipantId.eq(participant.id))
            .all(permit.read())
            .await?
            .into_iter()
            .map(|row| row.track_id)
            .collect();
        let rows = tracks::Entity::find()
            .filter(tracks::Column::OrganisationId.eq(participant.inn_unit_id))
            .order_by_asc(tracks::Column::Position)
            .all(permit.read())
            .await?;
        let rows = rows.into_iter().filter(|row| !on.contains(&row.id));
        Ok(rows.map(|row| (TrackId(row.id), row.name)).collect())
    }
}
