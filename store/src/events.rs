//! Writing down what happened. Every change writes its event in its own transaction.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use shared::error::{AppError, Meanwhile};
use shared::time::oslo;
use shared::timeline::Change;
use uuid::Uuid;

use crate::doors::Tx;
use crate::entity::events;
use crate::error::StoreError;
use crate::people::person_names;

/// What an event is about, as the database calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Enrolled,
    Moved,
    /// Another place in the same phase. Only open boards hear of it.
    Placed,
    NoteWritten,
    NoteDeleted,
    NoteRestored,
    TaskMade,
    TaskDone,
    TaskReopened,
    TaskChanged,
    TaskItemDone,
    TaskItemReopened,
    TaskReminded,
    Changed,
}

impl Kind {
    pub(crate) const ALL: [Self; 14] = [
        Self::Enrolled,
        Self::Moved,
        Self::Placed,
        Self::NoteWritten,
        Self::NoteDeleted,
        Self::NoteRestored,
        Self::TaskMade,
        Self::TaskDone,
        Self::TaskReopened,
        Self::TaskChanged,
        Self::TaskItemDone,
        Self::TaskItemReopened,
        Self::TaskReminded,
        Self::Changed,
    ];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Enrolled => "enrolled",
            Self::Moved => "moved",
            Self::Placed => "placed",
            Self::NoteWritten => "note_written",
            Self::NoteDeleted => "note_deleted",
            Self::NoteRestored => "note_restored",
            Self::TaskMade => "task_made",
            Self::TaskDone => "task_done",
            Self::TaskReopened => "task_reopened",
            Self::TaskChanged => "task_changed",
            Self::TaskItemDone => "task_item_done",
            Self::TaskItemReopened => "task_item_reopened",
            Self::TaskReminded => "task_reminded",
            Self::Changed => "changed",
        }
    }

    pub(crate) fn from_code(code: &str) -> Result<Self, StoreError> {
        let known = Self::ALL.into_iter().find(|kind| kind.code() == code);
        known.ok_or_else(|| StoreError::Corrupt(format!("events.kind {code}")))
    }
}

/// An event to be written.
pub(crate) struct Event {
    pub(crate) kind: Kind,
    pub(crate) participant: Uuid,
    pub(crate) enrolment: Option<Uuid>,
    /// The note, move or task; the phase for [`Kind::Enrolled`].
    pub(crate) subject: Option<Uuid>,
    /// What changed, as JSON; the date for [`Kind::TaskReminded`], the words of a checklist's item.
    pub(crate) detail: Option<String>,
}

impl Event {
    pub(crate) fn about(participant: Uuid, kind: Kind) -> Self {
        Self { kind, participant, enrolment: None, subject: None, detail: None }
    }

    pub(crate) fn subject(self, subject: Uuid) -> Self {
        Self { subject: Some(subject), ..self }
    }

    pub(crate) fn enrolment(self, enrolment: Uuid) -> Self {
        Self { enrolment: Some(enrolment), ..self }
    }
}

impl Tx {
    /// Writes an event and returns its number.
    pub(crate) async fn record(&self, event: Event) -> Result<i64, StoreError> {
        let inserted = events::Entity::insert(events::ActiveModel {
            at: Set(self.now),
            by_id: Set(self.by),
            participant_id: Set(event.participant),
            enrolment_id: Set(event.enrolment),
            kind: Set(event.kind.code().to_owned()),
            subject_id: Set(event.subject),
            detail: Set(event.detail),
            ..Default::default()
        })
        .exec(self.db())
        .await?;
        Ok(inserted.last_insert_id)
    }

    /// Writes an event about changed fields and returns its number, unless nothing changed.
    pub(crate) async fn record_changes(
        &self,
        participant: Uuid,
        changes: &[Change],
    ) -> Result<Option<i64>, StoreError> {
        if changes.is_empty() {
            return Ok(None);
        }
        let detail = serde_json::to_string(changes).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let event = Event { detail: Some(detail), ..Event::about(participant, Kind::Changed) };
        self.record(event).await.map(Some)
    }
}

/// The changed fields of which an event tells.
pub(crate) fn changes_in(event: &events::Model) -> Result<Vec<Change>, StoreError> {
    let detail = event.detail.as_deref().unwrap_or("[]");
    serde_json::from_str(detail).map_err(|error| StoreError::Corrupt(format!("events.detail: {error}")))
}

/// Tells who has built upon what somebody wants to take back: what it is called, who, and when.
pub(crate) async fn built_upon(
    db: &impl ConnectionTrait,
    things: Vec<(String, Option<Uuid>, DateTime<Utc>)>,
) -> Result<StoreError, StoreError> {
    let people: Vec<Option<Uuid>> = things.iter().map(|(_, by, _)| *by).collect();
    let names = person_names(db, &people).await?;
    let meanwhile = things.into_iter().map(|(what, by, at)| {
        let by = by.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
        Meanwhile { what, by, at: oslo(at) }
    });
    Ok(AppError::BuiltUpon(meanwhile.collect()).into())
}

/// Tells who was first, and when, by the event of it.
pub(crate) async fn changed_by(
    db: &impl ConnectionTrait,
    first: Option<events::Model>,
) -> Result<StoreError, StoreError> {
    let (by, at) = first.map(|event| (event.by_id, event.at)).unwrap_or_default();
    changed(db, by, at).await
}

/// Tells who was first, and when.
pub(crate) async fn changed(
    db: &impl ConnectionTrait,
    by: Option<Uuid>,
    at: DateTime<Utc>,
) -> Result<StoreError, StoreError> {
    let names = person_names(db, &[by]).await?;
    let by = by.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
    Ok(AppError::Changed { by, at: oslo(at) }.into())
}
