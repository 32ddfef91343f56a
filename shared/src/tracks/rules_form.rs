//! The part of a phase's form that says what it demands and does when a card comes in.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Number;
use crate::board::{ContactRole, choice};
use crate::error::{Problem, Problems};
use crate::phases::{DueIn, NeededField, RULE_TASKS_MAX, RuleTask, Rules};
use crate::text::Line;

/// The rules as boxes and lines. A box that is not ticked is empty, and so is a task without a title.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RulesForm {
    /// Anything, if a reason is demanded.
    pub needs_reason: String,
    /// Anything, if an outcome is demanded.
    pub needs_outcome: String,
    /// Anything, if [`NeededField::Language`] is demanded.
    pub needs_language: String,
    /// Anything, if [`NeededField::Phone`] is demanded.
    pub needs_phone: String,
    /// Anything, if [`NeededField::Email`] is demanded.
    pub needs_email: String,
    /// Anything, if [`NeededField::Goal`] is demanded.
    pub needs_goal: String,
    /// Anything, if [`NeededField::Plan`] is demanded.
    pub needs_plan: String,
    /// Anything, if [`NeededField::NavOffice`] is demanded.
    pub needs_nav_office: String,
    /// Anything, if [`NeededField::InnContact`] is demanded.
    pub needs_inn_contact: String,
    /// Anything, if [`NeededField::NavContact`] is demanded.
    pub needs_nav_contact: String,
    /// Anything, if [`NeededField::Waiting`] is demanded.
    pub needs_waiting: String,
    /// What to do.
    pub task1_title: String,
    /// The word for a [`ContactRole`].
    pub task1_for: String,
    /// How many days until it is due.
    pub task1_days: String,
    /// `working_days` or `days`.
    pub task1_unit: String,
    /// What to do.
    pub task2_title: String,
    /// The word for a [`ContactRole`].
    pub task2_for: String,
    /// How many days until it is due.
    pub task2_days: String,
    /// `working_days` or `days`.
    pub task2_unit: String,
    /// What to do.
    pub task3_title: String,
    /// The word for a [`ContactRole`].
    pub task3_for: String,
    /// How many days until it is due.
    pub task3_days: String,
    /// `working_days` or `days`.
    pub task3_unit: String,
}

/// One task of the form, with the names of its fields.
#[derive(Debug, Clone)]
pub struct RuleTaskForm<'a> {
    /// The name and the value of the title.
    pub title: (&'static str, &'a str),
    /// Of the role.
    pub role: (&'static str, &'a str),
    /// Of the number of days.
    pub days: (&'static str, &'a str),
    /// Of what is counted.
    pub unit: (&'static str, &'a str),
}

