//! People who work, so that alerts are promised: through the same doors as in the browser.

use std::net::Ipv4Addr;

use shared::accounts::Login;
use shared::email::EmailAddress;
use shared::id::ParticipantId;
use shared::notes::NoteForm;
use shared::tasks::TaskForm;
use store::testing::{PASSWORD, TestStore};
use store::{SignedIn, Store};

/// How many alerts a round promises about each participant.
pub(super) const ALERTS_EACH: usize = 16;
/// One participant among so many is the one whose notes are deleted as soon as they are written.
const ONE_IN: usize = 20;

/// Participants whom four people follow, and the two of them who write.
pub(super) struct Town {
    inn: SignedIn,
    nav: SignedIn,
    participants: Vec<ParticipantId>,
}

impl Town {
    pub(super) async fn found(test: &TestStore, store: &Store, participants: usize) -> Self {
        let mut people = Vec::new();
        for name in ["inn", "nav", "inn2", "leder"] {
            people.push(log_in(store, name).await);
        }
        let mut town = Vec::new();
        for number in 0..participants {
            let participant = test.participant(&format!("Deltaker {number}")).await;
            for person in &people {
                person.follow(participant).await.unwrap();
            }
            town.push(participant);
        }
        let mut people = people.into_iter();
        Self { inn: people.next().unwrap(), nav: people.next().unwrap(), participants: town }
    }

    /// [`ALERTS_EACH`] alerts about each participant, with up to four in a mail.
    pub(super) async fn work(&self) {
        tokio::join!(self.write_notes(), self.do_tasks());
    }

    /// Four notes about each, by INN and NAV in turn: three others are told of each.
    async fn write_notes(&self) {
        for (place, participant) in self.participants.iter().enumerate() {
            for author in [&self.inn, &self.nav, &self.inn, &self.nav] {
                let visibility = "inn_and_nav".to_owned();
                let form = NoteForm { participant: *participant, text: "Et notat.".to_owned(), visibility };
                let saved = author.save_note(&form).await.unwrap();
                assert_eq!(saved.alerted, 3);
                if place % ONE_IN == 0 {
                    author.delete_note(saved.note).await.unwrap();
                }
            }
        }
    }

    /// A task about each for NAV, who is told, and does it at once, of which three others are told.
    async fn do_tasks(&self) {
        for participant in &self.participants {
            let task = TaskForm {
                title: "En oppgave".to_owned(),
                assignee: self.nav.me().id.to_string(),
                due: self.inn.today().to_string(),
                ..TaskForm::about(*participant)
            };
            let task = self.inn.add_task(&task).await.unwrap();
            self.nav.set_task_done(task, true).await.unwrap();
        }
    }
}

/// As [`TestStore::person`], at another store's door.
async fn log_in(store: &Store, name: &str) -> SignedIn {
    let email = EmailAddress::parse(&format!("{name}@example.no")).unwrap();
    let login = Login { email, password: PASSWORD.to_owned() };
    let session = store.visitor().log_in(login, Ipv4Addr::LOCALHOST.into()).await.unwrap();
    store.signed_in(session.token.as_str()).await.unwrap()
}
