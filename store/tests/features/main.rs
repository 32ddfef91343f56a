//! What the store promises, feature by feature, on SQLite and on PostgreSQL.

#[cfg(test)]
mod access;
#[cfg(test)]
mod accounts;
#[cfg(test)]
mod alerts;
#[cfg(test)]
mod board;
#[cfg(test)]
mod calendar;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod find;
#[cfg(test)]
mod interleavings;
#[cfg(test)]
mod live;
#[cfg(test)]
mod many;
#[cfg(test)]
mod many_at_random;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod moves;
#[cfg(test)]
mod neighbours;
#[cfg(test)]
mod notes;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod participants;
#[cfg(test)]
mod phase_rules;
#[cfg(test)]
mod reminders;
#[cfg(test)]
mod retire_track;
#[cfg(test)]
mod routines;
#[cfg(test)]
mod support;
#[cfg(test)]
mod task_templates;
#[cfg(test)]
mod tasks;
#[cfg(test)]
mod telling;
#[cfg(test)]
mod tracks;
#[cfg(test)]
mod undo;
#[cfg(test)]
mod views;
#[cfg(test)]
mod weekly;
