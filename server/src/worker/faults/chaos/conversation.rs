//! One connection to the mail server.

use mail_parser::MessageParser;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::super::plan::{Mood, Stage};
use super::{Chaos, Fate};

/// How the server puts off whatever it is.
const LATER: &str = "451 4.3.0 try later";

pub(super) struct Conversation<'a> {
    chaos: &'a Chaos,
    life: usize,
    stream: BufReader<TcpStream>,
    to: String,
    /// The mail of which the client has last been told that it was taken.
    said: Option<usize>,
}

/// However it ends.
impl Drop for Conversation<'_> {
    fn drop(&mut self) {
        if let Some(copy) = self.said {
            self.chaos.settle(copy, Fate::BrokenOff(std::time::Instant::now()));
        }
    }
}

impl<'a> Conversation<'a> {
    pub(super) fn new(chaos: &'a Chaos, life: usize, stream: TcpStream) -> Self {
        Self { chaos, life, stream: BufReader::new(stream), to: String::new(), said: None }
    }

    /// Talks until somebody hangs up.
    pub(super) async fn hold(&mut self) -> Option<()> {
        self.say("220 chaos.example.no ESMTP").await?;
        loop {
            let command = self.line().await?;
            if let Some(copy) = self.said.take() {
                self.chaos.settle(copy, Fate::Heard);
            }
            let stage = stage(&command)?;
            if stage == Stage::Recipient {
                self.to = command.trim_start_matches("RCPT TO:<").trim_end_matches('>').to_owned();
            }
            let mood = self.chaos.next_mood(stage);
            match mood {
                Mood::Usual => self.say(usual(stage)).await?,
                Mood::Later => self.say(LATER).await?,
                Mood::Never => {
                    let words = self.refusal(stage);
                    self.say(&words).await?;
                }
                Mood::Silence | Mood::TakeInSilence => return self.wait_for_end().await,
                Mood::HangUp | Mood::TakeAndHangUp => return None,
            }
            match stage {
                Stage::Data if mood == Mood::Usual => self.content().await?,
                Stage::Goodbye => return None,
                _ => {}
            }
        }
    }

    /// Hears the content, and says whether it is taken.
    async fn content(&mut self) -> Option<()> {
        let breaks_off = self.chaos.next_mood(Stage::Inside) != Mood::Usual;
        let mut source = String::new();
        loop {
            let line = self.line().await?;
            if line == "." {
                break;
            }
            source += line.strip_prefix('.').unwrap_or(&line);
            source += "\r\n";
            if breaks_off {
                return None;
            }
        }
        let mail = MessageParser::default().parse(&source).unwrap();
        let message_id = mail.message_id().unwrap();
        let take = |fate| self.chaos.take(self.life, &self.to, message_id, fate);
        match self.chaos.next_mood(Stage::End) {
            Mood::Usual => {
                self.said = Some(take(Fate::Said));
                self.say("250 2.0.0 queued").await
            }
            Mood::Later => self.say(LATER).await,
            Mood::Never => {
                let words = self.chaos.refuse(&self.to, Some(message_id));
                self.say(&words).await
            }
            Mood::Silence => self.wait_for_end().await,
            Mood::HangUp => None,
            Mood::TakeInSilence => {
                take(Fate::Unsaid);
                self.wait_for_end().await
            }
            Mood::TakeAndHangUp => {
                take(Fate::Unsaid);
                self.stream.write_all(b"250 2.0").await.ok()?;
                None
            }
        }
    }

    /// How the server says no. What it says before there is a recipient is about nobody's mail.
    fn refusal(&self, stage: Stage) -> String {
        match stage {
            Stage::Recipient | Stage::Data => self.chaos.refuse(&self.to, None),
            Stage::Login => "535 5.7.8 wrong password".to_owned(),
            Stage::Sender => "553 5.7.1 not your address".to_owned(),
            _ => "554 5.7.1 not from you".to_owned(),
        }
    }

    /// Says nothing more until the other side has had enough.
    async fn wait_for_end(&mut self) -> Option<()> {
        while self.line().await.is_some() {}
        None
    }

    async fn say(&mut self, words: &str) -> Option<()> {
        self.stream.write_all(format!("{words}\r\n").as_bytes()).await.ok()
    }

    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        self.stream.read_line(&mut line).await.ok()?;
        // What ends without an end of line was cut off.
        line.ends_with('\n').then(|| line.trim_end_matches(['\r', '\n']).to_owned())
    }
}

fn stage(command: &str) -> Option<Stage> {
    let verb = command.get(..4)?;
    Some(match verb {
        "EHLO" => Stage::Hello,
        "AUTH" => Stage::Login,
        "MAIL" => Stage::Sender,
        "RCPT" => Stage::Recipient,
        "DATA" => Stage::Data,
        "RSET" => Stage::Reset,
        "QUIT" => Stage::Goodbye,
        _ => return None,
    })
}

fn usual(stage: Stage) -> &'static str {
    match stage {
        Stage::Hello => "250-chaos.example.no\r\n250 AUTH PLAIN",
        Stage::Login => "235 2.7.0 welcome",
        Stage::Data => "354 go on",
        Stage::Goodbye => "221 2.0.0 goodbye",
        _ => "250 2.0.0 fine",
    }
}
