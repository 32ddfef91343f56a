//! `cargo xtask bench`: how fast Samløp is on this machine, each figure beside its aim.
//!
//! The figures of the two boards that people know, Kanboard 1.2.53 and Planka 2.1.1, are medians of the same
//! measurements with 1,000 cards on a machine with 2 cores. Differences under a factor of 2 are noise.

mod board;
mod client;
mod live;
mod machine;
mod mails;
mod moves;
mod samlop;
mod search;
mod table;
mod visits;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;

use self::samlop::{BOARD, Samlop, WHOLE_BOARD};
use self::table::{Aim, Sample, Table, grouped, milliseconds};
use crate::build::{self, Kind};
use crate::progress::{self, step};

/// The board that everything but its own growth is measured on.
const USUAL: u32 = 1_000;
/// So many people move cards at once.
const PEOPLE: [usize; 2] = [8, 64];
/// At 60 frames a second one takes so many milliseconds, with what a clock rounds.
const FRAME: f64 = 16.9;
/// So many have left a track that has been used for years.
const MANY_CLOSED: u32 = 10_000;
/// Among so many participants somebody is looked for, most of whom have ended the track.
const LOOKED_AMONG: u32 = 10_000;
/// So many people have the same board open on a busy day.
const WATCHING: usize = 200;
/// So many moves are watched by boards that are open.
const MOVES_WATCHED: usize = 30;

/// The moments of whose memory other boards have figures too.
const IDLE: &str = "idle";
const MOST_LOADED: &str = "with 1,000 streams";

/// What a person may choose.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// How many times the browser visits the board
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// How many times the page is fetched without a browser
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pages: u32,
    /// How many seconds cards are moved, by one person and by eight
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// Leave out what needs a browser
    #[arg(long)]
    no_browser: bool,
    /// Measure this program, such as one from before a change, instead of building one
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
}

/// Builds the program as people get it, measures it and prints tables.
pub(crate) fn bench(options: &Options) -> Result<()> {
    let (program, library) = match &options.program {
        Some(program) => (program.clone(), None),
        None => build::everything(Kind::Release).map(|(program, library)| (program, Some(library)))?,
    };
    step("Compiling what measures the database alone", machine::build_examples)?;

    let mut tables = vec![sizes(&program, library)?];
    let began = machine::load();
    tables.push(step("Fetching the board", || pages(&program, options))?);
    let samlop = Samlop::start(&program, USUAL, 0)?;
    let mut memory = vec![(IDLE, samlop.memory())];
    let mut reader = samlop.log_in()?;
    for page in [BOARD, WHOLE_BOARD] {
        board::time(&mut reader, page, options.pages)?;
    }
    memory.push(("after 1,000-card pages", samlop.memory()));
    if !options.no_browser {
        tables.push(step("Visiting the board with Chromium", || visits(&samlop, options.runs))?);
    }
    tables.push(step("Moving cards", || moves(&samlop, Duration::from_secs(options.seconds)))?);
    memory.push(("after the moves", samlop.memory()));
    tables.push(step("Telling boards that are open", || live(&samlop, &program, &mut memory, options))?);
    tables.push(step("Looking for participants", || search(&program, options.pages))?);
    tables.push(step("Promising and delivering alerts", || mails(&program, Duration::from_secs(options.seconds)))?);
    tables.push(memory_table(&memory));

    println!("\nSamløp on {}", machine::description());
    if !options.no_browser {
        println!("What the browser did in two drags: {}", visits::trace()?.display());
    }
    println!("Load before {began}, after {}; 0 before means that nothing else disturbed.\n", machine::load());
    for table in tables {
        println!("{table}");
    }
    Ok(())
}

