//! Tasks.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tasks")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) participant_id: Uuid,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) assignee_id: Uuid,
    pub(crate) due_on: Date,
    pub(crate) version: i32,
    pub(crate) made_by_id: Option<Uuid>,
    pub(crate) made_at: DateTimeUtc,
    pub(crate) known_since: Option<DateTimeUtc>,
    pub(crate) done_at: Option<DateTimeUtc>,
    pub(crate) done_by_id: Option<Uuid>,
    pub(crate) repeat: Option<String>,
    pub(crate) follows_id: Option<Uuid>,
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
