//! The shape of Samløp's database. Each file makes one group of tables; a file that has been released
//! is never changed, a new one follows it. All of it runs on `SQLite` and on PostgreSQL.
//!
//! Instants are in UTC, dates are calendar days in Oslo, identifiers are UUID version 7.

use sea_orm_migration::prelude::*;

mod m20261121_000001_accounts;
mod m20261121_000002_tracks;
mod m20261121_000003_participants;
mod m20261121_000004_notes_and_tasks;
mod m20261121_000005_events;
mod m20261122_000006_alerts;
mod m20261122_000007_mails_by_participant;
mod m20261122_000008_phase_rules;
mod m20261122_000009_task_routines;
mod m20261122_000010_many_at_once;
mod m20261122_000011_views;
mod m20261122_000013_calendar;
mod m20261122_000014_task_templates;
mod m20261122_000015_weekly_need;
mod m20261123_000016_retired_tracks;

/// Brings a database to the newest shape.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_accounts::Migration),
            Box::new(m20261121_000002_tracks::Migration),
            Box::new(m20261121_000003_participants::Migration),
            Box::new(m20261121_000004_notes_and_tasks::Migration),
            Box::new(m20261121_000005_events::Migration),
            Box::new(m20261122_000006_alerts::Migration),
            Box::new(m20261122_000007_mails_by_participant::Migration),
            Box::new(m20261122_000008_phase_rules::Migration),
            Box::new(m20261122_000009_task_routines::Migration),
            Box::new(m20261122_000010_many_at_once::Migration),
            Box::new(m20261122_000011_views::Migration),
            Box::new(m20261122_000013_calendar::Migration),
            Box::new(m20261122_000014_task_templates::Migration),
            Box::new(m20261122_000015_weekly_need::Migration),
            Box::new(m20261123_000016_retired_tracks::Migration),
        ]
    }
}

/// A foreign key from one column to another table's `id`. Nothing is ever deleted along it.
fn references(from: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(from, column).to(to, "id").to_owned()
}

/// An index with a name made of table and columns.
fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}
