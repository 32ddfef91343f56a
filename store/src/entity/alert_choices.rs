//! What people have chosen about alerts by mail.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alert_choices")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) user_id: Uuid,
    pub(crate) morning: Time,
    pub(crate) quiet_from: Option<Time>,
    pub(crate) remind_days: i32,
    pub(crate) grace_minutes: i32,
    pub(crate) weekly_need: bool,
    pub(crate) leave_from: Option<Date>,
    pub(crate) leave_until: Option<Date>,
    pub(crate) deputy_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {
    #[sea_orm(belongs_to = "super::users::Entity", from = "Column::UserId", to = "super::users::Column::Id")]
    User,
}

impl Related<super::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
