//! The administrator's forms about tracks.

use serde::{Deserialize, Serialize};

use super::{
    AgreedDays, CardLimit, NewPhase, PhaseChange, PhaseField, PhaseName, RulesForm, Shipped, TrackName, TrackTemplate,
};
use crate::board::{Phase, PhaseKind, choice};
use crate::error::{AppError, Problem, Problems};
use crate::id::{PhaseId, TrackId};
use crate::participants::parse_id;
use crate::phases::Rules;

/// A new track.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NewTrackForm {
    /// Its name.
    pub name: String,
    /// The code of a [`Shipped`] template whose phases it gets.
    pub template: String,
}

impl NewTrackForm {
    /// The name and the template.
    pub fn parse(&self) -> Result<(TrackName, Shipped), AppError> {
        let mut problems = Problems::default();
        let name = problems.check("name", TrackName::parse(&self.name));
        let template = problems.check("template", choice(&self.template, Shipped::from_code));
        name.zip(template).ok_or_else(|| problems.into())
    }
}

/// A new track out of a file. The first time it is sent, the administrator is only shown what it would become.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TrackFileForm {
    /// Another name than the one in the file, or empty.
    pub name: String,
    /// What stands in the file.
    pub file: String,
    /// The [`TrackTemplate::mark`] of what she was shown; empty before that.
    pub shown: String,
}

impl TrackFileForm {
    /// The track with the name that it gets. What is wrong in the file itself, its page tells.
    pub fn parse(&self) -> Result<TrackTemplate, AppError> {
        let mut problems = Problems::default();
        let name = problems.check("name", TrackName::optional(&self.name));
        let read = if self.file.trim().is_empty() {
            Err(Problem::Required)
        } else {
            TrackTemplate::from_toml(&self.file).map_err(|faults| Problem::Faulty { count: faults.len() })
        };
        let template = problems.check("file", read);
        let (Some(name), Some(template)) = (name, template) else { return Err(problems.into()) };
        Ok(TrackTemplate { name: name.unwrap_or(template.name), ..template })
    }

    /// Refuses what she has not been shown.
    pub fn check_shown(&self, template: &TrackTemplate) -> Result<(), AppError> {
        let is_shown = self.shown == template.mark();
        if is_shown { Ok(()) } else { Err(AppError::field("shown", Problem::NotConfirmed)) }
    }
}

/// Another name for a track.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RenameTrackForm {
    /// The track's part of the address.
    pub track: String,
    /// The version that the administrator saw.
    pub version: i32,
    /// The name.
    #[serde(default)]
    pub name: String,
}

impl RenameTrackForm {
    /// The name.
    pub fn parse(&self) -> Result<TrackName, AppError> {
        TrackName::parse(&self.name).map_err(|problem| AppError::field("name", problem))
    }
}

/// A track as the administrator saw it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SeenTrackForm {
    /// The track's part of the address.
    pub track: String,
    /// The version that she saw.
    pub version: i32,
}

/// Where a track shall stand among the others.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlaceTrackForm {
    /// Which.
    pub track: TrackId,
    /// Before which other one; nothing at the end.
    #[serde(default)]
    pub before: Option<TrackId>,
}

/// A new phase.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddPhaseForm {
    /// The track's part of the address.
    pub track: String,
    /// The version that the administrator saw.
    pub version: i32,
    /// The phase's name.
    #[serde(default)]
    pub name: String,
    /// The word for a [`PhaseKind`].
    #[serde(default)]
    pub kind: String,
}

impl AddPhaseForm {
    /// The phase.
    pub fn parse(&self) -> Result<NewPhase, AppError> {
        let mut problems = Problems::default();
        let name = problems.check("name", PhaseName::parse(&self.name));
        let kind = problems.check("kind", choice(&self.kind, PhaseKind::from_code));
        let (Some(name), Some(kind)) = (name, kind) else { return Err(problems.into()) };
        Ok(NewPhase::named(name, kind))
    }
}

/// What shall be different about a phase.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangePhaseForm {
    /// Which.
    pub phase: PhaseId,
    /// The track's version that the administrator saw.
    pub version: i32,
    /// The name.
    #[serde(default)]
    pub name: String,
    /// The limit of cards, or empty.
    #[serde(default)]
    pub limit: String,
    /// The agreed number of days, or empty.
    #[serde(default)]
    pub agreed_days: String,
    /// What it demands and does when a card comes in.
    #[serde(flatten)]
    pub rules: RulesForm,
}

/// What a phase shall be from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhaseEdit {
    /// The name.
    pub name: PhaseName,
    /// The limit of cards.
    pub limit: Option<CardLimit>,
    /// The agreed number of days.
    pub agreed_days: Option<AgreedDays>,
    /// What it demands and does when a card comes in.
    pub rules: Rules,
}

impl ChangePhaseForm {
    /// Checks all fields and tells all that is wrong at once.
    pub fn parse(&self) -> Result<PhaseEdit, AppError> {
        let mut problems = Problems::default();
        let name = problems.check("name", PhaseName::parse(&self.name));
        let limit = problems.check("limit", CardLimit::optional(&self.limit));
        let agreed_days = problems.check("agreed_days", AgreedDays::optional(&self.agreed_days));
        let rules = self.rules.check(&mut problems);
        let (Some(name), Some(limit), Some(agreed_days), Some(rules)) = (name, limit, agreed_days, rules) else {
            return Err(problems.into());
        };
        Ok(PhaseEdit { name, limit, agreed_days, rules })
    }
}

impl PhaseEdit {
    /// What is different from how the phase is.
    #[must_use]
    pub fn changes(&self, before: &Phase) -> Vec<PhaseChange> {
        let number = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
        let pairs = [
            (PhaseField::Name, before.name.clone(), self.name.to_string()),
            (PhaseField::Limit, number(before.limit), number(self.limit.map(i32::from))),
            (PhaseField::AgreedDays, number(before.agreed_days), number(self.agreed_days.map(i32::from))),
            (PhaseField::OnEntry, json(&before.rules), json(&self.rules)),
        ];
        let different = pairs.into_iter().filter(|(_, before, after)| before != after);
        different.map(|(field, before, after)| PhaseChange { field, before, after }).collect()
    }
}

/// Rules as a template has them.
fn json(rules: &Rules) -> String {
    if rules.are_none() { String::new() } else { serde_json::to_string(rules).unwrap_or_default() }
}

/// Another place for a phase.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlacePhaseForm {
    /// Which.
    pub phase: PhaseId,
    /// The track's version that the administrator saw.
    pub version: i32,
    /// The phase before which it shall stand; nothing for the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<PhaseId>,
}

/// The end of a phase.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RetirePhaseForm {
    /// Which.
    pub phase: PhaseId,
    /// The track's version that the administrator saw.
    pub version: i32,
    /// The id of the phase to which its cards go.
    #[serde(default)]
    pub to: String,
}

impl RetirePhaseForm {
    /// The phase to which its cards go.
    pub fn parse(&self) -> Result<PhaseId, AppError> {
        let to = if self.to.trim().is_empty() { Err(Problem::Required) } else { parse_id(&self.to) };
        to.map_err(|problem| AppError::field("to", problem))
    }
}
