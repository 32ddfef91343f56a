//! Who is told of what, for which reason, and when by mail.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use shared::alerts::choices::{Choices, ChoicesForm, Leave, Way};
use shared::alerts::{Alert, AlertKind, Mailed, Reason, TOLD_FOR_MINUTES, Unmailed};
use shared::id::{NoteId, ParticipantId, UserId};
use shared::notes::{NoteForm, Visibility};
use shared::outbox::{Cause, ContentLevel, Delivery, Letter, LetterContent, MailRow, MailState};
use shared::participants::{ContactsForm, DetailsForm, NewParticipantForm};
use shared::tasks::TaskForm;
use store::testing::TestStore;
use store::{MailSearch, SignedIn};

use crate::support::{board, id_of, record, to_end};

async fn each_trigger_tells_whom_it_concerns_and_says_why(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let (inn, nav, leder) = (test.person("inn").await, test.person("nav").await, test.person("leder").await);
    leder.follow(lina).await.unwrap();
    let told = async |person: &SignedIn| {
        let told =
            person.alerts().await.unwrap().into_iter().map(|alert| (alert.kind, alert.reason)).collect::<Vec<_>>();
        test.execute("DELETE FROM alerts").await;
        test.execute("DELETE FROM mails").await;
        told
    };

    write(&inn, lina, "Spør @nav Prøve om kurset.").await;
    assert_eq!(nav.alerts().await.unwrap()[0].kind, AlertKind::Mentioned, "she does not follow, but is named");
    assert_eq!(told(&leder).await, [(AlertKind::NoteWritten, Reason::Follows)]);

    let card = record(&inn, lina).await.enrolments[0].id;
    inn.move_card(&to_end(card, 1, test.phases().await[1])).await.unwrap();
    assert_eq!(told(&leder).await, [(AlertKind::Moved, Reason::Follows)]);

    let contacts = ContactsForm { inn_contact: id_of(&test, "leder").await, nav_contact: id_of(&test, "nav").await };
    inn.choose_contacts(card, &contacts).await.unwrap();
    assert_eq!(nav.alerts().await.unwrap()[0].kind, AlertKind::MadeContact);
    assert_eq!(told(&leder).await, [(AlertKind::MadeContact, Reason::Contact)]);

    let task = inn.add_task(&task(&test, lina, "nav", "30.11.2026").await).await.unwrap();
    assert_eq!(told(&nav).await, [(AlertKind::TaskAssigned, Reason::Assignee)]);
    nav.set_task_done(task, true).await.unwrap();
    assert_eq!(leder.alerts().await.unwrap()[0].reason, Reason::Follows);
    assert_eq!(told(&inn).await, [(AlertKind::TaskDone, Reason::MadeTask)], "who made it and follows too is told once");
}

async fn an_office_that_becomes_responsible_is_told_unless_somebody_there_is_contact(test: TestStore) {
    let inn = test.person("inn").await;
    let mut form = NewParticipantForm::default();
    form.details.name = "Lina Testesen".into();
    let lina = inn.add_participant("introlop", &form).await.unwrap();
    let details = record(&inn, lina).await.details;
    let west = DetailsForm { nav_office: test.nav_west.to_string(), ..DetailsForm::filled(&details) };
    inn.change_details(lina, 1, &west).await.unwrap();
    for name in ["nav", "nav-west"] {
        let alerts = test.person(name).await.alerts().await.unwrap();
        assert_eq!(kinds(&alerts), [(AlertKind::HandedOver, Reason::Office)], "{name}");
    }
    form.details.name = "Omar Kladdeng".into();
    form.details.nav_office = test.nav_west.to_string();
    form.nav_contact = id_of(&test, "nav-west").await;
    inn.add_participant("introlop", &form).await.unwrap();
    assert_eq!(test.person("nav-west").await.alerts().await.unwrap()[0].kind, AlertKind::MadeContact);
    assert_eq!(test.person("nav").await.alerts().await.unwrap().len(), 1, "a colleague is contact");
}

