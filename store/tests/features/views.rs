//! Views: what a filter shows, what needs action, and views that are kept.

use chrono::TimeDelta;
use shared::error::{AppError, Problem};
use shared::id::ParticipantId;
use shared::notes::{NoteForm, Visibility};
use shared::participants::ContactsForm;
use shared::tasks::TaskForm;
use shared::views::{ChangeViewForm, Filter, LIST_SHOWN, Need, QUIET_DAYS, ReadyMade, VIEWS_MAX, ViewForm, needs};
use store::testing::TestStore;
use store::{CardNews, Listed, News, SignedIn};

use crate::support::{card, id_of, nav_contact, problem, record, refusal, to_end};

async fn a_board_shows_only_what_is_chosen_and_counts_all(test: TestStore) {
    let [lina, omar] = test.cards(["Lina Testesen", "Omar Prøve"]).await;
    let inn = test.person("inn").await;
    let mine = ContactsForm { inn_contact: id_of(&test, "inn").await, nav_contact: String::new() };
    inn.choose_contacts(lina, &mine).await.unwrap();
    inn.wait_for(card(&inn, omar).await.participant, "nav").await.unwrap();
    for (query, names) in [
        ("", vec!["Lina Testesen", "Omar Prøve"]),
        ("inn=me", vec!["Lina Testesen"]),
        ("inn=none", vec!["Omar Prøve"]),
        ("waiting=nav", vec!["Omar Prøve"]),
        ("waiting=nav&inn=me", vec![]),
        ("q=prove", vec!["Omar Prøve"]),
        ("flag=plan", vec!["Lina Testesen", "Omar Prøve"]),
        ("flag=overdue", vec![]),
        (&format!("office={}", test.nav_east), vec!["Lina Testesen", "Omar Prøve"]),
        (&format!("office={}", test.nav_west), vec![]),
    ] {
        let board = inn.board_view("introlop", &chosen(query)).await.unwrap();
        assert_eq!(board.columns[0].count, 2, "{query}");
        let shown: Vec<&str> = board.columns[0].cards.iter().map(|card| card.name.as_str()).collect();
        assert_eq!(shown, names, "{query}");
    }
}

async fn who_needs_action_is_listed_with_the_reason_and_the_days(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let inn = test.person("inn").await;
    assert_eq!(reasons(&inn).await, [vec![Need::NoTask]]);
    give_task(&test, lina, "24.12.2026").await;
    assert_eq!(reasons(&inn).await, Vec::<Vec<Need>>::new());

    test.execute("UPDATE phases SET agreed_days = 20").await;
    test.clock.advance(TimeDelta::days(QUIET_DAYS));
    let all = vec![Need::StoodStill { days: QUIET_DAYS, agreed: 20 }, Need::Quiet { days: QUIET_DAYS }];
    assert_eq!(reasons(&inn).await, [all]);

    let inn = test.person("inn").await;
    write(&inn, lina, Visibility::OwnUnit).await;
    assert_eq!(reasons(&inn).await, [vec![Need::StoodStill { days: QUIET_DAYS, agreed: 20 }]]);
    let for_nav = reasons(&test.person("nav").await).await;
    assert!(for_nav[0].contains(&Need::Quiet { days: QUIET_DAYS }), "nav can't read that note: {for_nav:?}");
}

