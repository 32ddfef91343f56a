//! Tasks: one assignee who may see the participant, done once, changed by one at a time.

use chrono::{Days, TimeDelta};
use shared::alerts::{Alert, AlertKind, Reason, Subject};
use shared::board::PhaseKind;
use shared::error::{AppError, Problem};
use shared::id::{ParticipantId, TaskId};
use shared::participants::DetailsForm;
use shared::tasks::{Task, TaskForm};
use shared::time::oslo;
use shared::timeline::{Filter, TaskStep, What};
use store::testing::TestStore;
use store::{NewTrack, SignedIn};

use crate::support::{board, id_of, problem, record, refusal, task};

async fn the_assignee_must_be_somebody_who_may_see_the_participant(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    let closed = id_of(&test, "inn2").await;
    test.deactivate("inn2").await;
    let before = test.contents().await;
    let mut without_access = vec![closed];
    for name in ["nav-west", "stranger", "nav-stranger", "admin"] {
        without_access.push(id_of(&test, name).await);
    }
    for assignee in without_access {
        let form = TaskForm { assignee, ..task(&test, lina, "Ring", "inn").await };
        assert_eq!(problem(inn.add_task(&form).await, "assignee"), Problem::NoAccess);
    }
    assert_eq!(test.contents().await, before);
    for name in ["inn", "leder", "nav"] {
        inn.add_task(&task(&test, lina, "Ring", name).await).await.unwrap();
    }
    let (_, _, people) = inn.task_choices(lina).await.unwrap();
    let names: Vec<String> = people.into_iter().map(|person| person.name).collect();
    assert_eq!(names, ["inn Prøve", "leder Prøve", "nav Prøve"]);
}

async fn a_wrong_form_names_its_fields_and_writes_nothing(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    let right = task(&test, lina, "Ring", "nav").await;
    let before = test.contents().await;
    let wrong = [
        ("title", TaskForm { title: " ".into(), ..right.clone() }, Problem::Required),
        ("title", TaskForm { title: "fnr 13897240054".into(), ..right.clone() }, Problem::IdentityNumber),
        ("description", TaskForm { description: "13897240054".into(), ..right.clone() }, Problem::IdentityNumber),
        ("assignee", TaskForm { assignee: String::new(), ..right.clone() }, Problem::Required),
        ("assignee", TaskForm { assignee: "meg".into(), ..right.clone() }, Problem::UnknownChoice),
        ("due", TaskForm { due: "i morgen".into(), ..right.clone() }, Problem::NotADate),
        ("due", TaskForm { due: "01.12.2206".into(), ..right }, Problem::DateOutOfRange),
    ];
    for (field, form, expected) in wrong {
        assert_eq!(problem(inn.add_task(&form).await, field), expected, "{field}");
    }
    assert_eq!(test.contents().await, before);
}

async fn the_assignee_is_told_but_nobody_of_her_own_task(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    inn.add_task(&task(&test, lina, "Egen", "inn").await).await.unwrap();
    assert_eq!(test.contents().await.count("mails"), 0);
    let id = inn.add_task(&task(&test, lina, "Ring", "nav").await).await.unwrap();
    let [alert] = &nav.alerts().await.unwrap()[..] else { panic!("one alert") };
    assert_eq!(
        (alert.kind, alert.subject, alert.by.as_str()),
        (AlertKind::TaskAssigned, Subject::Task(id), "inn Prøve")
    );
    assert_eq!(test.contents().await.count("mails"), 1);
}

