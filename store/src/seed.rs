//! Filling a track with many invented participants at once, for trials and measurements.

mod spread;

use chrono::{DateTime, Days, TimeDelta, Utc};
use fractional_index::FractionalIndex;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ConnectionTrait, EntityTrait};
use shared::board::{ClosingReason, Outcome, Phase, PhaseKind};
use shared::error::{AppError, Problem};
use shared::participants::WaitingOn;
use shared::text::{Line, PersonName};
use shared::time::oslo_date;
use uuid::Uuid;

use crate::doors::{System, Tx};
use crate::entity::{enrolments, events, followers, moves, participants, tasks, tracks};
use crate::error::StoreError;
use crate::events::Kind;
use crate::import::{lock_phases, track_by_slug};
use crate::moves::ranks_between;
use crate::people::{inn_people, nav_offices, nav_people};
use crate::tracks::phases_of;

use self::spread::{End, end_of, free_numbers, pick, varied};

/// How many participants one transaction writes. The widest table has 16 columns, and SQLite takes
/// 32,766 values in one statement.
const BATCH: usize = 500;
/// How far back the closed ones go.
const YEARS_OF_CLOSED: i64 = 3;

/// What a track is filled with.
#[derive(Debug)]
pub struct Seed {
    /// The names of those who are under way.
    pub open: Vec<PersonName>,
    /// The names of those whose track has ended, the earliest first.
    pub closed: Vec<PersonName>,
    /// What the tasks are called.
    pub tasks: Vec<Line<160>>,
}

