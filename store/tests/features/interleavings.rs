//! However the moves of several people fall between each other, each card is in one place, in one order
//! that all of them see.

use std::collections::BTreeSet;
use std::fmt;

use proptest::prelude::*;
use shared::board::{Board, Card, MoveForm};
use shared::error::AppError;
use shared::id::{EnrolmentId, PhaseId};
use shared::timeline::Filter;
use store::testing::{Engine, TestStore};
use store::{SignedIn, StoreError};
use tokio::runtime::Runtime;

use crate::support::board;

const CARDS: usize = 12;
const PEOPLE: [&str; 4] = ["inn", "inn2", "nav", "leder"];
const STEPS: usize = 75;

/// One move by one person. Which card and where is counted on the board that she looks at.
#[derive(Clone, Debug)]
struct Step {
    card: usize,
    phase: usize,
    place: usize,
    /// Whether she looks at the board anew; else she goes by what she remembers.
    looks: bool,
}

fn step() -> impl Strategy<Value = Step> {
    (0..CARDS, 0..3usize, 0..=CARDS, prop::bool::weighted(0.3)).prop_map(|(card, phase, place, looks)| Step {
        card,
        phase,
        place,
        looks,
    })
}

/// What each of the people does, one list for each.
#[derive(Clone)]
struct Script(Vec<Vec<Step>>);

fn script() -> impl Strategy<Value = Script> {
    let one = prop::collection::vec(step(), STEPS);
    prop::collection::vec(one, PEOPLE.len()).prop_map(Script)
}

impl fmt::Debug for Script {
    /// Which moves they were says nothing: how they fell between each other is chance.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} people with {STEPS} moves each", self.0.len())
    }
}

/// How one person's moves ended.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Tally {
    accepted: usize,
    changed_phase: usize,
    refused: usize,
}

proptest! {
    // Shrinking what depends on chance finds little and takes long.
    #![proptest_config(ProptestConfig { cases: 3, max_shrink_iters: 0, failure_persistence: None, ..Default::default() })]

    #[test]
    fn on_sqlite_any_interleaving_leaves_each_card_once_in_one_order(script in script()) {
        Runtime::new().unwrap().block_on(play(Engine::Sqlite, script));
    }

    #[test]
    fn on_postgres_any_interleaving_leaves_each_card_once_in_one_order(script in script()) {
        Runtime::new().unwrap().block_on(play(Engine::Postgres, script));
    }
}

async fn play(engine: Engine, Script(script): Script) {
    let test = TestStore::new(engine).await;
    let cards: [EnrolmentId; CARDS] = test.cards(["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"]).await;
    let mut people = Vec::new();
    for (name, steps) in PEOPLE.into_iter().zip(script) {
        people.push((test.person(name).await, steps));
    }
    let work = people.into_iter().map(|(person, steps)| tokio::spawn(move_cards(person, cards, steps)));
    let mut total = Tally::default();
    for done in work.collect::<Vec<_>>() {
        let tally = done.await.unwrap();
        total.accepted += tally.accepted;
        total.changed_phase += tally.changed_phase;
        total.refused += tally.refused;
    }
    assert_eq!(total.accepted + total.refused, PEOPLE.len() * STEPS);
    assert!(total.accepted > 0 && total.refused > 0, "nothing met anything: {total:?}");
    check(&test, cards, total).await;
}

/// One person at work. Any answer but "done" and "somebody else was first" is a fault.
async fn move_cards(person: SignedIn, cards: [EnrolmentId; CARDS], steps: Vec<Step>) -> Tally {
    let mut tally = Tally::default();
    let mut seen = look(&person).await;
    for step in steps {
        if step.looks {
            seen = look(&person).await;
        }
        let card = cards[step.card];
        let form = form(&seen, card, &step);
        match person.move_card(&form).await {
            Ok(moved) => {
                assert_eq!(moved.version, form.version + 1);
                tally.accepted += 1;
                tally.changed_phase += usize::from(place_of(&seen, card).0 != moved.phase);
                place(&mut seen, card, &step, moved.version);
            }
            Err(StoreError::Refused(AppError::Stale(stale))) => {
                assert!(PEOPLE.map(|name| format!("{name} Prøve")).contains(&stale.moved_by), "{stale:?}");
                assert!(stale.version > form.version, "{stale:?}");
                tally.refused += 1;
            }
            Err(error) => panic!("{error:?}"),
        }
    }
    tally
}