async fn a_new_and_an_earlier_assignee_are_told_but_nobody_of_her_own_change(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let id = inn.add_task(&task(&test, lina, "Ring", "inn").await).await.unwrap();
    let later = TaskForm { due: "24.12.2026".into(), ..task(&test, lina, "Ring", "inn").await };
    inn.change_task(id, 1, &later).await.unwrap();
    assert_eq!(test.contents().await.count("alerts"), 0);
    inn.change_task(id, 2, &task(&test, lina, "Ring", "nav").await).await.unwrap();
    assert_eq!((nav.unread_alerts().await.unwrap(), test.contents().await.count("mails")), (1, 1));
    // Whoever takes it over herself knows.
    test.person("leder").await.change_task(id, 3, &task(&test, lina, "Ring", "leder").await).await.unwrap();
    let kinds = |alerts: Vec<Alert>| alerts.into_iter().map(|alert| (alert.kind, alert.reason)).collect::<Vec<_>>();
    let (earlier, maker) = (nav.alerts().await.unwrap(), inn.alerts().await.unwrap());
    let of_nav = [(AlertKind::TaskChanged, Reason::Assignee), (AlertKind::TaskAssigned, Reason::Assignee)];
    assert_eq!(kinds(earlier), of_nav);
    assert_eq!(kinds(maker), [(AlertKind::TaskChanged, Reason::MadeTask)]);
    assert_eq!(test.person("leder").await.unread_alerts().await.unwrap(), 0);
    let refused = inn.change_task(id, 4, &task(&test, lina, "Ring", "nav-west").await).await;
    assert_eq!(problem(refused, "assignee"), Problem::NoAccess);
}

async fn whoever_saves_over_a_changed_task_is_told_who_changed_it(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let one = inn.add_task(&task(&test, lina, "Ring", "inn").await).await.unwrap();
    let other = inn.add_task(&task(&test, lina, "Skriv", "inn").await).await.unwrap();
    test.clock.advance(TimeDelta::minutes(5));
    let changed_at = test.clock.now();
    nav.change_task(one, 1, &task(&test, lina, "Ring igjen", "inn").await).await.unwrap();
    test.clock.advance(TimeDelta::minutes(5));
    // A change of another task says nothing about this one.
    test.person("leder").await.change_task(other, 1, &task(&test, lina, "Skriv om", "inn").await).await.unwrap();
    let form = task(&test, lina, "Ring nå", "inn").await;
    let before = test.contents().await;
    let refused = refusal(inn.change_task(one, 1, &form).await);
    assert_eq!(refused, AppError::Changed { by: "nav Prøve".into(), at: oslo(changed_at) });
    assert_eq!(test.contents().await, before);
    let (seen, _) = inn.open_task(one).await.unwrap();
    assert_eq!((seen.title.as_str(), seen.version), ("Ring igjen", 2));
    inn.change_task(one, seen.version, &form).await.unwrap();
}

async fn done_twice_is_done_once(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let id = inn.add_task(&task(&test, lina, "Ring", "nav").await).await.unwrap();
    let (one, other) = tokio::join!(inn.set_task_done(id, true), nav.set_task_done(id, true));
    assert!(one.is_ok() && other.is_ok());
    inn.set_task_done(id, true).await.unwrap();
    assert_eq!(steps(&inn, lina).await, [TaskStep::Done, TaskStep::Made]);
    let (seen, _) = inn.open_task(id).await.unwrap();
    assert_eq!(seen.done_at, Some(test.clock.now()));

    inn.set_task_done(id, false).await.unwrap();
    inn.set_task_done(id, false).await.unwrap();
    assert_eq!(steps(&inn, lina).await, [TaskStep::Reopened, TaskStep::Done, TaskStep::Made]);
    assert_eq!(inn.open_task(id).await.unwrap().0.done_at, None);
}

