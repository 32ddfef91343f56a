//! What stands under the person's words: a closing with a signature, and lines that programs add.

use super::signature::{is_closing, is_signature};
use super::{bare, is_blank};

/// How many lines from the end a closing is looked for.
const SEARCHED: usize = 40;
/// How many things a tail may be made of.
const ROUNDS: usize = 8;

/// With these begin legal notices, if one of the other words follows.
const NOTICE_BEGINNINGS: [&str; 14] = [
    "denne e-posten",
    "denne eposten",
    "denne e-post",
    "denne meldingen",
    "denne meldinga",
    "e-posten kan",
    "tenk på miljøet",
    "tenk miljø",
    "spar miljøet",
    "this e-mail",
    "this email",
    "this message",
    "please consider the environment",
    "the information in this e-mail",
];
const NOTICE_WORDS: [&str; 18] = [
    "konfidensiel",
    "fortrolig",
    "taushets",
    "teieplikt",
    "ment for",
    "meint for",
    "tiltenkt",
    "utilsiktet",
    "feilsendt",
    "ved en feil",
    "skriver ut",
    "skriv ut",
    "confidential",
    "intended",
    "in error",
    "by mistake",
    "printing",
    "offentle",
];

/// The piece without blank lines around it and without what stands under the person's words.
/// `follows_words` says that she has written something above this piece.
pub(super) fn without<'a, 'b>(piece: &'b [&'a str], follows_words: bool) -> &'b [&'a str] {
    let mut rest = trimmed(piece);
    if let Some(at) = (0..rest.len()).find(|at| is_delimiter(rest, *at)) {
        rest = trimmed(&rest[..at]);
    }
    for _ in 0..ROUNDS {
        let end = end_before_program(rest)
            .or_else(|| end_before_notice(rest, follows_words))
            .or_else(|| end_before_closing(rest, follows_words));
        let Some(end) = end else { break };
        rest = trimmed(&rest[..end]);
    }
    rest
}

fn trimmed<'a, 'b>(lines: &'b [&'a str]) -> &'b [&'a str] {
    let Some(first) = lines.iter().position(|line| !is_blank(line)) else { return &[] };
    let last = lines.iter().rposition(|line| !is_blank(line)).unwrap_or(first);
    &lines[first..=last]
}

/// The line above a signature (RFC 3676, section 4.3). Where the blank at its end was lost on the way, it
/// counts only with a signature under it.
fn is_delimiter(lines: &[&str], at: usize) -> bool {
    let line = lines[at];
    bare(line) == "--" && line.starts_with('-') && (line != "--" || at > 0 && is_signature(&lines[at + 1..]))
}

fn end_before_program(lines: &[&str]) -> Option<usize> {
    let (last, above) = lines.split_last()?;
    is_by_program(last).then_some(above.len())
}

fn end_before_notice(lines: &[&str], follows_words: bool) -> Option<usize> {
    let first = lines.len().saturating_sub(SEARCHED);
    (first..lines.len()).find(|at| begins_notice(lines[*at]) && (*at > 0 || follows_words))
}

fn end_before_closing(lines: &[&str], follows_words: bool) -> Option<usize> {
    let first = lines.len().saturating_sub(SEARCHED);
    (first..lines.len())
        .find(|at| (*at > 0 || follows_words) && is_closing(lines[*at]) && is_signature(&lines[*at + 1..]))
}

/// `Sendt fra min iPhone`, `Hent Outlook for iOS` and their like.
fn is_by_program(line: &str) -> bool {
    let line = bare(line);
    if line.len() > 160 {
        return false;
    }
    let words: Vec<String> = line
        .split(|c: char| c.is_whitespace() || "<>[]()".contains(c))
        .map(|word| word.trim_matches(['.', ',', '*', '_']).to_lowercase())
        .filter(|word| !word.is_empty() && !word.starts_with("http"))
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => line.contains("aka.ms/"),
        ["hent" | "få" | "get" | "skaff" | "last" | "download", .., "outlook", "for", _] => words.len() <= 6,
        ["sendt" | "sent", "fra" | "frå" | "from" | "via" | "med" | "with", rest @ ..] => {
            const SMALL: [&str; 8] = ["min", "mi", "mitt", "my", "en", "ein", "a", "the"];
            let rest = rest.split_first().filter(|(first, _)| SMALL.contains(first)).map_or(rest, |(_, rest)| rest);
            rest.len() <= 6 && names_a_program(rest)
        }
        _ => false,
    }
}

fn names_a_program(words: &[&str]) -> bool {
    const DEVICES: [&str; 21] = [
        "iphone",
        "ipad",
        "macbook",
        "galaxy",
        "samsung",
        "huawei",
        "honor",
        "oneplus",
        "xperia",
        "sony",
        "pixel",
        "nokia",
        "motorola",
        "xiaomi",
        "android",
        "mobil",
        "telefon",
        "smarttelefon",
        "smartphone",
        "nettbrett",
        "tablet",
    ];
    const PROGRAMS: [&str; 11] = [
        "outlook",
        "mail",
        "e-post",
        "epost",
        "gmail",
        "yahoo",
        "proton",
        "protonmail",
        "thunderbird",
        "windows",
        "icloud",
    ];
    match words {
        [first, ..] if DEVICES.iter().any(|device| first.starts_with(device)) => true,
        [first] => PROGRAMS.contains(first),
        [first, second, ..] => {
            PROGRAMS.contains(first) && ["for", "på", "on", "mail", "app", "mobile", "web"].contains(second)
        }
        [] => false,
    }
}

/// A legal notice, or an appeal to spare paper.
pub(super) fn begins_notice(line: &str) -> bool {
    let line = bare(line).trim_start_matches(['*', '_', '-', ' ']);
    let line: String = line.chars().take(400).collect::<String>().to_lowercase();
    NOTICE_BEGINNINGS.iter().any(|beginning| line.starts_with(beginning))
        && NOTICE_WORDS.iter().any(|word| line.contains(word))
}
