//! What is new on a board since somebody last looked.

mod recent;
mod shown;

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use shared::access::Action;
use shared::board::{CLOSED_SHOWN, Card, PhaseKind};
use shared::id::{EnrolmentId, PhaseId};
use tokio::sync::OnceCell;
use tokio::try_join;
use uuid::Uuid;

use crate::access::Sight;
use crate::board::{CardRow, contact_names, is_of, latest_event, next_tasks, phases_of_kind, unread_notes};
use crate::doors::{Permit, SignedIn};
use crate::entity::{alerts, enrolments, events, moves};
use crate::error::StoreError;
use crate::query::{all, among};
use crate::tracks::phases_of;

pub(crate) use recent::Memory;
use recent::{Recent, RecentEvent};
pub(crate) use shown::Bases;
use shown::Shown;

/// After more events than this, the whole board is read anew.
const NEWS_AT_ONCE: usize = 300;
/// PostgreSQL hands out an event's number before the event can be seen, so that a lower number may come after a higher
/// one. It is looked for among so many numbers, and for so many seconds.
const LATE_NUMBERS: i64 = 200;
const LATE_SECONDS: i64 = 20;

/// So many answers are kept, and for so many seconds: longer than it takes to tell all boards that are open.
const ANSWERS_KEPT: usize = 64;
const ANSWER_SECONDS: i64 = 10;
/// The number of a page that shows nothing of ours.
const NEVER: i64 = -1;

/// How far somebody has watched a board.
#[derive(Debug)]
pub struct Watch {
    slug: String,
    track: Uuid,
    permit: Arc<Permit>,
    /// The version of the track whose phases are known.
    version: i32,
    /// The number of the latest event that is known.
    as_of: i64,
    /// Which of the last numbers are known.
    known: BTreeSet<i64>,
    /// The cards that the person can see. What becomes invisible must disappear, and what has never been visible must
    /// not be heard of.
    shown: Shown,
    /// Whether this goes on from a page or an earlier stream that may show what the person must not see any more.
    is_resumed: bool,
}

impl Watch {
    /// The number of the latest event that has been told of.
    #[must_use]
    pub fn as_of(&self) -> i64 {
        self.as_of
    }

    /// Knows all that has happened so far.
    fn skip_to_now(&mut self, recent: &Recent) {
        self.as_of = recent.latest();
        self.known = recent.events_after(self.as_of - LATE_NUMBERS).map(|(number, _)| number).collect();
    }
}

/// What is new on a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Too much, or nobody knows what: the whole board must be read anew.
    Everything,
    /// Some cards.
    Cards(CardNews),
}

/// Cards that are new, changed, moved or gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardNews {
    /// The cards as they are now, each with its phase and whether that is a closing one.
    pub cards: Vec<(PhaseId, bool, Card)>,
    /// Cards that this person may not see any more.
    pub gone: Vec<EnrolmentId>,
    /// How many cards each phase has now, as [`shared::board::Column::count`] says.
    pub counts: Vec<(PhaseId, usize)>,
}

impl SignedIn {
    /// Begins to watch a track's board, from the event of this number on, with the phases of this version of the track.
    /// A number that has not been given yet means that the whole board must be read anew.
    pub async fn watch(&self, slug: &str, since: i64, version: i32) -> Result<Watch, StoreError> {
        let (permit, track) = self.track(slug, Action::SeeBoard).await?;
        let latest = latest_event(permit.read()).await?;
        let shown: Vec<Uuid> = enrolments::Entity::find()
            .inner_join(crate::entity::participants::Entity)
            .select_only()
            .column(enrolments::Column::Id)
            .filter(enrolments::Column::TrackId.eq(track.id))
            .filter(self.sees_participants())
            .into_tuple()
            .all(permit.read())
            .await?;
        let shown = permit.store().bases().shown(track.id, self.sight(), shown.into_iter().collect());
        let as_of = if (0..=latest).contains(&since) { since } else { NEVER };
        let (slug, track, permit) = (track.slug, track.id, Arc::new(permit));
        Ok(Watch { slug, track, permit, version, as_of, known: BTreeSet::new(), shown, is_resumed: true })
    }

    /// What is new since the last time, as far as this person may see it; `None` if nothing is.
    pub async fn news(&self, watch: &mut Watch) -> Result<Option<News>, StoreError> {
        let news = self.find_news(watch).await;
        if news.is_err() {
            // What was found by then has not been told of.
            watch.as_of = NEVER;
        }
        news
    }

