//! Where a quoted mail begins, and what stands between quoted lines.

use super::attribution::attribution;
use super::{answer_above, bare, is_blank};
use crate::locale::Locale;

/// Words between dashes that announce another mail.
const SEPARATORS: [&str; 12] = [
    "opprinnelig melding",
    "opprinnelig e-post",
    "opprinneleg melding",
    "opphavleg melding",
    "original melding",
    "original message",
    "oprindelig meddelelse",
    "ursprungligt meddelande",
    "videresendt melding",
    "vidaresend melding",
    "vidaresendt melding",
    "forwarded message",
];

/// Lines that mail programs put above the headers of another mail.
const LEADS: [&str; 5] = [
    "begin forwarded message:",
    "videresendt melding:",
    "vidaresendt melding:",
    "start på videresendt melding:",
    "begynnelse på videresendt melding:",
];

/// How far the headers of a quoted mail are looked for, in lines.
const HEADERS_MAX: usize = 16;
/// How many lines among them may be none: long lists of recipients are folded.
const FOLDED_MAX: usize = 4;

/// The pieces of a text that are not quoted, in their order.
pub(super) fn between<'a>(lines: &[&'a str]) -> Vec<Vec<&'a str>> {
    let whole = lines;
    let lines = above_the_quoted_mail(whole);
    let is_cut = lines.len() < whole.len();
    let has_one_number = !is_cut && has_one_number(lines);
    let mut pieces = vec![Vec::new()];
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        if is_quoted(line) && !has_one_number {
            pieces.push(Vec::new());
            at += 1;
        } else if let Some(found) = attribution(&lines[at..]) {
            let next = lines[at + found.lines..].iter().find(|line| !is_blank(line));
            match next {
                Some(line) if is_quoted(line) => at += found.lines,
                None if is_cut || found.has_address => break,
                // The quoted mail follows as it was, without a sign at its lines.
                Some(_) if found.has_address => break,
                _ => {
                    push(&mut pieces, line);
                    at += 1;
                }
            }
        } else {
            push(&mut pieces, line);
            at += 1;
        }
    }
    pieces
}

fn push<'a>(pieces: &mut [Vec<&'a str>], line: &'a str) {
    if let Some(piece) = pieces.last_mut() {
        piece.push(line);
    }
}

fn is_quoted(line: &str) -> bool {
    bare(line).starts_with('>')
}

/// Whether the only line that looks quoted says that something is more than a number.
fn has_one_number(lines: &[&str]) -> bool {
    let mut quoted = lines.iter().filter(|line| is_quoted(line));
    let (Some(line), None) = (quoted.next(), quoted.next()) else { return false };
    bare(line).trim_start_matches(['>', '=', ' ']).starts_with(|c: char| c.is_ascii_digit())
}

/// What stands above our own marker, or above a mail that is quoted whole.
fn above_the_quoted_mail<'a, 'b>(lines: &'b [&'a str]) -> &'b [&'a str] {
    let marker = lines.iter().position(|line| is_marker(line)).unwrap_or(lines.len());
    let lines = &lines[..marker];
    let Some(start) = (0..lines.len()).find(|at| is_separator(lines[*at]) || are_headers(&lines[*at..])) else {
        return lines;
    };
    let is_lead = |line: &&str| is_blank(line) || is_rule(line) || LEADS.contains(&bare(line).to_lowercase().as_str());
    let end = lines[..start].iter().rposition(|line| !is_lead(line)).map_or(0, |last| last + 1);
    &lines[..end]
}

/// Whether it is the line that our mails carry, however a mail program adorned it.
fn is_marker(line: &str) -> bool {
    let line = line.trim_matches(|c: char| !c.is_alphanumeric());
    Locale::ALL.into_iter().any(|locale| {
        let marker = answer_above(locale).trim_end_matches('.').split_whitespace();
        line.split_whitespace().map(str::to_lowercase).eq(marker.map(str::to_lowercase))
    })
}

/// `-----Opprinnelig melding-----` and its like.
fn is_separator(line: &str) -> bool {
    let is_dash = |c: char| matches!(c, '-' | '–' | '—');
    let line = bare(line);
    let inside = line.trim_matches(is_dash).trim().to_lowercase();
    line.starts_with(is_dash) && line.len() >= inside.len() + 3 && SEPARATORS.contains(&inside.as_str())
}

/// The line of underscores that Outlook draws.
fn is_rule(line: &str) -> bool {
    let line = bare(line);
    line.len() >= 8 && line.chars().all(|c| c == '_')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    From,
    Date,
    To,
    Subject,
    Other,
}

/// Whether the headers of a quoted mail begin here: from whom, about what, and when or to whom. Fewer
/// than three may be a travel plan.
fn are_headers(lines: &[&str]) -> bool {
    if lines.first().and_then(|line| label(line)) != Some(Label::From) {
        return false;
    }
    let (mut has_subject, mut has_other, mut folded) = (false, false, 0);
    for line in lines.iter().skip(1).take(HEADERS_MAX).filter(|line| !is_blank(line)) {
        match label(line) {
            Some(Label::Subject) => has_subject = true,
            Some(Label::Date | Label::To) => has_other = true,
            Some(Label::Other) => {}
            Some(Label::From) => return false,
            None => folded += 1,
        }
        if has_subject && has_other {
            return true;
        }
        if folded > FOLDED_MAX {
            return false;
        }
    }
    false
}

fn label(line: &str) -> Option<Label> {
    let (name, _) = bare(line).split_once(':')?;
    if name.len() > 20 {
        return None;
    }
    match name.trim_matches(|c: char| c == '*' || c.is_whitespace()).to_lowercase().as_str() {
        "fra" | "frå" | "from" | "från" => Some(Label::From),
        "sendt" | "dato" | "sent" | "date" | "skickat" => Some(Label::Date),
        "til" | "to" | "till" => Some(Label::To),
        "emne" | "subject" | "ämne" => Some(Label::Subject),
        "kopi" | "cc" | "bcc" | "blindkopi" | "svar til" | "reply-to" | "viktighet" | "viktigheit" | "prioritet"
        | "importance" | "vedlegg" | "attachments" => Some(Label::Other),
        _ => None,
    }
}
