//! Changes of phase, kept for ever.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "moves")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) enrolment_id: Uuid,
    pub(crate) from_phase_id: Uuid,
    pub(crate) to_phase_id: Uuid,
    pub(crate) by_id: Option<Uuid>,
    pub(crate) at: DateTimeUtc,
    pub(crate) reason: Option<String>,
    pub(crate) reason_text: Option<String>,
    pub(crate) outcome: Option<String>,
    pub(crate) undoes_id: Option<Uuid>,
    pub(crate) from_rank: Option<Vec<u8>>,
    pub(crate) from_entered_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
