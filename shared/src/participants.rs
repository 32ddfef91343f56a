//! A participant's record: the details that Samløp keeps, and no others.
//!
//! There is no field for identity number, home address, health or economy.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::accounts::Person;
use crate::board::{Phase, choice};
use crate::email::EmailAddress;
use crate::error::{AppError, Problem, Problems};
use crate::id::{EnrolmentId, OrganisationId, ParticipantId, UserId};
use crate::tasks::Task;
use crate::text::{Line, PersonName, Phone, Text, parse_phone};
use crate::time::parse_date_near;
use crate::timeline::Entry;

/// The most entries that the timeline shows at once.
pub const TIMELINE_SHOWN: u64 = 200;

/// The public reference of a participant, such as `D-4821`: safe in a mail, tells nothing.
#[must_use]
pub fn reference(number: i32) -> String {
    format!("D-{number:04}")
}

/// The number of a reference as people write it: `D-4821`, `d4821`, `4821`.
#[must_use]
pub fn parse_reference(typed: &str) -> Option<i32> {
    let typed = typed.trim();
    let digits = typed.strip_prefix(['D', 'd']).unwrap_or(typed).trim_start_matches(['-', '–', ' ']);
    let is_number = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

/// The details that a form changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// The name.
    pub name: PersonName,
    /// The language in which the participant is best met, in words or as a code.
    pub language: Option<Line<40>>,
    /// Phone number.
    pub phone: Option<Phone>,
    /// Mail address.
    pub email: Option<EmailAddress>,
    /// What the participant wants to reach.
    pub goal: Option<Text<500>>,
    /// The integration plan.
    pub plan: Plan,
    /// The NAV office that follows the participant, if one does.
    pub nav_office: Option<OrganisationId>,
}

/// Whether there is an integration plan (integreringsloven § 15) and when it is looked at again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Plan {
    /// There is none.
    #[default]
    Missing,
    /// There is one.
    Made {
        /// When it shall be looked at again, if that is agreed.
        review: Option<NaiveDate>,
    },
}

/// Whom a participant waits for, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// For whom.
    pub on: WaitingOn,
    /// Since this instant (UTC).
    pub since: DateTime<Utc>,
}

/// Whom a participant can wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WaitingOn {
    /// NAV.
    Nav,
    /// INN.
    Inn,
    /// The participant has the next step.
    Participant,
}

impl WaitingOn {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Nav, Self::Inn, Self::Participant];

    /// The word for it in forms and in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Nav => "nav",
            Self::Inn => "inn",
            Self::Participant => "participant",
        }
    }

    /// The one for a word written by [`WaitingOn::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|on| on.code() == code)
    }
}

/// Everything on a participant's page.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Who.
    pub id: ParticipantId,
    /// The public reference.
    pub reference: String,
    /// How many times the details have been changed; a change must name it.
    pub version: i32,
    /// The details.
    pub details: Details,
    /// The responsible INN unit's name.
    pub inn_unit: String,
    /// The NAV office's name.
    pub nav_office: Option<String>,
    /// The NAV offices that can be chosen.
    pub nav_offices: Vec<(OrganisationId, String)>,
    /// Whom the participant waits for.
    pub waiting: Option<Waiting>,
    /// The tracks.
    pub enrolments: Vec<Enrolment>,
    /// Tracks that the participant could be put on.
    pub other_tracks: Vec<(crate::id::TrackId, String)>,
    /// Open tasks first, by date, then the latest done ones.
    pub tasks: Vec<Task>,
    /// What happened, newest first, at most [`TIMELINE_SHOWN`].
    pub timeline: Vec<Entry>,
    /// Who gets alerts.
    pub followers: Vec<Person>,
    /// Whether the reader is one of them.
    pub following: bool,
    /// Who at INN can be contact or get a task.
    pub inn_people: Vec<Person>,
    /// Who at NAV can.
    pub nav_people: Vec<Person>,
}

