//! A mail server for tests that answers, refuses, hangs and hangs up as it is told.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use mail_parser::MessageParser;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What it does instead of what a server usually does.
#[derive(Debug, Clone)]
pub(crate) enum Mood {
    /// Answers this.
    Say(&'static str),
    /// Answers as usual, but only after a while.
    Slow(Duration),
    /// Never answers.
    Hang,
    /// Closes the connection without an answer.
    HangUp,
}

/// A mail whose content has come to its end, whatever the server said then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrived {
    pub(crate) to: String,
    pub(crate) source: String,
}

impl Arrived {
    /// Everything that a mail program could show, and the source itself.
    pub(crate) fn everything(&self) -> String {
        let mail = MessageParser::default().parse(&self.source).expect("a mail");
        let (text, page) = (mail.body_text(0).expect("a text"), mail.body_html(0).expect("a page"));
        format!("{} {text} {page} {}", mail.subject().expect("a subject"), self.source)
    }

    pub(crate) fn message_id(&self) -> String {
        let mail = MessageParser::default().parse(&self.source).expect("a mail");
        mail.message_id().expect("a Message-ID").to_owned()
    }
}

/// The server; it stops with the test.
#[derive(Debug, Clone)]
pub(crate) struct TestServer {
    port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// Moods by the beginning of a command; `.` is the end of the content.
    moods: Vec<(String, Mood)>,
    commands: Vec<String>,
    arrived: Vec<Arrived>,
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = Self { port, state: Arc::default() };
        let host = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let host = host.clone();
                tokio::spawn(async move { host.serve(stream).await });
            }
        });
        server
    }

    /// The address for `SMTP_URL`; the server accepts any login.
    pub(crate) fn url(&self) -> String {
        format!("smtp://samlop:hemmelig@127.0.0.1:{}", self.port)
    }

    /// From now on, answers commands that begin like this in this way.
    pub(crate) fn treat(&self, command: &str, mood: Mood) {
        self.state().moods.insert(0, (command.to_owned(), mood));
    }

    /// From now on, treats everything as usual.
    pub(crate) fn relent(&self) {
        self.state().moods.clear();
    }

    /// The mails that have come, the oldest first.
    pub(crate) fn arrived(&self) -> Vec<Arrived> {
        self.state().arrived.clone()
    }

    /// The recipients of these mails, sorted.
    pub(crate) fn recipients(&self) -> Vec<String> {
        let mut recipients: Vec<String> = self.arrived().into_iter().map(|mail| mail.to).collect();
        recipients.sort();
        recipients
    }

    /// How many commands began like this.
    pub(crate) fn count(&self, command: &str) -> usize {
        self.state().commands.iter().filter(|known| known.starts_with(command)).count()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test has panicked here")
    }

    /// One connection, until somebody hangs up.
    async fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 test.example.no ESMTP\r\n").await.ok()?;
        let mut to = String::new();
        loop {
            let command = line(&mut stream).await?;
            let verb = command.get(..4).unwrap_or_default().to_uppercase();
            if verb == "RCPT" {
                to = command.trim_start_matches("RCPT TO:<").trim_end_matches('>').to_owned();
            }
            let is_positive = self.answer(&mut stream, &command, usual(&verb)).await?;
            if verb == "QUIT" {
                return None;
            }
            if verb == "DATA" && is_positive {
                let mut source = String::new();
                loop {
                    let line = line(&mut stream).await?;
                    if line == "." {
                        break;
                    }
                    source += line.strip_prefix('.').unwrap_or(&line);
                    source += "\r\n";
                }
                self.state().arrived.push(Arrived { to: to.clone(), source });
                self.answer(&mut stream, ".", "250 2.0.0 queued as 4711").await?;
            }
        }
    }

    /// Answers, and tells whether it was a positive answer; `None` once the connection is over.
    async fn answer(&self, stream: &mut BufReader<TcpStream>, command: &str, usual: &'static str) -> Option<bool> {
        let mood = {
            let mut state = self.state();
            state.commands.push(command.to_owned());
            state.moods.iter().find(|(beginning, _)| command.starts_with(beginning)).map(|(_, mood)| mood.clone())
        };
        let words = match mood {
            None => usual,
            Some(Mood::Say(words)) => words,
            Some(Mood::Slow(pause)) => {
                tokio::time::sleep(pause).await;
                usual
            }
            Some(Mood::Hang) => {
                // Until the other side has had enough.
                while line(stream).await.is_some() {}
                return None;
            }
            Some(Mood::HangUp) => return None,
        };
        stream.write_all(format!("{words}\r\n").as_bytes()).await.ok()?;
        Some(words.starts_with(['2', '3']))
    }
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let length = stream.read_line(&mut line).await.ok()?;
    (length > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}

fn usual(verb: &str) -> &'static str {
    match verb {
        "EHLO" => "250-test.example.no\r\n250 AUTH PLAIN",
        "AUTH" => "235 2.7.0 welcome",
        "DATA" => "354 go on",
        "QUIT" => "221 2.0.0 goodbye",
        "MAIL" | "RCPT" | "RSET" => "250 2.0.0 fine",
        _ => "502 5.5.1 no such command",
    }
}
