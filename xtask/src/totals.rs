//! How many tests passed, summed over everything that ran.

use std::fmt;
use std::ops::AddAssign;

use anyhow::{Context, Result};
use serde::Deserialize;

/// The number of tests by how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
}

impl Totals {
    /// Reads a line such as `test result: ok. 12 passed; 0 failed; 1 ignored; …`; any other line
    /// gives nothing.
    pub(crate) fn from_line(line: &str) -> Option<Self> {
        let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let mut totals = Self::default();
        for count in counts.split(';') {
            let (number, kind) = count.trim().split_once(' ')?;
            match kind {
                "passed" => totals.passed = number.parse().ok()?,
                "failed" => totals.failed = number.parse().ok()?,
                "ignored" => totals.ignored = number.parse().ok()?,
                _ => {}
            }
        }
        Some(totals)
    }

    /// Reads the report that Playwright writes as JSON.
    pub(crate) fn from_playwright(json: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct Report {
            stats: Stats,
        }
        #[derive(Deserialize)]
        struct Stats {
            expected: u64,
            unexpected: u64,
            flaky: u64,
            skipped: u64,
        }
        let Report { stats } = serde_json::from_str(json).context("Playwright's report has changed its form.")?;
        Ok(Self {
            passed: stats.expected,
            // A test that passes only at the second attempt has found something.
            failed: stats.unexpected + stats.flaky,
            ignored: stats.skipped,
        })
    }
}

impl AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} ignored", self.passed, self.failed, self.ignored)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_line_is_counted() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.02s";
        let expected = Totals { passed: 12, failed: 3, ignored: 1 };
        assert_eq!(Totals::from_line(line), Some(expected));
    }

    #[test]
    fn other_lines_are_not() {
        assert_eq!(Totals::from_line("test board::moves ... ok"), None);
        assert_eq!(Totals::from_line("test result: unclear"), None);
        assert_eq!(Totals::from_line(""), None);
    }

    #[test]
    fn results_add_up() {
        let mut totals = Totals { passed: 1, failed: 0, ignored: 2 };
        totals += Totals { passed: 4, failed: 1, ignored: 0 };
        assert_eq!(totals.to_string(), "5 passed, 1 failed, 2 ignored");
    }

    #[test]
    fn playwrights_report_is_counted() -> Result<()> {
        let json = r#"{"suites":[],"stats":{"expected":7,"unexpected":1,"flaky":1,"skipped":2,"duration":1.5}}"#;
        let expected = Totals { passed: 7, failed: 2, ignored: 2 };
        assert_eq!(Totals::from_playwright(json)?, expected);
        Ok(())
    }
}
