//! The list of tracks.

use leptos::prelude::*;
use shared::board::{PhaseKind, Track};

use crate::frame::{Page, Part, page};
use crate::texts::Texts;
use crate::words::card_count;

#[component]
pub(crate) fn TracksPage() -> impl IntoView {
    page(async |visit, person| {
        let texts = visit.texts();
        let tracks = person.tracks().await?;
        let list = if tracks.is_empty() {
            view! { <p class="empty">{texts.tracks_none()}</p> }.into_any()
        } else {
            let items = tracks.into_iter().map(|track| item(texts, track));
            view! { <ul class="tracks">{items.collect_view()}</ul> }.into_any()
        };
        let title = texts.menu_tracks();
        let body = view! { <div class="page-head"><h1>{title}</h1></div>{list} }.into_any();
        Ok(Page { part: Part::Tracks, title: title.to_owned(), class: "page", body })
    })
}

fn item(texts: Texts, track: Track) -> AnyView {
    let active: usize =
        track.phases.iter().filter(|(phase, _)| phase.kind == PhaseKind::Ordinary).map(|(_, count)| count).sum();
    let phases = track.phases.into_iter().map(|(phase, count)| {
        let count = card_count(texts, phase.kind, count, None);
        view! { <li><span>{phase.name}</span><span class="count">{count}</span></li> }
    });
    view! {
        <li>
            <h2><a href=format!("/tracks/{}", track.slug)>{track.name}</a></h2>
            <p>{texts.tracks_active(&active.to_string())}</p>
            <ol class="phase-counts">{phases.collect_view()}</ol>
        </li>
    }
    .into_any()
}