async fn ten_notes_in_five_minutes_are_one_mail_until_somebody_has_been_to_see(test: TestStore) {
    let lina = followed_by_nav(&test).await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    for count in 0..10 {
        write(&inn, lina, "Et notat.").await;
        // The first one goes out at once.
        if count == 0 {
            let letters = claim(&test).await;
            assert_eq!(letters.len(), 1);
            finish(&test, &letters[0], Delivery::sent("250 OK")).await;
        }
        test.clock.advance(TimeDelta::seconds(29));
    }
    assert!(claim(&test).await.is_empty());
    assert_eq!(rows(&test).await.len(), 1);
    let alerts = nav.alerts().await.unwrap();
    assert_eq!(alerts.len(), 10);
    assert!(alerts.iter().all(|alert| matches!(alert.mailed, Mailed::Sent(_))), "{alerts:?}");

    record(&nav, lina).await;
    write(&inn, lina, "Enda et notat.").await;
    let letters = claim(&test).await;
    assert_eq!(letters.len(), 1, "she has been to see, and is told anew");
    finish(&test, &letters[0], Delivery::sent("250 OK")).await;
    test.clock.advance(TimeDelta::minutes(TOLD_FOR_MINUTES));
    write(&inn, lina, "Og ett til.").await;
    assert_eq!(claim(&test).await.len(), 1, "five minutes are over");
}

async fn notes_that_wait_together_are_one_mail_that_says_how_many(test: TestStore) {
    let lina = followed_by_nav(&test).await;
    let inn = test.person("inn").await;
    write(&inn, lina, "Et notat.").await;
    test.clock.advance(TimeDelta::hours(3));
    write(&inn, lina, "Enda et notat.").await;
    let [letter] = &claim(&test).await[..] else { panic!("one letter") };
    let LetterContent::Alerts(alerts) = &letter.content else { panic!("alerts") };
    assert_eq!((alerts.kind, alerts.count), (AlertKind::NoteWritten, 2));
}

async fn where_whole_texts_are_told_no_text_is_left_out(test: TestStore) {
    let lina = followed_by_nav(&test).await;
    let inn = test.person("inn").await;
    test.person("admin").await.choose_mail_content(ContentLevel::Full).await.unwrap();
    write(&inn, lina, "Det første.").await;
    let first = claim(&test).await;
    finish(&test, &first[0], Delivery::sent("250 OK")).await;
    for text in ["Det andre.", "Det tredje."] {
        write(&inn, lina, text).await;
    }
    assert!(claim(&test).await.is_empty(), "the next mail waits until five minutes after the first");
    test.clock.advance(TimeDelta::minutes(TOLD_FOR_MINUTES));
    let told: Vec<Vec<String>> = [first, claim(&test).await].concat().into_iter().map(texts).collect();
    assert_eq!(told, [vec!["Det første."], vec!["Det andre.", "Det tredje."]]);
}

async fn initials_are_told_where_the_unit_allows_them(test: TestStore) {
    let lina = followed_by_nav(&test).await;
    test.person("admin").await.choose_mail_content(ContentLevel::Initials).await.unwrap();
    write(&test.person("inn").await, lina, "Et notat.").await;
    let LetterContent::Alerts(alerts) = claim(&test).await.remove(0).content else { panic!("alerts") };
    assert_eq!((alerts.who.as_deref(), alerts.texts.len()), (Some("LT"), 0));
}

async fn a_digest_gathers_what_happened_until_the_next_working_days_morning(test: TestStore) {
    let lina = followed_by_nav(&test).await;
    let omar = test.participant("Omar Kladdeng").await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    nav.follow(omar).await.unwrap();
    choose(&nav, Choices { ways: [(AlertKind::NoteWritten, Way::Digest)].into(), ..Choices::default() }).await;
    for participant in [lina, omar, lina] {
        write(&inn, participant, "Et notat.").await;
        test.clock.advance(TimeDelta::minutes(10));
    }
    assert!(claim(&test).await.is_empty());
    assert_eq!(rows(&test).await.len(), 1);
    test.clock.advance(TimeDelta::hours(23));
    let [letter] = &claim(&test).await[..] else { panic!("one letter") };
    let LetterContent::Digest(lines, _) = &letter.content else { panic!("a digest") };
    let lines: BTreeMap<ParticipantId, usize> = lines.iter().map(|line| (line.participant, line.count)).collect();
    assert_eq!(lines, BTreeMap::from([(lina, 2), (omar, 1)]));
    finish(&test, letter, Delivery::sent("250 OK")).await;

    // What she has read by then is no news, and an empty digest is not sent.
    write(&inn, lina, "Enda et notat.").await;
    record(&nav, lina).await;
    test.clock.advance(TimeDelta::days(1));
    assert!(claim(&test).await.is_empty());
    assert_eq!(nav.alerts().await.unwrap()[0].mailed, Mailed::No(Unmailed::Read));
}

