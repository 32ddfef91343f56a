//! Tracks are data: administrators make, change and retire phases, and nothing that has happened is lost.

use shared::board::PhaseKind;
use shared::error::{AppError, Problem};
use shared::id::PhaseId;
use shared::timeline::{Filter, What};
use shared::tracks::{
    AddPhaseForm, AgreedDays, CardLimit, ChangePhaseForm, ManagedTrack, NewTrackForm, PHASES_MAX, PhaseField,
    PlacePhaseForm, RenameTrackForm, RetirePhaseForm, RulesForm, Shipped, TrackChange, TrackFileForm,
};
use store::testing::{TestStore, phases};
use store::{NewTrack, News, SignedIn};

use crate::support::{board, closing, columns, refusal, to_end};

async fn a_board_knows_each_phases_limit_and_agreed_days(test: TestStore) {
    let mut phases = phases([("Søknad", PhaseKind::Ordinary), ("Slutt", PhaseKind::Closing)]);
    phases[0].limit = CardLimit::try_from(12).ok();
    phases[0].agreed_days = AgreedDays::try_from(30).ok();
    let partners = [test.nav_east];
    let track =
        NewTrack { slug: "karrierelop", name: "Karriereløp", owner: test.inn, partners: &partners, phases: &phases };
    test.store.system("test").create_track(track).await.unwrap();
    let board = test.person("inn").await.board("karrierelop").await.unwrap();
    let agreed: Vec<_> = board.columns.iter().map(|column| (column.phase.limit, column.phase.agreed_days)).collect();
    assert_eq!(agreed, [(Some(12), Some(30)), (None, None)]);
}

async fn a_new_track_has_the_phases_of_its_template_and_the_units_own_offices(test: TestStore) {
    let admin = test.person("admin").await;
    let form = NewTrackForm { name: " Introløp  vest ".into(), template: "introlop".into() };
    assert_eq!(admin.add_track(&form).await.unwrap(), "introlop-vest");
    let same_address = NewTrackForm { name: "Introlop, vest".into(), ..form.clone() };
    assert_eq!(admin.add_track(&same_address).await.unwrap(), "introlop-vest-2");
    let track = admin.managed_track("introlop-vest").await.unwrap();
    assert_eq!((track.name.as_str(), track.phases.len(), track.version), ("Introløp vest", 10, 1));
    assert_eq!(track.offices, ["Nav Prøveby vest", "Nav Prøveby øst"]);
    assert_eq!(test.person("nav-west").await.board("introlop-vest").await.unwrap().columns.len(), 10);
    let form = NewTrackForm::default();
    let refused = refusal(admin.add_track(&form).await);
    assert_eq!(refused.problem("name"), Some(&Problem::Required));
    assert_eq!(refused.problem("template"), Some(&Problem::Required));
}

async fn no_two_tracks_of_a_unit_have_the_same_name(test: TestStore) {
    let admin = test.person("admin").await;
    let own = managed(&admin).await.name.to_uppercase();
    let form = NewTrackForm { name: own.clone(), template: "empty".into() };
    assert_eq!(refusal(admin.add_track(&form).await).problem("name"), Some(&Problem::Taken));
    let template = Shipped::Empty.read().unwrap();
    let form = TrackFileForm { name: own.clone(), file: template.to_toml().unwrap(), shown: String::new() };
    assert_eq!(refusal(admin.add_track_from_file(&form).await).problem("name"), Some(&Problem::Taken));
    let other = admin.add_track(&NewTrackForm { name: "Et annet".into(), template: "empty".into() }).await.unwrap();
    let rename = |track: &str| RenameTrackForm { track: track.into(), version: 1, name: own.clone() };
    assert_eq!(refusal(admin.rename_track(&rename(&other)).await).problem("name"), Some(&Problem::Taken));
    // Its own name is nobody else's, and neither is that of another unit's track.
    admin.rename_track(&rename("introlop")).await.unwrap();
    let theirs = NewTrackForm { name: "Annet løp".into(), template: "empty".into() };
    admin.add_track(&theirs).await.unwrap();
}

