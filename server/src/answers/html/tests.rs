use proptest::prelude::*;
use shared::answers::own_words;

use super::*;

#[test]
fn pages_become_lines_as_they_look() {
    for (page, expected) in [
        ("<p>En</p><p>To &amp; tre</p>", "En\n\nTo & tre\n"),
        ("<div>En</div><div><br></div><div>To<br>tre</div>", "En\n\nTo\ntre\n"),
        ("<div>En <b>to</b>\r\n  <i>tre</i></div>", "En to tre\n"),
        ("<ul><li>en</li><li>to</li></ul><ol><li>a<li>b</ol>", "- en\n- to\n1. a\n2. b\n"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc\n"),
        ("<pre>en\n  to</pre>", "en\n  to\n"),
        ("<head><title>Nei</title><style>p > a { }</style></head><!-- nei --><p>Ja</p>", "Ja\n"),
        ("3 < 4 &lt; 5 & 6", "3 < 4 < 5 & 6\n"),
        (
            "<a href=\"https://example.no/\">example.no</a> og <a href='https://example.org/a'>her</a>",
            "example.no og her (https://example.org/a)\n",
        ),
        (
            "<p class=MsoNormal>En</p><p class=MsoNormal>To</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>Tre</p>",
            "En\nTo\n\nTre\n",
        ),
        ("<p title=\"a > b\">En</p>", "En\n"),
        ("En<br/>to<img src=x>", "En\nto\n"),
        ("<div style=\"display: none\">skjult<div>også</div></div>synlig", "synlig\n"),
    ] {
        assert_eq!(text(page), expected, "{page}");
    }
}

#[test]
fn quotes_of_programs_go_and_own_words_stay() {
    for (page, expected) in [
        (
            "<div dir=\"ltr\">Hei<div>Ja.</div></div><br><div class=\"gmail_quote gmail_quote_container\"><div dir=\"ltr\" class=\"gmail_attr\">W dniu wt., 24 lis 2026 Samløp napisał(a):<br></div><blockquote class=\"gmail_quote\"><div>Et notat</div></blockquote></div>",
            "Hei\nJa.",
        ),
        (
            "<div>Ja.</div><div class=\"gmail_quote\"><div class=\"gmail_attr\">Den tir. 24. nov. 2026 kl. 10:42 skrev Ola:</div><blockquote class=\"gmail_quote\">Når?</blockquote><div>På mandag.</div><blockquote class=\"gmail_quote\">Hvor?</blockquote><div>Hos oss.</div></div>",
            "Ja.\n\nPå mandag.\n\nHos oss.",
        ),
        (
            "<div class=\"elementToProof\">Det passer.</div><div id=\"Signature\"><div>Kari</div><div>Veileder</div></div><div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\" dir=\"ltr\"><b>Fra:</b> Samløp</div><div>Et notat</div>",
            "Det passer.",
        ),
        (
            "<p class=MsoNormal>Det passer.<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>Fra:</b> Samløp &lt;samlop@example.no&gt; <br><b>Sendt:</b> tirsdag 24. november 2026 10:42<br><b>Til:</b> Kari<br><b>Emne:</b> Nytt notat</p></div><p class=MsoNormal>Et notat</p>",
            "Det passer.",
        ),
        (
            "<div dir=\"auto\">Kommer nå.</div><div id=\"ms-outlook-mobile-signature\">Hent <a href=\"https://aka.ms/o0ukef\">Outlook for iOS</a></div><div id=\"mail-editor-reference-message-container\"><div>Et notat</div></div>",
            "Kommer nå.",
        ),
        (
            "Kommer nå.<br><br><div dir=\"ltr\">Sendt fra min iPhone</div><div dir=\"ltr\"><br><blockquote type=\"cite\">24. nov. 2026 kl. 10:42 skrev Samløp &lt;samlop@example.no&gt;:<br><br></blockquote></div><blockquote type=\"cite\"><div>Et notat</div></blockquote>",
            "Kommer nå.",
        ),
        (
            "<p>Greit.</p><div class=\"moz-cite-prefix\">Den 24.11.2026 10:42, skrev Samløp:<br></div><blockquote type=\"cite\" cite=\"mid:a@example.no\"><p>Et notat</p></blockquote><div class=\"moz-signature\">-- <br>Kari</div>",
            "Greit.",
        ),
        ("<p>Ja.</p><p>Skriv svaret ditt over denne linjen.</p><p>Et notat</p>", "Ja."),
        (
            "<p>Dette:</p><blockquote style=\"margin: 0 0 0 40px; border: none; padding: 0px;\">rykket inn</blockquote>",
            "Dette:\n\nrykket inn",
        ),
        ("<p>temperatur &gt; 20</p><p>Mvh<br>Kari Nordmann</p>", "temperatur > 20"),
    ] {
        assert_eq!(own_words(&text(page)), expected, "{page}");
    }
}

/// Work that grows with the square of the length would make this test last for minutes.
#[test]
fn a_page_made_to_be_slow_is_read_like_any_other() {
    for piece in [
        "<",
        "<a",
        "<a \"",
        "<a '\">",
        "<!--",
        "</",
        "<blockquote><br>",
        "<div class=gmail_attr>",
        "&",
        "&#",
        "<ul><li>",
        "<a href=x>",
        "<p style=\"",
        "<br>",
        "=",
        "<a =",
        "<pre>\n",
    ] {
        let page = piece.repeat(300_000 / piece.len());
        assert!(text(&page).len() < 4_000_000, "{piece}");
    }
}

proptest! {
    #[test]
    fn any_page_is_read(page in any::<String>()) {
        text(&page);
    }

    #[test]
    fn any_heap_of_tags_is_read(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "<", ">", "</", "<p", "</p>", "<blockquote type=cite>", "</blockquote>", "<ol>", "</ol>", "<li>", "<a href='x'>",
                "</a>", "\"", "'", "=", "<pre>", "</pre>", "<!--", "-->", "ø", " ", "\n", "&amp;", "&#x110000;", "<div class=gmail_attr>",
                "</div>", "<br/>", "http://",
            ]),
            0..40,
        ),
    ) {
        text(&pieces.concat());
    }
}
