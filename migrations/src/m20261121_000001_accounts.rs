//! Organisations, the people in them, and how they log in.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean, text, text_uniq, timestamp_with_time_zone, uuid};

use crate::{index, references};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("organisations")
                    .col(uuid("id").primary_key())
                    .col(text("kind"))
                    .col(text_uniq("name"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("users")
                    .col(uuid("id").primary_key())
                    .col(uuid("organisation_id"))
                    .col(text_uniq("email"))
                    .col(text("name"))
                    .col(text("role"))
                    .col(text("locale"))
                    .col(text("password_hash"))
                    .col(boolean("active"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut references("users", "organisation_id", "organisations"))
                    .take(),
            )
            .await?;
        // The further organisations that a user covers, such as the city's other NAV office.
        manager
            .create_table(
                Table::create()
                    .table("coverage")
                    .col(uuid("user_id"))
                    .col(uuid("organisation_id"))
                    .primary_key(Index::create().col("user_id").col("organisation_id"))
                    .foreign_key(&mut references("coverage", "user_id", "users"))
                    .foreign_key(&mut references("coverage", "organisation_id", "organisations"))
                    .take(),
            )
            .await?;
        // Only a hash of the token is kept, so that a stolen copy of the database opens nothing.
        manager
            .create_table(
                Table::create()
                    .table("sessions")
                    .col(text("token_hash").primary_key())
                    .col(uuid("user_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("seen_at"))
                    .foreign_key(&mut references("sessions", "user_id", "users"))
                    .take(),
            )
            .await?;
        manager.create_index(index("sessions", &["user_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("login_failures")
                    .col(uuid("id").primary_key())
                    .col(text("account"))
                    .col(text("address"))
                    .col(timestamp_with_time_zone("at"))
                    .take(),
            )
            .await?;
        manager.create_index(index("login_failures", &["account", "at"])).await?;
        manager.create_index(index("login_failures", &["address", "at"])).await
    }
}
