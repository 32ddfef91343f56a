//! Mail addresses.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Problem;
use crate::identity_number::holds_identity_number;

/// A mail address that can be written in a header without harm: one `@`, no blanks or control
/// characters, no identity number, at most 254 characters (RFC 5321, section 4.5.3.1), in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads an address as a person types it; blanks around it are dropped.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.trim().to_lowercase();
        if text.is_empty() {
            return Err(Problem::Required);
        }
        let is_plain = text.len() <= 254
            && text.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"".contains(c));
        if holds_identity_number(&text) {
            return Err(Problem::IdentityNumber);
        }
        let parts: Vec<&str> = text.split('@').collect();
        match parts.as_slice() {
            [local, domain] if is_plain && !local.is_empty() && is_domain(domain) => Ok(Self(text)),
            _ => Err(Problem::NotAnEmail),
        }
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = Problem;

    fn try_from(text: String) -> Result<Self, Problem> {
        Self::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

fn is_domain(domain: &str) -> bool {
    domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_addresses_are_read_and_put_in_lower_case() {
        assert_eq!(EmailAddress::parse(" INN@Example.NO ").as_ref().map(EmailAddress::as_str), Ok("inn@example.no"));
        assert!(EmailAddress::parse("jean-claude.52+x@example.org").is_ok());
        assert!(EmailAddress::parse("bjørn@blåbær.no").is_ok());
    }

    #[test]
    fn an_address_that_is_an_identity_number_is_refused() {
        assert_eq!(EmailAddress::parse("13897240054@example.no"), Err(Problem::IdentityNumber));
    }

    #[test]
    fn what_is_no_address_or_could_break_a_header_is_refused() {
        for text in [
            "ikke en adresse",
            "a@b",
            "@example.no",
            "a@@example.no",
            "a@example..no",
            "a\r\nBcc: b@example.no",
            "a@-x.no",
            "A <a@example.no>",
        ] {
            assert_eq!(EmailAddress::parse(text), Err(Problem::NotAnEmail), "{text}");
        }
    }
}
