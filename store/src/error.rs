//! Why the store did not do something.

use sea_orm::DbErr;
use shared::error::AppError;
use uuid::Uuid;

/// Why the store did not do something. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A rule or the policy says no; the person is told why.
    #[error(transparent)]
    Refused(#[from] AppError),
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// What lies in the database can't be right.
    #[error("unexpected data: {0}")]
    Corrupt(String),
    /// Hashing a password failed.
    #[error("password hash: {0}")]
    Password(String),
}

impl From<StoreError> for AppError {
    /// Faults of ours stay in the log; the person is given a number that leads to the line.
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(error) => error,
            fault => {
                let id = Uuid::now_v7();
                tracing::error!(%id, error = %fault, "internal error");
                Self::Internal(id)
            }
        }
    }
}
