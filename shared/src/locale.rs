//! The languages of the interface and of mails.

use serde::{Deserialize, Serialize};

/// A language that Samløp speaks. Texts are in the crate `app`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// Norwegian bokmål.
    #[default]
    Nb,
    /// Norwegian nynorsk.
    Nn,
    /// English.
    En,
}

impl Locale {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Nb, Self::Nn, Self::En];

    /// The language tag (BCP 47), as in `<html lang>`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Nb => "nb",
            Self::Nn => "nn",
            Self::En => "en",
        }
    }

    /// The language for a tag such as `nn-NO`; `no` is read as bokmål.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "nb" | "no" => Some(Self::Nb),
            "nn" => Some(Self::Nn),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The best language for an `Accept-Language` header (RFC 9110, section 12.5.4).
    ///
    /// The header's order decides; weights are not weighed, since browsers send them falling.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Self {
        header.split(',').find_map(|part| Self::from_tag(part.split(';').next()?.trim())).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_language_of_the_browser_is_chosen() {
        assert_eq!(Locale::from_accept_language("uk,nn-NO;q=0.9,en;q=0.8"), Locale::Nn);
        assert_eq!(Locale::from_accept_language("no"), Locale::Nb);
        assert_eq!(Locale::from_accept_language("uk, ar"), Locale::Nb);
        assert_eq!(Locale::from_accept_language(""), Locale::Nb);
    }
}
