//! Prints how many transactions of one row a second SQLite makes durable in the given file, with nothing
//! around it. `cargo xtask bench` sets moves of cards beside it: no program on this machine does better.

use std::time::{Duration, Instant};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbErr};

/// How long it writes.
const TIME: Duration = Duration::from_secs(3);
/// So many statements are handed to the driver at once, so that its own work between them does not count.
const BATCH: u32 = 200;

#[tokio::main]
async fn main() -> Result<(), DbErr> {
    let file = std::env::args().nth(1).ok_or_else(|| DbErr::Custom("Name a file that does not exist yet.".into()))?;
    let mut options = ConnectOptions::new(format!("sqlite:{file}?mode=rwc"));
    // The same durability as the store's own connections.
    options
        .max_connections(1)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|options| options.pragma("journal_mode", "WAL").pragma("synchronous", "FULL"));
    let database = Database::connect(options).await?;
    database.execute_unprepared("CREATE TABLE lines (id INTEGER PRIMARY KEY, text TEXT NOT NULL)").await?;

    // Outside of BEGIN and COMMIT, each statement is a transaction of its own.
    let batch = "INSERT INTO lines (text) VALUES ('a line as long as a short note would be');".repeat(BATCH as usize);
    let start = Instant::now();
    let mut commits = 0;
    while start.elapsed() < TIME {
        database.execute_unprepared(&batch).await?;
        commits += BATCH;
    }
    println!("{:.0}", f64::from(commits) / start.elapsed().as_secs_f64());
    database.close().await
}
