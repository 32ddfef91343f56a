//! What happened, in order; the alerts that follow from it; the mails that are promised.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, integer, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
};

use crate::{index, references};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("events")
                    .col(big_integer("number").auto_increment().primary_key())
                    .col(timestamp_with_time_zone("at"))
                    .col(uuid_null("by_id"))
                    .col(uuid("participant_id"))
                    .col(uuid_null("enrolment_id"))
                    .col(text("kind"))
                    // The note, move or task that it is about.
                    .col(uuid_null("subject_id"))
                    // What changed, as JSON, where there is no row of its own for it.
                    .col(text_null("detail"))
                    .foreign_key(&mut references("events", "by_id", "users"))
                    .foreign_key(&mut references("events", "participant_id", "participants"))
                    .foreign_key(&mut references("events", "enrolment_id", "enrolments"))
                    .take(),
            )
            .await?;
        manager.create_index(index("events", &["participant_id", "number"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("alerts")
                    .col(uuid("id").primary_key())
                    .col(big_integer("event_number"))
                    .col(uuid("recipient_id"))
                    .col(timestamp_with_time_zone_null("read_at"))
                    // One event alerts one person once, whatever the number of reasons.
                    .index(Index::create().unique().col("event_number").col("recipient_id"))
                    .foreign_key(ForeignKey::create().from("alerts", "event_number").to("events", "number"))
                    .foreign_key(&mut references("alerts", "recipient_id", "users"))
                    .take(),
            )
            .await?;
        manager.create_index(index("alerts", &["recipient_id", "read_at"])).await?;
        // The outbox. A row is written together with what it tells about; only a reference to it
        // lies here, so that access is checked and personal data are read at the moment of sending.
        manager
            .create_table(
                Table::create()
                    .table("mails")
                    .col(uuid("id").primary_key())
                    .col(uuid_null("alert_id").unique_key())
                    .col(uuid("recipient_id"))
                    .col(text("state"))
                    .col(integer("attempts"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("due_at"))
                    .col(timestamp_with_time_zone_null("sent_at"))
                    .col(text_null("answer"))
                    .foreign_key(&mut references("mails", "alert_id", "alerts"))
                    .foreign_key(&mut references("mails", "recipient_id", "users"))
                    .take(),
            )
            .await?;
        manager.create_index(index("mails", &["state", "due_at"])).await?;
        manager.create_index(index("mails", &["created_at"])).await
    }
}
