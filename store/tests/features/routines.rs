//! Checklists, and tasks that come back.

use chrono::{Days, NaiveDate, TimeDelta};
use shared::alerts::AlertKind;
use shared::error::{AppError, Problem};
use shared::id::{ParticipantId, TaskId};
use shared::participants::DetailsForm;
use shared::tasks::{Task, TaskForm};
use shared::timeline::{Filter, TaskStep, What};
use store::SignedIn;
use store::testing::TestStore;

use crate::support::{problem, record, refusal, task};

async fn two_people_who_tick_different_items_at_once_lose_nothing(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let id = add(&test, lina, TaskForm { items: "Ring\nSkriv\nMøt".into(), ..form(&test, lina, "nav").await }).await;
    let items = open(&inn, id).await.items;
    let (one, other) = tokio::join!(inn.tick_item(items[0].id, true), nav.tick_item(items[2].id, true));
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(ticked(&inn, id).await, [("Ring", true), ("Skriv", false), ("Møt", true)].map(named));

    nav.tick_item(items[0].id, true).await.unwrap();
    nav.tick_item(items[2].id, false).await.unwrap();
    nav.tick_item(items[2].id, false).await.unwrap();
    assert_eq!(ticked(&inn, id).await, [("Ring", true), ("Skriv", false), ("Møt", false)].map(named));
    let steps = steps(&inn, lina).await;
    let ticks = [TaskStep::ItemDone("Møt".into()), TaskStep::ItemDone("Ring".into())];
    assert!(ticks.iter().all(|tick| steps[1..3].contains(tick)), "{steps:?}");
    assert_eq!((&steps[0], &steps[3]), (&TaskStep::ItemReopened("Møt".into()), &TaskStep::Made));
    assert!(open(&inn, id).await.done_at.is_none(), "done as a whole stays a press of its own");
    assert_eq!(test.contents().await.count("mails"), 1, "nobody is told of ticks");
}

async fn a_changed_checklist_keeps_the_ticks_of_what_says_the_same(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    let made = TaskForm { items: "Ring\nSkriv\nMøt".into(), ..form(&test, lina, "inn").await };
    let id = add(&test, lina, made.clone()).await;
    let before = open(&inn, id).await.items;
    for item in &before[..2] {
        inn.tick_item(item.id, true).await.unwrap();
    }
    inn.change_task(id, 1, &TaskForm { items: "Møt\nRing\nEvaluer".into(), ..made.clone() }).await.unwrap();
    assert_eq!(ticked(&inn, id).await, [("Møt", false), ("Ring", true), ("Evaluer", false)].map(named));
    assert_eq!(refusal(inn.tick_item(before[1].id, false).await), AppError::NotFound, "it was taken away");
    inn.change_task(id, 2, &TaskForm { items: String::new(), ..made }).await.unwrap();
    assert!(open(&inn, id).await.items.is_empty());
}

async fn a_tick_does_not_stand_in_the_way_of_somebody_who_changes_the_task(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let made = TaskForm { items: "Ring\nSkriv".into(), ..form(&test, lina, "inn").await };
    let id = add(&test, lina, made.clone()).await;
    nav.tick_item(open(&inn, id).await.items[0].id, true).await.unwrap();
    inn.change_task(id, 1, &TaskForm { title: "Nytt".into(), ..made.clone() }).await.unwrap();
    assert_eq!(ticked(&inn, id).await, [("Ring", true), ("Skriv", false)].map(named));
    let before = test.contents().await;
    inn.change_task(id, 2, &TaskForm { title: "Nytt".into(), ..made }).await.unwrap();
    assert_eq!(test.contents().await, before, "nothing new was said");
}

async fn a_wrong_checklist_or_rule_names_its_field_and_writes_nothing(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    let right = form(&test, lina, "inn").await;
    let before = test.contents().await;
    for (field, wrong, expected) in [
        ("items", TaskForm { items: "x\n".repeat(31), ..right.clone() }, Problem::TooManyLines { max: 30 }),
        ("items", TaskForm { items: "13897240054".into(), ..right.clone() }, Problem::IdentityNumber),
        ("repeat", TaskForm { repeat: "weeks-99".into(), ..right.clone() }, Problem::UnknownChoice),
    ] {
        assert_eq!(problem(inn.add_task(&wrong).await, field), expected);
    }
    assert_eq!(test.contents().await, before);
}

