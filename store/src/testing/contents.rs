//! What lies in a test's database, to see whether anything was written.

use std::collections::BTreeMap;

use sea_orm::EntityTrait;

use crate::doors::Permit;
use crate::entity;
use crate::error::StoreError;

/// Every row of every table, apart from the tables that logging in writes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents(BTreeMap<&'static str, Vec<String>>);

impl Contents {
    /// How many rows a table has.
    #[must_use]
    pub fn count(&self, table: &str) -> usize {
        self.0.get(table).map_or(0, Vec::len)
    }

    /// Whether a row of a table has this in it, as Rust writes it for debugging.
    #[must_use]
    pub fn holds(&self, table: &str, text: &str) -> bool {
        self.0.get(table).is_some_and(|rows| rows.iter().any(|row| row.contains(text)))
    }

    /// The tables that are not as they were before.
    #[must_use]
    pub fn tables_changed_since(&self, before: &Self) -> Vec<&'static str> {
        self.0.keys().filter(|table| self.0.get(*table) != before.0.get(*table)).copied().collect()
    }

    pub(super) async fn read(permit: &Permit) -> Result<Self, StoreError> {
        let mut tables = BTreeMap::new();
        // What one table tells must fit what the next one tells, also while somebody writes.
        let snapshot = permit.snapshot().await?;
        macro_rules! read {
            ($($table:ident),+ $(,)?) => {$(
                let rows = entity::$table::Entity::find().all(&snapshot).await?;
                let mut rows: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
                rows.sort_unstable();
                tables.insert(stringify!($table), rows);
            )+};
        }
        read!(
            alert_choices,
            alert_ways,
            alerts,
            answers,
            calendars,
            commands,
            coverage,
            enrolments,
            events,
            followers,
            mail_pause,
            mails,
            moves,
            note_versions,
            notes,
            organisations,
            participants,
            phases,
            reminders,
            task_items,
            task_templates,
            tasks,
            track_partners,
            tracks,
            users,
            views,
        );
        Ok(Self(tables))
    }
}