async fn whoever_wants_no_mail_sees_the_alert_all_the_same(test: TestStore) {
    let lina = followed_by_nav(&test).await;
    let nav = test.person("nav").await;
    choose(&nav, Choices { ways: [(AlertKind::NoteWritten, Way::Off)].into(), ..Choices::default() }).await;
    write(&test.person("inn").await, lina, "Et notat.").await;
    assert!(rows(&test).await.is_empty());
    assert_eq!(nav.alerts().await.unwrap()[0].mailed, Mailed::No(Unmailed::Off));
}

async fn a_mail_that_waits_to_be_read_in_samlop_is_not_sent_after_that(test: TestStore) {
    let lina = followed_by_nav(&test).await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    choose(&nav, Choices { grace_minutes: 10, ..Choices::default() }).await;
    write(&inn, lina, "Et notat.").await;
    assert!(claim(&test).await.is_empty());
    record(&nav, lina).await;
    test.clock.advance(TimeDelta::minutes(10));
    assert!(claim(&test).await.is_empty());
    assert_eq!(nav.alerts().await.unwrap()[0].mailed, Mailed::No(Unmailed::Read));
    write(&inn, lina, "Enda et notat.").await;
    test.clock.advance(TimeDelta::minutes(10));
    assert_eq!(claim(&test).await.len(), 1);
}

async fn during_leave_a_deputy_with_access_gets_the_mail(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let (inn2, leder) = (test.person("inn2").await, test.person("leder").await);
    inn2.follow(lina).await.unwrap();
    let today = test.store.today();
    let leave = |deputy: &SignedIn| Some(Leave { from: today, until: today, deputy: deputy.me().id });
    let inn = test.person("inn").await;
    choose(&inn2, Choices { leave: leave(&inn), ..Choices::default() }).await;
    let nav = test.person("nav").await;
    write(&nav, lina, "Et notat.").await;
    let alerts = inn.alerts().await.unwrap();
    assert_eq!(alerts.len(), 1, "she follows herself, and is told once");
    assert_eq!(alerts[0].on_behalf_of, None);
    assert_eq!(inn2.alerts().await.unwrap()[0].mailed, Mailed::No(Unmailed::PassedOn));

    inn.unfollow(lina).await.unwrap();
    write(&nav, lina, "Enda et notat.").await;
    assert_eq!(inn.alerts().await.unwrap()[0].on_behalf_of.as_deref(), Some("inn2 Prøve"));
    let to: Vec<String> = claim(&test).await.into_iter().map(|letter| letter.to.to_string()).collect();
    assert_eq!(to, ["inn@example.no"; 2].map(str::to_owned)[..to.len()], "nothing to whoever is away");

    test.clock.advance(TimeDelta::days(1));
    write(&nav, lina, "Dagen etter.").await;
    assert!(matches!(inn2.alerts().await.unwrap()[0].mailed, Mailed::Waits(_)));
    assert_eq!(leder.unread_alerts().await.unwrap(), 0);
}

async fn a_deputy_must_be_a_colleague(test: TestStore) {
    let (inn, today) = (test.person("inn").await, test.store.today());
    for name in ["stranger", "nav", "inn", "admin"] {
        let deputy = test.person(name).await.me().id;
        let form = ChoicesForm::filled(&Choices {
            leave: Some(Leave { from: today, until: today, deputy }),
            ..Choices::default()
        });
        assert!(inn.choose_alerts(&form).await.is_err(), "{name}");
    }
    let (_, deputies) = inn.alert_choices().await.unwrap();
    assert_eq!(deputies.iter().map(|person| person.name.as_str()).collect::<Vec<_>>(), ["inn2 Prøve"]);
}

