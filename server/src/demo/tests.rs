//! The demo is what it claims to be.

use shared::accounts::Login;
use shared::board::Board;
use shared::email::EmailAddress;
use shared::identity_number::holds_identity_number;
use shared::outbox::MailState;
use shared::participants::Plan;
use shared::time::Due;
use shared::timeline::{Filter, What};
use store::{SignedIn, Store};

use super::*;

const PASSWORD: &str = "prov-samlop-2026";

/// The door of one of the demo's accounts.
pub(crate) async fn log_in(store: &Store, email: &str) -> SignedIn {
    let login = Login { email: EmailAddress::parse(email).unwrap(), password: PASSWORD.to_owned() };
    let session = store.visitor().log_in(login, std::net::Ipv4Addr::LOCALHOST.into()).await.unwrap();
    store.signed_in(session.token.as_str()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_is_what_it_claims_to_be_whenever_it_is_made() {
    // A working day at night, when this morning's reminders have just come, and later; and a Saturday.
    for now in ["2026-11-22T23:20:00Z", "2026-11-23T07:30:00Z", "2026-11-23T12:00:00Z", "2026-11-28T12:00:00Z"] {
        println!("made at {now}");
        let now = now.parse().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let database = DatabaseArgs { database_url: format!("sqlite:{}", folder.path().join("demo.db").display()) };
        assert!(fill(&database, PASSWORD, now).await.unwrap());
        assert!(!fill(&database, PASSWORD, now).await.unwrap(), "a second start changes nothing");

        let store = database.open_at(Hands::at(now).clock()).await.unwrap();
        it_looks_like_a_morning_in_the_middle_of_things(&store).await;
        the_boards_are_full_and_each_sees_her_part(&store).await;
        nothing_lies_in_the_future_and_no_note_holds_an_identity_number(&store).await;
        store.close().await.unwrap();
    }
}

fn cards(board: &Board) -> usize {
    board.columns.iter().map(|column| column.count).sum()
}

async fn the_boards_are_full_and_each_sees_her_part(store: &Store) {
    let inn = log_in(store, "inn@example.no").await;
    let board = inn.board("introlop").await.unwrap();
    assert!(cards(&board) > 40);
    assert!(board.columns.iter().all(|column| column.count > 0));
    let other = inn.board("karrierelop").await.unwrap();
    assert!(other.columns.iter().all(|column| column.count > 0));

    let nav = log_in(store, "nav@example.no").await;
    let seen = nav.board("introlop").await.unwrap();
    assert!(cards(&seen) < cards(&board), "those without a NAV office are INN's alone");
    let mut offices = Vec::new();
    for card in seen.columns.iter().flat_map(|column| &column.cards) {
        offices.extend(nav.record(card.participant, Filter::All).await.unwrap().nav_office);
    }
    for office in ["Nav Prøveby sentrum", "Nav Prøveby øst"] {
        assert!(offices.iter().filter(|name| *name == office).count() > 10, "{office}");
    }
}

async fn it_looks_like_a_morning_in_the_middle_of_things(store: &Store) {
    for email in ["inn@example.no", "nav@example.no"] {
        let person = log_in(store, email).await;
        assert_eq!(person.unread_alerts().await.unwrap(), 3, "{email}");
        let (open, _) = person.my_tasks().await.unwrap();
        let due = |due| open.iter().filter(|task| Due::of(task.due, person.today()) == due).count();
        assert!(due(Due::Overdue) > 1 && due(Due::Today) > 1 && due(Due::Overdue) < open.len() / 2, "{email}");
    }
    let inn = log_in(store, "inn@example.no").await;
    let today = inn.today();
    let board = inn.board("introlop").await.unwrap();
    let cards: Vec<_> = board.columns.iter().flat_map(|column| &column.cards).collect();
    assert_eq!(cards.iter().filter(|card| card.unread_note).count(), 3);
    assert!(cards.iter().filter(|card| card.waiting.is_some()).count() > 5);
    assert!(cards.iter().any(|card| card.plan == Plan::Missing));
    assert!(cards.iter().any(|card| matches!(card.plan, Plan::Made { review: Some(day) } if day < today)));
    assert!(cards.iter().any(|card| card.days < 20) && cards.iter().any(|card| card.days > 60));

    let figures = store.system("test").mail_figures().await.unwrap();
    assert_eq!(figures.oldest, None, "no mail waits to be sent");
    assert_eq!(figures.counts.get(&MailState::Failed), Some(&1));
}

async fn nothing_lies_in_the_future_and_no_note_holds_an_identity_number(store: &Store) {
    let inn = log_in(store, "inn@example.no").await;
    let mut notes = 0;
    for slug in ["introlop", "karrierelop"] {
        let board = inn.board(slug).await.unwrap();
        for card in board.columns.iter().flat_map(|column| &column.cards) {
            let record = inn.record(card.participant, Filter::All).await.unwrap();
            assert!(record.timeline.iter().all(|entry| entry.at <= store.now() && entry.by.is_some()));
            assert!(record.timeline.windows(2).all(|pair| pair[0].at >= pair[1].at), "{}", card.name);
            for entry in &record.timeline {
                if let What::Note(note) = &entry.what {
                    assert!(!holds_identity_number(&note.text));
                    notes += 1;
                }
            }
        }
    }
    assert!(notes > 100);
}
