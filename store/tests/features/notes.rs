//! Notes reach those who may read them, once each; what was written is never lost.

use std::pin::pin;
use std::task::Poll;

use chrono::TimeDelta;
use futures::poll;
use shared::alerts::{AlertKind, Subject};
use shared::error::{AppError, Problem};
use shared::id::{NoteId, ParticipantId};
use shared::notes::{NOTE_MAX, Note, NoteEditForm, NoteForm, Visibility};
use shared::participants::DetailsForm;
use shared::time::oslo;
use shared::timeline::What;
use store::testing::TestStore;
use store::{SignedIn, StoreError};

use crate::support::{problem, record, refusal};

async fn each_other_follower_is_told_once_and_the_author_never(test: TestStore) {
    let lina = followed_by(&test, &["inn", "nav", "leder"]).await;
    let inn = test.person("inn").await;
    let saved = inn.save_note(&note(lina, "Ringte praksisstedet.")).await.unwrap();
    assert_eq!(saved.alerted, 2);
    let contents = test.contents().await;
    assert_eq!((contents.count("notes"), contents.count("alerts"), contents.count("mails")), (1, 2, 2));
    assert_eq!(inn.unread_alerts().await.unwrap(), 0);
    for name in ["nav", "leder"] {
        let [alert] = &test.person(name).await.alerts().await.unwrap()[..] else { panic!("one alert for {name}") };
        assert_eq!((alert.kind, alert.subject), (AlertKind::NoteWritten, Subject::Note(saved.note)));
        assert_eq!((alert.by.as_str(), alert.participant, alert.read), ("inn Prøve", lina, false));
    }
    assert!(test.person("inn2").await.alerts().await.unwrap().is_empty(), "who does not follow is not told");
}

async fn followers_without_access_or_account_are_not_told(test: TestStore) {
    let lina = followed_by(&test, &["inn", "nav", "leder"]).await;
    let inn = test.person("inn").await;
    let details = record(&inn, lina).await.details;
    let nobody = DetailsForm { nav_office: String::new(), ..DetailsForm::filled(&details) };
    inn.change_details(lina, 1, &nobody).await.unwrap();
    test.deactivate("leder").await;
    assert_eq!(inn.save_note(&note(lina, "Ringte.")).await.unwrap().alerted, 0);
    assert_eq!(test.contents().await.count("mails"), 0);
}

async fn a_note_for_ones_own_unit_reaches_and_shows_only_there(test: TestStore) {
    let lina = followed_by(&test, &["inn", "leder", "nav"]).await;
    let (inn, leder, nav) = (test.person("inn").await, test.person("leder").await, test.person("nav").await);
    let of_inn = inn.save_note(&own_unit(lina, "Bare for INN.")).await.unwrap();
    assert_eq!((of_inn.alerted, leder.unread_alerts().await.unwrap(), nav.unread_alerts().await.unwrap()), (1, 1, 0));
    let of_nav = nav.save_note(&own_unit(lina, "Bare for NAV.")).await.unwrap();
    assert_eq!((of_nav.alerted, test.contents().await.count("mails")), (0, 1));

    for (person, text) in [(&inn, "Bare for INN."), (&leder, "Bare for INN."), (&nav, "Bare for NAV.")] {
        let seen = notes(person, lina).await;
        assert_eq!(seen.len(), 1, "{} sees one note", person.me().name);
        assert_eq!((seen[0].text.as_str(), seen[0].visibility), (text, Visibility::OwnUnit));
    }
    let edit = NoteEditForm { note: of_inn.note, version: 1, text: "Endret".into() };
    assert_eq!(refusal(nav.edit_note(&edit).await), AppError::NotFound);
}

async fn a_note_for_inn_and_nav_shows_to_both(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let nav = test.person("nav").await;
    nav.save_note(&note(lina, "Vedtak er fattet.")).await.unwrap();
    for name in ["inn", "inn2", "leder", "nav"] {
        let seen = notes(&test.person(name).await, lina).await;
        assert_eq!(seen.len(), 1, "{name}");
    }
}

async fn a_change_keeps_the_earlier_texts(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    let id = inn.save_note(&note(lina, "Første")).await.unwrap().note;
    test.clock.advance(TimeDelta::minutes(1));
    let first_until = test.clock.now();
    inn.edit_note(&edit(id, 1, "Andre")).await.unwrap();
    test.clock.advance(TimeDelta::minutes(1));
    inn.edit_note(&edit(id, 2, "Tredje")).await.unwrap();

    let seen = notes(&inn, lina).await.remove(0);
    assert_eq!((seen.text.as_str(), seen.version), ("Tredje", 3));
    assert_eq!(seen.earlier, [(test.clock.now(), "Andre".into()), (first_until, "Første".into())]);
}

async fn a_change_over_a_changed_text_is_refused(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    let id = inn.save_note(&note(lina, "Første")).await.unwrap().note;
    test.clock.advance(TimeDelta::minutes(1));
    let changed_at = test.clock.now();
    inn.edit_note(&edit(id, 1, "Fra telefonen")).await.unwrap();
    test.clock.advance(TimeDelta::minutes(1));
    let before = test.contents().await;
    let refused = refusal(inn.edit_note(&edit(id, 1, "Fra kontoret")).await);
    assert_eq!(refused, AppError::Changed { by: "inn Prøve".into(), at: oslo(changed_at) });
    assert_eq!(test.contents().await, before);
}

