//! A move lands where it was meant to, or nothing happens and the person is told why.

use chrono::TimeDelta;
use shared::board::{ClosingReason, MoveForm, Outcome};
use shared::error::{AppError, Problem};
use shared::id::{EnrolmentId, ParticipantId};
use shared::time::oslo;
use shared::timeline::{Filter, What};
use store::SignedIn;
use store::testing::TestStore;
use uuid::Uuid;

use crate::support::{board, card, closing, columns, problem, refusal, to_end};

async fn a_card_lands_between_the_two_given_cards(test: TestStore) {
    let [a, b, c] = test.cards(["A", "B", "C"]).await;
    let [first, ..] = test.phases().await[..] else { panic!("no phase") };
    let inn = test.person("inn").await;
    let moved = inn.move_card(&MoveForm { after: Some(a), before: Some(b), ..to_end(c, 1, first) }).await.unwrap();
    assert_eq!((moved.version, moved.phase, moved.days), (2, first, 0));
    assert_eq!(columns(&inn).await[0], ["A", "C", "B"]);
}

async fn a_card_lands_at_the_top_the_bottom_and_in_an_empty_phase(test: TestStore) {
    let [a, b, c] = test.cards(["A", "B", "C"]).await;
    let [first, second, _] = test.phases().await[..] else { panic!("three phases") };
    let inn = test.person("inn").await;
    inn.move_card(&MoveForm { before: Some(a), ..to_end(c, 1, first) }).await.unwrap();
    assert_eq!(columns(&inn).await[0], ["C", "A", "B"]);
    inn.move_card(&MoveForm { after: Some(b), ..to_end(c, 2, first) }).await.unwrap();
    assert_eq!(columns(&inn).await[0], ["A", "B", "C"]);
    inn.move_card(&to_end(a, 1, first)).await.unwrap();
    assert_eq!(columns(&inn).await[0], ["B", "C", "A"]);
    inn.move_card(&to_end(a, 2, second)).await.unwrap();
    assert_eq!(columns(&inn).await, [vec!["B", "C"], vec!["A"], vec![]]);
}

async fn a_card_stays_right_under_the_one_above_when_others_came_between(test: TestStore) {
    let [a, b, c, d] = test.cards(["A", "B", "C", "D"]).await;
    let [first, ..] = test.phases().await[..] else { panic!("no phase") };
    let inn = test.person("inn").await;
    let between = |card| MoveForm { after: Some(a), before: Some(b), ..to_end(card, 1, first) };
    inn.move_card(&between(c)).await.unwrap();
    inn.move_card(&between(d)).await.unwrap();
    assert_eq!(columns(&inn).await[0], ["A", "D", "C", "B"]);
}

async fn when_the_card_above_is_gone_the_one_below_counts(test: TestStore) {
    let [a, b, c, d] = test.cards(["A", "B", "C", "D"]).await;
    let [first, second, _] = test.phases().await[..] else { panic!("three phases") };
    let inn = test.person("inn").await;
    inn.move_card(&to_end(b, 1, second)).await.unwrap();
    inn.move_card(&MoveForm { after: Some(b), before: Some(c), ..to_end(d, 1, first) }).await.unwrap();
    assert_eq!(columns(&inn).await[0], ["A", "D", "C"]);
    inn.move_card(&MoveForm { after: Some(b), before: Some(a), ..to_end(d, 2, first) }).await.unwrap();
    assert_eq!(columns(&inn).await[0], ["D", "A", "C"]);
}

async fn when_both_neighbours_are_gone_the_card_goes_to_the_bottom(test: TestStore) {
    let [a, b, _, d] = test.cards(["A", "B", "C", "D"]).await;
    let [first, second, _] = test.phases().await[..] else { panic!("three phases") };
    let inn = test.person("inn").await;
    inn.move_card(&to_end(a, 1, second)).await.unwrap();
    inn.move_card(&to_end(b, 1, second)).await.unwrap();
    inn.move_card(&to_end(d, 1, second)).await.unwrap();
    inn.move_card(&MoveForm { after: Some(a), before: Some(b), ..to_end(d, 2, first) }).await.unwrap();
    assert_eq!(columns(&inn).await, [vec!["C", "D"], vec!["A", "B"], vec![]]);
}

async fn a_card_is_not_its_own_neighbour(test: TestStore) {
    let [_, b, c] = test.cards(["A", "B", "C"]).await;
    let [first, ..] = test.phases().await[..] else { panic!("no phase") };
    let inn = test.person("inn").await;
    inn.move_card(&MoveForm { after: Some(c), before: Some(b), ..to_end(c, 1, first) }).await.unwrap();
    assert_eq!(columns(&inn).await[0], ["A", "C", "B"]);
}