/// One participant in one track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// Which.
    pub id: EnrolmentId,
    /// The track's part of the address.
    pub track_slug: String,
    /// The track's name.
    pub track_name: String,
    /// The phase.
    pub phase: Phase,
    /// Whole days in the phase.
    pub days: i64,
    /// The day on which the track began.
    pub started_on: NaiveDate,
    /// The contact at INN.
    pub inn_contact: Option<Person>,
    /// The contact at NAV.
    pub nav_contact: Option<Person>,
}

/// The details form as typed; also the form for a new participant.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DetailsForm {
    /// The name.
    pub name: String,
    /// Language.
    pub language: String,
    /// Phone.
    pub phone: String,
    /// Mail address.
    pub email: String,
    /// Goal.
    pub goal: String,
    /// `made` or empty.
    pub plan: String,
    /// The date of the plan's next review, or empty.
    pub plan_review: String,
    /// The NAV office's id, or empty.
    pub nav_office: String,
}

impl DetailsForm {
    /// The form filled with what is known.
    #[must_use]
    pub fn filled(details: &Details) -> Self {
        let (plan, plan_review) = match details.plan {
            Plan::Missing => (String::new(), String::new()),
            Plan::Made { review } => ("made".to_owned(), review.map(|date| date.to_string()).unwrap_or_default()),
        };
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        Self {
            name: details.name.to_string(),
            language: text(details.language.as_ref().map(Line::as_str)),
            phone: text(details.phone.as_ref().map(Line::as_str)),
            email: text(details.email.as_ref().map(EmailAddress::as_str)),
            goal: text(details.goal.as_ref().map(Text::as_str)),
            plan,
            plan_review,
            nav_office: details.nav_office.map(|id| id.to_string()).unwrap_or_default(),
        }
    }

    /// Checks all fields and tells all that is wrong at once.
    pub fn parse(&self, today: NaiveDate) -> Result<Details, AppError> {
        let mut problems = Problems::default();
        let details = self.check(today, &mut problems);
        details.ok_or_else(|| problems.into())
    }

    fn check(&self, today: NaiveDate, problems: &mut Problems) -> Option<Details> {
        let name = problems.check("name", PersonName::parse(&self.name));
        let language = problems.check("language", Line::optional(&self.language));
        let phone = problems.check("phone", parse_phone(&self.phone));
        let email = problems.check("email", optional(&self.email, EmailAddress::parse));
        let goal = problems.check("goal", Text::optional(&self.goal));
        let review =
            problems.check("plan_review", optional(&self.plan_review, |typed| parse_date_near(typed, today, 10)));
        let plan = problems.check(
            "plan",
            match self.plan.as_str() {
                "" => Ok(Plan::Missing),
                "made" => Ok(Plan::Made { review: review.flatten() }),
                _ => Err(Problem::UnknownChoice),
            },
        );
        let nav_office = problems.check("nav_office", optional(&self.nav_office, parse_id));
        review?;
        Some(Details {
            name: name?,
            language: language?,
            phone: phone?,
            email: email?,
            goal: goal?,
            plan: plan?,
            nav_office: nav_office?,
        })
    }
}

/// The form for a new participant on a track.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NewParticipantForm {
    /// The details.
    #[serde(flatten)]
    pub details: DetailsForm,
    /// The phase's id; empty for the first one.
    pub phase: String,
    /// The day on which the track began, or empty for today.
    pub started_on: String,
    /// The INN contact's id, or empty.
    pub inn_contact: String,
    /// The NAV contact's id, or empty.
    pub nav_contact: String,
}

/// A participant to be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewParticipant {
    /// The details.
    pub details: Details,
    /// The phase; the track's first one if `None`.
    pub phase: Option<crate::id::PhaseId>,
    /// The day on which the track began.
    pub started_on: NaiveDate,
    /// The contact at INN.
    pub inn_contact: Option<UserId>,
    /// The contact at NAV.
    pub nav_contact: Option<UserId>,
}

