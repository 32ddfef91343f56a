//! What somebody is told of a board that is open.

use std::collections::HashMap;

use chrono::TimeDelta;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use shared::board::{CLOSED_SHOWN, Card, MoveForm};
use shared::id::{EnrolmentId, OrganisationId, PhaseId};
use shared::notes::{NoteForm, Visibility};
use shared::participants::DetailsForm;
use store::testing::{Engine, TestStore};
use store::{CardNews, News, SignedIn, Watch};

use crate::support::{board, card, closing, refusal, to_end};

async fn what_others_do_is_told_as_far_as_one_may_see_it(test: TestStore) {
    let [ada, bo] = test.cards(["Ada", "Bo"]).await;
    let [first, second, closed] = test.phases().await[..] else { panic!("three phases") };
    let (inn, leder, west) = (test.person("inn").await, test.person("leder").await, test.person("nav-west").await);
    let (mut watch, mut blind) = (begin(&test, &leder).await, begin(&test, &west).await);
    assert_eq!(leder.news(&mut watch).await.unwrap(), None);
    assert_eq!(west.news(&mut blind).await.unwrap(), None);
    inn.move_card(&to_end(ada, 1, second)).await.unwrap();
    let news = cards(leder.news(&mut watch).await.unwrap());
    assert_eq!(news.cards, [(second, false, card(&leder, ada).await)]);
    assert_eq!(news.counts, [(first, 1), (second, 1), (closed, 0)]);
    assert_eq!(leder.news(&mut watch).await.unwrap(), None, "once is enough");
    assert_eq!(west.news(&mut blind).await.unwrap(), None);

    inn.move_card(&closing(to_end(bo, 1, closed))).await.unwrap();
    let told = cards(leder.news(&mut watch).await.unwrap()).cards;
    assert_eq!(told, [(closed, true, card(&leder, bo).await)]);
}

#[tokio::test]
async fn a_board_goes_on_after_the_database_has_ended_all_connections() {
    let test = TestStore::new(Engine::Postgres).await;
    let [ada] = test.cards(["Ada"]).await;
    let (inn, leder, second) = (test.person("inn").await, test.person("leder").await, test.phases().await[1]);
    let mut watch = begin(&test, &leder).await;
    assert_eq!(leder.news(&mut watch).await.unwrap(), None);
    let all_others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                      WHERE datname = current_database() AND pid <> pg_backend_pid()";
    test.execute(all_others).await;
    inn.move_card(&to_end(ada, 1, second)).await.unwrap();
    let news = cards(leder.news(&mut watch).await.unwrap());
    assert_eq!(news.cards, [(second, false, card(&leder, ada).await)]);
}

async fn a_new_place_in_the_same_phase_is_told_too(test: TestStore) {
    let [ada, bo] = test.cards(["Ada", "Bo"]).await;
    let inn = test.person("inn").await;
    let mut watch = begin(&test, &inn).await;
    inn.news(&mut watch).await.unwrap();
    inn.move_card(&MoveForm { after: Some(bo), ..to_end(ada, 1, test.phases().await[0]) }).await.unwrap();
    let told = cards(inn.news(&mut watch).await.unwrap()).cards;
    assert_eq!(told.into_iter().map(|(.., card)| card).collect::<Vec<_>>(), [card(&inn, ada).await]);
}

async fn a_card_comes_with_access_and_goes_with_it(test: TestStore) {
    let [ada] = test.cards(["Ada"]).await;
    let (inn, west) = (test.person("inn").await, test.person("nav-west").await);
    let mut watch = begin(&test, &west).await;
    hand_over(&inn, ada, 1, test.nav_west).await;
    let told = cards(west.news(&mut watch).await.unwrap());
    assert_eq!((told.cards.len(), told.gone.len(), told.counts[0].1), (1, 0, 1));
    hand_over(&inn, ada, 2, test.nav_east).await;
    let told = cards(west.news(&mut watch).await.unwrap());
    assert_eq!((told.cards.len(), told.gone, told.counts[0].1), (0, vec![ada], 0));
    // Of what she can't see any more, she hears nothing.
    inn.move_card(&to_end(ada, 1, test.phases().await[1])).await.unwrap();
    assert_eq!(west.news(&mut watch).await.unwrap(), None);
}