async fn a_track_is_the_same_after_a_file_but_for_its_people(test: TestStore) {
    let admin = test.person("admin").await;
    let [first, second, _] = test.phases().await[..] else { panic!("no phases") };
    test.participant("Lina Testesen").await;
    let rules = RulesForm {
        needs_reason: "yes".into(),
        needs_goal: "yes".into(),
        task1_title: "Avtal \"møte\"".into(),
        task1_for: "nav_contact".into(),
        task1_days: "5".into(),
        task1_unit: "working_days".into(),
        ..RulesForm::default()
    };
    let form =
        ChangePhaseForm { limit: "25".into(), agreed_days: "90".into(), rules, ..change(second, 1, "Internship") };
    admin.change_phase(&form).await.unwrap();
    add(&admin, 2, "Venter", "ordinary").await.unwrap();
    admin.retire_phase(&RetirePhaseForm { phase: first, version: 3, to: second.to_string() }).await.unwrap();

    let before = managed(&admin).await;
    let file = before.template().unwrap().to_toml().unwrap();
    let retired = &before.retired[0].0;
    for secret in ["Lina", "Nav", "INN", "admin", &first.to_string(), &second.to_string(), "introlop", retired] {
        assert!(!file.contains(secret), "{secret} is in {file}");
    }
    let mut form = TrackFileForm { name: "Introløp øst".into(), file, shown: String::new() };
    let contents = test.contents().await;
    assert_eq!(refusal(admin.add_track_from_file(&form).await).problem("shown"), Some(&Problem::NotConfirmed));
    assert_eq!(test.contents().await.tables_changed_since(&contents), Vec::<&str>::new());
    form.shown = form.parse().unwrap().mark();
    let slug = admin.add_track_from_file(&form).await.unwrap();
    let after = admin.managed_track(&slug).await.unwrap();
    assert_eq!((slug.as_str(), after.name.as_str(), after.offices.len()), ("introlop-ost", "Introløp øst", 2));
    assert_eq!(after.template().unwrap().phases, before.template().unwrap().phases);
    assert_eq!(after.phases.iter().map(|(_, cards)| *cards).sum::<usize>(), 0);
    assert_eq!(
        after.changes.iter().map(|change| (&*change.by, &change.change)).collect::<Vec<_>>(),
        [("admin Prøve", &TrackChange::Made)]
    );
}

async fn a_file_with_a_fault_makes_nothing(test: TestStore) {
    let admin = test.person("admin").await;
    let contents = test.contents().await;
    let template = Shipped::Karrierelop.read().unwrap();
    let (right, shown) = (template.to_toml().unwrap(), template.mark());
    for file in [
        right.replace("\"Screening\"", "\"Avsluttet\""),
        right.replace("\"Screening\"", "\"fnr 13897240054\""),
        right.replacen("[[phases]]", "[[phases]]\nnext = \"Screening\"", 1),
        format!("{right}{}", "[[phases]]\n".repeat(10_000)),
        format!("{right}{}", "[[phases]]\n".repeat(PHASES_MAX)),
        "<html>".to_owned(),
    ] {
        let form = TrackFileForm { name: String::new(), file, shown: shown.clone() };
        let refused = refusal(admin.add_track_from_file(&form).await);
        assert!(matches!(refused.problem("file"), Some(Problem::Faulty { .. })), "{refused:?}");
    }
    assert_eq!(test.contents().await.tables_changed_since(&contents), Vec::<&str>::new());
}

async fn an_administrator_manages_the_tracks_of_her_own_unit_and_sees_counts_only(test: TestStore) {
    let admin = test.person("admin").await;
    test.participant("Lina Testesen").await;
    let tracks = admin.managed_tracks().await.unwrap();
    let slugs: Vec<&str> = tracks.iter().map(|track| track.slug.as_str()).collect();
    assert_eq!(slugs, ["introlop"]);
    assert_eq!(tracks[0].phases.iter().map(|(_, cards)| *cards).collect::<Vec<_>>(), [1, 0, 0]);
    assert!(!format!("{tracks:?}").contains("Lina"));
    assert_eq!(refusal(admin.managed_track("annetlop").await), AppError::NotFound);
    let theirs = test.person("stranger").await.board("annetlop").await.unwrap().columns[0].phase.id;
    assert_eq!(refusal(admin.managed_phase(theirs).await), AppError::NotFound);
    let form = RetirePhaseForm { phase: theirs, version: 1, to: theirs.to_string() };
    assert_eq!(refusal(admin.retire_phase(&form).await), AppError::NotFound);
}