impl NewParticipantForm {
    /// Checks all fields and tells all that is wrong at once.
    pub fn parse(&self, today: NaiveDate) -> Result<NewParticipant, AppError> {
        let mut problems = Problems::default();
        let details = self.details.check(today, &mut problems);
        let phase = problems.check("phase", optional(&self.phase, parse_id));
        let started_on =
            problems.check("started_on", optional(&self.started_on, |typed| parse_date_near(typed, today, 15)));
        let inn_contact = problems.check("inn_contact", optional(&self.inn_contact, parse_id));
        let nav_contact = problems.check("nav_contact", optional(&self.nav_contact, parse_id));
        let (Some(details), Some(phase), Some(started_on), Some(inn_contact), Some(nav_contact)) =
            (details, phase, started_on, inn_contact, nav_contact)
        else {
            return Err(problems.into());
        };
        Ok(NewParticipant { details, phase, started_on: started_on.unwrap_or(today), inn_contact, nav_contact })
    }
}

/// Who is responsible for an enrolment, as chosen in a form; an empty field means nobody.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactsForm {
    /// The INN contact's id, or empty.
    pub inn_contact: String,
    /// The NAV contact's id, or empty.
    pub nav_contact: String,
}

impl ContactsForm {
    /// The two contacts, INN first.
    pub fn parse(&self) -> Result<(Option<UserId>, Option<UserId>), AppError> {
        let mut problems = Problems::default();
        let inn = problems.check("inn_contact", optional(&self.inn_contact, parse_id));
        let nav = problems.check("nav_contact", optional(&self.nav_contact, parse_id));
        let (Some(inn), Some(nav)) = (inn, nav) else { return Err(problems.into()) };
        Ok((inn, nav))
    }
}

/// Reads whom the participant waits for; empty means nobody.
pub fn parse_waiting(code: &str) -> Result<Option<WaitingOn>, AppError> {
    optional(code, |code| choice(code, WaitingOn::from_code)).map_err(|problem| AppError::field("waiting", problem))
}

fn optional<T>(typed: &str, parse: impl FnOnce(&str) -> Result<T, Problem>) -> Result<Option<T>, Problem> {
    if typed.trim().is_empty() { Ok(None) } else { parse(typed).map(Some) }
}

/// Reads the id of something chosen from a list.
pub fn parse_id<T: std::str::FromStr>(typed: &str) -> Result<T, Problem> {
    typed.trim().parse().map_err(|_| Problem::UnknownChoice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 21).unwrap_or_default()
    }

    #[test]
    fn a_reference_is_short_and_has_at_least_four_digits() {
        assert_eq!(reference(4821), "D-4821");
        assert_eq!(reference(12345), "D-12345");
    }

    #[test]
    fn a_name_is_enough() {
        let form = NewParticipantForm {
            details: DetailsForm { name: "Lina Prøvestad".into(), ..Default::default() },
            ..Default::default()
        };
        let participant = form.parse(today());
        assert_eq!(participant.map(|p| (p.started_on, p.details.plan)), Ok((today(), Plan::Missing)));
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let form = NewParticipantForm {
            details: DetailsForm {
                email: "ikke en adresse".into(),
                goal: "fnr 13897240054".into(),
                phone: "x".into(),
                ..Default::default()
            },
            started_on: "31.02.2025".into(),
            nav_contact: "meg".into(),
            ..Default::default()
        };
        let error = form.parse(today()).err().unwrap_or(AppError::NotFound);
        let fields = ["name", "email", "goal", "phone", "started_on", "nav_contact"];
        assert!(fields.iter().all(|field| error.problem(field).is_some()), "{error:?}");
    }

    #[test]
    fn a_filled_form_is_read_back_as_it_was() {
        let form = DetailsForm {
            name: "A".into(),
            plan: "made".into(),
            plan_review: "2027-01-31".into(),
            phone: "900 00 001".into(),
            ..Default::default()
        };
        let details = form.parse(today()).unwrap_or_else(|_| unreachable!());
        assert_eq!(DetailsForm::filled(&details).parse(today()), Ok(details));
    }
}
