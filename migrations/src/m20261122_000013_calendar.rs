//! Secret addresses at which calendars read tasks.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{text_uniq, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid};

use crate::references;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("calendars")
                    // One for each person: a new address ends the earlier one.
                    .col(uuid("user_id").primary_key())
                    .col(text_uniq("secret_hash"))
                    .col(timestamp_with_time_zone("made_at"))
                    .col(timestamp_with_time_zone_null("read_at"))
                    .foreign_key(&mut references("calendars", "user_id", "users"))
                    .take(),
            )
            .await
    }
}
