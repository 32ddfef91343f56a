//! What the server tells an open board while others work on it.

use serde::{Deserialize, Serialize};

use crate::id::{EnrolmentId, PhaseId};

/// What is new on a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardNews {
    /// Cards that are new, changed or moved.
    pub cards: Vec<NewsCard>,
    /// Cards that the reader may not see any more.
    pub gone: Vec<EnrolmentId>,
    /// How many cards each phase has now, as [`crate::board::Column::count`] says.
    pub counts: Vec<(PhaseId, usize)>,
}

/// A card as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewsCard {
    /// Which.
    pub id: EnrolmentId,
    /// The phase in which it is.
    pub phase: PhaseId,
    /// The whole card in HTML, with its version and its rank.
    pub html: String,
}

/// The name of the event that brings [`BoardNews`] as JSON.
pub const NEWS: &str = "news";
/// The name of the event after which the whole board must be read anew.
pub const EVERYTHING: &str = "everything";
/// The name of the last event: the session is over, or the reader's access is another one.
pub const ENDED: &str = "ended";
