//! Alerts with a kind and a reason, what people have chosen about them, reminders; mails that hold several
//! alerts; answers by mail; notes and moves that are taken back.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    binary, binary_null, date, date_null, integer, text, text_null, text_uniq, time, time_null,
    timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
};

use crate::{index, references};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alerts(manager).await?;
        mails(manager).await?;
        choices(manager).await?;
        reminders(manager).await?;
        answers(manager).await?;
        taking_back(manager).await
    }
}

async fn alerts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [
        text("kind").default("note_written").take(),
        text("reason").default("follows").take(),
        // The colleague on leave in whose place the recipient is told.
        uuid_null("on_behalf_of_id").take(),
        // The mail that tells of it. Mails are thinned out, alerts stay.
        uuid_null("mail_id").take(),
        // Why no mail tells of it.
        text_null("unmailed").take(),
        timestamp_with_time_zone_null("withdrawn_at").take(),
    ] {
        add(manager, "alerts", column).await?;
    }
    let db = manager.get_connection();
    db.execute_unprepared(
        "UPDATE alerts SET kind = 'task_assigned', reason = 'assignee' WHERE event_number IN \
         (SELECT number FROM events WHERE kind <> 'note_written')",
    )
    .await?;
    db.execute_unprepared("UPDATE alerts SET mail_id = (SELECT id FROM mails WHERE mails.alert_id = alerts.id)")
        .await?;
    manager.create_index(index("alerts", &["mail_id"])).await
}

/// A mail was about one alert; now alerts say in which mail they are. `SQLite` can't take a unique column away,
/// so that the table is made anew.
async fn mails(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("new_mails")
                .col(uuid("id").primary_key())
                .col(text("kind"))
                .col(uuid("recipient_id"))
                // Where all alerts in it are of one kind about one participant.
                .col(uuid_null("participant_id"))
                .col(text_null("alert_kind"))
                // The answer by mail that it refuses.
                .col(uuid_null("answer_id"))
                // Names a digest, so that there is one for each person and morning.
                .col(text_null("digest").unique_key())
                .col(text("state"))
                .col(integer("attempts"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("due_at"))
                // Until when whoever tries to send it has it for herself.
                .col(timestamp_with_time_zone_null("claimed_until"))
                .col(timestamp_with_time_zone_null("sent_at"))
                .col(text_null("cause"))
                .col(text_null("answer"))
                // What was done at the last try, as JSON.
                .col(text_null("steps"))
                .foreign_key(&mut references("new_mails", "recipient_id", "users"))
                .foreign_key(&mut references("new_mails", "participant_id", "participants"))
                .take(),
        )
        .await?;
    let db = manager.get_connection();
    db.execute_unprepared(
        "INSERT INTO new_mails (id, kind, recipient_id, participant_id, alert_kind, state, attempts, created_at, \
         due_at, sent_at, answer) SELECT mails.id, CASE WHEN mails.alert_id IS NULL THEN 'test' ELSE 'alerts' END, \
         mails.recipient_id, events.participant_id, alerts.kind, mails.state, mails.attempts, mails.created_at, \
         mails.due_at, mails.sent_at, mails.answer FROM mails LEFT JOIN alerts ON alerts.id = mails.alert_id \
         LEFT JOIN events ON events.number = alerts.event_number",
    )
    .await?;
    manager.drop_table(Table::drop().table("mails").take()).await?;
    manager.rename_table(Table::rename().table("new_mails", "mails").take()).await?;
    manager.create_index(index("mails", &["state", "due_at"])).await?;
    manager.create_index(index("mails", &["created_at"])).await?;
    manager.create_index(index("mails", &["recipient_id", "created_at"])).await?;
    // A row here means that no mail is sent.
    manager
        .create_table(
            Table::create()
                .table("mail_pause")
                .col(integer("id").primary_key())
                .col(uuid("by_id"))
                .col(timestamp_with_time_zone("since"))
                .foreign_key(&mut references("mail_pause", "by_id", "users"))
                .take(),
        )
        .await?;
    for column in [
        text("mail_content").default("nothing").take(),
        uuid_null("mail_content_by_id").take(),
        timestamp_with_time_zone_null("mail_content_at").take(),
    ] {
        add(manager, "organisations", column).await?;
    }
    for column in [timestamp_with_time_zone_null("bounced_at").take(), text_null("bounce").take()] {
        add(manager, "users", column).await?;
    }
    Ok(())
}

async fn choices(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("alert_choices")
                .col(uuid("user_id").primary_key())
                // Times and dates in Oslo.
                .col(time("morning"))
                .col(time_null("quiet_from"))
                .col(integer("remind_days"))
                .col(integer("grace_minutes"))
                .col(date_null("leave_from"))
                .col(date_null("leave_until"))
                .col(uuid_null("deputy_id"))
                .foreign_key(&mut references("alert_choices", "user_id", "users"))
                .foreign_key(&mut references("alert_choices", "deputy_id", "users"))
                .take(),
        )
        .await?;
    // Only the kinds for which somebody has chosen otherwise than is usual.
    manager
        .create_table(
            Table::create()
                .table("alert_ways")
                .col(uuid("user_id"))
                .col(text("kind"))
                .col(text("way"))
                .primary_key(Index::create().col("user_id").col("kind"))
                .foreign_key(&mut references("alert_ways", "user_id", "users"))
                .take(),
        )
        .await?;
    // What links in mails are signed with.
    manager
        .create_table(Table::create().table("secrets").col(text("name").primary_key()).col(binary("value")).take())
        .await
}

async fn reminders(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // Since when the assignee has known the task with this date.
    add(manager, "tasks", timestamp_with_time_zone_null("known_since").take()).await?;
    let db = manager.get_connection();
    db.execute_unprepared("UPDATE tasks SET known_since = made_at").await?;
    manager.create_index(index("tasks", &["done_at", "due_on"])).await?;
    manager
        .create_table(
            Table::create()
                .table("reminders")
                .col(uuid("task_id"))
                .col(uuid("user_id"))
                .col(text("kind"))
                .col(date("due_on"))
                .col(integer("round"))
                // The day in Oslo on which it was sent.
                .col(date("told_on"))
                .primary_key(Index::create().col("task_id").col("user_id").col("kind").col("due_on").col("round"))
                .index(Index::create().unique().col("task_id").col("user_id").col("told_on"))
                .foreign_key(&mut references("reminders", "task_id", "tasks"))
                .foreign_key(&mut references("reminders", "user_id", "users"))
                .take(),
        )
        .await
}

async fn answers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("answers")
                .col(uuid("id").primary_key())
                .col(timestamp_with_time_zone("at"))
                // Made of what was answered and the answer, so that the same one comes in once.
                .col(text_uniq("fingerprint"))
                .col(uuid("sender_id"))
                .col(uuid_null("note_id"))
                // Why it did not become a note.
                .col(text_null("problem"))
                .foreign_key(&mut references("answers", "sender_id", "users"))
                .foreign_key(&mut references("answers", "note_id", "notes"))
                .take(),
        )
        .await
}

async fn taking_back(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    add(manager, "notes", timestamp_with_time_zone_null("deleted_at").take()).await?;
    for column in [
        // The move that this one takes back.
        uuid_null("undoes_id").take(),
        // Where the card was before, so that it can go back there.
        binary_null("from_rank").take(),
        timestamp_with_time_zone_null("from_entered_at").take(),
    ] {
        add(manager, "moves", column).await?;
    }
    Ok(())
}

/// `SQLite` adds one column at a time.
async fn add(manager: &SchemaManager<'_>, table: &'static str, mut column: ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(&mut column).take()).await
}
