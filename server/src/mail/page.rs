//! The part of a mail that most programs show: the words of the plain part, set like Samløp's own pages.
//!
//! Nothing in it is fetched from anywhere, so that opening it tells nobody anything. A program that ignores
//! the style shows the same paragraphs and the same links.

use html_escape::{encode_double_quoted_attribute, encode_text};
use shared::locale::Locale;

use super::words::Words;

/// Designsystemet's colours, as plain values: mail programs know no variables.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0;padding:16px;background:#f3f4f5;color:#23272b;font:16px/1.5 Inter,\"Segoe UI\",Roboto,Arial,sans-serif}\
main{max-width:34em;margin:0 auto;padding:24px;border-radius:8px;background:#fff}\
h1{margin:0 0 20px;font-size:20px;line-height:1.35}\
p,ul,blockquote{margin:0 0 16px}\
ul{padding-left:20px}\
li{margin:0 0 8px}\
a{color:#0062ba}\
blockquote{padding:0 0 0 14px;border-left:4px solid #b9c0c7;white-space:pre-wrap}\
.way{display:inline-block;padding:12px 20px;border-radius:4px;background:#0062ba;color:#fff;font-weight:600;text-decoration:none}\
.above,.why{color:#5d6670;font-size:14px}\
.why{margin:16px 0 0}\
@media (prefers-color-scheme:dark){\
body{background:#16191c;color:#e8eaec}\
main{background:#22262a}\
a{color:#8fc3f5}\
blockquote{border-color:#59626b}\
.way{background:#8fc3f5;color:#0b1a28}\
.above,.why{color:#adb4bb}}";

/// Sets a mail as a page.
pub(super) fn page(locale: Locale, words: &Words) -> String {
    let mut main: Vec<String> = Vec::new();
    if let Some(line) = words.answer_above {
        main.push(format!("<p class=\"above\">--- {} ---</p>\n", encode_text(line)));
    }
    main.push(format!("<h1>{}</h1>\n", encode_text(&words.says)));
    for sentence in &words.more {
        main.push(format!("<p>{}</p>\n", encode_text(sentence)));
    }
    for quote in &words.quotes {
        main.push(format!("<blockquote>{}</blockquote>\n", encode_text(quote)));
    }
    match &words.ways[..] {
        [way] => main.push(format!("<p>{}</p>\n", link(way, " class=\"way\""))),
        ways => {
            let items = ways.iter().map(|way| format!("<li>{}</li>\n", link(way, "")));
            main.push(format!("<ul>\n{}</ul>\n", items.collect::<String>()));
        }
    }
    main.push(format!("<p class=\"why\">{}</p>\n", encode_text(&words.why)));
    for choice in &words.choices {
        main.push(format!("<p class=\"why\">{}</p>\n", link(choice, "")));
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
        <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
        <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n",
        locale.tag(),
        encode_text(&words.subject),
        main.concat(),
    )
}

fn link((text, address): &(String, String), class: &str) -> String {
    format!("<a{class} href=\"{}\">{}</a>", encode_double_quoted_attribute(address), encode_text(text))
}
