//! Opening the database: the first time, again, and after a restart.

use store::Store;
use store::testing::TestStore;

use crate::support::columns;

async fn what_was_written_is_there_after_a_restart(mut test: TestStore) {
    test.participant("Lina Testesen").await;
    test.store.clone().close().await.unwrap();
    test.store = Store::connect(&test.url, test.clock.clock()).await.unwrap();
    assert_eq!(columns(&test.person("inn").await).await[0], ["Lina Testesen"]);
}

async fn a_database_is_ready_when_it_has_the_newest_shape(test: TestStore) {
    assert!(test.store.is_ready().await.unwrap());
    let before = test.contents().await;
    test.store.migrate().await.unwrap();
    assert_eq!(test.contents().await, before, "the same shape again changes nothing");
    test.execute("DELETE FROM seaql_migrations WHERE version LIKE '%events%'").await;
    assert!(!test.store.is_ready().await.unwrap());
}

store::on_both_databases!(what_was_written_is_there_after_a_restart, a_database_is_ready_when_it_has_the_newest_shape);