async fn two_who_see_the_same_are_both_told_that_a_card_is_gone_and_that_it_is_back(test: TestStore) {
    let [ada] = test.cards(["Ada"]).await;
    let (inn, west) = (test.person("inn").await, test.person("nav-west").await);
    hand_over(&inn, ada, 1, test.nav_west).await;
    let mut watches = [begin(&test, &west).await, begin(&test, &west).await];
    for watch in &mut watches {
        assert_eq!(west.news(watch).await.unwrap(), None);
    }
    for (version, office, is_there) in [(2, test.nav_east, false), (3, test.nav_west, true), (4, test.nav_east, false)]
    {
        hand_over(&inn, ada, version, office).await;
        for watch in &mut watches {
            let told = cards(west.news(watch).await.unwrap());
            assert_eq!((told.cards.len(), told.gone.len()), (usize::from(is_there), usize::from(!is_there)));
        }
    }
}

async fn whoever_was_away_while_a_card_was_taken_from_her_reads_the_board_anew(test: TestStore) {
    let [ada] = test.cards(["Ada"]).await;
    let (inn, west) = (test.person("inn").await, test.person("nav-west").await);
    hand_over(&inn, ada, 1, test.nav_west).await;
    let as_of = board(&west).await.as_of;
    hand_over(&inn, ada, 2, test.nav_east).await;
    let mut watch = west.watch("introlop", as_of, 1).await.unwrap();
    assert_eq!(west.news(&mut watch).await.unwrap(), Some(News::Everything));
    assert_eq!(west.news(&mut watch).await.unwrap(), None);
}

async fn a_number_that_was_never_given_or_lies_too_far_back_reads_the_board_anew(test: TestStore) {
    let [ada] = test.cards(["Ada"]).await;
    let inn = test.person("inn").await;
    test.clock.advance(TimeDelta::minutes(1));
    let as_of = board(&inn).await.as_of;
    for forged in [as_of + 1, -1, i64::MIN, i64::MAX] {
        let mut watch = inn.watch("introlop", forged, 1).await.unwrap();
        assert_eq!(inn.news(&mut watch).await.unwrap(), Some(News::Everything), "{forged}");
        assert_eq!(inn.news(&mut watch).await.unwrap(), None, "{forged}");
        assert_eq!(watch.as_of(), as_of, "{forged}");
    }
    let mut watch = inn.watch("introlop", as_of, 1).await.unwrap();
    let phases = test.phases().await;
    for version in 1..=301 {
        inn.move_card(&to_end(ada, version, phases[usize::try_from(version % 2).unwrap()])).await.unwrap();
    }
    assert_eq!(inn.news(&mut watch).await.unwrap(), Some(News::Everything));
    assert_eq!(inn.news(&mut watch).await.unwrap(), None);
}

async fn an_event_that_can_be_seen_only_after_a_later_one_is_told_of_all_the_same(test: TestStore) {
    let [ada, bo] = test.cards(["Ada", "Bo"]).await;
    let inn = test.person("inn").await;
    let second = test.phases().await[1];
    let mut watch = begin(&test, &inn).await;
    inn.news(&mut watch).await.unwrap();
    // As PostgreSQL does while the transaction of the first one is still under way.
    inn.move_card(&to_end(ada, 1, second)).await.unwrap();
    test.execute("CREATE TABLE late AS SELECT * FROM events ORDER BY number DESC LIMIT 1").await;
    test.execute("DELETE FROM events WHERE number IN (SELECT number FROM late)").await;
    inn.move_card(&to_end(bo, 1, second)).await.unwrap();
    let told = cards(inn.news(&mut watch).await.unwrap()).cards;
    assert_eq!(told.iter().map(|(.., card)| card.id).collect::<Vec<_>>(), [bo]);
    test.execute("INSERT INTO events SELECT * FROM late").await;
    test.execute("DROP TABLE late").await;
    let told = cards(inn.news(&mut watch).await.unwrap()).cards;
    assert_eq!(told.iter().map(|(.., card)| card.id).collect::<Vec<_>>(), [ada]);
    assert_eq!(inn.news(&mut watch).await.unwrap(), None);
}