async fn choices_are_kept(test: TestStore) {
    let nav = test.person("nav").await;
    assert_eq!(nav.alert_choices().await.unwrap().0, Choices::default());
    let chosen = Choices {
        ways: [(AlertKind::Moved, Way::Digest), (AlertKind::TaskDone, Way::Off)].into(),
        quiet_from: chrono::NaiveTime::from_hms_opt(16, 30, 0),
        remind_days: 3,
        grace_minutes: 2,
        ..Choices::default()
    };
    choose(&nav, chosen.clone()).await;
    assert_eq!(nav.alert_choices().await.unwrap().0, chosen);
    choose(&nav, Choices::default()).await;
    assert_eq!(nav.alert_choices().await.unwrap().0, Choices::default());
}

async fn a_deleted_note_takes_back_what_was_not_sent_and_counts_what_was(test: TestStore) {
    let lina = followed_by_nav(&test).await;
    let (inn, nav, leder) = (test.person("inn").await, test.person("nav").await, test.person("leder").await);
    leder.follow(lina).await.unwrap();
    choose(&leder, Choices { grace_minutes: 10, ..Choices::default() }).await;
    let note = write(&inn, lina, "Feil deltaker!").await;
    let letters = claim(&test).await;
    finish(&test, &letters[0], Delivery::sent("250 OK")).await;
    let recalled = inn.delete_note(note).await.unwrap();
    assert_eq!((recalled.withdrawn, recalled.gone), (1, 1));
    for person in [&nav, &leder] {
        assert!(person.alerts().await.unwrap().is_empty());
        assert!(!format!("{:?}", record(person, lina).await.timeline).contains("Feil"));
    }
    test.clock.advance(TimeDelta::hours(1));
    assert!(claim(&test).await.is_empty());
    assert!(inn.delete_note(note).await.is_err(), "once");

    let old = write(&inn, lina, "Et notat.").await;
    test.clock.advance(TimeDelta::minutes(shared::notes::FRESH_MINUTES));
    assert!(inn.delete_note(old).await.is_err(), "it is not fresh any more");
}

async fn a_note_that_waits_with_others_leaves_them_in_the_mail(test: TestStore) {
    let lina = followed_by_nav(&test).await;
    let inn = test.person("inn").await;
    let first = write(&inn, lina, "Det første.").await;
    write(&inn, lina, "Det andre.").await;
    let recalled = inn.delete_note(first).await.unwrap();
    assert_eq!((recalled.withdrawn, recalled.gone), (1, 0));
    let LetterContent::Alerts(alerts) = claim(&test).await.remove(0).content else { panic!("alerts") };
    assert_eq!(alerts.count, 1);
}

async fn an_undone_move_puts_the_card_back_and_takes_back_what_was_not_sent(test: TestStore) {
    let [lina, omar] = test.cards(["Lina Testesen", "Omar Kladdeng"]).await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let participant = board(&inn).await.columns[0].cards[0].participant;
    nav.follow(participant).await.unwrap();
    let phases = test.phases().await;
    test.clock.advance(TimeDelta::days(3));
    let moved = inn.move_card(&to_end(lina, 1, phases[1])).await.unwrap();
    let undone = inn.undo_move(moved.undo.unwrap()).await.unwrap();
    assert_eq!((undone.recalled.withdrawn, undone.recalled.gone), (1, 0), "moves wait for a moment");
    let cards: Vec<_> = board(&inn).await.columns.remove(0).cards;
    assert_eq!(cards.iter().map(|card| (card.id, card.days)).collect::<Vec<_>>(), [(lina, 3), (omar, 3)]);
    test.clock.advance(TimeDelta::hours(1));
    assert!(claim(&test).await.is_empty() && nav.alerts().await.unwrap().is_empty());

    // Whoever had got the mail is told that it is not so any more.
    let moved = inn.move_card(&to_end(lina, 3, phases[1])).await.unwrap();
    test.clock.advance(TimeDelta::minutes(1));
    let letter = claim(&test).await.remove(0);
    finish(&test, &letter, Delivery::sent("250 OK")).await;
    record(&nav, participant).await;
    let undone = inn.undo_move(moved.undo.unwrap()).await.unwrap();
    assert_eq!((undone.recalled.withdrawn, undone.recalled.gone), (0, 1));
    test.clock.advance(TimeDelta::minutes(1));
    assert_eq!(claim(&test).await.len(), 1);
}

