//! What Samløp says, in three languages.
//!
//! The texts are in `locales/texts.yaml`, the three languages of each beside each other, so that they
//! are changed together. A text that is missing in one of them does not compile (see `build.rs`).
#![expect(missing_docs, reason = "each generated method is documented by the text that it returns")]

use shared::locale::Locale;
use typed_i18n::TypedI18N;

/// A language with its texts: one method for each, named by its path in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, TypedI18N)]
#[typed_i18n(filename = "locales/texts.yaml")]
#[typed_i18n(builder = "mixed_str")]
pub enum Texts {
    /// Bokmål.
    Nb,
    /// Nynorsk.
    Nn,
    /// English.
    En,
}

impl From<Locale> for Texts {
    fn from(locale: Locale) -> Self {
        match locale {
            Locale::Nb => Self::Nb,
            Locale::Nn => Self::Nn,
            Locale::En => Self::En,
        }
    }
}
