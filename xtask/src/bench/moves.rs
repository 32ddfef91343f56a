//! Moving cards, by one person and by many at once.

use std::collections::BTreeMap;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::board::{self, Card, Column};
use super::client::Client;
use super::samlop::Samlop;
use super::table::Sample;

/// What many people managed at once.
pub(super) struct Load {
    /// Moves that were done, per second.
    pub(super) per_second: f64,
    /// Moves that the server did not do.
    pub(super) refused: usize,
    /// Milliseconds that each move took.
    pub(super) times: Sample,
}

/// Lets so many people move cards for a while, each his own cards, and checks that none was lost or doubled.
pub(super) fn run(samlop: &Samlop, people: usize, time: Duration) -> Result<Load> {
    let mut reader = samlop.log_in()?;
    let columns = board::columns(&mut reader)?;
    let before = card_ids(&columns);
    let hands = hands(&columns, people);
    let clients = hands.iter().map(|_| samlop.log_in()).collect::<Result<Vec<_>>>()?;

    let start_line = Barrier::new(people);
    let (columns, start_line) = (&columns, &start_line);
    let outcomes = thread::scope(|scope| {
        let begin = |(hand, client)| scope.spawn(move || work(hand, client, columns, start_line, time));
        let threads: Vec<_> = hands.into_iter().zip(clients).map(begin).collect();
        threads.into_iter().map(thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    let (mut times, mut refused, mut longest) = (Vec::new(), 0, 0.0_f64);
    for outcome in outcomes {
        let Ok(outcome) = outcome else { bail!("One of the clients stopped.") };
        let outcome = outcome?;
        times.extend(outcome.times);
        refused += outcome.refused;
        longest = longest.max(outcome.took.as_secs_f64());
    }

    if card_ids(&board::columns(&mut reader)?) != before {
        bail!("After the moves, not every card is on the board once.");
    }
    let times = Sample::new(times);
    #[expect(clippy::cast_precision_loss, reason = "far fewer moves than 2^52")]
    let per_second = times.len() as f64 / longest;
    Ok(Load { per_second, refused, times })
}

/// The cards that one person moves, each with the number of the column in which it is.
type Hand = Vec<(Card, usize)>;

/// Each card that is moved about to one of the people.
fn hands(columns: &[Column], people: usize) -> Vec<Hand> {
    let mut hands: Vec<Hand> = (0..people).map(|_| Vec::new()).collect();
    let cards = columns
        .iter()
        .enumerate()
        .flat_map(|(place, column)| column.cards.iter().map(move |card| (card.clone(), place)));
    for (turn, card) in cards.filter(|(card, _)| card.is_moved()).enumerate() {
        hands[turn % people].push(card);
    }
    hands
}

/// How often each card is there.
fn card_ids(columns: &[Column]) -> BTreeMap<String, usize> {
    let mut ids = BTreeMap::new();
    for card in columns.iter().flat_map(|column| &column.cards) {
        *ids.entry(card.id.clone()).or_default() += 1;
    }
    ids
}

struct Outcome {
    times: Vec<f64>,
    refused: usize,
    took: Duration,
}

/// Moves the cards of a hand round the board, each time to below a card that stays.
fn work(
    mut hand: Hand,
    mut client: Client,
    columns: &[Column],
    start_line: &Barrier,
    time: Duration,
) -> Result<Outcome> {
    let staying = columns.iter().map(|column| column.cards.iter().filter(|card| !card.is_moved()).collect());
    let staying: Vec<Vec<&Card>> = staying.collect();
    let (mut times, mut refused) = (Vec::new(), 0);
    start_line.wait();
    let start = Instant::now();
    let mut turn = 0;
    while start.elapsed() < time {
        let held = hand.len();
        let (card, place) = hand.get_mut(turn % held.max(1)).context("There are too few cards for all.")?;
        let to = (*place + 1) % columns.len();
        let neighbours = &staying[to];
        let above = neighbours.get(turn % neighbours.len().max(1)).context("There are too few cards in a phase.")?;
        let answer = client.post(
            "/api/board/move-card",
            &[
                ("enrolment", &card.id),
                ("version", &card.version.to_string()),
                ("to", &columns[to].phase),
                ("after", &above.id),
            ],
        )?;
        if answer.status == 200 {
            times.push(answer.time.as_secs_f64() * 1e3);
            card.version += 1;
            *place = to;
        } else {
            refused += 1;
        }
        turn += 1;
    }
    Ok(Outcome { times, refused, took: start.elapsed() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_moves_the_same_card_as_another() {
        let card = |id: usize| Card { id: id.to_string(), participant: String::new(), name: String::new(), version: 1 };
        let columns: Vec<Column> = (0..2)
            .map(|phase| Column { phase: phase.to_string(), cards: (0..9).map(|n| card(phase * 9 + n)).collect() })
            .collect();
        let hands = hands(&columns, 3);
        let mut moved: Vec<&str> = hands.iter().flatten().map(|(card, _)| card.id.as_str()).collect();
        assert_eq!(moved.len(), 16, "all but 8 and 9 at the end");
        moved.sort_unstable();
        moved.dedup();
        assert_eq!(moved.len(), 16);
        assert!(hands.iter().all(|hand| hand.len() >= 3));
    }
}
