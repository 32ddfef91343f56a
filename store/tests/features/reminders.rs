//! Reminders: each once, whoever looks how often, and whatever the clock does.

use chrono::TimeDelta;
use shared::alerts::choices::{Choices, ChoicesForm};
use shared::alerts::{AlertKind, Mailed, Unmailed};
use shared::id::TaskId;
use shared::tasks::TaskForm;
use store::Store;
use store::testing::TestStore;

use crate::support::id_of;

// The clock stands on Tuesday 24 November 2026, 9 o'clock in Oslo.

async fn a_task_is_reminded_of_before_on_the_day_and_weekly_when_it_is_overdue(test: TestStore) {
    give_task(&test, "27.11.2026").await;
    let mut told = Vec::new();
    for hour in 0..24 * 18 {
        test.clock.advance(TimeDelta::hours(1));
        if test.store.system("test").remind().await.unwrap() > 0 {
            told.push(hour / 24);
        }
    }
    // Thursday, Friday, and Mondays from then on.
    assert_eq!(told, [1, 2, 5, 12]);
    let kinds = [AlertKind::TaskOverdue, AlertKind::TaskOverdue, AlertKind::TaskDueToday, AlertKind::TaskDueSoon];
    assert_eq!(told_kinds(&test).await, kinds, "newest first");
}

async fn moving_the_date_arms_it_again_and_clearing_it_cancels_what_was_not_sent(test: TestStore) {
    let id = give_task(&test, "25.11.2026").await;
    let inn = test.person("inn").await;
    test.clock.advance(TimeDelta::hours(23));
    assert_eq!(remind(&test).await, 1, "on the day");
    inn.change_task(id, 1, &task(&test, "26.11.2026").await).await.unwrap();
    assert_eq!(remind(&test).await, 0, "she was told of the new date just now");
    let letters = test.letters(10).await;
    assert!(letters.iter().all(|letter| !format!("{letter:?}").contains("TaskDue")), "the date it told of is gone");
    test.clock.advance(TimeDelta::days(1));
    assert_eq!(remind(&test).await, 1, "on the new day");

    test.person("nav").await.set_task_done(id, true).await.unwrap();
    test.clock.advance(TimeDelta::days(7));
    assert_eq!(remind(&test).await, 0, "it is done");
    let alerts = test.person("nav").await.alerts().await.unwrap();
    let outdated = alerts.iter().filter(|alert| alert.mailed == Mailed::No(Unmailed::Outdated)).count();
    assert!(outdated >= 1, "{alerts:?}");
}

async fn many_servers_and_a_clock_that_jumps_make_no_reminder_come_twice(test: TestStore) {
    for _ in 0..5 {
        give_task(&test, "26.11.2026").await;
    }
    let mut others: Vec<Store> = Vec::new();
    for _ in 0..3 {
        others.push(Store::connect(&test.url, test.clock.clock()).await.unwrap());
    }
    let mut reminded = 0;
    for hours in [23, 1, -2, 5, -3, 24, -24, 48, -20, 30] {
        test.clock.advance(TimeDelta::hours(hours));
        let looks: Vec<_> = others
            .iter()
            .map(|store| {
                let system = store.system("test");
                tokio::spawn(async move { system.remind().await.unwrap() })
            })
            .collect();
        for look in looks {
            reminded += look.await.unwrap();
        }
    }
    let mut kinds = told_kinds(&test).await;
    assert_eq!(reminded, kinds.len());
    kinds.sort();
    let expected = [[AlertKind::TaskDueSoon; 5], [AlertKind::TaskDueToday; 5], [AlertKind::TaskOverdue; 5]].concat();
    assert_eq!(kinds, expected);
    for store in others {
        store.close().await.unwrap();
    }
}

async fn each_person_chooses_how_long_before(test: TestStore) {
    let nav = test.person("nav").await;
    let choices = Choices { remind_days: 3, ..Choices::default() };
    nav.choose_alerts(&ChoicesForm::filled(&choices)).await.unwrap();
    give_task(&test, "30.11.2026").await;
    test.clock.advance(TimeDelta::hours(23));
    assert_eq!(remind(&test).await, 1, "three working days before a Monday is Wednesday");
    assert_eq!(remind(&test).await, 0);
}

async fn whoever_has_no_access_any_more_is_not_reminded(test: TestStore) {
    give_task(&test, "25.11.2026").await;
    test.deactivate("nav").await;
    test.clock.advance(TimeDelta::days(1));
    assert_eq!(remind(&test).await, 0);
}

async fn remind(test: &TestStore) -> usize {
    test.store.system("test").remind().await.unwrap()
}

/// What `nav` has been reminded of, newest first.
async fn told_kinds(test: &TestStore) -> Vec<AlertKind> {
    let alerts = test.person("nav").await.alerts().await.unwrap();
    alerts.into_iter().map(|alert| alert.kind).filter(|kind| *kind != AlertKind::TaskAssigned).collect()
}

/// A task for `nav`, made by `inn`.
async fn give_task(test: &TestStore, due: &str) -> TaskId {
    let form = task(test, due).await;
    test.person("inn").await.add_task(&form).await.unwrap()
}

async fn task(test: &TestStore, due: &str) -> TaskForm {
    let lina = test.participant("Lina Testesen").await;
    TaskForm { title: "Ring".into(), assignee: id_of(test, "nav").await, due: due.into(), ..TaskForm::about(lina) }
}

store::on_both_databases!(
    a_task_is_reminded_of_before_on_the_day_and_weekly_when_it_is_overdue,
    moving_the_date_arms_it_again_and_clearing_it_cancels_what_was_not_sent,
    many_servers_and_a_clock_that_jumps_make_no_reminder_come_twice,
    each_person_chooses_how_long_before,
    whoever_has_no_access_any_more_is_not_reminded,
);
