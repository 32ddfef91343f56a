//! Tracks as data: what a track and its phases may hold, and how an administrator changes them.

mod change;
mod file;
mod forms;
mod rules_form;
mod template;

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use crate::board::{Phase, PhaseKind};
use crate::error::{AppError, Problem};
use crate::id::TrackId;
use crate::phases::Rules;
use crate::text::Line;

pub use change::{PhaseChange, PhaseField, TrackChange, TrackChanged};
pub use file::{FAULTS_SHOWN, FILE_MAX, Fault, Wrong};
pub use forms::{
    AddPhaseForm, ChangePhaseForm, NewTrackForm, PhaseEdit, PlacePhaseForm, PlaceTrackForm, RenameTrackForm,
    RetirePhaseForm, SeenTrackForm, TrackFileForm,
};
pub use rules_form::{RuleTaskForm, RulesForm};
pub use template::{Shipped, TrackTemplate};

/// The most phases of one track that are in use.
pub const PHASES_MAX: usize = 40;
/// The most tracks of one INN unit.
pub const TRACKS_MAX: usize = 100;
/// How many of a track's latest changes are shown.
pub const CHANGES_SHOWN: u64 = 20;

/// The name of a track.
pub type TrackName = Line<80>;
/// The name of a phase.
pub type PhaseName = Line<80>;
/// How many participants an office means to have in a phase at once.
pub type CardLimit = Number<1_000>;
/// How many days a participant is meant to stay in a phase at most; ten years are more than any programme takes.
pub type AgreedDays = Number<3_650>;

/// A phase as a form or a template describes it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct NewPhase {
    /// Its name.
    pub name: PhaseName,
    /// What kind of phase.
    pub kind: PhaseKind,
    /// How many participants the office means to have there at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<CardLimit>,
    /// How many days a participant is meant to stay there at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreed_days: Option<AgreedDays>,
    /// What it demands and does when a card comes in.
    #[serde(skip_serializing_if = "Rules::are_none")]
    pub on_entry: Rules,
}

impl NewPhase {
    /// A phase of which nothing but name and kind is said.
    #[must_use]
    pub fn named(name: PhaseName, kind: PhaseKind) -> Self {
        Self { name, kind, limit: None, agreed_days: None, on_entry: Rules::default() }
    }
}

/// A track as its administrator sees it: counts, but nobody's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedTrack {
    /// Which.
    pub id: TrackId,
    /// Its part of the address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// When it was retired, in Oslo time, if it is.
    pub retired_at: Option<NaiveDateTime>,
    /// How many times it has been changed; a change must name it.
    pub version: i32,
    /// The names of the NAV offices that take part.
    pub offices: Vec<String>,
    /// Its phases in order, each with the number of its cards; of a retired track those that it had at the end.
    pub phases: Vec<(Phase, usize)>,
    /// The names of the phases that were retired before and when each was, in Oslo time; the latest first.
    pub retired: Vec<(String, NaiveDateTime)>,
    /// What was changed of late, the latest first.
    pub changes: Vec<TrackChanged>,
}

impl ManagedTrack {
    /// How many participants are in phases of this kind.
    #[must_use]
    pub fn cards(&self, kind: PhaseKind) -> usize {
        self.phases.iter().filter(|(phase, _)| phase.kind == kind).map(|(_, cards)| cards).sum()
    }
}

/// Checks that phases can stand in this order: one where a participant begins, one where she ends, and nobody passes an
/// end on the way.
pub fn check_order(kinds: &[PhaseKind]) -> Result<(), Problem> {
    let ordinary = kinds.iter().take_while(|kind| **kind == PhaseKind::Ordinary).count();
    let closing = kinds.iter().filter(|kind| **kind == PhaseKind::Closing).count();
    if ordinary == 0 || closing == 0 || ordinary + closing != kinds.len() { Err(Problem::WrongOrder) } else { Ok(()) }
}

