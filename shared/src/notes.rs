//! Notes about a participant.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::access::Role;
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
    /// Earlier texts, newest first, with the instant until which each stood (UTC).
    pub earlier: Vec<(DateTime<Utc>, String)>,
}

/// Whether somebody may change a note: only the one who wrote it, and no administrator.
#[must_use]
pub fn may_edit(author: UserId, reader: UserId, role: Role) -> bool {
    author == reader && role != Role::Administrator
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

    #[test]
    fn an_empty_note_without_level_names_both_fields() {
        let form = NoteForm { participant: ParticipantId(Uuid::nil()), text: " \n ".into(), visibility: String::new() };
        let error = form.parse().err().unwrap_or(AppError::NotFound);
        assert!(error.problem("text").is_some() && error.problem("visibility").is_some());
    }
}