async fn ones_own_tasks_are_listed_over_all_tracks_by_date(test: TestStore) {
    let track = NewTrack {
        slug: "karrierelop",
        name: "Karriereløp",
        owner: test.inn,
        partners: &[test.nav_east],
        phases: &store::testing::phases([("Søknad", PhaseKind::Ordinary)]),
    };
    test.store.system("test").create_track(track).await.unwrap();
    let inn = test.person("inn").await;
    let lina = test.participant("Lina Testesen").await;
    let mut form = shared::participants::NewParticipantForm::default();
    form.details.name = "Omar Kladdeng".into();
    form.details.nav_office = test.nav_east.to_string();
    let omar = inn.add_participant("karrierelop", &form).await.unwrap();

    for (participant, title, days) in [(lina, "Senere", 9), (omar, "Snart", 2), (lina, "Først", 1), (omar, "Gjort", 0)]
    {
        add(&test, participant, title, "nav", days).await;
    }
    add(&test, lina, "For en annen", "inn2", 0).await;
    let nav = test.person("nav").await;
    let (open, _) = nav.my_tasks().await.unwrap();
    nav.set_task_done(open[0].id, true).await.unwrap();

    let (open, done) = nav.my_tasks().await.unwrap();
    assert_eq!(titles(&open), ["Først", "Snart", "Senere"]);
    assert_eq!(open[1].participant_name, "Omar Kladdeng");
    assert_eq!(titles(&done), ["Gjort"]);
    test.clock.advance(TimeDelta::hours(25));
    assert!(test.person("nav").await.my_tasks().await.unwrap().1.is_empty(), "done yesterday is done with");
}

async fn a_task_about_somebody_whom_one_may_no_longer_see_is_gone_from_the_list(test: TestStore) {
    let inn = test.person("inn").await;
    let lina = test.participant("Lina Testesen").await;
    let id = add(&test, lina, "Ring", "nav", 1).await;
    let details = record(&inn, lina).await.details;
    let nobody = DetailsForm { nav_office: String::new(), ..DetailsForm::filled(&details) };
    inn.change_details(lina, 1, &nobody).await.unwrap();
    let nav = test.person("nav").await;
    assert!(nav.my_tasks().await.unwrap().0.is_empty());
    assert_eq!(refusal(nav.set_task_done(id, true).await), AppError::NotFound);
    assert_eq!(record(&inn, lina).await.tasks.len(), 1);
}

async fn the_card_shows_the_open_task_that_is_due_first(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    add(&test, lina, "Senere", "inn", 9).await;
    let first = add(&test, lina, "Først", "nav", 1).await;
    let next = async || board(&inn).await.columns.remove(0).cards.remove(0).next_task;
    let task = next().await.unwrap();
    assert_eq!((task.title.as_str(), task.due), ("Først", inn.today() + Days::new(1)));
    inn.set_task_done(first, true).await.unwrap();
    assert_eq!(next().await.unwrap().title, "Senere");
}

async fn the_record_shows_open_tasks_by_date_and_then_the_latest_done(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    let mut ids = Vec::new();
    for (title, days) in [("Senere", 9), ("Gjort først", 1), ("Først", 1), ("Gjort sist", 2)] {
        ids.push(add(&test, lina, title, "inn", days).await);
    }
    inn.set_task_done(ids[1], true).await.unwrap();
    test.clock.advance(TimeDelta::minutes(1));
    inn.set_task_done(ids[3], true).await.unwrap();
    assert_eq!(titles(&record(&inn, lina).await.tasks), ["Først", "Senere", "Gjort sist", "Gjort først"]);
}

/// Makes a task that is due in some days.
async fn add(test: &TestStore, participant: ParticipantId, title: &str, assignee: &str, days: u64) -> TaskId {
    let due = (test.store.today() + Days::new(days)).to_string();
    let form = TaskForm { due, ..task(test, participant, title, assignee).await };
    test.person("inn").await.add_task(&form).await.unwrap()
}

fn titles(tasks: &[Task]) -> Vec<&str> {
    tasks.iter().map(|task| task.title.as_str()).collect()
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
    the_assignee_must_be_somebody_who_may_see_the_participant,
    a_wrong_form_names_its_fields_and_writes_nothing,
    the_assignee_is_told_but_nobody_of_her_own_task,
    a_new_and_an_earlier_assignee_are_told_but_nobody_of_her_own_change,
    whoever_saves_over_a_changed_task_is_told_who_changed_it,
    done_twice_is_done_once,
    ones_own_tasks_are_listed_over_all_tracks_by_date,
    a_task_about_somebody_whom_one_may_no_longer_see_is_gone_from_the_list,
    the_card_shows_the_open_task_that_is_due_first,
    the_record_shows_open_tasks_by_date_and_then_the_latest_done,
);
