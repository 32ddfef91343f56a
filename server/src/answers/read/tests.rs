//! Whole mails in `mails`, and what holds for any bytes.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;

const OURS: &str = "019ab5c0-0000-7000-8000-000000000003@samlop.example.no";

fn source(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/answers/mails").join(format!("{name}.eml"))).unwrap()
}

fn read_file(name: &str) -> Incoming {
    read(&source(name))
}

#[test]
fn answers_give_the_persons_own_words() {
    for (name, words) in [
        ("outlook", "Hei,\n\nHun møtte opp i dag."),
        ("gmail", "Jeg har avtalt møte på fredag."),
        ("iphone", "Er på vei til møtet nå, og tar med meg alle papirene som du spurte om i går."),
        ("html_only", "Det passer på fredag.\n\nRing meg først."),
        ("plain_is_blank", "Bare siden sier noe."),
        ("windows_1252", "Hun sier «ja» – på lørdag."),
        ("claims_ascii", "Møtte ikke på mandag."),
        ("no_mime", "Helt enkelt svar."),
        ("signature_with_picture", "Notert."),
        ("signature_with_picture_without_disposition", "Notert."),
        ("list_footer", "Svaret."),
        ("smime_signed", "Signert svar – med strek."),
        ("end_is_lost", "Resten kom aldri frem."),
        ("person_about_a_bounce", "Denne kom i retur. 550 5.1.1"),
    ] {
        let Incoming::Answer(answer) = read_file(name) else { panic!("{name}: {:?}", read_file(name)) };
        assert_eq!(answer.text.as_deref(), Ok(words), "{name}");
        assert_eq!(answer.from.as_str(), "kari.nordmann@example.no", "{name}");
        assert!(answer.to.iter().any(|to| to == "samlop+k3j2m5@example.no"), "{name}: {:?}", answer.to);
    }
}

#[test]
fn answers_that_can_not_become_notes_say_why() {
    for (name, problem) in [
        ("pdf", AnswerProblem::Attachment),
        ("text_file", AnswerProblem::Attachment),
        ("calendar", AnswerProblem::Attachment),
        ("forwarded_as_attachment", AnswerProblem::Attachment),
        ("winmail", AnswerProblem::Attachment),
        ("picture_that_no_page_shows", AnswerProblem::Attachment),
        ("picture_as_attachment", AnswerProblem::Attachment),
        ("smime_encrypted", AnswerProblem::Unreadable),
        ("pgp_encrypted", AnswerProblem::Unreadable),
        ("pgp_in_text", AnswerProblem::Unreadable),
        ("no_boundary", AnswerProblem::Unreadable),
        ("nothing_but_a_quote", AnswerProblem::Empty),
        ("no_body", AnswerProblem::Empty),
    ] {
        let Incoming::Answer(answer) = read_file(name) else { panic!("{name}: {:?}", read_file(name)) };
        assert_eq!(answer.text, Err(problem), "{name}");
        assert_eq!(answer.from.as_str(), "kari.nordmann@example.no", "{name}");
    }
}

#[test]
fn a_picture_that_is_too_large_for_a_signature_is_an_attachment() {
    let mail = String::from_utf8(source("signature_with_picture")).unwrap();
    let (head, tail) = mail.rsplit_once("--rel--").unwrap();
    let more = "AAAA".repeat(PICTURE_MAX / 3);
    let Incoming::Answer(answer) =
        read(format!("{}\r\n{more}\r\n--rel--{tail}", head.trim_end().trim_end_matches('=')).as_bytes())
    else {
        panic!("it is an answer")
    };
    assert_eq!(answer.text, Err(AnswerProblem::Attachment));
}

#[test]
fn mails_of_machines_become_nothing() {
    for name in [
        "exchange_out_of_office",
        "gmail_vacation",
        "old_out_of_office",
        "read_receipt",
        "mailing_list",
        "postfix_delivered",
    ] {
        assert_eq!(read_file(name), Incoming::Automatic, "{name}");
    }
}

