//! The checklist of a task: what to do step by step, ticked one by one.

use crate::error::Problem;
use crate::id::TaskItemId;
use crate::text::Line;

/// The most items of one checklist.
pub const ITEMS_MAX: usize = 30;

/// What an item says.
pub type ItemText = Line<200>;

/// An item of a checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Which.
    pub id: TaskItemId,
    /// What it says.
    pub text: String,
    /// Whether it is ticked.
    pub is_done: bool,
}

/// Reads a checklist as it is typed: an item on each line that is not empty.
pub fn parse_items(typed: &str) -> Result<Vec<ItemText>, Problem> {
    let items = typed.lines().filter_map(|line| ItemText::optional(line).transpose());
    let items = items.collect::<Result<Vec<_>, _>>()?;
    if items.len() > ITEMS_MAX { Err(Problem::TooManyLines { max: ITEMS_MAX }) } else { Ok(items) }
}

/// A checklist as it is typed.
#[must_use]
pub fn typed_items(items: &[Item]) -> String {
    items.iter().map(|item| item.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// For each line of a changed checklist, the item that it was, so that it stays ticked: the first one that says the
/// same and is not another line's already.
#[must_use]
pub fn matched<'a>(before: &'a [Item], after: &[ItemText]) -> Vec<Option<&'a Item>> {
    let mut left: Vec<&Item> = before.iter().collect();
    let each = after.iter().map(|text| {
        let place = left.iter().position(|item| item.text == text.as_str())?;
        Some(left.remove(place))
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn items(texts: &[&str]) -> Vec<Item> {
        let item = |(place, text): (usize, &&str)| Item {
            id: TaskItemId(Uuid::from_u128(place as u128)),
            text: (*text).to_owned(),
            is_done: false,
        };
        texts.iter().enumerate().map(item).collect()
    }

    fn texts(texts: &[&str]) -> Vec<ItemText> {
        texts.iter().filter_map(|text| ItemText::parse(text).ok()).collect()
    }

    #[test]
    fn each_line_that_is_not_empty_is_an_item() {
        assert_eq!(parse_items("Ring\r\n\n  Skriv  brev \n"), Ok(texts(&["Ring", "Skriv brev"])));
        assert_eq!(parse_items(" \n"), Ok(Vec::new()));
    }

    #[test]
    fn too_many_too_long_and_identity_numbers_are_refused() {
        assert!(parse_items(&"x\n".repeat(ITEMS_MAX)).is_ok());
        assert_eq!(parse_items(&"x\n".repeat(ITEMS_MAX + 1)), Err(Problem::TooManyLines { max: ITEMS_MAX }));
        assert_eq!(parse_items(&"x".repeat(201)), Err(Problem::TooLong { max: 200 }));
        assert_eq!(parse_items("Ring\n13897240054"), Err(Problem::IdentityNumber));
    }

    #[test]
    fn a_line_that_says_the_same_is_the_same_item_once() {
        let before = items(&["Ring", "Skriv", "Ring"]);
        let after = texts(&["Ring", "Nytt", "Ring", "Ring", "Skriv"]);
        let found: Vec<Option<u128>> =
            matched(&before, &after).into_iter().map(|item| item.map(|item| item.id.0.as_u128())).collect();
        assert_eq!(found, [Some(0), None, Some(2), None, Some(1)]);
    }

    proptest! {
        #[test]
        fn an_unchanged_checklist_is_read_back_and_every_item_found(lines in prop::collection::vec("[a-cæ]{1,2}", 0..12)) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let before = items(&lines);
            let after = parse_items(&typed_items(&before)).unwrap_or_default();
            let found: Vec<_> = matched(&before, &after).into_iter().flatten().map(|item| item.id).collect();
            prop_assert_eq!(found.len(), before.len());
            prop_assert!(before.iter().all(|item| found.contains(&item.id)));
        }
    }
}
