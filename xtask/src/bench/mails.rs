//! Alerts in great number: what promising them costs those who move cards meanwhile, and how fast they get out.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::board;
use super::client::Client;
use super::moves::{self, Load};
use super::samlop::Samlop;
use super::table::Sample;

/// How many participants there are. Notes are written about the half whose cards stay where they are; else the
/// alerts of the moves that are timed would be part of what slows them.
pub(super) const PARTICIPANTS: u32 = 2_000;
/// How many colleagues follow each of them besides the one who writes.
pub(super) const FOLLOWERS: usize = 10;
/// So long it takes until all notes are written: ten thousand alerts in a minute are more than a city's offices
/// will ever promise. One writer without a pause would measure only that SQLite has one writer at a time.
pub(super) const BURST: Duration = Duration::from_mins(1);
/// How long the mail server thinks about a mail, as a real one does that looks for viruses and spam.
pub(super) const THINKING: Duration = Duration::from_millis(100);

/// What was measured.
pub(super) struct Burst {
    /// Milliseconds for a note that promises an alert to each follower.
    pub(super) notes: Sample,
    /// How many mails the server got.
    pub(super) mails: usize,
    /// One person's moves while nothing else happens, while alerts are promised, and while mails are delivered.
    pub(super) moves: [Load; 3],
    /// Mails that got out per second while nobody did anything else.
    pub(super) delivered_per_second: f64,
    /// On how many connections a mail was handed over at once, on average, meanwhile.
    pub(super) busy: f64,
}

/// Writes a note about each of the participants, whom ten colleagues follow.
pub(super) fn run(samlop: &Samlop, post: &Post, time: Duration) -> Result<Burst> {
    let columns = board::columns(&mut samlop.log_in()?)?;
    let staying = columns.iter().flat_map(|column| &column.cards).filter(|card| !card.is_moved());
    let participants: Vec<&str> = staying.map(|card| card.participant.as_str()).collect();
    for number in 0..FOLLOWERS {
        let mut follower = samlop.colleague(number)?;
        for participant in &participants {
            expect(follower.post("/api/participants/follow", &[("participant", participant)])?.status)?;
        }
    }
    let quiet = moves::run(samlop, 1, time)?;
    post.wait_until_idle();
    let before = post.arrived();
    let writer = samlop.log_in()?;
    let (notes, during) = thread::scope(|scope| {
        let write = scope.spawn(|| write(writer, &participants));
        let during = moves::run(samlop, 1, BURST)?;
        let Ok(notes) = write.join() else { bail!("The writer stopped.") };
        Ok((notes?, during))
    })?;
    let after = moves::run(samlop, 1, time)?;
    let (arrived, hands, since) = (post.arrived(), post.hands(), Instant::now());
    post.wait_until_idle();
    let seconds = since.elapsed().saturating_sub(IDLE).as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "far fewer mails than 2^52")]
    let rate = |count: usize| count as f64 / seconds;
    Ok(Burst {
        notes,
        mails: post.arrived() - before,
        moves: [quiet, during, after],
        delivered_per_second: rate(post.arrived() - arrived),
        // Each mail is in a hand for as long as the server thinks.
        busy: rate(post.hands() - hands) * THINKING.as_secs_f64(),
    })
}

/// One note after the other, spread over the time of a burst.
fn write(mut writer: Client, participants: &[&str]) -> Result<Sample> {
    let pause = BURST / u32::try_from(participants.len())?;
    let (mut times, mut next) = (Vec::new(), Instant::now());
    for participant in participants {
        let note = [("participant", *participant), ("text", "Møtte opp."), ("visibility", "inn_and_nav")];
        let answer = writer.post("/api/notes/save", &note)?;
        expect(answer.status)?;
        times.push(answer.time.as_secs_f64() * 1e3);
        next += pause;
        thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    Ok(Sample::new(times))
}

fn expect(status: u16) -> Result<()> {
    if status == 200 { Ok(()) } else { bail!("The server answered {status}.") }
}

/// After so long without a mail nothing more comes.
const IDLE: Duration = Duration::from_secs(3);

/// A mail server that takes every mail and counts.
pub(super) struct Post {
    pub(super) address: SocketAddr,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    arrived: AtomicUsize,
    hands: AtomicUsize,
}

impl Post {
    /// Opens at a free port; it is gone with the program.
    pub(super) fn open() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("No port is free.")?;
        let address = listener.local_addr()?;
        let counts = Arc::new(Counts::default());
        let shared = Arc::clone(&counts);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let counts = Arc::clone(&shared);
                // Whoever hangs up has nothing more to say.
                thread::spawn(move || converse(&stream, &counts).ok());
            }
        });
        Ok(Self { address, counts })
    }

    fn arrived(&self) -> usize {
        self.counts.arrived.load(Ordering::Relaxed)
    }

    fn hands(&self) -> usize {
        self.counts.hands.load(Ordering::Relaxed)
    }

    fn wait_until_idle(&self) {
        let (mut known, mut since) = (self.arrived(), Instant::now());
        while since.elapsed() < IDLE {
            thread::sleep(Duration::from_millis(20));
            if self.arrived() != known {
                (known, since) = (self.arrived(), Instant::now());
            }
        }
    }
}

/// One connection (RFC 5321).
fn converse(stream: &TcpStream, counts: &Counts) -> Result<()> {
    stream.set_nodelay(true)?;
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    writer.write_all(b"220 bench ESMTP\r\n")?;
    let (mut line, mut is_content) = (String::new(), false);
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let answer: &[u8] = match (is_content, line.get(..4).unwrap_or_default()) {
            (true, _) if line == ".\r\n" => {
                is_content = false;
                counts.hands.fetch_add(1, Ordering::Relaxed);
                thread::sleep(THINKING);
                counts.arrived.fetch_add(1, Ordering::Relaxed);
                b"250 taken\r\n"
            }
            (true, _) => continue,
            (false, "DATA") => {
                is_content = true;
                b"354 go on\r\n"
            }
            (false, "QUIT") => b"221 goodbye\r\n",
            (false, _) => b"250 fine\r\n",
        };
        writer.write_all(answer)?;
    }
}
