//! People who log in.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) organisation_id: Uuid,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) locale: String,
    pub(crate) password_hash: String,
    pub(crate) active: bool,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) bounced_at: Option<DateTimeUtc>,
    pub(crate) bounce: Option<String>,
    pub(crate) start_view_id: Option<Uuid>,
    pub(crate) single_keys: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {
    #[sea_orm(
        belongs_to = "super::organisations::Entity",
        from = "Column::OrganisationId",
        to = "super::organisations::Column::Id"
    )]
    Organisation,
    #[sea_orm(has_many = "super::coverage::Entity")]
    Coverage,
    #[sea_orm(has_one = "super::alert_choices::Entity")]
    AlertChoices,
    #[sea_orm(has_many = "super::alert_ways::Entity")]
    AlertWays,
}

impl Related<super::organisations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Organisation.def()
    }
}

impl Related<super::coverage::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Coverage.def()
    }
}

impl Related<super::alert_choices::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AlertChoices.def()
    }
}

impl Related<super::alert_ways::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AlertWays.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
