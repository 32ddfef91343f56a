//! What a browser makes of the board.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::samlop::{BOARD, Samlop};
use super::table::Sample;
use crate::{browser, command, npm, workspace};

/// What `e2e/bench/board.mjs` tells about one visit. Times are in milliseconds since the navigation began.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Visit {
    pub(super) first_paint: f64,
    pub(super) all_cards: f64,
    pub(super) awake: f64,
    pub(super) drag_done: f64,
    pub(super) bytes_before_drag: f64,
    pub(super) cards: f64,
    pub(super) elements: f64,
    pub(super) elements_in_cards: f64,
    pub(super) nodes: f64,
    /// Between the frames of a drag.
    pub(super) frames: Vec<f64>,
    /// The same with the processor slowed four times.
    pub(super) frames_slowed: Vec<f64>,
}

/// All visits, each with an empty cache.
pub(super) struct Visits(Vec<Visit>);

impl Visits {
    /// One figure of each visit.
    pub(super) fn sample(&self, figure: impl Fn(&Visit) -> f64) -> Sample {
        Sample::new(self.0.iter().map(figure).collect())
    }

    /// Several figures of each visit.
    pub(super) fn all(&self, figures: impl Fn(&Visit) -> &Vec<f64>) -> Sample {
        Sample::new(self.0.iter().flat_map(figures).copied().collect())
    }
}

/// Where the trace of two drags lies afterwards, for the browser's own tools.
pub(super) fn trace() -> Result<PathBuf> {
    Ok(workspace::target()?.join("drag-trace.json"))
}

/// Opens the board in Chromium so many times, and drags a card each time.
pub(super) fn make(samlop: &Samlop, runs: u32) -> Result<Visits> {
    let mut script = script(samlop, "bench/board.mjs")?;
    script.env("BENCH_RUNS", runs.to_string()).env("BENCH_TRACE", trace()?);
    let lines = command::capture(&mut script)?;
    let visits = lines.lines().map(|line| serde_json::from_str(line).context("The browser told something unexpected."));
    Ok(Visits(visits.collect::<Result<_>>()?))
}

/// Opens the board twice, and moves a card so many times on one of the two. The milliseconds from letting it go until
/// it stands in its new place on the other.
pub(super) fn of_two(samlop: &Samlop, moves: usize) -> Result<Sample> {
    let lines = command::capture(script(samlop, "bench/news.mjs")?.env("BENCH_MOVES", moves.to_string()))?;
    let times = lines.lines().map(|line| line.parse().context("The browser told something unexpected."));
    Ok(Sample::new(times.collect::<Result<_>>()?))
}

fn script(samlop: &Samlop, path: &str) -> Result<Command> {
    npm::ensure(npm::TESTS)?;
    let mut script = Command::new("node");
    script
        .arg(path)
        .current_dir(npm::TESTS)
        .env("BENCH_URL", format!("http://{}", samlop.address))
        .env("BENCH_BOARD", BOARD)
        .env("BENCH_COOKIE", samlop.log_in()?.cookie())
        .env("CHROMIUM_PATH", browser::ensure()?);
    Ok(script)
}