async fn a_move_is_undone_only_by_who_made_it_and_only_until_the_card_is_placed_again(test: TestStore) {
    let [lina] = test.cards(["Lina Testesen"]).await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let phases = test.phases().await;
    let moved = inn.move_card(&to_end(lina, 1, phases[1])).await.unwrap();
    let before = test.contents().await;
    assert!(nav.undo_move(moved.undo.unwrap()).await.is_err());
    assert_eq!(test.contents().await, before);
    test.clock.advance(TimeDelta::minutes(1));
    nav.move_card(&to_end(lina, 2, phases[0])).await.unwrap();
    let before = test.contents().await;
    let refused = crate::support::refusal(inn.undo_move(moved.undo.unwrap()).await);
    let shared::error::AppError::Stale(stale) = refused else { panic!("{refused:?}") };
    assert_eq!(stale.moved_by, "nav Prøve");
    assert_eq!(test.contents().await, before);
}

async fn an_undone_move_tells_of_no_card_that_the_person_may_not_see(test: TestStore) {
    let [_, western] = test.cards(["Øst", "Vest"]).await;
    let (inn, west) = (test.person("inn").await, test.person("nav-west").await);
    let participant = board(&inn).await.columns[0].cards[1].participant;
    let form = DetailsForm { name: "Vest".into(), nav_office: test.nav_west.to_string(), ..DetailsForm::default() };
    inn.change_details(participant, 1, &form).await.unwrap();
    let moved = west.move_card(&to_end(western, 1, test.phases().await[1])).await.unwrap();
    assert_eq!(west.undo_move(moved.undo.unwrap()).await.unwrap().after, None);
}

async fn a_task_opened_again_takes_back_that_it_was_done(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    choose(&inn, Choices { grace_minutes: 10, ..Choices::default() }).await;
    let task = inn.add_task(&task(&test, lina, "nav", "30.11.2026").await).await.unwrap();
    nav.set_task_done(task, true).await.unwrap();
    assert_eq!(kinds(&inn.alerts().await.unwrap()), [(AlertKind::TaskDone, Reason::MadeTask)]);
    nav.set_task_done(task, false).await.unwrap();
    assert!(inn.alerts().await.unwrap().is_empty());
}

async fn an_unsubscribed_kind_is_mailed_no_more_and_an_altered_link_does_nothing(test: TestStore) {
    let lina = followed_by_nav(&test).await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    write(&inn, lina, "Et notat.").await;
    let letter = claim(&test).await.remove(0);
    finish(&test, &letter, Delivery::sent("250 OK")).await;
    let token = letter.unsubscribe.unwrap();
    let visitor = test.store.visitor();
    let before = test.contents().await;
    for altered in [token.replace("note_written", "moved"), token[1..].to_owned(), format!("{token}0"), String::new()] {
        assert!(visitor.unsubscribe(&altered).await.is_err(), "{altered}");
    }
    assert_eq!(test.contents().await, before);
    for _ in 0..2 {
        visitor.unsubscribe(&token).await.unwrap();
        assert_eq!(nav.alert_choices().await.unwrap().0.ways, [(AlertKind::NoteWritten, Way::Off)].into());
    }
    test.clock.advance(TimeDelta::hours(1));
    write(&inn, lina, "Et notat.").await;
    assert!(claim(&test).await.is_empty());
}

