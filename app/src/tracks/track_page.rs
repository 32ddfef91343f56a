//! One track as its administrator sees it: its name, its phases in order, and what was changed.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server_fn::ServerFn;
use shared::board::PhaseKind;
use shared::tracks::ManagedTrack;

use super::api::{AddPhase, PlacePhase, RenameTrack, ResumeTrack};
use super::order::PhaseOrder;
use super::steps::Steps;
use crate::form::{Form, Input};
use crate::frame::{Page, Part, page, wake_islands};
use crate::texts::Texts;
use crate::visit::{Visit, action};
use crate::words::{clock, days, participants, phase_kind, track_change_by};

#[component]
pub(crate) fn ManagedTrackPage() -> impl IntoView {
    let slug = use_params_map().read_untracked().get("slug").unwrap_or_default();
    page(async move |visit, person| {
        let texts = visit.texts();
        let track = person.managed_track(&slug).await?;
        let shared_with = if track.offices.is_empty() {
            texts.manage_no_offices().to_owned()
        } else {
            texts.manage_offices(&track.offices.join(", "))
        };
        let body = view! {
            {wake_islands(&visit)}
            <p class="back"><a class="ds-link" href="/admin/tracks">{texts.manage_all_tracks()}</a></p>
            <div class="page-head"><h1>{track.name.clone()}</h1></div>
            <p class="ds-paragraph">{shared_with}</p>
            <p class="ds-paragraph">
                <a class="ds-link" href=format!("/admin/tracks/{}/file", track.slug) download>{texts.track_file_download()}</a>
            </p>
            {what_can_change(&visit, &track)}
            {retired(texts, &track)}
            {changes(texts, &track)}
        }
        .into_any();
        Ok(Page { part: Part::ManagedTracks, title: track.name, class: "page page-track", body })
    })
}

/// All forms for a track in use; of one that is retired only that changes.
fn what_can_change(visit: &Visit, track: &ManagedTrack) -> AnyView {
    let texts = visit.texts();
    if let Some(at) = track.retired_at {
        let form = Form::new(visit, ResumeTrack::PATH, "resume", about(track));
        let names = track.phases.iter().map(|(phase, cards)| {
            view! { <li>{format!("{}: {}", phase.name, participants(texts, *cards))}</li> }
        });
        return view! {
            <form class="stack" method="post" action=action(ResumeTrack::PATH)>
                {form.start()}
                <p class="ds-paragraph">{texts.manage_track_retired(&clock(at))}</p>
                <div class="form-actions"><button class="ds-button" type="submit">{texts.manage_resume_track()}</button></div>
            </form>
            <section aria-labelledby="phases-heading">
                <h2 id="phases-heading">{texts.manage_phases()}</h2>
                <ol class="ds-list">{names.collect_view()}</ol>
            </section>
        }
        .into_any();
    }
    view! {
        {phases(texts, track)}
        {new_phase(visit, track)}
        {name(visit, track)}
        <p>
            <a class="ds-button" data-variant="secondary" data-color="danger" href=format!("/admin/tracks/{}/retire", track.slug)>{texts.manage_retire_track()}</a>
        </p>
    }
    .into_any()
}

fn phases(texts: Texts, track: &ManagedTrack) -> AnyView {
    let rows = (0..track.phases.len()).map(|place| phase_row(texts, track, place));
    // With a script, a phase that is dragged is sent with this form.
    view! {
        <section aria-labelledby="phases-heading">
            <h2 id="phases-heading">{texts.manage_phases()}</h2>
            <ol class="phase-list" id="phases">{rows.collect_view()}</ol>
            <form id="place-phase" method="post" action=action(PlacePhase::PATH) hidden>
                <input type="hidden" name="form[phase]"/>
                <input type="hidden" name="form[version]" value=track.version.to_string()/>
                <input type="hidden" name="form[before]"/>
            </form>
            <PhaseOrder/>
        </section>
    }
    .into_any()
}

