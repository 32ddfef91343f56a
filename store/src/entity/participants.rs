//! Participants.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participants")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) number: i32,
    pub(crate) name: String,
    pub(crate) language: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) goal: Option<String>,
    pub(crate) plan_made: bool,
    pub(crate) plan_review_on: Option<Date>,
    pub(crate) inn_unit_id: Uuid,
    pub(crate) nav_office_id: Option<Uuid>,
    pub(crate) waiting_on: Option<String>,
    pub(crate) waiting_since: Option<DateTimeUtc>,
    pub(crate) version: i32,
    pub(crate) created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
