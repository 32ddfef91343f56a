//! Small helpers around the query builder.

use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::error::StoreError;

/// All rows of a query.
pub(crate) async fn all<T: FromQueryResult>(
    db: &impl ConnectionTrait,
    select: &SelectStatement,
) -> Result<Vec<T>, StoreError> {
    Ok(T::find_by_statement(db.get_database_backend().build(select)).all(db).await?)
}

/// `column IN (…)`, also for an empty list, which nothing is in.
pub(crate) fn among(column: impl ColumnTrait, ids: &[Uuid]) -> Expr {
    if ids.is_empty() { Expr::value(false) } else { column.is_in(ids.iter().copied()) }
}