impl System {
    /// Fills a track with invented participants, in the same way each time. The open cards are spread evenly
    /// over the ordinary phases, at the bottom; everybody has the contacts that the track's people allow.
    ///
    /// [`AppError::NotFound`] if there is no such track.
    pub async fn seed(&self, slug: &str, seed: &Seed) -> Result<(), StoreError> {
        let track = track_by_slug(self.may().read(), slug).await?;
        let place = Place::of(self.may().read(), track).await?;
        for (batch, names) in seed.open.chunks(BATCH).enumerate() {
            let tx = self.may().begin().await?;
            lock_phases(&tx, place.track.id).await?;
            let rows = place.open(&tx, seed, names, batch * BATCH).await?;
            rows.write(&tx).await?;
            tx.commit().await?;
        }
        for (batch, names) in seed.closed.chunks(BATCH).enumerate() {
            let tx = self.may().begin().await?;
            lock_phases(&tx, place.track.id).await?;
            let rows = place.closed(&tx, seed, names, batch * BATCH).await?;
            rows.write(&tx).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// The track that is filled, and who works there.
struct Place {
    track: tracks::Model,
    ordinary: Vec<Phase>,
    closing: Option<Phase>,
    inn: Vec<Uuid>,
    /// NAV offices, each with one of its contacts.
    nav: Vec<(Uuid, Uuid)>,
}

impl Place {
    async fn of(db: &impl ConnectionTrait, track: tracks::Model) -> Result<Self, StoreError> {
        let (ordinary, closing): (Vec<_>, Vec<_>) =
            phases_of(db, track.id).await?.into_iter().partition(|phase| phase.kind == PhaseKind::Ordinary);
        if ordinary.is_empty() {
            return Err(AppError::field("phase", Problem::UnknownChoice).into());
        }
        let inn = inn_people(db, track.organisation_id).await?.into_iter().map(|person| person.id.0).collect();
        let mut nav = Vec::new();
        for (office, _) in nav_offices(db, track.organisation_id).await? {
            let people = nav_people(db, &[office.0]).await?;
            nav.extend(people.into_iter().map(|person| (office.0, person.id.0)));
        }
        Ok(Self { track, ordinary, closing: closing.into_iter().next(), inn, nav })
    }

    /// Those who are under way; `first` of them have been written before.
    async fn open(&self, tx: &Tx, seed: &Seed, names: &[PersonName], first: usize) -> Result<Rows, StoreError> {
        let mut numbers = free_numbers(tx, names.len()).await?;
        let mut rows = Rows::default();
        for (place, phase) in self.ordinary.iter().enumerate() {
            let here: Vec<usize> =
                (first..first + names.len()).filter(|index| index % self.ordinary.len() == place).collect();
            let above = end_of(tx, phase, End::Bottom).await?;
            for (index, rank) in here.iter().zip(ranks_between(above.as_ref(), None, here.len())?) {
                let Some(number) = numbers.pop() else { continue };
                let in_phase = TimeDelta::hours(varied(*index, 1, 24 * 90));
                let before = TimeDelta::days(varied(*index, 2, 240));
                let person = Person {
                    index: *index,
                    number,
                    name: &names[index - first],
                    began: tx.now - in_phase - before,
                    entered: tx.now - in_phase,
                    phase,
                    rank,
                };
                let (participant, _) = self.add(&mut rows, &person);
                // Counted along the diagonal, so that every phase and every height gets its part.
                let turn = place + index / self.ordinary.len();
                if turn.is_multiple_of(10) {
                    wait(&mut rows, *index, tx.now);
                }
                if turn.is_multiple_of(3) {
                    self.task(&mut rows, &person, participant, seed, tx.now);
                }
            }
        }
        Ok(rows)
    }

    /// Those whose track has ended; the latest lies on top.
    async fn closed(&self, tx: &Tx, seed: &Seed, names: &[PersonName], first: usize) -> Result<Rows, StoreError> {
        let closing = self.closing.as_ref().ok_or_else(|| AppError::field("phase", Problem::UnknownChoice))?;
        let numbers = free_numbers(tx, names.len()).await?;
        let below = end_of(tx, closing, End::Top).await?;
        let ranks = ranks_between(None, below.as_ref(), names.len())?;
        let hours = YEARS_OF_CLOSED * 365 * 24;
        let mut rows = Rows::default();
        for (((offset, name), number), rank) in names.iter().enumerate().zip(numbers).zip(ranks.into_iter().rev()) {
            let index = first + offset;
            let left = i64::try_from(seed.closed.len() - index).unwrap_or(1);
            let ended = tx.now - TimeDelta::hours(hours * left / i64::try_from(seed.closed.len()).unwrap_or(1));
            let began = ended - TimeDelta::days(200 + varied(index, 3, 500));
            let person = Person { index, number, name, began, entered: ended, phase: closing, rank };
            let (participant, enrolment) = self.add(&mut rows, &person);
            self.close(&mut rows, &person, participant, enrolment);
        }
        Ok(rows)
    }

    /// A participant, on the track since `began`, in the phase since `entered`.
    fn add(&self, rows: &mut Rows, person: &Person<'_>) -> (Uuid, Uuid) {
        let (id, enrolment) = (Uuid::now_v7(), Uuid::now_v7());
        let inn = pick(&self.inn, person.index, 4).copied();
        let (office, nav) = pick(&self.nav, person.index, 5).copied().unzip();
        let plan_made = varied(person.index, 7, 4) > 0;
        let review = Days::new(u64::try_from(varied(person.index, 6, 330)).unwrap_or_default());
        rows.participants.push(participants::ActiveModel {
            id: Set(id),
            number: Set(person.number),
            name: Set(person.name.to_string()),
            language: Set(None),
            phone: Set(None),
            email: Set(None),
            goal: Set(None),
            plan_made: Set(plan_made),
            plan_review_on: Set(oslo_date(person.entered).checked_add_days(review).filter(|_| plan_made)),
            inn_unit_id: Set(self.track.organisation_id),
            nav_office_id: Set(office),
            waiting_on: Set(None),
            waiting_since: Set(None),
            version: Set(1),
            created_at: Set(person.began),
        });
        rows.enrolments.push(enrolments::ActiveModel {
            id: Set(enrolment),
            participant_id: Set(id),
            track_id: Set(self.track.id),
            phase_id: Set(person.phase.id.0),
            rank: Set(person.rank.as_bytes().to_vec()),
            version: Set(1),
            started_on: Set(oslo_date(person.began)),
            entered_phase_at: Set(person.entered),
            placed_at: Set(person.entered),
            placed_by_id: Set(None),
            inn_contact_id: Set(inn),
            nav_contact_id: Set(nav),
            closed_at: Set(None),
            outcome: Set(None),
            import_key: Set(None),
        });
        for contact in [inn, nav].into_iter().flatten() {
            rows.followers.push(followers::ActiveModel {
                participant_id: Set(id),
                user_id: Set(contact),
                since: Set(person.began),
            });
        }
        let came_in = self.ordinary.first().filter(|_| person.phase.kind == PhaseKind::Closing);
        let came_in = came_in.unwrap_or(person.phase).id.0;
        rows.events.push(event(person.began, id, Some(enrolment), Kind::Enrolled, came_in));
        (id, enrolment)
    }

    /// The move with which a participant came from the first phase to the closing one.
    fn close(&self, rows: &mut Rows, person: &Person<'_>, participant: Uuid, enrolment: Uuid) {
        // The last reason would have to be written in words.
        let reasons = &ClosingReason::ALL[..ClosingReason::ALL.len() - 1];
        let reason = pick(reasons, person.index, 8).copied().unwrap_or(ClosingReason::Completed);
        let outcome = pick(&Outcome::ALL, person.index, 9).copied().unwrap_or(Outcome::Other);
        if let Some(card) = rows.enrolments.last_mut() {
            card.version = Set(2);
            card.closed_at = Set(Some(person.entered));
            card.outcome = Set(Some(outcome.code().to_owned()));
        }
        let id = Uuid::now_v7();
        rows.moves.push(moves::ActiveModel {
            id: Set(id),
            enrolment_id: Set(enrolment),
            from_phase_id: Set(self.ordinary[0].id.0),
            to_phase_id: Set(person.phase.id.0),
            by_id: Set(None),
            at: Set(person.entered),
            reason: Set(Some(reason.code().to_owned())),
            reason_text: Set(None),
            outcome: Set(Some(outcome.code().to_owned())),
            undoes_id: Set(None),
            from_rank: Set(None),
            from_entered_at: Set(None),
        });
        rows.events.push(event(person.entered, participant, Some(enrolment), Kind::Moved, id));
    }

    /// An open task about a participant, for one of her contacts.
    fn task(&self, rows: &mut Rows, person: &Person<'_>, participant: Uuid, seed: &Seed, now: DateTime<Utc>) {
        let inn = pick(&self.inn, person.index, 4).copied();
        let nav = pick(&self.nav, person.index, 5).map(|(_, contact)| *contact);
        let assignee = if varied(person.index, 10, 2) == 0 { inn.or(nav) } else { nav.or(inn) };
        let (Some(assignee), Some(title)) = (assignee, pick(&seed.tasks, person.index, 11)) else { return };
        let due = oslo_date(now) + TimeDelta::days(varied(person.index, 12, 31) - 10);
        let id = Uuid::now_v7();
        rows.tasks.push(tasks::ActiveModel {
            id: Set(id),
            participant_id: Set(participant),
            title: Set(title.to_string()),
            description: Set(String::new()),
            assignee_id: Set(assignee),
            due_on: Set(due),
            version: Set(1),
            made_by_id: Set(None),
            made_at: Set(person.entered),
            known_since: Set(Some(now)),
            done_at: Set(None),
            done_by_id: Set(None),
            repeat: Set(None),
            follows_id: Set(None),
        });
        rows.events.push(event(person.entered, participant, None, Kind::TaskMade, id));
    }
}

/// One invented participant.
struct Person<'a> {
    index: usize,
    number: i32,
    name: &'a PersonName,
    began: DateTime<Utc>,
    entered: DateTime<Utc>,
    phase: &'a Phase,
    rank: FractionalIndex,
}

/// The rows of one transaction, in the order in which they can be written.
#[derive(Default)]
struct Rows {
    participants: Vec<participants::ActiveModel>,
    enrolments: Vec<enrolments::ActiveModel>,
    followers: Vec<followers::ActiveModel>,
    moves: Vec<moves::ActiveModel>,
    tasks: Vec<tasks::ActiveModel>,
    events: Vec<events::ActiveModel>,
}

impl Rows {
    async fn write(self, tx: &Tx) -> Result<(), StoreError> {
        participants::Entity::insert_many(self.participants).exec_without_returning(tx.db()).await?;
        enrolments::Entity::insert_many(self.enrolments).exec_without_returning(tx.db()).await?;
        followers::Entity::insert_many(self.followers).exec_without_returning(tx.db()).await?;
        moves::Entity::insert_many(self.moves).exec_without_returning(tx.db()).await?;
        tasks::Entity::insert_many(self.tasks).exec_without_returning(tx.db()).await?;
        events::Entity::insert_many(self.events).exec_without_returning(tx.db()).await?;
        Ok(())
    }
}

/// Lets the last one that was added wait for somebody, since some day of the last three weeks.
fn wait(rows: &mut Rows, index: usize, now: DateTime<Utc>) {
    let Some(participant) = rows.participants.last_mut() else { return };
    let on = pick(&WaitingOn::ALL, index, 13).copied();
    participant.waiting_on = Set(on.map(|on| on.code().to_owned()));
    participant.waiting_since = Set(on.map(|_| now - TimeDelta::days(varied(index, 14, 21))));
}

fn event(at: DateTime<Utc>, about: Uuid, enrolment: Option<Uuid>, kind: Kind, subject: Uuid) -> events::ActiveModel {
    events::ActiveModel {
        number: NotSet,
        at: Set(at),
        by_id: Set(None),
        participant_id: Set(about),
        enrolment_id: Set(enrolment),
        kind: Set(kind.code().to_owned()),
        subject_id: Set(Some(subject)),
        detail: Set(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::on_both_databases;
    use crate::testing::TestStore;

    fn people(count: usize) -> Seed {
        let names = |kind: &str, count: usize| -> Vec<PersonName> {
            (0..count).filter_map(|index| PersonName::parse(&format!("{kind} {index}")).ok()).collect()
        };
        Seed {
            open: names("Åpen", count),
            closed: names("Lukket", count / 4),
            tasks: Line::parse("Ring").into_iter().collect(),
        }
    }

    async fn every_phase_gets_its_part_in_strict_order(test: TestStore) {
        // A card that lies there before must not be in the way.
        test.participant("Lina Prøvestad").await;
        test.store.system("test").seed("introlop", &people(200)).await.expect("a seed");
        test.store.system("test").seed("introlop", &people(200)).await.expect("another seed");
        let board = test.person("inn").await.board("introlop").await.expect("a board");
        assert_eq!(board.columns.iter().map(|column| column.count).collect::<Vec<_>>(), [201, 200, 100]);
        assert_eq!(board.columns[0].cards[0].name, "Lina Prøvestad");
        assert_eq!(board.columns[2].cards[0].name, "Lukket 49", "the latest on top");
        for column in &board.columns {
            let ranks = test.ranks(column.phase.id).await;
            assert_eq!(ranks.len(), column.count);
            assert!(ranks.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(ranks.iter().all(|rank| rank.len() < 24), "ranks stay short");
        }
    }

    async fn each_has_contacts_and_some_have_tasks_or_wait(test: TestStore) {
        test.store.system("test").seed("introlop", &people(60)).await.expect("a seed");
        let board = test.person("inn").await.board("introlop").await.expect("a board");
        let cards: Vec<_> = board.columns.iter().take(2).flat_map(|column| &column.cards).collect();
        assert!(cards.iter().all(|card| card.inn_contact.is_some() && card.nav_contact.is_some()));
        assert_eq!(cards.iter().filter(|card| card.next_task.is_some()).count(), 20);
        assert_eq!(cards.iter().filter(|card| card.waiting.is_some()).count(), 6);
        let nav = test.person("nav").await.board("introlop").await.expect("a board");
        assert_eq!(nav.columns.iter().map(|column| column.count).sum::<usize>(), 75, "both offices");
    }

    async fn a_track_must_exist(test: TestStore) {
        let error = test.store.system("test").seed("finnes-ikke", &people(1)).await.err();
        assert!(matches!(error, Some(StoreError::Refused(AppError::NotFound))));
    }

    on_both_databases!(
        every_phase_gets_its_part_in_strict_order,
        each_has_contacts_and_some_have_tasks_or_wait,
        a_track_must_exist,
    );
}
