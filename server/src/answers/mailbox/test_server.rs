//! A mailbox server for tests, with the few commands that are used here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// The server; it stops with the test.
#[derive(Debug, Clone)]
pub(super) struct TestServer {
    port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    /// Mails in the inbox by their number, each with its marks.
    pub(super) inbox: BTreeMap<u32, (String, Vec<u8>)>,
    /// What was moved or copied, with the name of the folder.
    pub(super) done: Vec<(String, Vec<u8>)>,
    pub(super) folders: Vec<String>,
    pub(super) abilities: &'static str,
    /// Beginnings of commands that are refused, and of those at which the server hangs up.
    pub(super) refused: Vec<&'static str>,
    pub(super) hangs_up: Option<&'static str>,
    pub(super) commands: Vec<String>,
}

impl TestServer {
    pub(super) async fn start(mails: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let inbox = (7..).zip(mails.iter().map(|mail| (String::new(), mail.as_bytes().to_vec()))).collect();
        let state = State { inbox, abilities: "MOVE UIDPLUS", ..State::default() };
        let server = Self { port, state: Arc::new(Mutex::new(state)) };
        let host = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let host = host.clone();
                tokio::spawn(async move { host.serve(stream).await });
            }
        });
        server
    }

    pub(super) fn url(&self) -> String {
        format!("imap://samlop:hemmelig@127.0.0.1:{}/INBOX", self.port)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panicked in here")
    }

    async fn serve(&self, stream: TcpStream) -> Option<()> {
        stream.set_nodelay(true).ok()?;
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"* OK ready\r\n").await.ok()?;
        while let Some(line) = lines.next_line().await.ok()? {
            let (tag, command) = line.split_once(' ')?;
            if self.state().hangs_up.is_some_and(|beginning| command.starts_with(beginning)) {
                return None;
            }
            let answer = self.state().answer(tag, command);
            write.write_all(&answer).await.ok()?;
            if command == "LOGOUT" {
                return None;
            }
        }
        Some(())
    }
}

impl State {
    fn answer(&mut self, tag: &str, command: &str) -> Vec<u8> {
        self.commands.push(command.to_owned());
        if self.refused.iter().any(|beginning| command.starts_with(beginning)) {
            return format!("{tag} NO not today\r\n").into_bytes();
        }
        let words: Vec<&str> = command.split(' ').collect();
        let mut answer = Vec::new();
        let mut say = |line: String| answer.extend_from_slice(line.as_bytes());
        match words.as_slice() {
            ["CAPABILITY"] => say(format!("* CAPABILITY IMAP4rev1 {}\r\n", self.abilities)),
            ["SELECT", ..] => say(format!("* {} EXISTS\r\n", self.inbox.len())),
            ["UID", "SEARCH", ..] => {
                let waiting = self.inbox.iter().filter(|(_, (marks, _))| !marks.contains("Deleted"));
                // In no order.
                let uids: Vec<String> = waiting.rev().map(|(uid, _)| format!(" {uid}")).collect();
                say(format!("* SEARCH{}\r\n", uids.concat()));
            }
            ["UID", "FETCH", uids, what @ ..] => {
                for uid in uids.split(',').filter_map(|uid| uid.parse().ok()) {
                    let Some((_, mail)) = self.inbox.get(&uid) else { continue };
                    answer.extend(fetched(uid, mail, &what.join(" ")));
                }
            }
            ["UID", "STORE", uid, "+FLAGS.SILENT", mark] => {
                if let Some((marks, _)) = uid.parse().ok().and_then(|uid: u32| self.inbox.get_mut(&uid)) {
                    marks.push_str(mark);
                }
            }
            ["UID", step @ ("MOVE" | "COPY"), uid, folder] => {
                let uid: u32 = uid.parse().expect("a number");
                let folder = folder.trim_matches('"').to_owned();
                assert!(self.folders.contains(&folder), "{folder} is missing");
                self.done.push((folder, self.inbox[&uid].1.clone()));
                if *step == "MOVE" {
                    self.inbox.remove(&uid);
                    say("* 1 EXPUNGE\r\n".to_owned());
                }
            }
            ["UID", "EXPUNGE", uid] => {
                self.inbox.remove(&uid.parse().expect("a number"));
            }
            ["LIST", _, name] => {
                let name = name.trim_matches('"');
                if name == "INBOX" || self.folders.iter().any(|folder| folder == name) {
                    say(format!("* LIST () \".\" \"{name}\"\r\n"));
                }
            }
            ["CREATE", name] => self.folders.push(name.trim_matches('"').to_owned()),
            ["LOGIN", ..] | ["LOGOUT"] => {}
            _ => return format!("{tag} BAD {command}\r\n").into_bytes(),
        }
        answer.extend(format!("{tag} OK done\r\n").into_bytes());
        answer
    }
}

fn fetched(uid: u32, mail: &[u8], what: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(mail);
    let (section, bytes) = match what {
        what if what.contains("RFC822.SIZE") => {
            return format!("* {uid} FETCH (UID {uid} RFC822.SIZE {})\r\n", mail.len()).into_bytes();
        }
        what if what.contains("BODY.PEEK[HEADER]<0.") => {
            ("BODY[HEADER]<0>", text.split_inclusive("\r\n\r\n").next().unwrap_or_default().as_bytes())
        }
        _ => ("BODY[]<0>", mail),
    };
    let mut answer = format!("* {uid} FETCH (UID {uid} {section} {{{}}}\r\n", bytes.len()).into_bytes();
    answer.extend_from_slice(bytes);
    answer.extend_from_slice(b")\r\n");
    answer
}