async fn a_task_that_is_done_comes_back_for_the_same_person_with_nothing_ticked(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let weekly = TaskForm {
        items: "Ring\nSkriv".into(),
        description: "Kort".into(),
        repeat: "weeks-1".into(),
        ..form(&test, lina, "nav").await
    };
    let first = add(&test, lina, weekly).await;
    inn.tick_item(open(&inn, first).await.items[0].id, true).await.unwrap();
    inn.set_task_done(first, true).await.unwrap();
    inn.set_task_done(first, true).await.unwrap();

    let [next] = &nav.my_tasks().await.unwrap().0[..] else { panic!("one open task") };
    assert_eq!((next.title.as_str(), next.description.as_str(), next.due), ("Ring", "Kort", day(12, 7)));
    assert_eq!(next.items.iter().filter(|item| !item.is_done).count(), 2);
    assert_eq!(next.assignee.name, "nav Prøve");
    assert_eq!(steps(&inn, lina).await[..2], [TaskStep::Made, TaskStep::Done]);
    assert_eq!(told(&nav).await, [AlertKind::TaskAssigned, AlertKind::TaskAssigned]);
}

async fn two_who_do_the_same_task_at_once_make_one_next(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let id = repeating(&test, lina, "weeks-1").await;
    let (one, other) = tokio::join!(inn.set_task_done(id, true), nav.set_task_done(id, true));
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(test.contents().await.count("tasks"), 2);
}

async fn opening_a_task_again_takes_the_next_one_back_with_its_alert(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let id = repeating(&test, lina, "weeks-1").await;
    for is_undo in [true, false] {
        let before = told(&nav).await;
        inn.set_task_done(id, true).await.unwrap();
        assert_eq!(told(&nav).await.len(), before.len() + 1);
        assert_eq!(test.contents().await.count("tasks"), 2);
        if is_undo {
            let recalled = inn.undo_task_done(id).await.unwrap();
            assert_eq!((recalled.withdrawn, told(&nav).await), (1, before));
        } else {
            inn.set_task_done(id, false).await.unwrap();
            let now = told(&nav).await;
            assert_eq!((now[0], &now[1..]), (AlertKind::TaskChanged, &before[..]), "somebody else opened it");
        }
        let contents = test.contents().await;
        assert_eq!((contents.count("tasks"), contents.count("task_items")), (1, 1));
        assert_eq!(open_tasks(&inn, lina).await.len(), 1);
    }
}

async fn a_next_task_that_somebody_has_begun_with_stays_and_none_is_made_twice(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    let id = repeating(&test, lina, "weeks-1").await;
    inn.set_task_done(id, true).await.unwrap();
    let next = open_tasks(&inn, lina).await.remove(0);
    inn.tick_item(next.items[0].id, true).await.unwrap();
    inn.set_task_done(id, false).await.unwrap();
    assert_eq!(open_tasks(&inn, lina).await.len(), 2, "both are open");
    inn.set_task_done(id, true).await.unwrap();
    assert_eq!(open_tasks(&inn, lina).await.len(), 1);
    assert_eq!(test.contents().await.count("tasks"), 2);
}

async fn a_row_that_is_stopped_or_over_makes_no_more(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    let once_more = TaskForm { repeat: "weeks-1".into(), repeat_times: "2".into(), ..form(&test, lina, "inn").await };
    let first = add(&test, lina, once_more.clone()).await;
    inn.set_task_done(first, true).await.unwrap();
    let last = open_tasks(&inn, lina).await.remove(0);
    assert_eq!((last.due, last.repeat.as_ref().and_then(|rule| rule.times)), (day(12, 7), Some(1)));
    inn.set_task_done(last.id, true).await.unwrap();
    assert!(open_tasks(&inn, lina).await.is_empty());

    let stopped = add(&test, lina, TaskForm { repeat_times: String::new(), ..once_more.clone() }).await;
    inn.change_task(stopped, 1, &TaskForm { repeat: String::new(), ..once_more }).await.unwrap();
    inn.set_task_done(stopped, true).await.unwrap();
    assert!(open_tasks(&inn, lina).await.is_empty());
}

