//! Many cards at once: all or nothing, in the order of the board, one mail to each person, one undo.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Instant;

use chrono::TimeDelta;
use shared::alerts::{AlertKind, Recalled};
use shared::board::{MoveForm, PhaseKind};
use shared::error::{AppError, Meanwhile, Problem};
use shared::id::{CommandId, EnrolmentId, ParticipantId, PhaseId};
use shared::many::{ChosenCards, ContactOfManyForm, FollowManyForm, MANY_MAX, ManyDone, MoveManyForm};
use shared::outbox::{Delivery, LetterContent};
use shared::participants::NewParticipantForm;
use shared::time::oslo;
use shared::undo::{TakenBack, Undoable};
use store::testing::TestStore;
use store::{NewTrack, SignedIn, StoreError};
use uuid::Uuid;

use crate::support::{board, card, columns, id_of, problem, record, refusal, to_end};

async fn the_chosen_cards_go_along_in_the_order_of_the_board(test: TestStore) {
    let [a, b, c, d] = test.cards(["A", "B", "C", "D"]).await;
    let (inn, phases) = (test.person("inn").await, test.phases().await);
    inn.move_card(&to_end(b, 1, phases[1])).await.unwrap();
    // Chosen in any order, from two columns, without a place: B is there already and stays.
    let moved = inn.move_many(&MoveManyForm { to: Some(phases[1]), ..chosen(&inn, &[d, b, a]).await }).await.unwrap();
    assert_eq!(columns(&inn).await, [vec!["C"], vec!["B", "A", "D"], vec![]]);
    assert_eq!(moved.cards.iter().map(|moved| moved.enrolment).collect::<Vec<_>>(), [a, d]);
    assert_eq!(moved.after, Some(b));

    // With a place, all of them go there, also those of the same column.
    let between = MoveManyForm { to: Some(phases[1]), after: Some(d), ..chosen(&inn, &[b, a, c]).await };
    let moved = inn.move_many(&between).await.unwrap();
    assert_eq!(columns(&inn).await, [vec![], vec!["D", "C", "B", "A"], vec![]]);
    assert_eq!((moved.cards.len(), moved.after), (3, Some(d)));
    let nothing = MoveManyForm { to: Some(phases[1]), ..chosen(&inn, &[a, b]).await };
    let before = test.contents().await;
    assert_eq!(inn.move_many(&nothing).await.unwrap().undo, None);
    assert_eq!(test.contents().await, before);
}

async fn cards_take_each_others_places_without_meeting(test: TestStore) {
    let [a, b, c, d] = test.cards(["A", "B", "C", "D"]).await;
    let (inn, phases) = (test.person("inn").await, test.phases().await);
    let orders = [
        (vec![b, c], Some(a), Some(d), "ABCD"),
        (vec![a, b, c], Some(d), None, "DABC"),
        (vec![b, c], None, Some(d), "BCDA"),
        (vec![b, d], Some(c), Some(a), "CBDA"),
    ];
    for (cards, after, before, expected) in orders {
        let form = MoveManyForm { to: Some(phases[0]), after, before, ..chosen(&inn, &cards).await };
        inn.move_many(&form).await.unwrap();
        assert_eq!(columns(&inn).await[0].concat(), expected);
    }
}

async fn one_stale_card_stops_all_and_is_named(test: TestStore) {
    let [a, b, c] = test.cards(["A", "B", "C"]).await;
    let (inn, nav, phases) = (test.person("inn").await, test.person("nav").await, test.phases().await);
    let form = chosen(&inn, &[a, b, c]).await;
    test.clock.advance(TimeDelta::minutes(5));
    nav.move_card(&to_end(b, 1, phases[1])).await.unwrap();
    let at = oslo(test.clock.now());
    test.clock.advance(TimeDelta::minutes(5));
    let before = test.contents().await;
    let all = [
        inn.move_many(&MoveManyForm { to: Some(phases[1]), ..form.clone() }).await.map(drop),
        inn.choose_contact_of_many(&inn_contact(&test, &form.cards, "leder").await).await.map(drop),
        inn.follow_many(&FollowManyForm { cards: form.cards.clone(), follow: false }).await.map(drop),
    ];
    for refused in all {
        let AppError::StaleMany(stale) = refusal(refused) else { panic!("stale") };
        let [stale] = &stale[..] else { panic!("one card: {stale:?}") };
        assert_eq!((stale.name.as_str(), stale.stale.enrolment, stale.stale.version), ("B", b, 2));
        assert_eq!((stale.stale.moved_by.as_str(), stale.stale.moved_at), ("nav Prøve", at));
        assert_eq!((stale.stale.phase, stale.stale.phase_name.as_str()), (phases[1], "Praksis"));
    }
    assert_eq!(test.contents().await, before);
    // The others go on without it.
    let rest = MoveManyForm { to: Some(phases[1]), ..chosen(&inn, &[a, c]).await };
    inn.move_many(&rest).await.unwrap();
    assert_eq!(columns(&inn).await[1], ["B", "A", "C"]);
}