    async fn find_news(&self, watch: &mut Watch) -> Result<Option<News>, StoreError> {
        let permit = Arc::clone(&watch.permit);
        let recent = permit.recent().await?;
        let version = recent.version_of(watch.track);
        if version != watch.version {
            // Whoever reads the board anew reads its phases too.
            watch.skip_to_now(&recent);
            watch.version = version;
            return Ok(Some(News::Everything));
        }
        let is_resumed = std::mem::take(&mut watch.is_resumed);
        let question = match unknown_events(&recent, watch, self.now()) {
            Unknown::Nothing => return Ok(None),
            Unknown::TooMany => {
                watch.skip_to_now(&recent);
                return Ok(Some(News::Everything));
            }
            Unknown::Events(events) => {
                let (slug, sight) = (watch.slug.clone(), self.sight());
                Question { slug, sight, events, happened: recent.happened }
            }
        };
        let place = permit.store().desk().place_for(question, self.now());
        let answer = place.answer.get_or_try_init(|| self.answer(&place.question)).await?;
        let visible: HashSet<Uuid> = answer.news.cards.iter().map(|(.., card)| card.id.0).collect();
        let hidden: Vec<Uuid> = answer.touched.iter().copied().filter(|id| !visible.contains(id)).collect();
        if is_resumed && !hidden.is_empty() {
            return Ok(Some(News::Everything));
        }
        let gone: Vec<EnrolmentId> = hidden.into_iter().filter(|id| watch.shown.remove(id)).map(EnrolmentId).collect();
        for card in visible {
            watch.shown.insert(card);
        }
        if answer.news.cards.is_empty() && gone.is_empty() {
            return Ok(None);
        }
        let mut news = CardNews { gone, ..answer.news.clone() };
        for (.., card) in &mut news.cards {
            card.unread_note = answer.unread.contains(&(self.me().id.0, card.participant.0));
        }
        Ok(Some(News::Cards(news)))
    }

    /// What depends on nothing about this person but what she may see.
    async fn answer(&self, question: &Question) -> Result<Answer, StoreError> {
        let (permit, track) = self.track(&question.slug, Action::SeeBoard).await?;
        let touched: Vec<Uuid> = enrolments::Entity::find()
            .select_only()
            .column(enrolments::Column::Id)
            .filter(enrolments::Column::TrackId.eq(track.id))
            .filter(among(enrolments::Column::ParticipantId, &question.events.participants))
            .into_tuple()
            .all(permit.read())
            .await?;
        let news = if touched.is_empty() {
            CardNews { cards: Vec::new(), gone: Vec::new(), counts: Vec::new() }
        } else {
            self.card_news(&permit, track.id, &question.events).await?
        };
        let unread = unread_by(&permit, &question.events.participants).await?;
        Ok(Answer { touched, unread, news })
    }

    /// The cards of some participants as they are now; nothing is marked as unread.
    async fn card_news(&self, permit: &Permit, track: Uuid, events: &Events) -> Result<CardNews, StoreError> {
        let Events { participants, moved, .. } = events;
        let snapshot = permit.snapshot().await?;
        let phases = phases_of(&snapshot, track).await?;
        let ids: Vec<Uuid> = phases.iter().map(|phase| phase.id.0).collect();
        let of_them = self.card_rows(&ids, u64::MAX >> 1).clone().and_where(is_of(participants)).take();
        let mut rows: Vec<CardRow> = all(&snapshot, &of_them).await?;
        let closing = phases_of_kind(&phases, PhaseKind::Closing);
        // A card that leaves a closing phase makes room for one that was only counted.
        if left(&snapshot, moved, &closing).await? {
            for phase in &closing {
                let shown: Vec<CardRow> = all(&snapshot, &self.card_rows(&[*phase], CLOSED_SHOWN as u64)).await?;
                rows.extend(shown.into_iter().filter(|row| !participants.contains(&row.participant_id)));
            }
        }
        let counts = self.card_counts(&snapshot, &phases).await?;
        drop(snapshot);
        let whose: Vec<Uuid> = rows.iter().map(|row| row.participant_id).collect();
        let (tasks, names) = try_join!(next_tasks(permit, is_of(&whose)), contact_names(permit, &rows))?;
        let mut cards = self.cards(&phases, rows, tasks, &names, &HashSet::new());
        let mut news = CardNews { cards: Vec::new(), gone: Vec::new(), counts: Vec::new() };
        for phase in phases {
            news.counts.push((phase.id, counts.get(&phase.id.0).copied().unwrap_or_default()));
            let here = cards.remove(&phase.id).unwrap_or_default().into_iter();
            news.cards.extend(here.map(|card| (phase.id, phase.kind == PhaseKind::Closing, card)));
        }
        Ok(news)
    }
}

