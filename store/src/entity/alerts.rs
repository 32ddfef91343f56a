//! What somebody is to be told.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alerts")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) event_number: i64,
    pub(crate) recipient_id: Uuid,
    pub(crate) kind: String,
    pub(crate) reason: String,
    pub(crate) on_behalf_of_id: Option<Uuid>,
    pub(crate) mail_id: Option<Uuid>,
    pub(crate) unmailed: Option<String>,
    pub(crate) withdrawn_at: Option<DateTimeUtc>,
    pub(crate) read_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {
    #[sea_orm(belongs_to = "super::events::Entity", from = "Column::EventNumber", to = "super::events::Column::Number")]
    Event,
    #[sea_orm(belongs_to = "super::mails::Entity", from = "Column::MailId", to = "super::mails::Column::Id")]
    Mail,
}

impl Related<super::events::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Event.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Related<super::mails::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Mail.def()
    }
}
