//! The mailbox to which answers and returned mails come, fetched by IMAP (RFC 3501).
//!
//! A mail that is done with is moved to the folder `Samlop` beside the inbox. It is not deleted, so that an
//! answer that was misread can be found again; how long it is kept is up to whoever keeps the mailbox. And it
//! is not only marked as read, since a person who looks into the mailbox marks mails too, and would hide an
//! answer from us.

mod address;
mod connection;
#[cfg(test)]
mod real_server;
#[cfg(test)]
mod test_server;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, anyhow};
use async_imap::imap_proto::{AttributeValue, Capability, MailboxDatum, Response};
use tokio::time::timeout;

use self::address::Server;
use self::connection::{Session, ask, connect};
use super::read::{Incoming, MAIL_MAX, read, read_too_large};

/// The most mails that are taken at once.
const MAILS_MAX: usize = 50;
/// The most bytes of headers that are fetched of a mail that is too large.
const HEADERS_MAX: usize = 256 * 1024;
/// The folder for mails that are done with. No letter of its name needs a spelling of its own in IMAP.
const DONE: &str = "Samlop";
/// How long the server may take for each step.
const STEP: Duration = Duration::from_secs(30);
/// How long the server has for saying goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// A mailbox on a server.
#[derive(Debug)]
pub(crate) struct Mailbox {
    server: Server,
    patience: Duration,
}

/// How a mail can be moved on this server.
#[derive(Debug, Clone, Copy)]
struct Abilities {
    /// In one step (RFC 6851).
    moves: bool,
    /// One mail can be expunged without the others that are marked (RFC 4315).
    expunges_one: bool,
}

impl Mailbox {
    /// Reads the address of the mailbox, without connecting: a server may be away for a while. `authorities`
    /// is a file of certificates to trust beside those of the operating system.
    pub(crate) fn new(url: &str, authorities: Option<&Path>) -> anyhow::Result<Self> {
        Ok(Self { server: Server::parse(url, authorities)?, patience: STEP })
    }

    /// Hands over each mail that is not done with, the oldest first and a limited number at once, and moves
    /// those away for which `handle` says that they are done with. Returns how many these are.
    ///
    /// A mail comes again if the program or the connection ends between its handling and its move; whoever
    /// handles it must know it by its Message-ID.
    pub(crate) async fn fetch(&self, mut handle: impl AsyncFnMut(Incoming) -> bool) -> anyhow::Result<usize> {
        let mut session = self.in_time(connect(&self.server)).await.context("The mailbox can't be opened.")?;
        let done = self.hand_over(&mut session, &mut handle).await;
        // Whether or not the server answers, the connection is closed.
        let _ = timeout(GOODBYE, session.logout()).await;
        done
    }

    async fn hand_over(
        &self,
        session: &mut Session,
        handle: &mut impl AsyncFnMut(Incoming) -> bool,
    ) -> anyhow::Result<usize> {
        let mails = self.in_time(waiting(session, &self.server.folder)).await.context("The mailbox can't be read.")?;
        if mails.is_empty() {
            return Ok(0);
        }
        // Before anything is handled: where a mail can't be moved, it would be handled again and again.
        let (abilities, folder) = self
            .in_time(async { Ok((abilities(session).await?, done_folder(session).await?)) })
            .await
            .context("The mailbox has no folder for mails that are done with.")?;
        let mut count = 0;
        for (uid, size) in mails {
            let incoming = self.in_time(incoming(session, uid, size)).await.context("A mail can't be fetched.")?;
            let Some(incoming) = incoming else { continue };
            if handle(incoming).await {
                let moving = put_away(session, uid, &folder, abilities);
                self.in_time(moving).await.context("A mail that is done with can't be moved.")?;
                count += 1;
            }
        }
        Ok(count)
    }

    async fn in_time<T>(&self, step: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
        match timeout(self.patience, step).await {
            Ok(result) => result,
            Err(_) => Err(anyhow!("The server did not answer within {} seconds.", self.patience.as_secs())),
        }
    }
}

/// The mails that are not done with and the size of each, the oldest first.
async fn waiting(session: &mut Session, folder: &str) -> anyhow::Result<Vec<(u32, usize)>> {
    ask(session, &format!("SELECT \"{folder}\""), |_| {}).await?;
    let mut uids: Vec<u32> = Vec::new();
    ask(session, "UID SEARCH UNDELETED", |answer| {
        if let Response::MailboxData(MailboxDatum::Search(found)) = answer {
            uids.extend(found);
        }
    })
    .await?;
    uids.sort_unstable();
    uids.truncate(MAILS_MAX);
    let mut mails = Vec::new();
    if !uids.is_empty() {
        let set = uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        ask(session, &format!("UID FETCH {set} (UID RFC822.SIZE)"), |answer| mails.extend(size(answer))).await?;
        // Servers may slip in answers about other mails.
        mails.retain(|(uid, _)| uids.contains(uid));
        mails.sort_unstable();
        mails.dedup_by_key(|(uid, _)| *uid);
    }
    Ok(mails)
}

