//! Notes about a participant.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::accounts::Person;
use crate::board::choice;
use crate::error::{AppError, Problems};
use crate::id::{NoteId, OrganisationId, ParticipantId, UserId};
use crate::text::Text;

/// The most characters of a note.
pub const NOTE_MAX: usize = 10_000;

/// The text of a note: simple markdown.
pub type NoteText = Text<NOTE_MAX>;

/// Who may read a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Only the unit of the one who wrote it.
    OwnUnit,
    /// INN and NAV.
    InnAndNav,
    /// INN, NAV and the participant.
    Participant,
}

impl Visibility {
    /// All levels; the second is the usual one.
    pub const ALL: [Self; 3] = [Self::InnAndNav, Self::OwnUnit, Self::Participant];

    /// The word for it in forms and in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::OwnUnit => "own_unit",
            Self::InnAndNav => "inn_and_nav",
            Self::Participant => "participant",
        }
    }

    /// The level for a word written by [`Visibility::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }

    /// Whether somebody who may see the participant may read a note of this level,
    /// written for `unit` by somebody there.
    #[must_use]
    pub fn shows_to(self, memberships: &[OrganisationId], unit: OrganisationId) -> bool {
        match self {
            Self::OwnUnit => memberships.contains(&unit),
            Self::InnAndNav | Self::Participant => true,
        }
    }
}

/// A note as the timeline shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Which.
    pub id: NoteId,
    /// Who wrote it.
    pub author: UserId,
    /// The text as written.
    pub text: String,
    /// Who may read it.
    pub visibility: Visibility,
    /// How many times it has been written; a change must name it.
    pub version: i32,
    /// When it was written (UTC).
    pub written_at: DateTime<Utc>,
    /// Earlier texts, newest first, with the instant until which each stood (UTC).
    pub earlier: Vec<(DateTime<Utc>, String)>,
}

/// Whether somebody may change a note: only the one who wrote it, and no administrator.
#[must_use]
pub fn may_edit(author: UserId, reader: UserId, role: Role) -> bool {
    author == reader && role != Role::Administrator
}

/// For how long its author can delete a note, in minutes. After that others may have built on it.
pub const FRESH_MINUTES: i64 = 15;

/// Those of some people whom a text names with an `@` before the whole name, or before a first name that only
/// one of them has. The longest name counts: `@Kari Prøve Berg` does not name `Kari Prøve`.
#[must_use]
pub fn mentions(text: &str, people: &[Person]) -> Vec<UserId> {
    let text = text.to_lowercase();
    let names: Vec<(String, UserId)> = people.iter().map(|person| (person.name.to_lowercase(), person.id)).collect();
    let first_name = |name: &str| name.split(' ').next().unwrap_or_default().to_owned();
    let callable = names.iter().flat_map(|(name, id)| {
        let first = first_name(name);
        let is_only_one = names.iter().filter(|(other, _)| first_name(other) == first).count() == 1;
        [Some((name.clone(), *id)), is_only_one.then_some((first, *id))].into_iter().flatten()
    });
    let mut callable: Vec<(String, UserId)> = callable.filter(|(name, _)| !name.is_empty()).collect();
    callable.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));

    let mut mentioned = Vec::new();
    let mut before = ' ';
    for (place, character) in text.char_indices() {
        // An `@` inside a word is a mail address.
        if character == '@' && !before.is_alphanumeric() {
            let rest = &text[place + 1..];
            let is_called = |name: &str| {
                rest.strip_prefix(name).is_some_and(|after| !after.starts_with(|c: char| c.is_alphanumeric()))
            };
            if let Some((_, id)) = callable.iter().find(|(name, _)| is_called(name))
                && !mentioned.contains(id)
            {
                mentioned.push(*id);
            }
        }
        before = character;
    }
    mentioned
}

/// The form for a new note, as typed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoteForm {
    /// About whom.
    pub participant: ParticipantId,
    /// The text.
    #[serde(default)]
    pub text: String,
    /// The code of a [`Visibility`].
    #[serde(default)]
    pub visibility: String,
}

/// A note that can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNote {
    /// About whom.
    pub participant: ParticipantId,
    /// The text.
    pub text: NoteText,
    /// Who may read it.
    pub visibility: Visibility,
}

impl NoteForm {
    /// Checks the text.
    pub fn parse(&self) -> Result<NewNote, AppError> {
        let mut problems = Problems::default();
        let text = problems.check("text", NoteText::parse(&self.text));
        let visibility = problems.check("visibility", choice(&self.visibility, Visibility::from_code));
        let (Some(text), Some(visibility)) = (text, visibility) else { return Err(problems.into()) };
        Ok(NewNote { participant: self.participant, text, visibility })
    }
}

/// The form for changing a note, as typed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoteEditForm {
    /// Which note.
    pub note: NoteId,
    /// The version that the person saw.
    pub version: i32,
    /// The new text.
    #[serde(default)]
    pub text: String,
}

impl NoteEditForm {
    /// Checks the text.
    pub fn parse(&self) -> Result<NoteText, AppError> {
        NoteText::parse(&self.text).map_err(|problem| AppError::field("text", problem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_note_for_ones_own_unit_is_hidden_from_others() {
        let [inn, nav] = [1, 2].map(|n| OrganisationId(Uuid::from_u128(n)));
        assert!(Visibility::OwnUnit.shows_to(&[inn], inn));
        assert!(!Visibility::OwnUnit.shows_to(&[nav], inn));
        assert!(Visibility::InnAndNav.shows_to(&[nav], inn));
    }

    fn person(number: u128, name: &str) -> Person {
        Person { id: UserId(Uuid::from_u128(number)), name: name.into(), organisation: String::new() }
    }

    #[test]
    fn somebody_is_named_by_her_whole_name_or_by_a_first_name_that_is_hers_alone() {
        let people = [person(1, "Kari Prøve"), person(2, "Nils Prøve"), person(3, "Kari Prøve Berg")];
        let named = |text: &str| mentions(text, &people).iter().map(|id| id.0.as_u128()).collect::<Vec<_>>();
        assert_eq!(named("@nils, kan du ringe?"), [2]);
        assert_eq!(named("Spør @Kari Prøve. Og @Nils!"), [1, 2]);
        assert_eq!(named("@Kari Prøve Berg overtar"), [3], "the longer name");
        assert_eq!(named("(@NILS PRØVE) @nils"), [2], "once");
        assert_eq!(named("@Kari"), [], "there are two");
        assert_eq!(named("post@nils.example.no, nils, @nilsen, @"), []);
    }

    #[test]
    fn an_empty_note_without_level_names_both_fields() {
        let form = NoteForm { participant: ParticipantId(Uuid::nil()), text: " \n ".into(), visibility: String::new() };
        let error = form.parse().err().unwrap_or(AppError::NotFound);
        assert!(error.problem("text").is_some() && error.problem("visibility").is_some());
    }
}