async fn a_closing_phase_asks_once_for_all(test: TestStore) {
    let [a, b] = test.cards(["A", "B"]).await;
    let (inn, phases) = (test.person("inn").await, test.phases().await);
    let form = MoveManyForm { to: Some(phases[2]), ..chosen(&inn, &[a, b]).await };
    let before = test.contents().await;
    assert_eq!(problem(inn.move_many(&form).await, "reason"), Problem::Required);
    assert_eq!(problem(inn.move_many(&form).await, "outcome"), Problem::Required);
    assert_eq!(test.contents().await, before);
    let form = MoveManyForm { reason: "completed".into(), outcome: "education".into(), ..form };
    inn.move_many(&form).await.unwrap();
    assert_eq!(columns(&inn).await, [vec![], vec![], vec!["A", "B"]]);
    let contents = test.contents().await;
    for column in ["outcome: Some(\"education\")", "reason: Some(\"completed\")"] {
        assert!(contents.holds("moves", column), "{column}");
    }
    // Taken back, they are open again.
    let again = inn.move_many(&MoveManyForm { to: Some(phases[1]), ..chosen(&inn, &[a, b]).await }).await.unwrap();
    inn.undo_many(again.undo.unwrap()).await.unwrap();
    assert!(test.contents().await.holds("enrolments", "outcome: Some(\"education\")"));
}

async fn whoever_follows_several_of_them_gets_one_mail(test: TestStore) {
    let [a, b, c] = test.cards(["A", "B", "C"]).await;
    let (inn, nav, leder) = (test.person("inn").await, test.person("nav").await, test.person("leder").await);
    for card in [a, b, c] {
        nav.follow(participant(&inn, card).await).await.unwrap();
    }
    leder.follow(participant(&inn, b).await).await.unwrap();
    let phases = test.phases().await;
    let moved = inn.move_many(&MoveManyForm { to: Some(phases[1]), ..chosen(&inn, &[a, b, c]).await }).await.unwrap();
    assert_eq!((nav.alerts().await.unwrap().len(), leder.alerts().await.unwrap().len()), (3, 1));
    assert_eq!(test.contents().await.count("mails"), 2);
    assert!(test.letters(100).await.is_empty(), "a move may be taken back");
    test.clock.advance(TimeDelta::minutes(1));
    let mut letters = test.letters(100).await;
    letters.sort_by_key(|letter| letter.to.to_string());
    let [to_leder, to_nav] = &letters[..] else { panic!("{letters:?}") };
    assert!(matches!(&to_leder.content, LetterContent::Alerts(alerts) if alerts.count == 1));
    let LetterContent::Several(parts) = &to_nav.content else { panic!("{to_nav:?}") };
    assert_eq!(parts.len(), 3);
    assert!(parts.iter().all(|part| (part.kind, part.count) == (AlertKind::Moved, 1) && part.who.is_none()));
    assert!(to_nav.unsubscribe.is_some() && to_nav.answer.is_none());
    for letter in &letters {
        let sent = Delivery::sent("250 OK");
        test.store.system("test").finish_mail(letter.id, letter.attempt, sent).await.unwrap();
    }
    // Those who were told are told in one mail, too, that it is not so. The one about one participant still stands for
    // whoever has not been to see.
    let undone = inn.undo_many(moved.undo.unwrap()).await.unwrap();
    assert_eq!(undone.recalled, Recalled { withdrawn: 0, gone: 4 });
    test.clock.advance(TimeDelta::minutes(1));
    let letters = test.letters(100).await;
    let [letter] = &letters[..] else { panic!("{letters:?}") };
    assert!(letter.to.to_string().starts_with("nav@") && matches!(letter.content, LetterContent::Several(_)));
}