async fn the_latest_closed_card_lies_on_top(test: TestStore) {
    let [a, b] = test.cards(["A", "B"]).await;
    let [.., last] = test.phases().await[..] else { panic!("no phase") };
    let inn = test.person("inn").await;
    inn.move_card(&closing(to_end(a, 1, last))).await.unwrap();
    inn.move_card(&closing(to_end(b, 1, last))).await.unwrap();
    assert_eq!(columns(&inn).await[2], ["B", "A"]);
}

async fn another_tracks_phase_and_an_unknown_card_are_not_found(test: TestStore) {
    let [a] = test.cards(["A"]).await;
    let [_, second, _] = test.phases().await[..] else { panic!("three phases") };
    let foreign = test.person("stranger").await.board("annetlop").await.unwrap().columns[1].phase.id;
    let inn = test.person("inn").await;
    let before = test.contents().await;
    assert_eq!(refusal(inn.move_card(&to_end(a, 1, foreign)).await), AppError::NotFound);
    assert_eq!(refusal(inn.move_card(&to_end(EnrolmentId(Uuid::nil()), 1, second)).await), AppError::NotFound);
    assert_eq!(refusal(inn.move_card(&MoveForm::default()).await), AppError::Malformed);
    assert_eq!(test.contents().await, before);
}

async fn a_stale_move_is_refused_and_tells_who_was_first_where_and_when(test: TestStore) {
    let [a, b] = test.cards(["A", "B"]).await;
    let [first, second, _] = test.phases().await[..] else { panic!("three phases") };
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    inn.move_card(&to_end(b, 1, second)).await.unwrap();
    test.clock.advance(TimeDelta::minutes(5));
    let moved_at = test.clock.now();
    nav.move_card(&to_end(a, 1, second)).await.unwrap();
    test.clock.advance(TimeDelta::minutes(5));
    let before = test.contents().await;

    let AppError::Stale(stale) = refusal(inn.move_card(&to_end(a, 1, first)).await) else { panic!("not stale") };

    assert_eq!((stale.enrolment, stale.moved_by.as_str(), stale.moved_at), (a, "nav Prøve", oslo(moved_at)));
    assert_eq!((stale.phase, stale.phase_name.as_str(), stale.after), (second, "Praksis", Some(b)));
    assert_eq!(test.contents().await, before);

    // The same move in one press, with the version that the refusal told.
    inn.move_card(&to_end(a, stale.version, first)).await.unwrap();
    assert_eq!(columns(&inn).await, [vec!["A"], vec!["B"], vec![]]);
}

async fn a_refusal_tells_of_no_card_that_the_person_may_not_see(test: TestStore) {
    let [eastern, western] = test.cards(["Øst", "Vest"]).await;
    let [first, second, _] = test.phases().await[..] else { panic!("three phases") };
    let inn = test.person("inn").await;
    let participant = card(&inn, western).await.participant;
    let mut form = shared::participants::DetailsForm { name: "Vest".into(), ..Default::default() };
    form.nav_office = test.nav_west.to_string();
    inn.change_details(participant, 1, &form).await.unwrap();
    inn.move_card(&to_end(eastern, 1, second)).await.unwrap();
    inn.move_card(&to_end(western, 1, second)).await.unwrap();
    let refused = test.person("nav-west").await.move_card(&to_end(western, 1, first)).await;
    let AppError::Stale(stale) = refusal(refused) else { panic!("not stale") };
    assert_eq!(stale.after, None);
}

async fn of_two_who_move_a_card_at_the_same_time_one_is_first(test: TestStore) {
    let [a] = test.cards(["A"]).await;
    let [first, second, _] = test.phases().await[..] else { panic!("three phases") };
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    for version in 1..=20 {
        let form = to_end(a, version, if version % 2 == 0 { first } else { second });
        let (one, other) = tokio::join!(inn.move_card(&form), nav.move_card(&form));
        let (refused, winner) = match (one, other) {
            (Ok(_), refused) => (refusal(refused), "inn Prøve"),
            (refused, Ok(_)) => (refusal(refused), "nav Prøve"),
            both => panic!("nobody was first: {both:?}"),
        };
        let AppError::Stale(stale) = refused else { panic!("not stale: {refused:?}") };
        assert_eq!((stale.moved_by.as_str(), stale.version), (winner, version + 1));
    }
}

