//! Many cards at once: one command, which is done with all of them or with none.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::alerts::Recalled;
use crate::board::{ContactRole, MoveForm, Moved, Undone, choice};
use crate::error::{AppError, Problem, Problems};
use crate::id::{CommandId, EnrolmentId, PhaseId, UserId};
use crate::participants::parse_id;

/// The most cards of one command.
pub const MANY_MAX: usize = 200;

/// The chosen cards, each with the version that the person saw.
pub type ChosenCards = BTreeMap<EnrolmentId, i32>;

/// Whether somebody has chosen cards, and not too many.
fn check(cards: &ChosenCards) -> Result<(), Problem> {
    match cards.len() {
        0 => Err(Problem::Required),
        1..=MANY_MAX => Ok(()),
        _ => Err(Problem::TooManyChosen { max: MANY_MAX }),
    }
}

/// The name of a card's field in a form, whose value is the version: `c` and its id. A form reads a name that begins
/// with a digit as a number.
#[must_use]
pub fn field_of(card: EnrolmentId) -> String {
    format!("c{card}")
}

mod by_name {
    use std::collections::BTreeMap;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::{ChosenCards, field_of};

    pub(super) fn serialize<S: Serializer>(cards: &ChosenCards, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(cards.iter().map(|(card, version)| (field_of(*card), version)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ChosenCards, D::Error> {
        let named = BTreeMap::<String, i32>::deserialize(deserializer)?;
        let card = |(name, version): (String, i32)| {
            let id = name.strip_prefix('c').and_then(|id| id.parse().ok());
            Ok((id.ok_or_else(|| D::Error::custom("not a card"))?, version))
        };
        named.into_iter().map(card).collect()
    }
}

/// A move of several cards, as the board or a plain form sends it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveManyForm {
    /// The cards.
    #[serde(default, with = "by_name")]
    pub cards: ChosenCards,
    /// The phase in which they shall be.
    pub to: Option<PhaseId>,
    /// The card that shall be right above the first of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<EnrolmentId>,
    /// The card that shall be right below the last of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<EnrolmentId>,
    /// The code of a [`crate::board::ClosingReason`], for a closing phase.
    #[serde(default)]
    pub reason: String,
    /// The reason in words.
    #[serde(default)]
    pub reason_text: String,
    /// The code of an [`crate::board::Outcome`], for a closing phase.
    #[serde(default)]
    pub outcome: String,
}

impl MoveManyForm {
    /// The same move of several cards.
    #[must_use]
    pub fn of(cards: ChosenCards, one: &MoveForm) -> Self {
        let MoveForm { to, after, before, reason, reason_text, outcome, .. } = one.clone();
        Self { cards, to, after, before, reason, reason_text, outcome }
    }

    /// The move as that of each card alone.
    pub fn parse(&self) -> Result<Vec<MoveForm>, AppError> {
        check(&self.cards).map_err(|problem| AppError::field("cards", problem))?;
        let one = |(card, version): (&EnrolmentId, &i32)| MoveForm {
            enrolment: Some(*card),
            version: *version,
            to: self.to,
            after: self.after,
            before: self.before,
            reason: self.reason.clone(),
            reason_text: self.reason_text.clone(),
            outcome: self.outcome.clone(),
        };
        Ok(self.cards.iter().map(one).collect())
    }
}

/// Chosen as contact of many, it leaves them without one. To choose nothing is no choice: that would be done to all of
/// them by a careless press.
pub const NOBODY: &str = "none";

/// Who shall be contact of several participants.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactOfManyForm {
    /// The cards.
    #[serde(default, with = "by_name")]
    pub cards: ChosenCards,
    /// The code of a [`ContactRole`].
    #[serde(default)]
    pub role: String,
    /// The INN contact's id, or [`NOBODY`].
    #[serde(default)]
    pub inn_contact: String,
    /// The NAV contact's id, or [`NOBODY`].
    #[serde(default)]
    pub nav_contact: String,
}

impl ContactOfManyForm {
    /// Which contact, and who. Says nothing of the other one.
    pub fn parse(&self) -> Result<(ContactRole, Option<UserId>), AppError> {
        let mut problems = Problems::default();
        problems.check("cards", check(&self.cards));
        let role = problems.check("role", choice(&self.role, ContactRole::from_code));
        let contact = role.and_then(|role| {
            let typed = if role == ContactRole::Inn { &self.inn_contact } else { &self.nav_contact };
            let contact = match typed.as_str() {
                "" => Err(Problem::Required),
                NOBODY => Ok(None),
                id => parse_id(id).map(Some),
            };
            problems.check(role.code(), contact)
        });
        let (Some(role), Some(contact)) = (role, contact) else { return Err(problems.into()) };
        problems.into_result()?;
        Ok((role, contact))
    }
}

/// Whom to follow from now on, or not any more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowManyForm {
    /// The cards.
    #[serde(default, with = "by_name")]
    pub cards: ChosenCards,
    /// Whether to follow.
    pub follow: bool,
}

