//! What a phase demands when a card comes in, and the tasks that it makes.

use chrono::{NaiveDate, TimeDelta};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use shared::alerts::{Alert, AlertKind};
use shared::board::{MoveForm, Outcome};
use shared::error::{AppError, Problem, RefusedCard};
use shared::id::{EnrolmentId, PhaseId};
use shared::many::MoveManyForm;
use shared::outbox::Delivery;
use shared::participants::{ContactsForm, DetailsForm};
use shared::phases::NeededField;
use shared::tasks::TaskForm;
use shared::timeline::{Filter, What};
use shared::tracks::{ChangePhaseForm, RulesForm};
use store::SignedIn;
use store::testing::TestStore;

use crate::support::{board, card, columns, id_of, record, refusal, to_end};

const NAMES: [&str; 9] =
    ["language", "phone", "email", "goal", "plan", "nav_office", "inn_contact", "nav_contact", "waiting"];

async fn a_forged_form_that_tells_nothing_is_refused_and_nothing_changes(test: TestStore) {
    let inn = test.person("inn").await;
    let [first, second, _] = test.phases().await[..] else { panic!("no phases") };
    let [a] = test.cards(["A"]).await;
    let yes = || "yes".to_owned();
    let rules = RulesForm { needs_reason: yes(), needs_outcome: yes(), needs_goal: yes(), ..RulesForm::default() };
    set_rules(&test, second, "Praksis", rules).await;
    let before = test.contents().await;
    let error = refusal(inn.move_card(&to_end(a, 1, second)).await);
    assert_eq!(error.problem("reason_text"), Some(&Problem::Required));
    assert_eq!(error.problem("outcome"), Some(&Problem::Required));
    assert_eq!(error.problem("goal"), Some(&Problem::NotOnRecord));
    let told = MoveForm { reason_text: "Fikk plass".into(), outcome: "gold".into(), ..to_end(a, 1, second) };
    assert_eq!(refusal(inn.move_card(&told).await).problem("outcome"), Some(&Problem::UnknownChoice));
    assert!(test.contents().await.tables_changed_since(&before).is_empty());

    // Another place in the same phase, and the way out again, ask for nothing.
    inn.move_card(&to_end(a, 1, first)).await.unwrap();
}

async fn what_was_told_stands_in_the_history_and_the_card_is_not_closed(test: TestStore) {
    let inn = test.person("inn").await;
    let [first, second, _] = test.phases().await[..] else { panic!("no phases") };
    let [a] = test.cards(["A"]).await;
    let yes = || "yes".to_owned();
    let rules = RulesForm { needs_reason: yes(), needs_outcome: yes(), ..RulesForm::default() };
    set_rules(&test, second, "Praksis", rules).await;
    let told = MoveForm {
        reason_text: " Fikk lønnstilskudd ".into(),
        outcome: "relevant_work".into(),
        ..to_end(a, 1, second)
    };
    inn.move_card(&told).await.unwrap();
    let participant = board(&inn).await.columns[1].cards[0].participant;
    let timeline = inn.record(participant, Filter::Moves).await.unwrap().timeline;
    let What::Moved { reason, reason_text, outcome, .. } = &timeline[0].what else { panic!("{timeline:?}") };
    assert_eq!(
        (*reason, reason_text.as_deref(), *outcome),
        (None, Some("Fikk lønnstilskudd"), Some(Outcome::RelevantWork))
    );
    assert!(!test.contents().await.holds("enrolments", "relevant_work"));

    // Away and back again by undoing: still not closed.
    let away = inn.move_card(&to_end(a, 2, first)).await.unwrap().undo.unwrap();
    inn.undo_move(away).await.unwrap();
    assert!(!test.contents().await.holds("enrolments", "relevant_work"));
}

