//! From a mail that comes in to a note, a refusal or nothing.

use shared::id::ParticipantId;
use shared::notes::NoteForm;
use shared::outbox::{AnswerProblem, Delivery, Letter, LetterContent, MailState};
use shared::timeline::{Filter, What};
use store::MailSearch;
use store::testing::TestStore;

use super::*;

store::on_both_databases![
    an_answer_becomes_a_note_by_the_one_who_wrote_it_once,
    an_answer_to_a_note_for_the_own_unit_stays_there,
    what_can_not_be_taken_is_told_to_its_sender_once_and_nothing_is_written,
    machines_and_strangers_are_told_nothing,
    a_returned_mail_marks_its_address_until_a_later_one_arrives,
];

async fn an_answer_becomes_a_note_by_the_one_who_wrote_it_once(test: TestStore) {
    let (participant, letter) = told(&test, "inn_and_nav").await;
    let mail = answer(
        "nav@example.no",
        &letter,
        "Jeg ringer i morgen.\r\n\r\nMvh Nav Prøve\r\n\r\n> Det er skrevet et nytt notat",
    );
    for _ in 0..2 {
        take(&test.store, read::read(mail.as_bytes())).await.unwrap();
    }
    assert_eq!(notes(&test, participant).await, ["Jeg ringer i morgen.", "Hei."]);
    let inn = test.person("inn").await.alerts().await.unwrap();
    assert_eq!((inn.len(), inn[0].by.as_str()), (1, "nav Prøve"));
    // The same words under another Message-ID are a replay too.
    let again = mail.replace("Message-ID: <svar", "Message-ID: <annet");
    take(&test.store, read::read(again.as_bytes())).await.unwrap();
    assert_eq!(notes(&test, participant).await.len(), 2);
}

async fn an_answer_to_a_note_for_the_own_unit_stays_there(test: TestStore) {
    let participant = test.participant("Lina Testesen").await;
    test.person("leder").await.follow(participant).await.unwrap();
    let form = NoteForm { participant, text: "Bare oss.".into(), visibility: "own_unit".into() };
    test.person("inn").await.save_note(&form).await.unwrap();
    let letter = test.letters(10).await.remove(0);
    take(&test.store, read::read(answer("leder@example.no", &letter, "Enig.").as_bytes())).await.unwrap();
    assert_eq!(notes_seen_by(&test, "inn2", participant).await, ["Enig.", "Bare oss."]);
    assert_eq!(notes_seen_by(&test, "nav", participant).await, [""; 0]);
}

async fn what_can_not_be_taken_is_told_to_its_sender_once_and_nothing_is_written(test: TestStore) {
    let (participant, letter) = told(&test, "inn_and_nav").await;
    let token = letter.answer.clone().unwrap();
    let good = answer("nav@example.no", &letter, "Jeg ringer.");
    let huge = format!("{good}{}", "x".repeat(10 << 20));
    let with_file = good
        .replace("Content-Type: text/plain; charset=utf-8", "Content-Type: multipart/mixed; boundary=b")
        .replace("\r\n\r\n", "\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHei\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\nx\r\n--b--\r\n");
    let spoilt = [
        (good.replace("Jeg ringer.", "Fnr 13897240054."), AnswerProblem::IdentityNumber),
        (good.replace("Jeg ringer.", ""), AnswerProblem::Empty),
        (good.replace("Jeg ringer.", &"Jeg ringer. ".repeat(2_000)), AnswerProblem::TooLong),
        (huge, AnswerProblem::TooLarge),
        (with_file, AnswerProblem::Attachment),
        (good.replace(&token, &token.replace(&token[40..], "00000000")), AnswerProblem::Address),
        (good.replace('+', ""), AnswerProblem::Address),
        (good.replace("From: nav@", "From: inn2@"), AnswerProblem::NotYours),
    ];
    for (place, (mail, problem)) in spoilt.into_iter().enumerate() {
        let mail = mail.replace("<svar-1@", &format!("<svar-{place}@"));
        for _ in 0..2 {
            take(&test.store, read::read(mail.as_bytes())).await.unwrap();
        }
        let refusals = test.letters(10).await;
        let [refusal] = &refusals[..] else { panic!("{problem:?}: {refusals:?}") };
        assert_eq!(refusal.content, LetterContent::AnswerRefused(problem));
        finish(&test, refusal).await;
    }
    test.deactivate("nav").await;
    take(&test.store, read::read(good.as_bytes())).await.unwrap();
    assert_eq!(notes(&test, participant).await, ["Hei."]);
}

