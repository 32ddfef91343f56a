//! Why somebody was told of something, or was not.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use shared::alerts::{Heard, HeardOf};
use shared::participants::parse_reference;
use shared::timeline::{Entry, Filter, What};
use uuid::Uuid;

use super::kind_of;
use super::list::{mailed_of, mails_of, reason_of};
use crate::doors::SignedIn;
use crate::entity::{alerts, events, followers, participants};
use crate::error::StoreError;
use crate::people::person_names;

/// How many events are explained.
const EXPLAINED: usize = 40;

/// What happened to a participant, and whether this person was told of it.
#[derive(Debug)]
pub struct AlertHistory {
    /// The participant's name.
    pub name: String,
    /// What happened, newest first.
    pub entries: Vec<(Entry, Heard)>,
}

impl SignedIn {
    /// What happened to the participant of this reference, and why this person was told of it or was not. `None`
    /// if she may see no participant of that reference.
    pub async fn alert_history(&self, typed: &str) -> Result<Option<AlertHistory>, StoreError> {
        let permit = self.may_use_own_desk();
        let db = permit.read();
        let Some(number) = parse_reference(typed) else { return Ok(None) };
        let participant = participants::Entity::find()
            .filter(participants::Column::Number.eq(number))
            .filter(self.sees_participants())
            .one(db)
            .await?;
        let Some(participant) = participant else { return Ok(None) };
        let mut entries = self.timeline(&permit, participant.id, Filter::All).await?;
        entries.truncate(EXPLAINED);
        let numbers: Vec<i64> = entries.iter().map(|entry| entry.number).collect();
        let own: Vec<i64> = events::Entity::find()
            .select_only()
            .column(events::Column::Number)
            .filter(events::Column::Number.is_in(numbers.clone()))
            .filter(events::Column::ById.eq(self.me().id.0))
            .into_tuple()
            .all(db)
            .await?;
        let rows = alerts::Entity::find()
            .find_also_related(events::Entity)
            .filter(alerts::Column::RecipientId.eq(self.me().id.0))
            .filter(alerts::Column::EventNumber.is_in(numbers))
            .all(db)
            .await?;
        let rows: Vec<(alerts::Model, events::Model)> =
            rows.into_iter().filter_map(|(alert, event)| Some((alert, event?))).collect();
        let mails = mails_of(db, &rows).await?;
        let absent: Vec<Option<Uuid>> = rows.iter().map(|(alert, _)| alert.on_behalf_of_id).collect();
        let names = person_names(db, &absent).await?;
        let mut alerts: HashMap<i64, alerts::Model> =
            rows.into_iter().map(|(alert, event)| (event.number, alert)).collect();
        let follows = followers::Entity::find_by_id((participant.id, self.me().id.0)).one(db).await?;
        let mut explained = Vec::new();
        for entry in entries {
            let heard = match alerts.remove(&entry.number) {
                Some(alert) if alert.withdrawn_at.is_some() => Heard::Withdrawn,
                Some(alert) => Heard::Told(HeardOf {
                    kind: kind_of(&alert)?,
                    reason: reason_of(&alert)?,
                    on_behalf_of: alert.on_behalf_of_id.and_then(|id| names.get(&id).cloned()),
                    mailed: mailed_of(&alert, &mails)?,
                }),
                None if own.contains(&entry.number) => Heard::Own,
                None if tells_followers(&entry.what)
                    && follows.as_ref().is_none_or(|follows| follows.since > entry.at) =>
                {
                    Heard::NotFollowing
                }
                None => Heard::Others,
            };
            explained.push((entry, heard));
        }
        Ok(Some(AlertHistory { name: participant.name, entries: explained }))
    }
}

/// Whether everybody who follows a participant is told of such a thing.
fn tells_followers(what: &What) -> bool {
    match what {
        What::Note(_) | What::Moved { .. } => true,
        What::Task { step, .. } => *step == shared::timeline::TaskStep::Done,
        What::NoteDeleted | What::NoteRestored | What::Enrolled { .. } | What::Changed(_) => false,
    }
}
