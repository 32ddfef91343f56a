//! The list of one's own alerts.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait,
};
use shared::alerts::{ALERTS_SHOWN, Alert, Mailed, Reason, Unmailed};
use shared::error::AppError;
use shared::id::{AlertId, ParticipantId};
use shared::outbox::{Cause, MailState};
use shared::participants::reference;
use uuid::Uuid;

use super::{kind_of, subject_of};
use crate::doors::{Permit, SignedIn};
use crate::entity::{alerts, events, mails, participants};
use crate::error::StoreError;
use crate::people::person_names;
use crate::query::among;

impl SignedIn {
    /// How many alerts this person has not read, about participants whom she may see.
    pub async fn unread_alerts(&self) -> Result<u64, StoreError> {
        let permit = self.may_use_own_desk();
        Ok(alerts::Entity::find()
            .join(JoinType::InnerJoin, alerts::Relation::Event.def())
            .join(JoinType::InnerJoin, events::Relation::Participant.def())
            .filter(alerts::Column::RecipientId.eq(self.me().id.0))
            .filter(alerts::Column::ReadAt.is_null())
            .filter(alerts::Column::WithdrawnAt.is_null())
            .filter(self.sees_participants())
            .count(permit.read())
            .await?)
    }

    /// This person's alerts, newest first. Those about participants whom she may no longer see are left out,
    /// and so are those that were taken back.
    pub async fn alerts(&self) -> Result<Vec<Alert>, StoreError> {
        let permit = self.may_use_own_desk();
        let rows = alerts::Entity::find()
            .find_also_related(events::Entity)
            .filter(alerts::Column::RecipientId.eq(self.me().id.0))
            .filter(alerts::Column::WithdrawnAt.is_null())
            .order_by_desc(alerts::Column::EventNumber)
            .limit(ALERTS_SHOWN)
            .all(permit.read())
            .await?;
        let rows: Vec<(alerts::Model, events::Model)> =
            rows.into_iter().filter_map(|(alert, event)| Some((alert, event?))).collect();
        let about: Vec<Uuid> = rows.iter().map(|(_, event)| event.participant_id).collect();
        let participants: HashMap<Uuid, participants::Model> = participants::Entity::find()
            .filter(among(participants::Column::Id, &about))
            .filter(self.sees_participants())
            .all(permit.read())
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let mailed = mails_of(permit.read(), &rows).await?;
        let people = rows.iter().flat_map(|(alert, event)| [event.by_id, alert.on_behalf_of_id]);
        let names = person_names(permit.read(), &people.collect::<Vec<_>>()).await?;
        let name = |id: Option<Uuid>| id.and_then(|id| names.get(&id).cloned());
        let mut alerts = Vec::new();
        for (alert, event) in rows {
            let Some(participant) = participants.get(&event.participant_id) else { continue };
            alerts.push(Alert {
                id: AlertId(alert.id),
                kind: kind_of(&alert)?,
                reason: reason_of(&alert)?,
                on_behalf_of: name(alert.on_behalf_of_id),
                at: event.at,
                by: name(event.by_id).unwrap_or_default(),
                participant: ParticipantId(participant.id),
                participant_name: participant.name.clone(),
                participant_reference: reference(participant.number),
                subject: subject_of(&event)?,
                read: alert.read_at.is_some(),
                mailed: mailed_of(&alert, &mailed)?,
            });
        }
        Ok(alerts)
    }

    /// Marks all of this person's alerts as read.
    pub async fn mark_all_read(&self) -> Result<(), StoreError> {
        self.mark_read(&self.may_use_own_desk(), None).await
    }

    /// Marks one of this person's alerts as read.
    pub async fn mark_alert_read(&self, id: AlertId) -> Result<(), StoreError> {
        let permit = self.may_use_own_desk();
        let mine = alerts::Entity::find_by_id(id.0).filter(alerts::Column::RecipientId.eq(self.me().id.0));
        let alert = mine.one(permit.read()).await?.ok_or(AppError::NotFound)?;
        self.mark_read(&permit, Some(vec![alert.event_number])).await
    }

    /// Marks this person's alerts about one participant as read.
    pub(crate) async fn mark_read_about(&self, permit: &Permit, participant: Uuid) -> Result<(), StoreError> {
        let unread: Vec<i64> = alerts::Entity::find()
            .select_only()
            .column(alerts::Column::EventNumber)
            .join(JoinType::InnerJoin, alerts::Relation::Event.def())
            .filter(alerts::Column::RecipientId.eq(self.me().id.0))
            .filter(alerts::Column::ReadAt.is_null())
            .filter(events::Column::ParticipantId.eq(participant))
            .into_tuple()
            .all(permit.read())
            .await?;
        if unread.is_empty() { Ok(()) } else { self.mark_read(permit, Some(unread)).await }
    }

    async fn mark_read(&self, permit: &Permit, events: Option<Vec<i64>>) -> Result<(), StoreError> {
        let tx = permit.begin().await?;
        let mut update = alerts::Entity::update_many()
            .col_expr(alerts::Column::ReadAt, Some(tx.now).into())
            .filter(alerts::Column::RecipientId.eq(self.me().id.0))
            .filter(alerts::Column::ReadAt.is_null());
        if let Some(events) = events {
            update = update.filter(alerts::Column::EventNumber.is_in(events));
        }
        update.exec(tx.db()).await?;
        tx.commit().await
    }
}

/// The mails that tell of some alerts.
pub(super) async fn mails_of(
    db: &impl ConnectionTrait,
    rows: &[(alerts::Model, events::Model)],
) -> Result<HashMap<Uuid, mails::Model>, StoreError> {
    let ids: Vec<Uuid> = rows.iter().filter_map(|(alert, _)| alert.mail_id).collect();
    let mails = mails::Entity::find().filter(among(mails::Column::Id, &ids)).all(db).await?;
    Ok(mails.into_iter().map(|mail| (mail.id, mail)).collect())
}

/// What became of the mail about an alert.
pub(super) fn mailed_of(alert: &alerts::Model, mails: &HashMap<Uuid, mails::Model>) -> Result<Mailed, StoreError> {
    if let Some(code) = &alert.unmailed {
        let unmailed = Unmailed::from_code(code).ok_or_else(|| StoreError::Corrupt("alerts.unmailed".into()))?;
        return Ok(Mailed::No(unmailed));
    }
    let Some(mail) = alert.mail_id.and_then(|id| mails.get(&id)) else { return Ok(Mailed::Forgotten) };
    let state = MailState::from_code(&mail.state).ok_or_else(|| StoreError::Corrupt("mails.state".into()))?;
    Ok(match state {
        MailState::Queued => Mailed::Waits(mail.due_at),
        MailState::Sent => Mailed::Sent(mail.sent_at.unwrap_or(mail.due_at)),
        MailState::Failed => Mailed::Failed(mail.cause.as_deref().and_then(Cause::from_code)),
        MailState::Dropped => Mailed::No(Unmailed::NoAccess),
    })
}

pub(crate) fn reason_of(alert: &alerts::Model) -> Result<Reason, StoreError> {
    Reason::from_code(&alert.reason).ok_or_else(|| StoreError::Corrupt("alerts.reason".into()))
}
