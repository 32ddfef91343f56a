//! The outbox: each promised mail is handed out to one mailer at a time, until it is sent, refused, given up
//! or not needed any more.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use futures::FutureExt;
use shared::alerts::{AlertKind, TOLD_FOR_MINUTES};
use shared::error::AppError;
use shared::id::{MailId, ParticipantId};
use shared::locale::Locale;
use shared::notes::{NoteForm, Visibility};
use shared::outbox::{Cause, Delivery, Letter, LetterContent, MailRow, MailState, TRIES_MAX};
use shared::participants::DetailsForm;
use shared::tasks::TaskForm;
use store::testing::TestStore;
use store::{ClaimedMail, MAIL_LEASE_SECONDS, MailSearch};

use crate::support::{board, id_of, nav_contact, record, refusal};

async fn a_letter_tells_what_happened_and_the_reference_but_no_name(test: TestStore) {
    let lina = followed_by(&test, &["nav"]).await;
    test.person("nav").await.choose_locale(Locale::Nn).await.unwrap();
    write_notes(&test, lina, 1).await;
    let [letter] = &claim(&test, 10).await[..] else { panic!("one letter") };
    let reference = board(&test.person("inn").await).await.columns.remove(0).cards.remove(0).reference;
    assert_eq!((letter.to.as_str(), letter.locale, letter.attempt), ("nav@example.no", Locale::Nn, 1));
    let LetterContent::Alerts(told) = &letter.content else { panic!("no alert") };
    assert_eq!((&told.reference, told.participant, told.count), (&reference, lina, 1));
    let all = format!("{letter:?} {:?}", rows(&test).await);
    for secret in ["Lina", "Testesen", "Kartlegging", "praksisstedet"] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
}

async fn each_mail_goes_to_one_of_many_mailers(test: TestStore) {
    for _ in 0..10 {
        let lina = followed_by(&test, &["nav", "leder", "inn2"]).await;
        write_notes(&test, lina, 1).await;
    }
    let mailers = (0..4).map(|_| {
        let system = test.store.system("test");
        tokio::spawn(async move {
            let mut claimed = Vec::new();
            loop {
                let letters = system.claim_mails(3, &[], &[]).await.unwrap();
                if letters.is_empty() {
                    return claimed;
                }
                claimed.extend(letters.iter().map(ClaimedMail::id));
            }
        })
    });
    let mut claimed = Vec::new();
    for mailer in mailers.collect::<Vec<_>>() {
        claimed.extend(mailer.await.unwrap());
    }
    assert_eq!(claimed.len(), 30);
    assert_eq!(claimed.into_iter().collect::<BTreeSet<MailId>>().len(), 30, "none of them twice");
    assert!(claim(&test, 10).await.is_empty());
}

async fn a_mail_whose_mailer_died_is_free_again_after_its_lease(test: TestStore) {
    let lina = followed_by(&test, &["nav"]).await;
    write_notes(&test, lina, 1).await;
    let first = claim_one(&test).await;
    test.clock.advance(TimeDelta::seconds(MAIL_LEASE_SECONDS - 1));
    assert!(claim(&test, 10).await.is_empty());
    test.clock.advance(TimeDelta::seconds(1));
    let again = claim_one(&test).await;
    assert_eq!((again.id, again.attempt), (first.id, 2));
}

async fn a_sent_mail_is_never_handed_out_again(test: TestStore) {
    let lina = followed_by(&test, &["nav"]).await;
    write_notes(&test, lina, 1).await;
    let letter = claim_one(&test).await;
    finish(&test, &letter, Delivery::sent("250 OK")).await;
    test.clock.advance(TimeDelta::days(1));
    assert!(claim(&test, 10).await.is_empty());
    let row = rows(&test).await.remove(0);
    assert_eq!((row.state, row.answer.as_deref(), row.attempts), (MailState::Sent, Some("250 OK"), 1));
    // A mailer that was slower than its lease does not make it undone.
    finish(&test, &letter, Delivery::refused(Cause::Recipient, "550 no")).await;
    finish(&test, &letter, Delivery::retry(Cause::Busy, "421 later")).await;
    assert_eq!(rows(&test).await.remove(0).state, MailState::Sent);
}

