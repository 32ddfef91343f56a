//! The board shows each person the cards that she may see, and what stands on them.

use chrono::TimeDelta;
use shared::board::{Board, CLOSED_COUNTED, CLOSED_SHOWN, FIRST_SHOWN, PhaseKind};
use shared::error::AppError;
use shared::participants::{ContactsForm, DetailsForm, Plan, WaitingOn};
use shared::text::{Line, PersonName};
use store::Seed;
use store::testing::TestStore;

use crate::support::{board, card, closing, columns, id_of, record, refusal, to_end};

async fn inn_sees_all_cards_and_nav_those_of_her_offices(test: TestStore) {
    let inn = test.person("inn").await;
    for (name, office) in
        [("Øst", test.nav_east.to_string()), ("Vest", test.nav_west.to_string()), ("Ingen", String::new())]
    {
        let mut form = shared::participants::NewParticipantForm::default();
        form.details.name = name.into();
        form.details.nav_office = office;
        inn.add_participant("introlop", &form).await.unwrap();
    }
    let seen: [(&str, &[&str]); 5] = [
        ("inn", &["Øst", "Vest", "Ingen"]),
        ("inn2", &["Øst", "Vest", "Ingen"]),
        ("leder", &["Øst", "Vest", "Ingen"]),
        ("nav", &["Øst", "Vest"]),
        ("nav-west", &["Vest"]),
    ];
    for (name, expected) in seen {
        let person = test.person(name).await;
        assert_eq!(columns(&person).await[0], expected, "{name}");
        assert_eq!(counts(&board(&person).await), [expected.len(), 0, 0], "{name}");
        let tracks = person.tracks().await.unwrap();
        assert_eq!(tracks.len(), 1);
        assert_eq!((tracks[0].slug.as_str(), tracks[0].phases[0].1), ("introlop", expected.len()), "{name}");
    }
}

async fn only_the_tracks_of_ones_own_city_exist(test: TestStore) {
    for name in ["stranger", "nav-stranger"] {
        let person = test.person(name).await;
        assert_eq!(refusal(person.board("introlop").await), AppError::NotFound);
        let slugs: Vec<String> = person.tracks().await.unwrap().into_iter().map(|track| track.slug).collect();
        assert_eq!(slugs, ["annetlop"]);
    }
    let admin = test.person("admin").await;
    assert_eq!(refusal(admin.board("introlop").await), AppError::NotFound);
    assert!(admin.tracks().await.unwrap().is_empty());
    assert_eq!(refusal(test.person("inn").await.board("finnes-ikke").await), AppError::NotFound);
}

async fn a_closing_phase_shows_the_latest_and_counts_all(test: TestStore) {
    let inn = test.person("inn").await;
    let [.., last] = test.phases().await[..] else { panic!("no phase") };
    let all = CLOSED_SHOWN + 2;
    for number in 0..all {
        test.participant(&format!("Prøve {number}")).await;
    }
    for one in board(&inn).await.columns.remove(0).cards {
        inn.move_card(&closing(to_end(one.id, 1, last))).await.unwrap();
    }
    let seen = board(&inn).await;
    assert_eq!(counts(&seen), [0, 0, all]);
    let latest_first: Vec<String> = (2..all).rev().map(|number| format!("Prøve {number}")).collect();
    assert_eq!(columns(&inn).await[2], latest_first);
}

async fn a_board_begins_with_the_first_cards_of_each_phase(test: TestStore) {
    fill(&test, 4 * FIRST_SHOWN, 2 * FIRST_SHOWN).await;
    test.participant("Lina Testesen").await;
    for name in ["inn", "nav", "nav-west"] {
        let person = test.person(name).await;
        let mut whole = board(&person).await;
        assert!(whole.columns.iter().flat_map(|column| &column.cards).any(|card| card.next_task.is_some()));
        for column in &mut whole.columns {
            column.cards.truncate(FIRST_SHOWN);
        }
        let beginning = person.board_beginning("introlop").await.unwrap();
        assert_eq!(beginning, whole, "the same cards with the same on them, and the counts of all");
    }
}

