//! What goes wrong, and when: drawn from one seed, so that a run that has found something can be repeated.
//!
//! The same seed gives the same moods of the mail server at each step of the conversation, one after the other,
//! and the same kills. Which mail meets which of them depends on the machine.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// A step of the conversation with the mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Hello,
    Login,
    Sender,
    Recipient,
    Data,
    /// While the content is on its way.
    Inside,
    /// The content has come to its end.
    End,
    Reset,
    Goodbye,
}

const STAGES: usize = Stage::Goodbye as usize + 1;

/// What the mail server does at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// What a server usually does.
    Usual,
    /// Puts it off: 4xx.
    Later,
    /// Refuses: 5xx.
    Never,
    /// Does not answer, for longer than anybody waits.
    Silence,
    /// Closes the connection.
    HangUp,
    /// Takes the mail and does not say so.
    TakeInSilence,
    /// Takes the mail and closes the connection in the middle of saying so.
    TakeAndHangUp,
}

/// The moods at a step other than the usual one, and how often in a thousand times each comes.
fn moods(stage: Stage) -> &'static [(u32, Mood)] {
    use Mood::{HangUp, Later, Never, Silence, TakeAndHangUp, TakeInSilence};
    match stage {
        Stage::Hello | Stage::Login => &[(20, Later), (20, Never), (10, Silence), (20, HangUp)],
        Stage::Sender | Stage::Data => &[(10, Later), (7, Never), (3, Silence), (10, HangUp)],
        Stage::Recipient => &[(15, Later), (10, Never), (3, Silence), (10, HangUp)],
        Stage::Inside => &[(15, HangUp)],
        Stage::End => &[(15, Later), (7, Never), (3, Silence), (10, HangUp), (5, TakeInSilence), (15, TakeAndHangUp)],
        Stage::Reset => &[(5, Later), (5, Never), (3, Silence), (10, HangUp)],
        Stage::Goodbye => &[(50, Later), (50, Never), (20, Silence), (50, HangUp)],
    }
}

/// The mail server's moods.
pub(super) struct Moods {
    chances: [StdRng; STAGES],
    is_calm: bool,
}

impl Moods {
    pub(super) fn new(seed: u64) -> Self {
        Self { chances: std::array::from_fn(|stage| chance(seed, stage)), is_calm: false }
    }

    /// From now on all goes well.
    pub(super) fn calm_down(&mut self) {
        self.is_calm = true;
    }

    /// How the server takes the next such step.
    pub(super) fn next(&mut self, stage: Stage) -> Mood {
        if self.is_calm {
            return Mood::Usual;
        }
        let mut drawn = self.chances[stage as usize].random_range(0..1000);
        for (weight, mood) in moods(stage) {
            if drawn < *weight {
                return *mood;
            }
            drawn -= weight;
        }
        Mood::Usual
    }
}

/// When which node is killed.
pub(super) struct Kills(StdRng);

impl Kills {
    pub(super) fn new(seed: u64) -> Self {
        Self(chance(seed, STAGES))
    }

    /// How long everybody lives until the next kill.
    pub(super) fn pause(&mut self) -> Duration {
        Duration::from_millis(self.0.random_range(300..2_500))
    }

    /// Which of so many nodes it strikes.
    pub(super) fn victim(&mut self, nodes: usize) -> usize {
        self.0.random_range(0..nodes)
    }
}

/// The seed is the run's; the number keeps what is drawn for different things apart.
fn chance(seed: u64, number: usize) -> StdRng {
    let mut whole = [0; 32];
    whole[..8].copy_from_slice(&seed.to_le_bytes());
    whole[8..16].copy_from_slice(&(number as u64).to_le_bytes());
    StdRng::from_seed(whole)
}

#[test]
fn the_same_seed_gives_the_same_faults() {
    let draw = |seed| {
        let (mut moods, mut kills) = (Moods::new(seed), Kills::new(seed));
        let moods: Vec<Mood> = (0..500).map(|_| moods.next(Stage::End)).collect();
        let kills: Vec<(Duration, usize)> = (0..50).map(|_| (kills.pause(), kills.victim(2))).collect();
        (moods, kills)
    };
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
}
