//! What a phase demands when a card comes in, and what it does then. Browser and server ask the same function.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::board::{Closing, ClosingReason, ContactRole, MoveForm, Outcome, Phase, PhaseKind, choice};
use crate::error::{AppError, Problem, Problems, RefusedCard};
use crate::id::EnrolmentId;
use crate::text::Line;
use crate::tracks::Number;
use crate::workdays::working_days_after;

/// The most tasks that one phase makes for each card that comes in.
pub const RULE_TASKS_MAX: usize = 3;

/// What a phase demands and does when a card comes in from another phase.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Why it comes in must be told. A closing phase always demands it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reason: bool,
    /// Where the track led must be told. A closing phase always demands it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub outcome: bool,
    /// What must be known about the participant.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub fields: BTreeSet<NeededField>,
    /// The tasks that are made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<RuleTask>,
}

impl Rules {
    /// Whether it demands and does nothing.
    #[must_use]
    pub fn are_none(&self) -> bool {
        *self == Self::default()
    }
}

/// What a phase can demand to be known about a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeededField {
    /// The language.
    Language,
    /// A phone number.
    Phone,
    /// A mail address.
    Email,
    /// The goal.
    Goal,
    /// That the integration plan is made.
    Plan,
    /// The NAV office.
    NavOffice,
    /// A contact at INN.
    InnContact,
    /// A contact at NAV.
    NavContact,
    /// That the participant waits for nobody.
    Waiting,
}

impl NeededField {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::Language,
        Self::Phone,
        Self::Email,
        Self::Goal,
        Self::Plan,
        Self::NavOffice,
        Self::InnContact,
        Self::NavContact,
        Self::Waiting,
    ];

    /// The word for it in forms, which is also the name of the field in the participant's forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Goal => "goal",
            Self::Plan => "plan",
            Self::NavOffice => "nav_office",
            Self::InnContact => "inn_contact",
            Self::NavContact => "nav_contact",
            Self::Waiting => "waiting",
        }
    }

    /// Whether it stands in the form for a participant's details; else it is chosen on the record itself.
    #[must_use]
    pub fn is_detail(self) -> bool {
        !matches!(self, Self::InnContact | Self::NavContact | Self::Waiting)
    }

    fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// Which of the fields that a phase can demand are in order on a card.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filled(u16);

impl Filled {
    /// Those that are.
    #[must_use]
    pub fn of(fields: impl IntoIterator<Item = NeededField>) -> Self {
        Self(fields.into_iter().fold(0, |bits, field| bits | field.bit()))
    }

    /// As a number, for an attribute of the card in the page.
    #[must_use]
    pub fn bits(self) -> u16 {
        self.0
    }

    /// From such a number.
    #[must_use]
    pub fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// Whether one is.
    #[must_use]
    pub fn has(self, field: NeededField) -> bool {
        self.0 & field.bit() != 0
    }
}

/// A task that a phase makes for each card that comes in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleTask {
    /// What to do.
    pub title: Line<160>,
    /// Whose task it becomes: the card's contact there or, if there is none, whoever moves the card.
    #[serde(rename = "for")]
    pub role: ContactRole,
    /// When it is due, counted from the day of the move.
    pub due: DueIn,
}

/// A number of days until something is due; a year is the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueIn {
    /// Calendar days.
    Days(Number<365>),
    /// Norwegian working days.
    WorkingDays(Number<365>),
}

impl DueIn {
    /// The day, counted from this one.
    #[must_use]
    pub fn from_day(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Days(days) => day.checked_add_days(Days::new(days.get().unsigned_abs().into())).unwrap_or(day),
            Self::WorkingDays(days) => working_days_after(day, days.get().unsigned_abs()),
        }
    }
}

/// What was told when a card came into a phase: what the phase demands, and nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Why, as a word from the list; only where the phase closes.
    pub reason: Option<ClosingReason>,
    /// Why, in words.
    pub reason_text: Option<Line<200>>,
    /// Where it led.
    pub outcome: Option<Outcome>,
}

impl From<Closing> for Told {
    fn from(closing: Closing) -> Self {
        Self { reason: Some(closing.reason), reason_text: closing.reason_text, outcome: Some(closing.outcome) }
    }
}

