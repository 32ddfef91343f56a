//! From a person and an action to a permit. Everything that a person does goes through here.
//!
//! What somebody may not see looks like what does not exist.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use shared::access::{Action, Relation, Role, permits};
use shared::error::AppError;
use shared::id::{EnrolmentId, NoteId, OrganisationId, ParticipantId, TaskId, TaskItemId};
use uuid::Uuid;

use crate::doors::{Permit, SignedIn};
use crate::entity::{enrolments, notes, participants, task_items, tasks, track_partners, tracks};
use crate::error::StoreError;
use crate::query::among;

/// Who may see the same. See [`SignedIn::sight`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sight {
    pub(crate) role: Role,
    pub(crate) memberships: Vec<Uuid>,
}

impl SignedIn {
    /// For what concerns nobody but oneself: own tasks, alerts, language, sessions.
    pub(crate) fn may_use_own_desk(&self) -> Permit {
        self.permit()
    }

    /// For what a role may do as such, without regard to a participant.
    pub(crate) fn may(&self, action: Action) -> Result<Permit, StoreError> {
        if permits(self.me().role, action, Relation::Stranger) {
            Ok(self.permit())
        } else {
            Err(AppError::Forbidden.into())
        }
    }

    /// A participant, if this person may do this with her.
    pub(crate) async fn participant(
        &self,
        id: ParticipantId,
        action: Action,
    ) -> Result<(Permit, participants::Model), StoreError> {
        let permit = self.permit();
        let row = participants::Entity::find_by_id(id.0).one(permit.read()).await?.ok_or(AppError::NotFound)?;
        self.check(
            action,
            Relation::between(&self.me().memberships, OrganisationId(row.inn_unit_id), &nav_office(&row)),
        )?;
        Ok((permit, row))
    }

    /// A card, if this person may do this with its participant.
    pub(crate) async fn enrolment(
        &self,
        id: EnrolmentId,
        action: Action,
    ) -> Result<(Permit, enrolments::Model, participants::Model), StoreError> {
        let permit = self.permit();
        let (row, participant) = enrolments::Entity::find_by_id(id.0)
            .find_also_related(participants::Entity)
            .one(permit.read())
            .await?
            .ok_or(AppError::NotFound)?;
        let participant = participant.ok_or(AppError::NotFound)?;
        let relation = Relation::between(
            &self.me().memberships,
            OrganisationId(participant.inn_unit_id),
            &nav_office(&participant),
        );
        self.check(action, relation)?;
        Ok((permit, row, participant))
    }

    /// Some cards of one track, if this person may do this with all of their participants.
    pub(crate) async fn enrolments_on_one_track(
        &self,
        ids: &[Uuid],
        action: Action,
    ) -> Result<(Permit, Vec<(enrolments::Model, participants::Model)>), StoreError> {
        let permit = self.permit();
        let rows = enrolments::Entity::find()
            .find_also_related(participants::Entity)
            .filter(among(enrolments::Column::Id, ids))
            .all(permit.read())
            .await?;
        let cards: Vec<_> = rows.into_iter().filter_map(|(card, participant)| Some((card, participant?))).collect();
        let track = cards.first().map(|(card, _)| card.track_id);
        if cards.len() != ids.len() || cards.iter().any(|(card, _)| Some(card.track_id) != track) {
            return Err(AppError::NotFound.into());
        }
        for (_, participant) in &cards {
            let unit = OrganisationId(participant.inn_unit_id);
            self.check(action, Relation::between(&self.me().memberships, unit, &nav_office(participant)))?;
        }
        Ok((permit, cards))
    }

    /// A note, if this person may do this with its participant and may read it.
    pub(crate) async fn note(&self, id: NoteId, action: Action) -> Result<(Permit, notes::Model), StoreError> {
        let (permit, _, note) = self.kept_note(id, action).await?;
        if note.deleted_at.is_some() {
            return Err(AppError::NotFound.into());
        }
        Ok((permit, note))
    }

