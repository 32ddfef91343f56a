//! What was done with many cards at once, so that it can be taken back at once.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{text, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid};

use crate::references;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("commands")
                    .col(uuid("id").primary_key())
                    .col(uuid("by_id"))
                    .col(timestamp_with_time_zone("at"))
                    // What was done with which cards, and how they were before, as JSON.
                    .col(text("done"))
                    .col(timestamp_with_time_zone_null("undone_at"))
                    .foreign_key(&mut references("commands", "by_id", "users"))
                    .take(),
            )
            .await
    }
}
