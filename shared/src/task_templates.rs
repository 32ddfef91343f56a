//! Templates of tasks, which an organisation keeps so that nobody writes the same task again and again.

use serde::{Deserialize, Serialize};

use crate::board::ContactRole;
use crate::error::{AppError, Problem, Problems};
use crate::id::{TaskTemplateId, UserId};
use crate::tasks::{ItemText, parse_items};
use crate::text::{Line, Text};
use crate::tracks::Number;

/// The most templates of one organisation.
pub const TEMPLATES_MAX: usize = 50;
/// How many working days ahead a template's date lies; the most is about a year.
pub type DueDays = Number<250>;

/// A template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskTemplate {
    /// Which.
    pub id: TaskTemplateId,
    /// What it is called.
    pub name: String,
    /// What to do.
    pub title: String,
    /// More about it, or empty.
    pub description: String,
    /// The checklist, an item on each line, or empty.
    pub items: String,
    /// In how many working days the task is due.
    pub due_days: u16,
    /// Who gets it.
    pub contact: ContactRole,
    /// How many times it has been changed; a change must name it.
    pub version: i32,
}

/// The templates that can fill in a new task about a participant, and who her contacts are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedTemplates {
    /// By name.
    pub templates: Vec<TaskTemplate>,
    /// The contact at INN, if there is one.
    pub inn_contact: Option<UserId>,
    /// The contact at NAV, if there is one.
    pub nav_contact: Option<UserId>,
}

impl OfferedTemplates {
    /// Who gets a template's task, if the participant has such a contact.
    #[must_use]
    pub fn assignee(&self, template: &TaskTemplate) -> Option<UserId> {
        match template.contact {
            ContactRole::Inn => self.inn_contact,
            ContactRole::Nav => self.nav_contact,
        }
    }
}

/// The form of a template as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskTemplateForm {
    /// What it is called.
    pub name: String,
    /// What to do.
    pub title: String,
    /// More about it.
    pub description: String,
    /// The checklist, an item on each line.
    pub items: String,
    /// In how many working days.
    pub due_days: String,
    /// The code of a [`ContactRole`].
    pub contact: String,
}

/// A template that can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTaskTemplate {
    /// What it is called.
    pub name: Line<80>,
    /// What to do.
    pub title: Line<160>,
    /// More about it.
    pub description: Option<Text<2_000>>,
    /// Step by step; perhaps nothing.
    pub items: Vec<ItemText>,
    /// In how many working days.
    pub due_days: DueDays,
    /// Who gets it.
    pub contact: ContactRole,
}

impl TaskTemplateForm {
    /// Checks all fields and tells all that is wrong at once.
    pub fn parse(&self) -> Result<NewTaskTemplate, AppError> {
        let mut problems = Problems::default();
        let name = problems.check("name", Line::parse(&self.name));
        let title = problems.check("title", Line::parse(&self.title));
        let description = problems.check("description", Text::optional(&self.description));
        let items = problems.check("items", parse_items(&self.items));
        let due_days = problems.check("due_days", DueDays::parse(&self.due_days));
        let contact = problems.check("contact", ContactRole::from_code(&self.contact).ok_or(Problem::UnknownChoice));
        let (Some(name), Some(title), Some(description), Some(items), Some(due_days), Some(contact)) =
            (name, title, description, items, due_days, contact)
        else {
            return Err(problems.into());
        };
        Ok(NewTaskTemplate { name, title, description, items, due_days, contact })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_form_names_all_that_is_missing() {
        let error = TaskTemplateForm::default().parse().err().unwrap_or(AppError::NotFound);
        for field in ["name", "title", "due_days"] {
            assert_eq!(error.problem(field), Some(&Problem::Required), "{field}");
        }
        assert_eq!(error.problem("contact"), Some(&Problem::UnknownChoice));
    }

    #[test]
    fn a_date_lies_one_day_to_a_year_ahead() {
        assert_eq!(DueDays::parse(" 5 ").map(DueDays::get), Ok(5));
        for typed in ["0", "251", "-1", "fem", "2,5"] {
            assert_eq!(DueDays::parse(typed), Err(Problem::NotInRange { max: 250 }), "{typed}");
        }
    }
}
