//! As much of an HTML reader as tests of pages need.

use std::collections::HashMap;

/// A page, read from beginning to end.
#[derive(Debug)]
pub(super) struct Html {
    pub(super) elements: Vec<Element>,
    /// What a person can read, with blanks as they are.
    pub(super) text: String,
}

/// An element's beginning, and the text right after it.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: HashMap<String, String>,
    pub(super) text: String,
}

impl Element {
    /// An attribute's value, or nothing.
    pub(super) fn get(&self, attribute: &str) -> &str {
        self.attributes.get(attribute).map(String::as_str).unwrap_or_default()
    }
}

impl Html {
    /// Reads what Leptos writes: attributes without quotes or with double ones, every `<` in a text escaped.
    pub(super) fn parse(source: &str) -> Self {
        let mut html = Self { elements: Vec::new(), text: String::new() };
        let mut rest = source;
        while let Some((before, after)) = rest.split_once('<') {
            html.add_text(before);
            rest = if let Some(comment) = after.strip_prefix("!--") {
                comment.split_once("-->").unwrap_or_default().1
            } else {
                let (tag, after) = split_tag(after);
                html.add_tag(tag);
                after
            };
        }
        html.add_text(rest);
        html
    }

    /// All elements of this name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }

    /// What a form's control of this name holds, for each such control on the page.
    pub(super) fn typed<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        let mut control = "";
        self.elements.iter().filter_map(move |element| {
            if matches!(element.name.as_str(), "input" | "textarea" | "select") {
                control = element.get("name");
            }
            let holds = match element.name.as_str() {
                "input" => element.get("value"),
                // Browsers skip the first line break.
                "textarea" => element.text.strip_prefix('\n').unwrap_or(&element.text),
                "option" if element.attributes.contains_key("selected") => element.get("value"),
                _ => return None,
            };
            (control == field).then_some(holds)
        })
    }

    /// The language of the page.
    pub(super) fn language(&self) -> &str {
        self.all("html").next().map(|html| html.get("lang")).unwrap_or_default()
    }

    fn add_text(&mut self, source: &str) {
        let text = unescaped(source);
        self.text.push_str(&text);
        if let Some(last) = self.elements.last_mut() {
            last.text.push_str(&text);
        }
    }

    fn add_tag(&mut self, tag: &str) {
        if tag.starts_with(['/', '!']) {
            // What comes after an element's end does not belong to it.
            self.elements.push(Element::default());
            return;
        }
        let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        let name = name.trim_end_matches('/').to_ascii_lowercase();
        self.elements.push(Element { name, attributes: read_attributes(attributes), text: String::new() });
    }
}

/// A tag without its `<` and `>`, and what follows it. A `>` in quotes does not end it.
fn split_tag(source: &str) -> (&str, &str) {
    let mut quoted = false;
    for (place, character) in source.char_indices() {
        match character {
            '"' => quoted = !quoted,
            '>' if !quoted => return (&source[..place], &source[place + 1..]),
            _ => {}
        }
    }
    panic!("a tag without an end:");
}

fn read_attributes(source: &str) -> HashMap<String, String> {
    let mut attributes = HashMap::new();
    let mut rest = source.trim();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            (value, rest) = match after.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').expect("a closing quote"),
                None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
            };
        }
        attributes.insert(name, unescaped(value));
        rest = rest.trim_start();
    }
    attributes
}

fn unescaped(text: &str) -> String {
    let escapes =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&nbsp;", "\u{a0}")];
    let text = escapes.into_iter().fold(text.to_owned(), |text, (escape, plain)| text.replace(escape, plain));
    text.replace("&amp;", "&")
}

/// The nonce in a Content-Security-Policy, or nothing.
pub(super) fn nonce_in(policy: &str) -> &str {
    policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or_default()
}

/// What Leptos itself writes into a page.
const LEPTOS_SCRIPTS: [&str; 2] = [
    "__RESOLVED_RESOURCES=[];__SERIALIZED_ERRORS=[];__PENDING_RESOURCES=[];__RESOURCE_RESOLVERS=[];",
    "__INCOMPLETE_CHUNKS=[];",
];

/// Checks that a page runs and shows nothing but our own: every script and style has this answer's nonce or
/// comes from a file of ours, and nothing is written into attributes.
pub(super) fn check_is_clean(what: &str, policy: &str, source: &str) {
    let html = Html::parse(source);
    let nonce = nonce_in(policy);
    assert!(nonce.len() >= 16, "{what}: {nonce}");
    for directive in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"] {
        assert!(policy.contains(directive), "{what}: {policy}");
    }
    let is_unsafe = |word: &str| matches!(word, "'unsafe-inline'" | "'unsafe-eval'" | "*");
    assert!(!policy.split([' ', ';']).any(is_unsafe), "{what}: {policy}");
    for element in &html.elements {
        let strange = ["iframe", "object", "embed", "style", "base", "img", "svg"];
        assert!(!strange.contains(&element.name.as_str()), "{what}: {element:?}");
        if element.name == "script" {
            assert_eq!(element.get("nonce"), nonce, "{what}: {element:?}");
            let is_own = element.get("src").starts_with('/') || LEPTOS_SCRIPTS.contains(&element.text.as_str());
            assert!(is_own, "{what}: {element:?}");
        }
        for (name, value) in &element.attributes {
            assert!(name != "style" && !name.starts_with("on"), "{what}: {element:?}");
            let is_address = matches!(name.as_str(), "href" | "src" | "action" | "formaction");
            let scheme = value.split_once(':').map_or("", |(scheme, _)| scheme);
            let is_safe = matches!(scheme, "" | "https" | "http" | "mailto" | "tel") || value.starts_with(['/', '#']);
            assert!(!is_address || is_safe, "{what}: {element:?}");
        }
        // A form without an address belongs to an island.
        let leads_here = element.get("action").is_empty() || element.get("action").starts_with('/');
        assert!(
            leads_here && (element.get("method").is_empty() || !element.get("action").is_empty()),
            "{what}: {element:?}"
        );
    }
    assert_eq!(html.all("html").count(), 1, "{what}");
    assert!(["nb", "nn", "en"].contains(&html.language()), "{what}: {}", html.language());
}
