//! Tracks as data: what a track and its phases may hold.

use serde::{Deserialize, Serialize};

use crate::board::PhaseKind;
use crate::error::Problem;
use crate::text::Line;

/// The name of a track.
pub type TrackName = Line<80>;
/// The name of a phase.
pub type PhaseName = Line<80>;
/// How many participants an office means to have in a phase at once.
pub type CardLimit = Number<1_000>;
/// How many days a participant is meant to stay in a phase at most; ten years are more than any programme takes.
pub type AgreedDays = Number<3_650>;

/// A phase as a form or a template describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPhase {
    /// Its name.
    pub name: PhaseName,
    /// What kind of phase.
    pub kind: PhaseKind,
    /// How many participants the office means to have there at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<CardLimit>,
    /// How many days a participant is meant to stay there at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_days: Option<AgreedDays>,
}

impl NewPhase {
    /// A phase of which nothing but name and kind is said.
    #[must_use]
    pub fn named(name: PhaseName, kind: PhaseKind) -> Self {
        Self { name, kind, limit: None, agreed_days: None }
    }
}

/// A whole number from 1 to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct Number<const MAX: i32>(i32);

impl<const MAX: i32> Number<MAX> {
    /// The number.
    #[must_use]
    pub fn get(self) -> i32 {
        self.0
    }
}

impl<const MAX: i32> TryFrom<i32> for Number<MAX> {
    type Error = Problem;

    fn try_from(number: i32) -> Result<Self, Problem> {
        if (1..=MAX).contains(&number) { Ok(Self(number)) } else { Err(Problem::NotInRange { max: MAX }) }
    }
}

impl<const MAX: i32> From<Number<MAX>> for i32 {
    fn from(number: Number<MAX>) -> Self {
        number.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_days_is_from_one_to_ten_years() {
        for (days, is_one) in [(-1, false), (0, false), (1, true), (3_650, true), (3_651, false)] {
            assert_eq!(AgreedDays::try_from(days).is_ok(), is_one, "{days}");
        }
    }
}
