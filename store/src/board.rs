//! Reading the board whole.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, Func, Order, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, RelationTrait, Select, StreamTrait,
};
use shared::access::Action;
use shared::board::{
    Board, CARDS_SHOWN, CLOSED_COUNTED, CLOSED_SHOWN, Card, Column, Contact, FIRST_SHOWN, NextTask, Phase, PhaseKind,
};
use shared::error::AppError;
use shared::id::{EnrolmentId, OrganisationId, ParticipantId, PhaseId, TrackId, UserId};
use shared::participants::{Plan, Waiting, WaitingOn, reference};
use shared::phases::{Filled, NeededField};
use shared::time::days_between;
use shared::views::Filter;
use tokio::try_join;
use uuid::Uuid;

use crate::accounts::hex;
use crate::doors::{Permit, SignedIn};
use crate::entity::{alerts, enrolments, events, participants, tasks, tracks};
use crate::error::StoreError;
use crate::events::Kind;
use crate::people::person_names;
use crate::query::{all, among, union_all};
use crate::tracks::phases_of;

impl SignedIn {
    /// A track's board, with the cards that this person may see.
    pub async fn board(&self, slug: &str) -> Result<Board, StoreError> {
        self.board_view(slug, &Filter::default()).await
    }

    /// A track's board with those of the cards that a filter shows. The counts are of all, as [`Column::count`] says.
    pub async fn board_view(&self, slug: &str, filter: &Filter) -> Result<Board, StoreError> {
        let (permit, track) = self.track(slug, Action::SeeBoard).await?;
        let (Placed { phases, rows, counts, as_of }, tasks, unread) = try_join!(
            self.placed(&permit, track.id, Extent::Whole),
            next_tasks(&permit, self.sees_participants()),
            self.unread_notes(&permit)
        )?;
        let names = contact_names(&permit, &rows).await?;
        let mut cards = self.cards(&phases, rows, tasks, &names, &unread);
        self.choose(&permit, filter, &phases, &mut cards).await?;
        Ok(board_of(track, phases, cards, &counts, as_of))
    }

    /// The beginning of a track's board: the first [`FIRST_SHOWN`] cards of each phase. The counts are of all, and nothing
    /// else takes longer on a larger board.
    pub async fn board_beginning(&self, slug: &str) -> Result<Board, StoreError> {
        let (permit, track) = self.track(slug, Action::SeeBoard).await?;
        let (Placed { phases, rows, counts, as_of }, unread) =
            try_join!(self.placed(&permit, track.id, Extent::Beginning), self.unread_notes(&permit))?;
        let whose: Vec<Uuid> = rows.iter().map(|row| row.participant_id).collect();
        let (tasks, names) = try_join!(next_tasks(&permit, is_of(&whose)), contact_names(&permit, &rows))?;
        let cards = self.cards(&phases, rows, tasks, &names, &unread);
        Ok(board_of(track, phases, cards, &counts, as_of))
    }

    /// A track's phases, the cards in them, how many each has, and an event after which all that changes these is news
    /// of the board. What has changed meanwhile may be told twice; a change of the phases themselves is known by the
    /// track's version, which has been read before them.
    async fn placed(&self, permit: &Permit, track: Uuid, extent: Extent) -> Result<Placed, StoreError> {
        let db = permit.read();
        let (phases, as_of) = try_join!(phases_of(db, track), latest_event(db))?;
        let portions = extent.portions(&phases).into_iter().map(|(phases, most)| {
            Query::select().column(Asterisk).from_subquery(self.card_rows(&phases, most), "cards").take()
        });
        // One statement for all of them: a card that is moved between two would be on the board twice or not at all.
        let rows = async {
            match union_all(portions) {
                Some(select) => all::<CardRow>(db, &select).await,
                None => Ok(Vec::new()),
            }
        };
        let (mut rows, counts) = try_join!(rows, self.card_counts(db, &phases))?;
        // Nothing says in which order the parts of such a query come.
        rows.sort_by(|one, other| one.rank.cmp(&other.rank));
        Ok(Placed { phases, rows, counts, as_of })
    }

