//! Whether somebody wants to be told every week how many need action.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::boolean;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = boolean("weekly_need").default(true).take();
        manager.alter_table(Table::alter().table("alert_choices").add_column(column).take()).await
    }
}
