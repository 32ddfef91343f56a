//! The parts of a mail (RFC 2046).
//!
//! The structure is walked here and not by the parser, since that follows mails within mails as deep
//! as anybody nests them.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;

use super::flowed;
use super::headers::{Headers, split};

/// How deep parts may be nested.
const DEPTH_MAX: usize = 10;
/// How many parts a mail may have.
const PARTS_MAX: usize = 100;

/// A part that holds no other parts.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// What it is, in lower case, such as `text/plain`.
    pub(super) kind: String,
    /// Its headers.
    pub(super) headers: Headers<'a>,
    body: &'a [u8],
}

/// The parts are nested too deep, too many, or not to be told from each other.
#[derive(Debug)]
pub(super) struct Tangled;

/// The parts of a mail that hold no others, in their order.
pub(super) fn parts(source: &[u8]) -> Result<Vec<Part<'_>>, Tangled> {
    let mut found = Vec::new();
    let mut waiting = vec![(source, 0, "text/plain")];
    let mut count = 0;
    while let Some((source, depth, usual)) = waiting.pop() {
        count += 1;
        if depth > DEPTH_MAX || count > PARTS_MAX {
            return Err(Tangled);
        }
        let (headers, (_, body)) = (Headers::read(source), split(source));
        let kind = kind(&headers).unwrap_or_else(|| usual.to_owned());
        if !kind.starts_with("multipart/") {
            found.push(Part { kind, headers, body });
            continue;
        }
        let boundary = headers.content_type().and_then(|kind| kind.attribute("boundary"));
        let boundary = boundary.filter(|boundary| !boundary.is_empty()).ok_or(Tangled)?;
        let usual = if kind == "multipart/digest" { "message/rfc822" } else { "text/plain" };
        let inner = between(body, boundary.as_bytes());
        waiting.extend(inner.into_iter().rev().map(|part| (part, depth + 1, usual)));
    }
    Ok(found)
}

fn kind(headers: &Headers<'_>) -> Option<String> {
    let kind = headers.content_type()?;
    let subtype = kind.subtype()?;
    Some(format!("{}/{subtype}", kind.ctype()).to_ascii_lowercase())
}

/// What stands between the lines that hold this boundary, one part more than may be at most.
fn between<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut begun: Option<usize> = None;
    let mut at = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let after = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary));
        let after = after.map(<[u8]>::trim_ascii_end);
        if matches!(after, Some(b"" | b"--")) {
            if let Some(start) = begun {
                parts.push(&body[start..at]);
            }
            begun = (after == Some(b"")).then_some(at + line.len());
            if begun.is_none() || parts.len() > PARTS_MAX {
                return parts;
            }
        }
        at += line.len();
    }
    // The end was lost on the way.
    parts.extend(begun.map(|start| &body[start..]));
    parts
}

impl Part<'_> {
    /// Whether the part is a file: it has a name, or says so.
    pub(super) fn is_file(&self) -> bool {
        let named = |name: &str, kind: Option<&mail_parser::ContentType<'_>>| {
            kind.is_some_and(|kind| kind.attribute(name).is_some_and(|value| !value.trim().is_empty()))
        };
        let disposition = self.headers.disposition();
        disposition.is_some_and(|disposition| disposition.ctype().eq_ignore_ascii_case("attachment"))
            || named("filename", disposition)
            || named("name", self.headers.content_type())
    }

    /// The bytes of the part as they were before they were made fit for the way; `None` if that can't
    /// be undone.
    pub(super) fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        match self.headers.word("Content-Transfer-Encoding").as_deref() {
            Some("base64") => base64_decode(self.body.trim_ascii()).map(Cow::Owned),
            // A stray `=` is no reason to refuse a text.
            Some("quoted-printable") => {
                Some(quoted_printable_decode(self.body).map_or(Cow::Borrowed(self.body), Cow::Owned))
            }
            _ => Some(Cow::Borrowed(self.body)),
        }
    }

    /// The text of the part, its paragraphs joined where they were folded for the way.
    pub(super) fn text(&self) -> Option<String> {
        let attribute = |name| self.headers.content_type().and_then(|kind| kind.attribute(name));
        let is = |name, value: &str| attribute(name).is_some_and(|found| found.eq_ignore_ascii_case(value));
        let text = decoded(&self.bytes()?, attribute("charset"));
        let text = if self.kind == "text/plain" && is("format", "flowed") {
            flowed::joined(&text, is("delsp", "yes"))
        } else {
            text
        };
        Some(text)
    }
}

/// Bytes as text. What claims to be ASCII is UTF-8 or, from old programs, Windows-1252.
fn decoded(bytes: &[u8], charset: Option<&str>) -> String {
    let charset = charset.map(|charset| charset.trim().to_ascii_lowercase());
    match charset.as_deref() {
        Some("utf-8" | "utf8") => String::from_utf8_lossy(bytes).into_owned(),
        None | Some("" | "us-ascii" | "ascii") => {
            match (std::str::from_utf8(bytes), charset_decoder(b"windows-1252")) {
                (Ok(text), _) => text.to_owned(),
                (Err(_), Some(decode)) => decode(bytes),
                (Err(_), None) => String::from_utf8_lossy(bytes).into_owned(),
            }
        }
        Some(charset) => match charset_decoder(charset.as_bytes()) {
            Some(decode) => decode(bytes),
            None => String::from_utf8_lossy(bytes).into_owned(),
        },
    }
}