async fn a_closing_phase_takes_nobody_without_reason_and_outcome(test: TestStore) {
    let [a] = test.cards(["A"]).await;
    let [.., last] = test.phases().await[..] else { panic!("no phase") };
    let inn = test.person("inn").await;
    let before = test.contents().await;
    let bare = to_end(a, 1, last);
    assert_eq!(problem(inn.move_card(&bare).await, "reason"), Problem::Required);
    assert_eq!(problem(inn.move_card(&bare).await, "outcome"), Problem::Required);
    let unknown = MoveForm { reason: "illness".into(), ..closing(bare.clone()) };
    assert_eq!(problem(inn.move_card(&unknown).await, "reason"), Problem::UnknownChoice);
    let wordless = MoveForm { reason: "other".into(), ..closing(bare.clone()) };
    assert_eq!(problem(inn.move_card(&wordless).await, "reason_text"), Problem::Required);
    let identity_number = MoveForm { reason: "other".into(), reason_text: "13897240054".into(), ..closing(bare) };
    assert_eq!(problem(inn.move_card(&identity_number).await, "reason_text"), Problem::IdentityNumber);
    assert_eq!(test.contents().await, before);
}

async fn a_closed_card_may_be_put_in_order_without_new_reasons(test: TestStore) {
    let [a, b] = test.cards(["A", "B"]).await;
    let [.., last] = test.phases().await[..] else { panic!("no phase") };
    let inn = test.person("inn").await;
    inn.move_card(&closing(to_end(a, 1, last))).await.unwrap();
    inn.move_card(&closing(to_end(b, 1, last))).await.unwrap();
    inn.move_card(&MoveForm { before: Some(b), ..to_end(a, 2, last) }).await.unwrap();
    assert_eq!(columns(&inn).await[2], ["A", "B"]);
    assert_eq!(test.contents().await.count("moves"), 2);
}

async fn opening_again_takes_the_outcome_away(test: TestStore) {
    let [a, _] = test.cards(["A", "B"]).await;
    let [first, _, last] = test.phases().await[..] else { panic!("three phases") };
    let inn = test.person("inn").await;
    inn.move_card(&closing(to_end(a, 1, last))).await.unwrap();
    assert!(test.contents().await.holds("enrolments", "outcome: Some(\"relevant_work\")"));
    inn.move_card(&to_end(a, 2, first)).await.unwrap();
    let contents = test.contents().await;
    assert!(!contents.holds("enrolments", "outcome: Some") && !contents.holds("enrolments", "closed_at: Some"));
    assert!(contents.holds("moves", "outcome: Some(\"relevant_work\")"), "history is kept");
}

async fn every_change_of_phase_is_in_the_timeline(test: TestStore) {
    let [a] = test.cards(["A"]).await;
    let [first, second, last] = test.phases().await[..] else { panic!("three phases") };
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    inn.move_card(&to_end(a, 1, second)).await.unwrap();
    let reason_text = "flyttet til søsken".to_owned();
    let closed = MoveForm { reason: "other".into(), reason_text, ..closing(to_end(a, 2, last)) };
    nav.move_card(&closed).await.unwrap();
    inn.move_card(&to_end(a, 3, first)).await.unwrap();

    let told = told_moves(&inn, card(&inn, a).await.participant).await;

    let because = Some((ClosingReason::Other, Some("flyttet til søsken".to_owned()), Outcome::RelevantWork));
    let expected = [
        ("inn Prøve", "Avsluttet", "Kartlegging", None),
        ("nav Prøve", "Praksis", "Avsluttet", because),
        ("inn Prøve", "Kartlegging", "Praksis", None),
    ];
    let expected = expected.map(|(by, from, to, closing)| (by.to_owned(), from.to_owned(), to.to_owned(), closing));
    assert_eq!(told, expected);
}

async fn a_new_place_in_the_same_phase_is_no_change_of_phase(test: TestStore) {
    let [a, b] = test.cards(["A", "B"]).await;
    let [first, second, _] = test.phases().await[..] else { panic!("three phases") };
    test.clock.advance(TimeDelta::days(3));
    let inn = test.person("inn").await;
    let moved = inn.move_card(&MoveForm { before: Some(a), ..to_end(b, 1, first) }).await.unwrap();
    assert_eq!(moved.days, 3);
    assert_eq!(card(&inn, b).await.days, 3);
    assert!(told_moves(&inn, card(&inn, b).await.participant).await.is_empty());
    let moved = inn.move_card(&to_end(b, 2, second)).await.unwrap();
    assert_eq!((moved.days, card(&inn, b).await.days), (0, 0));
}