async fn news_that_could_not_be_read_are_not_forgotten(test: TestStore) {
    let [ada] = test.cards(["Ada"]).await;
    let inn = test.person("inn").await;
    let mut watch = begin(&test, &inn).await;
    inn.news(&mut watch).await.unwrap();
    inn.move_card(&to_end(ada, 1, test.phases().await[1])).await.unwrap();
    test.execute("ALTER TABLE tasks RENAME TO tasks_away").await;
    inn.news(&mut watch).await.unwrap_err();
    test.execute("ALTER TABLE tasks_away RENAME TO tasks").await;
    assert_eq!(inn.news(&mut watch).await.unwrap(), Some(News::Everything));
    assert_eq!(inn.news(&mut watch).await.unwrap(), None);
}

async fn whoever_has_no_access_to_the_track_any_more_hears_nothing(test: TestStore) {
    let [ada] = test.cards(["Ada"]).await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let mut watch = begin(&test, &nav).await;
    nav.news(&mut watch).await.unwrap();
    test.execute("DELETE FROM track_partners").await;
    inn.move_card(&to_end(ada, 1, test.phases().await[1])).await.unwrap();
    refusal(nav.news(&mut watch).await);
}

async fn a_board_that_is_kept_by_news_is_the_board_that_is_read_anew(test: TestStore) {
    let mut chance = StdRng::seed_from_u64(4711);
    let names: Vec<String> = (0..40).map(|number| format!("Prøve {number}")).collect();
    let ids = test.cards::<40>(std::array::from_fn(|place| names[place].as_str())).await;
    let people = [test.person("inn").await, test.person("leder").await, test.person("nav").await];
    let phases = test.phases().await;
    let mut kept = Vec::new();
    for person in &people {
        let read = board(person).await;
        let mut copy = Copy::default();
        for column in read.columns {
            copy.counts.push((column.phase.id, column.count));
            copy.cards.extend(column.cards.into_iter().map(|card| (card.id, (column.phase.id, card))));
        }
        kept.push((copy, person.watch("introlop", read.as_of, 1).await.unwrap()));
    }
    for turn in 0..150 {
        let id = ids[chance.random_range(0..ids.len())];
        let version = card_version(&people[0], id).await;
        let form = MoveForm {
            after: Some(ids[chance.random_range(0..ids.len())]),
            ..closing(to_end(id, version, phases[chance.random_range(0..phases.len())]))
        };
        people[chance.random_range(0..people.len())].move_card(&form).await.unwrap();
        test.clock.advance(TimeDelta::seconds(1));
        let reader = turn % people.len();
        let (copy, watch) = &mut kept[reader];
        if let Some(news) = people[reader].news(watch).await.unwrap() {
            copy.take(cards(Some(news)));
        }
        assert_eq!(copy.columns(), columns_of(&people[reader]).await, "turn {turn}");
    }
}

async fn a_board_that_is_opened_again_does_not_call_a_note_unread_that_was_read_meanwhile(test: TestStore) {
    let [ada] = test.cards(["Ada"]).await;
    let leder = test.person("leder").await;
    let participant = card(&leder, ada).await.participant;
    leder.follow(participant).await.unwrap();
    let mut watch = begin(&test, &leder).await;
    let visibility = Visibility::InnAndNav.code().to_owned();
    let note = NoteForm { participant, text: "Møtte presis.".into(), visibility };
    test.person("inn").await.save_note(&note).await.unwrap();
    let as_of = board(&leder).await.as_of;
    let news = cards(leder.news(&mut watch).await.unwrap());
    assert!(news.cards[0].2.unread_note);
    leder.mark_all_read().await.unwrap();
    // The note may have come late, so that the board hears of it once more.
    let mut again = leder.watch("introlop", as_of, 1).await.unwrap();
    let news = cards(leder.news(&mut again).await.unwrap());
    assert!(!news.cards[0].2.unread_note);
}