async fn undone_before_it_was_sent_nobody_hears_of_it(test: TestStore) {
    let [a, b, c] = test.cards(["A", "B", "C"]).await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    for card in [a, b] {
        nav.follow(participant(&inn, card).await).await.unwrap();
    }
    let phases = test.phases().await;
    inn.move_card(&to_end(c, 1, phases[1])).await.unwrap();
    let form = MoveManyForm { to: Some(phases[1]), before: Some(c), ..chosen(&inn, &[a, b]).await };
    let command = inn.move_many(&form).await.unwrap().undo.unwrap();
    assert_eq!(columns(&inn).await, [vec![], vec!["A", "B", "C"], vec![]]);
    let undone = inn.take_back(Undoable::Many(command)).await.unwrap();
    assert_eq!(undone, TakenBack::Done(Recalled { withdrawn: 2, gone: 0 }));
    assert_eq!(columns(&inn).await, [vec!["A", "B"], vec!["C"], vec![]]);
    assert!(nav.alerts().await.unwrap().is_empty());
    test.clock.advance(TimeDelta::minutes(1));
    assert!(test.letters(100).await.is_empty());
    let before = test.contents().await;
    assert_eq!(inn.undo_many(command).await.unwrap().cards, [], "twice is once");
    assert_eq!(test.contents().await, before);
}

async fn cards_come_back_to_where_they_were_also_when_others_came_in_between(test: TestStore) {
    let [a, b, c, d] = test.cards(["A", "B", "C", "D"]).await;
    let (inn, nav, phases) = (test.person("inn").await, test.person("nav").await, test.phases().await);
    let between = MoveManyForm { to: Some(phases[1]), ..chosen(&inn, &[b, c]).await };
    let command = inn.move_many(&between).await.unwrap().undo.unwrap();
    // The gap that they left is used by somebody else.
    nav.move_card(&MoveForm { after: Some(a), before: Some(d), ..to_end(d, 1, phases[0]) }).await.unwrap();
    let undone = inn.undo_many(command).await.unwrap();
    let names = columns(&inn).await;
    let place = |name: &str| names[0].iter().position(|one| one == name).unwrap();
    assert!(place("A") < place("B") && place("B") < place("C"), "{names:?}");
    assert_eq!(undone.cards.iter().map(|undone| undone.moved.enrolment).collect::<Vec<_>>(), [b, c]);
    for undone in undone.cards {
        assert_eq!(card(&inn, undone.moved.enrolment).await.version, undone.moved.version);
    }
}

async fn what_somebody_has_built_upon_stays_and_the_cards_are_named(test: TestStore) {
    let [a, b, c] = test.cards(["A", "B", "C"]).await;
    let (inn, nav, phases) = (test.person("inn").await, test.person("nav").await, test.phases().await);
    let form = MoveManyForm { to: Some(phases[1]), ..chosen(&inn, &[a, b, c]).await };
    let moved = inn.move_many(&form).await.unwrap().undo.unwrap();
    let form = chosen(&inn, &[a, b, c]).await;
    let contacts = inn.choose_contact_of_many(&inn_contact(&test, &form.cards, "leder").await).await.unwrap();
    test.clock.advance(TimeDelta::minutes(5));
    let at = oslo(test.clock.now());
    nav.move_card(&to_end(b, 2, phases[0])).await.unwrap();
    let one = chosen(&nav, &[c]).await;
    nav.choose_contact_of_many(&inn_contact(&test, &one.cards, "inn2").await).await.unwrap();
    test.clock.advance(TimeDelta::minutes(5));
    let before = test.contents().await;
    for (command, what) in [(moved, "B"), (contacts.undo.unwrap(), "C")] {
        let by_nav = Meanwhile { what: what.into(), by: "nav Prøve".into(), at };
        assert_eq!(refusal(inn.undo_many(command).await), AppError::BuiltUpon(vec![by_nav]));
    }
    assert_eq!(test.contents().await, before);
}

