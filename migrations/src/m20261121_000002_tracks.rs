//! Tracks, their phases, and the organisations that work with them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, integer_null, text, text_uniq, uuid};

use crate::references;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("tracks")
                    .col(uuid("id").primary_key())
                    .col(text_uniq("slug"))
                    .col(text("name"))
                    .col(uuid("organisation_id"))
                    .col(integer("position"))
                    .foreign_key(&mut references("tracks", "organisation_id", "organisations"))
                    .take(),
            )
            .await?;
        // The NAV offices that take part in a track.
        manager
            .create_table(
                Table::create()
                    .table("track_partners")
                    .col(uuid("track_id"))
                    .col(uuid("organisation_id"))
                    .primary_key(Index::create().col("track_id").col("organisation_id"))
                    .foreign_key(&mut references("track_partners", "track_id", "tracks"))
                    .foreign_key(&mut references("track_partners", "organisation_id", "organisations"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("phases")
                    .col(uuid("id").primary_key())
                    .col(uuid("track_id"))
                    .col(text("name"))
                    .col(text("kind"))
                    .col(integer("position"))
                    .col(integer_null("card_limit"))
                    .index(Index::create().unique().col("track_id").col("position"))
                    .foreign_key(&mut references("phases", "track_id", "tracks"))
                    .take(),
            )
            .await
    }
}
