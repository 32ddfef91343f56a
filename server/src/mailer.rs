//! The way out for mails: a mail server, or without one a folder of files.

mod address;
pub(crate) mod dkim;
mod folder;
#[cfg(test)]
#[cfg(unix)]
mod real_server;
mod smtp;
mod steps;
#[cfg(test)]
pub(crate) mod test_server;
mod trouble;
mod trust;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use lettre::message::Mailbox;
use lettre::{Address, Message};
use shared::id::MailId;
use shared::outbox::Delivery;
use url::Host;

use self::dkim::DkimArgs;
use self::folder::Folder;
use self::smtp::{Smtp, Way};

/// The most characters of an answer that are kept.
const ANSWER_MAX: usize = 500;

/// How mails are sent.
#[derive(Debug, Clone, Args)]
pub(crate) struct MailArgs {
    /// The mail server: `smtps://USER:PASSWORD@HOST`, `smtp://USER:PASSWORD@HOST?tls=required` (STARTTLS)
    /// or `smtp://HOST` (unencrypted). Percent-encode special characters in the password. Without it, mails are written to files.
    #[arg(long, env = "SMTP_URL", hide_env_values = true)]
    pub(crate) smtp_url: Option<String>,
    /// A file in PEM with the certificates of further authorities to trust when the connection to the mail server
    /// is encrypted, such as the municipality's own. Those that the operating system trusts are trusted anyway.
    #[arg(long, env = "SMTP_CA_FILE", value_name = "FILE")]
    pub(crate) smtp_ca_file: Option<PathBuf>,
    /// The sender of mails. The mail server must accept it.
    #[arg(long, env = "MAIL_FROM", default_value = "Samløp <samlop@localhost>", value_parser = sender)]
    pub(crate) mail_from: Mailbox,
    /// The address at which answers to mails are read, such as svar@samlop.example.no; whatever stands between a `+`
    /// and the `@` must reach the same mailbox. With it, an answer to an alert becomes a note.
    #[arg(long, env = "MAIL_REPLY_TO")]
    pub(crate) reply_to: Option<lettre::Address>,
    /// How many mails a minute may go to the recipients at one domain.
    #[arg(long, env = "MAIL_PACE", default_value = "600")]
    pub(crate) mail_pace: NonZeroUsize,
    /// For how many days a mail that was sent stays in the list of "E-postlevering".
    #[arg(long, env = "MAIL_KEPT_DAYS", default_value_t = shared::outbox::KEPT_DAYS)]
    pub(crate) mail_kept_days: u32,
    /// The folder to which mails are written when there is no mail server.
    #[arg(long, env = "MAIL_DIR", default_value = "data/mail")]
    pub(crate) mail_dir: PathBuf,
    #[command(flatten)]
    pub(crate) dkim: DkimArgs,
}

/// Reads a sender. A domain with letters such as `ø` gets the spelling that mail servers know (RFC 5891), or else
/// few of them would take any mail.
fn sender(text: &str) -> Result<Mailbox, &'static str> {
    const HELP: &str = "write it as ADDRESS or as NAME <ADDRESS>";
    let Mailbox { name, email } = text.parse().map_err(|_| HELP)?;
    let email = match Host::parse(email.domain()) {
        Ok(Host::Domain(domain)) => Address::new(email.user(), domain).map_err(|_| HELP)?,
        _ => email,
    };
    Ok(Mailbox::new(name, email))
}

/// How long a try to send may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// Until the server is ready for the content.
    pub(crate) talk: Duration,
    /// From then until its verdict. Longer, since servers look for viruses and spam before they answer,
    /// and a mail whose verdict has not been heard must be sent again although it may have been taken
    /// (RFC 5321, section 4.5.3.2.6).
    pub(crate) verdict: Duration,
}

impl Patience {
    /// The usual one.
    pub(crate) const USUAL: Self = Self { talk: Duration::from_secs(20), verdict: Duration::from_secs(30) };
}

