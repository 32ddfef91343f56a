//! Participants, their enrolments in tracks, every move, and who follows them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    blob, boolean, date, date_null, integer, integer_uniq, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null,
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
                    .table("participants")
                    .col(uuid("id").primary_key())
                    .col(integer_uniq("number"))
                    .col(text("name"))
                    .col(text_null("language"))
                    .col(text_null("phone"))
                    .col(text_null("email"))
                    .col(text_null("goal"))
                    .col(boolean("plan_made"))
                    .col(date_null("plan_review_on"))
                    .col(uuid("inn_unit_id"))
                    .col(uuid_null("nav_office_id"))
                    .col(text_null("waiting_on"))
                    .col(timestamp_with_time_zone_null("waiting_since"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut references("participants", "inn_unit_id", "organisations"))
                    .foreign_key(&mut references("participants", "nav_office_id", "organisations"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("enrolments")
                    .col(uuid("id").primary_key())
                    .col(uuid("participant_id"))
                    .col(uuid("track_id"))
                    .col(uuid("phase_id"))
                    .col(blob("rank"))
                    .col(integer("version"))
                    .col(date("started_on"))
                    .col(timestamp_with_time_zone("entered_phase_at"))
                    .col(timestamp_with_time_zone("placed_at"))
                    .col(uuid_null("placed_by_id"))
                    .col(uuid_null("inn_contact_id"))
                    .col(uuid_null("nav_contact_id"))
                    .col(timestamp_with_time_zone_null("closed_at"))
                    .col(text_null("outcome"))
                    .col(text_null("import_key"))
                    // Two cards can never share a place, whatever goes wrong.
                    .index(Index::create().unique().col("phase_id").col("rank"))
                    .index(Index::create().unique().col("track_id").col("participant_id"))
                    .foreign_key(&mut references("enrolments", "participant_id", "participants"))
                    .foreign_key(&mut references("enrolments", "track_id", "tracks"))
                    .foreign_key(&mut references("enrolments", "phase_id", "phases"))
                    .foreign_key(&mut references("enrolments", "placed_by_id", "users"))
                    .foreign_key(&mut references("enrolments", "inn_contact_id", "users"))
                    .foreign_key(&mut references("enrolments", "nav_contact_id", "users"))
                    .take(),
            )
            .await?;
        manager.create_index(index("enrolments", &["participant_id"])).await?;
        manager.create_index(index("enrolments", &["track_id", "import_key"]).unique().take()).await?;
        manager
            .create_table(
                Table::create()
                    .table("moves")
                    .col(uuid("id").primary_key())
                    .col(uuid("enrolment_id"))
                    .col(uuid("from_phase_id"))
                    .col(uuid("to_phase_id"))
                    .col(uuid_null("by_id"))
                    .col(timestamp_with_time_zone("at"))
                    .col(text_null("reason"))
                    .col(text_null("reason_text"))
                    .col(text_null("outcome"))
                    .foreign_key(&mut references("moves", "enrolment_id", "enrolments"))
                    .foreign_key(&mut references("moves", "from_phase_id", "phases"))
                    .foreign_key(&mut references("moves", "to_phase_id", "phases"))
                    .foreign_key(&mut references("moves", "by_id", "users"))
                    .take(),
            )
            .await?;
        manager.create_index(index("moves", &["enrolment_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("followers")
                    .col(uuid("participant_id"))
                    .col(uuid("user_id"))
                    .col(timestamp_with_time_zone("since"))
                    .primary_key(Index::create().col("participant_id").col("user_id"))
                    .foreign_key(&mut references("followers", "participant_id", "participants"))
                    .foreign_key(&mut references("followers", "user_id", "users"))
                    .take(),
            )
            .await
    }
}
