//! Comparing what people type, tolerantly.

use unicode_normalization::UnicodeNormalization;

/// The words in lower case with one blank between them; signs count as blanks.
pub(super) fn words(text: &str) -> String {
    let lower: String = text.nfkc().flat_map(char::to_lowercase).nfc().collect();
    let plain: String = lower.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words run together, so that `E-post` and `epost` are the same.
pub(super) fn fold(text: &str) -> String {
    words(text).replace(' ', "")
}

/// Whether two folded texts differ by no more than a typing error. Short words are never close:
/// `NAV` is not `navn`.
pub(super) fn is_close(one: &str, other: &str) -> bool {
    let (length, other_length) = (one.chars().count(), other.chars().count());
    let allowed = match length.min(other_length) {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    };
    length.abs_diff(other_length) <= allowed && strsim::osa_distance(one, other) <= allowed
}

/// The value whose words are these, or, where none fits, the only one whose words are close.
pub(super) fn look_up<T: Copy + PartialEq>(text: &str, spellings: &[(T, &[&str])]) -> Option<T> {
    let folded = fold(text);
    let having = |fits: &dyn Fn(&str) -> bool| {
        let mut found =
            spellings.iter().filter(|(_, words)| words.iter().any(|word| fits(&fold(word)))).map(|(value, _)| *value);
        found.next().filter(|_| found.next().is_none())
    };
    having(&|word| word == folded).or_else(|| having(&|word| is_close(word, &folded)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_blanks_and_signs_do_not_count() {
        assert_eq!(words("  I   Program: "), "i program");
        assert_eq!(fold("E-post "), fold("epost"));
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same() {
        assert_eq!(words("Ma\u{30a}l"), words("Mål"));
    }

    #[test]
    fn a_typing_error_is_close_but_another_short_word_is_not() {
        assert!(is_close("statrdato", "startdato"));
        assert!(!is_close("nav", "navn"));
        assert!(!is_close("innkontakt", "navkontakt"));
    }
}
