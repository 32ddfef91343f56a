//! A mail that came in, from its bytes to what it is.
//!
//! Nothing of what comes is trusted: who sent it is what it says, and only the token in the address to
//! which it was sent shows that it is an answer.

use shared::answers::own_words;
use shared::email::EmailAddress;
use shared::outbox::AnswerProblem;

use super::automatic::is_automatic;
use super::bounce::{Bounce, Report, report};
use super::headers::Headers;
use super::html;
use super::parts::{Part, parts};

/// The most bytes of a mail that is read.
pub(crate) const MAIL_MAX: usize = 1024 * 1024;
/// The most bytes of a picture that belongs to a signature.
const PICTURE_MAX: usize = 100_000;
/// The most addresses that are looked through for the token.
const ADDRESSES_MAX: usize = 100;

/// Headers that name to whom a mail was sent, or in which mailbox it was put.
const RECIPIENTS: [&str; 5] = ["To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To"];

/// What a mail that came in is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Incoming {
    /// A person wrote it.
    Answer(Answer),
    /// A mail of ours did not arrive.
    Bounce(Bounce),
    /// A machine wrote it. It becomes nothing and is not answered.
    Automatic,
    /// It has no sender who could be told anything.
    Unreadable,
}

/// A mail that a person wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Who sent it, as she says.
    pub(crate) from: EmailAddress,
    /// All addresses that may hold the token, as they are written.
    pub(crate) to: Vec<String>,
    /// Its own Message-ID without brackets, by which a double is known.
    pub(crate) message_id: Option<String>,
    /// What she wrote.
    pub(crate) text: Result<String, AnswerProblem>,
}

/// Reads a mail.
pub(crate) fn read(source: &[u8]) -> Incoming {
    if source.len() > MAIL_MAX {
        return read_too_large(source);
    }
    let headers = Headers::read(source);
    let parts = parts(source);
    match report(&headers, parts.as_deref().unwrap_or_default()) {
        Some(Report::Bounce(bounce)) => return Incoming::Bounce(bounce),
        Some(Report::Arrived) => return Incoming::Automatic,
        None => {}
    }
    sorted(&headers, || match &parts {
        Ok(parts) => text(parts),
        Err(_) => Err(AnswerProblem::Unreadable),
    })
}

/// Reads a mail of which only the headers are wanted, since it is too large.
pub(crate) fn read_too_large(source: &[u8]) -> Incoming {
    sorted(&Headers::read(source), || Err(AnswerProblem::TooLarge))
}

fn sorted(headers: &Headers<'_>, text: impl FnOnce() -> Result<String, AnswerProblem>) -> Incoming {
    let Some(from) = sender(headers) else { return Incoming::Unreadable };
    if is_automatic(headers, from.as_str()) {
        return Incoming::Automatic;
    }
    let message_id = headers.id("Message-ID");
    Incoming::Answer(Answer { from, to: recipients(headers), message_id, text: text() })
}

/// Who sent the mail. Where several are named, programs disagree about whom they show.
fn sender(headers: &Headers<'_>) -> Option<EmailAddress> {
    match headers.addresses("From") {
        (1, addresses) if addresses.len() == 1 => EmailAddress::parse(&addresses[0]).ok(),
        _ => None,
    }
}

fn recipients(headers: &Headers<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in RECIPIENTS {
        let (_, parsed) = headers.addresses(name);
        let written = headers.all(name).collect::<Vec<_>>().join(" ");
        let plain = written.split([' ', ',', ';', '<', '>', '"']).filter(|word| word.contains('@'));
        for address in parsed.into_iter().chain(plain.map(str::to_owned)) {
            if found.len() < ADDRESSES_MAX && !found.contains(&address) {
                found.push(address);
            }
        }
    }
    found
}

/// What the person wrote, if it can be taken as a note.
fn text(parts: &[Part<'_>]) -> Result<String, AnswerProblem> {
    if parts.iter().any(is_secret) {
        return Err(AnswerProblem::Unreadable);
    }
    let is_text = |part: &&Part<'_>, kind: &str| part.kind == kind && !part.is_file();
    let all = |kind: &'static str| parts.iter().filter(move |part| is_text(part, kind));
    let page = all("text/html").filter_map(Part::text).collect::<Vec<_>>().join("\n");
    if parts.iter().any(|part| is_attachment(part, &page)) {
        return Err(AnswerProblem::Attachment);
    }
    let mut plain = all("text/plain").map(Part::text);
    let text = match plain.find(|text| text.as_ref().is_none_or(|text| !text.trim().is_empty())) {
        Some(text) => text.ok_or(AnswerProblem::Unreadable)?,
        None => match all("text/html").next() {
            Some(page) => html::text(&page.text().ok_or(AnswerProblem::Unreadable)?),
            None => String::new(),
        },
    };
    if text.lines().any(|line| line.trim() == "-----BEGIN PGP MESSAGE-----") {
        return Err(AnswerProblem::Unreadable);
    }
    let words = own_words(&text);
    if words.is_empty() { Err(AnswerProblem::Empty) } else { Ok(words) }
}

/// Whether a part is encrypted, or wrapped so that only a mail program with keys unwraps it.
fn is_secret(part: &Part<'_>) -> bool {
    ["application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"].contains(&part.kind.as_str())
}

fn is_attachment(part: &Part<'_>, page: &str) -> bool {
    const SIGNATURES: [&str; 3] =
        ["application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"];
    let is_file = part.is_file() || !part.kind.starts_with("text/");
    is_file && !SIGNATURES.contains(&part.kind.as_str()) && !is_picture_of_page(part, page)
}

/// A small picture that the page shows where it stands, as signatures have them.
fn is_picture_of_page(part: &Part<'_>, page: &str) -> bool {
    let is_inline = part.headers.disposition().is_none_or(|kind| kind.ctype().eq_ignore_ascii_case("inline"));
    let is_shown = part.headers.id("Content-ID").is_some_and(|id| {
        page.contains(&format!("cid:{id}")) || page.contains(&format!("cid:{}", id.replace('@', "%40")))
    });
    part.kind.starts_with("image/")
        && is_inline
        && is_shown
        && part.bytes().is_some_and(|bytes| bytes.len() < PICTURE_MAX)
}

#[cfg(test)]
mod tests;
