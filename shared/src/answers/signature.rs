//! A closing with the sender's name, title and address under it.

use super::ending::begins_notice;
use super::{bare, is_blank};

/// The most lines of a signature; a legal notice under it may be longer.
const SIGNATURE_MAX: usize = 15;

const CLOSINGS: [&str; 38] = [
    "med vennlig hilsen",
    "med vennleg helsing",
    "med venleg helsing",
    "med venlig hilsen",
    "med vennlige hilsener",
    "med vennlege helsingar",
    "med beste hilsen",
    "med beste helsing",
    "vennlig hilsen",
    "vennleg helsing",
    "venleg helsing",
    "venlig hilsen",
    "vennlige hilsener",
    "vennlege helsingar",
    "beste hilsen",
    "beste helsing",
    "mange hilsener",
    "med hilsen",
    "med helsing",
    "hilsen",
    "helsing",
    "m.v.h.",
    "m.v.h",
    "mvh.",
    "mvh",
    "v.h.",
    "vh",
    "with best regards",
    "with kind regards",
    "best regards",
    "kind regards",
    "warm regards",
    "regards",
    "best wishes",
    "yours sincerely",
    "sincerely yours",
    "sincerely",
    "yours faithfully",
];

/// Small words that may stand between names after a closing.
const BETWEEN_NAMES: [&str; 14] =
    ["og", "and", "fra", "frå", "from", "i", "på", "ved", "av", "vegne", "for", "at", "the", "of"];

/// With these begins what says how to reach somebody.
const CONTACTS: [&str; 22] = [
    "tlf",
    "tel",
    "telefon",
    "mobil",
    "mob",
    "phone",
    "mobile",
    "cell",
    "m",
    "t",
    "e",
    "sentralbord",
    "e-post",
    "epost",
    "email",
    "e-mail",
    "adresse",
    "address",
    "besøksadresse",
    "postadresse",
    "org.nr",
    "web",
];

/// Words that sentences have, and names, titles and addresses have not.
const SENTENCE_WORDS: [&str; 66] = [
    "jeg", "eg", "du", "han", "hun", "ho", "vi", "dere", "de", "dei", "det", "er", "var", "har", "hadde", "kan", "vil",
    "skal", "må", "bør", "ikke", "ikkje", "kommer", "kjem", "at", "men", "som", "hvis", "dersom", "når", "ring",
    "ringer", "ringte", "husk", "hugs", "send", "sender", "ta", "tar", "se", "sjå", "ps", "p.s", "nb", "i'm", "you",
    "he", "she", "we", "they", "it", "is", "are", "was", "has", "have", "will", "can", "must", "not", "please",
    "remember", "call", "see", "morgen", "morgon",
];

/// `Mvh`, `Vennlig hilsen Kari Nordmann` and their like, but no sentence about a greeting.
pub(super) fn is_closing(line: &str) -> bool {
    let line = bare(line).trim_matches(['*', '_']);
    if line.len() > 120 {
        return false;
    }
    let lower = line.to_lowercase();
    let Some(closing) = CLOSINGS.iter().find(|closing| lower.starts_with(*closing) && ends_word(&lower, closing.len()))
    else {
        return false;
    };
    // Small letters may be of another length than capital ones.
    let Some(name) = line.get(closing.len()..) else { return false };
    let name = name.trim_matches(|c: char| c.is_whitespace() || ",.!-–:".contains(c));
    let name = name.split([',', '|', '/', '(']).next().unwrap_or_default();
    let is_name = |word: &str| word.starts_with(char::is_uppercase) || BETWEEN_NAMES.contains(&word);
    name.split_whitespace().count() <= 7 && name.split_whitespace().all(is_name)
}

fn ends_word(text: &str, at: usize) -> bool {
    !text[at..].starts_with(char::is_alphanumeric)
}

/// Whether nothing but short lines about the sender stands here, or such lines and a legal notice.
pub(super) fn is_signature(lines: &[&str]) -> bool {
    let filled = lines.iter().filter(|line| !is_blank(line));
    let signature: Vec<_> = filled.take_while(|line| !begins_notice(line)).take(SIGNATURE_MAX + 1).collect();
    signature.len() <= SIGNATURE_MAX && signature.iter().all(|line| is_of_signature(line))
}

/// Whether a line under a closing can be a name, a title, an address or the like, and not a sentence.
fn is_of_signature(line: &str) -> bool {
    let line = bare(line).trim_matches(['*', '_', '|']).trim();
    if line.len() > 140 || line.starts_with("- ") || line.starts_with("* ") || line.starts_with('•') {
        return false;
    }
    let words: Vec<String> = line
        .split_whitespace()
        .map(|word| word.trim_matches([',', '.', ':', ';', '!', '?', '|', '(', ')']).to_lowercase())
        .collect();
    let Some(first) = words.first() else { return true };
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let is_link = ["www.", "http", "[cid:", "<"].iter().any(|beginning| first.starts_with(beginning));
    let is_contact =
        CONTACTS.contains(&first.as_str()) && line.chars().any(|c| c.is_ascii_digit() || "@.:".contains(c));
    if letters == 0 || is_link || is_closing(line) {
        return true;
    }
    let is_sentence = words.iter().any(|word| SENTENCE_WORDS.contains(&word.as_str()))
        || line.ends_with(['?', '!', ';', ':'])
        || (line.ends_with('.') && words.len() > 3);
    (is_contact || words.len() <= 9) && !is_sentence
}