    /// One card and the phases of its track, for moving it without a script.
    pub async fn card(&self, enrolment: EnrolmentId) -> Result<(String, Vec<Phase>, PhaseId, Card), StoreError> {
        let (permit, row, _) = self.enrolment(enrolment, Action::MoveCard).await?;
        let track = crate::tracks::track(permit.read(), row.track_id).await?;
        let phases = phases_of(permit.read(), row.track_id).await?;
        let select = self.card_rows(&[row.phase_id], u64::MAX >> 1);
        let select = select.clone().and_where(enrolments::Column::Id.eq(row.id)).take();
        let (rows, tasks, unread) = try_join!(
            all(permit.read(), &select),
            next_tasks(&permit, is_of(&[row.participant_id])),
            self.unread_notes(&permit)
        )?;
        let names = contact_names(&permit, &rows).await?;
        let mut cards = self.cards(&phases, rows, tasks, &names, &unread);
        let phase = PhaseId(row.phase_id);
        let card = cards.remove(&phase).and_then(|mut cards| cards.pop()).ok_or(AppError::NotFound)?;
        Ok((track.slug, phases, phase, card))
    }

    /// How many cards each of some phases has that this person may see; of a closing one at most [`CLOSED_COUNTED`].
    pub(crate) async fn card_counts(
        &self,
        db: &(impl ConnectionTrait + StreamTrait),
        phases: &[Phase],
    ) -> Result<HashMap<Uuid, usize>, StoreError> {
        let in_phases = |phases: &[Uuid]| {
            enrolments::Entity::find()
                .join(JoinType::InnerJoin, enrolments::Relation::Participant.def())
                .select_only()
                .filter(among(enrolments::Column::PhaseId, phases))
                .filter(self.sees_participants())
        };
        let number = || Func::count(Expr::col(Asterisk));
        let ordinary = in_phases(&phases_of_kind(phases, PhaseKind::Ordinary))
            .column(enrolments::Column::PhaseId)
            .expr_as(number(), "cards")
            .group_by(enrolments::Column::PhaseId)
            .into_query();
        let closing = phases_of_kind(phases, PhaseKind::Closing).into_iter().map(|phase| {
            let closed = in_phases(&[phase]).column(enrolments::Column::Id).limit(CLOSED_COUNTED as u64).into_query();
            Query::select()
                .expr_as(Expr::value(phase), "phase_id")
                .expr_as(number(), "cards")
                .from_subquery(closed, "closed")
                .take()
        });
        let Some(count) = union_all(std::iter::once(ordinary).chain(closing)) else { return Ok(HashMap::new()) };
        let rows: Vec<PhaseCount> = all(db, &count).await?;
        Ok(rows.into_iter().map(|row| (row.phase_id, usize::try_from(row.cards).unwrap_or_default())).collect())
    }

    pub(crate) fn card_rows(&self, phases: &[Uuid], most: u64) -> SelectStatement {
        let mut select = Query::select();
        let enrolment = |column| Expr::col((enrolments::Entity, column));
        let participant = |column| Expr::col((participants::Entity, column));
        select
            .from(enrolments::Entity)
            .inner_join(
                participants::Entity,
                participant(participants::Column::Id).eq(enrolment(enrolments::Column::ParticipantId)),
            )
            .column((enrolments::Entity, enrolments::Column::Id))
            .columns([
                enrolments::Column::ParticipantId,
                enrolments::Column::PhaseId,
                enrolments::Column::EnteredPhaseAt,
                enrolments::Column::InnContactId,
                enrolments::Column::NavContactId,
            ])
            .column((enrolments::Entity, enrolments::Column::Version))
            .column((enrolments::Entity, enrolments::Column::Rank))
            .columns([
                participants::Column::Number,
                participants::Column::Name,
                participants::Column::PlanMade,
                participants::Column::PlanReviewOn,
                participants::Column::WaitingOn,
                participants::Column::WaitingSince,
                participants::Column::NavOfficeId,
            ])
            .expr_as(participant(participants::Column::Language).is_not_null(), "has_language")
            .expr_as(participant(participants::Column::Phone).is_not_null(), "has_phone")
            .expr_as(participant(participants::Column::Email).is_not_null(), "has_email")
            .expr_as(participant(participants::Column::Goal).is_not_null(), "has_goal")
            .and_where(among(enrolments::Column::PhaseId, phases))
            .and_where(self.sees_participants())
            // As the index has them, so that nothing need be sorted.
            .order_by(enrolments::Column::PhaseId, Order::Asc)
            .order_by(enrolments::Column::Rank, Order::Asc)
            .limit(most);
        select.take()
    }

