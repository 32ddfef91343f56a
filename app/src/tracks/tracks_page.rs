//! The administrator's list of tracks, and the form for a new one.

use leptos::prelude::*;
use server_fn::ServerFn;
use shared::board::PhaseKind;
use shared::tracks::{ManagedTrack, Shipped};

use super::api::AddTrack;
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
        let list = if tracks.is_empty() {
            view! { <p class="empty">{texts.manage_none()}</p> }.into_any()
        } else {
            view! { <ul class="tracks">{tracks.into_iter().map(|track| item(texts, track)).collect_view()}</ul> }
                .into_any()
        };
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
        }
        .into_any();
        Ok(Page { part: Part::ManagedTracks, title: title.to_owned(), class: "page", body })
    })
}

fn item(texts: Texts, track: ManagedTrack) -> AnyView {
    let active =
        track.phases.iter().filter(|(phase, _)| phase.kind == PhaseKind::Ordinary).map(|(_, cards)| cards).sum();
    let phases = texts.manage_phase_count(&track.phases.len().to_string());
    view! {
        <li>
            <h2><a href=format!("/admin/tracks/{}", track.slug)>{track.name}</a></h2>
            <p>{format!("{phases}, {}", participants(texts, active))}</p>
        </li>
    }
    .into_any()
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
