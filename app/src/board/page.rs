//! One track's board.

use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_meta::Body;
use leptos_router::hooks::use_params_map;
use shared::board::{Column, PhaseKind};

use super::card::card;
use super::controls::BoardControls;
use crate::frame::{Page, Part, page, wake_islands};
use crate::texts::Texts;
use crate::words::card_count;

#[component]
pub(crate) fn BoardPage() -> impl IntoView {
    let slug = use_params_map().read_untracked().get("slug").unwrap_or_default();
    page(async move |visit, person| {
        let texts = visit.texts();
        let board = person.board(&slug).await?;
        let today = person.today();
        let active: usize = open(&board.columns).map(|column| column.count).sum();
        let phases: Vec<_> = board.columns.iter().map(|column| column.phase.clone()).collect();
        let links = phases.iter().map(|phase| {
            view! { <a href=format!("#phase-{}", phase.id)>{phase.name.clone()}</a> }
        });
        let links = links.collect_view();
        // An empty board has nothing to which tab leads, and must be scrolled all the same.
        let is_empty = board.columns.iter().all(|column| column.cards.is_empty());
        let columns = board.columns.into_iter().map(|phase| column(texts, phase, today)).collect_view();
        let body = view! {
            <Body attr:class="fills-window"/>
            {wake_islands(&visit)}
            <div class="board-head">
                <h1>{board.name.clone()}</h1>
                <span class="count">{texts.tracks_active(&active.to_string())}</span>
                // The island writes here that the line is gone.
                <p class="line-state" aria-live="polite"></p>
                <a class="ds-button compact" href=format!("/tracks/{slug}/participants/new")>{texts.board_new_participant()}</a>
            </div>
            <nav class="phase-nav" aria-label=texts.board_phase_nav()>{links}</nav>
            <p class="visually-hidden" id="board-keys">{texts.board_keys()}</p>
            // Without a script, the menu button of a card is a submit button of this form.
            <form id="move-form" action=format!("/tracks/{slug}/move")></form>
            <div class="board" id="board" role="group" aria-label=board.name.clone() tabindex=is_empty.then_some("0") data-track=slug data-as-of=board.as_of.to_string() data-version=board.version.to_string()>{columns}</div>
            <BoardControls locale=visit.locale phases/>
        }
        .into_any();
        Ok(Page { part: Part::Tracks, title: board.name, class: "page page-board", body })
    })
}

fn open(columns: &[Column]) -> impl Iterator<Item = &Column> {
    columns.iter().filter(|column| column.phase.kind == PhaseKind::Ordinary)
}

fn column(texts: Texts, column: Column, today: NaiveDate) -> AnyView {
    let id = column.phase.id.to_string();
    let (heading, labelled_by) = (format!("phase-{id}"), format!("phase-{id}"));
    let is_closing = column.phase.kind == PhaseKind::Closing;
    let limit = column.phase.limit.and_then(|limit| usize::try_from(limit).ok());
    let over = limit.is_some_and(|limit| column.count > limit).then_some("");
    let count = card_count(texts, column.count, limit);
    let hidden = column.count.saturating_sub(column.cards.len());
    let more = is_closing.then(|| {
        let text = (hidden > 0).then(|| texts.board_more(&hidden.to_string()));
        view! { <p class="muted more-cards">{text}</p> }
    });
    let cards = column.cards.into_iter().map(|each| card(texts, each, today, is_closing)).collect_view();
    view! {
        <section class="phase" aria-labelledby=labelled_by data-phase=id data-closing=is_closing.then_some("")>
            <header>
                <h2 id=heading>{column.phase.name}</h2>
                <span class="count" data-over=over data-count=column.count.to_string() data-limit=limit.map(|limit| limit.to_string())>{count}</span>
            </header>
            <ol class="cards">{cards}</ol>
            <p class="empty">{texts.board_empty()}</p>
            {more}
        </section>
    }.into_any()
}