async fn pauses_between_tries_grow(test: TestStore) {
    let lina = followed_by(&test, &["nav"]).await;
    write_notes(&test, lina, 1).await;
    for (tries, pause) in [(1, 10), (2, 20), (3, 40), (4, 80)] {
        let letter = claim_one(&test).await;
        assert_eq!(letter.attempt, tries);
        finish(&test, &letter, Delivery::retry(Cause::Busy, "421 later")).await;
        test.clock.advance(TimeDelta::seconds(pause - 1));
        assert!(claim(&test, 10).await.is_empty(), "{tries} tries");
        // Chance makes a pause up to a fifth longer.
        test.clock.advance(TimeDelta::seconds(1 + pause / 5));
    }
    let row = rows(&test).await.remove(0);
    assert_eq!((row.state, row.answer.as_deref()), (MailState::Queued, Some("421 later")));
}

async fn a_mail_is_given_up_after_many_tries_and_can_be_sent_again(test: TestStore) {
    let lina = followed_by(&test, &["nav"]).await;
    write_notes(&test, lina, 1).await;
    for attempt in 1..=TRIES_MAX {
        assert_eq!(rows(&test).await[0].state, MailState::Queued, "after {attempt} tries");
        let letter = claim_one(&test).await;
        assert_eq!(letter.attempt, attempt);
        finish(&test, &letter, Delivery::retry(Cause::Busy, "421 later")).await;
        test.clock.advance(TimeDelta::hours(2));
    }
    assert_eq!(rows(&test).await[0].state, MailState::Failed);
    test.clock.advance(TimeDelta::days(1));
    assert!(claim(&test, 10).await.is_empty());

    test.person("admin").await.resend_mail(rows(&test).await[0].id).await.unwrap();
    let letter = claim_one(&test).await;
    assert_eq!(letter.attempt, 1);
    finish(&test, &letter, Delivery::retry(Cause::Busy, "421 later")).await;
    assert_eq!(rows(&test).await[0].state, MailState::Queued, "the tries began anew");
}

async fn only_a_mail_that_failed_is_sent_again(test: TestStore) {
    let lina = followed_by(&test, &["nav"]).await;
    write_notes(&test, lina, 1).await;
    let admin = test.person("admin").await;
    let letter = claim_one(&test).await;
    assert_eq!(refusal(admin.resend_mail(letter.id).await), AppError::NotFound);
    finish(&test, &letter, Delivery::refused(Cause::Recipient, "550 unknown")).await;
    let row = rows(&test).await.remove(0);
    assert_eq!((row.state, row.answer.as_deref()), (MailState::Failed, Some("550 unknown")));
    admin.resend_mail(letter.id).await.unwrap();
    let letter = claim_one(&test).await;
    finish(&test, &letter, Delivery::sent("250 OK")).await;
    assert_eq!(refusal(admin.resend_mail(letter.id).await), AppError::NotFound);
}

async fn whoever_lost_access_or_account_gets_no_mail(test: TestStore) {
    let lina = followed_by(&test, &["nav", "leder", "inn2"]).await;
    write_notes(&test, lina, 1).await;
    test.deactivate("leder").await;
    let inn = test.person("inn").await;
    let details = record(&inn, lina).await.details;
    let nobody = DetailsForm { nav_office: String::new(), ..DetailsForm::filled(&details) };
    inn.change_details(lina, 1, &nobody).await.unwrap();

    assert_eq!(claim_one(&test).await.to.as_str(), "inn2@example.no");
    let dropped: BTreeSet<String> =
        rows(&test).await.into_iter().filter(|row| row.state == MailState::Dropped).map(|row| row.recipient).collect();
    assert_eq!(dropped, BTreeSet::from(["leder@example.no".to_owned(), "nav@example.no".to_owned()]));
    test.clock.advance(TimeDelta::days(1));
    assert_eq!(claim(&test, 10).await.len(), 1, "what was dropped does not come back");
}