fn phase_row(texts: Texts, track: &ManagedTrack, place: usize) -> Option<AnyView> {
    let (phase, cards) = track.phases.get(place)?;
    let is_closing = phase.kind == PhaseKind::Closing;
    let kind =
        is_closing.then(|| view! { <span class="ds-tag" data-color="neutral">{phase_kind(texts, phase.kind)}</span> });
    let at =
        |place: Option<usize>| track.phases.get(place?).map(|(phase, _)| phase).filter(|one| one.kind == phase.kind);
    let up = at(place.checked_sub(1)).map(|above| above.id.to_string());
    let after_next = track.phases.get(place + 2).map(|(phase, _)| phase.id.to_string());
    let down = at(Some(place + 1)).map(|_| after_next.unwrap_or_default());
    let hidden = vec![("phase", phase.id.to_string()), ("version", track.version.to_string())];
    let steps = Steps { path: PlacePhase::PATH, about: hidden, name: &phase.name };
    let (id, href) = (phase.id.to_string(), format!("/admin/tracks/{}/phases/{}", track.slug, phase.id));
    Some(
        view! {
            <li id=format!("phase-{id}") tabindex="-1" data-phase=id data-kind=phase.kind.code()>
                <span class="handle" aria-hidden="true">"⠿"</span>
                <div class="about">
                    <h3><a class="ds-link" href=href>{phase.name.clone()}</a></h3>
                    {kind}
                    <p>{[vec![participants(texts, *cards)], agreed(texts, phase.limit, phase.agreed_days)].concat().join(" · ")}</p>
                </div>
                {steps.buttons(texts, up, down)}
            </li>
        }
        .into_any(),
    )
}

/// What is agreed about a phase.
pub(super) fn agreed(texts: Texts, limit: Option<i32>, agreed_days: Option<i32>) -> Vec<String> {
    let limit = limit.map(|limit| texts.manage_limit_is(&limit.to_string()));
    let agreed_days = agreed_days.map(|number| texts.manage_agreed_is(&days(texts, number.into())));
    [limit, agreed_days].into_iter().flatten().collect()
}

fn new_phase(visit: &Visit, track: &ManagedTrack) -> AnyView {
    let texts = visit.texts();
    let form = Form::new(visit, AddPhase::PATH, "phase", about(track));
    let kinds = PhaseKind::ALL.map(|kind| (kind.code().to_owned(), phase_kind(texts, kind).to_owned()));
    view! {
        <section aria-labelledby="new-phase">
            <h2 id="new-phase">{texts.manage_new_phase()}</h2>
            <form class="stack" method="post" action=action(AddPhase::PATH)>
                {form.start()}
                <div class="field-row">
                    {form.field("name", texts.field_name(), Input::Line("text", "off"), "")}
                    {form.field("kind", texts.manage_kind(), Input::Choice(&kinds), PhaseKind::Ordinary.code())}
                </div>
                <div class="form-actions"><button class="ds-button" data-variant="secondary" type="submit">{texts.manage_make_phase()}</button></div>
            </form>
        </section>
    }
    .into_any()
}

fn name(visit: &Visit, track: &ManagedTrack) -> AnyView {
    let texts = visit.texts();
    let form = Form::new(visit, RenameTrack::PATH, "track", about(track));
    view! {
        <section aria-labelledby="track-name-heading">
            <h2 id="track-name-heading">{texts.manage_rename()}</h2>
            <form class="stack" method="post" action=action(RenameTrack::PATH)>
                {form.start()}
                {form.field("name", texts.field_name(), Input::Line("text", "off"), &track.name)}
                <div class="form-actions"><button class="ds-button" data-variant="secondary" type="submit">{texts.manage_save_name()}</button></div>
            </form>
        </section>
    }
    .into_any()
}

pub(super) fn about(track: &ManagedTrack) -> Vec<(&'static str, String)> {
    vec![("track", track.slug.clone()), ("version", track.version.to_string())]
}

fn retired(texts: Texts, track: &ManagedTrack) -> Option<AnyView> {
    let rows = track.retired.iter().map(|(name, at)| view! { <li>{texts.manage_retired_at(name, &clock(*at))}</li> });
    (!track.retired.is_empty()).then(|| {
        view! {
            <section aria-labelledby="retired">
                <h2 id="retired">{texts.manage_retired()}</h2>
                <p class="ds-paragraph">{texts.manage_retired_text()}</p>
                <ul class="ds-list">{rows.collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

fn changes(texts: Texts, track: &ManagedTrack) -> AnyView {
    let rows = track.changes.iter().map(|change| view! { <li>{track_change_by(texts, change)}</li> });
    view! {
        <section aria-labelledby="changes">
            <h2 id="changes">{texts.manage_changes()}</h2>
            <ul class="ds-list">{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}
