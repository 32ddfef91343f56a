//! What was done is taken back as if it had not been, unless others have built upon it.

use chrono::TimeDelta;
use shared::alerts::{AlertKind, Recalled};
use shared::error::{AppError, Meanwhile};
use shared::id::{NoteId, ParticipantId, TaskId};
use shared::notes::{NoteForm, Visibility};
use shared::outbox::Delivery;
use shared::tasks::TaskForm;
use shared::time::oslo;
use shared::timeline::{Filter, What};
use shared::undo::{RESTORE_MINUTES, TakenBack, Undoable};
use store::SignedIn;
use store::testing::TestStore;

use crate::support::{id_of, record, refusal};

async fn a_task_that_was_done_by_mistake_is_open_and_nobody_has_heard_of_it(test: TestStore) {
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let lina = test.participant("Lina Testesen").await;
    let task = add_task(&test, &nav, lina, "inn").await;
    send_all(&test).await;
    inn.set_task_done(task, true).await.unwrap();
    assert_eq!(kinds(&nav).await, [AlertKind::TaskDone]);

    let taken_back = inn.take_back(Undoable::TaskDone(task)).await.unwrap();
    assert_eq!(taken_back, TakenBack::Done(Recalled { withdrawn: 1, gone: 0 }));
    assert_eq!(inn.open_task(task).await.unwrap().0.done_at, None);
    assert!(kinds(&nav).await.is_empty());
    assert!(test.letters(100).await.is_empty());

    let before = test.contents().await;
    assert_eq!(inn.undo_task_done(task).await.unwrap(), Recalled::default(), "twice is once");
    assert_eq!(test.contents().await, before);
}

async fn whoever_has_got_the_mail_is_told_that_the_task_is_open_again(test: TestStore) {
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let lina = test.participant("Lina Testesen").await;
    let task = add_task(&test, &nav, lina, "inn").await;
    inn.set_task_done(task, true).await.unwrap();
    send_all(&test).await;
    assert_eq!(inn.undo_task_done(task).await.unwrap(), Recalled { withdrawn: 0, gone: 1 });
    assert_eq!(kinds(&nav).await, [AlertKind::TaskChanged]);
}

async fn a_task_that_another_has_had_to_do_with_since_stays_done(test: TestStore) {
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let lina = test.participant("Lina Testesen").await;
    let changed = add_task(&test, &inn, lina, "inn").await;
    let reopened = add_task(&test, &inn, lina, "inn").await;
    let done_again = add_task(&test, &inn, lina, "inn").await;
    for task in [changed, reopened, done_again] {
        inn.set_task_done(task, true).await.unwrap();
    }
    test.clock.advance(TimeDelta::minutes(5));
    nav.change_task(changed, 1, &TaskForm { title: "Ring nå".into(), ..task_form(&test, lina, "inn").await })
        .await
        .unwrap();
    nav.set_task_done(reopened, false).await.unwrap();
    nav.set_task_done(done_again, false).await.unwrap();
    nav.set_task_done(done_again, true).await.unwrap();
    let at = oslo(test.clock.now());
    test.clock.advance(TimeDelta::minutes(5));
    let before = test.contents().await;
    for (task, what) in [(changed, "Ring nå"), (reopened, "Ring"), (done_again, "Ring")] {
        let by_nav = Meanwhile { what: what.into(), by: "nav Prøve".into(), at };
        assert_eq!(refusal(inn.undo_task_done(task).await), AppError::BuiltUpon(vec![by_nav]));
    }
    assert_eq!(test.contents().await, before);
}

async fn what_one_has_changed_oneself_since_is_no_hindrance(test: TestStore) {
    let inn = test.person("inn").await;
    let lina = test.participant("Lina Testesen").await;
    let task = add_task(&test, &inn, lina, "inn").await;
    inn.set_task_done(task, true).await.unwrap();
    inn.change_task(task, 1, &TaskForm { title: "Ring nå".into(), ..task_form(&test, lina, "inn").await })
        .await
        .unwrap();
    inn.undo_task_done(task).await.unwrap();
    let (seen, _) = inn.open_task(task).await.unwrap();
    assert_eq!((seen.title.as_str(), seen.done_at), ("Ring nå", None));
}