fn pages(program: &Path, options: &Options) -> Result<Table> {
    let mut table = Table::new(
        "Board page: request sent to last byte, one kept connection on loopback, brotli",
        &[
            "cards",
            "p50",
            "p95",
            "n",
            "p50 without brotli",
            "brotli",
            "raw",
            "aim p50",
            "aim brotli",
            "Kanboard",
            "Planka",
        ],
    );
    let sizes = [
        (100, 0, "57 ms", "69 ms"),
        (USUAL, 0, "318 ms", "195 ms"),
        (USUAL, MANY_CLOSED, "", ""),
        (3_000, 0, "829 ms", "400 ms"),
    ];
    for (cards, closed, kanboard, planka) in sizes {
        let samlop = Samlop::start(program, cards, closed)?;
        let mut reader = samlop.log_in()?;
        let mut row = |page: &str, what: &str, aims: [Option<Aim>; 2], peers: [&str; 2]| -> Result<()> {
            let [time_aim, size_aim] = aims;
            let [kanboard, planka] = peers;
            let timing = board::time(&mut reader, page, options.pages)?;
            let time = &timing.compressed;
            table.row(&[
                what,
                &milliseconds(time.p50()),
                &milliseconds(time.p95()),
                &time.len().to_string(),
                &milliseconds(timing.raw.p50()),
                &progress::size(timing.compressed_size),
                &progress::size(timing.raw_size),
                &time_aim.map(|aim| aim.judge(time.p50(), "ms")).unwrap_or_default(),
                &size_aim.map(|aim| aim.judge(kilobytes(timing.compressed_size), "kB")).unwrap_or_default(),
                kanboard,
                planka,
            ]);
            Ok(())
        };
        let mut what = grouped(cards.into());
        if closed > 0 {
            what = format!("{what}, and {} who have left", grouped(closed.into()));
        }
        let aim = |most| (cards == USUAL).then_some(Aim::AtMost(most));
        row(BOARD, &what, [aim(5.0), None], ["", ""])?;
        row(WHOLE_BOARD, "  all of them, a moment later", [None, aim(60.0)], [kanboard, planka])?;
    }
    Ok(table)
}

fn visits(samlop: &Samlop, runs: u32) -> Result<Table> {
    let visits = visits::make(samlop, runs)?;
    let mut table = Table::new(
        "Board of 1,000 cards in headless Chromium: milliseconds since the navigation began, empty cache",
        &["", "p50", "p95", "n", "aim p50", "Kanboard", "Planka"],
    );
    let mut row = |what: &str, sample: &Sample, text: fn(f64) -> String, aim: &str, kanboard: &str, planka: &str| {
        let n = sample.len().to_string();
        table.row(&[what, &text(sample.p50()), &text(sample.p95()), &n, aim, kanboard, planka]);
    };
    row("first contentful paint", &visits.sample(|visit| visit.first_paint), milliseconds, "", "588 ms", "4772 ms");
    row("all cards in the DOM", &visits.sample(|visit| visit.all_cards), milliseconds, "", "2086 ms", "4448 ms");
    let awake = visits.sample(|visit| visit.awake);
    let aim = Aim::AtMost(400.0).judge(awake.p50(), "ms");
    row("library awake, cards can be dragged", &awake, milliseconds, &aim, "", "");
    let drag = visits.sample(|visit| visit.drag_done);
    let aim = Aim::AtMost(800.0).judge(drag.p50(), "ms");
    row("first drag done, answer included", &drag, milliseconds, &aim, "5060 ms", "7162 ms");
    let bytes = visits.sample(|visit| visit.bytes_before_drag / 1e3);
    row("received before the drag", &bytes, |size| format!("{size:.0} kB"), "", "630 kB", "3050 kB");
    let count = |number: f64| format!("{number:.0}");
    row("elements in the DOM", &visits.sample(|visit| visit.elements), count, "", "180000", "11000");
    row("nodes in the DOM, with texts", &visits.sample(|visit| visit.nodes), count, "", "", "");
    let per_card = visits.sample(|visit| visit.elements_in_cards / visit.cards);
    let aim = Aim::AtMost(12.0).judge(per_card.p50(), "");
    row("elements per card", &per_card, |number| format!("{number:.1}"), &aim, "180", "");
    for (what, frames) in [
        ("between two frames of a drag", visits.all(|visit| &visit.frames)),
        ("the same, processor slowed four times", visits.all(|visit| &visit.frames_slowed)),
    ] {
        row(what, &frames, milliseconds, &Aim::AtMost(FRAME).judge(frames.p95(), "ms (p95)"), "", "");
    }
    Ok(table)
}