impl Phase {
    /// What a move into this phase tells, or all that it lacks. The one rule, for the browser before anything moves and
    /// for the server before anything is written.
    pub fn admit(&self, form: &MoveForm, filled: Filled) -> Result<Told, AppError> {
        let mut problems = Problems::default();
        for field in self.missing(filled) {
            problems.check::<()>(field.code(), Err(Problem::NotOnRecord));
        }
        let told = match self.kind {
            PhaseKind::Closing => form.closing(&mut problems).map(Told::from),
            PhaseKind::Ordinary => self.told(form, &mut problems),
        };
        problems.into_result()?;
        Ok(told.unwrap_or_default())
    }

    /// What a move of several cards into this phase tells, or which of them it does not admit. Only if it admits all of
    /// them, what else the move lacks.
    pub fn admit_all(
        &self,
        form: &MoveForm,
        cards: impl IntoIterator<Item = (EnrolmentId, String, Filled)>,
    ) -> Result<Told, AppError> {
        let refused = cards.into_iter().filter_map(|(enrolment, name, filled)| {
            let missing: Vec<NeededField> = self.missing(filled).collect();
            (!missing.is_empty()).then_some(RefusedCard { enrolment, name, missing })
        });
        let refused: Vec<RefusedCard> = refused.collect();
        if !refused.is_empty() {
            return Err(AppError::NotAdmitted(refused));
        }
        self.admit(form, Filled::of(NeededField::ALL))
    }

    /// Whether somebody must be asked before a card comes in, whatever is known about the participant.
    #[must_use]
    pub fn asks_reason(&self) -> bool {
        self.kind == PhaseKind::Closing || self.rules.reason
    }

    /// Whether it must be told where the track led.
    #[must_use]
    pub fn asks_outcome(&self) -> bool {
        self.kind == PhaseKind::Closing || self.rules.outcome
    }

    /// What is demanded to be known about the participant and is not.
    pub fn missing(&self, filled: Filled) -> impl Iterator<Item = NeededField> {
        self.rules.fields.iter().copied().filter(move |field| !filled.has(*field))
    }