async fn phases_are_made_renamed_agreed_about_and_ordered(test: TestStore) {
    let admin = test.person("admin").await;
    let [first, second, _] = test.phases().await[..] else { panic!("no phases") };
    admin.rename_track(&RenameTrackForm { track: "introlop".into(), version: 1, name: "Løpet".into() }).await.unwrap();
    add(&admin, 2, "Venter", "ordinary").await.unwrap();
    add(&admin, 3, "Avbrutt", "closing").await.unwrap();
    let form = ChangePhaseForm { limit: "2".into(), agreed_days: " 30 ".into(), ..change(second, 4, "Internship") };
    admin.change_phase(&form).await.unwrap();
    admin.place_phase(&PlacePhaseForm { phase: second, version: 5, before: Some(first) }).await.unwrap();
    let track = managed(&admin).await;
    assert_eq!((track.name.as_str(), track.version), ("Løpet", 6));
    assert_eq!(names(&track), ["Internship", "Kartlegging", "Venter", "Avsluttet", "Avbrutt"]);
    let board = board(&test.person("inn").await).await;
    let phase = &board.columns[0].phase;
    assert_eq!((phase.limit, phase.agreed_days, board.version), (Some(2), Some(30), 6));

    // Each change is kept, with what it was before.
    let changes: Vec<TrackChange> = track.changes.into_iter().map(|each| each.change).collect();
    assert_eq!(changes.len(), 6);
    let TrackChange::PhaseChanged { phase, changes: fields } = &changes[1] else { panic!("{changes:?}") };
    let fields: Vec<_> = fields.iter().map(|one| (one.field, one.before.as_str(), one.after.as_str())).collect();
    let expected =
        [(PhaseField::Name, "Praksis", "Internship"), (PhaseField::Limit, "", "2"), (PhaseField::AgreedDays, "", "30")];
    assert_eq!((phase.as_str(), fields), ("Praksis", expected.to_vec()));

    // What changes nothing is no change.
    let same = ChangePhaseForm { limit: "2".into(), agreed_days: "30".into(), ..change(second, 6, "Internship") };
    admin.change_phase(&same).await.unwrap();
    admin.place_phase(&PlacePhaseForm { phase: second, version: 6, before: Some(first) }).await.unwrap();
    assert_eq!(managed(&admin).await.version, 6);
}

async fn names_are_unique_ends_stay_behind_and_there_is_a_limit(test: TestStore) {
    let admin = test.person("admin").await;
    let [first, second, last] = test.phases().await[..] else { panic!("no phases") };
    let taken = refusal(add(&admin, 1, "PRAKSIS", "ordinary").await);
    assert_eq!(taken.problem("name"), Some(&Problem::Taken));
    let taken = refusal(admin.change_phase(&change(first, 1, "praksis")).await);
    assert_eq!(taken.problem("name"), Some(&Problem::Taken));
    for (phase, before) in [(last, Some(first)), (second, None)] {
        let error = refusal(admin.place_phase(&PlacePhaseForm { phase, version: 1, before }).await);
        assert_eq!(error.problem("before"), Some(&Problem::WrongOrder), "{phase}");
    }
    for version in 1..=i32::try_from(PHASES_MAX).unwrap() - 3 {
        add(&admin, version, &format!("Fase {version}"), "ordinary").await.unwrap();
    }
    let full = refusal(add(&admin, i32::try_from(PHASES_MAX).unwrap() - 2, "En for mye", "ordinary").await);
    assert_eq!(full.problem("name"), Some(&Problem::TooMany { max: PHASES_MAX }));
}

async fn of_two_administrators_the_second_reads_what_the_first_has_changed(test: TestStore) {
    let admin = test.person("admin").await;
    let [first, second, _] = test.phases().await[..] else { panic!("no phases") };
    let (one, other) = (change(first, 1, "Innkomst"), change(second, 1, "Utplassering"));
    let (one, other) = tokio::join!(admin.change_phase(&one), admin.change_phase(&other));
    let late = if one.is_ok() { refusal(other) } else { refusal(one) };
    let AppError::TrackChanged(changes) = late else { panic!("{late:?}") };
    assert_eq!((changes.len(), changes[0].by.as_str()), (1, "admin Prøve"));
    assert!(matches!(&changes[0].change, TrackChange::PhaseChanged { changes, .. } if changes.len() == 1));
    let track = managed(&admin).await;
    assert_eq!((track.version, track.changes.len()), (2, 2), "nothing of the late one is kept: {track:?}");

    // Having read it, she can do it all the same.
    admin.change_phase(&change(second, 2, "Utplassering")).await.unwrap();
    assert_eq!(names(&managed(&admin).await)[1], "Utplassering");
}