async fn one_contact_for_all_follows_them_and_is_told_in_one_mail(test: TestStore) {
    let [a, b, c] = test.cards(["A", "B", "C"]).await;
    let (inn, leder) = (test.person("inn").await, test.person("leder").await);
    leder.follow(participant(&inn, a).await).await.unwrap();
    let cards = chosen(&inn, &[a, b, c]).await.cards;
    let done = inn.choose_contact_of_many(&inn_contact(&test, &cards, "leder").await).await.unwrap();
    assert_eq!(done.count, 3);
    for card in [a, b, c] {
        let enrolment = record(&leder, participant(&inn, card).await).await;
        assert_eq!(
            enrolment.enrolments[0].inn_contact.as_ref().map(|person| person.name.as_str()),
            Some("leder Prøve")
        );
        assert!(enrolment.following);
    }
    // Whoever has opened the records knows, but the mail waits for nobody.
    assert_eq!(test.contents().await.count("mails"), 1);
    let again = inn.choose_contact_of_many(&inn_contact(&test, &cards, "leder").await).await.unwrap();
    assert_eq!(again, ManyDone { count: 0, undo: None });

    let undone = inn.undo_many(done.undo.unwrap()).await.unwrap();
    assert_eq!(undone.recalled, Recalled { withdrawn: 3, gone: 0 });
    for (card, follows) in [(a, true), (b, false)] {
        let record = record(&leder, participant(&inn, card).await).await;
        assert_eq!((record.enrolments[0].inn_contact.is_none(), record.following), (true, follows));
    }
    assert!(leder.alerts().await.unwrap().is_empty() && test.letters(100).await.is_empty());
}

async fn a_contact_who_may_not_see_some_of_them_is_refused_with_their_names(test: TestStore) {
    let [a] = test.cards(["A"]).await;
    let (inn, leder) = (test.person("inn").await, test.person("leder").await);
    let mut form = NewParticipantForm::default();
    for (name, office) in [("B", test.nav_west.to_string()), ("C", String::new())] {
        form.details.name = name.into();
        form.details.nav_office = office;
        inn.add_participant("introlop", &form).await.unwrap();
    }
    let all: Vec<EnrolmentId> = board(&inn).await.columns.remove(0).cards.into_iter().map(|card| card.id).collect();
    let cards = chosen(&inn, &all).await.cards;
    let nav_west = ContactOfManyForm {
        cards,
        role: "nav_contact".into(),
        nav_contact: id_of(&test, "nav-west").await,
        ..ContactOfManyForm::default()
    };
    let before = test.contents().await;
    let refused = refusal(inn.choose_contact_of_many(&nav_west).await);
    assert_eq!(refused, AppError::NoAccessTo(vec!["A".into()]));
    assert_eq!(test.contents().await, before);

    // Where there is no office, the contact brings one along, and undoing takes it away again.
    let cards = nav_west.cards.into_iter().filter(|(card, _)| *card != a).collect();
    let done = leder.choose_contact_of_many(&ContactOfManyForm { cards, ..nav_west }).await.unwrap();
    let c = participant(&inn, all[2]).await;
    assert_eq!(record(&inn, c).await.nav_office.as_deref(), Some("Nav Prøveby vest"));
    leder.undo_many(done.undo.unwrap()).await.unwrap();
    assert_eq!(record(&inn, c).await.nav_office, None);
    assert!(record(&inn, c).await.enrolments[0].nav_contact.is_none());
}

async fn several_are_followed_and_left_at_once(test: TestStore) {
    let [a, b] = test.cards(["A", "B"]).await;
    let (inn, leder) = (test.person("inn").await, test.person("leder").await);
    leder.follow(participant(&inn, a).await).await.unwrap();
    let cards = chosen(&leder, &[a, b]).await.cards;
    let follows = async || {
        let mut follows = Vec::new();
        for card in [a, b] {
            follows.push(record(&leder, participant(&inn, card).await).await.following);
        }
        follows
    };
    let done = leder.follow_many(&FollowManyForm { cards: cards.clone(), follow: true }).await.unwrap();
    assert_eq!((done.count, follows().await), (1, vec![true, true]));
    leder.undo_many(done.undo.unwrap()).await.unwrap();
    assert_eq!(follows().await, [true, false], "the first was followed before");
    let done = leder.follow_many(&FollowManyForm { cards, follow: false }).await.unwrap();
    assert_eq!((done.count, follows().await), (1, vec![false, false]));
    leder.undo_many(done.undo.unwrap()).await.unwrap();
    assert_eq!(follows().await, [true, false]);
}

