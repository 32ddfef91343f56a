//! What has happened of late, read once for all boards that are open.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::{LATE_NUMBERS, LATE_SECONDS};
use crate::doors::Permit;
use crate::entity::{events, tracks};
use crate::error::StoreError;
use crate::events::Kind;

/// So long what was read may be told again, unless somebody has said that something has happened.
const FRESH: Duration = Duration::from_millis(250);
/// So many events are remembered: those that a board is told of at once, and those among which a late one is looked for.
const REMEMBERED: usize = 500;

/// What was read last.
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<Option<Arc<Recent>>>);

/// The latest events of all tracks, and how many times each track has been changed.
#[derive(Debug)]
pub(super) struct Recent {
    /// How many times something had happened when it was read, and when that was.
    pub(super) happened: u64,
    read_at: Instant,
    events: BTreeMap<i64, RecentEvent>,
    versions: HashMap<Uuid, i32>,
}

/// What a board must know of an event.
#[derive(Debug, Clone)]
pub(super) struct RecentEvent {
    pub(super) participant: Uuid,
    /// The move, if it was one.
    pub(super) moved: Option<Uuid>,
    pub(super) at: DateTime<Utc>,
}

impl Recent {
    /// The number of the latest event; zero before the first.
    pub(super) fn latest(&self) -> i64 {
        self.events.last_key_value().map_or(0, |(number, _)| *number)
    }

    /// Whether it holds every event after this one.
    pub(super) fn reaches_back_to(&self, number: i64) -> bool {
        self.events.len() < REMEMBERED || self.events.first_key_value().is_some_and(|(first, _)| *first <= number + 1)
    }

    /// The events after this one, in the order of their numbers.
    pub(super) fn events_after(&self, number: i64) -> impl Iterator<Item = (i64, &RecentEvent)> {
        self.events.range(number + 1..).map(|(number, event)| (*number, event))
    }

    /// How many times a track has been changed.
    pub(super) fn version_of(&self, track: Uuid) -> i32 {
        self.versions.get(&track).copied().unwrap_or_default()
    }
}

impl Permit {
    /// What has happened of late. A thousand boards that hear of one move ask the database once.
    pub(super) async fn recent(&self) -> Result<Arc<Recent>, StoreError> {
        let store = self.store();
        let mut memory = store.memory().0.lock().await;
        // Before it is read, so that whatever happens meanwhile makes it old.
        let happened = *store.happenings().borrow();
        if let Some(recent) = memory.as_ref()
            && recent.happened == happened
            && recent.read_at.elapsed() < FRESH
        {
            return Ok(Arc::clone(recent));
        }
        let read_at = Instant::now();
        let mut events = memory.as_ref().map(|recent| recent.events.clone()).unwrap_or_default();
        events.extend(self.new_events(&events).await?);
        while events.len() > REMEMBERED {
            events.pop_first();
        }
        let versions = tracks::Entity::find()
            .select_only()
            .columns([tracks::Column::Id, tracks::Column::Version])
            .into_tuple()
            .all(self.read())
            .await?;
        let versions = versions.into_iter().collect();
        Ok(Arc::clone(memory.insert(Arc::new(Recent { happened, read_at, events, versions }))))
    }

    /// Events that are not among these, as far as they are remembered.
    async fn new_events(&self, known: &BTreeMap<i64, RecentEvent>) -> Result<Vec<(i64, RecentEvent)>, StoreError> {
        let latest = known.last_key_value().map_or(0, |(number, _)| *number);
        let is_late = Condition::all()
            .add(events::Column::Number.gt(latest - LATE_NUMBERS))
            .add(events::Column::At.gt(self.store().now() - TimeDelta::seconds(LATE_SECONDS)));
        let rows: Vec<EventRow> = events::Entity::find()
            .select_only()
            .columns([
                events::Column::Number,
                events::Column::ParticipantId,
                events::Column::Kind,
                events::Column::SubjectId,
                events::Column::At,
            ])
            .filter(events::Column::Number.gt(latest - LATE_NUMBERS))
            .filter(Condition::any().add(events::Column::Number.gt(latest)).add(is_late))
            .order_by_desc(events::Column::Number)
            .limit(REMEMBERED as u64)
            .into_model()
            .all(self.read())
            .await?;
        let event = |row: EventRow| {
            let moved = row.subject_id.filter(|_| row.kind == Kind::Moved.code());
            (row.number, RecentEvent { participant: row.participant_id, moved, at: row.at })
        };
        Ok(rows.into_iter().map(event).collect())
    }
}

/// An event as it comes from the database.
#[derive(FromQueryResult)]
struct EventRow {
    number: i64,
    participant_id: Uuid,
    kind: String,
    subject_id: Option<Uuid>,
    at: DateTime<Utc>,
}
