//! Mails that say that a mail of ours did not arrive (RFC 3464, and what servers wrote before it).

use super::automatic::has_empty_return_path;
use super::headers::{Headers, split};
use super::parts::Part;

/// The most characters of a server's words that are kept.
const WORDS_MAX: usize = 500;

/// With these words begin subjects of servers that could not deliver a mail.
const SUBJECTS: [&str; 19] = [
    "undeliverable",
    "undelivered mail",
    "undelivered message",
    "kan ikke leveres",
    "kan ikkje leverast",
    "kunne ikke leveres",
    "ikke levert",
    "ikkje levert",
    "mail delivery failed",
    "mail delivery failure",
    "delivery status notification",
    "delivery failure",
    "delivery has failed",
    "delivery delayed",
    "returned mail",
    "failure notice",
    "delayed mail",
    "leveringen er forsinket",
    "warning: message",
];

/// Words in subjects of servers that have not given up.
const DELAYS: [&str; 3] = ["delay", "forsink", "warning"];

/// A mail of ours that did not arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bounce {
    /// The Message-ID of our mail, without brackets.
    pub(crate) message_id: Option<String>,
    /// For whom it was.
    pub(crate) recipient: Option<String>,
    /// Whether the server has given up.
    pub(crate) is_permanent: bool,
    /// What the server says about it.
    pub(crate) words: String,
}

/// What a server reports.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Report {
    /// A mail of ours did not arrive.
    Bounce(Bounce),
    /// All is well.
    Arrived,
}

/// Reads what a server reports about a mail of ours; `None` if it is no such report.
pub(super) fn report(headers: &Headers<'_>, parts: &[Part<'_>]) -> Option<Report> {
    let report_type = headers.content_type().and_then(|kind| kind.attribute("report-type"));
    let is_status =
        |part: &&Part<'_>| ["message/delivery-status", "message/global-delivery-status"].contains(&part.kind.as_str());
    match parts.iter().find(is_status) {
        Some(status) if report_type.is_none_or(|kind| kind.eq_ignore_ascii_case("delivery-status")) => {
            Some(standard(&status.bytes()?, returned_id(headers, parts)))
        }
        _ => in_words(headers, parts).map(Report::Bounce),
    }
}

/// What is said about one recipient, or about all of them.
struct Status {
    action: String,
    recipient: Option<String>,
    words: String,
}

fn standard(status: &[u8], message_id: Option<String>) -> Report {
    let statuses: Vec<Status> = groups(status).into_iter().filter_map(status_of).collect();
    let failed = statuses.iter().find(|status| status.action == "failed");
    match failed.or_else(|| statuses.iter().find(|status| status.action == "delayed")) {
        Some(status) => Report::Bounce(Bounce {
            message_id,
            recipient: status.recipient.clone(),
            is_permanent: status.action == "failed",
            words: status.words.clone(),
        }),
        None => Report::Arrived,
    }
}

/// The groups of fields of a report, which empty lines divide.
fn groups(mut status: &[u8]) -> Vec<&[u8]> {
    let mut groups = Vec::new();
    while !status.is_empty() && groups.len() < 100 {
        let (group, rest) = split(status);
        groups.push(group);
        status = rest;
    }
    groups
}

fn status_of(group: &[u8]) -> Option<Status> {
    let fields = Headers::read(group);
    let action = fields.word("Action")?;
    // `rfc822; kari@example.no`
    let recipient = ["Original-Recipient", "Final-Recipient"].into_iter().find_map(|name| {
        let value = fields.first(name)?;
        let address = value.split_once(';').map_or(value.as_str(), |(_, address)| address);
        address_in(address)
    });
    let said = fields.first("Diagnostic-Code").unwrap_or_default();
    let said = said.split_once(';').map_or(said.as_str(), |(_, said)| said).trim().to_owned();
    let code = fields.word("Status").unwrap_or_default();
    let words = if said.contains(&code) { said } else { format!("{code} {said}") };
    Some(Status { action, recipient, words: kept(&words) })
}

/// The Message-ID of our mail: from what was returned of it, or from what the report answers.
fn returned_id(headers: &Headers<'_>, parts: &[Part<'_>]) -> Option<String> {
    const RETURNED: [&str; 5] =
        ["message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers"];
    let mut returned = parts.iter().filter(|part| RETURNED.contains(&part.kind.as_str()));
    returned.find_map(|part| Headers::read(&part.bytes()?).id("Message-ID")).or_else(|| headers.id("In-Reply-To"))
}

/// Reports of old servers, in words only.
fn in_words(headers: &Headers<'_>, parts: &[Part<'_>]) -> Option<Bounce> {
    let subject = headers.subject().trim().to_lowercase();
    let failed = headers.first("X-Failed-Recipients");
    let is_known = SUBJECTS.iter().any(|beginning| subject.starts_with(beginning));
    if !(is_by_server(headers) && is_known || failed.is_some()) {
        return None;
    }
    let text = parts.iter().find(|part| part.kind.starts_with("text/")).and_then(Part::text).unwrap_or_default();
    let lines = || text.lines().map(|line| line.trim_start_matches(['>', ' ', '\t']).trim_end());
    let id_in_text = lines().find_map(|line| {
        let (name, id) = line.split_once(':')?;
        name.eq_ignore_ascii_case("message-id").then(|| id.trim().trim_matches(['<', '>']).to_owned())
    });
    let recipient = failed.as_deref().and_then(address_in).or_else(|| lines().find_map(failed_address));
    let words = lines().find(|line| has_code(line)).map_or_else(|| kept(headers.subject()), kept);
    Some(Bounce {
        message_id: returned_id(headers, parts).or(id_in_text),
        recipient,
        is_permanent: failed.is_some() || !DELAYS.iter().any(|word| subject.contains(word)),
        words,
    })
}

fn is_by_server(headers: &Headers<'_>) -> bool {
    let (_, from) = headers.addresses("From");
    let name = from.first().map(|from| from.split('@').next().unwrap_or_default().to_lowercase()).unwrap_or_default();
    has_empty_return_path(headers)
        || ["mailer-daemon", "postmaster"].contains(&name.as_str())
        || name.starts_with("microsoftexchange")
}

/// A line that is about one address and nothing else: `<kari@example.no>:`.
fn failed_address(line: &str) -> Option<String> {
    let bare = line.trim_end_matches(':').trim_matches(['<', '>']);
    (!bare.contains(' ')).then(|| address_in(bare)).flatten()
}

/// The first mail address in a text.
fn address_in(text: &str) -> Option<String> {
    let word = text.split([' ', ',', '<', '>', ';', '"']).find(|word| word.contains('@'))?;
    (word.len() <= 254 && !word.chars().any(char::is_control)).then(|| word.to_owned())
}

/// Whether a line holds a code with which servers refuse: `550`, `5.1.1` (RFC 3463).
fn has_code(line: &str) -> bool {
    line.split([' ', '#', '(', ')', ':', '-']).any(|word| {
        let is_number = |part: &str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit());
        let parts: Vec<&str> = word.splitn(4, '.').collect();
        word.starts_with(['4', '5'])
            && parts.iter().all(|part| is_number(part))
            && (parts.len() == 3 || parts.len() == 1 && word.len() == 3)
    })
}

/// A server's words, made fit to be kept.
fn kept(words: &str) -> String {
    let words: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(WORDS_MAX).collect()
}
