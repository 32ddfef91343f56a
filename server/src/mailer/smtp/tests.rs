//! What becomes of a mail, and what is told about it, with a server that misbehaves.

use std::net::TcpListener;

use shared::outbox::Cause;

use super::*;
use crate::mailer::test_server::{Mood, TestServer};

/// Long enough for a server that answers, and soon over for one that does not.
const PATIENCE: Patience = Patience { talk: Duration::from_secs(2), verdict: Duration::from_secs(2) };

fn smtp(url: &str) -> Smtp {
    Smtp::new(url, None, &Host::parse("samlop.example.no").unwrap(), PATIENCE).unwrap()
}

fn mail_to(to: &str) -> Message {
    let from = "samlop@example.no".parse().unwrap();
    Message::builder().from(from).to(to.parse().unwrap()).body("Hei".to_owned()).unwrap()
}

fn mail() -> Message {
    mail_to("nav@example.no")
}

/// The steps with what was said, and a mark at the one that failed.
fn told(delivery: &Delivery) -> Vec<String> {
    let mark = |is_done| if is_done { "" } else { "!" };
    delivery.steps.iter().map(|step| format!("{}{:?}: {}", mark(step.is_done), step.kind, step.answer)).collect()
}

#[tokio::test]
async fn a_mail_that_is_taken_tells_each_step_in_the_servers_words() {
    let server = TestServer::start().await;
    let delivery = smtp(&server.url()).send(&mail(), Way::Any).await;
    assert_eq!((delivery.verdict, delivery.cause), (Verdict::Sent, None));
    assert_eq!(delivery.answer, "250 2.0.0 queued as 4711");
    assert_eq!(
        told(&delivery),
        [
            "Connect: test.example.no",
            "LogIn: 235 2.7.0 welcome",
            "Sender: 250 2.0.0 fine",
            "Recipient: 250 2.0.0 fine",
            "Content: 250 2.0.0 queued as 4711"
        ]
    );
}

#[tokio::test]
async fn a_second_mail_uses_the_same_connection_unless_it_shall_go_afresh() {
    let server = TestServer::start().await;
    let smtp = smtp(&server.url());
    smtp.send(&mail(), Way::Any).await;
    let second = told(&smtp.send(&mail(), Way::Any).await);
    assert_eq!(second[..2], ["Connect: ", "Sender: 250 2.0.0 fine"]);
    let third = told(&smtp.send(&mail(), Way::Fresh).await);
    assert_eq!(third[..2], ["Connect: test.example.no", "LogIn: 235 2.7.0 welcome"]);
    assert_eq!((server.count("EHLO"), server.arrived().len()), (2, 3));
}

#[tokio::test]
async fn an_answer_is_told_with_its_cause_and_only_what_concerns_this_mail_is_final() {
    for (command, words, cause, verdict) in [
        ("EHLO", "554 5.7.1 go away", Cause::HungUp, Verdict::Retry),
        ("AUTH", "535 5.7.8 wrong password", Cause::Login, Verdict::Retry),
        ("MAIL", "550 5.7.1 not you", Cause::Sender, Verdict::Retry),
        ("MAIL", "530 5.7.0 log in first", Cause::Login, Verdict::Retry),
        ("RCPT", "550 5.1.1 unknown", Cause::Recipient, Verdict::Refused),
        ("RCPT", "550 5.1.8 unknown sender", Cause::Sender, Verdict::Retry),
        ("RCPT", "552 5.2.2 full", Cause::MailboxFull, Verdict::Refused),
        ("RCPT", "452 4.2.2 full", Cause::MailboxFull, Verdict::Retry),
        ("RCPT", "450 4.2.0 greylisted", Cause::Busy, Verdict::Retry),
        ("RCPT", "530 5.7.0 log in first", Cause::Login, Verdict::Retry),
        ("DATA", "554 5.5.1 no", Cause::Content, Verdict::Refused),
        (".", "554 5.6.0 looks like spam", Cause::Content, Verdict::Refused),
        (".", "451 4.3.0 later", Cause::Busy, Verdict::Retry),
        (".", "538 5.7.11 encrypt first", Cause::Login, Verdict::Retry),
    ] {
        let server = TestServer::start().await;
        server.treat(command, Mood::Say(words));
        let delivery = smtp(&server.url()).send(&mail(), Way::Any).await;
        assert_eq!((delivery.cause, delivery.verdict), (Some(cause), verdict), "{command}: {words}");
        assert_eq!(delivery.answer, words);
        let (last, before) = delivery.steps.split_last().unwrap();
        assert!(!last.is_done && last.answer == words && before.iter().all(|step| step.is_done), "{delivery:?}");
    }
}

