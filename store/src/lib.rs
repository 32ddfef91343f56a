//! What Samløp remembers, and the one place that says who may.
//!
//! Nobody outside reaches the database but through a door: [`Visitor`] (not logged in), [`SignedIn`]
//! (a person) or [`System`] (a worker or a command on the server). Inside, a connection is had only
//! from a permit (see `doors.rs`), and a permit only by naming the action and the thing that it is done to.

mod access;
mod accounts;
mod alerts;
mod answers;
mod board;
mod calendar;
mod clock;
mod doors;
mod entity;
mod error;
mod events;
mod find;
mod import;
mod live;
mod many;
mod moves;
mod neighbours;
mod notes;
mod outbox;
mod participants;
mod people;
mod phases;
mod query;
mod record;
mod reminders;
mod secrets;
mod seed;
mod task_templates;
mod tasks;
#[cfg(feature = "testing")]
pub mod testing;
mod timeline;
mod tracks;
mod undo;
mod views;
mod weekly;

pub use accounts::{Session, SessionToken};
pub use alerts::{AlertHistory, Unsubscribe};
pub use answers::{NewAnswer, Taken};
pub use calendar::CalendarSecret;
pub use clock::Clock;
pub use doors::{SignedIn, Store, System, Visitor};
pub use error::StoreError;
pub use live::{CardNews, News, Watch};
pub use notes::Saved;
pub use outbox::{ClaimedMail, MAIL_LEASE_SECONDS, MailDelivery, MailFigures, MailSearch};
pub use participants::Choices;
pub use seed::Seed;
pub use tracks::NewTrack;
pub use views::{Listed, Options, Overview};