async fn a_pause_keeps_all_mails_but_tests(test: TestStore) {
    let lina = followed_by_nav(&test).await;
    let admin = test.person("admin").await;
    admin.pause_mails(true).await.unwrap();
    write(&test.person("inn").await, lina, "Et notat.").await;
    admin.send_test_mail().await.unwrap();
    let letters = claim(&test).await;
    assert_eq!(letters.iter().map(|letter| letter.to.as_str()).collect::<Vec<_>>(), ["admin@example.no"]);
    assert_eq!(admin.mail_delivery(&MailSearch::default()).await.unwrap().paused.unwrap().0, "admin Prøve");
    admin.pause_mails(false).await.unwrap();
    assert_eq!(claim(&test).await.len(), 1);
}

async fn recipients_at_a_busy_domain_wait_and_others_do_not(test: TestStore) {
    let lina = followed_by_nav(&test).await;
    test.person("leder").await.follow(lina).await.unwrap();
    test.execute("UPDATE users SET email = 'leder@example.org' WHERE email = 'leder@example.no'").await;
    write(&test.person("inn").await, lina, "Et notat.").await;
    let system = test.store.system("test");
    let [claimed] = &system.claim_mails(10, &["example.no".to_owned()], &[]).await.unwrap()[..] else { panic!("one") };
    assert_eq!(system.letter(claimed).await.unwrap().unwrap().to.as_str(), "leder@example.org");
    assert_eq!(claim(&test).await.len(), 1);
}

async fn mails_are_found_by_recipient_and_state(test: TestStore) {
    let lina = followed_by_nav(&test).await;
    test.person("leder").await.follow(lina).await.unwrap();
    write(&test.person("inn").await, lina, "Et notat.").await;
    let letters = claim(&test).await;
    finish(&test, &letters[0], Delivery::refused(Cause::Recipient, "550 no")).await;
    let admin = test.person("admin").await;
    let found = async |recipient: &str, state| {
        let search = MailSearch { recipient: recipient.into(), state };
        admin.mail_delivery(&search).await.unwrap().rows.len()
    };
    assert_eq!((found("NAV@", None).await, found("nobody", None).await, found("", None).await), (1, 0, 2));
    assert_eq!((found("", Some(MailState::Failed)).await, found("", Some(MailState::Sent)).await), (1, 0));
}

async fn old_mails_are_forgotten_but_neither_alerts_nor_mails_that_failed(test: TestStore) {
    let lina = followed_by_nav(&test).await;
    test.person("leder").await.follow(lina).await.unwrap();
    write(&test.person("inn").await, lina, "Et notat.").await;
    let letters = claim(&test).await;
    finish(&test, &letters[0], Delivery::sent("250 OK")).await;
    finish(&test, &letters[1], Delivery::refused(Cause::Recipient, "550 no")).await;
    let system = test.store.system("test");
    test.clock.advance(TimeDelta::days(90));
    assert_eq!(system.thin_out_mails(TimeDelta::days(90)).await.unwrap(), 0);
    test.clock.advance(TimeDelta::minutes(1));
    assert_eq!(system.thin_out_mails(TimeDelta::days(90)).await.unwrap(), 1);
    let mailed: Vec<Mailed> =
        [test.person("nav").await.alerts().await.unwrap(), test.person("leder").await.alerts().await.unwrap()]
            .concat()
            .into_iter()
            .map(|alert| alert.mailed)
            .collect();
    assert!(
        mailed.contains(&Mailed::Forgotten) && mailed.contains(&Mailed::Failed(Some(Cause::Recipient))),
        "{mailed:?}"
    );
}

async fn anybody_finds_out_why_she_was_told_or_was_not(test: TestStore) {
    use shared::alerts::Heard;
    let lina = test.participant("Lina Testesen").await;
    // What a namesake did is not one's own.
    test.execute("UPDATE users SET name = 'Kari Prøve'").await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    write(&inn, lina, "Før hun fulgte.").await;
    test.clock.advance(TimeDelta::minutes(1));
    nav.follow(lina).await.unwrap();
    write(&inn, lina, "Etterpå.").await;
    write(&nav, lina, "Selv.").await;
    inn.wait_for(lina, "nav").await.unwrap();
    let reference = record(&inn, lina).await.reference;
    let history = nav.alert_history(&reference).await.unwrap().unwrap();
    let heard: Vec<Heard> = history.entries.into_iter().map(|(_, heard)| heard).collect();
    let [Heard::Others, Heard::Own, Heard::Told(told), Heard::NotFollowing, Heard::Others] = &heard[..] else {
        panic!("{heard:?}")
    };
    assert_eq!((told.reason, matches!(told.mailed, Mailed::Waits(_))), (Reason::Follows, true));
    for (person, typed) in [("nav-west", reference.as_str()), ("nav", "D-0000"), ("nav", "tull"), ("nav", "")] {
        assert!(test.person(person).await.alert_history(typed).await.unwrap().is_none(), "{person} {typed}");
    }
}

