//! Tracks are data: phases with what is agreed about them.

use shared::board::PhaseKind;
use shared::tracks::{AgreedDays, CardLimit};
use store::NewTrack;
use store::testing::{TestStore, phases};

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

async fn a_retired_phase_is_on_no_board(test: TestStore) {
    test.execute("UPDATE phases SET retired_at = CURRENT_TIMESTAMP WHERE name = 'Praksis'").await;
    let board = test.person("inn").await.board("introlop").await.unwrap();
    let names: Vec<_> = board.columns.iter().map(|column| column.phase.name.as_str()).collect();
    assert_eq!(names, ["Kartlegging", "Avsluttet"]);
}

store::on_both_databases!(a_board_knows_each_phases_limit_and_agreed_days, a_retired_phase_is_on_no_board);
