//! News on the page: cards come, go, change and glide, unless the person holds them.

use std::time::Duration;

use js_sys::wasm_bindgen::JsCast;
use leptos::prelude::*;
use shared::board::{CLOSED_SHOWN, PhaseKind};
use shared::live::{BoardNews, NewsCard};
use web_sys::Element;

use super::Line;
use crate::board::controls::Controls;
use crate::board::controls::dom::{CardEl, all_elements_in, column_of, list_of, write};
use crate::texts::Texts;
use crate::words::earlier_cards;

/// How often a card that was held is looked at again.
const AGAIN: Duration = Duration::from_millis(150);

impl Line {
    /// Shows what is new.
    pub(super) fn apply(&self, news: BoardNews) {
        for id in &news.gone {
            let id = id.to_string();
            self.state.borrow_mut().waiting.remove(&id);
            if let Some(card) = CardEl::by_id(&id) {
                card.leave();
            }
        }
        for card in news.cards {
            self.show(card);
        }
        let count = |phase: &str| news.counts.iter().find(|(id, _)| id.to_string() == phase).map(|(_, count)| *count);
        self.controls.write_counts(count);
        self.controls.selection.show();
    }

    /// Shows a card as it is now, unless the person holds it.
    fn show(&self, news: NewsCard) {
        let id = news.id.to_string();
        let is_first = self.state.borrow().waiting.is_empty();
        self.state.borrow_mut().waiting.remove(&id);
        let Some(new) = read_card(&news.html) else { return };
        match CardEl::by_id(&id) {
            Some(old) if old.is_held() => {
                self.state.borrow_mut().waiting.insert(id, news);
                // The others are looked at together with the first.
                if is_first {
                    self.show_waiting_later();
                }
            }
            // It has been moved since by the person herself.
            Some(old) if old.version() > new.version() => {}
            old => {
                let card = old.inspect(|old| old.become_like(&new, self.controls.texts)).unwrap_or(new);
                if let Some(list) = list_of(&news.phase.to_string()) {
                    card.place_in(&list);
                }
            }
        }
    }

    fn show_waiting_later(&self) {
        let line = self.clone();
        set_timeout(
            move || {
                let waiting = std::mem::take(&mut line.state.borrow_mut().waiting);
                for card in waiting.into_values() {
                    line.show(card);
                }
            },
            AGAIN,
        );
    }
}

impl Controls {
    /// Writes the counts of all columns and of the board, and shows no more closed cards than the page would.
    fn write_counts(self, count: impl Fn(&str) -> Option<usize>) {
        let shown_of_view = document().query_selector(".view-count").ok().flatten();
        let mut active = 0;
        for phase in self.phases.get_value() {
            let id = phase.id.to_string();
            let (Some(column), Some(count)) = (column_of(&id), count(&id)) else { continue };
            self.set_count(&column, count);
            if phase.kind == PhaseKind::Ordinary {
                active += count;
                continue;
            }
            let cards = all_elements_in(&column, ".card");
            cards.iter().skip(CLOSED_SHOWN).for_each(Element::remove);
            let earlier = earlier_cards(self.texts, count).filter(|_| shown_of_view.is_none()).unwrap_or_default();
            write(column.query_selector(".more-cards").ok().flatten(), &earlier);
        }
        let total = document().query_selector(".board-head .count").ok().flatten();
        write(total, &self.texts.tracks_active(&active.to_string()));
        if shown_of_view.is_some() {
            let cards = document().query_selector_all("#board .card").map(|cards| cards.length()).unwrap_or_default();
            write(shown_of_view, &self.texts.views_shown(&cards.to_string()));
        }
    }
}

impl CardEl {
    /// Takes over everything from another card but its place, and keeps the focus.
    fn become_like(&self, new: &Self, texts: Texts) {
        for name in ["data-version", "data-rank", "data-filled"] {
            if let Some(value) = new.0.get_attribute(name) {
                let _ = self.0.set_attribute(name, &value);
            }
        }
        // The checkbox for choosing the card is none of the server's.
        let pick = self.child(".pick");
        let own = pick.as_ref().map(|pick| pick.outer_html()).unwrap_or_default();
        let (here, there) = (self.0.inner_html(), new.0.inner_html());
        if here.strip_prefix(&own) == Some(&there) {
            return;
        }
        let focused = document().active_element().filter(|element| self.0.contains(Some(element)));
        self.0.set_inner_html(&there);
        if let Some(pick) = &pick {
            let _ = self.0.prepend_with_node_1(pick);
            self.name_pick(texts);
        }
        if let Some(pick) = pick.as_ref().filter(|pick| focused.as_ref() == Some(pick.as_ref())) {
            let _ = pick.focus();
        } else if let Some(focused) = focused {
            let class = if focused.class_list().contains("more") { ".more" } else { ".name" };
            if let Some(same) = self.child(class) {
                let _ = same.focus();
            }
        }
    }

    /// Disappears; the focus goes on to a neighbour.
    fn leave(&self) {
        let has_focus = document().active_element().is_some_and(|element| self.0.contains(Some(&element)));
        let neighbour = self.0.next_element_sibling().or_else(|| self.0.previous_element_sibling());
        self.0.remove();
        if let Some(neighbour) = neighbour.as_ref().and_then(Self::around).filter(|_| has_focus) {
            neighbour.focus();
        }
    }

    /// Glides to where its rank puts it in a list.
    fn place_in(&self, list: &Element) {
        let before = self.next_by_rank(list);
        let is_new = !self.0.is_connected();
        let is_there = self.0.parent_element().as_ref() == Some(list) && self.next_settled() == before;
        let put = || drop(list.insert_before(&self.0, before.as_ref().map(AsRef::as_ref)));
        match (is_there, is_new) {
            (true, _) => {}
            (false, true) => put(),
            (false, false) => self.glide(put),
        }
    }
}

fn read_card(html: &str) -> Option<CardEl> {
    let list = document().create_element("ol").ok()?;
    list.set_inner_html(html);
    list.first_element_child()?.dyn_into().ok().map(CardEl)
}