fn size(answer: &Response<'_>) -> Option<(u32, usize)> {
    let Response::Fetch(_, values) = answer else { return None };
    let uid = values.iter().find_map(|value| if let AttributeValue::Uid(uid) = value { Some(*uid) } else { None })?;
    let size = values
        .iter()
        .find_map(|value| if let AttributeValue::Rfc822Size(size) = value { Some(*size) } else { None })?;
    Some((uid, usize::try_from(size).ok()?))
}

/// Reads a mail; `None` if it is gone meanwhile. A server that only guesses at sizes does no harm, since no
/// more than a byte too much is asked for.
async fn incoming(session: &mut Session, uid: u32, size: usize) -> anyhow::Result<Option<Incoming>> {
    let is_too_large = size > MAIL_MAX;
    let part = if is_too_large { format!("HEADER]<0.{HEADERS_MAX}>") } else { format!("]<0.{}>", MAIL_MAX + 1) };
    let mut source = None;
    ask(session, &format!("UID FETCH {uid} (UID BODY.PEEK[{part})"), |answer| {
        if let Some(bytes) = content(answer, uid) {
            source = Some(bytes);
        }
    })
    .await?;
    Ok(source.map(|source| if is_too_large { read_too_large(&source) } else { read(&source) }))
}

fn content(answer: &Response<'_>, wanted: u32) -> Option<Vec<u8>> {
    let Response::Fetch(_, values) = answer else { return None };
    let is_wanted = values.iter().any(|value| matches!(value, AttributeValue::Uid(uid) if *uid == wanted));
    let bytes = values.iter().find_map(|value| match value {
        AttributeValue::BodySection { data, .. } => Some(data.as_deref().unwrap_or_default().to_vec()),
        _ => None,
    });
    bytes.filter(|_| is_wanted)
}

async fn abilities(session: &mut Session) -> anyhow::Result<Abilities> {
    let mut abilities = Abilities { moves: false, expunges_one: false };
    ask(session, "CAPABILITY", |answer| {
        if let Response::Capabilities(known) = answer {
            let has = |name: &str| {
                known.iter().any(|one| matches!(one, Capability::Atom(one) if one.eq_ignore_ascii_case(name)))
            };
            abilities = Abilities { moves: has("MOVE"), expunges_one: has("UIDPLUS") };
        }
    })
    .await?;
    Ok(abilities)
}

/// The name of the folder for mails that are done with, which is made if it is missing. Some servers want
/// all folders inside the inbox.
async fn done_folder(session: &mut Session) -> anyhow::Result<String> {
    let inbox = listed(session, "INBOX").await?;
    let inside = inbox.map(|delimiter| format!("INBOX{delimiter}{DONE}"));
    let names: Vec<String> = std::iter::once(DONE.to_owned()).chain(inside).collect();
    for name in &names {
        if listed(session, name).await?.is_some() {
            return Ok(name.clone());
        }
    }
    let mut trouble = None;
    for name in names {
        match ask(session, &format!("CREATE \"{name}\""), |_| {}).await {
            Ok(()) => return Ok(name),
            Err(error) => trouble = Some(error),
        }
    }
    Err(trouble.unwrap_or_else(|| anyhow!("It could not be made.")))
}

/// Whether a folder is there, and what stands between its name and those of folders inside it.
async fn listed(session: &mut Session, name: &str) -> anyhow::Result<Option<String>> {
    let mut delimiter = None;
    ask(session, &format!("LIST \"\" \"{name}\""), |answer| {
        if let Response::MailboxData(MailboxDatum::List(folder)) = answer {
            delimiter = Some(folder.delimiter.as_deref().unwrap_or("/").to_owned());
        }
    })
    .await?;
    Ok(delimiter)
}

/// Marks a mail as read and moves it.
async fn put_away(session: &mut Session, uid: u32, folder: &str, abilities: Abilities) -> anyhow::Result<()> {
    let mut commands = vec![format!("UID STORE {uid} +FLAGS.SILENT (\\Seen)")];
    if abilities.moves {
        commands.push(format!("UID MOVE {uid} \"{folder}\""));
    } else {
        commands.push(format!("UID COPY {uid} \"{folder}\""));
        commands.push(format!("UID STORE {uid} +FLAGS.SILENT (\\Deleted)"));
        // Without this ability it stays, marked and out of the way, until somebody empties the mailbox.
        commands.extend(abilities.expunges_one.then(|| format!("UID EXPUNGE {uid}")));
    }
    for command in commands {
        ask(session, &command, |_| {}).await?;
    }
    Ok(())
}
