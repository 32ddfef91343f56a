//! A database for each test: a copy of one that is made once, since making it takes longer than most tests.

use std::fs;
use std::path::Path;

use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::people::{Offices, people_and_tracks};
use super::{Engine, TestClock};
use crate::doors::Store;

/// What is copied: a file's bytes or the name of a database, and the ids that lie in it.
type Template<T> = OnceCell<(T, Offices)>;

static SQLITE: Template<Vec<u8>> = OnceCell::const_new();
static POSTGRES: Template<String> = OnceCell::const_new();

/// Makes a new database, in this folder if it is a file, and gives its address.
pub(super) async fn new_database(engine: Engine, folder: &Path) -> (String, Offices) {
    let file = folder.join("test.db");
    let file_url = format!("sqlite:{}", file.display());
    match engine {
        Engine::Sqlite => {
            let make = async || {
                let offices = fill(&file_url).await;
                (fs::read(&file).expect("the database's file"), offices)
            };
            let (bytes, offices) = SQLITE.get_or_init(make).await;
            fs::write(&file, bytes).expect("the database's file");
            (file_url, *offices)
        }
        Engine::Postgres => {
            let make = async || {
                let name = create_database("template1").await;
                let offices = fill(&url_of(&name)).await;
                (name, offices)
            };
            let (template, offices) = POSTGRES.get_or_init(make).await;
            (url_of(&create_database(template).await), *offices)
        }
    }
}

/// Gives an empty database its tables, people and tracks. Nobody is connected to it afterwards.
async fn fill(url: &str) -> Offices {
    let store = Store::connect(url, TestClock::new().clock()).await.expect("a connection");
    store.migrate().await.expect("migrations");
    let offices = people_and_tracks(&store).await.expect("people and tracks");
    store.close().await.expect("an end of all connections");
    offices
}

/// Nothing takes it away again: that costs PostgreSQL more than the test, and the server goes as a whole.
async fn create_database(template: &str) -> String {
    let name = format!("samlop_{}", Uuid::now_v7().simple());
    let mut options = ConnectOptions::new(server());
    options.max_connections(1).sqlx_logging(false);
    let server = Database::connect(options).await.expect("the PostgreSQL server for tests");
    let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
    server.execute_unprepared(&create).await.expect("a database");
    server.close().await.expect("an end of the connection");
    name
}

fn url_of(database: &str) -> String {
    let server = server();
    let base = server.rsplit_once('/').map_or(server.as_str(), |(base, _)| base);
    format!("{base}/{database}")
}

fn server() -> String {
    std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL is not set: run the tests with `cargo xtask test`")
}
