//! Alerts in great number: what promising them costs those who move cards meanwhile, and how fast they get out.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::client::Client;
use super::moves::{self, Load};
use super::samlop::{BOARD, Samlop};

/// How many colleagues follow each participant besides the one who writes.
const FOLLOWERS: usize = 10;
/// How long the mail server thinks about a mail, as a real one does that looks for viruses and spam.
pub(super) const THINKING: Duration = Duration::from_millis(100);

/// What was measured.
pub(super) struct Burst {
    /// How many alerts were promised.
    pub(super) alerts: usize,
    /// In how many seconds.
    pub(super) promised_in: f64,
    /// One person's moves while nothing else happens, while alerts are promised, and while mails are delivered.
    pub(super) moves: [Load; 3],
    /// Mails that got out per second after the promising.
    pub(super) delivered_per_second: f64,
    /// On how many connections a mail was handed over at once, on average while there were any.
    pub(super) busy: f64,
}

/// Writes a note about every participant of a board, each of whom ten colleagues follow.
pub(super) fn run(samlop: &Samlop, post: &Post, time: Duration) -> Result<Burst> {
    let participants = participants(&mut samlop.log_in()?)?;
    for number in 0..FOLLOWERS {
        let mut follower = samlop.colleague(number)?;
        for participant in &participants {
            expect(follower.post("/api/participants/follow", &[("participant", participant)])?.status)?;
        }
    }
    let quiet = moves::run(samlop, 1, time)?;
    post.wait_until_idle();
    let before = post.arrived();
    let mut writer = samlop.log_in()?;
    let began = Instant::now();
    let (during, promised_in) = thread::scope(|scope| {
        let write = scope.spawn(move || -> Result<f64> {
            for participant in &participants {
                let note =
                    [("participant", participant.as_str()), ("text", "Møtte opp."), ("visibility", "inn_and_nav")];
                expect(writer.post("/api/notes/save", &note)?.status)?;
            }
            Ok(began.elapsed().as_secs_f64())
        });
        let during = moves::run(samlop, 1, time)?;
        let Ok(promised_in) = write.join() else { bail!("The writer stopped.") };
        Ok((during, promised_in?))
    })?;
    let (arrived, since, hands) = (post.arrived(), Instant::now(), post.hands());
    let after = moves::run(samlop, 1, time)?;
    post.wait_until_idle();
    let seconds = since.elapsed().saturating_sub(IDLE).as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "far fewer mails than 2^52")]
    let rate = |count: usize| count as f64 / seconds;
    Ok(Burst {
        alerts: post.arrived() - before,
        promised_in,
        moves: [quiet, during, after],
        delivered_per_second: rate(post.arrived() - arrived),
        // Each mail is in a hand for as long as the server thinks.
        busy: rate(post.hands() - hands) * THINKING.as_secs_f64(),
    })
}

fn participants(client: &mut Client) -> Result<BTreeSet<String>> {
    let page = String::from_utf8(client.page(BOARD, "identity")?.body)?;
    let found = page.split("/participants/").skip(1).filter_map(|rest| rest.get(..36));
    Ok(found.filter(|id| id.matches('-').count() == 4).map(str::to_owned).collect())
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
