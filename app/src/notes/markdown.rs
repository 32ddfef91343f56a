//! Notes are plain text with simple markdown. What they hold of HTML is shown as it was written.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd, html};

/// The text as HTML: paragraphs, lists, emphasis, quotes, headings and links to the web. HTML, images and
/// links to anything else come out as text.
pub(super) fn to_html(text: &str) -> String {
    let mut open_links = Vec::new();
    let events = Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH).map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        Event::SoftBreak => Event::HardBreak,
        // A page has headings of its own: those of a note are paragraphs, as are blocks of HTML.
        Event::Start(Tag::HtmlBlock | Tag::Heading { .. }) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock | TagEnd::Heading(_)) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Image { .. }) => Event::Start(Tag::Emphasis),
        Event::End(TagEnd::Image) => Event::End(TagEnd::Emphasis),
        Event::Start(Tag::Link { dest_url, title, id, .. }) => {
            let safe = is_web_address(&dest_url);
            open_links.push(safe);
            if safe {
                Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, title, id })
            } else {
                Event::Start(Tag::Emphasis)
            }
        }
        Event::End(TagEnd::Link) => {
            if open_links.pop() == Some(true) {
                Event::End(TagEnd::Link)
            } else {
                Event::End(TagEnd::Emphasis)
            }
        }
        other => other,
    });
    let mut output = String::new();
    html::push_html(&mut output, events);
    // The address of this page names a participant: it is not told to the page that a link leads to.
    output.replace("<a href=", "<a rel=\"noreferrer noopener nofollow\" href=")
}

/// Whether an address begins with a scheme that can do no harm.
fn is_web_address(address: &str) -> bool {
    let address = address.trim().to_ascii_lowercase();
    address.starts_with("https://") || address.starts_with("http://") || address.starts_with("mailto:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_markdown_is_rendered() {
        assert_eq!(
            to_html("**fet**\nny linje\n\n- en\n- to"),
            "<p><strong>fet</strong><br />\nny linje</p>\n<ul>\n<li>en</li>\n<li>to</li>\n</ul>\n"
        );
    }

    #[test]
    fn script_markup_and_odd_links_come_out_as_text() {
        for attack in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x]( JaVaScRiPt:alert(1))",
            "[x](data:text/html,<script>)",
            "![x](https://example.org/track.png)",
            "<a href=\"javascript:alert(1)\">x</a>",
            "[x][y]\n\n[y]: javascript:alert(1)",
            "<javascript:alert(1)>",
        ] {
            let html = to_html(attack);
            let is_text = ["<script", "<img", "<a "].into_iter().all(|tag| !html.contains(tag));
            assert!(is_text, "{attack} gave {html}");
        }
    }

    #[test]
    fn a_link_to_the_web_does_not_tell_where_it_stood() {
        assert_eq!(
            to_html("[x](https://example.org/)"),
            "<p><a rel=\"noreferrer noopener nofollow\" href=\"https://example.org/\">x</a></p>\n"
        );
    }
}
