//! The text of a page, for answers that come without plain text.
//!
//! What programs quote is marked in the page far better than in plain text. It becomes lines that begin
//! with `>`, or goes at once, before the marks are lost.

mod tags;

use html_escape::decode_html_entities;

use self::tags::{Tag, Token, tokens};

/// How many `>` stand before a quoted line at most.
const QUOTES_MAX: usize = 3;

/// Ids from which on a program quotes, whatever follows.
const QUOTE_BEGINS: [&str; 5] = [
    "divRplyFwdMsg",
    "appendonsend",
    "mail-editor-reference-message-container",
    "OLK_SRC_BODY_SECTION",
    "isReplyContent",
];
/// Ids and classes of what programs add.
const ADDED: [&str; 14] = [
    "Signature",
    "AppleMailSignature",
    "ms-outlook-mobile-signature",
    "composer_signature",
    "gmail_attr",
    "gmail_signature",
    "gmail_signature_prefix",
    "moz-cite-prefix",
    "moz-signature",
    "yahoo_quoted",
    "ydp-yahoo-quoted",
    "protonmail_quote",
    "protonmail_signature_block",
    "zmail_extra",
];
/// Elements that hold nothing to read.
const UNREAD: [&str; 7] = ["head", "title", "style", "script", "template", "object", "xml"];

/// The text of a page as a plain mail would show it.
pub(super) fn text(html: &str) -> String {
    let mut page = Page::default();
    for token in tokens(html) {
        match token {
            Token::Text(text) if page.dropped.is_none() => page.add(&decode_html_entities(text)),
            Token::Open(tag) if page.dropped.is_none() => {
                if tag.attribute("id").is_some_and(|id| QUOTE_BEGINS.contains(&id.as_ref())) {
                    break;
                }
                page.open(&tag);
            }
            Token::Close(name) if page.dropped.is_none() => page.close(&name),
            Token::Open(tag) => page.deeper(&tag.name, true),
            Token::Close(name) => page.deeper(&name, false),
            Token::Text(_) => {}
        }
    }
    page.end_line();
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
    /// The line that is being written, and whether a blank belongs to it if anything follows.
    line: String,
    has_blank: bool,
    /// Whether an empty line belongs before the next line.
    has_gap: bool,
    /// Whether the paragraph at the place has an empty line after it.
    is_loose: bool,
    /// The block quotes around the place, and which of them are quoted mails.
    quotes: Vec<bool>,
    depth: usize,
    /// The lists around the place: how many items each has had, of numbered ones.
    lists: Vec<Option<usize>>,
    /// How many elements around the place keep their line breaks.
    kept: usize,
    /// Where the last link leads, and where its text begins in the line.
    link: Option<(String, usize)>,
    /// The element that is left out, and how deep others of its name are open in it.
    dropped: Option<(String, usize)>,
}

impl Page {
    fn open(&mut self, tag: &Tag<'_>) {
        let name = tag.name.as_str();
        if UNREAD.contains(&name) || (!tag.is_void() && is_added(tag)) {
            self.dropped = Some((tag.name.clone(), 0));
            return;
        }
        match name {
            "br" => self.break_line(),
            "p" => {
                self.end_line();
                self.is_loose = !is_tight(tag);
                self.gap();
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.end_line();
                self.is_loose = true;
                self.gap();
            }
            "td" | "th" => self.has_blank = !self.line.is_empty(),
            "blockquote" => {
                self.end_line();
                let is_quote = is_quote(tag);
                self.quotes.push(is_quote);
                self.depth += usize::from(is_quote);
            }
            "ul" | "ol" => {
                self.end_line();
                self.lists.push((name == "ol").then_some(0));
            }
            "li" => {
                self.end_line();
                match self.lists.last_mut() {
                    Some(Some(count)) => {
                        *count += 1;
                        self.line = format!("{count}. ");
                    }
                    _ => "- ".clone_into(&mut self.line),
                }
            }
            "pre" | "textarea" => {
                self.end_line();
                self.kept += 1;
            }
            "a" => self.link = tag.attribute("href").map(|href| (href.into_owned(), self.line.len())),
            _ if is_block(name) => self.end_line(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.end_line();
                self.gap();
            }
            "blockquote" => {
                self.end_line();
                self.depth -= usize::from(self.quotes.pop().unwrap_or(false));
            }
            "ul" | "ol" => {
                self.end_line();
                self.lists.pop();
            }
            "pre" | "textarea" => {
                self.end_line();
                self.kept = self.kept.saturating_sub(1);
            }
            "a" => self.end_link(),
            _ if is_block(name) || name == "li" => self.end_line(),
            _ => {}
        }
    }