async fn two_hundred_cards_at_the_same_spot_keep_their_order(test: TestStore) {
    let [a, b] = test.cards(["A", "B"]).await;
    let [first, second, _] = test.phases().await[..] else { panic!("three phases") };
    let inn = test.person("inn").await;
    let mut cards = Vec::new();
    for number in 0..20 {
        test.participant(&format!("{number}")).await;
    }
    for column in board(&inn).await.columns {
        cards.extend(column.cards.into_iter().map(|card| card.id).filter(|card| ![a, b].contains(card)));
    }
    // Twenty cards, ten times each: what is under A then is what the latest of them were.
    for time in 0..10 {
        for card in &cards {
            let form = MoveForm { after: Some(a), before: Some(b), ..to_end(*card, time + 1, first) };
            inn.move_card(&form).await.unwrap();
        }
    }
    let newest_first = (0..20).rev().map(|number| number.to_string());
    let expected: Vec<String> =
        [String::from("A")].into_iter().chain(newest_first).chain([String::from("B")]).collect();
    assert_eq!(columns(&inn).await[0], expected);
    assert_strict_and_short(&test.ranks(first).await);
    assert!(test.ranks(second).await.is_empty());
}

async fn a_long_column_that_grew_at_the_top_has_room_everywhere(test: TestStore) {
    let [a, b] = test.cards(["A", "B"]).await;
    let [first, ..] = test.phases().await[..] else { panic!("no phase") };
    let inn = test.person("inn").await;
    // So many that the first byte of a rank has been counted down to nothing.
    for time in 1..=150 {
        let (card, other) = if time % 2 == 0 { (a, b) } else { (b, a) };
        inn.move_card(&MoveForm { before: Some(other), ..to_end(card, (time + 1) / 2, first) }).await.unwrap();
    }
    test.participant("C").await;
    let c = board(&inn).await.columns[0].cards[2].id;
    inn.move_card(&MoveForm { after: Some(a), before: Some(b), ..to_end(c, 1, first) }).await.unwrap();
    assert_eq!(columns(&inn).await[0], ["A", "C", "B"]);
    assert_strict_and_short(&test.ranks(first).await);
}

/// Equal ranks would let two people see two orders, and an index takes no key of some thousand bytes.
fn assert_strict_and_short(ranks: &[Vec<u8>]) {
    assert!(ranks.is_sorted_by(|one, next| one < next), "{ranks:?}");
    let longest = ranks.iter().map(Vec::len).max().unwrap_or_default();
    assert!(longest <= 64, "a rank of {longest} bytes");
}

type Told = (String, String, String, Option<(ClosingReason, Option<String>, Outcome)>);

/// The moves in a participant's timeline, newest first: by whom, from, to, and why.
async fn told_moves(person: &SignedIn, participant: ParticipantId) -> Vec<Told> {
    let record = person.record(participant, Filter::Moves).await.unwrap();
    let told = record.timeline.into_iter().filter_map(|entry| match entry.what {
        What::Moved { from, to, reason, reason_text, outcome, .. } => {
            let closing = reason.zip(outcome).map(|(reason, outcome)| (reason, reason_text, outcome));
            Some((entry.by.unwrap_or_default(), from, to, closing))
        }
        _ => None,
    });
    told.collect()
}

store::on_both_databases!(
    a_card_lands_between_the_two_given_cards,
    a_card_lands_at_the_top_the_bottom_and_in_an_empty_phase,
    a_card_stays_right_under_the_one_above_when_others_came_between,
    when_the_card_above_is_gone_the_one_below_counts,
    when_both_neighbours_are_gone_the_card_goes_to_the_bottom,
    a_card_is_not_its_own_neighbour,
    the_latest_closed_card_lies_on_top,
    another_tracks_phase_and_an_unknown_card_are_not_found,
    a_stale_move_is_refused_and_tells_who_was_first_where_and_when,
    a_refusal_tells_of_no_card_that_the_person_may_not_see,
    of_two_who_move_a_card_at_the_same_time_one_is_first,
    a_closing_phase_takes_nobody_without_reason_and_outcome,
    a_closed_card_may_be_put_in_order_without_new_reasons,
    opening_again_takes_the_outcome_away,
    every_change_of_phase_is_in_the_timeline,
    a_new_place_in_the_same_phase_is_no_change_of_phase,
    two_hundred_cards_at_the_same_spot_keep_their_order,
    a_long_column_that_grew_at_the_top_has_room_everywhere,
);