fn kinds(alerts: &[Alert]) -> Vec<(AlertKind, Reason)> {
    alerts.iter().map(|alert| (alert.kind, alert.reason)).collect()
}

async fn followed_by_nav(test: &TestStore) -> ParticipantId {
    let participant = test.participant("Lina Testesen").await;
    test.person("nav").await.follow(participant).await.unwrap();
    participant
}

async fn write(person: &SignedIn, participant: ParticipantId, text: &str) -> NoteId {
    let visibility = Visibility::InnAndNav.code().to_owned();
    person.save_note(&NoteForm { participant, text: text.into(), visibility }).await.unwrap().note
}

async fn task(test: &TestStore, participant: ParticipantId, assignee: &str, due: &str) -> TaskForm {
    let assignee: UserId = test.person(assignee).await.me().id;
    let (title, description) = ("Ring".to_owned(), String::new());
    TaskForm { title, description, assignee: assignee.to_string(), due: due.into(), ..TaskForm::about(participant) }
}

async fn choose(person: &SignedIn, choices: Choices) {
    person.choose_alerts(&ChoicesForm::filled(&choices)).await.unwrap();
}

async fn claim(test: &TestStore) -> Vec<Letter> {
    test.letters(10).await
}

async fn finish(test: &TestStore, letter: &Letter, delivery: Delivery) {
    test.store.system("test").finish_mail(letter.id, letter.attempt, delivery).await.unwrap();
}

async fn rows(test: &TestStore) -> Vec<MailRow> {
    test.person("admin").await.mail_delivery(&MailSearch::default()).await.unwrap().rows
}

fn texts(letter: Letter) -> Vec<String> {
    let LetterContent::Alerts(alerts) = letter.content else { panic!("alerts") };
    alerts.texts
}

store::on_both_databases!(
    each_trigger_tells_whom_it_concerns_and_says_why,
    an_office_that_becomes_responsible_is_told_unless_somebody_there_is_contact,
    ten_notes_in_five_minutes_are_one_mail_until_somebody_has_been_to_see,
    notes_that_wait_together_are_one_mail_that_says_how_many,
    where_whole_texts_are_told_no_text_is_left_out,
    initials_are_told_where_the_unit_allows_them,
    a_digest_gathers_what_happened_until_the_next_working_days_morning,
    whoever_wants_no_mail_sees_the_alert_all_the_same,
    a_mail_that_waits_to_be_read_in_samlop_is_not_sent_after_that,
    during_leave_a_deputy_with_access_gets_the_mail,
    a_deputy_must_be_a_colleague,
    choices_are_kept,
    a_deleted_note_takes_back_what_was_not_sent_and_counts_what_was,
    a_note_that_waits_with_others_leaves_them_in_the_mail,
    an_undone_move_puts_the_card_back_and_takes_back_what_was_not_sent,
    a_move_is_undone_only_by_who_made_it_and_only_until_the_card_is_placed_again,
    an_undone_move_tells_of_no_card_that_the_person_may_not_see,
    a_task_opened_again_takes_back_that_it_was_done,
    an_unsubscribed_kind_is_mailed_no_more_and_an_altered_link_does_nothing,
    a_pause_keeps_all_mails_but_tests,
    recipients_at_a_busy_domain_wait_and_others_do_not,
    mails_are_found_by_recipient_and_state,
    old_mails_are_forgotten_but_neither_alerts_nor_mails_that_failed,
    anybody_finds_out_why_she_was_told_or_was_not,
);
