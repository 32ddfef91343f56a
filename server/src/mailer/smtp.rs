//! Sending through a mail server (RFC 5321).
//!
//! The protocol is lettre's; the pool is ours. lettre's own takes back a connection whose sending was
//! cut off in the middle, and then hears the late answer to one mail as the answer to the next.

use std::error::Error as _;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Tls, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use lettre::{Address, Message};
use percent_encoding::percent_decode_str;
use shared::alerts::Delivery;
use tokio::time::timeout;
use url::{Host, Url};

use super::{Patience, kept};

/// How long one of the server's addresses may take to answer before the next one is tried.
const CONNECTING: Duration = Duration::from_secs(5);
/// How long the server has for saying goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
/// Answers about our login, whenever they come: nothing is wrong with the mail (RFC 4954, section 6).
const LOGIN_CODES: [u16; 4] = [530, 534, 535, 538];

/// What the address must look like.
const HELP: &str = "SMTP_URL (or --smtp-url) must look like smtps://USER:PASSWORD@HOST, smtp://USER:PASSWORD@HOST?tls=required or smtp://HOST.";

/// A mail server and the connections to it that wait for the next mail.
pub(crate) struct Smtp {
    host: String,
    port: u16,
    tls: Tls,
    login: Option<Credentials>,
    own_name: ClientId,
    patience: Patience,
    idle: Mutex<Vec<AsyncSmtpConnection>>,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

impl Smtp {
    /// Reads the address of the server. What is wrong is told without the address, which holds a password.
    pub(super) fn new(url: &str, own_name: &Host, patience: Patience) -> anyhow::Result<Self> {
        let url = Url::parse(url.trim()).context(HELP)?;
        let host = match url.host() {
            Some(Host::Domain(name)) if !name.is_empty() => name.to_owned(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
            _ => bail!("{HELP} It names no host."),
        };
        ensure!(matches!(url.path(), "" | "/"), "{HELP} It has a path.");
        let choice: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let choice = match choice.as_slice() {
            [] => None,
            [(key, value)] if key == "tls" => Some(value.as_str()),
            _ => bail!("{HELP} The only setting after `?` is `tls`."),
        };
        let encryption = || TlsParameters::new(host.clone()).context("The mail server's certificate can't be checked.");
        let (port, tls) = match (url.scheme(), choice) {
            ("smtps", None) => (465, Tls::Wrapper(encryption()?)),
            ("smtp", Some("required")) => (587, Tls::Required(encryption()?)),
            ("smtp", Some("opportunistic")) => (587, Tls::Opportunistic(encryption()?)),
            ("smtp", None) => (25, Tls::None),
            _ => bail!("{HELP}"),
        };
        let login = login(&url)?;
        let is_safe = matches!(tls, Tls::Wrapper(_) | Tls::Required(_)) || is_this_machine(&host);
        ensure!(
            login.is_none() || is_safe,
            "SMTP_URL would send the password unencrypted. Write smtps://… or smtp://…?tls=required."
        );
        let own_name = match own_name {
            Host::Domain(name) => ClientId::Domain(name.clone()),
            Host::Ipv4(address) => ClientId::Ipv4(*address),
            Host::Ipv6(address) => ClientId::Ipv6(*address),
        };
        let port = url.port().unwrap_or(port);
        Ok(Self { host, port, tls, login, own_name, patience, idle: Mutex::default() })
    }

    /// Tries to send a mail.
    pub(super) async fn send(&self, mail: &Message) -> Delivery {
        let Patience { talk, verdict } = self.patience;
        let mut connection = match timeout(talk, self.announce(mail.envelope())).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(trouble)) => return trouble.into(),
            // The connection is gone with the conversation that was cut off.
            Err(_) => return silence(talk),
        };
        match timeout(verdict, connection.message(&mail.formatted())).await {
            Ok(answer) => {
                self.keep(connection, answer.as_ref().err());
                answer.map_or_else(|error| Trouble::Mail(error).into(), |answer| Delivery::Sent(said(&answer)))
            }
            Err(_) => silence(verdict),
        }
    }

    /// Says goodbye on all connections that wait.
    pub(super) async fn rest(&self) {
        let idle = std::mem::take(&mut *self.idle());
        futures::future::join_all(idle.into_iter().map(|mut connection| async move {
            // Whether or not the server answers, the connection is closed.
            let _ = timeout(GOODBYE, connection.quit()).await;
        }))
        .await;
    }

    /// Names sender and recipient to the server, up to the point where it waits for the content.
    async fn announce(&self, envelope: &Envelope) -> Result<AsyncSmtpConnection, Trouble> {
        let mut connection = self.connection().await.map_err(Trouble::Server)?;
        match name_both(&mut connection, envelope).await {
            Ok(()) => Ok(connection),
            Err(trouble) => {
                self.keep(connection, trouble.error());
                Err(trouble)
            }
        }
    }

    /// A connection that waits, if it still works, or a new one.
    async fn connection(&self) -> Result<AsyncSmtpConnection, Error> {
        loop {
            let Some(mut connection) = self.idle().pop() else { return self.connect().await };
            if connection.command(Rset).await.is_ok() {
                return Ok(connection);
            }
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let address = (self.host.as_str(), self.port);
        let from_the_start = if let Tls::Wrapper(tls) = &self.tls { Some(tls.clone()) } else { None };
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, Some(CONNECTING), &self.own_name, from_the_start, None)
                .await?;
        match &self.tls {
            Tls::Required(tls) => connection.starttls(tls.clone(), &self.own_name).await?,
            Tls::Opportunistic(tls) if connection.can_starttls() => {
                connection.starttls(tls.clone(), &self.own_name).await?;
            }
            _ => {}
        }
        if let Some(login) = &self.login {
            connection.auth(DEFAULT_MECHANISMS, login).await?;
        }
        Ok(connection)
    }

