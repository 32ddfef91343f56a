//! Calendars: a secret address that opens one's own open tasks, as one may see them at that moment.

use chrono::{NaiveDate, TimeDelta};
use shared::calendar::CalendarTask;
use shared::error::AppError;
use shared::id::{ParticipantId, TaskId};
use shared::locale::Locale;
use shared::outbox::ContentLevel;
use shared::participants::DetailsForm;
use shared::tasks::TaskForm;
use store::testing::TestStore;

use crate::support::{record, refusal, task};

async fn the_secret_opens_ones_own_open_tasks_by_date(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let secret = address_of(&test, "nav").await;
    let later = add(&test, lina, "Senere", "nav", "2026-12-24").await;
    let first = add(&test, lina, "Først", "nav", "2026-12-01").await;
    add(&test, lina, "En annens", "inn", "2026-12-02").await;
    let done = add(&test, lina, "Gjort", "nav", "2026-12-03").await;
    test.person("nav").await.set_task_done(done, true).await.unwrap();

    let tasks = read(&test, &secret).await;
    assert_eq!(tasks.iter().map(|task| task.id).collect::<Vec<_>>(), [first, later]);
    let expected = CalendarTask {
        id: first,
        participant: lina,
        reference: record(&test.person("inn").await, lina).await.reference,
        who: None,
        title: None,
        due: NaiveDate::from_ymd_opt(2026, 12, 1).unwrap(),
        version: 1,
        changed_at: test.clock.now(),
    };
    assert_eq!(tasks[0], expected);
}

async fn a_changed_and_a_reopened_task_say_when(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let secret = address_of(&test, "nav").await;
    let id = add(&test, lina, "Ring", "nav", "2026-12-01").await;
    let nav = test.person("nav").await;
    test.clock.advance(TimeDelta::minutes(5));
    nav.change_task(id, 1, &task(&test, lina, "Ring igjen", "nav").await).await.unwrap();
    let [changed] = &read(&test, &secret).await[..] else { panic!("one task") };
    assert_eq!((changed.version, changed.changed_at), (2, test.clock.now()));
    nav.set_task_done(id, true).await.unwrap();
    assert!(read(&test, &secret).await.is_empty());
    test.clock.advance(TimeDelta::minutes(5));
    nav.set_task_done(id, false).await.unwrap();
    assert_eq!(read(&test, &secret).await[0].changed_at, test.clock.now());
}

async fn a_calendar_tells_no_more_than_mails_about_the_same_participant(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let secret = address_of(&test, "nav").await;
    add(&test, lina, "Ring", "nav", "2026-12-01").await;
    let admin = test.person("admin").await;
    for (level, who, title) in [
        (ContentLevel::Initials, Some("LT"), None),
        (ContentLevel::Full, Some("Lina Testesen"), Some("Ring")),
        (ContentLevel::Nothing, None, None),
    ] {
        admin.choose_mail_content(level).await.unwrap();
        let [task] = &read(&test, &secret).await[..] else { panic!("one task") };
        assert_eq!((task.who.as_deref(), task.title.as_deref()), (who, title));
    }
}

async fn whoever_may_not_see_a_participant_any_more_reads_nothing_about_her(test: TestStore) {
    let inn = test.person("inn").await;
    let [lina, omar] = [test.participant("Lina Testesen").await, test.participant("Omar Kladdeng").await];
    let secret = address_of(&test, "nav").await;
    add(&test, lina, "Ring", "nav", "2026-12-01").await;
    let left = add(&test, omar, "Skriv", "nav", "2026-12-02").await;
    let nobody = DetailsForm { nav_office: String::new(), ..DetailsForm::filled(&record(&inn, lina).await.details) };
    inn.change_details(lina, 1, &nobody).await.unwrap();
    let tasks = read(&test, &secret).await;
    assert_eq!(tasks.iter().map(|task| task.id).collect::<Vec<_>>(), [left]);
}

async fn a_replaced_a_removed_and_an_unknown_secret_and_a_closed_account_all_lead_nowhere(test: TestStore) {
    let nav = test.person("nav").await;
    let replaced = address_of(&test, "nav").await;
    let removed = address_of(&test, "nav").await;
    assert!(test.store.visitor().calendar(&removed).await.is_ok());
    nav.remove_calendar_address().await.unwrap();
    nav.remove_calendar_address().await.unwrap();
    let closed = address_of(&test, "inn2").await;
    test.deactivate("inn2").await;
    for secret in [replaced.as_str(), &removed, &closed, &"0".repeat(64), "", "\0", "' OR 1=1 --"] {
        assert_eq!(refusal(test.store.visitor().calendar(secret).await), AppError::NotFound, "{secret:?}");
    }
}

async fn the_secret_itself_is_kept_nowhere(test: TestStore) {
    let secret = address_of(&test, "nav").await;
    test.store.visitor().calendar(&secret).await.unwrap();
    let contents = test.contents().await;
    assert_eq!(contents.count("calendars"), 1);
    assert!(!contents.holds("calendars", &secret));
    assert!(secret.len() == 64 && secret != address_of(&test, "nav").await);
}

async fn ones_own_page_tells_when_the_address_was_made_and_read_and_knows_the_secret_again(test: TestStore) {
    let nav = test.person("nav").await;
    assert_eq!(nav.calendar_address(None).await.unwrap(), None);
    let secret = address_of(&test, "nav").await;
    let other = address_of(&test, "inn").await;
    let made_at = test.clock.now();
    let (address, is_it) = nav.calendar_address(Some(&secret)).await.unwrap().unwrap();
    assert_eq!((address.made_at, address.read_at, is_it), (made_at, None, true));
    assert!(!nav.calendar_address(Some(&other)).await.unwrap().unwrap().1, "another person's");
    let mut read_at = Vec::new();
    for minutes in [10, 30, 60] {
        test.clock.advance(TimeDelta::minutes(minutes));
        read(&test, &secret).await;
        read_at.push(nav.calendar_address(None).await.unwrap().unwrap().0.read_at.unwrap() - made_at);
    }
    assert_eq!(read_at, [10, 10, 100].map(TimeDelta::minutes));
}

async fn a_calendar_speaks_its_owners_language(test: TestStore) {
    let secret = address_of(&test, "nav").await;
    test.person("nav").await.choose_locale(Locale::En).await.unwrap();
    assert_eq!(test.store.visitor().calendar(&secret).await.unwrap().locale, Locale::En);
}

/// A new secret address of somebody.
async fn address_of(test: &TestStore, name: &str) -> String {
    test.person(name).await.make_calendar_address().await.unwrap().as_str().to_owned()
}

async fn read(test: &TestStore, secret: &str) -> Vec<CalendarTask> {
    test.store.visitor().calendar(secret).await.unwrap().tasks
}

async fn add(test: &TestStore, participant: ParticipantId, title: &str, assignee: &str, due: &str) -> TaskId {
    let form = TaskForm { due: due.into(), ..task(test, participant, title, assignee).await };
    test.person("inn").await.add_task(&form).await.unwrap()
}

store::on_both_databases!(
    the_secret_opens_ones_own_open_tasks_by_date,
    a_changed_and_a_reopened_task_say_when,
    a_calendar_tells_no_more_than_mails_about_the_same_participant,
    whoever_may_not_see_a_participant_any_more_reads_nothing_about_her,
    a_replaced_a_removed_and_an_unknown_secret_and_a_closed_account_all_lead_nowhere,
    the_secret_itself_is_kept_nowhere,
    ones_own_page_tells_when_the_address_was_made_and_read_and_knows_the_secret_again,
    a_calendar_speaks_its_owners_language,
);
