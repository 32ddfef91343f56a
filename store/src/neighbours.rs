//! Other servers on the same database. With PostgreSQL each tells the others at once that a person has changed
//! something (LISTEN and NOTIFY), so that boards that are open there need not wait for their next look.
//!
//! A notice says nothing but that there is something to see. One that is lost costs a second, since open boards also
//! look by themselves. It is sent after the change and not with it: within a transaction it would make all commits of
//! the database wait for each other.

use std::convert::Infallible;
use std::time::Duration;

use sea_orm::sqlx::postgres::PgListener;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, SqlxError, Statement};
use tokio::time::sleep;
use uuid::Uuid;

use crate::doors::Store;

/// The name under which they hear each other.
const CHANNEL: &str = "samlop";
/// After so long it is tried again to hear of the others.
const PAUSE: Duration = Duration::from_secs(1);

impl Store {
    /// Tells other servers on the same database what happens here, and hears what happens there, as long as it is
    /// polled. SQLite has no other servers; there it ends at once.
    pub async fn keep_in_touch(&self) {
        let database = self.database();
        if database.get_database_backend() != DbBackend::Postgres {
            return;
        }
        // So that a server does not listen to itself.
        let own = Uuid::now_v7().to_string();
        tokio::join!(self.tell(database, &own), self.keep_hearing(database, &own));
    }

    async fn tell(&self, database: &DatabaseConnection, own: &str) {
        loop {
            self.has_changed_here().await;
            let notice = Statement::from_sql_and_values(
                DbBackend::Postgres,
                "SELECT pg_notify($1, $2)",
                [CHANNEL.into(), own.into()],
            );
            if let Err(error) = database.execute_raw(notice).await {
                tracing::debug!(%error, "other servers were not told; they will see by themselves");
            }
        }
    }

    async fn keep_hearing(&self, database: &DatabaseConnection, own: &str) {
        loop {
            let Err(error) = self.hear(database, own).await;
            tracing::debug!(%error, "other servers are not heard; it is tried again");
            sleep(PAUSE).await;
        }
    }

    async fn hear(&self, database: &DatabaseConnection, own: &str) -> Result<Infallible, SqlxError> {
        let mut listener = PgListener::connect_with(database.get_postgres_connection_pool()).await?;
        listener.listen(CHANNEL).await?;
        // What was said before has not been heard.
        self.announce();
        loop {
            // Nothing means that the line was gone for a while, and whatever was said then is lost.
            let notice = listener.try_recv().await?;
            if notice.is_none_or(|notice| notice.payload() != own) {
                self.announce();
            }
        }
    }
}