/// A try must be over, and its end written down, before the mail is free for another try.
const _: () = assert!(
    Patience::USUAL.talk.as_secs() + Patience::USUAL.verdict.as_secs() + 10 <= store::MAIL_LEASE_SECONDS as u64
);

/// Sends mails.
#[derive(Debug)]
pub(crate) enum Mailer {
    /// To a mail server.
    Smtp(Smtp),
    /// To a folder.
    Folder(Folder),
}

impl Mailer {
    /// Checks the settings, without connecting: a mail server may be away for a while.
    pub(crate) fn new(args: &MailArgs, own_name: &Host, patience: Patience) -> anyhow::Result<Self> {
        match args.smtp_url.as_deref().filter(|url| !url.trim().is_empty()) {
            Some(url) => Ok(Self::Smtp(Smtp::new(url, args.smtp_ca_file.as_deref(), own_name, patience)?)),
            None => Ok(Self::Folder(Folder::new(args.mail_dir.clone())?)),
        }
    }

    /// Tries to send a mail.
    pub(crate) async fn send(&self, id: MailId, mail: &Message) -> Delivery {
        self.send_over(Way::Any, id, mail).await
    }

    /// Tries to send a mail over a new connection, so that whoever looks for a fault sees every step.
    pub(crate) async fn send_afresh(&self, id: MailId, mail: &Message) -> Delivery {
        self.send_over(Way::Fresh, id, mail).await
    }

    async fn send_over(&self, way: Way, id: MailId, mail: &Message) -> Delivery {
        match self {
            Self::Smtp(smtp) => smtp.send(mail, way).await,
            Self::Folder(folder) => folder.send(id, mail).await,
        }
    }

    /// Says goodbye to the mail server when there is nothing more to send for now.
    pub(crate) async fn rest(&self) {
        match self {
            Self::Smtp(smtp) => smtp.rest().await,
            Self::Folder(_) => {}
        }
    }
}

/// Words from outside, made fit to be kept: not endless, and without characters that a database refuses.
fn kept(answer: &str) -> String {
    answer.chars().map(|c| if c.is_control() { ' ' } else { c }).take(ANSWER_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        mail: MailArgs,
    }

    #[test]
    fn the_usual_sender_can_be_read() {
        let args = Cli::parse_from(["samlop"]).mail;
        assert_eq!(args.mail_from.name.as_deref(), Some("Samløp"));
        assert_eq!(args.mail_from.email.to_string(), "samlop@localhost");
    }

    #[test]
    fn a_senders_domain_is_spelled_as_mail_servers_know_it() {
        let args = Cli::parse_from(["samlop", "--mail-from", "Samløp <samlop@blåbær.no>"]).mail;
        assert_eq!(args.mail_from.email.to_string(), "samlop@xn--blbr-roah.no");
    }

    #[test]
    fn a_sender_that_is_no_address_is_refused_with_the_way_to_write_it() {
        let error = Cli::try_parse_from(["samlop", "--mail-from", "Samløp"]).err().unwrap();
        assert!(error.to_string().contains("NAME <ADDRESS>"), "{error}");
    }

    #[test]
    fn an_empty_address_of_a_mail_server_means_files() {
        let folder = tempfile::tempdir().unwrap();
        let mut args = Cli::parse_from(["samlop", "--smtp-url", " "]).mail;
        args.mail_dir = folder.path().join("mail");
        let own_name = Host::parse("samlop.example.no").unwrap();
        assert!(matches!(Mailer::new(&args, &own_name, Patience::USUAL), Ok(Mailer::Folder(_))));
    }

    #[test]
    fn answers_are_kept_without_control_characters_and_not_endlessly() {
        assert_eq!(kept("250 OK\0\r\nqueued"), "250 OK   queued");
        assert_eq!(kept(&"æ".repeat(9_999)).chars().count(), ANSWER_MAX);
    }
}