async fn the_board_knows_of_each_card_exactly_what_the_server_asks(test: TestStore) {
    let inn = test.person("inn").await;
    let (inn_id, nav_id) = (id_of(&test, "inn").await, id_of(&test, "nav").await);
    let [_, second, _] = test.phases().await[..] else { panic!("no phases") };
    let mut chance = StdRng::seed_from_u64(7);
    for turn in 0..12 {
        let participant = test.participant(&format!("Prøve {turn}")).await;
        let mut maybe = |value: &str| if chance.random_bool(0.5) { value.to_owned() } else { String::new() };
        let details = DetailsForm {
            name: format!("Prøve {turn}"),
            language: maybe("ti"),
            phone: maybe("900 00 001"),
            email: maybe("a@example.org"),
            goal: maybe("Lager"),
            plan: maybe("made"),
            nav_office: test.nav_east.to_string(),
            ..DetailsForm::default()
        };
        inn.change_details(participant, 1, &details).await.unwrap();
        let enrolment = record(&inn, participant).await.enrolments[0].id;
        let contacts = ContactsForm { inn_contact: maybe(&inn_id), nav_contact: maybe(&nav_id) };
        inn.choose_contacts(enrolment, &contacts).await.unwrap();
        inn.wait_for(participant, &maybe("nav")).await.unwrap();
        set_rules(&test, second, "Praksis", any_fields(&mut chance)).await;

        let board = board(&inn).await;
        let card = board.columns.iter().flat_map(|column| &column.cards).find(|card| card.id == enrolment).unwrap();
        let form = to_end(enrolment, 1, second);
        let in_browser = board.columns[1].phase.admit(&form, card.filled).err();
        let at_server = inn.move_card(&form).await.err().map(|error| refusal::<()>(Err(error)));
        assert_eq!(in_browser, at_server, "{turn}");
    }
}

async fn tasks_go_to_the_contacts_or_else_to_the_one_who_moves_with_their_alerts(test: TestStore) {
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let [_, second, _] = test.phases().await[..] else { panic!("no phases") };
    let [a, b] = test.cards(["A", "B"]).await;
    let contacts = ContactsForm { inn_contact: String::new(), nav_contact: id_of(&test, "nav").await };
    inn.choose_contacts(a, &contacts).await.unwrap();
    set_rules(&test, second, "Praksis", two_tasks()).await;
    test.letters(100).await;

    inn.move_card(&to_end(a, 1, second)).await.unwrap();
    let tasks = |of: SignedIn| async move {
        let (open, _) = of.my_tasks().await.unwrap();
        open.into_iter().map(|task| (task.title, task.participant_name, task.due)).collect::<Vec<_>>()
    };
    // A Tuesday; five working days later, and seven days.
    let (workday, day) = (NaiveDate::from_ymd_opt(2026, 12, 1), NaiveDate::from_ymd_opt(2026, 12, 1));
    assert_eq!(tasks(test.person("nav").await).await, [("Ring bedriften".into(), "A".into(), workday.unwrap())]);
    assert_eq!(tasks(test.person("inn").await).await, [("Skriv avtalen".into(), "A".into(), day.unwrap())]);
    assert!(nav.alerts().await.unwrap().iter().any(|alert| alert.kind == AlertKind::TaskAssigned));
    assert_eq!(test.letters(100).await.len(), 1, "one mail, to the one who has not moved the card");
    assert_eq!(card(&inn, a).await.next_task.map(|task| task.title.is_empty()), Some(false));

    // Without a NAV contact both are for the one who moves.
    inn.move_card(&to_end(b, 1, second)).await.unwrap();
    assert_eq!(tasks(test.person("inn").await).await.len(), 3);
    assert_eq!(tasks(test.person("nav").await).await.len(), 1);
}

async fn a_task_never_goes_to_somebody_who_may_not_see_the_participant(test: TestStore) {
    let inn = test.person("inn").await;
    let [_, second, _] = test.phases().await[..] else { panic!("no phases") };
    let [a] = test.cards(["A"]).await;
    inn.choose_contacts(a, &ContactsForm { inn_contact: String::new(), nav_contact: id_of(&test, "nav").await })
        .await
        .unwrap();
    set_rules(&test, second, "Praksis", two_tasks()).await;
    test.deactivate("nav").await;
    inn.move_card(&to_end(a, 1, second)).await.unwrap();
    assert_eq!(inn.my_tasks().await.unwrap().0.len(), 2);
}

async fn undoing_the_move_takes_back_tasks_that_nobody_has_touched(test: TestStore) {
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let [_, second, _] = test.phases().await[..] else { panic!("no phases") };
    let [a] = test.cards(["A"]).await;
    inn.choose_contacts(a, &ContactsForm { inn_contact: String::new(), nav_contact: id_of(&test, "nav").await })
        .await
        .unwrap();
    set_rules(&test, second, "Praksis", two_tasks()).await;
    test.letters(100).await;
    let undone = inn.move_card(&to_end(a, 1, second)).await.unwrap().undo.unwrap();
    // One of them is done before the move is taken back, and stays.
    let own = inn.my_tasks().await.unwrap().0.remove(0);
    inn.set_task_done(own.id, true).await.unwrap();
    test.clock.advance(TimeDelta::minutes(1));
    inn.undo_move(undone).await.unwrap();
    assert_eq!(columns(&inn).await[0], ["A"]);
    assert!(nav.my_tasks().await.unwrap().0.is_empty());
    let (open, done) = inn.my_tasks().await.unwrap();
    assert_eq!((open.len(), done.len()), (0, 1));
    let about_tasks = |alert: &Alert| alert.kind == AlertKind::TaskAssigned;
    assert!(!nav.alerts().await.unwrap().iter().any(about_tasks));
    let letters = format!("{:?}", test.letters(100).await);
    assert!(!letters.contains("TaskAssigned"), "nobody is mailed about it: {letters}");
}

