//! What mails look like. Their whole sources lie in `snapshots/`; after a wanted change, `INSTA_UPDATE=always`
//! writes them anew, for somebody to read.

use chrono::TimeZone;
use mail_parser::MessageParser;
use shared::alerts::{AlertKind, Reason, Subject};
use shared::id::{MailId, NoteId, TaskId};
use shared::locale::Locale;
use shared::outbox::{AlertLetter, AnswerProblem, WeeklyNeed};

use super::*;

const PARTICIPANT: &str = "019ab5c0-0000-7000-8000-000000000001";
const SUBJECT: &str = "019ab5c0-0000-7000-8000-000000000002";
const MAIL: &str = "019ab5c0-0000-7000-8000-000000000003";

fn letterhead(public_url: &str) -> Letterhead {
    Letterhead::new("Samløp <samlop@example.no>".parse().unwrap(), None, public_url).unwrap()
}

/// Alerts as they come at the usual level, which tells nothing.
fn alerts(kind: AlertKind, count: usize) -> AlertLetter {
    let (reason, subject) = match kind {
        AlertKind::NoteWritten => (Reason::Follows, Subject::Note(NoteId(SUBJECT.parse().unwrap()))),
        AlertKind::Mentioned => (Reason::Mentioned, Subject::Note(NoteId(SUBJECT.parse().unwrap()))),
        AlertKind::TaskDone => (Reason::MadeTask, Subject::Task(TaskId(SUBJECT.parse().unwrap()))),
        AlertKind::Moved => (Reason::Follows, Subject::Record),
        AlertKind::MadeContact => (Reason::Contact, Subject::Record),
        AlertKind::HandedOver => (Reason::Office, Subject::Record),
        _ => (Reason::Assignee, Subject::Task(TaskId(SUBJECT.parse().unwrap()))),
    };
    AlertLetter {
        kind,
        count,
        reason,
        is_on_behalf: false,
        participant: PARTICIPANT.parse().unwrap(),
        reference: "D-4821".into(),
        subject,
        who: None,
        texts: Vec::new(),
    }
}

fn letter(locale: Locale, content: LetterContent) -> Letter {
    let is_alert = matches!(content, LetterContent::Alerts(_) | LetterContent::Several(_) | LetterContent::Digest(..));
    Letter {
        id: MailId(MAIL.parse().unwrap()),
        to: EmailAddress::parse("nav@example.no").unwrap(),
        locale,
        content,
        attempt: 1,
        unsubscribe: is_alert.then(|| "token".into()),
        answer: is_alert.then(|| "0123456789abcdef".into()),
    }
}

fn note(locale: Locale) -> Letter {
    letter(locale, LetterContent::Alerts(alerts(AlertKind::NoteWritten, 1)))
}

fn source_from(letterhead: &Letterhead, letter: &Letter) -> String {
    let now = Utc.with_ymd_and_hms(2026, 11, 24, 8, 0, 0).unwrap();
    String::from_utf8(letterhead.write(letter, now).unwrap().formatted()).unwrap()
}

fn source(letter: &Letter) -> String {
    source_from(&letterhead("https://samlop.example.no/"), letter)
}

/// The subject, the text and the page as a mail program shows them.
fn shown(source: &str) -> (String, String, String) {
    let mail = MessageParser::default().parse(source).unwrap();
    let lines = |text: std::borrow::Cow<'_, str>| text.replace("\r\n", "\n");
    (mail.subject().unwrap().to_owned(), lines(mail.body_text(0).unwrap()), lines(mail.body_html(0).unwrap()))
}

