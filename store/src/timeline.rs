//! The timeline of a participant, put together from the events and what they are about.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::board::{ClosingReason, Outcome};
use shared::id::{NoteId, OrganisationId, TaskId, UserId};
use shared::notes::Note;
use shared::participants::TIMELINE_SHOWN;
use shared::timeline::{Entry, Filter, TaskStep, What};
use uuid::Uuid;

use crate::doors::{Permit, SignedIn};
use crate::entity::{enrolments, events, moves, note_versions, notes, phases, tasks, tracks};
use crate::error::StoreError;
use crate::events::{Kind, changes_in};
use crate::notes::visibility;
use crate::people::person_names;
use crate::query::among;

/// What is no part of a participant's story.
const UNTOLD: [Kind; 2] = [Kind::TaskReminded, Kind::Placed];

impl SignedIn {
    /// What happened to a participant, newest first, as far as this person may read it.
    pub(crate) async fn timeline(
        &self,
        permit: &Permit,
        participant: Uuid,
        filter: Filter,
    ) -> Result<Vec<Entry>, StoreError> {
        let kinds = kinds_of(filter).iter().filter(|kind| !UNTOLD.contains(kind));
        let kinds: Vec<&str> = kinds.map(|kind| kind.code()).collect();
        let events = events::Entity::find()
            .filter(events::Column::ParticipantId.eq(participant))
            .filter(events::Column::Kind.is_in(kinds))
            .order_by_desc(events::Column::Number)
            .limit(TIMELINE_SHOWN)
            .all(permit.read())
            .await?;
        let around = Around::load(permit, &events).await?;
        let mut entries = Vec::new();
        for event in events {
            let Some(what) = self.what(&around, &event)? else { continue };
            let by = event.by_id.and_then(|id| around.names.get(&id).cloned());
            entries.push(Entry { number: event.number, at: event.at, by, what });
        }
        Ok(entries)
    }

    /// What an event tells, or `None` if this person may not read it.
    fn what(&self, around: &Around, event: &events::Model) -> Result<Option<What>, StoreError> {
        let subject = event.subject_id.unwrap_or_default();
        Ok(match Kind::from_code(&event.kind)? {
            Kind::NoteWritten => self.note_entry(around, subject)?.map(What::Note),
            Kind::NoteDeleted => self.may_read(around, subject)?.then_some(What::NoteDeleted),
            Kind::NoteRestored => self.may_read(around, subject)?.then_some(What::NoteRestored),
            Kind::TaskReminded | Kind::Placed => None,
            Kind::Moved => around.moved(event, subject),
            Kind::Enrolled => Some(What::Enrolled { track: around.track(event), phase: around.phase(subject) }),
            Kind::TaskMade => around.task(subject, TaskStep::Made),
            Kind::TaskDone => around.task(subject, TaskStep::Done),
            Kind::TaskReopened => around.task(subject, TaskStep::Reopened),
            Kind::TaskChanged => around.task(subject, TaskStep::Changed),
            Kind::TaskItemDone => around.task(subject, TaskStep::ItemDone(event.detail.clone().unwrap_or_default())),
            Kind::TaskItemReopened => {
                around.task(subject, TaskStep::ItemReopened(event.detail.clone().unwrap_or_default()))
            }
            Kind::Changed => Some(What::Changed(changes_in(event)?)),
        })
    }

    fn note_entry(&self, around: &Around, id: Uuid) -> Result<Option<Note>, StoreError> {
        let Some(note) = around.notes.get(&id).filter(|note| note.deleted_at.is_none()) else { return Ok(None) };
        let visibility = visibility(note)?;
        if !self.may_read(around, id)? {
            return Ok(None);
        }
        let earlier = around.note_versions.iter().filter(|version| version.note_id == id);
        Ok(Some(Note {
            id: NoteId(id),
            author: UserId(note.author_id),
            text: note.text.clone(),
            visibility,
            version: note.version,
            written_at: note.written_at,
            earlier: earlier.map(|version| (version.until, version.text.clone())).collect(),
        }))
    }

    /// Whether this person may read a note, deleted or not.
    fn may_read(&self, around: &Around, id: Uuid) -> Result<bool, StoreError> {
        let Some(note) = around.notes.get(&id) else { return Ok(false) };
        Ok(visibility(note)?.shows_to(&self.me().memberships, OrganisationId(note.unit_id)))
    }
}