fn moves(samlop: &Samlop, time: Duration) -> Result<Table> {
    let alone = moves::run(samlop, 1, time)?;
    let [eight, many] = PEOPLE;
    let (eight, many) = (moves::run(samlop, eight, time)?, moves::run(samlop, many, time)?);
    let bare = machine::bare_moves(samlop)?;
    let raw = machine::raw_commits(samlop.folder.path())?;
    let mut table = Table::new(
        "Moves: each person a session and cards of her own, SQLite durable at each commit (WAL, synchronous=FULL)",
        &["", "p50", "p95", "moves", "per second", "refused", "aim", "Kanboard", "Planka"],
    );
    let mut row = |who: &str, load: &moves::Load, aim: &str, kanboard: &str, planka: &str| {
        table.row(&[
            who,
            &milliseconds(load.times.p50()),
            &milliseconds(load.times.p95()),
            &load.times.len().to_string(),
            &format!("{:.0}", load.per_second),
            &load.refused.to_string(),
            aim,
            kanboard,
            planka,
        ]);
    };
    row("one person", &alone, "", "154–276 ms", "35–45 ms");
    let half = |load: &moves::Load| Aim::AtLeast(0.5).judge(load.per_second / bare, "of the bare loop");
    row("eight at once", &eight, &half(&eight), "9–11 /s", "22–36 /s");
    row("64 at once", &many, &half(&many), "", "");
    table.row(&["a bare loop of the same statements, without requests", "", "", "", &format!("{bare:.0}")]);
    table.row(&["SQLite alone, one row per commit", "", "", "", &format!("{raw:.0}")]);
    Ok(table)
}

fn live(samlop: &Samlop, program: &Path, memory: &mut Vec<(&str, Option<u64>)>, options: &Options) -> Result<Table> {
    let mut table = Table::new(
        "Boards that are open: from the request for a move until each stream has the news",
        &["streams", "p50", "p95", "n", "aim p50", "aim p95"],
    );
    let mut row = |what: &str, times: &Sample, is_judged: bool| {
        let aim = |most, time| if is_judged { Aim::AtMost(most).judge(time, "ms") } else { String::new() };
        let (p50, p95, n) = (times.p50(), times.p95(), times.len().to_string());
        table.row(&[what, &milliseconds(p50), &milliseconds(p95), &n, &aim(150.0, p50), &aim(300.0, p95)]);
    };
    let moments = ["after one stream", "with 50 streams", "with 200 streams", MOST_LOADED];
    for (streams, moment) in [1, 50, WATCHING, 1_000].into_iter().zip(moments) {
        let times = live::run(samlop, streams, MOVES_WATCHED)?;
        memory.push((moment, samlop.memory()));
        row(&grouped(streams as u64), &times, streams == WATCHING);
    }
    let used_for_years = Samlop::start(program, USUAL, MANY_CLOSED)?;
    let times = live::run(&used_for_years, WATCHING, MOVES_WATCHED)?;
    memory.push(("with 200 streams of a board that 10,000 have left", used_for_years.memory()));
    row("200, of a board that 10,000 have left", &times, true);
    if !options.no_browser {
        let times = live::run_in_browsers(samlop, WATCHING, MOVES_WATCHED)?;
        row("200, from letting go in one Chromium until another shows it", &times, true);
    }
    Ok(table)
}

