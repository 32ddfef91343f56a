//! What Samløp shows.

pub mod texts;