    /// Rows as cards, by phase, in order.
    pub(crate) fn cards(
        &self,
        phases: &[Phase],
        rows: Vec<CardRow>,
        mut next_tasks: HashMap<Uuid, NextTask>,
        names: &HashMap<Uuid, String>,
        unread: &HashSet<Uuid>,
    ) -> HashMap<PhaseId, Vec<Card>> {
        let now = self.now();
        let agreed: HashMap<Uuid, i32> =
            phases.iter().filter_map(|phase| Some((phase.id.0, phase.agreed_days?))).collect();
        let contact = |id: Option<Uuid>| {
            let id = id?;
            Some(Contact { id: UserId(id), name: names.get(&id)?.clone() })
        };
        let mut cards: HashMap<PhaseId, Vec<Card>> = HashMap::new();
        for row in rows {
            cards.entry(PhaseId(row.phase_id)).or_default().push(Card {
                id: EnrolmentId(row.id),
                participant: ParticipantId(row.participant_id),
                version: row.version,
                rank: hex(&row.rank),
                reference: reference(row.number),
                days: days_between(row.entered_phase_at, now),
                agreed_days: agreed.get(&row.phase_id).copied(),
                inn_contact: contact(row.inn_contact_id),
                nav_contact: contact(row.nav_contact_id),
                nav_office: row.nav_office_id.map(OrganisationId),
                next_task: next_tasks.remove(&row.participant_id),
                plan: plan(row.plan_made, row.plan_review_on),
                waiting: waiting(row.waiting_on.as_deref(), row.waiting_since),
                unread_note: unread.contains(&row.participant_id),
                days_since_note: None,
                is_new: false,
                filled: row.filled(),
                name: row.name,
            });
        }
        cards
    }

    /// Participants about whom this person has not read a note.
    pub(crate) async fn unread_notes(&self, permit: &Permit) -> Result<HashSet<Uuid>, StoreError> {
        let unread: Vec<Uuid> = unread_notes()
            .select_only()
            .column(events::Column::ParticipantId)
            .distinct()
            .filter(alerts::Column::RecipientId.eq(self.me().id.0))
            .into_tuple()
            .all(permit.read())
            .await?;
        Ok(unread.into_iter().collect())
    }
}

/// The alerts of notes that nobody has read.
pub(crate) fn unread_notes() -> Select<alerts::Entity> {
    alerts::Entity::find()
        .join(JoinType::InnerJoin, alerts::Relation::Event.def())
        .filter(alerts::Column::ReadAt.is_null())
        .filter(alerts::Column::WithdrawnAt.is_null())
        .filter(events::Column::Kind.eq(Kind::NoteWritten.code()))
}

/// How many cards a phase has.
#[derive(FromQueryResult)]
struct PhaseCount {
    phase_id: Uuid,
    cards: i64,
}

/// How much of a board is read.
#[derive(Clone, Copy)]
enum Extent {
    Whole,
    /// The first cards of each phase.
    Beginning,
}

impl Extent {
    /// Phases that are read together, and the most cards that are.
    fn portions(self, phases: &[Phase]) -> Vec<(Vec<Uuid>, u64)> {
        let one_by_one = |phases: Vec<Uuid>, most| phases.into_iter().map(move |id| (vec![id], most as u64));
        match self {
            Self::Whole => std::iter::once((phases_of_kind(phases, PhaseKind::Ordinary), CARDS_SHOWN))
                .chain(one_by_one(phases_of_kind(phases, PhaseKind::Closing), CLOSED_SHOWN))
                .collect(),
            Self::Beginning => one_by_one(phases.iter().map(|phase| phase.id.0).collect(), FIRST_SHOWN).collect(),
        }
    }
}

fn board_of(
    track: tracks::Model,
    phases: Vec<Phase>,
    mut cards: HashMap<PhaseId, Vec<Card>>,
    counts: &HashMap<Uuid, usize>,
    as_of: i64,
) -> Board {
    let columns = phases.into_iter().map(|phase| Column {
        cards: cards.remove(&phase.id).unwrap_or_default(),
        count: counts.get(&phase.id.0).copied().unwrap_or_default(),
        phase,
    });
    Board {
        track: TrackId(track.id),
        columns: columns.collect(),
        slug: track.slug,
        name: track.name,
        as_of,
        version: track.version,
    }
}

