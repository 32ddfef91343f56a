//! What went wrong while a mail was handed over: why, and whether the mail is to blame.

use std::error::Error as StdError;
use std::io;

use lettre::transport::smtp::Error;
use rustls::CertificateError;
use shared::outbox::{Cause, StepKind, Verdict};

use super::kept;

/// Answers about our login, whenever they come: nothing is wrong with the mail (RFC 4954, section 6).
const LOGIN_CODES: [u16; 4] = [530, 534, 535, 538];
/// The server says goodbye before it hangs up, whatever was asked (RFC 5321, section 3.8).
const GOODBYE: u16 = 421;
/// The password is right but must be replaced before it can be used (RFC 4954, section 4).
const NEW_PASSWORD_NEEDED: u16 = 432;
/// The mailbox is full (RFC 5321, section 4.2.2), if it is said about a recipient.
const STORAGE_EXCEEDED: u16 = 552;

/// Why a mail was not taken.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The server did not answer in time.
    Silence,
    /// The settings demand encryption, and the server offers none.
    NoEncryption,
    /// An address has letters that the server can't take.
    Letters,
    /// There is no way to the server.
    Unreachable(io::Error),
    /// The server said no, or the way to it broke off.
    Error(Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl Trouble {
    /// Whether the server has answered, so that the connection can be used for another mail.
    pub(super) fn is_answer(&self) -> bool {
        match self {
            Self::Error(error) => error.status().is_some(),
            Self::Letters => true,
            Self::Silence | Self::NoEncryption | Self::Unreachable(_) => false,
        }
    }

    /// What the server said, or else what went wrong on the way to it; nothing where the cause says it all.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Error(error) => match (error.status(), error.source()) {
                (Some(code), Some(said)) => kept(&format!("{code} {said}")),
                _ => kept(&reason(error)),
            },
            Self::Unreachable(error) => kept(&error.to_string()),
            Self::Silence | Self::NoEncryption | Self::Letters => String::new(),
        }
    }

    /// What an administrator must mend, given the step at which it happened.
    pub(super) fn cause(&self, step: StepKind) -> Cause {
        match self {
            Self::Silence => Cause::Silence,
            Self::NoEncryption => Cause::NoEncryption,
            Self::Letters => Cause::Letters,
            Self::Unreachable(_) => Cause::Unreachable,
            Self::Error(error) => match error.status() {
                Some(code) => answered(step, code.into(), &said(error)),
                None => broken(step, error),
            },
        }
    }

    /// Whether the mail is tried again. Only what is said about this recipient or this content is final:
    /// any other mail would fare the same with the rest.
    pub(super) fn verdict(&self, step: StepKind) -> Verdict {
        let is_about_this_mail = matches!(step, StepKind::Recipient | StepKind::Content)
            && !matches!(self.cause(step), Cause::Login | Cause::Sender);
        match self {
            Self::Letters => Verdict::Refused,
            Self::Error(error) if error.is_permanent() && is_about_this_mail => Verdict::Refused,
            _ => Verdict::Retry,
        }
    }
}

/// The server's words behind its code.
fn said(error: &Error) -> String {
    error.source().map(ToString::to_string).unwrap_or_default()
}

