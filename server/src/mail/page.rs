//! The part of a mail that most programs show: the words of the plain part, set like Samløp's own pages.
//!
//! Nothing in it is fetched from anywhere, so that opening it tells nobody anything. A program that ignores
//! the style shows the same paragraphs and the same link.

use html_escape::{encode_double_quoted_attribute, encode_text};
use shared::locale::Locale;

/// Designsystemet's colours, as plain values: mail programs know no variables.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0;padding:16px;background:#f3f4f5;color:#23272b;font:16px/1.5 Inter,\"Segoe UI\",Roboto,Arial,sans-serif}\
main{max-width:34em;margin:0 auto;padding:24px;border-radius:8px;background:#fff}\
h1{margin:0 0 20px;font-size:20px;line-height:1.35}\
p{margin:0 0 16px}\
a{display:inline-block;padding:12px 20px;border-radius:4px;background:#0062ba;color:#fff;font-weight:600;text-decoration:none}\
.why{margin:16px 0 0;color:#5d6670;font-size:14px}\
@media (prefers-color-scheme:dark){\
body{background:#16191c;color:#e8eaec}\
main{background:#22262a}\
a{background:#8fc3f5;color:#0b1a28}\
.why{color:#adb4bb}}";

/// Sets the plain part of a mail. Its first paragraph says what happened; a paragraph that ends with the link
/// says what waits there; the others say why the mail came.
pub(super) fn page(locale: Locale, subject: &str, text: &str, link: &str) -> String {
    let paragraphs =
        text.trim().split("\n\n").enumerate().map(|(place, paragraph)| match paragraph.strip_suffix(link) {
            Some(lead) => {
                let lead = encode_text(lead.trim().trim_end_matches(':'));
                format!("<p><a href=\"{}\">{lead}</a></p>\n", encode_double_quoted_attribute(link))
            }
            None if place == 0 => format!("<h1>{}</h1>\n", encode_text(paragraph)),
            None => format!("<p class=\"why\">{}</p>\n", encode_text(paragraph)),
        });
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
        <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
        <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n",
        locale.tag(),
        encode_text(subject),
        paragraphs.collect::<String>()
    )
}
