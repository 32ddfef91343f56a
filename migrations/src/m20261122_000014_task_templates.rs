//! Templates of tasks, for each organisation.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, text, timestamp_with_time_zone, uuid};

use crate::references;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("task_templates")
                    .col(uuid("id").primary_key())
                    .col(uuid("organisation_id"))
                    .col(text("name"))
                    .col(text("title"))
                    .col(text("description"))
                    // An item on each line.
                    .col(text("items"))
                    // In working days.
                    .col(integer("due_days"))
                    .col(text("contact"))
                    .col(integer("version"))
                    .col(uuid("changed_by_id"))
                    .col(timestamp_with_time_zone("changed_at"))
                    .index(Index::create().unique().col("organisation_id").col("name"))
                    .foreign_key(&mut references("task_templates", "organisation_id", "organisations"))
                    .foreign_key(&mut references("task_templates", "changed_by_id", "users"))
                    .take(),
            )
            .await
    }
}