async fn the_overview_reaches_over_all_tracks_and_counts_each_ready_made_view(test: TestStore) {
    let [lina, omar] = test.cards(["Lina Testesen", "Omar Prøve"]).await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let to_nav = ContactsForm { inn_contact: String::new(), nav_contact: id_of(&test, "nav").await };
    inn.choose_contacts(lina, &to_nav).await.unwrap();
    let omar = card(&inn, omar).await.participant;
    inn.wait_for(omar, "participant").await.unwrap();
    give_task(&test, omar, "24.11.2026").await;
    write(&inn, omar, Visibility::InnAndNav).await;
    nav.follow(omar).await.unwrap();
    write(&inn, omar, Visibility::InnAndNav).await;

    let count = |person: SignedIn| async move {
        let overview = person.overview(&Filter::default()).await.unwrap();
        assert_eq!(overview.count, 2);
        move |view| overview.ready_made.iter().find(|(each, _)| *each == view).unwrap().1
    };
    let for_nav = count(nav).await;
    let expected = [
        (ReadyMade::Need, 1),
        (ReadyMade::Mine, 1),
        (ReadyMade::New, 1),
        (ReadyMade::Unassigned, 1),
        (ReadyMade::WaitingNav, 0),
        (ReadyMade::WaitingInn, 0),
        (ReadyMade::WaitingParticipant, 1),
        (ReadyMade::Overdue, 0),
        (ReadyMade::DueToday, 1),
        (ReadyMade::UnreadNote, 1),
    ];
    for (view, expected) in expected {
        assert_eq!(for_nav(view), expected, "{view:?}");
    }
    let for_inn = count(inn).await;
    assert_eq!((for_inn(ReadyMade::Mine), for_inn(ReadyMade::Unassigned), for_inn(ReadyMade::New)), (0, 2, 0));
    let stranger = test.person("stranger").await.overview(&Filter::default()).await.unwrap();
    assert_eq!(stranger.count, 0);
}

async fn whoever_has_left_needs_nothing_and_is_not_in_the_overview(test: TestStore) {
    let [lina] = test.cards(["Lina Testesen"]).await;
    let inn = test.person("inn").await;
    let last = *test.phases().await.last().unwrap();
    inn.move_card(&crate::support::closing(to_end(lina, 1, last))).await.unwrap();
    assert_eq!(inn.overview(&Filter::default()).await.unwrap().count, 0);
    assert_eq!(reasons(&inn).await, Vec::<Vec<Need>>::new());
}

async fn news_of_a_card_that_a_view_does_not_show_take_it_away(test: TestStore) {
    let [lina, omar] = test.cards(["Lina Testesen", "Omar Prøve"]).await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let as_of = inn.board("introlop").await.unwrap().as_of;
    let mut watch = inn.watch("introlop", as_of, 1).await.unwrap();
    nav.wait_for(card(&inn, lina).await.participant, "nav").await.unwrap();
    nav.wait_for(card(&inn, omar).await.participant, "inn").await.unwrap();
    let Some(News::Cards(news)) = inn.news(&mut watch).await.unwrap() else { panic!("no news") };
    let CardNews { cards, gone, counts } = inn.news_for_view(&chosen("waiting=nav"), news.clone()).await.unwrap();
    assert_eq!(cards.iter().map(|(.., card)| card.id).collect::<Vec<_>>(), [lina]);
    assert_eq!((gone, counts), (vec![omar], news.counts.clone()));
    assert_eq!(inn.news_for_view(&Filter::default(), news.clone()).await.unwrap(), news);
}

async fn a_view_is_kept_under_its_name_shared_and_begun_with(test: TestStore) {
    let (inn, leader, nav) = (test.person("inn").await, test.person("leder").await, test.person("nav").await);
    inn.keep_view(&form("Mine", "inn=me")).await.unwrap();
    let shared = ViewForm { shared: "yes".into(), track: "introlop".into(), ..form("Venter", "waiting=nav&q=lina") };
    inn.keep_view(&shared).await.unwrap();
    let addresses =
        |views: Vec<shared::views::View>| views.iter().map(shared::views::View::address).collect::<Vec<_>>();
    assert_eq!(addresses(inn.views().await.unwrap()), ["/participants?inn=me", "/tracks/introlop?waiting=nav"]);
    assert_eq!(addresses(leader.views().await.unwrap()), ["/tracks/introlop?waiting=nav"]);
    assert!(nav.views().await.unwrap().is_empty(), "another organisation");

    let view = leader.views().await.unwrap().remove(0);
    assert!(!view.is_own && view.is_shared && !view.is_start);
    leader.start_with(view.id, true).await.unwrap();
    assert_eq!(leader.start_view().await.unwrap().map(|view| view.name), Some("Venter".into()));
    assert_eq!(refusal(nav.start_with(view.id, true).await), AppError::NotFound);
    assert_eq!(refusal(leader.forget_view(view.id).await), AppError::NotFound);

    leader.start_with(view.id, false).await.unwrap();
    assert_eq!(leader.start_view().await.unwrap(), None);
    leader.start_with(view.id, true).await.unwrap();
    inn.forget_view(view.id).await.unwrap();
    assert_eq!(leader.start_view().await.unwrap(), None, "it is gone, and she begins with the tracks");
}