fn search(program: &Path, pages: u32) -> Result<Table> {
    let samlop = Samlop::start(program, USUAL, LOOKED_AMONG - USUAL)?;
    let title = format!("Search among {} participants: request sent to last byte", grouped(LOOKED_AMONG.into()));
    let mut table = Table::new(&title, &["", "p50", "p95", "n", "hits", "aim p50"]);
    let mut reader = samlop.log_in()?;
    for search::Question { what, typed } in search::questions(&mut reader)? {
        let (times, hits) = search::ask(&mut reader, &typed, pages)?;
        let (p50, p95, n) = (milliseconds(times.p50()), milliseconds(times.p95()), times.len().to_string());
        table.row(&[what, &p50, &p95, &n, &hits.to_string(), &Aim::AtMost(50.0).judge(times.p50(), "ms")]);
    }
    Ok(table)
}

fn mails(program: &Path, time: Duration) -> Result<Table> {
    let post = mails::Post::open()?;
    let samlop = Samlop::start_with(program, mails::PARTICIPANTS, 0, Some(post.address))?;
    let burst = mails::run(&samlop, &post, time)?;
    let title = format!(
        "Alerts: {} notes in {} s, {} mails, to a mail server that thinks for {} ms about each",
        grouped(burst.notes.len() as u64),
        mails::BURST.as_secs(),
        grouped(burst.mails as u64),
        mails::THINKING.as_millis()
    );
    let mut table = Table::new(&title, &["", "p50", "p95", "n", "of the quiet p50", "aim"]);
    let [quiet, during, after] = &burst.moves;
    let mut row = |when: &str, load: &moves::Load, judged: bool| {
        let ratio = load.times.p50() / quiet.times.p50();
        let (p50, p95) = (milliseconds(load.times.p50()), milliseconds(load.times.p95()));
        let aim = if judged { Aim::AtMost(1.2).judge(ratio, "times") } else { String::new() };
        table.row(&[when, &p50, &p95, &load.times.len().to_string(), &format!("{ratio:.2}"), &aim]);
    };
    row("a move while nothing else happens", quiet, false);
    row("a move while alerts are promised and mails delivered", during, true);
    row("a move while the rest of the mails is delivered", after, true);
    let (p50, p95) = (milliseconds(burst.notes.p50()), milliseconds(burst.notes.p95()));
    let note = format!("a note that tells {} followers", mails::FOLLOWERS);
    table.row(&[&note, &p50, &p95, &burst.notes.len().to_string()]);
    table.row(&["mails delivered per second", &format!("{:.0}", burst.delivered_per_second)]);
    let aim = Aim::AtLeast(8.0).judge(burst.busy, "of 10");
    table.row(&["connections that were busy, on average", &format!("{:.1}", burst.busy), "", "", "", &aim]);
    Ok(table)
}

fn sizes(program: &Path, library: Option<(u64, u64)>) -> Result<Table> {
    let mut table = Table::new("Sizes", &["", "size", "aim"]);
    if let Some((raw, small)) = library {
        table.row(&["WebAssembly, brotli", &progress::size(small), &Aim::AtMost(250.0).judge(kilobytes(small), "kB")]);
        table.row(&["WebAssembly, raw", &progress::size(raw)]);
    }
    table.row(&["the program samlop", &progress::size(fs::metadata(program)?.len())]);
    Ok(table)
}

fn memory_table(moments: &[(&str, Option<u64>)]) -> Table {
    let mut table = Table::new("Memory of the server (resident)", &["", "size", "aim", "Kanboard", "Planka"]);
    for (moment, bytes) in moments {
        let Some(bytes) = *bytes else { continue };
        let aim = Aim::AtMost(if *moment == IDLE { 60.0 } else { 120.0 }).judge(kilobytes(bytes) / 1e3, "MB");
        let (kanboard, planka) = match *moment {
            IDLE => ("89 MB", "220 MB"),
            MOST_LOADED => ("181 MB", "652 MB"),
            _ => ("", ""),
        };
        table.row(&[moment, &progress::size(bytes), &aim, kanboard, planka]);
    }
    table
}

#[expect(clippy::cast_precision_loss, reason = "far fewer bytes than 2^52")]
fn kilobytes(bytes: u64) -> f64 {
    bytes as f64 / 1e3
}
