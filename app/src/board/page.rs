//! One track's board.

use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_meta::Body;
use leptos_router::hooks::use_params_map;
use shared::board::{Column, PhaseKind};
use shared::error::AppError;
use shared::views::Filter;

use super::card::card;
use super::controls::BoardControls;
use crate::frame::{Page, Part, page, wake_islands};
use crate::texts::Texts;
use crate::views::{Place, filter_bar};
use crate::visit::set_status;
use crate::words::{card_count, earlier_cards};

#[component]
pub(crate) fn BoardPage() -> impl IntoView {
    let slug = use_params_map().read_untracked().get("slug").unwrap_or_default();
    page(async move |visit, person| {
        let texts = visit.texts();
        let (filter, unknown) = Filter::parse(visit.whole_query());
        if !unknown.is_empty() {
            set_status(&AppError::Invalid(Vec::new()));
        }
        // What a filter shows is seldom much, and finding it takes reading all.
        let is_whole = !filter.is_empty() || visit.query("all").is_some();
        let board =
            if is_whole { person.board_view(&slug, &filter).await? } else { person.board_beginning(&slug).await? };
        let shown = board.columns.iter().map(|column| column.cards.len()).sum();
        let bar = filter_bar(&visit, &person, Place::Board(&slug), (&filter, &unknown), shown).await?;
        let today = person.today();
        let active: usize = open(&board.columns).map(|column| column.count).sum();
        // What has no phase to be in is retired.
        let is_retired = open(&board.columns).next().is_none();
        let phases: Vec<_> = board.columns.iter().map(|column| column.phase.clone()).collect();
        let links = phases.iter().map(|phase| {
            view! { <a href=format!("#phase-{}", phase.id)>{phase.name.clone()}</a> }
        });
        let links = links.collect_view();
        // An empty board has nothing to which tab leads, and must be scrolled all the same.
        let is_empty = board.columns.iter().all(|column| column.cards.is_empty());
        let all_cards = (!is_whole).then(|| board_with_all(&slug));
        let columns = board.columns.into_iter().map(|phase| column(texts, phase, today, &filter, all_cards.as_deref()));
        let columns = columns.collect_view();
        let body = view! {
            <Body attr:class="fills-window"/>
            {wake_islands(&visit)}
            <div class="board-head">
                <h1>{board.name.clone()}</h1>
                {is_retired.then(|| view! { <span class="ds-tag" data-color="neutral">{texts.board_retired()}</span> })}
                <span class="count">{texts.tracks_active(&active.to_string())}</span>
                // The island writes here that the line is gone.
                <p class="line-state" aria-live="polite"></p>
                <div class="actions">
                    // Without a script, this leads to a list to choose from.
                    <form action=format!("/tracks/{slug}/select")>
                        <button class="ds-button compact" data-variant="secondary" type="submit" id="select-several">{texts.select_start()}</button>
                    </form>
                    {(!is_retired).then(|| view! { <a class="ds-button compact" href=format!("/tracks/{slug}/participants/new")>{texts.board_new_participant()}</a> })}
                </div>
            </div>
            {bar}
            <nav class="phase-nav" aria-label=texts.board_phase_nav()>{links}</nav>
            <p class="visually-hidden" id="board-keys">{texts.board_keys()}</p>
            // Without a script, the menu button of a card is a submit button of this form.
            <form id="move-form" action=format!("/tracks/{slug}/move")></form>
            // Before the board, so that cards can be moved while others are still on their way.
            <BoardControls locale=visit.locale phases/>
            <div class="board" id="board" role="group" aria-label=board.name.clone() tabindex=is_empty.then_some("0") data-track=slug data-view=filter.query() data-as-of=board.as_of.to_string() data-version=board.version.to_string()>{columns}</div>
        }
        .into_any();
        Ok(Page { part: Part::Tracks, title: board.name, class: "page page-board", body })
    })
}

fn open(columns: &[Column]) -> impl Iterator<Item = &Column> {
    columns.iter().filter(|column| column.phase.kind == PhaseKind::Ordinary)
}

/// The address of a board that has all its cards at once, where one of them, or a place below the first, is meant.
pub(crate) fn board_with_all(slug: &str) -> String {
    format!("/tracks/{slug}?all=1")
}

/// `all_cards` is where the whole board is, if this is only its beginning.
fn column(texts: Texts, column: Column, today: NaiveDate, filter: &Filter, all_cards: Option<&str>) -> AnyView {
    let id = column.phase.id.to_string();
    let (heading, labelled_by) = (format!("phase-{id}"), format!("phase-{id}"));
    let is_closing = column.phase.kind == PhaseKind::Closing;
    let limit = column.phase.limit.and_then(|limit| usize::try_from(limit).ok());
    let over = limit.is_some_and(|limit| column.count > limit).then_some("");
    let count = card_count(texts, column.phase.kind, column.count, limit);
    let empty = if filter.is_empty() { texts.board_empty() } else { texts.views_none_here() };
    // Where it stands, cards are lacking. With a script, they come by themselves.
    let rest = all_cards.filter(|_| column.count > column.cards.len()).map(|all| {
        let href = format!("{all}#phase-{id}");
        view! { <p class="rest"><a class="ds-link" href=href>{texts.board_show_more()}</a></p> }
    });
    let more = is_closing.then(|| {
        // With a filter, those that are not shown are no earlier ones.
        let earlier = earlier_cards(texts, column.count).filter(|_| filter.is_empty());
        view! { <p class="muted more-cards">{earlier}</p> }
    });
    let cards =
        column.cards.into_iter().map(|each| card(texts, each, today, is_closing, filter.quiet_days())).collect_view();
    view! {
        <section class="phase" aria-labelledby=labelled_by data-phase=id data-closing=is_closing.then_some("")>
            <header>
                <h2 id=heading>{column.phase.name}</h2>
                <span class="count" data-over=over data-count=column.count.to_string() data-limit=limit.map(|limit| limit.to_string())>{count}</span>
            </header>
            <ol class="cards">{cards}</ol>
            <p class="empty">{empty}</p>
            {rest}
            {more}
        </section>
    }.into_any()
}