async fn a_view_is_replaced_by_another_of_its_name_and_stays_where_people_begin(test: TestStore) {
    let (inn, leader) = (test.person("inn").await, test.person("leder").await);
    let shared = ViewForm { shared: "yes".into(), ..form("Venter", "waiting=nav") };
    inn.keep_view(&shared).await.unwrap();
    let view = leader.views().await.unwrap().remove(0);
    leader.start_with(view.id, true).await.unwrap();
    leader.keep_view(&form("Venter", "inn=me")).await.unwrap();

    let other = ViewForm { query: "waiting=inn".into(), track: "introlop".into(), replace: "yes".into(), ..shared };
    inn.keep_view(&other).await.unwrap();
    let kept = inn.views().await.unwrap();
    assert_eq!(
        kept.iter().map(|view| (view.id, view.address())).collect::<Vec<_>>(),
        [(view.id, "/tracks/introlop?waiting=inn".into())]
    );
    assert_eq!(leader.start_view().await.unwrap().map(|view| view.address()), Some(kept[0].address()));
    let addresses = leader.views().await.unwrap().iter().map(shared::views::View::address).collect::<Vec<_>>();
    assert_eq!(addresses.len(), 2, "somebody else's of the same name stays: {addresses:?}");
    assert!(addresses.contains(&"/participants?inn=me".into()), "{addresses:?}");

    inn.keep_view(&ViewForm { shared: String::new(), ..other }).await.unwrap();
    assert_eq!(leader.start_view().await.unwrap(), None, "it is not shared any more");
}

async fn a_view_gets_another_name_and_is_not_shared_any_more(test: TestStore) {
    let (inn, leader) = (test.person("inn").await, test.person("leder").await);
    inn.keep_view(&ViewForm { shared: "yes".into(), ..form("Venter", "waiting=nav") }).await.unwrap();
    inn.keep_view(&form("Mine", "inn=me")).await.unwrap();
    leader.keep_view(&form("Øst", "nav=me")).await.unwrap();
    // Her own come first.
    let venter = leader.views().await.unwrap().remove(1);
    for person in [&inn, &leader] {
        person.start_with(venter.id, true).await.unwrap();
    }
    let kept = inn.views().await.unwrap();

    let change =
        |name: &str, shared: &str| ChangeViewForm { view: venter.id, name: name.into(), shared: shared.into() };
    assert_eq!(problem(inn.change_view(&change(" Mine ", "yes")).await, "name"), Problem::Taken);
    assert_eq!(problem(inn.change_view(&change(" ", "yes")).await, "name"), Problem::Required);
    assert_eq!(refusal(leader.change_view(&change("Hennes", "yes")).await), AppError::NotFound);
    inn.change_view(&change("Venter", "yes")).await.unwrap();
    assert_eq!(inn.views().await.unwrap(), kept, "nothing has changed");

    inn.change_view(&change("Øst", "")).await.unwrap();
    let view = inn.start_view().await.unwrap().unwrap();
    assert_eq!((view.id, view.name.as_str(), view.is_shared), (venter.id, "Øst", false));
    assert_eq!(view.address(), venter.address());
    assert_eq!(leader.start_view().await.unwrap(), None, "she does not have it any more");
}

