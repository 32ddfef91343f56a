//! The rows of the database. They never leave this crate.

pub(crate) mod alert_choices;
pub(crate) mod alert_ways;
pub(crate) mod alerts;
pub(crate) mod answers;
pub(crate) mod calendars;
pub(crate) mod coverage;
pub(crate) mod enrolments;
pub(crate) mod events;
pub(crate) mod followers;
pub(crate) mod login_failures;
pub(crate) mod mail_pause;
pub(crate) mod mails;
pub(crate) mod moves;
pub(crate) mod note_versions;
pub(crate) mod notes;
pub(crate) mod organisations;
pub(crate) mod participants;
pub(crate) mod phases;
pub(crate) mod reminders;
pub(crate) mod secrets;
pub(crate) mod sessions;
pub(crate) mod tasks;
pub(crate) mod track_changes;
pub(crate) mod track_partners;
pub(crate) mod tracks;
pub(crate) mod users;