    /// Keeps a connection for the next mail, if it has said all that it had to say.
    fn keep(&self, connection: AsyncSmtpConnection, error: Option<&Error>) {
        if error.is_none_or(|error| error.status().is_some()) {
            self.idle().push(connection);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<AsyncSmtpConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn name_both(connection: &mut AsyncSmtpConnection, envelope: &Envelope) -> Result<(), Trouble> {
    let mut parameters = Vec::new();
    let is_plain = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
    if !envelope.to().iter().chain(envelope.from()).all(is_plain) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(Trouble::Letters);
        }
        parameters = vec![MailParameter::SmtpUtfEight, MailParameter::Body(MailBodyParameter::EightBitMime)];
    }
    // The sender is the same for all mails. That it is refused says nothing about this one.
    connection.command(Mail::new(envelope.from().cloned(), parameters)).await.map_err(Trouble::Server)?;
    for recipient in envelope.to() {
        connection.command(Rcpt::new(recipient.clone(), Vec::new())).await.map_err(Trouble::Mail)?;
    }
    connection.command(Data).await.map_err(Trouble::Mail)?;
    Ok(())
}

/// Why a mail was not taken.
enum Trouble {
    /// The connection, our login or our address as the sender: any other mail would fare the same.
    Server(Error),
    /// The recipient or the content.
    Mail(Error),
    /// The recipient's address has letters that the server can't take.
    Letters,
}

impl Trouble {
    fn error(&self) -> Option<&Error> {
        match self {
            Self::Server(error) | Self::Mail(error) => Some(error),
            Self::Letters => None,
        }
    }
}

impl From<Trouble> for Delivery {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Mail(error) if error.is_permanent() && !is_about_login(&error) => Self::Refused(words(&error)),
            Trouble::Mail(error) | Trouble::Server(error) => Self::Retry(words(&error)),
            Trouble::Letters => {
                Self::Refused("The mail server takes no addresses with such letters (SMTPUTF8).".into())
            }
        }
    }
}

fn is_about_login(error: &Error) -> bool {
    error.status().is_some_and(|code| LOGIN_CODES.contains(&code.into()))
}

fn silence(patience: Duration) -> Delivery {
    Delivery::Retry(format!("The mail server did not answer within {} seconds.", patience.as_secs()))
}

/// What the server said when it took the mail.
fn said(answer: &Response) -> String {
    let lines: Vec<&str> = answer.message().collect();
    kept(&format!("{} {}", answer.code(), lines.join(" ")))
}

/// What the server said when it did not, or what went wrong on the way to it.
fn words(error: &Error) -> String {
    match (error.status(), error.source()) {
        (Some(code), Some(said)) => kept(&format!("{code} {said}")),
        _ => kept(&error.to_string()),
    }
}

/// User and password, if the address has them.
fn login(url: &Url) -> anyhow::Result<Option<Credentials>> {
    if url.username().is_empty() && url.password().is_none() {
        return Ok(None);
    }
    let decode =
        |text| percent_decode_str(text).decode_utf8().context("SMTP_URL has a user or password that is not UTF-8.");
    let password = url.password().context("SMTP_URL has a user but no password.")?;
    Ok(Some(Credentials::new(decode(url.username())?.into_owned(), decode(password)?.into_owned())))
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> anyhow::Result<Smtp> {
        Smtp::new(url, &Host::parse("samlop.example.no")?, Patience::USUAL)
    }

    #[test]
    fn addresses_of_mail_servers_are_read() {
        for (url, host, port, has_login) in [
            ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, false),
            ("smtp://relay.example.no", "relay.example.no", 25, false),
            ("smtp://[::1]:2525", "::1", 2525, false),
            ("smtp://samlop:hemmelig@localhost", "localhost", 25, true),
            ("smtp://relay.example.no?tls=opportunistic", "relay.example.no", 587, false),
            ("smtp://samlop%40example.no:p%2Fq@relay.example.no/?tls=required", "relay.example.no", 587, true),
            (" smtps://samlop:hemmelig@relay.example.no\n", "relay.example.no", 465, true),
        ] {
            let smtp = read(url).unwrap();
            assert_eq!((smtp.host.as_str(), smtp.port, smtp.login.is_some()), (host, port, has_login), "{url}");
        }
        let login = read("smtps://samlop%40example.no:p%2Fq%C3%B8@relay.example.no").unwrap().login;
        assert_eq!(login, Some(Credentials::new("samlop@example.no".into(), "p/qø".into())));
    }

    #[test]
    fn a_password_never_goes_unencrypted_to_another_machine() {
        for url in ["smtp://u:p@relay.example.no", "smtp://u:p@relay.example.no?tls=opportunistic"] {
            assert!(read(url).unwrap_err().to_string().contains("unencrypted"), "{url}");
        }
    }

    #[test]
    fn what_is_no_address_of_a_mail_server_is_told_without_its_password() {
        for url in [
            "relay.example.no",
            "http://u:hemmelig@relay.example.no",
            "smtp://",
            "smtp://relay.example.no/tls=required",
            "smtp://u:hemmelig@relay.example.no?tls=perhaps",
            "smtp://u:hemmelig@relay.example.no?tsl=required",
            "smtps://u@relay.example.no",
            "smtps://u:hemmelig@relay.example.no:port",
        ] {
            let error = format!("{:#}", read(url).unwrap_err());
            assert!(error.contains("SMTP_URL") && !error.contains("hemmelig"), "{url}: {error}");
        }
    }
}
