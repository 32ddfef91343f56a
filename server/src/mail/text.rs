//! The part of a mail for programs that show only text.

use super::words::Words;

/// Sets a mail as text. Paragraphs stand apart; each address has a line for itself.
pub(super) fn text(words: &Words) -> String {
    let mut paragraphs: Vec<String> = Vec::new();
    paragraphs.extend(words.answer_above.map(|line| format!("--- {line} ---")));
    paragraphs.push(words.says.clone());
    paragraphs.extend(words.more.iter().cloned());
    paragraphs.extend(words.quotes.iter().cloned());
    paragraphs.extend(words.ways.iter().map(lines));
    paragraphs.push(words.why.clone());
    paragraphs.extend(words.choices.iter().map(lines));
    paragraphs.join("\n\n") + "\n"
}

fn lines((text, link): &(String, String)) -> String {
    format!("{text}:\n{link}")
}
