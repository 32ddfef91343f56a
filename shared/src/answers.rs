//! Answers by mail: what the person wrote herself, without what her mail program added.
//!
//! Mail programs put the mail that is answered, a signature and sometimes an advertisement into the
//! answer, each in its own way. What is certainly theirs goes; in doubt it stays, since a stray line in
//! a note does less harm than a lost one.

mod attribution;
mod ending;
mod quotes;
mod signature;
#[cfg(test)]
mod tests;

use crate::locale::Locale;

/// The most that is read of a text, in bytes.
const READ_MAX: usize = 1024 * 1024;

/// The line that our mails carry above everything else. It and what follows it are never taken for an
/// answer, so that an answer is found even where a mail program quotes in an unknown way.
#[must_use]
pub const fn answer_above(locale: Locale) -> &'static str {
    match locale {
        Locale::Nb => "Skriv svaret ditt over denne linjen.",
        Locale::Nn => "Skriv svaret ditt over denne linja.",
        Locale::En => "Write your answer above this line.",
    }
}

/// What the person wrote herself: the text of an answer without quoted mails, signature and what
/// programs add. Empty if she wrote nothing.
#[must_use]
pub fn own_words(text: &str) -> String {
    let text = beginning(text).replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').collect();
    let mut own: Vec<String> = Vec::new();
    for piece in quotes::between(&lines) {
        let words = ending::without(&piece, !own.is_empty());
        if !words.is_empty() {
            own.push(words.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n"));
        }
    }
    own.join("\n\n")
}

fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(READ_MAX)]
}

/// A line without what can't be seen at its ends: blanks, and characters that have no width.
fn bare(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'))
}

fn is_blank(line: &str) -> bool {
    bare(line).is_empty()
}