/// A column with its number and its cards in order, each with its version.
type Column = (PhaseId, usize, Vec<(EnrolmentId, i32)>);

/// A board as a browser keeps it.
#[derive(Default)]
struct Copy {
    cards: HashMap<EnrolmentId, (PhaseId, Card)>,
    counts: Vec<(PhaseId, usize)>,
}

impl Copy {
    fn take(&mut self, news: CardNews) {
        self.counts = news.counts;
        self.cards.extend(news.cards.into_iter().map(|(phase, _, card)| (card.id, (phase, card))));
        for id in news.gone {
            self.cards.remove(&id);
        }
        let closed = self.counts.last().map(|(phase, _)| *phase);
        let mut order: Vec<(String, EnrolmentId)> = self
            .cards
            .values()
            .filter(|(phase, _)| Some(*phase) == closed)
            .map(|(_, card)| (card.rank.clone(), card.id))
            .collect();
        order.sort();
        for (_, id) in order.into_iter().skip(CLOSED_SHOWN) {
            self.cards.remove(&id);
        }
    }

    fn columns(&self) -> Vec<Column> {
        let column = |(phase, count): &(PhaseId, usize)| {
            let mut cards: Vec<&Card> =
                self.cards.values().filter(|(here, _)| here == phase).map(|(_, card)| card).collect();
            cards.sort_by(|one, other| one.rank.cmp(&other.rank));
            (*phase, *count, cards.into_iter().map(|card| (card.id, card.version)).collect())
        };
        self.counts.iter().map(column).collect()
    }
}

async fn columns_of(person: &SignedIn) -> Vec<Column> {
    let columns = board(person).await.columns.into_iter();
    let cards = |cards: Vec<Card>| cards.into_iter().map(|card| (card.id, card.version)).collect();
    columns.map(|column| (column.phase.id, column.count, cards(column.cards))).collect()
}

async fn card_version(person: &SignedIn, id: EnrolmentId) -> i32 {
    person.card(id).await.unwrap().3.version
}

/// Opens the board a minute after everything else, so that nothing in it may have come late.
async fn begin(test: &TestStore, person: &SignedIn) -> Watch {
    test.clock.advance(TimeDelta::minutes(1));
    let as_of = board(person).await.as_of;
    person.watch("introlop", as_of, 1).await.unwrap()
}

fn cards(news: Option<News>) -> CardNews {
    match news {
        Some(News::Cards(news)) => news,
        other => panic!("{other:?}"),
    }
}

/// Another NAV office becomes responsible.
async fn hand_over(inn: &SignedIn, id: EnrolmentId, version: i32, office: OrganisationId) {
    let participant = card(inn, id).await.participant;
    let form = DetailsForm { name: "Ada".into(), nav_office: office.to_string(), ..DetailsForm::default() };
    inn.change_details(participant, version, &form).await.unwrap();
}

store::on_both_databases!(
    what_others_do_is_told_as_far_as_one_may_see_it,
    a_new_place_in_the_same_phase_is_told_too,
    a_card_comes_with_access_and_goes_with_it,
    two_who_see_the_same_are_both_told_that_a_card_is_gone_and_that_it_is_back,
    whoever_was_away_while_a_card_was_taken_from_her_reads_the_board_anew,
    a_number_that_was_never_given_or_lies_too_far_back_reads_the_board_anew,
    an_event_that_can_be_seen_only_after_a_later_one_is_told_of_all_the_same,
    news_that_could_not_be_read_are_not_forgotten,
    whoever_has_no_access_to_the_track_any_more_hears_nothing,
    a_board_that_is_kept_by_news_is_the_board_that_is_read_anew,
    a_board_that_is_opened_again_does_not_call_a_note_unread_that_was_read_meanwhile,
);
