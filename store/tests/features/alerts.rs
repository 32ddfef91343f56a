//! The list of alerts: one's own, about participants whom one may see, read when the record is opened.

use shared::id::ParticipantId;
use shared::notes::{NoteForm, Visibility};
use shared::participants::DetailsForm;
use shared::tasks::TaskForm;
use store::testing::TestStore;

use crate::support::{board, record};

async fn the_newest_alert_comes_first(test: TestStore) {
    let (lina, omar) = (test.participant("Lina Testesen").await, test.participant("Omar Kladdeng").await);
    let nav = test.person("nav").await;
    for participant in [lina, omar] {
        nav.follow(participant).await.unwrap();
        write_note(&test, participant).await;
    }
    let names: Vec<String> = nav.alerts().await.unwrap().into_iter().map(|alert| alert.participant_name).collect();
    assert_eq!(names, ["Omar Kladdeng", "Lina Testesen"]);
}

async fn opening_a_record_reads_ones_own_alerts_about_that_participant(test: TestStore) {
    let (lina, omar) = (test.participant("Lina Testesen").await, test.participant("Omar Kladdeng").await);
    let (nav, leder) = (test.person("nav").await, test.person("leder").await);
    for participant in [lina, omar] {
        nav.follow(participant).await.unwrap();
        leder.follow(participant).await.unwrap();
        write_note(&test, participant).await;
    }
    assert_eq!(nav.unread_alerts().await.unwrap(), 2);
    record(&nav, lina).await;
    let read: Vec<bool> = nav.alerts().await.unwrap().into_iter().map(|alert| alert.read).collect();
    assert_eq!((nav.unread_alerts().await.unwrap(), read), (1, vec![false, true]));
    assert_eq!(leder.unread_alerts().await.unwrap(), 2, "others' alerts are theirs");
    nav.mark_all_read().await.unwrap();
    assert_eq!((nav.unread_alerts().await.unwrap(), leder.unread_alerts().await.unwrap()), (0, 2));
}

async fn the_card_shows_a_note_that_one_has_not_read(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    nav.follow(lina).await.unwrap();
    let task = TaskForm {
        title: "Ring".into(),
        assignee: nav.me().id.to_string(),
        due: "30.11.2026".into(),
        ..TaskForm::about(lina)
    };
    inn.add_task(&task).await.unwrap();
    let unread = async |person| board(person).await.columns.remove(0).cards.remove(0).unread_note;
    assert!(!unread(&nav).await, "a task is no note");
    write_note(&test, lina).await;
    assert!(unread(&nav).await && !unread(&inn).await, "one's own note is read");
    record(&nav, lina).await;
    assert!(!unread(&nav).await);
}

async fn alerts_about_somebody_whom_one_may_no_longer_see_are_neither_listed_nor_counted(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let nav = test.person("nav").await;
    nav.follow(lina).await.unwrap();
    write_note(&test, lina).await;
    assert_eq!((nav.unread_alerts().await.unwrap(), nav.alerts().await.unwrap().len()), (1, 1));
    let inn = test.person("inn").await;
    let details = record(&inn, lina).await.details;
    let nobody = DetailsForm { nav_office: String::new(), ..DetailsForm::filled(&details) };
    inn.change_details(lina, 1, &nobody).await.unwrap();
    assert_eq!((nav.unread_alerts().await.unwrap(), nav.alerts().await.unwrap().len()), (0, 0));
}

/// `inn` writes a note about somebody.
async fn write_note(test: &TestStore, participant: ParticipantId) {
    let visibility = Visibility::InnAndNav.code().to_owned();
    let form = NoteForm { participant, text: "Ringte praksisstedet.".into(), visibility };
    test.person("inn").await.save_note(&form).await.unwrap();
}

store::on_both_databases!(
    the_newest_alert_comes_first,
    opening_a_record_reads_ones_own_alerts_about_that_participant,
    the_card_shows_a_note_that_one_has_not_read,
    alerts_about_somebody_whom_one_may_no_longer_see_are_neither_listed_nor_counted,
);
