//! Bringing a database of an earlier shape to the newest one loses nothing.

use chrono::Utc;
use migrations::Migrator;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Value};
use sea_orm_migration::MigratorTrait;
use shared::outbox::MailState;
use store::Store;
use store::testing::TestStore;
use uuid::Uuid;

/// How many steps there were before mails could hold several alerts.
const BEFORE: u32 = 5;

async fn alerts_and_mails_of_the_first_shape_keep_each_other(test: TestStore) {
    let url = empty_database(&test).await;
    let old = Database::connect(&url).await.unwrap();
    Migrator::up(&old, Some(BEFORE)).await.unwrap();
    fill(&old).await;
    old.close().await.unwrap();

    let store = Store::connect(&url, test.clock.clock()).await.unwrap();
    store.migrate().await.unwrap();
    let figures = store.system("test").mail_figures().await.unwrap();
    assert_eq!(MailState::ALL.map(|state| figures.counts[&state]), [1, 1, 1, 0]);
    store.close().await.unwrap();

    let new = Database::connect(&url).await.unwrap();
    let told = Query::select()
        .column(("alerts", "kind"))
        .column(("mails", "state"))
        .from("alerts")
        .inner_join("mails", Expr::col(("mails", "id")).equals(("alerts", "mail_id")))
        .order_by(("alerts", "event_number"), sea_orm::sea_query::Order::Asc)
        .to_owned();
    let rows = new.query_all(&told).await.unwrap();
    let rows: Vec<(String, String)> =
        rows.iter().map(|row| (row.try_get("", "kind").unwrap(), row.try_get("", "state").unwrap())).collect();
    assert_eq!(rows, [("note_written", "sent"), ("task_assigned", "queued")].map(|(a, b)| (a.into(), b.into())));
    new.close().await.unwrap();
}

/// The address of a database without tables.
async fn empty_database(test: &TestStore) -> String {
    if test.url.starts_with("sqlite:") {
        return format!("{}.old?mode=rwc", test.url);
    }
    test.execute("CREATE SCHEMA old").await;
    format!("{}?options=-c%20search_path%3Dold", test.url)
}

async fn fill(db: &DatabaseConnection) {
    let [office, user, participant, note, task] = [(); 5].map(|()| Uuid::now_v7());
    let [first, second, sent, queued, failed] = [(); 5].map(|()| Uuid::now_v7());
    let now = Utc::now();
    let text = |text: &str| Value::from(text.to_owned());
    insert(db, "organisations", &["id", "kind", "name"], vec![office.into(), text("inn"), text("INN")]).await;
    let columns = ["id", "organisation_id", "email", "name", "role", "locale", "password_hash", "active", "created_at"];
    let (email, role) = (text("inn@example.no"), text("inn-adviser"));
    let values =
        vec![user.into(), office.into(), email, text("Inn"), role, text("nb"), text(""), true.into(), now.into()];
    insert(db, "users", &columns, values).await;
    let columns = ["id", "number", "name", "plan_made", "inn_unit_id", "version", "created_at"];
    let values = vec![participant.into(), 4821.into(), text("Lina"), false.into(), office.into(), 1.into(), now.into()];
    insert(db, "participants", &columns, values).await;
    for (number, kind, subject, alert) in [(1_i64, "note_written", note, first), (2, "task_made", task, second)] {
        let columns = ["number", "at", "participant_id", "kind", "subject_id"];
        let values = vec![number.into(), now.into(), participant.into(), text(kind), subject.into()];
        insert(db, "events", &columns, values).await;
        let values = vec![alert.into(), number.into(), user.into()];
        insert(db, "alerts", &["id", "event_number", "recipient_id"], values).await;
    }
    for (mail, alert, state) in
        [(sent, Some(first), "sent"), (queued, Some(second), "queued"), (failed, None, "failed")]
    {
        let columns = ["id", "alert_id", "recipient_id", "state", "attempts", "created_at", "due_at"];
        let values = vec![mail.into(), alert.into(), user.into(), text(state), 1.into(), now.into(), now.into()];
        insert(db, "mails", &columns, values).await;
    }
}

async fn insert(db: &DatabaseConnection, table: &'static str, columns: &[&'static str], values: Vec<Value>) {
    let values: Vec<Expr> = values.into_iter().map(Expr::value).collect();
    let insert = Query::insert().into_table(table).columns(columns.iter().copied()).values_panic(values).to_owned();
    db.execute(&insert).await.unwrap();
}

store::on_both_databases!(alerts_and_mails_of_the_first_shape_keep_each_other);
