//! What makes invented participants differ, and lie in order.

use std::collections::HashSet;

use fractional_index::FractionalIndex;
use sea_orm::{ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect};
use shared::board::Phase;

use crate::doors::Tx;
use crate::entity::{enrolments, participants};
use crate::error::StoreError;
use crate::moves::rank_from;

/// An end of a column.
#[derive(Clone, Copy)]
pub(super) enum End {
    Top,
    Bottom,
}

/// The rank of the card at an end of a phase.
pub(super) async fn end_of(tx: &Tx, phase: &Phase, end: End) -> Result<Option<FractionalIndex>, StoreError> {
    let order = match end {
        End::Top => Order::Asc,
        End::Bottom => Order::Desc,
    };
    let rank: Option<Vec<u8>> = enrolments::Entity::find()
        .select_only()
        .column(enrolments::Column::Rank)
        .filter(enrolments::Column::PhaseId.eq(phase.id.0))
        .order_by(enrolments::Column::Rank, order)
        .limit(1)
        .into_tuple()
        .one(tx.db())
        .await?;
    rank.map(rank_from).transpose()
}

/// Public numbers that nobody has, scattered, and the same ones each time.
pub(super) async fn free_numbers(tx: &Tx, count: usize) -> Result<Vec<i32>, StoreError> {
    let taken: Vec<i32> = participants::Entity::find()
        .select_only()
        .column(participants::Column::Number)
        .into_tuple()
        .all(tx.db())
        .await?;
    let (first, range) = if taken.len() + count < 4_500 { (1_000, 9_000) } else { (10_000, 990_000) };
    let taken: HashSet<i32> = taken.into_iter().collect();
    // 7919 is a prime that divides neither range, so that every number comes once.
    let scattered = (1..=range).scan(0, |number, _| {
        *number = (*number + 7_919) % range;
        Some(first + *number)
    });
    let free: Vec<i32> = scattered.filter(|number| !taken.contains(number)).take(count).collect();
    if free.len() == count { Ok(free) } else { Err(StoreError::Corrupt("participants.number: all are taken".into())) }
}

/// One of the items, as accidental as [`varied`].
pub(super) fn pick<T>(items: &[T], index: usize, purpose: u64) -> Option<&T> {
    let most = i64::try_from(items.len()).unwrap_or(i64::MAX);
    items.get(usize::try_from(varied(index, purpose, most)).ok()?)
}

/// A number below `most` that looks accidental but is the same each time (`SplitMix64`). Each `purpose`
/// has numbers of its own.
pub(super) fn varied(index: usize, purpose: u64, most: i64) -> i64 {
    let mut mixed = (index as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(purpose << 32);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    i64::try_from((mixed ^ (mixed >> 31)) % most.unsigned_abs().max(1)).unwrap_or_default()
}