/// Every mail that there is, with a name.
fn all(locale: Locale) -> Vec<(String, Letter)> {
    let mut letters: Vec<(String, Letter)> = Vec::new();
    let mut add = |name: &str, content| letters.push((name.to_owned(), letter(locale, content)));
    for kind in AlertKind::ALL {
        add(kind.code(), LetterContent::Alerts(alerts(kind, 1)));
        add(&format!("{}_several", kind.code()), LetterContent::Alerts(alerts(kind, 3)));
    }
    let on_behalf = AlertLetter { is_on_behalf: true, ..alerts(AlertKind::NoteWritten, 1) };
    add("on_behalf", LetterContent::Alerts(on_behalf));
    let digest = [alerts(AlertKind::NoteWritten, 3), alerts(AlertKind::Moved, 1), alerts(AlertKind::TaskAssigned, 2)];
    let need = |count| WeeklyNeed { count, is_on_behalf: false, query: "inn=me&flag=need".into() };
    add("digest", LetterContent::Digest(digest.clone().into(), Vec::new()));
    add("digest_weekly", LetterContent::Digest(digest.into(), vec![need(7)]));
    add("weekly", LetterContent::Digest(Vec::new(), vec![need(1)]));
    let query = "inn=0192d3c4-5b6a-7988-8776-655443322110&flag=need".into();
    let absent = WeeklyNeed { is_on_behalf: true, query, ..need(1) };
    add("weekly_on_behalf", LetterContent::Digest(Vec::new(), vec![need(2), absent]));
    let several =
        [alerts(AlertKind::Moved, 1), AlertLetter { reference: "D-4822".into(), ..alerts(AlertKind::Moved, 1) }];
    add("several", LetterContent::Several(several.into()));
    add("test", LetterContent::Test);
    for problem in AnswerProblem::ALL {
        add(&format!("answer_refused_{}", problem.code()), LetterContent::AnswerRefused(problem));
    }
    letters
}

#[test]
fn every_mail_in_every_language_looks_as_somebody_has_seen_it() {
    for locale in Locale::ALL {
        for (name, letter) in all(locale) {
            insta::assert_snapshot!(format!("{}_{name}", locale.tag()), with_fixed_boundary(&source(&letter)));
        }
    }
}

#[test]
fn a_mail_that_can_be_answered_says_so_above_everything_else() {
    let answers_to = Some("svar@samlop.example.no".parse().unwrap());
    let from = "Samløp <samlop@example.no>".parse().unwrap();
    let letterhead = Letterhead::new(from, answers_to, "https://samlop.example.no").unwrap();
    for locale in Locale::ALL {
        let source = source_from(&letterhead, &note(locale));
        insta::assert_snapshot!(format!("{}_can_be_answered", locale.tag()), with_fixed_boundary(&source));
        assert!(source.contains("Reply-To: svar+0123456789abcdef@samlop.example.no"), "{source}");
        let (_, text, page) = shown(&source);
        assert_eq!(shared::answers::own_words(&text), "", "all of it is ours");
        assert!(page.contains(shared::answers::answer_above(locale)), "{page}");
    }
    assert!(!source(&note(Locale::Nb)).contains("\r\nReply-To"), "where answers are not read");
}

#[test]
fn initials_and_whole_texts_are_told_only_where_they_are_given() {
    let told = AlertLetter {
        who: Some("L. <T>".into()),
        texts: vec!["Ringte & snakket\nom praksis".into(), "<b>To</b>".into()],
        ..alerts(AlertKind::NoteWritten, 2)
    };
    for locale in Locale::ALL {
        let source = source(&letter(locale, LetterContent::Alerts(told.clone())));
        insta::assert_snapshot!(format!("{}_full_text", locale.tag()), with_fixed_boundary(&source));
        let (subject, text, page) = shown(&source);
        assert!(text.contains("L. <T>") && text.contains("om praksis") && text.contains("<b>To</b>"), "{text}");
        assert!(page.contains("Ringte &amp; snakket") && page.contains("&lt;b&gt;To&lt;/b&gt;"), "{page}");
        assert!(!subject.contains('L'), "no header holds what somebody wrote: {subject}");
    }
}

#[test]
fn the_headers_name_sender_recipient_time_thread_and_the_way_to_stop_it() {
    let source = source(&note(Locale::Nb));
    let thread = format!("<participant-{PARTICIPANT}@samlop.example.no>");
    for line in [
        format!("Message-ID: <{MAIL}@samlop.example.no>"),
        format!("In-Reply-To: {thread}"),
        format!("References: {thread}"),
        "Auto-Submitted: auto-generated".to_owned(),
        "Precedence: bulk".to_owned(),
        "List-Unsubscribe: <https://samlop.example.no/unsubscribe/token>".to_owned(),
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click".to_owned(),
        "Date: Tue, 24 Nov 2026 08:00:00 +0000".to_owned(),
        "To: nav@example.no".to_owned(),
        "MIME-Version: 1.0".to_owned(),
        "Content-Type: text/plain; charset=utf-8".to_owned(),
        "Content-Type: text/html; charset=utf-8".to_owned(),
    ] {
        assert!(source.lines().any(|found| found == line), "{line} is missing in\n{source}");
    }
    let mail = MessageParser::default().parse(&source).unwrap();
    let from = mail.from().and_then(|from| from.first()).unwrap();
    assert_eq!((from.name(), from.address()), (Some("Samløp"), Some("samlop@example.no")));
}