async fn undoing_tells_an_assignee_who_has_got_a_mail_about_a_task_that_it_is_gone(test: TestStore) {
    let inn = test.person("inn").await;
    let [_, second, _] = test.phases().await[..] else { panic!("no phases") };
    let [a] = test.cards(["A"]).await;
    inn.choose_contacts(a, &ContactsForm { inn_contact: String::new(), nav_contact: id_of(&test, "nav").await })
        .await
        .unwrap();
    set_rules(&test, second, "Praksis", two_tasks()).await;
    send_all(&test).await;
    let undone = inn.move_card(&to_end(a, 1, second)).await.unwrap().undo.unwrap();
    send_all(&test).await;
    test.clock.advance(TimeDelta::minutes(20));
    let recalled = inn.undo_move(undone).await.unwrap().recalled;
    assert!(recalled.gone > 0, "{recalled:?}");
    test.clock.advance(TimeDelta::minutes(20));
    let letters = test.letters(100).await;
    assert!(letters.len() == 1 && letters[0].to.as_str() == "nav@example.no", "{letters:#?}");
    assert!(format!("{letters:?}").contains("kind: Moved"), "{letters:#?}");
}

async fn a_changed_task_survives_that_the_move_is_taken_back(test: TestStore) {
    let inn = test.person("inn").await;
    let [_, second, _] = test.phases().await[..] else { panic!("no phases") };
    let [a] = test.cards(["A"]).await;
    set_rules(&test, second, "Praksis", two_tasks()).await;
    let undone = inn.move_card(&to_end(a, 1, second)).await.unwrap().undo.unwrap();
    let task = inn.my_tasks().await.unwrap().0.remove(0);
    let form = TaskForm {
        participant: task.participant,
        title: "Ring i morgen".into(),
        description: String::new(),
        assignee: id_of(&test, "inn").await,
        due: "30.11.2026".into(),
        ..TaskForm::about(task.participant)
    };
    inn.change_task(task.id, 1, &form).await.unwrap();
    inn.undo_move(undone).await.unwrap();
    let titles: Vec<String> = inn.my_tasks().await.unwrap().0.into_iter().map(|task| task.title).collect();
    assert_eq!(titles, ["Ring i morgen"]);
}

async fn several_cards_are_admitted_together_or_those_that_lack_something_are_named(test: TestStore) {
    let inn = test.person("inn").await;
    let [first, second, _] = test.phases().await[..] else { panic!("no phases") };
    let [a, b, c] = test.cards(["A", "B", "C"]).await;
    let rules = RulesForm { needs_reason: "yes".into(), needs_inn_contact: "yes".into(), ..two_tasks() };
    set_rules(&test, second, "Praksis", rules).await;
    let inn_contact = id_of(&test, "inn").await;
    for card in [a, c] {
        let contacts = ContactsForm { inn_contact: inn_contact.clone(), nav_contact: String::new() };
        inn.choose_contacts(card, &contacts).await.unwrap();
    }
    let all = |cards: &[EnrolmentId]| MoveManyForm {
        cards: cards.iter().map(|card| (*card, 1)).collect(),
        to: Some(second),
        ..MoveManyForm::default()
    };
    let before = test.contents().await;
    let told = MoveManyForm { reason_text: "Kurset begynner".into(), ..all(&[a, b, c]) };
    let lacking = RefusedCard { enrolment: b, name: "B".into(), missing: vec![NeededField::InnContact] };
    assert_eq!(refusal(inn.move_many(&told).await), AppError::NotAdmitted(vec![lacking]));
    let refused = refusal(inn.move_many(&all(&[a, c])).await);
    assert_eq!(refused.problem("reason_text"), Some(&Problem::Required));
    assert!(test.contents().await.tables_changed_since(&before).is_empty());

    // What is in the phase already is asked for nothing.
    let told = MoveManyForm { reason_text: "Kurset begynner".into(), ..all(&[a, c]) };
    inn.move_many(&told).await.unwrap();
    assert_eq!(columns(&inn).await[..2], [vec!["B"], vec!["A", "C"]]);
    let within = MoveManyForm { cards: [(a, 2), (c, 2)].into(), after: Some(c), ..all(&[]) };
    inn.move_many(&within).await.unwrap();
    inn.move_many(&MoveManyForm { cards: [(a, 3), (c, 3)].into(), to: Some(first), ..all(&[]) }).await.unwrap();
}