async fn a_rule_goes_on_being_counted_from_its_first_date_until_the_date_is_changed(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    let monthly = TaskForm { due: "31.12.2026".into(), repeat: "months-1".into(), ..form(&test, lina, "inn").await };
    let first = add(&test, lina, monthly.clone()).await;
    inn.set_task_done(first, true).await.unwrap();
    let second = open_tasks(&inn, lina).await.remove(0);
    // 31 January 2027 is a Sunday.
    assert_eq!(second.due, NaiveDate::from_ymd_opt(2027, 2, 1).unwrap());
    let renamed = TaskForm { title: "Nytt".into(), due: second.due.to_string(), ..monthly };
    inn.change_task(second.id, 1, &renamed).await.unwrap();
    test.clock.advance(TimeDelta::days(90));
    let inn = test.person("inn").await;
    inn.set_task_done(second.id, true).await.unwrap();
    let third = open_tasks(&inn, lina).await.remove(0);
    assert_eq!((third.due, third.title.as_str()), (NaiveDate::from_ymd_opt(2027, 3, 1).unwrap(), "Nytt"));
    let moved = TaskForm { due: (third.due + Days::new(1)).to_string(), ..renamed };
    inn.change_task(third.id, 1, &moved).await.unwrap();
    inn.set_task_done(third.id, true).await.unwrap();
    assert_eq!(open_tasks(&inn, lina).await.remove(0).due, NaiveDate::from_ymd_opt(2027, 4, 2).unwrap());
}

async fn when_the_assignee_may_not_see_the_participant_any_more_whoever_did_it_gets_the_next(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    let id = repeating(&test, lina, "weeks-1").await;
    let nobody = DetailsForm { nav_office: String::new(), ..DetailsForm::filled(&record(&inn, lina).await.details) };
    inn.change_details(lina, 1, &nobody).await.unwrap();
    inn.set_task_done(id, true).await.unwrap();
    assert_eq!(open_tasks(&inn, lina).await.remove(0).assignee.name, "inn Prøve");
}

async fn form(test: &TestStore, participant: ParticipantId, assignee: &str) -> TaskForm {
    task(test, participant, "Ring", assignee).await
}

/// A task for `nav` that comes back, with one item.
async fn repeating(test: &TestStore, participant: ParticipantId, every: &str) -> TaskId {
    let form = TaskForm { repeat: every.into(), items: "Ring".into(), ..form(test, participant, "nav").await };
    add(test, participant, form).await
}

async fn add(test: &TestStore, participant: ParticipantId, form: TaskForm) -> TaskId {
    test.person("inn").await.add_task(&TaskForm { participant, ..form }).await.unwrap()
}

async fn open(person: &SignedIn, id: TaskId) -> Task {
    person.open_task(id).await.unwrap().0
}

/// The open tasks about a participant.
async fn open_tasks(person: &SignedIn, participant: ParticipantId) -> Vec<Task> {
    record(person, participant).await.tasks.into_iter().filter(|task| task.done_at.is_none()).collect()
}

async fn ticked(person: &SignedIn, id: TaskId) -> Vec<(String, bool)> {
    open(person, id).await.items.into_iter().map(|item| (item.text, item.is_done)).collect()
}

/// Of what somebody is told, newest first.
async fn told(person: &SignedIn) -> Vec<AlertKind> {
    person.alerts().await.unwrap().into_iter().map(|alert| alert.kind).collect()
}

fn named((text, is_done): (&str, bool)) -> (String, bool) {
    (text.to_owned(), is_done)
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

/// What the timeline tells of tasks, newest first.
async fn steps(person: &SignedIn, participant: ParticipantId) -> Vec<TaskStep> {
    let record = person.record(participant, Filter::Tasks).await.unwrap();
    let steps = record.timeline.into_iter().filter_map(|entry| match entry.what {
        What::Task { step, .. } => Some(step),
        _ => None,
    });
    steps.collect()
}

store::on_both_databases!(
    two_people_who_tick_different_items_at_once_lose_nothing,
    a_changed_checklist_keeps_the_ticks_of_what_says_the_same,
    a_tick_does_not_stand_in_the_way_of_somebody_who_changes_the_task,
    a_wrong_checklist_or_rule_names_its_field_and_writes_nothing,
    a_task_that_is_done_comes_back_for_the_same_person_with_nothing_ticked,
    two_who_do_the_same_task_at_once_make_one_next,
    opening_a_task_again_takes_the_next_one_back_with_its_alert,
    a_next_task_that_somebody_has_begun_with_stays_and_none_is_made_twice,
    a_row_that_is_stopped_or_over_makes_no_more,
    a_rule_goes_on_being_counted_from_its_first_date_until_the_date_is_changed,
    when_the_assignee_may_not_see_the_participant_any_more_whoever_did_it_gets_the_next,
);
