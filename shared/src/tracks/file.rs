//! A track's set-up as a file, in TOML. `docs/track-template.md` tells what may stand in it.
//!
//! The file is read value by value and not by its types, since those tell of one fault and in English only: whoever has
//! written it shall see all that is wrong at once, with the line, in her language. Only the server reads files.

mod reader;

use std::hash::{DefaultHasher, Hash, Hasher};

use super::{ManagedTrack, NewPhase, TrackName, TrackTemplate};
use crate::error::Problem;
use crate::tracks::{AgreedDays, CardLimit, PhaseName};

/// The most bytes of a file. Written into a form they are three times as many, which a form has room for.
pub const FILE_MAX: usize = 64 * 1024;
/// How many faults of a file are told at most.
pub const FAULTS_SHOWN: usize = 20;

/// What stands first in a file: that it is one, and by which version of the rules.
const VERSION_KEY: &str = "samlop_track_template";
const VERSION: &str = "1";

/// One thing that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// The number of the phase, from 1, if it is in one.
    pub phase: Option<usize>,
    /// The name in the file; empty for the line as a whole.
    pub name: String,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What can be wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// It is not TOML; what the library says, in English.
    NotToml(String),
    /// It follows other rules than these.
    OtherVersion,
    /// Nothing of this name may stand here; what may.
    Unknown(&'static [&'static str]),
    /// It must stand here.
    Missing,
    /// It must be a text in quotation marks.
    NotText,
    /// It must be `true` or `false`.
    NotYesOrNo,
    /// It must be a list.
    NotAList,
    /// It must be a table with names and values.
    NotATable,
    /// It must be one of these words.
    NotOneOf(Vec<&'static str>),
    /// The phase in this line has the same name.
    Doubled(usize),
    /// The value itself.
    Value(Problem),
}

impl TrackTemplate {
    /// The file.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        Ok(format!("{VERSION_KEY} = {VERSION}\n{}", toml::to_string(self)?))
    }

    /// Reads a file, or tells all that is wrong with it, in the order of its lines.
    pub fn from_toml(text: &str) -> Result<Self, Vec<Fault>> {
        reader::read(text)
    }

    /// A word that is another one for other phases, so that nobody makes something else than what she was shown.
    #[must_use]
    pub fn mark(&self) -> String {
        let mut hasher = DefaultHasher::new();
        self.phases.hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }
}

impl ManagedTrack {
    /// What of a track goes into a file: how it is set up, and nothing about people. Fails if a name that was fine once
    /// no longer is.
    pub fn template(&self) -> Result<TrackTemplate, Problem> {
        let phases = self.phases.iter().map(|(phase, _)| {
            Ok(NewPhase {
                name: PhaseName::parse(&phase.name)?,
                kind: phase.kind,
                limit: phase.limit.map(CardLimit::try_from).transpose()?,
                agreed_days: phase.agreed_days.map(AgreedDays::try_from).transpose()?,
                on_entry: phase.rules.clone(),
            })
        });
        Ok(TrackTemplate { name: TrackName::parse(&self.name)?, phases: phases.collect::<Result<_, Problem>>()? })
    }
}

#[cfg(test)]
mod tests;