async fn several_cards_get_their_tasks_with_one_mail_and_undoing_takes_them_back(test: TestStore) {
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let [_, second, _] = test.phases().await[..] else { panic!("no phases") };
    let cards = test.cards(["A", "B", "C"]).await;
    let nav_contact = id_of(&test, "nav").await;
    for card in cards {
        let contacts = ContactsForm { inn_contact: String::new(), nav_contact: nav_contact.clone() };
        inn.choose_contacts(card, &contacts).await.unwrap();
    }
    set_rules(&test, second, "Praksis", two_tasks()).await;
    send_all(&test).await;
    let cards = cards.into_iter().map(|card| (card, 1)).collect();
    let form = MoveManyForm { cards, to: Some(second), ..MoveManyForm::default() };
    let undo = inn.move_many(&form).await.unwrap().undo.unwrap();
    assert_eq!(nav.my_tasks().await.unwrap().0.len(), 3);
    assert_eq!(inn.my_tasks().await.unwrap().0.len(), 3);
    let letters = test.letters(100).await;
    let about_tasks = letters.iter().filter(|letter| format!("{letter:?}").contains("TaskAssigned"));
    assert_eq!(about_tasks.count(), 1, "{letters:#?}");

    // One of them is begun with, and stays.
    let begun = inn.my_tasks().await.unwrap().0.remove(0);
    inn.set_task_done(begun.id, true).await.unwrap();
    inn.undo_many(undo).await.unwrap();
    assert!(nav.my_tasks().await.unwrap().0.is_empty());
    let (open, done) = inn.my_tasks().await.unwrap();
    assert_eq!((open.len(), done.len()), (0, 1));
    assert_eq!(columns(&inn).await[0], ["A", "B", "C"]);
}

/// Sends what waits.
async fn send_all(test: &TestStore) {
    let mailer = test.store.system("test");
    for letter in test.letters(100).await {
        mailer.finish_mail(letter.id, letter.attempt, Delivery::sent("250 OK")).await.unwrap();
    }
}

fn two_tasks() -> RulesForm {
    let text = |text: &str| text.to_owned();
    RulesForm {
        task1_title: text("Ring bedriften"),
        task1_for: text("nav_contact"),
        task1_days: text("5"),
        task1_unit: text("working_days"),
        task2_title: text("Skriv avtalen"),
        task2_for: text("inn_contact"),
        task2_days: text("7"),
        task2_unit: text("days"),
        ..RulesForm::default()
    }
}

fn any_fields(chance: &mut StdRng) -> RulesForm {
    let mut json = serde_json::Map::new();
    for name in NAMES {
        if chance.random_bool(0.3) {
            json.insert(format!("needs_{name}"), "yes".into());
        }
    }
    serde_json::from_value(json.into()).unwrap()
}

/// Gives a phase rules, as an administrator does who has just read the track.
async fn set_rules(test: &TestStore, phase: PhaseId, name: &str, rules: RulesForm) {
    let admin = test.person("admin").await;
    let version = admin.managed_track("introlop").await.unwrap().version;
    let (limit, agreed_days) = (String::new(), String::new());
    let form = ChangePhaseForm { phase, version, name: name.into(), limit, agreed_days, rules };
    admin.change_phase(&form).await.unwrap();
}

store::on_both_databases!(
    a_forged_form_that_tells_nothing_is_refused_and_nothing_changes,
    what_was_told_stands_in_the_history_and_the_card_is_not_closed,
    the_board_knows_of_each_card_exactly_what_the_server_asks,
    tasks_go_to_the_contacts_or_else_to_the_one_who_moves_with_their_alerts,
    a_task_never_goes_to_somebody_who_may_not_see_the_participant,
    undoing_the_move_takes_back_tasks_that_nobody_has_touched,
    undoing_tells_an_assignee_who_has_got_a_mail_about_a_task_that_it_is_gone,
    a_changed_task_survives_that_the_move_is_taken_back,
    several_cards_are_admitted_together_or_those_that_lack_something_are_named,
    several_cards_get_their_tasks_with_one_mail_and_undoing_takes_them_back,
);
