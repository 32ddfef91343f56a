//! The way to a mailbox: connected, encrypted and logged in.

use std::fmt::Debug;
use std::io::ErrorKind;

use anyhow::{Context, anyhow, bail, ensure};
use async_imap::error::Error;
use async_imap::imap_proto::{Response, Status};
use async_imap::{Authenticator, Client};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::address::{Server, Tls, Way};

const HUNG_UP: &str = "The server hung up.";
/// The most characters of a server's words that are told.
const WORDS_MAX: usize = 500;

/// A connection, encrypted or not.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send + Debug {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + Debug> Stream for T {}

/// A mailbox that is open.
pub(super) type Session = async_imap::Session<Box<dyn Stream>>;

/// Connects and logs in.
pub(super) async fn connect(server: &Server) -> anyhow::Result<Session> {
    let stream =
        TcpStream::connect((server.host.as_str(), server.port)).await.context("The server can't be reached.")?;
    // A command goes out in several small pieces, which would wait for each other.
    stream.set_nodelay(true)?;
    let client = match &server.way {
        Way::Plain => greeted(Box::new(stream)).await?,
        Way::Encrypted(tls) => greeted(encrypted(tls, Box::new(stream)).await?).await?,
        Way::Upgraded(tls) => {
            let mut client = greeted(Box::new(stream)).await?;
            let answer = client.run_command_and_check_ok("STARTTLS", None).await;
            answer.map_err(told).context("The server offers no encryption.")?;
            // What somebody may have slipped in before the encryption is dropped with the client.
            Client::new(encrypted(tls, client.into_inner()).await?)
        }
    };
    log_in(client, server).await.map_err(told).context("The server does not take the user and password in IMAP_URL.")
}

async fn encrypted(tls: &Tls, stream: Box<dyn Stream>) -> anyhow::Result<Box<dyn Stream>> {
    let stream = tls.connector.connect(tls.name.clone(), stream).await.context("The connection can't be encrypted.")?;
    Ok(Box::new(stream))
}

async fn greeted(stream: Box<dyn Stream>) -> anyhow::Result<Client<Box<dyn Stream>>> {
    let mut client = Client::new(stream);
    let greeting = client.read_response().await.map_err(|error| told(Error::Io(error)))?;
    ensure!(greeting.is_some(), "The server hung up before it said anything.");
    Ok(client)
}

async fn log_in(client: Client<Box<dyn Stream>>, server: &Server) -> Result<Session, Error> {
    let session = if server.user.is_ascii() && server.password.is_ascii() {
        client.login(&server.user, &server.password).await
    } else {
        // A plain LOGIN has no letters such as `ø`.
        client.authenticate("PLAIN", Plain(server)).await
    };
    session.map_err(|(error, _)| error)
}

/// User and password in one message (RFC 4616).
struct Plain<'a>(&'a Server);

impl Authenticator for Plain<'_> {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        format!("\0{}\0{}", self.0.user, self.0.password)
    }
}

/// Says a command and hears the answers to it, of which the last one must be that it is done. The crate's own
/// commands take a refusal or a broken connection for the end of the answers.
pub(super) async fn ask(
    session: &mut Session,
    command: &str,
    mut hear: impl FnMut(&Response<'_>),
) -> anyhow::Result<()> {
    let id = session.run_command(command).await.map_err(told)?;
    loop {
        let answer = session.read_response().await.map_err(|error| told(Error::Io(error)))?;
        let Some(answer) = answer else { bail!(HUNG_UP) };
        match answer.parsed() {
            Response::Done { tag, status: Status::Ok, .. } if *tag == id => return Ok(()),
            Response::Done { tag, outcome, .. } if *tag == id => {
                bail!("The server says: {}", kept(outcome.information.as_deref().unwrap_or("no")))
            }
            answer => hear(answer),
        }
    }
}

/// What went wrong, in words that hold nothing of a mail: some errors quote what the server sent.
fn told(error: Error) -> anyhow::Error {
    match error {
        Error::No(words) | Error::Bad(words) => anyhow!("The server says: {}", kept(&words)),
        Error::ConnectionLost => anyhow!(HUNG_UP),
        Error::Io(error) if error.kind() != ErrorKind::Other => anyhow!("The connection broke: {}.", error.kind()),
        _ => anyhow!("The server's answer can't be understood."),
    }
}

/// Words of a server, without what the crate writes around them, made fit to be shown.
fn kept(words: &str) -> String {
    let words = words.split_once("Some(\"").map_or(words, |(_, words)| words.trim_end_matches("\")"));
    words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(WORDS_MAX).collect()
}