async fn whoever_left_the_unit_gets_no_mail_about_its_own_notes(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    let details = record(&inn, lina).await.details;
    let west = DetailsForm { nav_office: test.nav_west.to_string(), ..DetailsForm::filled(&details) };
    inn.change_details(lina, 1, &west).await.unwrap();
    test.forget_handovers().await;
    nav_contact(&test, "vikar", test.nav_east, test.nav_west).await;
    for name in ["nav", "vikar"] {
        test.person(name).await.follow(lina).await.unwrap();
    }
    // Both belong to the eastern office and cover the western one, so the note reaches the other.
    let form = NoteForm { visibility: Visibility::OwnUnit.code().into(), ..note(lina) };
    assert_eq!(test.person("nav").await.save_note(&form).await.unwrap().alerted, 1);
    // Then the colleague moves to the western office: the participant's, but not the note's.
    let west = "(SELECT id FROM organisations WHERE name = 'Nav Prøveby vest')";
    test.execute(&format!("UPDATE users SET organisation_id = {west} WHERE email = 'vikar@example.no'")).await;
    assert!(claim(&test, 10).await.is_empty());
    assert_eq!(rows(&test).await[0].state, MailState::Dropped);
}

async fn a_task_that_somebody_else_has_got_since_is_not_announced(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    let form = TaskForm {
        title: "Ring".into(),
        assignee: id_of(&test, "nav").await,
        due: "30.11.2026".into(),
        ..TaskForm::about(lina)
    };
    let id = inn.add_task(&form).await.unwrap();
    let form = TaskForm { assignee: id_of(&test, "leder").await, ..form };
    inn.change_task(id, 1, &form).await.unwrap();
    let told: Vec<(String, AlertKind)> = claim(&test, 10).await.into_iter().map(alert_kind).collect();
    let expected = [("leder@example.no", AlertKind::TaskAssigned), ("nav@example.no", AlertKind::TaskChanged)];
    assert_eq!(told.into_iter().collect::<BTreeSet<_>>(), expected.map(|(to, kind)| (to.to_owned(), kind)).into());
    let dropped: Vec<MailRow> = rows(&test).await.into_iter().filter(|row| row.state == MailState::Dropped).collect();
    assert_eq!(dropped.len(), 1);
    assert_eq!((dropped[0].recipient.as_str(), dropped[0].alerts), ("nav@example.no", Some(AlertKind::TaskAssigned)));
}

async fn a_mail_about_which_something_is_wrong_does_not_hold_up_the_others(test: TestStore) {
    let lina = followed_by(&test, &["nav", "inn2"]).await;
    write_notes(&test, lina, 1).await;
    test.execute("UPDATE users SET email = 'nobody' WHERE email = 'nav@example.no'").await;
    assert_eq!(claim_one(&test).await.to.as_str(), "inn2@example.no");
    let failed: Vec<MailRow> = rows(&test).await.into_iter().filter(|mail| mail.state == MailState::Failed).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].answer.as_deref(), Some("unexpected data: users.email"));
}

async fn an_administrator_sends_herself_a_test_mail(test: TestStore) {
    let admin = test.person("admin").await;
    admin.send_test_mail().await.unwrap();
    let letter = claim_one(&test).await;
    assert_eq!((letter.to.as_str(), &letter.content), ("admin@example.no", &LetterContent::Test));
    assert_eq!(refusal(test.person("leder").await.send_test_mail().await), AppError::Forbidden);
}