impl FollowManyForm {
    /// Checks the cards.
    pub fn parse(&self) -> Result<(), AppError> {
        check(&self.cards).map_err(|problem| AppError::field("cards", problem))
    }
}

/// What was done with many cards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManyDone {
    /// With how many of them; the others were so already.
    pub count: usize,
    /// What to name to take all of it back; `None` if nothing was done.
    pub undo: Option<CommandId>,
}

/// What the board is told after several cards were moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManyMoved {
    /// The cards, in the order in which they lie, one below the other.
    pub cards: Vec<Moved>,
    /// The card above the first of them.
    pub after: Option<EnrolmentId>,
    /// What to name to take all of it back; `None` if nothing was moved.
    pub undo: Option<CommandId>,
}

/// What was done with many cards and is taken back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManyUndone {
    /// The cards that are where they were, from the top of each column.
    pub cards: Vec<Undone>,
    /// What became of the alerts.
    pub recalled: Recalled,
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn cards(count: u128) -> ChosenCards {
        (0..count).map(|number| (EnrolmentId(Uuid::from_u128(number)), 1)).collect()
    }

    #[test]
    fn a_command_is_for_one_to_two_hundred_cards() {
        let problem = |count| MoveManyForm { cards: cards(count), ..Default::default() }.parse().err();
        assert_eq!(problem(0), Some(AppError::field("cards", Problem::Required)));
        assert_eq!(problem(1), None);
        assert_eq!(problem(200), None);
        assert_eq!(problem(201), Some(AppError::field("cards", Problem::TooManyChosen { max: 200 })));
        let follow = FollowManyForm { cards: cards(10_000), follow: true };
        assert_eq!(follow.parse(), Err(AppError::field("cards", Problem::TooManyChosen { max: 200 })));
    }

    #[test]
    fn the_field_of_the_other_contact_does_not_matter() {
        let form = ContactOfManyForm {
            cards: cards(1),
            role: ContactRole::Nav.code().into(),
            inn_contact: "rubbish".into(),
            nav_contact: Uuid::from_u128(7).to_string(),
        };
        assert_eq!(form.parse(), Ok((ContactRole::Nav, Some(UserId(Uuid::from_u128(7))))));
        let error = ContactOfManyForm { role: ContactRole::Inn.code().into(), ..form }.parse().err();
        assert_eq!(error, Some(AppError::field("inn_contact", Problem::UnknownChoice)));
    }

    #[test]
    fn nobody_is_chosen_only_on_purpose() {
        let form = |inn: &str| ContactOfManyForm {
            cards: cards(1),
            role: ContactRole::Inn.code().into(),
            inn_contact: inn.into(),
            nav_contact: String::new(),
        };
        assert_eq!(form("").parse(), Err(AppError::field("inn_contact", Problem::Required)));
        assert_eq!(form(NOBODY).parse(), Ok((ContactRole::Inn, None)));
    }
}