/// Everything that a participant's events are about, read once.
struct Around {
    notes: HashMap<Uuid, notes::Model>,
    /// Newest first.
    note_versions: Vec<note_versions::Model>,
    moves: HashMap<Uuid, moves::Model>,
    tasks: HashMap<Uuid, tasks::Model>,
    phases: HashMap<Uuid, String>,
    /// Track names by enrolment.
    tracks: HashMap<Uuid, String>,
    names: HashMap<Uuid, String>,
}

impl Around {
    async fn load(permit: &Permit, events: &[events::Model]) -> Result<Self, StoreError> {
        let db = permit.read();
        let subjects: Vec<Uuid> = events.iter().filter_map(|event| event.subject_id).collect();
        let notes = notes::Entity::find().filter(among(notes::Column::Id, &subjects)).all(db).await?;
        let note_ids: Vec<Uuid> = notes.iter().map(|note| note.id).collect();
        let note_versions = note_versions::Entity::find()
            .filter(among(note_versions::Column::NoteId, &note_ids))
            .order_by_desc(note_versions::Column::Version)
            .all(db)
            .await?;
        let moves = moves::Entity::find().filter(among(moves::Column::Id, &subjects)).all(db).await?;
        let tasks = tasks::Entity::find().filter(among(tasks::Column::Id, &subjects)).all(db).await?;
        let mut phase_ids = subjects;
        phase_ids.extend(moves.iter().flat_map(|row| [row.from_phase_id, row.to_phase_id]));
        let phases = phases::Entity::find().filter(among(phases::Column::Id, &phase_ids)).all(db).await?;
        let enrolment_ids: Vec<Uuid> = events.iter().filter_map(|event| event.enrolment_id).collect();
        let enrolments =
            enrolments::Entity::find().filter(among(enrolments::Column::Id, &enrolment_ids)).all(db).await?;
        let track_ids: Vec<Uuid> = enrolments.iter().map(|row| row.track_id).collect();
        let tracks = tracks::Entity::find().filter(among(tracks::Column::Id, &track_ids)).all(db).await?;
        let track_name = |id: Uuid| tracks.iter().find(|track| track.id == id).map(|track| track.name.clone());
        let mut people: Vec<Option<Uuid>> = events.iter().map(|event| event.by_id).collect();
        people.extend(tasks.iter().map(|task| Some(task.assignee_id)));
        Ok(Self {
            names: person_names(db, &people).await?,
            note_versions,
            phases: phases.into_iter().map(|phase| (phase.id, phase.name)).collect(),
            tracks: enrolments.iter().filter_map(|row| Some((row.id, track_name(row.track_id)?))).collect(),
            notes: notes.into_iter().map(|note| (note.id, note)).collect(),
            moves: moves.into_iter().map(|row| (row.id, row)).collect(),
            tasks: tasks.into_iter().map(|task| (task.id, task)).collect(),
        })
    }

    fn phase(&self, id: Uuid) -> String {
        self.phases.get(&id).cloned().unwrap_or_default()
    }

    fn track(&self, event: &events::Model) -> String {
        event.enrolment_id.and_then(|id| self.tracks.get(&id).cloned()).unwrap_or_default()
    }

    fn moved(&self, event: &events::Model, id: Uuid) -> Option<What> {
        let row = self.moves.get(&id)?;
        let reason = row.reason.as_deref().and_then(ClosingReason::from_code);
        let outcome = row.outcome.as_deref().and_then(Outcome::from_code);
        Some(What::Moved {
            track: self.track(event),
            from: self.phase(row.from_phase_id),
            to: self.phase(row.to_phase_id),
            is_undo: row.undoes_id.is_some(),
            reason,
            reason_text: row.reason_text.clone(),
            outcome,
        })
    }

    fn task(&self, id: Uuid, step: TaskStep) -> Option<What> {
        let task = self.tasks.get(&id)?;
        Some(What::Task {
            task: TaskId(id),
            step,
            title: task.title.clone(),
            assignee: self.names.get(&task.assignee_id).cloned().unwrap_or_default(),
            due: task.due_on,
        })
    }
}

fn kinds_of(filter: Filter) -> &'static [Kind] {
    match filter {
        Filter::All => &Kind::ALL,
        Filter::Notes => &[Kind::NoteWritten, Kind::NoteDeleted, Kind::NoteRestored],
        Filter::Moves => &[Kind::Moved, Kind::Enrolled],
        Filter::Tasks => &[
            Kind::TaskMade,
            Kind::TaskDone,
            Kind::TaskReopened,
            Kind::TaskChanged,
            Kind::TaskItemDone,
            Kind::TaskItemReopened,
        ],
    }
}
