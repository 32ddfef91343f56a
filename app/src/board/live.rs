//! News of a board, in the form in which the browser takes them.

use chrono::NaiveDate;
use leptos::prelude::RenderHtml;
use shared::live::{BoardNews, NewsCard};
use shared::views::Filter;
use store::CardNews;

use super::card::card;
use crate::texts::Texts;

/// Cards as the page shows them.
#[must_use]
pub fn board_news(texts: Texts, news: CardNews, today: NaiveDate, filter: &Filter) -> BoardNews {
    let cards = news.cards.into_iter().map(|(phase, is_closing, each)| NewsCard {
        id: each.id,
        phase,
        html: card(texts, each, today, is_closing, filter.quiet_days()).to_html(),
    });
    BoardNews { cards: cards.collect(), gone: news.gone, counts: news.counts }
}
