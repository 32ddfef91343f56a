//! What several features' tests say in the same words.

use std::fmt::Debug;

use shared::access::Role;
use shared::accounts::NewUser;
use shared::board::{Board, Card, MoveForm};
use shared::email::EmailAddress;
use shared::error::{AppError, Problem};
use shared::id::{EnrolmentId, OrganisationId, ParticipantId, PhaseId, UserId};
use shared::locale::Locale;
use shared::participants::Record;
use shared::tasks::TaskForm;
use shared::text::PersonName;
use shared::timeline::Filter;
use store::testing::{PASSWORD, TestStore};
use store::{SignedIn, StoreError};

/// Why something was refused. A fault of the database is none.
pub(crate) fn refusal<T: Debug>(result: Result<T, StoreError>) -> AppError {
    match result {
        Err(StoreError::Refused(error)) => error,
        other => panic!("should have been refused: {other:?}"),
    }
}

/// What is wrong with a field.
pub(crate) fn problem<T: Debug>(result: Result<T, StoreError>, field: &str) -> Problem {
    let error = refusal(result);
    error.problem(field).cloned().unwrap_or_else(|| panic!("{field} should be wrong: {error:?}"))
}

/// A move to the end of a phase, as somebody sends it who has seen this version.
pub(crate) fn to_end(card: EnrolmentId, version: i32, to: PhaseId) -> MoveForm {
    MoveForm { enrolment: Some(card), version, to: Some(to), ..MoveForm::default() }
}

/// The same move with what a closing phase demands.
pub(crate) fn closing(form: MoveForm) -> MoveForm {
    MoveForm { reason: "completed".into(), outcome: "relevant_work".into(), ..form }
}

/// The board of the track `introlop`.
pub(crate) async fn board(person: &SignedIn) -> Board {
    person.board("introlop").await.unwrap()
}

/// The names on the board of the track `introlop`, column by column.
pub(crate) async fn columns(person: &SignedIn) -> Vec<Vec<String>> {
    let name = |card: Card| card.name;
    board(person).await.columns.into_iter().map(|column| column.cards.into_iter().map(name).collect()).collect()
}

/// A card on the board of the track `introlop`.
pub(crate) async fn card(person: &SignedIn, card: EnrolmentId) -> Card {
    let cards = board(person).await.columns.into_iter().flat_map(|column| column.cards);
    cards.into_iter().find(|one| one.id == card).unwrap()
}

/// A participant's record with the whole timeline.
pub(crate) async fn record(person: &SignedIn, participant: ParticipantId) -> Record {
    person.record(participant, Filter::All).await.unwrap()
}

/// The id of somebody who can log in, as forms send it.
pub(crate) async fn id_of(test: &TestStore, name: &str) -> String {
    test.person(name).await.me().id.to_string()
}

/// A task that is due on 30 November 2026, as somebody fills in the form.
pub(crate) async fn task(test: &TestStore, participant: ParticipantId, title: &str, assignee: &str) -> TaskForm {
    TaskForm {
        title: title.into(),
        assignee: id_of(test, assignee).await,
        due: "30.11.2026".into(),
        ..TaskForm::about(participant)
    }
}

/// One more NAV contact, who belongs to one office and covers another.
pub(crate) async fn nav_contact(test: &TestStore, name: &str, home: OrganisationId, covers: OrganisationId) -> UserId {
    let user = NewUser {
        email: EmailAddress::parse(&format!("{name}@example.no")).unwrap(),
        name: PersonName::parse(&format!("{name} Prøve")).unwrap(),
        role: Role::NavContact,
        organisation: home,
        covers: vec![covers],
        locale: Locale::Nb,
        password: PASSWORD.to_owned(),
    };
    test.store.system("test").create_user(user).await.unwrap()
}
