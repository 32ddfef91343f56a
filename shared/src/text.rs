//! Texts that people type, checked once when they come in.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Problem;
use crate::identity_number::holds_identity_number;

/// A single line of 1 to `MAX` characters without control characters or identity numbers.
/// Blanks around it are dropped and runs of blanks inside it become one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Line<const MAX: usize>(String);

/// Several lines, 1 to `MAX` characters in all, without identity numbers. Line breaks become `\n`,
/// other control characters than tab are dropped.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text<const MAX: usize>(String);

/// A person's name.
pub type PersonName = Line<120>;
/// A phone number as people write it.
pub type Phone = Line<30>;

impl<const MAX: usize> Line<MAX> {
    /// Reads what somebody typed into a field that must be filled.
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let visible: String =
            typed.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| is_visible(*c)).collect();
        let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
        checked(line, MAX).map(Self)
    }

    /// Reads what somebody typed into a field that may stay empty.
    pub fn optional(typed: &str) -> Result<Option<Self>, Problem> {
        when_filled(typed, Self::parse)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> Text<MAX> {
    /// Reads what somebody typed into a field that must be filled.
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let unified = typed.replace("\r\n", "\n").replace('\r', "\n");
        let text: String = unified
            .chars()
            .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
            .filter(|c| is_visible(*c))
            .collect();
        checked(text.trim().to_owned(), MAX).map(Self)
    }

    /// Reads what somebody typed into a field that may stay empty.
    pub fn optional(typed: &str) -> Result<Option<Self>, Problem> {
        when_filled(typed, Self::parse)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads a phone number: digits, blanks and `+ - ( )`, with 5 to 15 digits (ITU-T E.164).
pub fn parse_phone(typed: &str) -> Result<Option<Phone>, Problem> {
    let Some(phone) = Phone::optional(typed)? else { return Ok(None) };
    let digits = phone.0.chars().filter(char::is_ascii_digit).count();
    let is_phone = phone.0.chars().all(|c| c.is_ascii_digit() || " +-()".contains(c)) && (5..=15).contains(&digits);
    if is_phone { Ok(Some(phone)) } else { Err(Problem::NotAPhone) }
}

fn checked(text: String, max: usize) -> Result<String, Problem> {
    if text.is_empty() {
        Err(Problem::Required)
    } else if text.chars().count() > max {
        Err(Problem::TooLong { max })
    } else if holds_identity_number(&text) {
        Err(Problem::IdentityNumber)
    } else {
        Ok(text)
    }
}

fn when_filled<T>(typed: &str, parse: impl FnOnce(&str) -> Result<T, Problem>) -> Result<Option<T>, Problem> {
    if typed.trim().is_empty() { Ok(None) } else { parse(typed).map(Some) }
}

/// Characters that turn the direction of text or have no width can make one name look like another.
fn is_visible(character: char) -> bool {
    !matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

macro_rules! text_conversions {
    ($name:ident) => {
        impl<const MAX: usize> TryFrom<String> for $name<MAX> {
            type Error = Problem;

            fn try_from(text: String) -> Result<Self, Problem> {
                Self::parse(&text)
            }
        }

        impl<const MAX: usize> From<$name<MAX>> for String {
            fn from(text: $name<MAX>) -> Self {
                text.0
            }
        }

        impl<const MAX: usize> fmt::Display for $name<MAX> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_conversions!(Line);
text_conversions!(Text);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stray_blanks_and_line_breaks_in_a_line_become_one_blank() {
        assert_eq!(Line::<40>::parse("  i \r\n program\t").map(String::from), Ok("i program".to_owned()));
    }

    #[test]
    fn a_line_of_blanks_is_empty() {
        assert_eq!(Line::<40>::parse(" \u{200b} "), Err(Problem::Required));
        assert_eq!(Line::<40>::optional("  "), Ok(None));
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert!(Line::<3>::parse("æøå").is_ok());
        assert_eq!(Line::<3>::parse("æøåa"), Err(Problem::TooLong { max: 3 }));
    }

    #[test]
    fn an_identity_number_is_refused() {
        assert_eq!(Text::<100>::parse("fnr 13897240054"), Err(Problem::IdentityNumber));
    }

    #[test]
    fn a_text_keeps_its_lines() {
        assert_eq!(Text::<100>::parse("en\r\nto\u{7}\n").map(String::from), Ok("en\nto".to_owned()));
    }

    #[test]
    fn phone_numbers_may_hold_blanks_but_no_letters() {
        assert!(parse_phone("+47 900 00 999").is_ok());
        assert_eq!(parse_phone("ring meg"), Err(Problem::NotAPhone));
        assert_eq!(parse_phone("123"), Err(Problem::NotAPhone));
        assert_eq!(parse_phone(""), Ok(None));
    }
}
