//! The guard against national identity numbers.
//!
//! A fødselsnummer or d-nummer may be used only where there is a factual need for certain
//! identification (personopplysningsloven § 12). Samløp has none, so no text may hold one.

/// Whether the text holds what looks like a Norwegian fødselsnummer or d-nummer.
///
/// Eleven digits, with or without a blank, dot or hyphen inside, that begin with a possible date
/// and have right control digits. Synthetic numbers (month raised by 40, 65 or 80) count too. The
/// first control digit is checked by the looser rule that numbers given out from 2032 follow.
#[must_use]
pub fn holds_identity_number(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    (0..characters.len())
        .filter(|&start| start == 0 || !characters[start - 1].is_ascii_digit())
        .filter_map(|start| eleven_digits(&characters[start..]))
        .any(|digits| is_identity_number(&digits))
}

/// Reads exactly eleven digits from the beginning, skipping a single separator between two of them.
fn eleven_digits(characters: &[char]) -> Option<[u32; 11]> {
    let mut digits = [0; 11];
    let mut found = 0;
    let mut separator_before = true;
    for character in characters {
        if let Some(digit) = character.to_digit(10) {
            *digits.get_mut(found)? = digit;
            found += 1;
            separator_before = false;
        } else if matches!(character, ' ' | '.' | '-' | '\u{a0}') && !separator_before && found < 11 {
            separator_before = true;
        } else {
            break;
        }
    }
    (found == 11).then_some(digits)
}

fn is_identity_number(digits: &[u32; 11]) -> bool {
    let day = digits[0] * 10 + digits[1];
    let month = digits[2] * 10 + digits[3];
    let day_is_possible = matches!(day, 1..=31 | 41..=71);
    let month_is_possible = matches!(month, 1..=12 | 41..=52 | 66..=77 | 81..=92);
    let sum = |weights: &[u32]| -> u32 { digits.iter().zip(weights).map(|(d, w)| d * w).sum() };
    // Skatteetaten, "Nytt fødselsnummer fra 2032": the remainder may then be 0, 1, 2 or 3.
    let first_is_right = sum(&[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 <= 3;
    let second_is_right = sum(&[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0;
    day_is_possible && month_is_possible && first_is_right && second_is_right
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_synthetic_number_is_found_with_and_without_separators() {
        assert!(holds_identity_number("Ring 15.03., fnr 13897240054"));
        assert!(holds_identity_number("138972 40054"));
        assert!(holds_identity_number("13.89.72-40054."));
    }

    #[test]
    fn phone_numbers_dates_and_duf_like_numbers_pass() {
        for text in ["900 00 001", "+47 900 00 999", "15.03.2026 kl. 10.30", "201512345612", "12345678901", ""] {
            assert!(!holds_identity_number(text), "{text}");
        }
    }

    #[test]
    fn a_longer_number_is_not_cut_into_one() {
        assert!(!holds_identity_number("138972400541"));
        assert!(!holds_identity_number("113897240054"));
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_panic(text in ".{0,60}") {
            let _ = holds_identity_number(&text);
        }
    }
}
