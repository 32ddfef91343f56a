//! What Samløp decides: the words of the trade as types, and the rules between them.
//!
//! Pure and small enough for the browser: no input or output, no clock, no chance.
//! The store asks these rules before it writes, and the screen asks the same ones before it offers.

pub mod access;
pub mod accounts;
pub mod alerts;
pub mod answers;
pub mod board;
pub mod calendar;
pub mod email;
pub mod error;
pub mod find;
pub mod id;
pub mod identity_number;
pub mod import;
pub mod live;
pub mod locale;
pub mod many;
pub mod notes;
pub mod outbox;
pub mod participants;
pub mod phases;
pub mod task_templates;
pub mod tasks;
pub mod text;
pub mod time;
pub mod timeline;
pub mod tracks;
pub mod undo;
pub mod views;
pub mod workdays;