async fn machines_and_strangers_are_told_nothing(test: TestStore) {
    let (participant, letter) = told(&test, "inn_and_nav").await;
    let before = test.contents().await;
    let good = answer("nav@example.no", &letter, "Jeg er borte.");
    for mail in [
        good.replace("From:", "Auto-Submitted: auto-replied\r\nFrom:"),
        good.replace("Subject: SV:", "Subject: Automatisk svar:"),
        good.replace("From: nav@", "From: fremmed@"),
        good.replace("From: nav@example.no", "From: MAILER-DAEMON@example.no"),
        String::new(),
        "\0\u{1}\u{2}".into(),
    ] {
        take(&test.store, read::read(mail.as_bytes())).await.unwrap();
        assert_eq!(test.contents().await, before, "{mail}");
    }
    assert_eq!(notes(&test, participant).await, ["Hei."]);
}

async fn a_returned_mail_marks_its_address_until_a_later_one_arrives(test: TestStore) {
    let (participant, letter) = told(&test, "inn_and_nav").await;
    let admin = test.person("admin").await;
    let report = format!(
        "From: MAILER-DAEMON@example.no\r\nTo: samlop@example.no\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
         Sorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.no\r\n\r\n\
         Final-Recipient: rfc822; nav@example.no\r\nAction: failed\r\nStatus: 5.1.1\r\n\
         Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
         Message-ID: <{}@samlop.example.no>\r\n\r\n--b--\r\n",
        letter.id
    );
    take(&test.store, read::read(report.replace(&letter.id.to_string(), "x").as_bytes())).await.unwrap();
    assert!(admin.mail_delivery(&MailSearch::default()).await.unwrap().bounced.is_empty(), "it names no mail of ours");
    take(&test.store, read::read(report.as_bytes())).await.unwrap();
    let shown = admin.mail_delivery(&MailSearch::default()).await.unwrap();
    assert_eq!(shown.rows[0].state, MailState::Failed);
    assert_eq!(shown.bounced[0].0, "nav@example.no");
    assert!(shown.bounced[0].1.contains("5.1.1"), "{:?}", shown.bounced);

    test.clock.advance(chrono::TimeDelta::hours(1));
    let form = NoteForm { participant, text: "Hei igjen.".into(), visibility: "inn_and_nav".into() };
    test.person("inn").await.save_note(&form).await.unwrap();
    let letter = test.letters(10).await.remove(0);
    finish(&test, &letter).await;
    assert!(admin.mail_delivery(&MailSearch::default()).await.unwrap().bounced.is_empty());
}

/// A participant about whom `inn` wrote "Hei.", and the mail to `nav` about it, which has been sent.
async fn told(test: &TestStore, visibility: &str) -> (ParticipantId, Letter) {
    let participant = test.participant("Lina Testesen").await;
    test.person("nav").await.follow(participant).await.unwrap();
    let form = NoteForm { participant, text: "Hei.".into(), visibility: visibility.into() };
    test.person("inn").await.save_note(&form).await.unwrap();
    let letter = test.letters(10).await.remove(0);
    finish(test, &letter).await;
    (participant, letter)
}

async fn finish(test: &TestStore, letter: &Letter) {
    test.store.system("test").finish_mail(letter.id, letter.attempt, Delivery::sent("250 OK")).await.unwrap();
}

fn answer(from: &str, letter: &Letter, text: &str) -> String {
    let token = letter.answer.as_deref().unwrap();
    format!(
        "From: {from}\r\nTo: svar+{token}@samlop.example.no\r\nSubject: SV: [Samløp] Nytt notat\r\n\
         Message-ID: <svar-1@example.no>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
}

async fn notes(test: &TestStore, participant: ParticipantId) -> Vec<String> {
    notes_seen_by(test, "inn", participant).await
}

/// The texts of the notes that somebody sees, newest first.
async fn notes_seen_by(test: &TestStore, name: &str, participant: ParticipantId) -> Vec<String> {
    let record = test.person(name).await.record(participant, Filter::Notes).await.unwrap();
    let words = |what| if let What::Note(note) = what { Some(note.text) } else { None };
    record.timeline.into_iter().filter_map(|entry| words(entry.what)).collect()
}
