//! Running several parts to the end, whatever happens to each, and telling the result of all.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::progress;

/// What became of the parts so far.
#[derive(Default)]
pub(crate) struct Report {
    parts: Vec<Part>,
}

struct Part {
    name: String,
    passed: bool,
    detail: String,
    time: Duration,
}

/// How one part ended when it could run at all.
pub(crate) struct Outcome {
    /// Nothing is wrong.
    pub(crate) passed: bool,
    /// One line for the summary; may be empty.
    pub(crate) detail: String,
}

impl Report {
    /// Runs a part that succeeds or fails and has no more to say. Returns what it made.
    pub(crate) fn part<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        let mut made = None;
        self.counted(name, || {
            made = Some(work()?);
            Ok(Outcome { passed: true, detail: String::new() })
        });
        made
    }

    /// Runs a part that tells its own outcome.
    pub(crate) fn counted(&mut self, name: &str, work: impl FnOnce() -> Result<Outcome>) {
        println!("\n== {name}");
        let start = Instant::now();
        let outcome = work().unwrap_or_else(|error| {
            progress::complain(&error);
            Outcome { passed: false, detail: String::new() }
        });
        self.parts.push(Part {
            name: name.to_owned(),
            passed: outcome.passed,
            detail: outcome.detail,
            time: start.elapsed(),
        });
    }

    /// Prints the summary; an error if any part failed.
    pub(crate) fn finish(self) -> Result<()> {
        println!();
        for part in &self.parts {
            let word = if part.passed { "ok" } else { "FAILED" };
            let time = progress::duration(part.time);
            let line = format!("{:<28} {word:<7} {time:>12}   {}", part.name, part.detail);
            println!("{}", line.trim_end());
        }
        let failed = self.parts.iter().filter(|part| !part.passed).count();
        if failed > 0 {
            bail!("{failed} of {} parts failed.", self.parts.len());
        }
        Ok(())
    }
}