async fn forged_cards_and_commands_are_refused_and_nothing_is_changed(test: TestStore) {
    let [a, b] = test.cards(["A", "B"]).await;
    let (inn, phases) = (test.person("inn").await, test.phases().await);
    let other = NewTrack {
        slug: "karrierelop",
        name: "Karriereløp",
        owner: test.inn,
        partners: &[test.nav_east],
        phases: &store::testing::phases([("Søknad", PhaseKind::Ordinary)]),
    };
    let track = test.store.system("test").create_track(other).await.unwrap();
    let elsewhere = inn.enrol(participant(&inn, a).await, track).await.unwrap();
    let other_phase = inn.board("karrierelop").await.unwrap().columns[0].phase.id;
    let mine = inn.move_many(&MoveManyForm { to: Some(phases[1]), ..chosen(&inn, &[b]).await }).await.unwrap();
    let (nav_west, leder) = (test.person("nav-west").await, test.person("leder").await);
    let seen = chosen(&inn, &[a, b]).await.cards;
    let with = |extra: EnrolmentId| seen.iter().map(|(id, version)| (*id, *version)).chain([(extra, 1)]).collect();
    let unknown = EnrolmentId(Uuid::from_u128(7));
    let before = test.contents().await;
    let attempts: Vec<(&SignedIn, ChosenCards, PhaseId)> = vec![
        (&inn, with(elsewhere), phases[1]),
        (&inn, with(unknown), phases[1]),
        (&inn, seen.clone(), other_phase),
        (&inn, seen.clone(), PhaseId(Uuid::from_u128(7))),
        (&nav_west, seen.clone(), phases[1]),
    ];
    for (person, cards, to) in attempts {
        let form = MoveManyForm { cards: cards.clone(), to: Some(to), ..MoveManyForm::default() };
        assert_eq!(refusal(person.move_many(&form).await), AppError::NotFound);
        if to == phases[1] {
            let form = inn_contact(&test, &cards, "leder").await;
            assert_eq!(refusal(person.choose_contact_of_many(&form).await), AppError::NotFound);
            let form = FollowManyForm { cards, follow: true };
            assert_eq!(refusal(person.follow_many(&form).await), AppError::NotFound);
        }
    }
    for (person, command) in [(&leder, mine.undo.unwrap()), (&inn, CommandId(Uuid::from_u128(7)))] {
        assert_eq!(refusal(person.undo_many(command).await), AppError::NotFound);
    }
    assert_eq!(test.contents().await, before);
}

async fn ten_thousand_cards_are_too_many_and_none_is_none(test: TestStore) {
    let (inn, phases) = (test.person("inn").await, test.phases().await);
    let before = test.contents().await;
    let forged: ChosenCards = (0..10_000).map(|number| (EnrolmentId(Uuid::from_u128(number)), 1)).collect();
    for (cards, expected) in
        [(forged, Problem::TooManyChosen { max: MANY_MAX }), (ChosenCards::new(), Problem::Required)]
    {
        let form = MoveManyForm { cards: cards.clone(), to: Some(phases[1]), ..MoveManyForm::default() };
        assert_eq!(problem(inn.move_many(&form).await, "cards"), expected);
        let form = inn_contact(&test, &cards, "leder").await;
        assert_eq!(problem(inn.choose_contact_of_many(&form).await, "cards"), expected);
        assert_eq!(problem(inn.follow_many(&FollowManyForm { cards, follow: true }).await, "cards"), expected);
    }
    assert_eq!(test.contents().await, before);
}

