//! Sending through a mail server (RFC 5321).
//!
//! The protocol is lettre's; the pool is ours. lettre's own takes back a connection whose sending was
//! cut off in the middle, and then hears the late answer to one mail as the answer to the next.

use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::{AsyncSmtpConnection, Tls, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use lettre::{Address, Message};
use shared::outbox::{Delivery, StepKind, Verdict};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::Host;

use super::address::Server;
use super::steps::Steps;
use super::trouble::Trouble;
use super::{Patience, kept};

/// How long one of the server's addresses may take to answer before the next one is tried.
const CONNECTING: Duration = Duration::from_secs(5);
/// How long the server has for saying goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// A mail server and the connections to it that wait for the next mail.
pub(crate) struct Smtp {
    server: Server,
    own_name: ClientId,
    patience: Patience,
    idle: Mutex<Vec<AsyncSmtpConnection>>,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Server { host, port, .. } = &self.server;
        f.debug_struct("Smtp").field("host", host).field("port", port).finish_non_exhaustive()
    }
}

/// Over which connection a mail goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// One that waits, if there is one.
    Any,
    /// A new one, so that all steps are taken and seen.
    Fresh,
}

impl Smtp {
    /// Reads the settings. What is wrong is told without the address, which holds a password.
    pub(super) fn new(
        url: &str,
        authorities: Option<&Path>,
        own_name: &Host,
        patience: Patience,
    ) -> anyhow::Result<Self> {
        let server = Server::parse(url, authorities)?;
        let own_name = match own_name {
            Host::Domain(name) => ClientId::Domain(name.clone()),
            Host::Ipv4(address) => ClientId::Ipv4(*address),
            Host::Ipv6(address) => ClientId::Ipv6(*address),
        };
        Ok(Self { server, own_name, patience, idle: Mutex::default() })
    }

    /// Tries to send a mail.
    pub(super) async fn send(&self, mail: &Message, way: Way) -> Delivery {
        let mut steps = Steps::default();
        match self.converse(mail, way, &mut steps).await {
            Ok(answer) => Delivery { verdict: Verdict::Sent, cause: None, answer, steps: steps.all_done() },
            Err(trouble) => {
                let step = steps.current().unwrap_or(StepKind::Connect);
                let answer = trouble.words();
                Delivery {
                    verdict: trouble.verdict(step),
                    cause: Some(trouble.cause(step)),
                    steps: steps.failed(&answer),
                    answer,
                }
            }
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

    /// Hands the mail over. A connection is gone with a conversation that was cut off.
    async fn converse(&self, mail: &Message, way: Way, steps: &mut Steps) -> Result<String, Trouble> {
        let Patience { talk, verdict } = self.patience;
        let announced = timeout(talk, self.announce(mail.envelope(), way, steps)).await;
        let mut connection = announced.unwrap_or(Err(Trouble::Silence))?;
        let answer = timeout(verdict, connection.message(&mail.formatted())).await;
        let answer = answer.map_or(Err(Trouble::Silence), |answer| answer.map_err(Trouble::from));
        if answer.as_ref().err().is_none_or(Trouble::is_answer) {
            self.keep(connection);
        }
        let answer = said(&answer?);
        steps.done(&answer);
        Ok(answer)
    }

    /// Names sender and recipient to the server, up to the point where it waits for the content.
    async fn announce(&self, envelope: &Envelope, way: Way, steps: &mut Steps) -> Result<AsyncSmtpConnection, Trouble> {
        let mut connection = self.connection(way, steps).await?;
        match name_both(&mut connection, envelope, steps).await {
            Ok(()) => Ok(connection),
            Err(trouble) => {
                if trouble.is_answer() {
                    self.keep(connection);
                }
                Err(trouble)
            }
        }
    }

    /// A connection that waits, if it may be used and still works, or a new one.
    async fn connection(&self, way: Way, steps: &mut Steps) -> Result<AsyncSmtpConnection, Trouble> {
        steps.begin(StepKind::Connect);
        let waiting = || if way == Way::Any { self.idle().pop() } else { None };
        while let Some(mut connection) = waiting() {
            if connection.command(Rset).await.is_ok() {
                // It was greeted earlier.
                steps.done("");
                return Ok(connection);
            }
        }
        self.connect(steps).await
    }

    async fn connect(&self, steps: &mut Steps) -> Result<AsyncSmtpConnection, Trouble> {
        let Server { host, port, tls, login } = &self.server;
        steps.begin(StepKind::Connect);
        let mut connection = if let Tls::Wrapper(tls) = tls {
            // Only lettre itself can encrypt before it listens.
            let (address, tls) = ((host.as_str(), *port), Some(tls.clone()));
            AsyncSmtpConnection::connect_tokio1(address, Some(CONNECTING), &self.own_name, tls, None).await?
        } else {
            let stream = self.reach().await.map_err(Trouble::Unreachable)?;
            AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.own_name).await?
        };
        // All that lettre keeps of the greeting.
        steps.done(connection.server_info().name());
        match tls {
            Tls::Required(tls) => self.encrypt(&mut connection, tls, steps).await?,
            Tls::Opportunistic(tls) if connection.can_starttls() => self.encrypt(&mut connection, tls, steps).await?,
            _ => {}
        }
        if let Some(login) = login {
            steps.begin(StepKind::LogIn);
            let answer = connection.auth(DEFAULT_MECHANISMS, login).await?;
            steps.done(&said(&answer));
        }
        Ok(connection)
    }

    /// Connects so that what is written is sent at once. lettre ends a mail with a packet of its own, and the
    /// system would keep it until the server has confirmed the one before, which it mostly does after 40 ms.
    async fn reach(&self) -> io::Result<TcpStream> {
        let mut trouble = io::ErrorKind::AddrNotAvailable.into();
        for address in lookup_host((self.server.host.as_str(), self.server.port)).await? {
            match timeout(CONNECTING, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    stream.set_nodelay(true)?;
                    return Ok(stream);
                }
                Ok(Err(error)) => trouble = error,
                Err(_) => trouble = io::ErrorKind::TimedOut.into(),
            }
        }
        Err(trouble)
    }