/// Whether two names of phases are the same for whoever reads them.
#[must_use]
pub fn same_name(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// A track's part of the address: up to 40 of the letters a to z, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

impl Slug {
    /// The most characters.
    pub const MAX: usize = 40;

    /// Reads one.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let is_slug = (1..=Self::MAX).contains(&text.len())
            && !text.starts_with('-')
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if is_slug { Ok(Self(text.to_owned())) } else { Err(Problem::NotASlug) }
    }

    /// The one that a name suggests, such as `introlop-vest` for "Introløp vest".
    #[must_use]
    pub fn suggested(name: &TrackName) -> Self {
        let mut slug = String::new();
        for letter in name.as_str().to_lowercase().chars() {
            let plain = match letter {
                'æ' | 'ä' => 'e',
                'ø' | 'ö' => 'o',
                'å' | 'á' => 'a',
                letter if letter.is_ascii_alphanumeric() => letter,
                _ => '-',
            };
            if plain != '-' || !(slug.is_empty() || slug.ends_with('-')) {
                slug.push(plain);
            }
        }
        // Room for a number behind it, if another track has it already.
        slug.truncate(Self::MAX - 4);
        let slug = slug.trim_end_matches('-');
        Self(if slug.is_empty() { "lop".to_owned() } else { slug.to_owned() })
    }

    /// The first of `introlop`, `introlop-2`, `introlop-3` … that is free.
    #[must_use]
    pub fn free_among(&self, taken: &[String]) -> Self {
        let is_free = |slug: &String| !taken.contains(slug);
        let base: String = self.0.chars().take(Self::MAX - 4).collect();
        let numbered = (2..1_000).map(|number| format!("{base}-{number}"));
        Self(std::iter::once(self.0.clone()).chain(numbered).find(is_free).unwrap_or(base))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Slug {
    type Error = Problem;

    fn try_from(text: String) -> Result<Self, Problem> {
        Self::parse(&text)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

/// A whole number from 1 to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct Number<const MAX: i32>(i32);

impl<const MAX: i32> Number<MAX> {
    /// Reads what somebody typed into a field that must be filled.
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        if typed.trim().is_empty() {
            return Err(Problem::Required);
        }
        let number: i32 = typed.trim().parse().map_err(|_| Problem::NotInRange { max: MAX })?;
        Self::try_from(number)
    }

    /// Reads what somebody typed into a field that may stay empty.
    pub fn optional(typed: &str) -> Result<Option<Self>, Problem> {
        if typed.trim().is_empty() { Ok(None) } else { Self::parse(typed).map(Some) }
    }

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

/// Checks that a name is free among those of the other phases.
pub fn check_name(name: &PhaseName, others: &[&str]) -> Result<(), AppError> {
    if others.iter().any(|other| same_name(other, name.as_str())) {
        Err(AppError::field("name", Problem::Taken))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PhaseKind::{Closing, Ordinary};

    #[test]
    fn a_number_of_days_is_from_one_to_ten_years() {
        for (days, is_one) in
            [("-1", false), ("0", false), ("1", true), (" 3650 ", true), ("3651", false), ("x", false)]
        {
            assert_eq!(AgreedDays::parse(days).is_ok(), is_one, "{days}");
        }
        assert_eq!(AgreedDays::optional(" "), Ok(None));
        assert_eq!(AgreedDays::parse(""), Err(Problem::Required));
    }

    #[test]
    fn a_track_begins_with_an_ordinary_phase_and_ends_with_a_closing_one() {
        for right in [&[Ordinary, Closing][..], &[Ordinary, Ordinary, Closing, Closing]] {
            assert_eq!(check_order(right), Ok(()), "{right:?}");
        }
        for wrong in [&[][..], &[Ordinary], &[Closing], &[Closing, Ordinary], &[Ordinary, Closing, Ordinary]] {
            assert_eq!(check_order(wrong), Err(Problem::WrongOrder), "{wrong:?}");
        }
    }

    #[test]
    fn an_address_is_made_of_a_name_and_is_never_taken_twice() {
        let suggested = |name: &str| TrackName::parse(name).map(|name| Slug::suggested(&name).0).unwrap_or_default();
        assert_eq!(suggested("Mitt Karriereløp – internship"), "mitt-karrierelop-internship");
        assert_eq!(suggested("  Ærlig å!"), "erlig-a");
        assert_eq!(suggested("???"), "lop");
        assert!(Slug::parse(&suggested(&"ø".repeat(80))).is_ok());
        let taken = ["introlop".to_owned(), "introlop-2".to_owned()];
        assert_eq!(Slug::parse("introlop").map(|slug| slug.free_among(&taken).0), Ok("introlop-3".to_owned()));
    }

    #[test]
    fn an_address_holds_nothing_that_must_be_escaped() {
        for wrong in ["", "-a", "Intro", "intro lop", "introløp", "a/b", "a.b", &"a".repeat(41)] {
            assert_eq!(Slug::parse(wrong), Err(Problem::NotASlug), "{wrong}");
        }
    }
}
