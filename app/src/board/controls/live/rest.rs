//! The cards that the page did not bring at once.
//!
//! They are put on the board a few at a time, so that the person can work with those that are there meanwhile.

use js_sys::wasm_bindgen::JsCast;
use js_sys::{Function, Promise};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Node};

use super::{Line, PAUSE, document_in, is_hand_full};
use crate::board::controls::dom::{CardEl, all_elements_in, all_in, board, list_of};

/// So many cards are laid out in a part of a frame.
const AT_ONCE: usize = 40;

impl Line {
    /// Brings the cards that are lacking, if any, and goes on. What has become of them since then is news.
    pub(super) fn bring_rest(self, go_on: impl FnOnce(Self) + 'static) {
        let links = board().map(|board| all_elements_in(&board, ".rest")).unwrap_or_default();
        if links.is_empty() {
            return go_on(self);
        }
        spawn_local(async move {
            if self.put_rest().await.is_none() {
                self.lost();
                set_timeout(move || self.bring_rest(go_on), PAUSE);
                return;
            }
            links.iter().for_each(Element::remove);
            self.controls.selection.show();
            go_on(self);
        });
    }

    async fn put_rest(&self) -> Option<()> {
        let page = self.page().await?;
        give_way().await;
        let page = document_in(page).await?;
        let columns = page.get_element_by_id("board").map(|board| all_elements_in(&board, ".phase"));
        for column in columns.unwrap_or_default() {
            // A page with other phases is loaded anew as soon as the line is open.
            let Some(list) = column.get_attribute("data-phase").and_then(|phase| list_of(&phase)) else { continue };
            for some in all_in(&column, ".card").chunks(AT_ONCE) {
                put(some, &list);
                pause(0).await;
            }
        }
        Some(())
    }
}

/// Puts those of some cards that are not there yet into a list, all in the order of their ranks.
fn put(cards: &[CardEl], list: &Element) {
    let mut lacking = cards.iter().filter(|card| CardEl::by_id(&card.id()).is_none()).peekable();
    while let Some(first) = lacking.next() {
        let next = first.next_by_rank(list);
        let limit = next.clone().and_then(|next| next.dyn_into().ok().map(CardEl)).and_then(|next| next.rank());
        let together = document().create_document_fragment();
        let _ = together.append_child(&first.0);
        while let Some(card) = lacking.next_if(|card| limit.is_none() || card.rank() < limit) {
            let _ = together.append_child(&card.0);
        }
        let _ = list.insert_before(&together, next.as_ref().map(AsRef::<Node>::as_ref));
    }
}

/// Whoever carries a card already goes first, for a second at most.
async fn give_way() {
    for _ in 0..20 {
        pause(50).await;
        if !is_hand_full() {
            return;
        }
    }
}

/// Lets the browser do what else there is to do, for at least so many milliseconds.
async fn pause(milliseconds: i32) {
    let later = Promise::new(&mut |done: Function, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds);
    });
    let _ = JsFuture::from(later).await;
}
