//! Hiding identity numbers in what is shown of a value.

/// The text with the digits after the sixth hidden, wherever eleven or more stand together with at most
/// one sign between two of them. Hides too much rather than too little.
pub(super) fn mask(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut masked = String::with_capacity(text.len());
    let mut start = 0;
    while start < characters.len() {
        let end = run_end(&characters, start);
        let is_long = characters[start..end].iter().filter(|c| c.is_ascii_digit()).count() >= 11;
        let mut digits = 0;
        for &character in &characters[start..end] {
            digits += usize::from(character.is_ascii_digit());
            let hidden = is_long && character.is_ascii_digit() && digits > 6;
            masked.push(if hidden { '*' } else { character });
        }
        start = end;
    }
    masked
}

/// Where the run of digits and single signs that begins here ends; one character if it is no digit.
fn run_end(characters: &[char], start: usize) -> usize {
    let mut end = start + 1;
    if !characters[start].is_ascii_digit() {
        return end;
    }
    while let Some(character) = characters.get(end) {
        let next_is_digit = characters.get(end + 1).is_some_and(char::is_ascii_digit);
        if character.is_ascii_digit() || (next_is_digit && !character.is_alphanumeric()) {
            end += 1;
        } else {
            break;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_digits_of_an_identity_number_are_hidden() {
        assert_eq!(mask("Ring 15.03., fnr 13897240054"), "Ring 15.03., fnr 138972*****");
        assert_eq!(mask("138972 40054"), "138972 *****");
    }

    #[test]
    fn shorter_numbers_and_dates_stay() {
        for text in ["900 00 001", "+47 900 00 999", "15.03.2026", "2. etasje", ""] {
            assert_eq!(mask(text), text);
        }
    }
}
