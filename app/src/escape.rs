//! Escaping where Leptos does not.
//!
//! It escapes texts and attributes, but writes what stands in a `<textarea>` or in the `<title>` as it is. A
//! note or a name could end the element there and go on with markup of its own.

/// A text as the content of a `<title>`.
pub(crate) fn in_title(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A text as the content of a `<textarea>`, of which browsers skip the first line break (HTML, section 4.10.11).
pub(crate) fn in_textarea(text: &str) -> String {
    format!("\n{}", in_title(text))
}
