//! Tasks: something to do about a participant, by exactly one person, before a date.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::accounts::Person;
use crate::error::{AppError, Problems};
use crate::id::{ParticipantId, TaskId, UserId};
use crate::participants::parse_id;
use crate::text::{Line, Text};
use crate::time::parse_date_near;

/// The most tasks that "Mine oppgaver" shows.
pub const TASKS_SHOWN: u64 = 500;

/// A task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Which.
    pub id: TaskId,
    /// About whom.
    pub participant: ParticipantId,
    /// That participant's name.
    pub participant_name: String,
    /// That participant's reference.
    pub participant_reference: String,
    /// What to do.
    pub title: String,
    /// More about it, or empty.
    pub description: String,
    /// By whom.
    pub assignee: Person,
    /// Before the end of this day in Oslo.
    pub due: NaiveDate,
    /// How many times it has been changed; a change must name it.
    pub version: i32,
    /// When it was done (UTC), if it is.
    pub done_at: Option<DateTime<Utc>>,
}

/// The task form as typed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TaskForm {
    /// About whom.
    pub participant: ParticipantId,
    /// What to do.
    #[serde(default)]
    pub title: String,
    /// More about it.
    #[serde(default)]
    pub description: String,
    /// The id of the one who shall do it.
    #[serde(default)]
    pub assignee: String,
    /// The date.
    #[serde(default)]
    pub due: String,
}

/// A task that can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    /// About whom.
    pub participant: ParticipantId,
    /// What to do.
    pub title: Line<160>,
    /// More about it.
    pub description: Option<Text<2_000>>,
    /// By whom.
    pub assignee: UserId,
    /// When.
    pub due: NaiveDate,
}

impl TaskForm {
    /// Checks all fields and tells all that is wrong at once.
    pub fn parse(&self, today: NaiveDate) -> Result<NewTask, AppError> {
        let mut problems = Problems::default();
        let title = problems.check("title", Line::parse(&self.title));
        let description = problems.check("description", Text::optional(&self.description));
        let assignee = problems.check(
            "assignee",
            if self.assignee.is_empty() { Err(crate::error::Problem::Required) } else { parse_id(&self.assignee) },
        );
        let due = problems.check("due", parse_date_near(&self.due, today, 5));
        let (Some(title), Some(description), Some(assignee), Some(due)) = (title, description, assignee, due) else {
            return Err(problems.into());
        };
        Ok(NewTask { participant: self.participant, title, description, assignee, due })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Problem;
    use uuid::Uuid;

    #[test]
    fn an_empty_form_names_title_assignee_and_date() {
        let participant = ParticipantId(Uuid::nil());
        let form = TaskForm {
            participant,
            title: String::new(),
            description: String::new(),
            assignee: String::new(),
            due: String::new(),
        };
        let error = form.parse(NaiveDate::default()).err().unwrap_or(AppError::NotFound);
        for field in ["title", "assignee", "due"] {
            assert_eq!(error.problem(field), Some(&Problem::Required), "{field}");
        }
    }
}
