//! Which cards the reader of an open board has seen.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use uuid::Uuid;

use crate::access::Sight;

/// A base is shared as long as no more than one in so many of its cards is otherwise.
const ALIKE: usize = 8;

/// The cards that somebody has seen: those of a base, but for some that are the other way round.
///
/// A hundred people who have the same board open see nearly the same, and keep it once.
#[derive(Debug)]
pub(super) struct Shown {
    base: Arc<HashSet<Uuid>>,
    /// What is in the base and has not been seen, and what has been seen and is not in the base.
    otherwise: HashSet<Uuid>,
}

impl Shown {
    pub(super) fn insert(&mut self, card: Uuid) {
        if self.base.contains(&card) {
            self.otherwise.remove(&card);
        } else {
            self.otherwise.insert(card);
        }
    }

    /// Whether it was there.
    pub(super) fn remove(&mut self, card: &Uuid) -> bool {
        if self.base.contains(card) { self.otherwise.insert(*card) } else { self.otherwise.remove(card) }
    }
}

/// The newest base of each track and sight, as long as anybody uses it.
#[derive(Debug, Default)]
pub(crate) struct Bases(Mutex<Vec<Base>>);

#[derive(Debug)]
struct Base {
    track: Uuid,
    sight: Sight,
    cards: Weak<HashSet<Uuid>>,
}

impl Bases {
    /// What somebody has seen who sees these cards now.
    pub(super) fn shown(&self, track: Uuid, sight: Sight, cards: HashSet<Uuid>) -> Shown {
        if let Some(base) = self.base_of(track, &sight) {
            let otherwise: HashSet<Uuid> = base.symmetric_difference(&cards).copied().collect();
            if otherwise.len() * ALIKE <= base.len() {
                return Shown { base, otherwise };
            }
        }
        let base = Arc::new(cards);
        let mut bases = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bases.retain(|base| base.cards.strong_count() > 0 && (base.track != track || base.sight != sight));
        bases.push(Base { track, sight, cards: Arc::downgrade(&base) });
        Shown { base, otherwise: HashSet::new() }
    }

    fn base_of(&self, track: Uuid, sight: &Sight) -> Option<Arc<HashSet<Uuid>>> {
        let bases = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bases.iter().find(|base| base.track == track && base.sight == *sight)?.cards.upgrade()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared::access::Role;

    use super::*;

    fn sight() -> Sight {
        Sight { role: Role::Leader, memberships: Vec::new() }
    }

    fn cards(numbers: impl IntoIterator<Item = u8>) -> HashSet<Uuid> {
        numbers.into_iter().map(|number| Uuid::from_u128(number.into())).collect()
    }

    #[test]
    fn those_who_see_nearly_the_same_share_it_until_nobody_uses_it() {
        let bases = Bases::default();
        let first = bases.shown(Uuid::nil(), sight(), cards(0..100));
        let second = bases.shown(Uuid::nil(), sight(), cards(5..105));
        assert!(Arc::ptr_eq(&first.base, &second.base));
        let other = bases.shown(Uuid::nil(), sight(), cards(50..150));
        assert!(!Arc::ptr_eq(&first.base, &other.base));
        let elsewhere = bases.shown(Uuid::max(), sight(), cards(0..100));
        assert!(!Arc::ptr_eq(&first.base, &elsewhere.base));
        drop((first, second, other, elsewhere));
        assert!(bases.base_of(Uuid::nil(), &sight()).is_none());
    }

    proptest! {
        #[test]
        fn whoever_shares_a_base_knows_what_she_would_know_by_herself(
            first in proptest::collection::hash_set(0..20_u8, 0..20),
            second in proptest::collection::hash_set(0..20_u8, 0..20),
            changes in proptest::collection::vec((any::<bool>(), 0..20_u8), 0..30),
        ) {
            let bases = Bases::default();
            let _first = bases.shown(Uuid::nil(), sight(), cards(first));
            let mut by_herself = cards(second);
            let mut shown = bases.shown(Uuid::nil(), sight(), by_herself.clone());
            for (is_there, card) in changes {
                let card = Uuid::from_u128(card.into());
                if is_there {
                    by_herself.insert(card);
                    shown.insert(card);
                } else {
                    prop_assert_eq!(shown.remove(&card), by_herself.remove(&card));
                }
            }
        }
    }
}
