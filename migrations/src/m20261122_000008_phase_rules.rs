//! Phases with an agreed number of days and rules, phases that are retired, and who changed what on a track.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    integer, integer_null, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
};

use crate::{index, references};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            // How many days a participant is meant to stay here at most.
            integer_null("agreed_days").take(),
            // From then on no card comes in. The phase stays for the moves that name it.
            timestamp_with_time_zone_null("retired_at").take(),
            // What it demands and does when a card comes in, as JSON.
            text_null("rules").take(),
        ] {
            add(manager, "phases", column).await?;
        }
        // How many times the track or one of its phases has been changed; a change must name it.
        add(manager, "tracks", integer("version").default(1).take()).await?;
        manager
            .create_table(
                Table::create()
                    .table("track_changes")
                    .col(uuid("id").primary_key())
                    .col(uuid("track_id"))
                    // The version to which it led.
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("at"))
                    .col(uuid_null("by_id"))
                    // What was changed, as JSON.
                    .col(text("change"))
                    .index(Index::create().unique().col("track_id").col("version"))
                    .foreign_key(&mut references("track_changes", "track_id", "tracks"))
                    .foreign_key(&mut references("track_changes", "by_id", "users"))
                    .take(),
            )
            .await?;
        // The tasks that a phase made when a card came in, so that taking the move back can take them back.
        manager
            .create_table(
                Table::create()
                    .table("move_tasks")
                    .col(uuid("task_id").primary_key())
                    .col(uuid("move_id"))
                    .foreign_key(&mut references("move_tasks", "task_id", "tasks"))
                    .foreign_key(&mut references("move_tasks", "move_id", "moves"))
                    .take(),
            )
            .await?;
        manager.create_index(index("move_tasks", &["move_id"])).await
    }
}

async fn add(manager: &SchemaManager<'_>, table: &'static str, mut column: ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(&mut column).take()).await
}