async fn two_hundred_cards_are_moved_and_taken_back_at_once(test: TestStore) {
    let inn = test.person("inn").await;
    let mut form = NewParticipantForm::default();
    form.details.nav_office = test.nav_east.to_string();
    for number in 0..MANY_MAX {
        form.details.name = format!("Deltaker {number}");
        inn.add_participant("introlop", &form).await.unwrap();
    }
    let cards: Vec<EnrolmentId> = board(&inn).await.columns.remove(0).cards.into_iter().map(|card| card.id).collect();
    let before = columns(&inn).await;
    let phases = test.phases().await;
    let form = MoveManyForm { to: Some(phases[1]), ..chosen(&inn, &cards).await };
    let begun = Instant::now();
    let moved = inn.move_many(&form).await.unwrap();
    let took = begun.elapsed();
    assert_eq!(columns(&inn).await[1], before[0]);
    assert!(took.as_secs() < 10, "nobody waits so long: {took:?}");
    let longest = test.ranks(phases[1]).await.iter().map(Vec::len).max();
    assert!(longest.is_some_and(|longest| longest < 12), "{longest:?}");
    inn.undo_many(moved.undo.unwrap()).await.unwrap();
    assert_eq!(columns(&inn).await, before);
}

async fn two_who_move_the_same_cards_at_once_do_not_mix(test: TestStore) {
    let cards = test.cards(["A", "B", "C", "D", "E", "F"]).await;
    let (inn, nav, phases) = (test.person("inn").await, test.person("nav").await, test.phases().await);
    for round in 0..10 {
        let first = MoveManyForm { to: Some(phases[round % 2]), ..chosen(&inn, &cards[..4]).await };
        let second = MoveManyForm { to: Some(phases[(round + 1) % 2]), ..chosen(&inn, &cards[2..]).await };
        let (one, other) = Box::pin(both(inn.move_many(&first), nav.move_many(&second))).await;
        let is_stale = |error: &StoreError| matches!(error, StoreError::Refused(AppError::StaleMany(_)));
        for refused in [one.as_ref().err(), other.as_ref().err()].into_iter().flatten() {
            assert!(is_stale(refused), "{refused:?}");
        }
        assert!(one.is_ok() || other.is_ok(), "one of them is first");
        let mut names = columns(&inn).await.concat();
        names.sort_unstable();
        assert_eq!(names.concat(), "ABCDEF");
    }
}

async fn both<A, B>(one: impl Future<Output = A>, other: impl Future<Output = B>) -> (A, B) {
    tokio::join!(one, other)
}

/// These cards, as somebody chooses them who has just looked at the board.
pub(crate) async fn chosen(person: &SignedIn, cards: &[EnrolmentId]) -> MoveManyForm {
    let seen = board(person).await.columns.into_iter().flat_map(|column| column.cards);
    let versions: BTreeMap<EnrolmentId, i32> = seen.map(|card| (card.id, card.version)).collect();
    let cards = cards.iter().map(|id| (*id, versions.get(id).copied().unwrap_or(1))).collect();
    MoveManyForm { cards, ..MoveManyForm::default() }
}

async fn inn_contact(test: &TestStore, cards: &ChosenCards, name: &str) -> ContactOfManyForm {
    ContactOfManyForm {
        cards: cards.clone(),
        role: "inn_contact".into(),
        inn_contact: id_of(test, name).await,
        ..ContactOfManyForm::default()
    }
}

async fn participant(person: &SignedIn, id: EnrolmentId) -> ParticipantId {
    card(person, id).await.participant
}

store::on_both_databases!(
    the_chosen_cards_go_along_in_the_order_of_the_board,
    cards_take_each_others_places_without_meeting,
    one_stale_card_stops_all_and_is_named,
    a_closing_phase_asks_once_for_all,
    whoever_follows_several_of_them_gets_one_mail,
    undone_before_it_was_sent_nobody_hears_of_it,
    cards_come_back_to_where_they_were_also_when_others_came_in_between,
    what_somebody_has_built_upon_stays_and_the_cards_are_named,
    one_contact_for_all_follows_them_and_is_told_in_one_mail,
    a_contact_who_may_not_see_some_of_them_is_refused_with_their_names,
    several_are_followed_and_left_at_once,
    forged_cards_and_commands_are_refused_and_nothing_is_changed,
    ten_thousand_cards_are_too_many_and_none_is_none,
    two_hundred_cards_are_moved_and_taken_back_at_once,
    two_who_move_the_same_cards_at_once_do_not_mix,
);
