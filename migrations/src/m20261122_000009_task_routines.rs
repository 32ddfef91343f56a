//! Checklists of tasks, and tasks that come back.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, text, text_null, timestamp_with_time_zone_null, uuid, uuid_null};

use crate::{index, references};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            // The rule by which it comes back, as JSON.
            text_null("repeat").take(),
            // The task whose completion made it.
            uuid_null("follows_id").take(),
        ] {
            manager.alter_table(Table::alter().table("tasks").add_column(column).take()).await?;
        }
        manager.create_index(index("tasks", &["follows_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("task_items")
                    .col(uuid("id").primary_key())
                    .col(uuid("task_id"))
                    .col(integer("place"))
                    .col(text("text"))
                    .col(timestamp_with_time_zone_null("done_at"))
                    .col(uuid_null("done_by_id"))
                    .foreign_key(&mut references("task_items", "task_id", "tasks"))
                    .foreign_key(&mut references("task_items", "done_by_id", "users"))
                    .take(),
            )
            .await?;
        manager.create_index(index("task_items", &["task_id", "place"])).await
    }
}