async fn a_note_that_was_brought_back_is_told_as_if_it_were_new(test: TestStore) {
    let (inn, nav, leder) = (test.person("inn").await, test.person("nav").await, test.person("leder").await);
    let lina = test.participant("Lina Testesen").await;
    leder.follow(lina).await.unwrap();
    let note = write(&inn, lina, "Ring praksisplassen, @nav.").await;
    inn.delete_note(note).await.unwrap();
    // Whoever opens the record now sees nothing of it, and has not read it.
    nav.mark_all_read().await.unwrap();
    assert!(record(&nav, lina).await.timeline.iter().all(|entry| !matches!(entry.what, What::Note(_))));
    assert!(test.letters(100).await.is_empty());
    test.clock.advance(TimeDelta::minutes(1));

    assert_eq!(inn.restore_note(note).await.unwrap(), 2);
    assert_eq!((kinds(&nav).await, kinds(&leder).await), (vec![AlertKind::Mentioned], vec![AlertKind::NoteWritten]));
    assert_eq!((nav.unread_alerts().await.unwrap(), leder.unread_alerts().await.unwrap()), (1, 1));
    test.clock.advance(TimeDelta::minutes(1));
    assert_eq!(test.letters(100).await.len(), 2);
    let story: Vec<What> =
        inn.record(lina, Filter::Notes).await.unwrap().timeline.into_iter().map(|entry| entry.what).collect();
    let [What::NoteRestored, What::NoteDeleted, What::Note(seen)] = &story[..] else { panic!("{story:?}") };
    assert_eq!(seen.text, "Ring praksisplassen, @nav.");

    let before = test.contents().await;
    assert_eq!(inn.restore_note(note).await.unwrap(), 0, "twice is once");
    assert_eq!(test.contents().await, before);
    // And it can be deleted and brought back again.
    inn.delete_note(note).await.unwrap();
    assert!(kinds(&nav).await.is_empty());
    inn.restore_note(note).await.unwrap();
    assert_eq!(nav.alerts().await.unwrap().len(), 1);
}

async fn whoever_knew_of_a_note_finds_the_alert_again_and_gets_no_second_mail(test: TestStore) {
    let (inn, nav, leder) = (test.person("inn").await, test.person("nav").await, test.person("leder").await);
    let lina = test.participant("Lina Testesen").await;
    for person in [&nav, &leder] {
        person.follow(lina).await.unwrap();
    }
    let note = write(&inn, lina, "Ringte.").await;
    // The leader has seen it in the list; the contact at NAV has got the mail.
    leder.mark_all_read().await.unwrap();
    send_all(&test).await;
    test.clock.advance(TimeDelta::minutes(1));
    inn.delete_note(note).await.unwrap();
    assert!(nav.alerts().await.unwrap().is_empty() && leder.alerts().await.unwrap().is_empty());

    assert_eq!(inn.restore_note(note).await.unwrap(), 0);
    assert_eq!((nav.unread_alerts().await.unwrap(), leder.unread_alerts().await.unwrap()), (1, 0));
    assert_eq!((kinds(&nav).await.len(), kinds(&leder).await.len()), (1, 1));
    test.clock.advance(TimeDelta::hours(1));
    assert!(test.letters(100).await.is_empty());
}

async fn a_note_comes_back_only_to_its_author_and_only_for_a_while(test: TestStore) {
    let (inn, leder) = (test.person("inn").await, test.person("leder").await);
    let lina = test.participant("Lina Testesen").await;
    let note = write(&inn, lina, "Ringte.").await;
    inn.delete_note(note).await.unwrap();
    let before = test.contents().await;
    assert_eq!(refusal(leder.restore_note(note).await), AppError::Forbidden);
    test.clock.advance(TimeDelta::minutes(RESTORE_MINUTES) + TimeDelta::seconds(1));
    let refused = refusal(inn.take_back(Undoable::NoteDeleted(note)).await);
    assert_eq!(refused, AppError::TooLate { minutes: RESTORE_MINUTES });
    assert_eq!(test.contents().await, before);
}

/// Hands over all mails that are due.
async fn send_all(test: &TestStore) {
    test.clock.advance(TimeDelta::minutes(10));
    for letter in test.letters(100).await {
        let sent = Delivery::sent("250 OK");
        test.store.system("test").finish_mail(letter.id, letter.attempt, sent).await.unwrap();
    }
}

async fn kinds(person: &SignedIn) -> Vec<AlertKind> {
    person.alerts().await.unwrap().into_iter().map(|alert| alert.kind).collect()
}

async fn write(person: &SignedIn, participant: ParticipantId, text: &str) -> NoteId {
    let form = NoteForm { participant, text: text.into(), visibility: Visibility::InnAndNav.code().into() };
    person.save_note(&form).await.unwrap().note
}

async fn task_form(test: &TestStore, participant: ParticipantId, assignee: &str) -> TaskForm {
    TaskForm {
        title: "Ring".into(),
        assignee: id_of(test, assignee).await,
        due: "30.11.2026".into(),
        ..TaskForm::about(participant)
    }
}

async fn add_task(test: &TestStore, by: &SignedIn, participant: ParticipantId, assignee: &str) -> TaskId {
    by.add_task(&task_form(test, participant, assignee).await).await.unwrap()
}

store::on_both_databases!(
    a_task_that_was_done_by_mistake_is_open_and_nobody_has_heard_of_it,
    whoever_has_got_the_mail_is_told_that_the_task_is_open_again,
    a_task_that_another_has_had_to_do_with_since_stays_done,
    what_one_has_changed_oneself_since_is_no_hindrance,
    a_note_that_was_brought_back_is_told_as_if_it_were_new,
    whoever_knew_of_a_note_finds_the_alert_again_and_gets_no_second_mail,
    a_note_comes_back_only_to_its_author_and_only_for_a_while,
);