async fn the_cards_of_a_retired_phase_go_in_order_to_another_and_history_names_it_still(test: TestStore) {
    let (admin, inn) = (test.person("admin").await, test.person("inn").await);
    let [first, second, last] = test.phases().await[..] else { panic!("no phases") };
    let [a, b, c] = test.cards(["A", "B", "C"]).await;
    inn.move_card(&to_end(c, 1, second)).await.unwrap();
    let before = board(&inn).await;
    let lina = before.columns[0].cards[0].participant;
    let letters = test.letters(100).await.len();
    let form = RetirePhaseForm { phase: first, version: 1, to: second.to_string() };
    admin.retire_phase(&form).await.unwrap();
    assert_eq!(columns(&inn).await, [vec!["C", "A", "B"], vec![]]);
    let record = inn.record(lina, Filter::Moves).await.unwrap();
    let moved = record.timeline.iter().find_map(|entry| match &entry.what {
        What::Moved { from, to, .. } => Some((from.as_str(), to.as_str())),
        _ => None,
    });
    assert_eq!(moved, Some(("Kartlegging", "Praksis")));
    assert_eq!(test.letters(100).await.len(), 0, "nobody is told; there were {letters} before");
    let track = managed(&admin).await;
    assert_eq!(track.retired.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["Kartlegging"]);
    let retired = TrackChange::PhaseRetired { phase: "Kartlegging".into(), to: "Praksis".into(), cards: 2 };
    assert_eq!(track.changes[0].change, retired);

    // Nobody comes in any more, neither by a board that is still open nor by taking a move back.
    let late = refusal(inn.move_card(&to_end(a, 2, first)).await);
    let AppError::TrackChanged(changes) = late else { panic!("{late:?}") };
    assert_eq!(changes[0].change, retired);
    let stale = refusal(inn.move_card(&closing(to_end(b, 1, last))).await);
    assert!(matches!(stale, AppError::Stale(_)), "{stale:?}");
    assert_eq!(refusal(admin.managed_phase(first).await), AppError::NotFound);
    // The name is free again.
    add(&admin, 2, "Kartlegging", "ordinary").await.unwrap();
}

async fn a_move_out_of_a_phase_is_not_taken_back_once_that_is_retired(test: TestStore) {
    let (admin, inn) = (test.person("admin").await, test.person("inn").await);
    let [first, second, _] = test.phases().await[..] else { panic!("no phases") };
    let [a] = test.cards(["A"]).await;
    let undone = inn.move_card(&to_end(a, 1, second)).await.unwrap().undo.unwrap();
    admin.retire_phase(&RetirePhaseForm { phase: first, version: 1, to: second.to_string() }).await.unwrap();
    let refused = refusal(inn.undo_move(undone).await);
    assert!(matches!(refused, AppError::TrackChanged(_)), "{refused:?}");
    assert_eq!(columns(&inn).await, [vec!["A"], vec![]]);
}

async fn the_last_phase_of_its_kind_stays_and_cards_never_change_kind(test: TestStore) {
    let (admin, inn) = (test.person("admin").await, test.person("inn").await);
    let [first, second, last] = test.phases().await[..] else { panic!("no phases") };
    let [a] = test.cards(["A"]).await;
    inn.move_card(&closing(to_end(a, 1, last))).await.unwrap();
    let retire = |phase: PhaseId, to: PhaseId, version| RetirePhaseForm { phase, version, to: to.to_string() };
    for (phase, to) in [(last, first), (last, last)] {
        let error = refusal(admin.retire_phase(&retire(phase, to, 1)).await);
        assert_eq!(error.problem("to"), Some(&Problem::WrongOrder), "{phase}");
    }
    for to in [last, first] {
        let error = refusal(admin.retire_phase(&retire(first, to, 1)).await);
        assert_eq!(error.problem("to"), Some(&Problem::UnknownChoice), "{to}");
    }
    add(&admin, 1, "Avbrutt", "closing").await.unwrap();
    let other = managed(&admin).await.phases[3].0.id;
    admin.retire_phase(&retire(last, other, 2)).await.unwrap();
    assert_eq!(columns(&inn).await, [vec![], vec![], vec!["A"]]);
    let outcomes = test.contents().await;
    assert!(outcomes.holds("enrolments", "relevant_work"), "the outcome stays");
    admin.retire_phase(&retire(first, second, 3)).await.unwrap();
    let error = refusal(admin.retire_phase(&retire(second, first, 4)).await);
    assert_eq!(error.problem("to"), Some(&Problem::WrongOrder));
}

