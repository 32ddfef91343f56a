//! What a contact is told every week of those who need action.

use chrono::TimeDelta;
use shared::alerts::AlertKind;
use shared::alerts::choices::{Choices, ChoicesForm, Leave, Way};
use shared::id::ParticipantId;
use shared::notes::NoteForm;
use shared::outbox::{Delivery, LetterContent, WeeklyNeed};
use shared::participants::ContactsForm;
use shared::time::oslo_date;
use shared::views::Filter;
use store::Store;
use store::testing::TestStore;

use crate::support::{card, closing, id_of, record, task, to_end};

// The clock stands on Tuesday 24 November 2026, 9 o'clock in Oslo. Nobody has a task, so everybody needs action.

async fn a_contact_is_told_once_a_week_how_many_of_hers_need_action(test: TestStore) {
    let [lina, omar] = [test.participant("Lina Testesen").await, test.participant("Omar Kladdeng").await];
    contacts(&test, lina, "nav").await;
    contacts(&test, omar, "nav").await;
    test.participant("Uten Kontakt").await;
    // This week's is late, since nobody was there to promise it.
    assert_eq!(days_told(&test, "nav", 19).await, [(1, 2), (6, 2), (13, 2)]);

    // Each Sunday from here.
    let inn = test.person("inn").await;
    inn.add_task(&task(&test, omar, "Ring", "nav").await).await.unwrap();
    assert_eq!(days_told(&test, "nav", 7).await, [(1, 1)]);
    inn.add_task(&task(&test, lina, "Ring", "nav").await).await.unwrap();
    assert_eq!(days_told(&test, "nav", 7).await, [], "everybody has a next task");
    assert_eq!(days_told(&test, "nav", 7).await, [(1, 2)], "but nobody has written for more than thirty days");
}

async fn nobody_is_told_whose_participants_need_nothing_who_is_away_or_does_not_want_it(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    contacts(&test, lina, "nav").await;
    let nav = test.person("nav").await;
    choose(&test, Choices { weekly_need: false, ..Choices::default() }).await;
    assert_eq!(days_told(&test, "nav", 7).await, []);

    let (from, until) = (oslo_date(test.clock.now()), oslo_date(test.clock.now() + TimeDelta::days(7)));
    let (_, deputies) = nav.alert_choices().await.unwrap();
    let leave = deputies.first().map(|person| Leave { from, until, deputy: person.id });
    assert!(leave.is_some(), "somebody stands in");
    choose(&test, Choices { leave, ..Choices::default() }).await;
    assert_eq!(days_told(&test, "nav", 7).await, []);

    choose(&test, Choices::default()).await;
    let id = record(&nav, lina).await.enrolments[0].id;
    let version = card(&nav, id).await.version;
    let end = *test.phases().await.last().unwrap();
    test.person("inn").await.move_card(&closing(to_end(id, version, end))).await.unwrap();
    assert_eq!(days_told(&test, "nav", 7).await, [], "she has left");
}

async fn whoever_stands_in_is_told_instead_of_a_contact_who_is_away(test: TestStore) {
    let [lina, omar] = [test.participant("Lina Testesen").await, test.participant("Omar Kladdeng").await];
    let (inn, inn2) = (test.person("inn").await, test.person("inn2").await);
    for participant in [lina, omar] {
        let card = record(&inn, participant).await.enrolments[0].id;
        let form = ContactsForm { inn_contact: inn2.me().id.to_string(), nav_contact: String::new() };
        inn.choose_contacts(card, &form).await.unwrap();
    }
    let (from, until) = (test.store.today(), test.store.today() + TimeDelta::days(7));
    let leave = Some(Leave { from, until, deputy: inn.me().id });
    inn2.choose_alerts(&ChoicesForm::filled(&Choices { leave, ..Choices::default() })).await.unwrap();

    let need = |is_on_behalf, query| WeeklyNeed { count: 2, is_on_behalf, query };
    let on_behalf = need(true, format!("inn={}&flag=need", inn2.me().id));
    assert_eq!(inn.overview(&Filter::parse(&on_behalf.query).0).await.unwrap().count, 2, "the link shows them");
    assert_eq!(
        told(&test, 19).await,
        [
            (1, "inn@example.no".into(), on_behalf.clone()),
            (6, "inn@example.no".into(), on_behalf),
            (13, "inn2@example.no".into(), need(false, "inn=me&flag=need".into())),
        ]
    );
}