/// The board in the middle of it all: each card is on it, once.
async fn look(person: &SignedIn) -> Board {
    let seen = board(person).await;
    let cards: BTreeSet<EnrolmentId> = order(&seen).into_iter().flatten().collect();
    assert_eq!((cards.len(), order(&seen).concat().len()), (CARDS, CARDS), "{} sees another board", person.me().name);
    seen
}

fn order(board: &Board) -> Vec<Vec<EnrolmentId>> {
    board.columns.iter().map(|column| column.cards.iter().map(|card| card.id).collect()).collect()
}

fn form(seen: &Board, card: EnrolmentId, step: &Step) -> MoveForm {
    let column = &seen.columns[step.phase];
    let others: Vec<EnrolmentId> = column.cards.iter().map(|card| card.id).filter(|other| *other != card).collect();
    let place = step.place.min(others.len());
    MoveForm {
        enrolment: Some(card),
        version: place_of(seen, card).1,
        to: Some(column.phase.id),
        after: place.checked_sub(1).map(|above| others[above]),
        before: others.get(place).copied(),
        reason: "completed".into(),
        outcome: "education".into(),
        ..MoveForm::default()
    }
}

/// Puts the card where the store has put it, as the screen does without looking again.
fn place(seen: &mut Board, card: EnrolmentId, step: &Step, version: i32) {
    let from = seen.columns.iter_mut().map(|column| &mut column.cards);
    let moved = from.into_iter().find_map(|cards| {
        let place = cards.iter().position(|one| one.id == card)?;
        Some(cards.remove(place))
    });
    let to = &mut seen.columns[step.phase].cards;
    to.insert(step.place.min(to.len()), Card { version, ..moved.unwrap() });
}

/// The phase and version of a card on a board.
fn place_of(seen: &Board, card: EnrolmentId) -> (PhaseId, i32) {
    let all = seen.columns.iter().flat_map(|column| column.cards.iter().map(|card| (column.phase.id, card)));
    all.filter(|(_, one)| one.id == card).map(|(phase, one)| (phase, one.version)).next().unwrap()
}

async fn check(test: &TestStore, cards: [EnrolmentId; CARDS], total: Tally) {
    let inn = test.person("inn").await;
    let whole = board(&inn).await;
    for name in PEOPLE {
        let theirs = board(&test.person(name).await).await;
        assert_eq!(order(&theirs), order(&whole), "{name} sees another order");
    }

    let mut placed = order(&whole).concat();
    let mut expected = cards.to_vec();
    placed.sort_unstable();
    expected.sort_unstable();
    assert_eq!(placed, expected, "each card is in one place");

    for column in &whole.columns {
        assert_eq!(column.count, column.cards.len());
        let ranks = test.ranks(column.phase.id).await;
        assert!(ranks.is_sorted_by(|one, next| one < next), "{ranks:?}");
    }

    let all: Vec<_> = whole.columns.iter().flat_map(|column| &column.cards).collect();
    let placings: i32 = all.iter().map(|card| card.version - 1).sum();
    assert_eq!(usize::try_from(placings), Ok(total.accepted), "one version for each accepted move");

    assert_eq!(test.contents().await.count("moves"), total.changed_phase);
    let mut told = 0;
    for card in all {
        let record = inn.record(card.participant, Filter::Moves).await.unwrap();
        // The first entry is the enrolment itself.
        told += record.timeline.len() - 1;
    }
    assert_eq!(told, total.changed_phase, "the timeline tells each change of phase");
}
