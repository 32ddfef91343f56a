//! Finding: everything that one may see, and nothing else.

use shared::error::Problem;
use shared::find::{FOUND_SHOWN, Found};
use shared::id::ParticipantId;
use shared::notes::{NoteForm, Visibility};
use shared::tasks::TaskForm;
use store::SignedIn;
use store::testing::TestStore;

use crate::support::{id_of, problem};

async fn a_participant_is_found_by_name_and_reference_with_her_tracks_and_phases(test: TestStore) {
    test.participant("Søren Mohammed Åsland").await;
    test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    for typed in ["soren", "Muhammad", "asland søren", "Åslad"] {
        assert_eq!(people(&find(&inn, typed).await), ["Søren Mohammed Åsland"], "{typed}");
    }
    let found = find(&inn, "soren").await.people.shown.remove(0);
    let first_phase = inn.board("introlop").await.unwrap().columns.remove(0).phase.name;
    let track = inn.board("introlop").await.unwrap().name;
    assert_eq!(found.places, [(track, first_phase)]);
    let by_reference = find(&inn, &found.reference.to_lowercase()).await;
    assert_eq!(people(&by_reference), ["Søren Mohammed Åsland"]);
    assert_eq!(find(&inn, "").await, Found::default());
}

async fn the_nearest_name_comes_first(test: TestStore) {
    for name in ["Muhamed B", "Mohammad C", "Mohammed A"] {
        test.participant(name).await;
    }
    let found = find(&test.person("inn").await, "mohammed").await;
    assert_eq!(people(&found), ["Mohammed A", "Muhamed B", "Mohammad C"]);
}

async fn the_text_of_notes_and_tasks_is_found_with_the_hit(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    write(&inn, lina, "Vi har sendt SØKNADEN til Mestringshuset.", Visibility::InnAndNav).await;
    let task = TaskForm {
        title: "Ring kommunen".into(),
        description: "om søknaden".into(),
        assignee: id_of(&test, "nav").await,
        due: "27.11.2026".into(),
        ..TaskForm::about(lina)
    };
    inn.add_task(&task).await.unwrap();
    let found = find(&inn, "soknad").await;
    assert_eq!((found.notes.shown.len(), found.tasks.shown.len(), found.people.shown.len()), (1, 1, 0));
    let note = &found.notes.shown[0];
    assert_eq!((note.name.as_str(), note.excerpt.hit.as_str()), ("Lina Testesen", "SØKNAD"));
    assert_eq!(found.tasks.shown[0].excerpt.before, "Ring kommunen om ");
    assert_eq!(find(&inn, "sendt mestringshuset").await.notes.shown.len(), 1, "words in any order");
    assert_eq!(find(&inn, "sendt kommunen").await.notes.shown.len(), 0, "all of them");
    assert_eq!(find(&inn, "100%").await, Found::default(), "signs of the database's own are only signs");
}

async fn what_one_may_not_see_is_not_found(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    write(&inn, lina, "Bare for oss: mestring", Visibility::OwnUnit).await;
    write(&inn, lina, "For alle: mestring", Visibility::InnAndNav).await;
    assert_eq!(find(&inn, "mestring").await.notes.shown.len(), 2);
    let for_nav = find(&test.person("nav").await, "mestring").await.notes.shown;
    assert_eq!(for_nav.len(), 1);
    assert_eq!(for_nav[0].excerpt.before, "For alle: ");
    for stranger in ["stranger", "nav-stranger", "nav-west", "admin"] {
        let stranger = test.person(stranger).await;
        for typed in ["lina", "mestring"] {
            assert_eq!(find(&stranger, typed).await, Found::default());
        }
    }
}

async fn a_deleted_note_is_not_found(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    let form = NoteForm { participant: lina, text: "Feil kopp".into(), visibility: "inn_and_nav".into() };
    let saved = inn.save_note(&form).await.unwrap();
    assert_eq!(find(&inn, "kopp").await.notes.shown.len(), 1);
    inn.delete_note(saved.note).await.unwrap();
    assert_eq!(find(&inn, "kopp").await.notes.shown.len(), 0);
}

async fn there_are_never_more_hits_than_can_be_read_and_it_is_said_that_there_are_more(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    for _ in 0..=FOUND_SHOWN {
        write(&inn, lina, "Hei på deg", Visibility::InnAndNav).await;
    }
    let notes = find(&inn, "hei").await.notes;
    assert_eq!((notes.shown.len(), notes.more), (FOUND_SHOWN, true));
}

async fn an_identity_number_is_not_searched_for(test: TestStore) {
    let inn = test.person("inn").await;
    assert_eq!(problem(inn.find("13897240054").await, "q"), Problem::IdentityNumber);
    assert_eq!(problem(inn.find(&"a".repeat(81)).await, "q"), Problem::TooLong { max: 80 });
}

async fn find(person: &SignedIn, typed: &str) -> Found {
    person.find(typed).await.unwrap()
}

fn people(found: &Found) -> Vec<&str> {
    found.people.shown.iter().map(|person| person.name.as_str()).collect()
}

async fn write(person: &SignedIn, participant: ParticipantId, text: &str, visibility: Visibility) {
    let form = NoteForm { participant, text: text.into(), visibility: visibility.code().into() };
    person.save_note(&form).await.unwrap();
}

store::on_both_databases!(
    a_participant_is_found_by_name_and_reference_with_her_tracks_and_phases,
    the_nearest_name_comes_first,
    the_text_of_notes_and_tasks_is_found_with_the_hit,
    what_one_may_not_see_is_not_found,
    a_deleted_note_is_not_found,
    there_are_never_more_hits_than_can_be_read_and_it_is_said_that_there_are_more,
    an_identity_number_is_not_searched_for,
);