    async fn encrypt(
        &self,
        connection: &mut AsyncSmtpConnection,
        tls: &TlsParameters,
        steps: &mut Steps,
    ) -> Result<(), Trouble> {
        steps.begin(StepKind::Encrypt);
        if !connection.can_starttls() {
            return Err(Trouble::NoEncryption);
        }
        connection.starttls(tls.clone(), &self.own_name).await?;
        // lettre does not tell what the server said.
        steps.done("");
        Ok(())
    }

    /// Keeps a connection for the next mail.
    fn keep(&self, connection: AsyncSmtpConnection) {
        self.idle().push(connection);
    }

    fn idle(&self) -> MutexGuard<'_, Vec<AsyncSmtpConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn name_both(
    connection: &mut AsyncSmtpConnection,
    envelope: &Envelope,
    steps: &mut Steps,
) -> Result<(), Trouble> {
    let mut parameters = Vec::new();
    let is_plain = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
    if !envelope.to().iter().chain(envelope.from()).all(is_plain) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            // The server would say so only after it has been misled.
            steps.begin(StepKind::Recipient);
            return Err(Trouble::Letters);
        }
        parameters = vec![MailParameter::SmtpUtfEight, MailParameter::Body(MailBodyParameter::EightBitMime)];
    }
    steps.begin(StepKind::Sender);
    let answer = connection.command(Mail::new(envelope.from().cloned(), parameters)).await?;
    steps.done(&said(&answer));
    for recipient in envelope.to() {
        steps.begin(StepKind::Recipient);
        let answer = connection.command(Rcpt::new(recipient.clone(), Vec::new())).await?;
        steps.done(&said(&answer));
    }
    steps.begin(StepKind::Content);
    connection.command(Data).await?;
    Ok(())
}

/// What the server said when it took what it was given.
fn said(answer: &Response) -> String {
    let lines: Vec<&str> = answer.message().collect();
    kept(&format!("{} {}", answer.code(), lines.join(" ")))
}

#[cfg(test)]
mod tests;