impl RulesForm {
    /// What is ticked among the fields that can be demanded, with the name of each box.
    #[must_use]
    pub fn needs(&self) -> [(NeededField, &'static str, &str); 9] {
        [
            (NeededField::Language, "needs_language", &self.needs_language),
            (NeededField::Phone, "needs_phone", &self.needs_phone),
            (NeededField::Email, "needs_email", &self.needs_email),
            (NeededField::Goal, "needs_goal", &self.needs_goal),
            (NeededField::Plan, "needs_plan", &self.needs_plan),
            (NeededField::NavOffice, "needs_nav_office", &self.needs_nav_office),
            (NeededField::InnContact, "needs_inn_contact", &self.needs_inn_contact),
            (NeededField::NavContact, "needs_nav_contact", &self.needs_nav_contact),
            (NeededField::Waiting, "needs_waiting", &self.needs_waiting),
        ]
    }

    /// The tasks.
    #[must_use]
    pub fn tasks(&self) -> [RuleTaskForm<'_>; RULE_TASKS_MAX] {
        [
            RuleTaskForm {
                title: ("task1_title", &self.task1_title),
                role: ("task1_for", &self.task1_for),
                days: ("task1_days", &self.task1_days),
                unit: ("task1_unit", &self.task1_unit),
            },
            RuleTaskForm {
                title: ("task2_title", &self.task2_title),
                role: ("task2_for", &self.task2_for),
                days: ("task2_days", &self.task2_days),
                unit: ("task2_unit", &self.task2_unit),
            },
            RuleTaskForm {
                title: ("task3_title", &self.task3_title),
                role: ("task3_for", &self.task3_for),
                days: ("task3_days", &self.task3_days),
                unit: ("task3_unit", &self.task3_unit),
            },
        ]
    }

    /// The form for rules that exist.
    #[must_use]
    pub fn filled(rules: &Rules) -> Self {
        let tick = |is_set: bool| if is_set { "yes".to_owned() } else { String::new() };
        let needs = |field: NeededField| tick(rules.fields.contains(&field));
        let mut tasks = rules.tasks.iter().map(|task| {
            let (days, unit) = match task.due {
                DueIn::Days(days) => (days.get(), "days"),
                DueIn::WorkingDays(days) => (days.get(), "working_days"),
            };
            (task.title.to_string(), task.role.code().to_owned(), days.to_string(), unit.to_owned())
        });
        let (task1_title, task1_for, task1_days, task1_unit) = tasks.next().unwrap_or_default();
        let (task2_title, task2_for, task2_days, task2_unit) = tasks.next().unwrap_or_default();
        let (task3_title, task3_for, task3_days, task3_unit) = tasks.next().unwrap_or_default();
        Self {
            needs_reason: tick(rules.reason),
            needs_outcome: tick(rules.outcome),
            needs_language: needs(NeededField::Language),
            needs_phone: needs(NeededField::Phone),
            needs_email: needs(NeededField::Email),
            needs_goal: needs(NeededField::Goal),
            needs_plan: needs(NeededField::Plan),
            needs_nav_office: needs(NeededField::NavOffice),
            needs_inn_contact: needs(NeededField::InnContact),
            needs_nav_contact: needs(NeededField::NavContact),
            needs_waiting: needs(NeededField::Waiting),
            task1_title,
            task1_for,
            task1_days,
            task1_unit,
            task2_title,
            task2_for,
            task2_days,
            task2_unit,
            task3_title,
            task3_for,
            task3_days,
            task3_unit,
        }
    }

    /// The rules, or `None` with all problems remembered.
    pub(super) fn check(&self, problems: &mut Problems) -> Option<Rules> {
        let fields: BTreeSet<NeededField> =
            self.needs().into_iter().filter(|(_, _, ticked)| !ticked.is_empty()).map(|(field, ..)| field).collect();
        let mut tasks = Vec::new();
        let mut is_right = true;
        for form in self.tasks() {
            let title = problems.check(form.title.0, Line::optional(form.title.1));
            // Without a title there is no task.
            let Some(Some(title)) = title else {
                is_right &= title.is_some();
                continue;
            };
            let task = form.check(title, problems);
            is_right &= task.is_some();
            tasks.extend(task);
        }
        let rules =
            Rules { reason: !self.needs_reason.is_empty(), outcome: !self.needs_outcome.is_empty(), fields, tasks };
        is_right.then_some(rules)
    }
}

impl RuleTaskForm<'_> {
    /// The task, or `None` with the problems remembered.
    fn check(&self, title: Line<160>, problems: &mut Problems) -> Option<RuleTask> {
        let role = problems.check(self.role.0, choice(self.role.1, ContactRole::from_code));
        let days = problems.check(self.days.0, Number::parse(self.days.1));
        let unit = problems.check(
            self.unit.0,
            match self.unit.1 {
                "working_days" => Ok(DueIn::WorkingDays as fn(Number<365>) -> DueIn),
                "days" => Ok(DueIn::Days as fn(Number<365>) -> DueIn),
                "" => Err(Problem::Required),
                _ => Err(Problem::UnknownChoice),
            },
        );
        Some(RuleTask { title, role: role?, due: unit?(days?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filled_rules_are_read_back_as_they_were() {
        let json = r#"{"reason":true,"fields":["plan","waiting"],"tasks":[
            {"title":"Ring","for":"inn_contact","due":{"days":7}},
            {"title":"Skriv","for":"nav_contact","due":{"working_days":2}}]}"#;
        let rules: Rules = serde_json::from_str(json).unwrap_or_default();
        assert_eq!(rules.tasks.len(), 2);
        assert_eq!(RulesForm::filled(&rules).check(&mut Problems::default()), Some(rules));
    }

    #[test]
    fn a_task_without_a_title_is_none_and_one_with_a_title_must_be_whole() {
        let form = RulesForm { task2_days: "7".into(), ..RulesForm::default() };
        assert_eq!(form.check(&mut Problems::default()), Some(Rules::default()));
        let form = RulesForm { task2_title: "Ring".into(), ..RulesForm::default() };
        let mut problems = Problems::default();
        assert_eq!(form.check(&mut problems), None);
        let error = crate::error::AppError::from(problems);
        for field in ["task2_for", "task2_days", "task2_unit"] {
            assert_eq!(error.problem(field), Some(&Problem::Required), "{field}");
        }
    }
}
