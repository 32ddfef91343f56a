//! The end of a whole track, its return, and its place among the others.

use chrono::TimeDelta;
use shared::board::PhaseKind;
use shared::error::{AppError, Problem};
use shared::id::{PhaseId, TrackId};
use shared::participants::NewParticipantForm;
use shared::tracks::{AddPhaseForm, NewTrackForm, PlaceTrackForm, RetirePhaseForm, SeenTrackForm, TrackChange};
use shared::views::Filter;
use store::testing::TestStore;
use store::{News, SignedIn};

use crate::support::{board, closing, columns, problem, refusal, to_end};

async fn a_track_in_which_somebody_is_can_not_be_retired(test: TestStore) {
    let (admin, inn) = (test.person("admin").await, test.person("inn").await);
    let [_, second, last] = test.phases().await[..] else { panic!("no phases") };
    let [ada, _] = test.cards(["Ada", "Bo"]).await;
    inn.move_card(&to_end(ada, 1, second)).await.unwrap();
    let before = test.contents().await;
    assert_eq!(problem(admin.retire_track(&seen(1)).await, "track"), Problem::StillIn { count: 2 });
    assert_eq!(test.contents().await.tables_changed_since(&before), Vec::<&str>::new());
    inn.move_card(&closing(to_end(ada, 2, last))).await.unwrap();
    assert_eq!(problem(admin.retire_track(&seen(1)).await, "track"), Problem::StillIn { count: 1 });
}

async fn nobody_comes_into_a_retired_track_and_no_list_has_it(test: TestStore) {
    let (admin, inn) = (test.person("admin").await, test.person("inn").await);
    let [first, _, last] = test.phases().await[..] else { panic!("no phases") };
    let [ada] = test.cards(["Ada"]).await;
    let undone = inn.move_card(&closing(to_end(ada, 1, last))).await.unwrap().undo.unwrap();
    test.clock.advance(TimeDelta::minutes(1));
    let read = board(&inn).await;
    let mut watch = inn.watch("introlop", read.as_of, read.version).await.unwrap();
    assert_eq!(inn.news(&mut watch).await.unwrap(), None);
    admin.retire_track(&seen(1)).await.unwrap();

    assert_eq!(inn.news(&mut watch).await.unwrap(), Some(News::Everything));
    assert!(inn.tracks().await.unwrap().is_empty());
    assert_eq!(inn.options(None).await.unwrap().phases, []);
    assert_eq!(inn.overview(&Filter::default()).await.unwrap().count, 0);
    assert_eq!(columns(&inn).await, [vec!["Ada"]], "who has ended it stays where she is");

    let mut form = NewParticipantForm::default();
    form.details.name = "Bo".into();
    form.details.nav_office = test.nav_east.to_string();
    let moved = inn.move_card(&to_end(ada, 2, first)).await.map(drop);
    let (added, taken_back) = (inn.add_participant("introlop", &form).await.map(drop), inn.undo_move(undone).await);
    for refused in [moved, added, taken_back.map(drop), inn.choices("introlop").await.map(drop)] {
        let AppError::TrackChanged(changes) = refusal(refused) else { panic!("another refusal") };
        assert_eq!(changes[0].change, TrackChange::Retired);
    }
}

async fn a_retired_track_is_changed_by_nothing_but_its_return(test: TestStore) {
    let admin = test.person("admin").await;
    let [first, second, _] = test.phases().await[..] else { panic!("no phases") };
    retire_phase(&admin, 1, first, second).await;
    test.clock.advance(TimeDelta::minutes(1));
    let before = admin.managed_track("introlop").await.unwrap();
    admin.retire_track(&seen(2)).await.unwrap();

    let retired = admin.managed_track("introlop").await.unwrap();
    assert!(retired.retired_at.is_some());
    assert_eq!((&retired.phases, &retired.retired), (&before.phases, &before.retired));
    let (track, name, kind) = ("introlop".to_owned(), "Ny".to_owned(), "ordinary".to_owned());
    let add = AddPhaseForm { track, version: 3, name, kind };
    for refused in [admin.add_phase(&add).await, admin.retire_track(&seen(3)).await] {
        assert!(matches!(refusal(refused), AppError::TrackChanged(_)));
    }
    let own_name = NewTrackForm { name: retired.name, template: "empty".into() };
    assert_eq!(problem(admin.add_track(&own_name).await, "name"), Problem::Taken);

    assert!(matches!(refusal(admin.resume_track(&seen(2)).await), AppError::TrackChanged(_)), "she has not seen it");
    admin.resume_track(&seen(3)).await.unwrap();
    let resumed = admin.managed_track("introlop").await.unwrap();
    assert_eq!((resumed.retired_at, &resumed.phases, &resumed.retired), (None, &before.phases, &before.retired));
    let changes: Vec<_> = resumed.changes.into_iter().take(2).map(|change| change.change).collect();
    assert_eq!(changes, [TrackChange::Resumed, TrackChange::Retired]);
    test.participant("Ada").await;
    assert_eq!(columns(&test.person("inn").await).await, [vec!["Ada"], vec![]]);
    // Once more is nothing.
    admin.resume_track(&seen(4)).await.unwrap();
}