    fn told(&self, form: &MoveForm, problems: &mut Problems) -> Option<Told> {
        let reason_text = if self.rules.reason {
            problems.check("reason_text", Line::parse(&form.reason_text)).map(Some)
        } else {
            Some(None)
        };
        let outcome = if self.rules.outcome {
            problems.check("outcome", choice(&form.outcome, Outcome::from_code)).map(Some)
        } else {
            Some(None)
        };
        Some(Told { reason: None, reason_text: reason_text?, outcome: outcome? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PhaseId;
    use proptest::prelude::*;

    fn phase(kind: PhaseKind, rules: Rules) -> Phase {
        Phase { id: PhaseId(uuid::Uuid::nil()), name: "Praksis".into(), kind, limit: None, agreed_days: None, rules }
    }

    fn refused(phase: &Phase, form: &MoveForm, filled: Filled) -> AppError {
        phase.admit(form, filled).err().unwrap_or(AppError::NotFound)
    }

    #[test]
    fn an_ordinary_phase_without_rules_demands_nothing_and_keeps_nothing_that_is_told() {
        let form = MoveForm {
            reason: "moved_away".into(),
            reason_text: "fnr 13897240054".into(),
            outcome: "rubbish".into(),
            ..MoveForm::default()
        };
        let told = phase(PhaseKind::Ordinary, Rules::default()).admit(&form, Filled::default());
        assert_eq!(told, Ok(Told::default()));
    }

    #[test]
    fn of_several_cards_those_that_lack_something_are_named_and_then_what_must_be_told() {
        let rules = Rules { reason: true, fields: [NeededField::Goal].into(), ..Rules::default() };
        let phase = phase(PhaseKind::Ordinary, rules);
        let card = |number, filled| (EnrolmentId(uuid::Uuid::from_u128(number)), format!("Nr. {number}"), filled);
        let known = Filled::of([NeededField::Goal]);
        let cards = [card(1, known), card(2, Filled::default())];
        let refused = phase.admit_all(&MoveForm::default(), cards.clone()).err();
        let (enrolment, name, _) = cards[1].clone();
        let named = RefusedCard { enrolment, name, missing: vec![NeededField::Goal] };
        assert_eq!(refused, Some(AppError::NotAdmitted(vec![named])));

        let [right, _] = cards;
        let lacking = phase.admit_all(&MoveForm::default(), [right.clone()]).err().unwrap_or(AppError::NotFound);
        assert_eq!(lacking.problem("reason_text"), Some(&Problem::Required));
        let form = MoveForm { reason_text: "Kurset begynner".into(), ..MoveForm::default() };
        assert!(phase.admit_all(&form, [right]).is_ok());
    }

    #[test]
    fn a_closing_phase_demands_reason_and_outcome_whatever_its_rules_say() {
        let error = refused(&phase(PhaseKind::Closing, Rules::default()), &MoveForm::default(), Filled::default());
        assert_eq!(error.problem("reason"), Some(&Problem::Required));
        assert_eq!(error.problem("outcome"), Some(&Problem::Required));
    }

    #[test]
    fn another_reason_must_be_written_and_others_take_no_text() {
        let closing = phase(PhaseKind::Closing, Rules::default());
        let mut form = MoveForm { reason: "other".into(), outcome: "education".into(), ..MoveForm::default() };
        assert_eq!(refused(&closing, &form, Filled::default()).problem("reason_text"), Some(&Problem::Required));

        form.reason = "completed".into();
        form.reason_text = "et ord".into();
        let told = closing.admit(&form, Filled::default()).ok();
        assert_eq!(told.map(|told| (told.reason, told.reason_text)), Some((Some(ClosingReason::Completed), None)));
    }

    #[test]
    fn an_ordinary_phase_asks_for_a_reason_in_words_and_for_an_outcome() {
        let rules = Rules { reason: true, outcome: true, ..Rules::default() };
        let phase = phase(PhaseKind::Ordinary, rules);
        let error = refused(&phase, &MoveForm::default(), Filled::default());
        assert_eq!(error.problem("reason_text"), Some(&Problem::Required));
        assert_eq!(error.problem("outcome"), Some(&Problem::Required));
        let form = MoveForm {
            reason_text: "Fikk lønnstilskudd".into(),
            outcome: "relevant_work".into(),
            ..MoveForm::default()
        };
        let told = phase.admit(&form, Filled::default()).ok();
        assert_eq!(told.and_then(|told| told.outcome), Some(Outcome::RelevantWork));
        let form = MoveForm { reason_text: "fnr 13897240054".into(), ..form };
        assert_eq!(refused(&phase, &form, Filled::default()).problem("reason_text"), Some(&Problem::IdentityNumber));
    }

    #[test]
    fn rules_are_written_as_short_as_they_are() {
        let task = RuleTask {
            title: Line::parse("Ring virksomheten").unwrap_or_else(|_| unreachable!()),
            role: ContactRole::Nav,
            due: DueIn::WorkingDays(Number::try_from(5).unwrap_or_else(|_| unreachable!())),
        };
        let fields = BTreeSet::from([NeededField::Plan, NeededField::Goal]);
        let rules = Rules { reason: true, fields, tasks: vec![task], ..Rules::default() };
        let json = serde_json::to_string(&rules).unwrap_or_default();
        let expected = r#"{"reason":true,"fields":["goal","plan"],"tasks":[{"title":"Ring virksomheten","for":"nav_contact","due":{"working_days":5}}]}"#;
        assert_eq!(json, expected);
        assert_eq!(serde_json::from_str::<Rules>(&json).ok(), Some(rules));
        assert_eq!(serde_json::to_string(&Rules::default()).unwrap_or_default(), "{}");
        for wrong in [r#"{"reason":1}"#, r#"{"fields":["fnr"]}"#, r#"{"loop":true}"#] {
            assert!(serde_json::from_str::<Rules>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn days_are_counted_from_the_day_of_the_move() {
        let friday = NaiveDate::from_ymd_opt(2026, 12, 18).unwrap_or_default();
        let in_three = |due: fn(Number<365>) -> DueIn| Number::try_from(3).map(|number| due(number).from_day(friday));
        assert_eq!(in_three(DueIn::Days), Ok(NaiveDate::from_ymd_opt(2026, 12, 21).unwrap_or_default()));
        assert_eq!(in_three(DueIn::WorkingDays), Ok(NaiveDate::from_ymd_opt(2026, 12, 23).unwrap_or_default()));
    }

    proptest! {
        #[test]
        fn exactly_the_demanded_fields_that_are_not_in_order_are_missing(demanded in 0u16..512, known in 0u16..512) {
            let (demanded, known) = (Filled::from_bits(demanded), Filled::from_bits(known));
            let fields = NeededField::ALL.into_iter().filter(|field| demanded.has(*field)).collect();
            let phase = phase(PhaseKind::Ordinary, Rules { fields, ..Rules::default() });
            let error = phase.admit(&MoveForm::default(), known).err();
            for field in NeededField::ALL {
                let is_told = error.as_ref().is_some_and(|error| error.problem(field.code()).is_some());
                prop_assert_eq!(is_told, demanded.has(field) && !known.has(field), "{:?}", field);
            }
        }
    }
}