async fn delivery_shows_the_newest_first_how_many_and_since_when_they_wait(test: TestStore) {
    let lina = followed_by(&test, &["nav"]).await;
    write_notes(&test, lina, 1).await;
    let oldest = test.clock.now();
    test.clock.advance(TimeDelta::minutes(1));
    let admin = test.person("admin").await;
    admin.send_test_mail().await.unwrap();
    let shown = admin.mail_delivery(&MailSearch::default()).await.unwrap();
    let recipients: Vec<&str> = shown.rows.iter().map(|row| row.recipient.as_str()).collect();
    assert_eq!(recipients, ["admin@example.no", "nav@example.no"]);
    assert_eq!(
        (shown.figures.counts[&MailState::Queued], shown.figures.counts[&MailState::Sent], shown.figures.oldest),
        (2, 0, Some(oldest))
    );
    for letter in claim(&test, 10).await {
        finish(&test, &letter, Delivery::sent("250 OK")).await;
    }
    let figures = test.store.system("test").mail_figures().await.unwrap();
    let counts = figures.counts;
    assert_eq!((counts[&MailState::Queued], counts[&MailState::Sent], figures.oldest), (0, 2, None));
}

async fn the_mailer_is_woken_when_a_mail_has_been_promised(test: TestStore) {
    let lina = followed_by(&test, &["nav"]).await;
    test.store.mail_waits().now_or_never();
    assert!(test.store.mail_waits().now_or_never().is_none());
    write_notes(&test, lina, 1).await;
    assert!(test.store.mail_waits().now_or_never().is_some());
    assert!(test.store.mail_waits().now_or_never().is_none());
}

/// A participant with these followers besides `inn`, who registered her.
async fn followed_by(test: &TestStore, names: &[&str]) -> ParticipantId {
    let participant = test.participant("Lina Testesen").await;
    for name in names {
        test.person(name).await.follow(participant).await.unwrap();
    }
    participant
}

/// To whom a letter goes, and of what kind its alerts are.
fn alert_kind(letter: Letter) -> (String, AlertKind) {
    let LetterContent::Alerts(alerts) = letter.content else { panic!("no alerts") };
    (letter.to.to_string(), alerts.kind)
}

fn note(participant: ParticipantId) -> NoteForm {
    let visibility = Visibility::InnAndNav.code().to_owned();
    NoteForm { participant, text: "Ringte praksisstedet.".into(), visibility }
}

async fn write_notes(test: &TestStore, participant: ParticipantId, count: usize) {
    let inn = test.person("inn").await;
    for _ in 0..count {
        // So long after the one before that a mail of its own tells of it.
        test.clock.advance(TimeDelta::minutes(TOLD_FOR_MINUTES));
        inn.save_note(&note(participant)).await.unwrap();
    }
}

async fn claim(test: &TestStore, most: u64) -> Vec<Letter> {
    test.letters(most).await
}

async fn claim_one(test: &TestStore) -> Letter {
    let mut letters = claim(test, 10).await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    letters.remove(0)
}

async fn finish(test: &TestStore, letter: &Letter, delivery: Delivery) {
    test.store.system("test").finish_mail(letter.id, letter.attempt, delivery).await.unwrap();
}

async fn rows(test: &TestStore) -> Vec<MailRow> {
    test.person("admin").await.mail_delivery(&MailSearch::default()).await.unwrap().rows
}

store::on_both_databases!(
    a_letter_tells_what_happened_and_the_reference_but_no_name,
    each_mail_goes_to_one_of_many_mailers,
    a_mail_whose_mailer_died_is_free_again_after_its_lease,
    a_sent_mail_is_never_handed_out_again,
    pauses_between_tries_grow,
    a_mail_is_given_up_after_many_tries_and_can_be_sent_again,
    only_a_mail_that_failed_is_sent_again,
    whoever_lost_access_or_account_gets_no_mail,
    whoever_left_the_unit_gets_no_mail_about_its_own_notes,
    a_task_that_somebody_else_has_got_since_is_not_announced,
    a_mail_about_which_something_is_wrong_does_not_hold_up_the_others,
    an_administrator_sends_herself_a_test_mail,
    delivery_shows_the_newest_first_how_many_and_since_when_they_wait,
    the_mailer_is_woken_when_a_mail_has_been_promised,
);
