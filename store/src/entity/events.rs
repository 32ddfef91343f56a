//! What happened, in order.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) number: i64,
    pub(crate) at: DateTimeUtc,
    pub(crate) by_id: Option<Uuid>,
    pub(crate) participant_id: Uuid,
    pub(crate) enrolment_id: Option<Uuid>,
    pub(crate) kind: String,
    pub(crate) subject_id: Option<Uuid>,
    pub(crate) detail: Option<String>,
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

impl ActiveModelBehavior for ActiveModel {}