#[test]
fn a_mail_without_exactly_one_sender_is_unreadable() {
    for name in ["no_sender", "two_senders"] {
        assert_eq!(read_file(name), Incoming::Unreadable, "{name}");
    }
}

#[test]
fn mails_that_did_not_arrive_are_known_with_the_servers_words() {
    for (name, message_id, is_permanent, words) in [
        (
            "postfix_failed",
            Some(OURS),
            true,
            "550 5.1.1 <nav@example.org>: Recipient address rejected: User unknown in virtual mailbox table",
        ),
        ("postfix_delayed", Some(OURS), false, "4.4.1 connect to mx.example.org[192.0.2.1]:25: Connection timed out"),
        (
            "exchange_undeliverable",
            Some(OURS),
            true,
            "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException",
        ),
        ("exchange_without_the_mail", Some(OURS), true, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found"),
        ("exim_old", Some(OURS), true, "host mx.example.org [192.0.2.1]: 550 5.1.1 unknown user"),
        ("exim_warning", None, false, "Delay reason: 451 4.7.1 greylisted"),
        ("qmail", Some(OURS), true, "Sorry, no mailbox here by that name. (#5.1.1)"),
    ] {
        let Incoming::Bounce(bounce) = read_file(name) else { panic!("{name}: {:?}", read_file(name)) };
        let expected = Bounce {
            message_id: message_id.map(str::to_owned),
            recipient: Some("nav@example.org".to_owned()),
            is_permanent,
            words: words.to_owned(),
        };
        assert_eq!(bounce, expected, "{name}");
    }
}

#[test]
fn a_servers_words_are_kept_without_control_characters_and_not_endlessly() {
    let mail = String::from_utf8(source("postfix_failed")).unwrap();
    let mail = mail.replace("User unknown", &format!("User\u{7}\u{0}unknown {}", "x".repeat(2_000)));
    let Incoming::Bounce(bounce) = read(mail.as_bytes()) else { panic!("it is a bounce") };
    assert!(bounce.words.contains("User unknown x"), "{}", bounce.words);
    assert_eq!(bounce.words.chars().count(), 500);
}

#[test]
fn an_answer_knows_its_own_id_and_all_addresses_once() {
    let Incoming::Answer(answer) = read_file("gmail") else { panic!("it is an answer") };
    assert_eq!(answer.message_id.as_deref(), Some("answer-1@mail.example.no"));
    assert_eq!(answer.to, ["samlop+k3j2m5@example.no"]);
    let Incoming::Answer(answer) = read_file("outlook") else { panic!("it is an answer") };
    assert_eq!(answer.to, ["samlop+k3j2m5@example.no", "samlop@example.no"]);
}

#[test]
fn of_a_mail_that_is_too_large_only_the_headers_are_read() {
    let mut mail = source("no_mime");
    mail.extend("æ".repeat(5 * MAIL_MAX).bytes());
    for incoming in [read(&mail), read_too_large(&source("no_mime"))] {
        let Incoming::Answer(answer) = incoming else { panic!("{incoming:?}") };
        assert_eq!((answer.from.as_str(), answer.text), ("kari.nordmann@example.no", Err(AnswerProblem::TooLarge)));
    }
    let mut mail = source("exchange_out_of_office");
    mail.extend("æ".repeat(MAIL_MAX).bytes());
    assert_eq!(read(&mail), Incoming::Automatic);
}

fn problem_of(mail: &str) -> Option<AnswerProblem> {
    match read(mail.as_bytes()) {
        Incoming::Answer(answer) => answer.text.err(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_mail_that_is_nested_too_deep_is_refused() {
    let nested = |depth: usize| {
        let mut mail = "From: a@example.no\r\n".to_owned();
        for level in 0..depth {
            write!(mail, "Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n").unwrap();
        }
        mail + "Content-Type: text/plain\r\n\r\nHei."
    };
    assert_eq!(problem_of(&nested(10)), None);
    for depth in [11, 1_000, 15_000] {
        assert_eq!(problem_of(&nested(depth)), Some(AnswerProblem::Unreadable), "{depth}");
    }
}

#[test]
fn mails_within_mails_are_not_followed() {
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(30_000);
    assert_eq!(problem_of(&format!("From: a@example.no\r\n{nested}Hei.")), Some(AnswerProblem::Attachment));
    let digest = "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\n".repeat(15_000);
    assert_eq!(problem_of(&format!("From: a@example.no\r\n{digest}Hei.")), Some(AnswerProblem::Unreadable));
}

#[test]
fn a_mail_of_too_many_parts_is_refused() {
    let mail = |count: usize| {
        let parts = "--b\r\nContent-Type: text/plain\r\n\r\nHei.\r\n".repeat(count);
        format!("From: a@example.no\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n")
    };
    assert_eq!(problem_of(&mail(99)), None);
    for count in [100, 20_000] {
        assert_eq!(problem_of(&mail(count)), Some(AnswerProblem::Unreadable), "{count}");
    }
}

/// Work that grows with the square of the length would make this test last for minutes.
#[test]
fn a_mail_made_to_be_slow_is_read_like_any_other() {
    for piece in [
        "From: ",
        "From: a@example.no\r\n",
        "To: a@example.no, ",
        "a@b,",
        "(",
        "<",
        "\"",
        "=?utf-8?q?",
        "=?utf-8?b?",
        ":",
        "\r\n ",
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
        "Content-Type: a/b; c*0=d; ",
        "; a=b",
        "x: y\r\n",
        "Received: from a by b; ",
        "References: <a@b> ",
        "\r\n",
        "\0",
        "æ",
    ] {
        for head in
            ["", "From: a@example.no\r\nTo: ", "From: a@example.no\r\nContent-Type: ", "From: a@example.no\r\n\r\n"]
        {
            read(format!("{head}{}", piece.repeat(MAIL_MAX / 4 / piece.len())).as_bytes());
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        read(&bytes);
        read_too_large(&bytes);
    }

    #[test]
    fn any_heap_of_lines_is_read(
        lines in prop::collection::vec(
            prop::sample::select(vec![
                "From: Kari <kari@example.no>", "From:", "To: samlop+a@example.no", "Subject: =?utf-8?q?", "Subject: Undeliverable: x",
                "Content-Type: multipart/mixed; boundary=b", "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"",
                "Content-Type: multipart/alternative; boundary=c", "Content-Type: message/delivery-status", "Content-Type: message/rfc822",
                "Content-Type: text/html", "Content-Type: text/plain; charset=utf-16; format=flowed", "Content-Transfer-Encoding: base64",
                "Content-Transfer-Encoding: quoted-printable", "Content-Disposition: inline; filename=\"=?", "Content-ID: <a", "Return-Path: <>",
                "Action: failed", "Status: 5", "Final-Recipient: rfc822;a@b", "Diagnostic-Code: ;", "X-Failed-Recipients: ,", "", "", "",
                "--b", "--b--", "--c", "--c--", "=C3=", "AAA", "> a", " folded", "<p>", "-- ", "\u{0}", "Hei.",
            ]),
            0..60,
        ),
        line_break in prop::sample::select(vec!["\n", "\r\n"]),
    ) {
        read(lines.join(line_break).as_bytes());
    }

    #[test]
    fn a_mail_that_was_changed_on_the_way_is_read(
        name in prop::sample::select(vec!["outlook", "gmail", "signature_with_picture", "postfix_failed", "exim_old", "pgp_encrypted"]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
        end in any::<prop::sample::Index>(),
    ) {
        let mut mail = source(name);
        for (place, byte) in changes {
            let place = place.index(mail.len());
            mail[place] = byte;
        }
        read(&mail);
        read(&mail[..end.index(mail.len())]);
    }
}
