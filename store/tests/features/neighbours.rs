//! Several servers on one database.

use std::time::Duration;

use store::Store;
use store::testing::{Engine, TestStore};
use tokio::time::timeout;

use crate::support::to_end;

/// Only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_server_hears_of_what_a_person_changes_at_another_one() {
    let test = TestStore::new(Engine::Postgres).await;
    let other = Store::connect(&test.url, test.clock.clock()).await.unwrap();
    let servers = [test.store.clone(), other.clone()];
    let [here, there] = servers.map(|store| tokio::spawn(async move { store.keep_in_touch().await }));
    let mut abroad = other.happenings();
    // Whoever begins to hear looks at once.
    timeout(PATIENCE, abroad.changed()).await.unwrap().unwrap();
    test.cards(["Ada"]).await;
    timeout(PATIENCE, abroad.changed()).await.unwrap().unwrap();
    here.abort();
    there.abort();
}

#[tokio::test]
async fn a_server_hears_again_after_the_database_has_hung_up() {
    let test = TestStore::new(Engine::Postgres).await;
    let other = Store::connect(&test.url, test.clock.clock()).await.unwrap();
    let servers = [test.store.clone(), other.clone()];
    let [here, there] = servers.map(|store| tokio::spawn(async move { store.keep_in_touch().await }));
    let mut abroad = other.happenings();
    timeout(PATIENCE, abroad.changed()).await.unwrap().unwrap();
    let hang_up = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'";
    test.execute(hang_up).await;
    timeout(PATIENCE, abroad.changed()).await.unwrap().unwrap();
    let [ada] = test.cards(["Ada"]).await;
    let inn = test.person("inn").await;
    let second = test.phases().await[1];
    // The line may not be back yet: so it is said until it is heard.
    let heard = async {
        let mut version = 1;
        loop {
            inn.move_card(&to_end(ada, version, second)).await.unwrap();
            version += 1;
            if timeout(Duration::from_secs(1), abroad.changed()).await.is_ok() {
                return;
            }
        }
    };
    timeout(PATIENCE, heard).await.unwrap();
    here.abort();
    there.abort();
}

#[tokio::test]
async fn a_server_with_sqlite_has_nobody_to_hear() {
    let test = TestStore::new(Engine::Sqlite).await;
    timeout(PATIENCE, test.store.keep_in_touch()).await.unwrap();
}
