//! Views: choices of participants that somebody has given a name. What each person has chosen about them and about
//! finding.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean, text, timestamp_with_time_zone, uuid, uuid_null};

use crate::{index, references};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("views")
                    .col(uuid("id").primary_key())
                    .col(uuid("owner_id"))
                    // The organisation whose people all have it; only the owner if there is none.
                    .col(uuid_null("organisation_id"))
                    .col(text("name"))
                    // The part of the track's address; empty for the list of participants.
                    .col(text("track"))
                    // What is chosen, as in the address of the page.
                    .col(text("query"))
                    .col(timestamp_with_time_zone("made_at"))
                    .foreign_key(&mut references("views", "owner_id", "users"))
                    .foreign_key(&mut references("views", "organisation_id", "organisations"))
                    .take(),
            )
            .await?;
        manager.create_index(index("views", &["owner_id"])).await?;
        manager.create_index(index("views", &["organisation_id"])).await?;
        let columns = [
            // The view with which the person begins.
            uuid_null("start_view_id").take(),
            // Whether keys do something that are pressed alone, without being in a field.
            boolean("single_keys").default(true).take(),
        ];
        for mut column in columns {
            manager.alter_table(Table::alter().table("users").add_column(&mut column).take()).await?;
        }
        Ok(())
    }
}
