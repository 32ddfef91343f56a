//! Alerts: promising them together with what they tell about, and the list of one's own.

use std::collections::HashMap;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait,
};
use shared::alerts::{ALERTS_SHOWN, Alert, AlertKind, MailState, Subject};
use shared::id::{AlertId, NoteId, ParticipantId, TaskId};
use shared::participants::reference;
use uuid::Uuid;

use crate::doors::{Permit, SignedIn, Tx};
use crate::entity::{alerts, events, mails, participants};
use crate::error::StoreError;
use crate::events::Kind;
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
            .filter(self.sees_participants())
            .count(permit.read())
            .await?)
    }

    /// This person's alerts, newest first. Those about participants whom she may no longer see are left out.
    pub async fn alerts(&self) -> Result<Vec<Alert>, StoreError> {
        let permit = self.may_use_own_desk();
        let rows = alerts::Entity::find()
            .find_also_related(events::Entity)
            .filter(alerts::Column::RecipientId.eq(self.me().id.0))
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
        let by: Vec<Option<Uuid>> = rows.iter().map(|(_, event)| event.by_id).collect();
        let names = person_names(permit.read(), &by).await?;
        let mut alerts = Vec::new();
        for (alert, event) in rows {
            let Some(participant) = participants.get(&event.participant_id) else { continue };
            let (kind, subject) = kind_and_subject(&event)?;
            alerts.push(Alert {
                id: AlertId(alert.id),
                kind,
                at: event.at,
                by: event.by_id.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
                participant: ParticipantId(participant.id),
                participant_name: participant.name.clone(),
                participant_reference: reference(participant.number),
                subject,
                read: alert.read_at.is_some(),
            });
        }
        Ok(alerts)
    }

    /// Marks all of this person's alerts as read.
    pub async fn mark_all_read(&self) -> Result<(), StoreError> {
        self.mark_read(&self.may_use_own_desk(), None).await
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

/// Promises an alert and a mail to each recipient, in the transaction of the event itself: either all
/// of it lasts or nothing happened.
pub(crate) async fn promise_alerts(tx: &mut Tx, event: i64, recipients: &[Uuid]) -> Result<(), StoreError> {
    if recipients.is_empty() {
        return Ok(());
    }
    let alert_rows: Vec<alerts::ActiveModel> = recipients
        .iter()
        .map(|recipient| alerts::ActiveModel {
            id: Set(Uuid::now_v7()),
            event_number: Set(event),
            recipient_id: Set(*recipient),
            read_at: Set(None),
        })
        .collect();
    let mail_rows: Vec<mails::ActiveModel> = alert_rows
        .iter()
        .map(|alert| mails::ActiveModel {
            id: Set(Uuid::now_v7()),
            alert_id: Set(Some(alert.id.clone().take().unwrap_or_default())),
            recipient_id: alert.recipient_id.clone(),
            state: Set(MailState::Queued.code().to_owned()),
            attempts: Set(0),
            created_at: Set(tx.now),
            due_at: Set(tx.now),
            sent_at: Set(None),
            answer: Set(None),
        })
        .collect();
    alerts::Entity::insert_many(alert_rows).exec_without_returning(tx.db()).await?;
    mails::Entity::insert_many(mail_rows).exec_without_returning(tx.db()).await?;
    tx.wakes_mailer = true;
    Ok(())
}

/// What an event that alerts is about.
pub(crate) fn kind_and_subject(event: &events::Model) -> Result<(AlertKind, Subject), StoreError> {
    let subject = event.subject_id.ok_or_else(|| StoreError::Corrupt("events.subject_id".into()))?;
    let kind = alert_kind(&event.kind)?;
    Ok(match kind {
        AlertKind::NoteWritten => (kind, Subject::Note(NoteId(subject))),
        AlertKind::TaskAssigned => (kind, Subject::Task(TaskId(subject))),
    })
}

/// The kind of alert that an event of this kind makes.
pub(crate) fn alert_kind(event_kind: &str) -> Result<AlertKind, StoreError> {
    match Kind::from_code(event_kind)? {
        Kind::NoteWritten => Ok(AlertKind::NoteWritten),
        Kind::TaskMade | Kind::TaskChanged => Ok(AlertKind::TaskAssigned),
        other => Err(StoreError::Corrupt(format!("an alert about {}", other.code()))),
    }
}