async fn a_view_that_says_nothing_or_has_a_name_twice_is_refused(test: TestStore) {
    let inn = test.person("inn").await;
    inn.keep_view(&form("Mine", "inn=me")).await.unwrap();
    assert_eq!(problem(inn.keep_view(&form(" Mine ", "nav=me")).await, "name"), Problem::Taken);
    assert_eq!(problem(inn.keep_view(&form("", "nav=me")).await, "name"), Problem::Required);
    assert_eq!(refusal(inn.keep_view(&form("Tom", "")).await), AppError::Malformed);
    assert_eq!(refusal(inn.keep_view(&form("Rar", "farge=rød")).await), AppError::Malformed);
    let elsewhere = ViewForm { track: "finnes-ikke".into(), ..form("Borte", "inn=me") };
    assert_eq!(refusal(inn.keep_view(&elsewhere).await), AppError::NotFound);
    for number in 1..VIEWS_MAX {
        inn.keep_view(&form(&format!("Nummer {number}"), "inn=me")).await.unwrap();
    }
    assert_eq!(problem(inn.keep_view(&form("En til", "inn=me")).await, "name"), Problem::TooMany { max: VIEWS_MAX });
    assert_eq!(inn.views().await.unwrap().len(), VIEWS_MAX);
}

async fn no_more_views_are_listed_than_a_list_shows_and_own_ones_come_first(test: TestStore) {
    let nav = test.person("nav").await;
    nav.keep_view(&form("Ø, den siste", "nav=me")).await.unwrap();
    for number in 0..=LIST_SHOWN / VIEWS_MAX {
        let name = format!("kollega{number}");
        nav_contact(&test, &name, test.nav_east, test.nav_west).await;
        let colleague = test.person(&name).await;
        for number in 0..VIEWS_MAX {
            let shared = ViewForm { shared: "yes".into(), ..form(&format!("Delt {number}"), "nav=me") };
            colleague.keep_view(&shared).await.unwrap();
        }
    }
    let views = nav.views().await.unwrap();
    assert_eq!(views.len(), LIST_SHOWN);
    assert_eq!(views[0].name, "Ø, den siste");
}

/// Why those of the view "needs action" are in it.
async fn reasons(person: &SignedIn) -> Vec<Vec<Need>> {
    let overview = person.overview(&chosen("flag=need")).await.unwrap();
    overview.shown.iter().map(|Listed { card, .. }| needs(card, false, QUIET_DAYS)).collect()
}

fn chosen(query: &str) -> Filter {
    let (filter, unknown) = Filter::parse(query);
    assert!(unknown.is_empty(), "{unknown:?}");
    filter
}

fn form(name: &str, query: &str) -> ViewForm {
    ViewForm { name: name.into(), query: query.into(), ..ViewForm::default() }
}

async fn give_task(test: &TestStore, participant: ParticipantId, due: &str) {
    let task = TaskForm {
        title: "Ring".into(),
        assignee: id_of(test, "inn").await,
        due: due.into(),
        ..TaskForm::about(participant)
    };
    test.person("inn").await.add_task(&task).await.unwrap();
}

async fn write(person: &SignedIn, participant: ParticipantId, visibility: Visibility) {
    let form = NoteForm { participant, text: "Hei".into(), visibility: visibility.code().into() };
    person.save_note(&form).await.unwrap();
    assert!(!record(person, participant).await.timeline.is_empty());
}

store::on_both_databases!(
    a_board_shows_only_what_is_chosen_and_counts_all,
    who_needs_action_is_listed_with_the_reason_and_the_days,
    the_overview_reaches_over_all_tracks_and_counts_each_ready_made_view,
    whoever_has_left_needs_nothing_and_is_not_in_the_overview,
    news_of_a_card_that_a_view_does_not_show_take_it_away,
    a_view_is_kept_under_its_name_shared_and_begun_with,
    a_view_is_replaced_by_another_of_its_name_and_stays_where_people_begin,
    a_view_gets_another_name_and_is_not_shared_any_more,
    a_view_that_says_nothing_or_has_a_name_twice_is_refused,
    no_more_views_are_listed_than_a_list_shows_and_own_ones_come_first,
);