#[tokio::test]
async fn a_server_that_falls_silent_or_hangs_up_is_told_at_the_step_where_it_did() {
    let steps = [
        ("EHLO", StepKind::Connect),
        ("AUTH", StepKind::LogIn),
        ("MAIL", StepKind::Sender),
        ("RCPT", StepKind::Recipient),
        ("DATA", StepKind::Content),
        (".", StepKind::Content),
    ];
    let tries = steps.into_iter().flat_map(|(command, step)| {
        [(Mood::Hang, Cause::Silence), (Mood::HangUp, Cause::HungUp)].map(|(mood, cause)| async move {
            let server = TestServer::start().await;
            server.treat(command, mood);
            let smtp = smtp(&server.url());
            let delivery = smtp.send(&mail(), Way::Any).await;
            assert_eq!((delivery.cause, delivery.verdict), (Some(cause), Verdict::Retry), "{command}");
            assert_eq!(delivery.steps.last().map(|step| (step.kind, step.is_done)), Some((step, false)), "{command}");
            assert!(smtp.idle().is_empty(), "{command}");
        })
    });
    futures::future::join_all(tries).await;
}

#[tokio::test]
async fn where_nothing_listens_the_server_is_unreachable() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    // No name is that long.
    let nameless = format!("smtp://{}.example.no", "a".repeat(64));
    for url in [format!("smtp://127.0.0.1:{port}"), nameless] {
        let delivery = smtp(&url).send(&mail(), Way::Any).await;
        assert_eq!((delivery.cause, delivery.verdict), (Some(Cause::Unreachable), Verdict::Retry), "{delivery:?}");
        assert!(!delivery.answer.is_empty());
        assert_eq!(told(&delivery), [format!("!Connect: {}", delivery.answer)]);
    }
}

#[tokio::test]
async fn encryption_that_is_demanded_but_not_offered_is_told_before_the_password() {
    let server = TestServer::start().await;
    let delivery = smtp(&format!("{}?tls=required", server.url())).send(&mail(), Way::Any).await;
    assert_eq!((delivery.cause, delivery.verdict), (Some(Cause::NoEncryption), Verdict::Retry));
    assert_eq!(told(&delivery), ["Connect: test.example.no", "!Encrypt: "]);
    assert_eq!(server.count("AUTH"), 0);
}

#[tokio::test]
async fn a_server_that_speaks_unencrypted_where_encryption_is_expected_is_told_so() {
    let server = TestServer::start().await;
    let url = server.url().replace("smtp://", "smtps://");
    let delivery = smtp(&url).send(&mail(), Way::Any).await;
    assert_eq!((delivery.cause, delivery.verdict), (Some(Cause::Encryption), Verdict::Retry), "{delivery:?}");
}

#[tokio::test]
async fn a_server_that_offers_no_login_is_told_as_a_problem_with_the_login() {
    let server = TestServer::start().await;
    server.treat("EHLO", Mood::Say("250 test.example.no"));
    let delivery = smtp(&server.url()).send(&mail(), Way::Any).await;
    assert_eq!((delivery.cause, delivery.verdict), (Some(Cause::Login), Verdict::Retry), "{delivery:?}");
}

#[tokio::test]
async fn what_is_no_mail_server_is_unreachable() {
    let server = TestServer::start().await;
    server.treat("EHLO", Mood::Say("HTTP/1.1 400 Bad Request"));
    let delivery = smtp(&server.url()).send(&mail(), Way::Any).await;
    assert_eq!((delivery.cause, delivery.verdict), (Some(Cause::Unreachable), Verdict::Retry), "{delivery:?}");
}

#[tokio::test]
async fn letters_that_the_server_can_not_take_refuse_the_mail_and_keep_the_connection() {
    let server = TestServer::start().await;
    let smtp = smtp(&server.url());
    let delivery = smtp.send(&mail_to("bjørn@example.no"), Way::Any).await;
    assert_eq!((delivery.cause, delivery.verdict), (Some(Cause::Letters), Verdict::Refused));
    assert_eq!(told(&delivery).last().map(String::as_str), Some("!Recipient: "));
    assert_eq!(smtp.send(&mail(), Way::Any).await.verdict, Verdict::Sent);
    assert_eq!(server.count("EHLO"), 1);
}
