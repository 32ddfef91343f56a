//! What was changed on a track, kept for ever.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

/// One change of a track: who, when, what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackChanged {
    /// The name of the one who made it; empty for the server itself.
    pub by: String,
    /// When, in Oslo time.
    pub at: NaiveDateTime,
    /// What.
    pub change: TrackChange,
}

/// What was changed. Phases are named as they were called then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum TrackChange {
    /// The track was made.
    Made,
    /// It got another name.
    Renamed {
        /// What it was called before.
        from: String,
        /// What it is called now.
        to: String,
    },
    /// The track was retired.
    Retired,
    /// It is in use again.
    Resumed,
    /// A phase was made.
    PhaseAdded {
        /// Its name.
        phase: String,
    },
    /// A phase was changed.
    PhaseChanged {
        /// What it was called before.
        phase: String,
        /// What is different now.
        changes: Vec<PhaseChange>,
    },
    /// A phase got another place.
    PhasePlaced {
        /// Its name.
        phase: String,
        /// The phase before which it stands now; nothing at the end.
        before: Option<String>,
    },
    /// A phase was retired.
    PhaseRetired {
        /// Its name.
        phase: String,
        /// The phase to which its cards went.
        to: String,
        /// How many they were.
        cards: usize,
    },
}

/// One thing about a phase that was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseChange {
    /// Which.
    pub field: PhaseField,
    /// What it was before, as in a template; empty for nothing.
    pub before: String,
    /// What it is now.
    pub after: String,
}

/// What can be changed about a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhaseField {
    /// Its name.
    Name,
    /// The limit of cards.
    Limit,
    /// The agreed number of days.
    AgreedDays,
    /// What it demands and does when a card comes in.
    OnEntry,
}