    /// Follows the nesting inside an element that is left out.
    fn deeper(&mut self, name: &str, opens: bool) {
        let Some((dropped, depth)) = &mut self.dropped else { return };
        if dropped != name {
            return;
        }
        match (opens, *depth) {
            (true, _) => *depth += 1,
            (false, 0) => self.dropped = None,
            (false, _) => *depth -= 1,
        }
    }

    fn add(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' if self.kept > 0 => self.break_line(),
                ' ' if self.kept > 0 => self.line.push(' '),
                ' ' | '\t' | '\r' | '\n' => self.has_blank = !self.line.is_empty(),
                _ => {
                    if self.has_blank && !self.line.ends_with(' ') {
                        self.line.push(' ');
                    }
                    self.has_blank = false;
                    self.line.push(c);
                }
            }
        }
    }

    /// Says where a link leads, unless its text does.
    fn end_link(&mut self) {
        let Some((href, start)) = self.link.take() else { return };
        let text = self.line.get(start..).unwrap_or_default().trim();
        let address = href.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
        if address.len() < href.trim_end_matches('/').len() && !text.is_empty() && !text.contains(address) {
            self.add(&format!(" ({href})"));
        }
    }

    /// Above and below a paragraph.
    fn gap(&mut self) {
        self.has_gap |= self.is_loose && !self.text.is_empty();
    }

    fn end_line(&mut self) {
        if !self.line.is_empty() {
            self.break_line();
        }
    }

    fn break_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = line.trim_end();
        let is_empty = line.is_empty();
        if self.has_gap && !is_empty {
            self.push_line("");
        }
        self.push_line(line);
        self.has_gap &= is_empty;
        self.has_blank = false;
        // The text of a link goes on in the next line.
        self.link = self.link.take().map(|(href, _)| (href, 0));
    }

    /// Several empty lines are a matter of looks in a page, so they become one.
    fn push_line(&mut self, line: &str) {
        let is_empty = |line: &str| line.trim_start_matches(['>', ' ']).is_empty();
        if line.is_empty() && self.text.lines().next_back().is_some_and(is_empty) {
            return;
        }
        if self.depth > 0 {
            self.text.push_str(&">".repeat(self.depth.min(QUOTES_MAX)));
            self.text.push(' ');
        }
        self.text.push_str(line);
        self.text.push('\n');
    }
}

fn is_block(name: &str) -> bool {
    ["p", "div", "tr", "table", "hr", "section", "article", "header", "footer", "address", "dl", "dt", "dd", "body"]
        .contains(&name)
}

/// Whether paragraphs of this kind stand close together, as in Outlook, where an empty one makes a gap.
fn is_tight(tag: &Tag<'_>) -> bool {
    let style = tag.attribute("style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
    tag.attribute("class").is_some_and(|class| class.starts_with("Mso"))
        || style.contains("margin:0")
        || style.contains("margin-top:0")
}

/// A block quote without a border that names no source is how some programs indent.
fn is_quote(tag: &Tag<'_>) -> bool {
    let style = tag.attribute("style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
    let is_cited = tag.attribute("type").is_some() || tag.attribute("cite").is_some();
    is_cited || tag.attribute("class").is_some_and(|class| class.contains("quote")) || !style.contains("border:none")
}

/// Whether a program added it, or nobody is meant to see it.
fn is_added(tag: &Tag<'_>) -> bool {
    let is_known = |names: &str| names.split_ascii_whitespace().any(|name| ADDED.contains(&name));
    let style = tag.attribute("style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
    style.contains("display:none")
        || tag.attribute("class").is_some_and(|class| is_known(&class))
        || tag.attribute("id").is_some_and(|id| is_known(&id))
}

#[cfg(test)]
mod tests;
