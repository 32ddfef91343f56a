//! Finding the mails about a participant to one person, to which an alert can be added, without reading all that wait.

use sea_orm_migration::prelude::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index("mails", &["participant_id", "recipient_id"])).await
    }
}