/// What has happened that a watch does not know.
enum Unknown {
    Nothing,
    TooMany,
    Events(Events),
}

/// Some events: the number of the latest, whose they are, and the moves among them.
#[derive(Debug, PartialEq, Eq)]
struct Events {
    latest: i64,
    participants: Vec<Uuid>,
    moved: Vec<Uuid>,
}

/// What somebody asks who has heard of some events. All who may see the same get the same answer.
#[derive(Debug, PartialEq, Eq)]
struct Question {
    slug: String,
    sight: Sight,
    events: Events,
    /// Not all that happens is an event: a note that has been read is none.
    happened: u64,
}

#[derive(Debug)]
struct Answer {
    /// The cards of everybody whom the events are about, visible or not.
    touched: Vec<Uuid>,
    /// Who has not read a note about whom of those participants.
    unread: HashSet<(Uuid, Uuid)>,
    /// No card in it is marked as unread.
    news: CardNews,
}

/// A question with the room for its answer.
#[derive(Debug)]
struct Place {
    question: Question,
    asked_at: DateTime<Utc>,
    answer: OnceCell<Answer>,
}

/// The answers of late, so that a hundred boards that hear of one move ask the database once.
#[derive(Debug, Default)]
pub(crate) struct Desk(Mutex<VecDeque<Arc<Place>>>);

impl Desk {
    fn place_for(&self, question: Question, now: DateTime<Utc>) -> Arc<Place> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = |place: &&Arc<Place>| now - place.asked_at < TimeDelta::seconds(ANSWER_SECONDS);
        if let Some(place) = places.iter().filter(is_fresh).find(|place| place.question == question) {
            return Arc::clone(place);
        }
        let place = Arc::new(Place { question, asked_at: now, answer: OnceCell::new() });
        places.push_front(Arc::clone(&place));
        places.truncate(ANSWERS_KEPT);
        place
    }
}

/// Whose events nobody has told this watch of yet.
fn unknown_events(recent: &Recent, watch: &mut Watch, now: DateTime<Utc>) -> Unknown {
    if watch.as_of == NEVER || !recent.reaches_back_to(watch.as_of) {
        return Unknown::TooMany;
    }
    let is_late = |event: &RecentEvent| event.at > now - TimeDelta::seconds(LATE_SECONDS);
    let unknown: Vec<(i64, &RecentEvent)> = recent
        .events_after(watch.as_of - LATE_NUMBERS)
        .filter(|(number, event)| (*number > watch.as_of || is_late(event)) && !watch.known.contains(number))
        .collect();
    if unknown.len() > NEWS_AT_ONCE {
        return Unknown::TooMany;
    }
    let Some((latest, _)) = unknown.last() else { return Unknown::Nothing };
    watch.as_of = watch.as_of.max(*latest);
    watch.known.extend(unknown.iter().map(|(number, _)| *number));
    watch.known = watch.known.split_off(&(watch.as_of - LATE_NUMBERS));
    let participants: BTreeSet<Uuid> = unknown.iter().map(|(_, event)| event.participant).collect();
    Unknown::Events(Events {
        latest: *latest,
        participants: participants.into_iter().collect(),
        moved: unknown.iter().filter_map(|(_, event)| event.moved).collect(),
    })
}

/// Who has not read a note about whom of some participants.
async fn unread_by(permit: &Permit, participants: &[Uuid]) -> Result<HashSet<(Uuid, Uuid)>, StoreError> {
    let unread: Vec<(Uuid, Uuid)> = unread_notes()
        .select_only()
        .columns([alerts::Column::RecipientId])
        .column(events::Column::ParticipantId)
        .distinct()
        .filter(among(events::Column::ParticipantId, participants))
        .into_tuple()
        .all(permit.read())
        .await?;
    Ok(unread.into_iter().collect())
}

/// Whether one of these moves led out of one of these phases.
async fn left(db: &impl ConnectionTrait, moved: &[Uuid], phases: &[Uuid]) -> Result<bool, StoreError> {
    if moved.is_empty() || phases.is_empty() {
        return Ok(false);
    }
    let found = moves::Entity::find()
        .filter(among(moves::Column::Id, moved))
        .filter(among(moves::Column::FromPhaseId, phases))
        .one(db)
        .await?;
    Ok(found.is_some())
}
