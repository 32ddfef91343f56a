//! Whole texts of answers in `cases.txt`, and what holds for any text.

use proptest::prelude::*;

use super::*;

/// Quoted mails as the usual programs put them under an answer.
const QUOTES: [&str; 14] = [
    "Fra: Samløp <a@example.no>\nSendt: tirsdag 24. november 2026 10:42\nTil: Kari\nEmne: Nytt notat\n\nEt notat.",
    "________________________________\nFrå: Samløp\nSendt: i dag\nTil: Kari\nEmne: Nytt notat\n\nEit notat.",
    "From: Samløp\nSent: Tuesday\nTo: Kari\nSubject: New note\n\nA note.",
    "-----Opprinnelig melding-----\nFra: Samløp\n\nEt notat.",
    "-----Original Message-----\nA note.",
    "---------- Forwarded message ---------\nFrom: Samløp\n\nA note.",
    "Den tir. 24. nov. 2026 kl. 10:42 skrev Samløp <a@example.no>:\n\n> Et notat.\n>\n> https://example.no",
    "Den tir. 24. nov. 2026 kl. 10:42 skrev Samløp <\na@example.no>:\n> Et notat.",
    "On Tue, Nov 24, 2026 at 10:42 AM Samløp <a@example.no>\nwrote:\n\n> A note.",
    "Sendt fra min iPhone\n\n> 24. nov. 2026 kl. 10:42 skrev Samløp <a@example.no>:\n> \n> Et notat.",
    "Den 24.11.2026 10:42, skrev Samløp:\n> Et notat.",
    "On 24/11/2026 10:42, Samløp wrote:\n> A note.",
    "Hent Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFra: A\nSendt: B\nEmne: C",
    "> Et notat.\n> Skriv svaret ditt over denne linjen.\n\nEnda mer.",
];

fn cases() -> Vec<(&'static str, String, String)> {
    let corpus = include_str!("cases.txt");
    let parts: Vec<&str> = corpus.split("##### ").skip(1).collect();
    let text = |part: &str| part.split_once('\n').unwrap().1.replace('␠', " ").replace('⍽', "\u{a0}");
    parts.chunks(2).map(|pair| (pair[0].lines().next().unwrap(), text(pair[0]), text(pair[1]))).collect()
}

#[test]
fn every_case_gives_exactly_the_persons_own_words() {
    let cases = cases();
    assert!(cases.len() >= 60, "{}", cases.len());
    for (name, text, expected) in cases {
        let own = own_words(&text);
        assert_eq!(own, expected.trim_end(), "{name}");
        assert_eq!(own_words(&text.replace('\n', "\r\n")), own, "{name}, as mails break lines");
    }
}

#[test]
fn every_marker_line_ends_an_answer() {
    for locale in Locale::ALL {
        for beginning in ["", "> ", "> > ", "  ", "| "] {
            let text = format!("Et svar.\n\n{beginning}{}\n{beginning}Vår tekst.", answer_above(locale));
            assert_eq!(own_words(&text), "Et svar.");
        }
    }
}

#[test]
fn a_huge_text_is_read_to_the_bound_and_no_further() {
    let long = "æ".repeat(READ_MAX);
    assert_eq!(own_words(&long).len(), READ_MAX);
}

/// Work that grows with the square of the length would make this test last for minutes.
#[test]
fn a_text_made_to_be_slow_is_read_like_any_other() {
    for line in [
        "> ",
        "Fra: a",
        "--",
        "-- ",
        "Mvh Kari",
        "Den 24.11.2026 skrev",
        "Sendt fra min iPhone",
        "",
        " ",
        ":",
        "skrev:",
        "Den 24.11.2026 10:42 skrev Kari:",
        "Denne e-posten er konfidensiell",
        "Emne:",
        "________",
    ] {
        let text = format!("{line}\n").repeat(READ_MAX / 4 / (line.len() + 1));
        assert!(own_words(&text).len() <= text.len());
    }
    for word in [">", "a ", "-", "skrev ", "10:42 ", "Mvh ", "*"] {
        let text = word.repeat(READ_MAX / 4 / word.len());
        assert!(own_words(&text).len() <= text.len());
    }
}

/// Lines that a person may write, some of them much like what programs write.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[A-ZÆØÅ][a-zæøå]{1,9}( [a-zæøå0-9]{1,9}){0,8}[.!?]",
        1 => "- [a-zæøå]{2,9}( [a-zæøå]{2,9}){0,3}",
        1 => "Fra: [a-zæøå]{2,9}",
        1 => "temperatur > [0-9]{2} grader i går\\.",
        1 => "On Monday he wrote to me: [a-z]{2,9}\\.",
        1 => "Den 24\\.11\\.2026 skrev hun til meg om [a-zæøå]{2,9}\\.",
        1 => "Sendt fra [a-zæøå]{2,5}kontoret i går\\.",
        1 => Just(String::new()),
    ]
}

fn words() -> impl Strategy<Value = String> {
    prop::collection::vec(line(), 1..12)
        .prop_map(|lines| lines.join("\n").trim().to_owned())
        .prop_filter("words are not empty", |words| !words.is_empty())
}

proptest! {
    #[test]
    fn words_above_any_quote_come_out_as_they_were_written(words in words(), quote in prop::sample::select(&QUOTES)) {
        prop_assert_eq!(own_words(&format!("{words}\n\n{quote}")), words);
    }

    #[test]
    fn words_without_a_quote_come_out_as_they_were_written(words in words()) {
        prop_assert_eq!(own_words(&words), words);
    }

    #[test]
    fn any_text_is_read_and_nothing_is_added(text in any::<String>()) {
        let own = own_words(&text);
        let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        prop_assert!(visible(&own) <= visible(&text));
        prop_assert_eq!(own.trim_end(), own.as_str());
    }

    #[test]
    fn any_mixture_of_cases_is_read(
        pieces in prop::collection::vec(prop::sample::select(include_str!("cases.txt").lines().collect::<Vec<_>>()), 0..40),
    ) {
        let text = pieces.join("\n");
        let own = own_words(&text);
        prop_assert!(own.lines().all(|line| line.trim().is_empty() || text.contains(line.trim())));
    }
}
