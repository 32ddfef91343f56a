//! A page taken apart into texts and tags, as far as the text needs it.

use std::borrow::Cow;

use html_escape::decode_html_entities;

/// A piece of a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Between tags, with its entities.
    Text(&'a str),
    /// `<name …>`
    Open(Tag<'a>),
    /// `</name>`, in lower case.
    Close(String),
}

/// An opening tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// Its name in lower case.
    pub(super) name: String,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// The value of an attribute.
    pub(super) fn attribute(&self, wanted: &str) -> Option<Cow<'a, str>> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/' || c == '=');
            let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
            let name = &rest[..end];
            if name.is_empty() {
                return None;
            }
            rest = rest[end..].trim_start();
            let mut value = "";
            if let Some(after) = rest.strip_prefix('=') {
                (value, rest) = split_value(after.trim_start());
            }
            if name.eq_ignore_ascii_case(wanted) {
                return Some(decode_html_entities(value));
            }
        }
    }

    /// Whether it can hold nothing and is never closed.
    pub(super) fn is_void(&self) -> bool {
        self.attributes.ends_with('/')
            || ["br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base"].contains(&self.name.as_str())
    }
}

fn split_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

/// Takes a page apart. Comments and declarations are left out.
pub(super) fn tokens(html: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let start = rest.find('<').unwrap_or(rest.len());
            if start > 0 {
                let (text, tag) = rest.split_at(start);
                rest = tag;
                return Some(Token::Text(text));
            }
            let (tag, after) = split_tag(rest);
            rest = after;
            let is_word = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic());
            if let Some(name) = tag.strip_prefix("</").filter(|name| is_word(name)) {
                return Some(Token::Close(split_name(name).0));
            }
            if let Some(inside) = tag.strip_prefix('<').filter(|inside| is_word(inside)) {
                let (name, attributes) = split_name(inside);
                return Some(Token::Open(Tag { name, attributes }));
            }
            if !tag.starts_with("<!") && !tag.starts_with("<?") && !tag.starts_with("</") {
                return Some(Token::Text(tag));
            }
        }
    })
}

/// A tag without its `>`, a comment, or a single `<` that begins none, and what follows.
fn split_tag(html: &str) -> (&str, &str) {
    if html.starts_with("<!--") {
        return html.split_once("-->").unwrap_or((html, ""));
    }
    if !html[1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c)) {
        return html.split_at(1);
    }
    let end = end_of_tag(html).or_else(|| html.find('>'));
    // Without any `>` the rest is one broken tag.
    end.map_or((html, ""), |end| (&html[..end], &html[end + 1..]))
}

/// Where a tag ends; a `>` between quotation marks ends none.
fn end_of_tag(html: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in html.bytes().enumerate() {
        match (byte, quote) {
            (b'>', None) => return Some(at),
            (b'"' | b'\'', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            _ => {}
        }
    }
    None
}

fn split_name(inside: &str) -> (String, &str) {
    let end = inside.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(inside.len());
    (inside[..end].to_ascii_lowercase(), &inside[end..])
}
