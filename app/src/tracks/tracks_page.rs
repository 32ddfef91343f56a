//! The administrator's list of tracks, and the form for a new one.

use leptos::prelude::*;
use server_fn::ServerFn;
use shared::board::PhaseKind;
use shared::tracks::{ManagedTrack, Shipped};

use super::api::{AddTrack, PlaceTrack};
use super::steps::Steps;
use crate::form::{Form, Input};
use crate::frame::{Page, Part, page};
use crate::texts::Texts;
use crate::visit::action;
use crate::words::participants;

#[component]
pub(crate) fn ManagedTracksPage() -> impl IntoView {
    page(async |visit, person| {
        let texts = visit.texts();
        let tracks = person.managed_tracks().await?;
        let (retired, in_use): (Vec<_>, Vec<_>) = tracks.into_iter().partition(|track| track.retired_at.is_some());
        let list = if in_use.is_empty() {
            view! { <p class="empty">{texts.manage_none()}</p> }.into_any()
        } else {
            let items = (0..in_use.len()).map(|place| item(texts, &in_use, place));
            view! { <ol class="phase-list">{items.collect_view()}</ol> }.into_any()
        };
        let links = retired.iter().map(|track| {
            let href = format!("/admin/tracks/{}", track.slug);
            view! { <li><a class="ds-link" href=href>{track.name.clone()}</a></li> }
        });
        let retired = (!retired.is_empty()).then(|| {
            view! {
                <section aria-labelledby="retired">
                    <h2 id="retired">{texts.manage_retired_tracks()}</h2>
                    <ul class="ds-list">{links.collect_view()}</ul>
                </section>
            }
        });
        let title = texts.menu_tracks();
        let body = view! {
            <div class="page-head">
                <h1>{title}</h1>
                <div class="actions">
                    <a class="ds-button" href="/admin/new-track">{texts.manage_new_track()}</a>
                    <a class="ds-button" data-variant="secondary" href="/admin/new-track/file">{texts.track_file_title()}</a>
                </div>
            </div>
            {list}
            {retired}
        }
        .into_any();
        Ok(Page { part: Part::ManagedTracks, title: title.to_owned(), class: "page", body })
    })
}

fn item(texts: Texts, tracks: &[ManagedTrack], place: usize) -> Option<AnyView> {
    let track = tracks.get(place)?;
    let phases = texts.manage_phase_count(&track.phases.len().to_string());
    let id = |place: usize| tracks.get(place).map(|track| track.id.to_string());
    let (up, down) = (place.checked_sub(1).and_then(id), id(place + 1).map(|_| id(place + 2).unwrap_or_default()));
    let steps = Steps { path: PlaceTrack::PATH, about: vec![("track", track.id.to_string())], name: &track.name };
    Some(
        view! {
            <li id=format!("track-{}", track.slug) tabindex="-1">
                <div class="about">
                    <h2><a class="ds-link" href=format!("/admin/tracks/{}", track.slug)>{track.name.clone()}</a></h2>
                    <p>{format!("{phases}, {}", participants(texts, track.cards(PhaseKind::Ordinary)))}</p>
                </div>
                {steps.buttons(texts, up, down)}
            </li>
        }
        .into_any(),
    )
}

#[component]
pub(crate) fn NewTrackPage() -> impl IntoView {
    page(async |visit, person| {
        let texts = visit.texts();
        // Whoever may not make one does not see the form.
        person.managed_tracks().await?;
        let form = Form::new(&visit, AddTrack::PATH, "track", Vec::new());
        let templates =
            Shipped::ALL.map(|template| (template.code().to_owned(), template_name(texts, template).to_owned()));
        let title = texts.manage_new_track();
        let body = view! {
            <div class="page-head"><h1>{title}</h1></div>
            <form class="stack" method="post" action=action(AddTrack::PATH)>
                {form.start()}
                <p class="ds-paragraph">{texts.manage_new_track_text()}</p>
                {form.field("name", texts.field_name(), Input::Line("text", "off"), "")}
                {form.field_with("template", texts.manage_template(), Some(texts.manage_template_hint()), Input::Choice(&templates), Shipped::Introlop.code())}
                <div class="form-actions">
                    <button class="ds-button" type="submit">{texts.manage_make_track()}</button>
                    <a class="ds-button" data-variant="tertiary" href="/admin/tracks">{texts.form_cancel()}</a>
                </div>
            </form>
        }
        .into_any();
        Ok(Page { part: Part::ManagedTracks, title: title.to_owned(), class: "page", body })
    })
}

fn template_name(texts: Texts, template: Shipped) -> &'static str {
    match template {
        Shipped::Introlop => texts.manage_template_introlop(),
        Shipped::Karrierelop => texts.manage_template_karrierelop(),
        Shipped::Empty => texts.manage_template_empty(),
    }
}