    /// The same, also if it has been deleted.
    pub(crate) async fn kept_note(
        &self,
        id: NoteId,
        action: Action,
    ) -> Result<(Permit, participants::Model, notes::Model), StoreError> {
        let note = notes::Entity::find_by_id(id.0).one(self.permit().read()).await?.ok_or(AppError::NotFound)?;
        let (permit, participant) = self.participant(ParticipantId(note.participant_id), action).await?;
        let visibility = crate::notes::visibility(&note)?;
        if visibility.shows_to(&self.me().memberships, OrganisationId(note.unit_id)) {
            Ok((permit, participant, note))
        } else {
            Err(AppError::NotFound.into())
        }
    }

    /// A task, if this person may do this with its participant.
    pub(crate) async fn task(
        &self,
        id: TaskId,
        action: Action,
    ) -> Result<(Permit, tasks::Model, participants::Model), StoreError> {
        let task = tasks::Entity::find_by_id(id.0).one(self.permit().read()).await?.ok_or(AppError::NotFound)?;
        let (permit, participant) = self.participant(ParticipantId(task.participant_id), action).await?;
        Ok((permit, task, participant))
    }

    /// An item of a checklist with its task, if this person may do this with its participant.
    pub(crate) async fn task_item(
        &self,
        id: TaskItemId,
        action: Action,
    ) -> Result<(Permit, task_items::Model, tasks::Model), StoreError> {
        let item = task_items::Entity::find_by_id(id.0).one(self.permit().read()).await?.ok_or(AppError::NotFound)?;
        let (permit, task, _) = self.task(TaskId(item.task_id), action).await?;
        Ok((permit, item, task))
    }

    /// A track, if this person may do this on it.
    pub(crate) async fn track(&self, slug: &str, action: Action) -> Result<(Permit, tracks::Model), StoreError> {
        if slug.contains('\0') {
            // PostgreSQL fails on it, and no track has it.
            return Err(AppError::NotFound.into());
        }
        let permit = self.permit();
        let found = tracks::Entity::find()
            .find_with_related(track_partners::Entity)
            .filter(tracks::Column::Slug.eq(slug))
            .all(permit.read())
            .await?;
        let (row, partners) = found.into_iter().next().ok_or(AppError::NotFound)?;
        self.check_shared_track(&row, partners, action)?;
        Ok((permit, row))
    }

    /// Checks that this person may do this on a track.
    pub(crate) async fn check_track(
        &self,
        permit: &Permit,
        track: &tracks::Model,
        action: Action,
    ) -> Result<(), StoreError> {
        let partners = track_partners::Entity::find().filter(track_partners::Column::TrackId.eq(track.id));
        self.check_shared_track(track, partners.all(permit.read()).await?, action)
    }

    fn check_shared_track(
        &self,
        track: &tracks::Model,
        partners: Vec<track_partners::Model>,
        action: Action,
    ) -> Result<(), StoreError> {
        let partners: Vec<_> = partners.into_iter().map(|partner| OrganisationId(partner.organisation_id)).collect();
        self.check(action, Relation::between(&self.me().memberships, OrganisationId(track.organisation_id), &partners))
    }

    /// Which participants this person may see, as a condition for queries over many of them.
    pub(crate) fn sees_participants(&self) -> Expr {
        let memberships = self.membership_ids();
        match self.me().role {
            Role::Administrator => among(participants::Column::Id, &[]),
            Role::Leader | Role::InnAdviser => among(participants::Column::InnUnitId, &memberships),
            Role::NavContact => among(participants::Column::NavOfficeId, &memberships),
        }
    }

    /// What decides which tracks and participants this person may see: nothing else about her does.
    pub(crate) fn sight(&self) -> Sight {
        Sight { role: self.me().role, memberships: self.membership_ids() }
    }

    /// The organisations to which this person belongs, for queries.
    pub(crate) fn membership_ids(&self) -> Vec<Uuid> {
        self.me().memberships.iter().map(|id| id.0).collect()
    }

    fn check(&self, action: Action, relation: Relation) -> Result<(), StoreError> {
        if permits(self.me().role, action, relation) {
            Ok(())
        } else if permits(self.me().role, Action::SeeParticipant, relation) {
            Err(AppError::Forbidden.into())
        } else {
            Err(AppError::NotFound.into())
        }
    }
}

fn nav_office(participant: &participants::Model) -> Vec<OrganisationId> {
    participant.nav_office_id.map(OrganisationId).into_iter().collect()
}