async fn no_card_is_lost_when_a_phase_is_retired_while_others_move_cards_into_it(test: TestStore) {
    let (admin, inn) = (test.person("admin").await, test.person("inn").await);
    let [first, second, _] = test.phases().await[..] else { panic!("no phases") };
    let cards = test.cards(["A", "B", "C", "D"]).await;
    let retire = RetirePhaseForm { phase: second, version: 1, to: first.to_string() };
    let moves = cards.map(|card| to_end(card, 1, second));
    let (retired, a, b, c, d) = tokio::join!(
        admin.retire_phase(&retire),
        inn.move_card(&moves[0]),
        inn.move_card(&moves[1]),
        inn.move_card(&moves[2]),
        inn.move_card(&moves[3]),
    );
    retired.unwrap();
    for moved in [a, b, c, d] {
        assert!(moved.is_ok() || matches!(refusal(moved), AppError::TrackChanged(_)));
    }
    let mut left = columns(&inn).await.remove(0);
    left.sort();
    assert_eq!(left, ["A", "B", "C", "D"]);
}

async fn an_open_board_hears_that_the_phases_are_others(test: TestStore) {
    let (admin, inn) = (test.person("admin").await, test.person("inn").await);
    let read = board(&inn).await;
    let mut watch = inn.watch("introlop", read.as_of, read.version).await.unwrap();
    assert_eq!(inn.news(&mut watch).await.unwrap(), None);
    add(&admin, 1, "Venter", "ordinary").await.unwrap();
    assert_eq!(inn.news(&mut watch).await.unwrap(), Some(News::Everything));
    assert_eq!(inn.news(&mut watch).await.unwrap(), None, "once");
    // A page that was made before, and asks only now.
    let mut late = inn.watch("introlop", read.as_of, read.version).await.unwrap();
    assert_eq!(inn.news(&mut late).await.unwrap(), Some(News::Everything));
}

async fn add(admin: &SignedIn, version: i32, name: &str, kind: &str) -> Result<String, store::StoreError> {
    let (track, name, kind) = ("introlop".to_owned(), name.to_owned(), kind.to_owned());
    admin.add_phase(&AddPhaseForm { track, version, name, kind }).await
}

fn change(phase: PhaseId, version: i32, name: &str) -> ChangePhaseForm {
    let (limit, agreed_days, rules) = (String::new(), String::new(), RulesForm::default());
    ChangePhaseForm { phase, version, name: name.into(), limit, agreed_days, rules }
}

async fn managed(admin: &SignedIn) -> ManagedTrack {
    admin.managed_track("introlop").await.unwrap()
}

fn names(track: &ManagedTrack) -> Vec<&str> {
    track.phases.iter().map(|(phase, _)| phase.name.as_str()).collect()
}

store::on_both_databases!(
    a_board_knows_each_phases_limit_and_agreed_days,
    a_new_track_has_the_phases_of_its_template_and_the_units_own_offices,
    no_two_tracks_of_a_unit_have_the_same_name,
    a_track_is_the_same_after_a_file_but_for_its_people,
    a_file_with_a_fault_makes_nothing,
    an_administrator_manages_the_tracks_of_her_own_unit_and_sees_counts_only,
    phases_are_made_renamed_agreed_about_and_ordered,
    names_are_unique_ends_stay_behind_and_there_is_a_limit,
    of_two_administrators_the_second_reads_what_the_first_has_changed,
    the_cards_of_a_retired_phase_go_in_order_to_another_and_history_names_it_still,
    a_move_out_of_a_phase_is_not_taken_back_once_that_is_retired,
    the_last_phase_of_its_kind_stays_and_cards_never_change_kind,
    no_card_is_lost_when_a_phase_is_retired_while_others_move_cards_into_it,
    an_open_board_hears_that_the_phases_are_others,
);
