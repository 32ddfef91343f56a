//! Mails that are promised: the outbox.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mails")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) recipient_id: Uuid,
    pub(crate) participant_id: Option<Uuid>,
    pub(crate) alert_kind: Option<String>,
    pub(crate) answer_id: Option<Uuid>,
    pub(crate) digest: Option<String>,
    pub(crate) state: String,
    pub(crate) attempts: i32,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) due_at: DateTimeUtc,
    pub(crate) claimed_until: Option<DateTimeUtc>,
    pub(crate) sent_at: Option<DateTimeUtc>,
    pub(crate) cause: Option<String>,
    pub(crate) answer: Option<String>,
    pub(crate) steps: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {
    #[sea_orm(belongs_to = "super::users::Entity", from = "Column::RecipientId", to = "super::users::Column::Id")]
    Recipient,
    #[sea_orm(
        belongs_to = "super::participants::Entity",
        from = "Column::ParticipantId",
        to = "super::participants::Column::Id"
    )]
    Participant,
}

impl Related<super::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Recipient.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