/// What stands where.
struct Placed {
    phases: Vec<Phase>,
    rows: Vec<CardRow>,
    counts: HashMap<Uuid, usize>,
    as_of: i64,
}

/// The phases of one kind, in order.
pub(crate) fn phases_of_kind(phases: &[Phase], kind: PhaseKind) -> Vec<Uuid> {
    phases.iter().filter(|phase| phase.kind == kind).map(|phase| phase.id.0).collect()
}

/// The number of the latest event of all; zero before the first.
pub(crate) async fn latest_event(db: &impl ConnectionTrait) -> Result<i64, StoreError> {
    let latest = events::Entity::find()
        .select_only()
        .column(events::Column::Number)
        .order_by_desc(events::Column::Number)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(latest.unwrap_or_default())
}

/// Some participants.
pub(crate) fn is_of(participants: &[Uuid]) -> Expr {
    among(participants::Column::Id, participants)
}

/// A card as it comes from the database.
#[derive(FromQueryResult)]
#[expect(clippy::struct_excessive_bools, reason = "a row of the database, with what is known of the participant")]
pub(crate) struct CardRow {
    id: Uuid,
    pub(crate) participant_id: Uuid,
    phase_id: Uuid,
    version: i32,
    rank: Vec<u8>,
    entered_phase_at: chrono::DateTime<chrono::Utc>,
    inn_contact_id: Option<Uuid>,
    nav_contact_id: Option<Uuid>,
    number: i32,
    name: String,
    plan_made: bool,
    plan_review_on: Option<NaiveDate>,
    waiting_on: Option<String>,
    waiting_since: Option<chrono::DateTime<chrono::Utc>>,
    nav_office_id: Option<Uuid>,
    has_language: bool,
    has_phone: bool,
    has_email: bool,
    has_goal: bool,
}

impl CardRow {
    fn filled(&self) -> Filled {
        Filled::of(NeededField::ALL.into_iter().filter(|field| match field {
            NeededField::Language => self.has_language,
            NeededField::Phone => self.has_phone,
            NeededField::Email => self.has_email,
            NeededField::Goal => self.has_goal,
            NeededField::Plan => self.plan_made,
            NeededField::NavOffice => self.nav_office_id.is_some(),
            NeededField::InnContact => self.inn_contact_id.is_some(),
            NeededField::NavContact => self.nav_contact_id.is_some(),
            NeededField::Waiting => self.waiting_on.is_none(),
        }))
    }
}

/// The plan from its two columns.
pub(crate) fn plan(made: bool, review: Option<NaiveDate>) -> Plan {
    if made { Plan::Made { review } } else { Plan::Missing }
}

/// Whom somebody waits for, from its two columns.
pub(crate) fn waiting(on: Option<&str>, since: Option<chrono::DateTime<chrono::Utc>>) -> Option<Waiting> {
    Some(Waiting { on: WaitingOn::from_code(on?)?, since: since? })
}

/// What those are called who are contacts of these cards.
pub(crate) async fn contact_names(permit: &Permit, rows: &[CardRow]) -> Result<HashMap<Uuid, String>, StoreError> {
    let contacts: Vec<_> = rows.iter().flat_map(|row| [row.inn_contact_id, row.nav_contact_id]).collect();
    person_names(permit.read(), &contacts).await
}

/// For each of some participants, the open task that is due first.
pub(crate) async fn next_tasks(permit: &Permit, whose: Expr) -> Result<HashMap<Uuid, NextTask>, StoreError> {
    let rows: Vec<(Uuid, String, NaiveDate)> = tasks::Entity::find()
        .join(JoinType::InnerJoin, tasks::Relation::Participant.def())
        .select_only()
        .columns([tasks::Column::ParticipantId, tasks::Column::Title, tasks::Column::DueOn])
        .filter(tasks::Column::DoneAt.is_null())
        .filter(whose)
        .order_by_desc(tasks::Column::DueOn)
        .order_by_desc(tasks::Column::Id)
        .into_tuple()
        .all(permit.read())
        .await?;
    let today = permit.store().today();
    let mut next: HashMap<Uuid, NextTask> = HashMap::new();
    // The latest comes first, so that the one due first is the one that stays.
    for (participant, title, due) in rows {
        let is_today = due == today || next.get(&participant).is_some_and(|later| later.one_is_due_today);
        next.insert(participant, NextTask { title, due, one_is_due_today: is_today });
    }
    Ok(next)
}