async fn it_comes_with_the_weeks_first_collected_alerts_in_one_mail_that_can_be_stopped(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    contacts(&test, lina, "nav").await;
    choose(&test, Choices { ways: [(AlertKind::NoteWritten, Way::Digest)].into(), ..Choices::default() }).await;
    send(&test).await;
    test.store.system("test").promise_weekly_need().await.unwrap();
    let note = NoteForm { participant: lina, text: "Ringte.".into(), visibility: "inn_and_nav".into() };
    test.person("inn").await.save_note(&note).await.unwrap();
    test.clock.advance(TimeDelta::days(1));
    let letters = test.letters(10).await;
    let [letter] = &letters[..] else { panic!("one mail: {letters:?}") };
    let LetterContent::Digest(lines, needs) = &letter.content else { panic!("both: {letter:?}") };
    let need = WeeklyNeed { count: 1, is_on_behalf: false, query: "nav=me&flag=need".into() };
    assert_eq!((lines.len(), needs), (1, &vec![need]));

    let stop = letter.unsubscribe.as_deref().unwrap();
    test.store.visitor().unsubscribe(stop).await.unwrap();
    let (choices, _) = test.person("nav").await.alert_choices().await.unwrap();
    assert_eq!((choices.way(AlertKind::NoteWritten), choices.weekly_need), (Way::Off, false));
    assert_eq!(choices.way(AlertKind::TaskAssigned), Way::Now, "the others come as before");
    assert_eq!(days_told(&test, "nav", 14).await, []);
}

async fn several_servers_promise_it_once(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    contacts(&test, lina, "nav").await;
    send(&test).await;
    let mut looks = Vec::new();
    for _ in 0..4 {
        let store = Store::connect(&test.url, test.clock.clock()).await.unwrap();
        looks.push(tokio::spawn(async move {
            store.system("test").promise_weekly_need().await.unwrap();
            store.close().await.unwrap();
        }));
    }
    for look in looks {
        look.await.unwrap();
    }
    test.clock.advance(TimeDelta::days(1));
    assert_eq!(test.letters(10).await.len(), 1);
}

async fn contacts(test: &TestStore, participant: ParticipantId, nav: &str) {
    let inn = test.person("inn").await;
    let card = record(&inn, participant).await.enrolments[0].id;
    let form = ContactsForm { inn_contact: String::new(), nav_contact: id_of(test, nav).await };
    inn.choose_contacts(card, &form).await.unwrap();
}

/// What `nav` chooses.
async fn choose(test: &TestStore, choices: Choices) {
    test.person("nav").await.choose_alerts(&ChoicesForm::filled(&choices)).await.unwrap();
}

/// Sends all that is due. Says what somebody was told of need.
async fn send(test: &TestStore) -> Vec<(String, WeeklyNeed)> {
    let mut told = Vec::new();
    for letter in test.letters(100).await {
        if let LetterContent::Digest(_, needs) = &letter.content {
            told.extend(needs.iter().map(|need| (letter.to.as_str().to_owned(), need.clone())));
        }
        test.store.system("test").finish_mail(letter.id, letter.attempt, Delivery::sent("250 OK")).await.unwrap();
    }
    told
}

/// On which of the coming days somebody was told, and of how many.
async fn days_told(test: &TestStore, name: &str, days: i64) -> Vec<(i64, usize)> {
    let address = format!("{name}@example.no");
    let told = told(test, days).await.into_iter().filter(|(_, to, _)| *to == address);
    told.map(|(day, _, need)| (day, need.count)).collect()
}

/// On which of the coming days who was told what.
async fn told(test: &TestStore, days: i64) -> Vec<(i64, String, WeeklyNeed)> {
    let mut told = Vec::new();
    for hour in 0..24 * days {
        test.store.system("test").promise_weekly_need().await.unwrap();
        told.extend(send(test).await.into_iter().map(|(to, need)| ((hour + 9) / 24, to, need)));
        test.clock.advance(TimeDelta::hours(1));
    }
    told
}

store::on_both_databases!(
    a_contact_is_told_once_a_week_how_many_of_hers_need_action,
    nobody_is_told_whose_participants_need_nothing_who_is_away_or_does_not_want_it,
    whoever_stands_in_is_told_instead_of_a_contact_who_is_away,
    it_comes_with_the_weeks_first_collected_alerts_in_one_mail_that_can_be_stopped,
    several_servers_promise_it_once,
);
