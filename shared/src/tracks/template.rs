//! Templates: a track in a file.

use serde::Serialize;

use super::{Fault, NewPhase, TrackName};

/// A track as its file describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrackTemplate {
    /// Its name.
    pub name: TrackName,
    /// Its phases, in order.
    pub phases: Vec<NewPhase>,
}

/// A template that Samløp brings along. An office can begin with one and change it to its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shipped {
    /// The introduction programme from settlement to follow-up, ten phases.
    Introlop,
    /// From screening over an internship to relevant work or education, thirteen phases.
    Karrierelop,
    /// A beginning and an end.
    Empty,
}

impl Shipped {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Introlop, Self::Karrierelop, Self::Empty];

    /// The word for it in forms and on the command line.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Introlop => "introlop",
            Self::Karrierelop => "karrierelop",
            Self::Empty => "empty",
        }
    }

    /// The template for a word written by [`Shipped::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|template| template.code() == code)
    }

    /// The part of the address of a track that is made of it by a command.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Introlop => "introlop",
            Self::Karrierelop => "karrierelop",
            Self::Empty => "nytt-lop",
        }
    }

    /// The file.
    fn file(self) -> &'static str {
        match self {
            Self::Introlop => include_str!("../../templates/introlop.toml"),
            Self::Karrierelop => include_str!("../../templates/karrierelop.toml"),
            Self::Empty => include_str!("../../templates/empty.toml"),
        }
    }

    /// The template in it.
    pub fn read(self) -> Result<TrackTemplate, Vec<Fault>> {
        TrackTemplate::from_toml(self.file())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::PhaseKind;
    use crate::tracks::{Slug, check_order};

    #[test]
    fn each_template_can_be_read_and_ends_with_its_only_closing_phase() {
        for (shipped, count) in [(Shipped::Introlop, 10), (Shipped::Karrierelop, 13), (Shipped::Empty, 2)] {
            let phases = shipped.read().ok().map(|template| template.phases).unwrap_or_default();
            let kinds: Vec<PhaseKind> = phases.iter().map(|phase| phase.kind).collect();
            assert_eq!((kinds.len(), check_order(&kinds)), (count, Ok(())), "{shipped:?}");
            assert_eq!(kinds.iter().filter(|kind| **kind == PhaseKind::Closing).count(), 1, "{shipped:?}");
            assert!(Slug::parse(shipped.slug()).is_ok(), "{shipped:?}");
        }
    }
}