async fn only_the_author_changes_a_note(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let id = test.person("inn").await.save_note(&note(lina, "Første")).await.unwrap().note;
    let before = test.contents().await;
    for name in ["inn2", "leder", "nav"] {
        let refused = test.person(name).await.edit_note(&edit(id, 1, "Andre")).await;
        assert_eq!(refusal(refused), AppError::Forbidden, "{name}");
    }
    for name in ["nav-west", "admin", "stranger", "nav-stranger"] {
        let refused = test.person(name).await.edit_note(&edit(id, 1, "Andre")).await;
        assert_eq!(refusal(refused), AppError::NotFound, "{name}");
    }
    assert_eq!(test.contents().await, before);
}

async fn a_wrong_note_is_refused_and_nothing_is_written(test: TestStore) {
    let lina = followed_by(&test, &["nav"]).await;
    let inn = test.person("inn").await;
    let id = inn.save_note(&note(lina, "Første")).await.unwrap().note;
    let before = test.contents().await;
    let wrong = [
        (" \n", Problem::Required),
        ("fnr 138972 40054", Problem::IdentityNumber),
        (&"a".repeat(NOTE_MAX + 1), Problem::TooLong { max: NOTE_MAX }),
    ];
    for (text, expected) in wrong {
        assert_eq!(problem(inn.save_note(&note(lina, text)).await, "text"), expected);
        assert_eq!(problem(inn.edit_note(&edit(id, 1, text)).await, "text"), expected);
    }
    let for_all = NoteForm { visibility: "everybody".into(), ..note(lina, "Hei") };
    assert_eq!(problem(inn.save_note(&for_all).await, "visibility"), Problem::UnknownChoice);
    inn.edit_note(&edit(id, 1, " Første ")).await.unwrap();
    assert_eq!(test.contents().await, before, "the same text is no change");
}

async fn when_the_mail_cannot_be_promised_the_note_is_not_kept(test: TestStore) {
    let lina = followed_by(&test, &["nav"]).await;
    let inn = test.person("inn").await;
    let before = test.contents().await;
    test.execute("ALTER TABLE mails RENAME TO elsewhere").await;
    let failed = inn.save_note(&note(lina, "Ringte.")).await;
    assert!(matches!(failed, Err(StoreError::Database(_))), "{failed:?}");
    test.execute("ALTER TABLE elsewhere RENAME TO mails").await;
    assert_eq!(test.contents().await, before);
    assert_eq!(inn.save_note(&note(lina, "Ringte.")).await.unwrap().alerted, 1);
}

async fn a_request_that_is_broken_off_has_written_all_or_nothing(test: TestStore) {
    let lina = followed_by(&test, &["nav", "leder"]).await;
    let inn = test.person("inn").await;
    let (mut broken_off, mut finished) = (0, 0);
    for polls in 0..60 {
        let form = note(lina, "Ringte.");
        let mut work = pin!(inn.save_note(&form));
        let mut done = Poll::Pending;
        for _ in 0..polls {
            done = poll!(&mut work);
            if done.is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        match done {
            Poll::Ready(saved) => finished += saved.map(|_| 1).unwrap(),
            Poll::Pending => broken_off += 1,
        }
        // Whoever comes next has nothing to do with it, whichever connection she gets.
        inn.board("introlop").await.unwrap();
    }
    let contents = test.contents().await;
    let written = contents.count("notes");
    assert!((finished..=finished + broken_off).contains(&written));
    // Later notes are told of in the mails of the first.
    assert_eq!((contents.count("alerts"), contents.count("mails")), (2 * written, 2 * written.min(1)));
    assert!(broken_off > 0);
}

fn note(participant: ParticipantId, text: &str) -> NoteForm {
    NoteForm { participant, text: text.into(), visibility: Visibility::InnAndNav.code().into() }
}

fn own_unit(participant: ParticipantId, text: &str) -> NoteForm {
    NoteForm { visibility: Visibility::OwnUnit.code().into(), ..note(participant, text) }
}

fn edit(note: NoteId, version: i32, text: &str) -> NoteEditForm {
    NoteEditForm { note, version, text: text.into() }
}

/// A participant of the eastern office with these followers; `inn`, who registered her, is one anyway.
async fn followed_by(test: &TestStore, names: &[&str]) -> ParticipantId {
    let participant = test.participant("Lina Testesen").await;
    for name in names {
        test.person(name).await.follow(participant).await.unwrap();
    }
    participant
}

/// The notes that somebody sees in the record, newest first.
async fn notes(person: &SignedIn, participant: ParticipantId) -> Vec<Note> {
    let entries = record(person, participant).await.timeline.into_iter();
    entries.filter_map(|entry| if let What::Note(note) = entry.what { Some(note) } else { None }).collect()
}

store::on_both_databases!(
    each_other_follower_is_told_once_and_the_author_never,
    followers_without_access_or_account_are_not_told,
    a_note_for_ones_own_unit_reaches_and_shows_only_there,
    a_note_for_inn_and_nav_shows_to_both,
    a_change_keeps_the_earlier_texts,
    a_change_over_a_changed_text_is_refused,
    only_the_author_changes_a_note,
    a_wrong_note_is_refused_and_nothing_is_written,
    when_the_mail_cannot_be_promised_the_note_is_not_kept,
    a_request_that_is_broken_off_has_written_all_or_nothing,
);
