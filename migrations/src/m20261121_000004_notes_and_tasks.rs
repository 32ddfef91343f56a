//! Notes with their earlier texts, and tasks.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    date, integer, text, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
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
                    .table("notes")
                    .col(uuid("id").primary_key())
                    .col(uuid("participant_id"))
                    .col(uuid("author_id"))
                    // The author's organisation at the time of writing; decides who reads "own unit".
                    .col(uuid("unit_id"))
                    .col(text("visibility"))
                    .col(text("text"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("written_at"))
                    .foreign_key(&mut references("notes", "participant_id", "participants"))
                    .foreign_key(&mut references("notes", "author_id", "users"))
                    .foreign_key(&mut references("notes", "unit_id", "organisations"))
                    .take(),
            )
            .await?;
        manager.create_index(index("notes", &["participant_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("note_versions")
                    .col(uuid("note_id"))
                    .col(integer("version"))
                    .col(text("text"))
                    .col(timestamp_with_time_zone("until"))
                    .primary_key(Index::create().col("note_id").col("version"))
                    .foreign_key(&mut references("note_versions", "note_id", "notes"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("tasks")
                    .col(uuid("id").primary_key())
                    .col(uuid("participant_id"))
                    .col(text("title"))
                    .col(text("description"))
                    .col(uuid("assignee_id"))
                    .col(date("due_on"))
                    .col(integer("version"))
                    .col(uuid_null("made_by_id"))
                    .col(timestamp_with_time_zone("made_at"))
                    .col(timestamp_with_time_zone_null("done_at"))
                    .col(uuid_null("done_by_id"))
                    .foreign_key(&mut references("tasks", "participant_id", "participants"))
                    .foreign_key(&mut references("tasks", "assignee_id", "users"))
                    .foreign_key(&mut references("tasks", "made_by_id", "users"))
                    .foreign_key(&mut references("tasks", "done_by_id", "users"))
                    .take(),
            )
            .await?;
        manager.create_index(index("tasks", &["participant_id", "done_at"])).await?;
        manager.create_index(index("tasks", &["assignee_id", "done_at"])).await
    }
}
