//! Tasks: something to do about a participant, by exactly one person, before a date.

mod checklist;
mod repeat;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::accounts::Person;
use crate::error::{AppError, Problems};
use crate::id::{ParticipantId, TaskId, UserId};
use crate::participants::parse_id;
use crate::text::{Line, Text};
use crate::time::parse_date_near;

pub use checklist::{ITEMS_MAX, Item, ItemText, matched, parse_items, typed_items};
pub use repeat::{Every, Repeat, TIMES_MAX};

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
    /// What to do step by step, in order.
    pub items: Vec<Item>,
    /// How it comes back, if it does.
    pub repeat: Option<Repeat>,
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
    /// The checklist, an item on each line.
    #[serde(default)]
    pub items: String,
    /// The code of an [`Every`], or empty.
    #[serde(default)]
    pub repeat: String,
    /// The last date at which it may come back, or empty.
    #[serde(default)]
    pub repeat_until: String,
    /// How many times there are at most, this one included, or empty.
    #[serde(default)]
    pub repeat_times: String,
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
    /// Step by step; perhaps nothing.
    pub items: Vec<ItemText>,
    /// How it comes back, if it does.
    pub repeat: Option<Repeat>,
}

impl TaskForm {
    /// An empty form.
    #[must_use]
    pub fn about(participant: ParticipantId) -> Self {
        Self {
            participant,
            title: String::new(),
            description: String::new(),
            assignee: String::new(),
            due: String::new(),
            items: String::new(),
            repeat: String::new(),
            repeat_until: String::new(),
            repeat_times: String::new(),
        }
    }

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
        let items = problems.check("items", parse_items(&self.items));
        let repeat = match Repeat::parse(self, due.unwrap_or(today), today) {
            Ok(repeat) => Some(repeat),
            Err((field, problem)) => problems.check(field, Err(problem)),
        };
        let (Some(title), Some(description), Some(assignee), Some(due), Some(items), Some(repeat)) =
            (title, description, assignee, due, items, repeat)
        else {
            return Err(problems.into());
        };
        Ok(NewTask { participant: self.participant, title, description, assignee, due, items, repeat })
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
        let form = TaskForm::about(participant);
        let error = form.parse(NaiveDate::default()).err().unwrap_or(AppError::NotFound);
        for field in ["title", "assignee", "due"] {
            assert_eq!(error.problem(field), Some(&Problem::Required), "{field}");
        }
    }

    #[test]
    fn a_rule_is_counted_from_the_date_and_each_wrong_field_is_named() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap_or_default();
        let form = TaskForm {
            title: "Ring".into(),
            assignee: Uuid::nil().to_string(),
            due: "30.11.2026".into(),
            items: "En\nTo".into(),
            repeat: "weeks-2".into(),
            repeat_until: "31.12.2026".into(),
            repeat_times: " 3 ".into(),
            ..TaskForm::about(ParticipantId(Uuid::nil()))
        };
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default();
        let expected =
            Repeat { every: Every::Weeks(2), from: day(11, 30), steps: 0, until: Some(day(12, 31)), times: Some(3) };
        let new = form.parse(today).ok();
        assert_eq!(new.as_ref().and_then(|new| new.repeat.clone()), Some(expected));
        assert_eq!(new.map(|new| new.items.len()), Some(2));
        for (field, problem, form) in [
            ("repeat", Problem::UnknownChoice, TaskForm { repeat: "days-1".into(), ..form.clone() }),
            ("repeat_until", Problem::BeforeStart, TaskForm { repeat_until: "29.11.2026".into(), ..form.clone() }),
            ("repeat_until", Problem::NotADate, TaskForm { repeat_until: "snart".into(), ..form.clone() }),
            ("repeat_times", Problem::NotInRange { max: 100 }, TaskForm { repeat_times: "0".into(), ..form.clone() }),
            ("repeat_times", Problem::NotInRange { max: 100 }, TaskForm { repeat_times: "101".into(), ..form.clone() }),
            ("items", Problem::TooLong { max: 200 }, TaskForm { items: "x".repeat(201), ..form.clone() }),
        ] {
            let error = form.parse(today).err().unwrap_or(AppError::NotFound);
            assert_eq!(error.problem(field), Some(&problem), "{field}");
        }
        let once = TaskForm { repeat: String::new(), ..form };
        assert_eq!(once.parse(today).ok().map(|new| new.repeat), Some(None));
    }
}