async fn those_who_have_left_are_counted_up_to_a_number(test: TestStore) {
    fill(&test, 2, CLOSED_COUNTED - 1).await;
    let inn = test.person("inn").await;
    assert_eq!(counts(&board(&inn).await), [1, 1, CLOSED_COUNTED - 1]);
    fill(&test, 0, 2).await;
    assert_eq!(counts(&board(&inn).await), [1, 1, CLOSED_COUNTED]);
}

/// Puts so many participants on the track who are under way, some of them with a task, and so many who have left.
async fn fill(test: &TestStore, open: usize, closed: usize) {
    let names = |count| (0..count).map(|number| PersonName::parse(&format!("Prøve {number}")).unwrap()).collect();
    let tasks = vec![Line::parse("Ring").unwrap()];
    let seed = Seed { open: names(open), closed: names(closed), tasks };
    test.store.system("test").seed("introlop", &seed).await.unwrap();
}

async fn a_card_shows_contacts_plan_and_whom_she_waits_for(test: TestStore) {
    let [id] = test.cards(["Lina Testesen"]).await;
    let inn = test.person("inn").await;
    let plain = card(&inn, id).await;
    assert_eq!((plain.inn_contact, plain.nav_contact, plain.next_task), (None, None, None));
    assert_eq!((plain.plan, plain.waiting, plain.unread_note), (Plan::Missing, None, false));

    let contacts = ContactsForm { inn_contact: id_of(&test, "inn2").await, nav_contact: id_of(&test, "nav").await };
    inn.choose_contacts(id, &contacts).await.unwrap();
    inn.wait_for(plain.participant, "nav").await.unwrap();
    let seen = record(&inn, plain.participant).await;
    let form = DetailsForm { plan: "made".into(), ..DetailsForm::filled(&seen.details) };
    inn.change_details(plain.participant, seen.version, &form).await.unwrap();

    let full = card(&inn, id).await;
    let names = [full.inn_contact, full.nav_contact].map(|contact| contact.map(|contact| contact.name));
    assert_eq!(names, [Some("inn2 Prøve".into()), Some("nav Prøve".into())]);
    assert_eq!(full.plan, Plan::Made { review: None });
    assert_eq!(full.waiting.map(|waiting| waiting.on), Some(WaitingOn::Nav));
}

async fn days_in_a_phase_are_calendar_days_in_oslo(test: TestStore) {
    let [id] = test.cards(["Lina Testesen"]).await;
    // From nine in the morning until just before midnight in Oslo, and past it.
    test.clock.advance(TimeDelta::minutes(14 * 60 + 59));
    assert_eq!(card(&test.person("inn").await, id).await.days, 0);
    test.clock.advance(TimeDelta::minutes(2));
    assert_eq!(card(&test.person("inn").await, id).await.days, 1);
}

async fn a_card_alone_comes_with_the_phases_to_which_it_can_go(test: TestStore) {
    let [_, id] = test.cards(["A", "B"]).await;
    let [_, second, _] = test.phases().await[..] else { panic!("three phases") };
    let nav = test.person("nav").await;
    nav.move_card(&to_end(id, 1, second)).await.unwrap();
    let (slug, phases, phase, alone) = nav.card(id).await.unwrap();
    assert_eq!((slug.as_str(), phase, alone.name.as_str(), alone.version), ("introlop", second, "B", 2));
    let kinds: Vec<PhaseKind> = phases.iter().map(|phase| phase.kind).collect();
    assert_eq!(kinds, [PhaseKind::Ordinary, PhaseKind::Ordinary, PhaseKind::Closing]);
}

fn counts(board: &Board) -> Vec<usize> {
    board.columns.iter().map(|column| column.count).collect()
}

store::on_both_databases!(
    inn_sees_all_cards_and_nav_those_of_her_offices,
    only_the_tracks_of_ones_own_city_exist,
    a_closing_phase_shows_the_latest_and_counts_all,
    a_board_begins_with_the_first_cards_of_each_phase,
    those_who_have_left_are_counted_up_to_a_number,
    a_card_shows_contacts_plan_and_whom_she_waits_for,
    days_in_a_phase_are_calendar_days_in_oslo,
    a_card_alone_comes_with_the_phases_to_which_it_can_go,
);