#[test]
fn the_page_says_what_the_text_says_and_fetches_nothing() {
    for locale in Locale::ALL {
        for (name, letter) in all(locale) {
            let source = source(&letter);
            let (subject, text, page) = shown(&source);
            let mail = MessageParser::default().parse(&source).unwrap();
            assert_eq!((mail.html_body_count(), mail.text_body_count(), mail.attachment_count()), (1, 1, 0));
            assert!(page.contains(&format!("<html lang=\"{}\">", locale.tag())), "{page}");
            assert!(page.contains(&format!("<title>{subject}</title>")), "{page}");
            let is_link = |line: &&str| line.starts_with("https://");
            for line in text.lines().filter(|line| !is_link(line)) {
                assert!(page.contains(line.trim_end_matches(':')), "{name}: {line} is missing in\n{page}");
            }
            let links: Vec<&str> = text.lines().filter(is_link).collect();
            for link in &links {
                assert!(
                    page.contains(&format!("href=\"{}\"", link.replace('&', "&amp;"))),
                    "{name}: {link} is missing in\n{page}"
                );
            }
            assert_eq!(page.matches("//").count(), links.len(), "{name}: nothing else leads anywhere:\n{page}");
            assert!(["src", "url(", "@import", "<link", "<script"].iter().all(|word| !page.contains(word)), "{page}");
        }
    }
}

#[test]
fn any_server_can_carry_it() {
    for locale in Locale::ALL {
        for (name, letter) in all(locale) {
            let source = source(&letter);
            assert!(source.is_ascii(), "{name}: {source}");
            assert!(source.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])), "{source}");
        }
    }
}

#[test]
fn a_test_mail_says_where_links_lead_and_belongs_to_no_thread() {
    for locale in Locale::ALL {
        let source = source(&letter(locale, LetterContent::Test));
        assert!(shown(&source).1.lines().any(|line| line == "https://samlop.example.no"), "{source}");
        assert!(
            ["References", "In-Reply-To", "List-Unsubscribe"].iter().all(|name| !source.contains(name)),
            "{source}"
        );
    }
}

#[test]
fn a_domain_with_norwegian_letters_is_spelled_as_mail_servers_know_it() {
    let to = |text: &str| mailbox(&EmailAddress::parse(text).unwrap()).unwrap().email.to_string();
    assert_eq!(to("bjorn@blåbær.no"), "bjorn@xn--blbr-roah.no");
    assert_eq!(to("o'hara+x@example.no"), "o'hara+x@example.no");
}

#[test]
fn links_keep_port_and_path_of_the_public_address() {
    for (address, base, host) in [
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000", "127.0.0.1"),
        ("https://kommune.example.no/samlop/", "https://kommune.example.no/samlop", "kommune.example.no"),
        ("http://[::1]:3000/", "http://[::1]:3000", "[::1]"),
    ] {
        let letterhead = letterhead(address);
        assert_eq!((letterhead.base.as_str(), letterhead.host().to_string().as_str()), (base, host));
    }
}

#[test]
fn what_is_no_public_address_is_refused_with_an_example() {
    for address in ["", "samlop.example.no", "ftp://example.no", "https://example.no/?x=1", "mailto:a@example.no"] {
        let error = Letterhead::new("a@example.no".parse().unwrap(), None, address).unwrap_err();
        assert!(error.to_string().contains("such as https://samlop.example.no"), "{address}: {error}");
    }
}

/// What stands between the parts of a mail is accidental.
fn with_fixed_boundary(source: &str) -> String {
    let boundary = source.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a boundary");
    source.replace(boundary, "boundary").replace("\r\n", "\n")
}
