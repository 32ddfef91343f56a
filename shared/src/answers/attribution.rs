//! The sentence above a quoted mail that says who wrote it and when.

use super::bare;

/// The most lines and bytes of such a sentence.
const LINES_MAX: usize = 4;
const BYTES_MAX: usize = 400;
/// The most words of a name with its address.
const NAME_MAX: usize = 14;

const VERBS: [&str; 3] = ["skrev", "skreiv", "wrote"];

/// The words with which such a sentence begins if not with a number; of days their beginnings.
const BEGINNINGS: [&str; 3] = ["den", "on", "på"];
const DAYS: [&str; 17] = [
    "man", "mån", "tir", "tys", "ons", "tor", "fre", "lør", "lau", "søn", "sun", "mon", "tue", "wed", "thu", "fri",
    "sat",
];

/// A sentence above a quoted mail.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attribution {
    /// Over how many lines it goes.
    pub(super) lines: usize,
    /// Whether it holds a mail address, as hardly any sentence does that a person wrote.
    pub(super) has_address: bool,
}

/// Reads the sentence that begins with the first of these lines, if one does.
pub(super) fn attribution(lines: &[&str]) -> Option<Attribution> {
    if !can_begin(lines.first()?) {
        return None;
    }
    let mut sentence = String::new();
    for (index, line) in lines.iter().take(LINES_MAX).enumerate() {
        let line = bare(line);
        if line.is_empty() || line.starts_with('>') || sentence.len() + line.len() > BYTES_MAX {
            return None;
        }
        sentence.push_str(line);
        sentence.push(' ');
        if line.ends_with(':') && is_whole(&sentence) {
            return Some(Attribution { lines: index + 1, has_address: sentence.contains('@') });
        }
    }
    None
}

fn can_begin(line: &str) -> bool {
    let line = bare(line);
    let first = line.split(' ').next().unwrap_or_default().to_lowercase();
    line.len() <= BYTES_MAX
        && (first.starts_with(|c: char| c.is_ascii_digit())
            || BEGINNINGS.contains(&first.as_str())
            || DAYS.iter().any(|day| first.starts_with(day))
            || words(line).any(is_verb))
}

/// `Den tir. 24. nov. 2026 kl. 10:42 skrev Samløp <samlop@example.no>:` and its like: somebody wrote, and
/// an address or both a year and a time of day.
fn is_whole(sentence: &str) -> bool {
    let has_address = sentence.contains('@');
    let has_time = words(sentence).any(has_year) && words(sentence).any(is_time);
    let after = words(sentence).position(is_verb).map(|verb| words(sentence).count() - verb - 1);
    match after {
        Some(after) => after <= NAME_MAX && (has_time || has_address),
        // Gmail of some years ago said no more than when and who.
        None => has_time && has_address && sentence.trim_end().ends_with(">:"),
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().map(|word| word.trim_matches([',', '.', ':', '(', ')', '*']))
}

fn is_verb(word: &str) -> bool {
    VERBS.contains(&word)
}

/// `2026`, `24.11.2026`, `2026-11-24` or `24.11.26`.
fn has_year(word: &str) -> bool {
    let numbers = || word.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    numbers().any(|number| number.len() == 4 && (number.starts_with("20") || number.starts_with("19")))
        || numbers().filter(|number| number.len() <= 2).count() == 3
}

/// `10:42`, `10.42` or `10:42:11`.
fn is_time(word: &str) -> bool {
    let parts: Vec<&str> = word.splitn(4, [':', '.']).collect();
    matches!(parts.len(), 2 | 3)
        && parts.iter().all(|part| matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_digit()))
}
