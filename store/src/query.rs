//! Small helpers around the query builder.

use futures::TryStreamExt;
use sea_orm::sea_query::{Expr, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult, StreamTrait};
use uuid::Uuid;

use crate::error::StoreError;

/// All rows of a query, each made into what is wanted while the next ones are still being read.
pub(crate) async fn all<T: FromQueryResult + Send + Unpin>(
    db: &(impl ConnectionTrait + StreamTrait),
    select: &SelectStatement,
) -> Result<Vec<T>, StoreError> {
    let statement = ConnectionTrait::get_database_backend(db).build(select);
    Ok(T::find_by_statement(statement).stream(db).await?.try_collect().await?)
}

/// `column IN (…)`, also for an empty list, which nothing is in.
pub(crate) fn among(column: impl ColumnTrait, ids: &[Uuid]) -> Expr {
    if ids.is_empty() { Expr::value(false) } else { column.is_in(ids.iter().copied()) }
}

/// The rows of all these queries, in no certain order; `None` if there are no queries.
pub(crate) fn union_all(selects: impl IntoIterator<Item = SelectStatement>) -> Option<SelectStatement> {
    let mut selects = selects.into_iter();
    let mut first = selects.next()?;
    Some(first.unions(selects.map(|select| (UnionType::All, select))).take())
}
