//! Identifiers: a UUID version 7 (RFC 9562), with a type of its own for each kind of thing,
//! so that the compiler refuses a task where a participant is meant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// An organisation: INN, a NAV office, a school.
    OrganisationId;
    /// A person who can log in.
    UserId;
    /// A track, which is one board.
    TrackId;
    /// A column of a track.
    PhaseId;
    /// A person who is followed up.
    ParticipantId;
    /// One participant in one track; the card on the board.
    EnrolmentId;
    /// One change of phase.
    MoveId;
    /// Something done with many cards at once.
    CommandId;
    /// A note about a participant.
    NoteId;
    /// A task about a participant.
    TaskId;
    /// One item of a task's checklist.
    TaskItemId;
    /// A template of tasks.
    TaskTemplateId;
    /// One alert to one recipient.
    AlertId;
    /// One promised mail.
    MailId;
    /// One view that somebody has kept.
    ViewId;
}
