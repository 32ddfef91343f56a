//! Participants in tracks: the cards.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enrolments")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) participant_id: Uuid,
    pub(crate) track_id: Uuid,
    pub(crate) phase_id: Uuid,
    #[sea_orm(column_type = "Blob")]
    pub(crate) rank: Vec<u8>,
    pub(crate) version: i32,
    pub(crate) started_on: Date,
    pub(crate) entered_phase_at: DateTimeUtc,
    pub(crate) placed_at: DateTimeUtc,
    pub(crate) placed_by_id: Option<Uuid>,
    pub(crate) inn_contact_id: Option<Uuid>,
    pub(crate) nav_contact_id: Option<Uuid>,
    pub(crate) closed_at: Option<DateTimeUtc>,
    pub(crate) outcome: Option<String>,
    pub(crate) import_key: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {
    #[sea_orm(
        belongs_to = "super::participants::Entity",
        from = "Column::ParticipantId",
        to = "super::participants::Column::Id"
    )]
    Participant,
}

impl Related<super::participants::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Participant.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
