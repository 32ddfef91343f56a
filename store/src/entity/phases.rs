//! The phases of tracks.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "phases")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) track_id: Uuid,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) position: i32,
    pub(crate) card_limit: Option<i32>,
    pub(crate) agreed_days: Option<i32>,
    pub(crate) retired_at: Option<DateTimeUtc>,
    pub(crate) rules: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
