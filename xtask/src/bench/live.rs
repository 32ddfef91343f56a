//! Boards that are open: how long it takes until each of them has heard of a move.

use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::board;
use super::client::Client;
use super::samlop::{BOARD, Samlop};
use super::table::Sample;
use super::visits;

/// Nobody waits longer for news.
const PATIENCE: Duration = Duration::from_secs(20);

/// Lets one person move a card so many times while so many streams are open. The milliseconds from the request until
/// each stream has the news.
pub(super) fn run(samlop: &Samlop, streams: usize, moves: usize) -> Result<Sample> {
    let mut person = samlop.log_in()?;
    let columns = board::columns(&mut person)?;
    let card = columns.iter().flat_map(|column| &column.cards).find(|card| card.is_moved());
    let card = card.context("There is no card to move.")?;
    let (tell, news) = channel();
    let open = listen_often(samlop, streams, &card.id, &tell)?;
    let mut version = card.version;
    let mut times = Vec::new();
    for turn in 0..moves {
        let to = &columns[(turn + 1) % 2].phase;
        let began = Instant::now();
        let (enrolment, seen) = (card.id.as_str(), version.to_string());
        let answer =
            person.post("/api/board/move-card", &[("enrolment", enrolment), ("version", &seen), ("to", to)])?;
        if answer.status != 200 {
            bail!("The move was answered with status {}.", answer.status);
        }
        version += 1;
        times.extend(heard(&news, streams, version, began)?);
    }
    close(open)?;
    Ok(Sample::new(times))
}

/// The same with a browser at each end, while so many streams are open beside theirs.
pub(super) fn run_in_browsers(samlop: &Samlop, streams: usize, moves: usize) -> Result<Sample> {
    let (tell, _news) = channel();
    let open = listen_often(samlop, streams, "", &tell)?;
    let times = visits::of_two(samlop, moves)?;
    close(open)?;
    Ok(times)
}

/// Opens streams that tell of one card.
fn listen_often(samlop: &Samlop, streams: usize, card: &str, tell: &Sender<(u32, Instant)>) -> Result<Vec<TcpStream>> {
    let mut person = samlop.log_in()?;
    let since = as_of(&mut person)?;
    (0..streams).map(|_| listen(samlop, &person, &since, card, tell.clone())).collect()
}

fn close(streams: Vec<TcpStream>) -> Result<()> {
    for stream in streams {
        stream.shutdown(Shutdown::Both)?;
    }
    Ok(())
}

fn as_of(reader: &mut Client) -> Result<String> {
    let page = String::from_utf8(reader.page(BOARD, "identity")?.body)?;
    let number = page.split_once("data-as-of=\"").and_then(|(_, rest)| rest.split('"').next());
    Ok(number.context("The board's page has changed its form.")?.to_owned())
}

/// When each stream told of the card in this version.
fn heard(news: &Receiver<(u32, Instant)>, streams: usize, version: u32, began: Instant) -> Result<Vec<f64>> {
    let mut times = Vec::new();
    while times.len() < streams {
        let (told, at) = news.recv_timeout(PATIENCE).context("A stream tells nothing.")?;
        if told == version {
            times.push(at.duration_since(began).as_secs_f64() * 1e3);
        }
    }
    Ok(times)
}

/// Opens a stream and tells what it tells of a card: its versions.
fn listen(
    samlop: &Samlop,
    person: &Client,
    since: &str,
    card: &str,
    tell: Sender<(u32, Instant)>,
) -> Result<TcpStream> {
    let track = BOARD.rsplit('/').next().unwrap_or_default();
    let stream = TcpStream::connect(samlop.address)?;
    let request = format!(
        "GET /live/{track}?since={since}&version=1 HTTP/1.1\r\nHost: {}\r\nAccept: text/event-stream\r\nCookie: {}\r\n\r\n",
        samlop.address,
        person.cookie()
    );
    (&stream).write_all(request.as_bytes())?;
    let to_close = stream.try_clone()?;
    let mut lines = BufReader::new(stream).lines();
    // The first event comes at once.
    while let Some(line) = lines.next().transpose()? {
        if line.starts_with("retry:") {
            break;
        }
    }
    // As it stands in JSON; other cards may be told of with it.
    let begin = format!("id=\\\"{card}\\\" data-version=\\\"");
    thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            let version = line.split_once(&begin).and_then(|(_, rest)| rest.split('\\').next());
            let Some(version) = version.and_then(|version| version.parse().ok()) else { continue };
            if tell.send((version, Instant::now())).is_err() {
                return;
            }
        }
    });
    Ok(to_close)
}