/// What went wrong, without lettre's words around it.
fn reason(error: &Error) -> String {
    let mut reason: &(dyn StdError + 'static) = error;
    while let (true, Some(source)) = (reason.is::<Error>(), reason.source()) {
        reason = source;
    }
    reason.to_string()
}

/// The cause of a negative answer.
fn answered(step: StepKind, code: u16, said: &str) -> Cause {
    let detail = detail(said);
    let is_permanent = code >= 500;
    match step {
        _ if LOGIN_CODES.contains(&code) => Cause::Login,
        _ if code == GOODBYE => Cause::Busy,
        StepKind::Encrypt => Cause::Encryption,
        StepKind::LogIn if is_permanent || code == NEW_PASSWORD_NEEDED => Cause::Login,
        StepKind::Recipient | StepKind::Content if detail == Some("2.2") => Cause::MailboxFull,
        StepKind::Recipient if code == STORAGE_EXCEEDED => Cause::MailboxFull,
        // Many servers tell only now what they think of the sender.
        StepKind::Sender | StepKind::Recipient if matches!(detail, Some("1.7" | "1.8")) => Cause::Sender,
        _ if !is_permanent => Cause::Busy,
        StepKind::Sender => Cause::Sender,
        StepKind::Recipient => Cause::Recipient,
        StepKind::Content | StepKind::File => Cause::Content,
        // It greets only to say that it does not want to talk to us.
        StepKind::Connect | StepKind::LogIn => Cause::HungUp,
    }
}

/// The last two numbers of an enhanced status code such as `5.2.2` at the beginning (RFC 3463).
fn detail(said: &str) -> Option<&str> {
    let (class, detail) = said.split_whitespace().next()?.split_once('.')?;
    matches!(class, "4" | "5").then_some(detail)
}

/// The cause when there was no answer, or none that can be understood.
fn broken(step: StepKind, error: &Error) -> Cause {
    if let Some(error) = find::<rustls::Error>(error) {
        return encryption(error);
    }
    match find::<io::Error>(error).map(io::Error::kind) {
        Some(
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof,
        ) => Cause::HungUp,
        Some(_) if step == StepKind::Connect => Cause::Unreachable,
        Some(io::ErrorKind::TimedOut) => Cause::Silence,
        Some(_) => Cause::HungUp,
        None => match step {
            // What answers there is no mail server, unless it has hung up before it could say so.
            StepKind::Connect if !is_end(error) => Cause::Unreachable,
            // It offers no way to log in that we know.
            StepKind::LogIn if error.is_client() => Cause::Login,
            StepKind::Encrypt if !is_end(error) => Cause::Encryption,
            _ => Cause::HungUp,
        },
    }
}

/// Whether the connection ended where an answer should have come. lettre has only words for it.
fn is_end(error: &Error) -> bool {
    error.is_response() && said(error) == "incomplete response"
}

fn encryption(error: &rustls::Error) -> Cause {
    let rustls::Error::InvalidCertificate(error) = error else { return Cause::Encryption };
    match error {
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => Cause::CertificateExpired,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Cause::CertificateName,
        // The last one is, among others, a server's own certificate that claims to be an authority, as many
        // home-made ones do.
        CertificateError::UnknownIssuer
        | CertificateError::BadSignature
        | CertificateError::Revoked
        | CertificateError::Other(_) => Cause::CertificateUntrusted,
        _ => Cause::Encryption,
    }
}

/// The first error of this type among an error and those that led to it.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        // What an `io::Error` wraps is not its source; its source is that of what it wraps.
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_understood_by_its_step_its_code_and_its_detail() {
        for (step, code, said, cause) in [
            (StepKind::Connect, 421, "4.3.2 too many connections", Cause::Busy),
            (StepKind::Connect, 450, "4.7.1 come back later", Cause::Busy),
            (StepKind::Connect, 554, "5.7.1 no service for you", Cause::HungUp),
            (StepKind::Encrypt, 454, "TLS not available", Cause::Encryption),
            (StepKind::Encrypt, 502, "5.5.1 no such command", Cause::Encryption),
            (StepKind::LogIn, 535, "5.7.8 wrong", Cause::Login),
            (StepKind::LogIn, 504, "5.5.4 no such mechanism", Cause::Login),
            (StepKind::LogIn, 432, "4.7.12 change it", Cause::Login),
            (StepKind::LogIn, 454, "4.7.0 the directory is away", Cause::Busy),
            (StepKind::Sender, 530, "5.7.0 log in first", Cause::Login),
            (StepKind::Sender, 550, "5.7.1 not you", Cause::Sender),
            (StepKind::Sender, 450, "4.1.8 no such domain", Cause::Sender),
            (StepKind::Sender, 452, "4.3.1 no room", Cause::Busy),
            (StepKind::Recipient, 530, "5.7.0 log in first", Cause::Login),
            (StepKind::Recipient, 550, "5.1.1 unknown", Cause::Recipient),
            (StepKind::Recipient, 550, "unknown", Cause::Recipient),
            (StepKind::Recipient, 550, "5.2.20 strange", Cause::Recipient),
            (StepKind::Recipient, 552, "full", Cause::MailboxFull),
            (StepKind::Recipient, 550, "5.2.2 full", Cause::MailboxFull),
            (StepKind::Recipient, 452, "4.2.2 full", Cause::MailboxFull),
            (StepKind::Recipient, 452, "4.3.1 no room", Cause::Busy),
            (StepKind::Recipient, 450, "4.2.0 greylisted", Cause::Busy),
            (StepKind::Recipient, 421, "4.2.2 goodbye", Cause::Busy),
            (StepKind::Recipient, 550, "5.1.8 sender's domain unknown", Cause::Sender),
            (StepKind::Content, 554, "5.6.0 looks like spam", Cause::Content),
            (StepKind::Content, 552, "5.3.4 too big", Cause::Content),
            (StepKind::Content, 552, "5.2.2 full", Cause::MailboxFull),
            (StepKind::Content, 451, "4.3.0 later", Cause::Busy),
        ] {
            assert_eq!(answered(step, code, said), cause, "{step:?}: {code} {said}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_certificate_is_found_however_deep_it_lies() {
        #[derive(Debug)]
        struct Outer(io::Error);
        impl std::fmt::Display for Outer {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("outer")
            }
        }
        impl StdError for Outer {
            fn source(&self) -> Option<&(dyn StdError + 'static)> {
                Some(&self.0)
            }
        }
        let deep = Outer(io::Error::other(io::Error::other(rustls::Error::from(CertificateError::Expired))));
        assert_eq!(find::<rustls::Error>(&deep).map(encryption), Some(Cause::CertificateExpired));
        assert!(find::<rustls::Error>(&Outer(io::Error::other("else"))).is_none());
    }

    #[test]
    fn what_is_wrong_with_encryption_is_told_apart() {
        for (error, cause) in [
            (CertificateError::NotValidYet, Cause::CertificateExpired),
            (CertificateError::NotValidForName, Cause::CertificateName),
            (CertificateError::UnknownIssuer, Cause::CertificateUntrusted),
            (CertificateError::BadEncoding, Cause::Encryption),
        ] {
            assert_eq!(encryption(&error.into()), cause);
        }
        assert_eq!(encryption(&rustls::Error::DecryptError), Cause::Encryption);
    }
}
