//! Answers to mails: reading them, making notes of them, and where they come in.

mod automatic;
mod bounce;
mod flowed;
mod headers;
mod html;
mod mailbox;
mod parts;
mod read;

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use store::{NewAnswer, Store, StoreError, Taken};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use self::mailbox::Mailbox;
use self::read::{Answer, Incoming, MAIL_MAX};
use crate::config::DatabaseArgs;

/// How often the mailbox is looked into.
const LOOK: Duration = Duration::from_secs(30);
/// What tells a mail server to try again later (`EX_TEMPFAIL` of `sysexits.h`).
const TRY_AGAIN: u8 = 75;

/// Where answers come in.
#[derive(Debug, Clone, Args)]
pub(crate) struct AnswerArgs {
    /// The mailbox to which answers come: `imaps://USER:PASSWORD@HOST/INBOX`, or `imap://…?tls=required` for
    /// STARTTLS. Percent-encode special characters in the password. Mails that are done with are moved to its folder
    /// `Samlop`. Instead of this, a mail server can hand each answer to `samlop mail-in`.
    #[arg(long, env = "IMAP_URL", hide_env_values = true)]
    imap_url: Option<String>,
    /// A PEM file of certificates to trust for the mailbox beside those of the operating system.
    #[arg(long, env = "IMAP_CA_FILE")]
    imap_ca_file: Option<PathBuf>,
}

/// Starts looking into the mailbox, if there is one, until `shutdown` comes. Fails at once if the settings can't
/// be used.
pub(crate) fn start(
    store: Store,
    args: &AnswerArgs,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<Option<JoinHandle<()>>> {
    let Some(url) = args.imap_url.as_deref().filter(|url| !url.trim().is_empty()) else { return Ok(None) };
    let mailbox = std::sync::Arc::new(Mailbox::new(url, args.imap_ca_file.as_deref())?);
    let work = async move {
        loop {
            let (store, mailbox) = (store.clone(), mailbox.clone());
            // On a thread of its own, so that an odd server's words end one look and not all of them.
            let runtime = tokio::runtime::Handle::current();
            let look = tokio::task::spawn_blocking(move || {
                runtime.block_on(mailbox.fetch(async |mail| take(&store, mail).await.is_ok()))
            });
            match look.await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => tracing::warn!(error = format!("{error:#}"), "answers could not be fetched"),
                Err(error) => tracing::error!(%error, "a fault while answers were fetched"),
            }
            sleep(LOOK).await;
        }
    };
    Ok(Some(tokio::spawn(async move {
        tokio::select! { () = shutdown => {}, () = work => {} }
    })))
}

/// `samlop mail-in`: takes one mail from the input.
pub(crate) async fn mail_in(database: &DatabaseArgs) -> anyhow::Result<ExitCode> {
    let mut source = Vec::new();
    // One byte more than is read tells that there was more.
    let most = MAIL_MAX as u64 + 1;
    let mut input = std::io::stdin().lock();
    input.by_ref().take(most).read_to_end(&mut source).context("The mail could not be read from the input.")?;
    // The rest is thrown away, so that the mail server can finish writing.
    std::io::copy(&mut input, &mut std::io::sink()).context("The mail could not be read from the input.")?;
    let store = match database.open_existing().await {
        Ok(store) => store,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "the answer waits");
            return Ok(ExitCode::from(TRY_AGAIN));
        }
    };
    let code = match take(&store, read::read(&source)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(TRY_AGAIN),
    };
    store.close().await?;
    Ok(code)
}

/// Does with a mail what is to be done. Fails only for a fault that passes; then the mail must come again.
async fn take(store: &Store, mail: Incoming) -> Result<(), StoreError> {
    let system = store.system("answers");
    let taken = match mail {
        Incoming::Answer(answer) => system.take_answer(&new_answer(answer)).await,
        Incoming::Bounce(bounce) => {
            if let (Some(id), true) = (&bounce.message_id, bounce.is_permanent) {
                let known = system.take_bounce(id, &bounce.words).await?;
                tracing::warn!(known, "a mail was returned");
            }
            return Ok(());
        }
        Incoming::Automatic | Incoming::Unreadable => return Ok(()),
    };
    match taken {
        Ok(Taken::Note(note)) => tracing::info!(%note, "an answer has become a note"),
        Ok(Taken::Refused(problem)) => tracing::warn!(problem = problem.code(), "an answer was refused"),
        Ok(Taken::Known) => tracing::info!("an answer came again"),
        Ok(Taken::Stranger) => tracing::warn!("an answer from an unknown address was dropped"),
        Err(error) => {
            tracing::error!(%error, "an answer could not be taken; it waits");
            return Err(error);
        }
    }
    Ok(())
}

/// The token stands between the `+` and the `@`.
fn new_answer(answer: Answer) -> NewAnswer {
    let token = |address: &String| {
        let (local, _) = address.rsplit_once('@')?;
        local.rsplit_once('+').map(|(_, token)| token.to_owned())
    };
    NewAnswer {
        tokens: answer.to.iter().filter_map(token).collect(),
        from: answer.from,
        message_id: answer.message_id,
        text: answer.text,
    }
}

#[cfg(test)]
mod tests;