async fn nobody_comes_in_while_a_track_is_retired(test: TestStore) {
    let (admin, inn) = (test.person("admin").await, test.person("inn").await);
    let [first, _, last] = test.phases().await[..] else { panic!("no phases") };
    let [ada] = test.cards(["Ada"]).await;
    inn.move_card(&closing(to_end(ada, 1, last))).await.unwrap();
    let form = |name: &str| {
        let mut form = NewParticipantForm::default();
        form.details.name = name.to_owned();
        form.details.nav_office = test.nav_east.to_string();
        form
    };
    let (retire, back, bo, cy) = (seen(1), to_end(ada, 2, first), form("Bo"), form("Cy"));
    let (retired, moved, bo, cy) = tokio::join!(
        admin.retire_track(&retire),
        inn.move_card(&back),
        inn.add_participant("introlop", &bo),
        inn.add_participant("introlop", &cy),
    );
    let came_in = [moved.is_ok(), bo.is_ok(), cy.is_ok()].into_iter().filter(|came| *came).count();
    assert_eq!(retired.is_ok(), came_in == 0, "{retired:?}, {came_in} came in");
    let track = admin.managed_track("introlop").await.unwrap();
    assert_eq!(track.cards(PhaseKind::Ordinary), came_in);
}

async fn tracks_stand_in_all_lists_as_their_administrator_orders_them(test: TestStore) {
    let (admin, inn) = (test.person("admin").await, test.person("inn").await);
    for name in ["Bro", "Vei"] {
        admin.add_track(&NewTrackForm { name: name.into(), template: "empty".into() }).await.unwrap();
    }
    let tracks = admin.managed_tracks().await.unwrap();
    let [introlop, bro, vei] = [0, 1, 2].map(|place: usize| tracks[place].id);
    let place = async |track: TrackId, before: Option<TrackId>| {
        admin.place_track(&PlaceTrackForm { track, before }).await.unwrap();
        let of_admin: Vec<_> = admin.managed_tracks().await.unwrap().into_iter().map(|track| track.id).collect();
        let of_others: Vec<_> = inn.tracks().await.unwrap().into_iter().map(|track| track.id).collect();
        assert_eq!(of_admin, of_others);
        of_admin
    };
    assert_eq!(place(vei, Some(introlop)).await, [vei, introlop, bro]);
    assert_eq!(place(vei, Some(bro)).await, [introlop, vei, bro]);
    assert_eq!(place(introlop, None).await, [vei, bro, introlop]);
    let nowhere = PlaceTrackForm { track: vei, before: Some(vei) };
    assert_eq!(refusal(admin.place_track(&nowhere).await), AppError::NotFound);

    // Two at once: one after the other.
    let (one, other) =
        (PlaceTrackForm { track: introlop, before: Some(vei) }, PlaceTrackForm { track: vei, before: None });
    let (first, second) = tokio::join!(admin.place_track(&one), admin.place_track(&other));
    first.and(second).unwrap();
    assert_eq!(place(bro, None).await, [introlop, vei, bro]);
}

fn seen(version: i32) -> SeenTrackForm {
    SeenTrackForm { track: "introlop".into(), version }
}

async fn retire_phase(admin: &SignedIn, version: i32, phase: PhaseId, to: PhaseId) {
    admin.retire_phase(&RetirePhaseForm { phase, version, to: to.to_string() }).await.unwrap();
}

store::on_both_databases!(
    a_track_in_which_somebody_is_can_not_be_retired,
    nobody_comes_into_a_retired_track_and_no_list_has_it,
    a_retired_track_is_changed_by_nothing_but_its_return,
    nobody_comes_in_while_a_track_is_retired,
    tracks_stand_in_all_lists_as_their_administrator_orders_them,
);
