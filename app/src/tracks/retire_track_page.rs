//! Before a track is retired: whether it can be, and what happens.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server_fn::ServerFn;
use shared::board::PhaseKind;
use shared::error::AppError;

use super::api::RetireTrack;
use super::track_page::about;
use crate::form::Form;
use crate::frame::{Page, Part, page};
use crate::visit::action;
use crate::words::participants;

#[component]
pub(crate) fn RetireTrackPage() -> impl IntoView {
    let slug = use_params_map().read_untracked().get("slug").unwrap_or_default();
    page(async move |visit, person| {
        let texts = visit.texts();
        let track = person.managed_track(&slug).await?;
        if track.retired_at.is_some() {
            return Err(AppError::NotFound);
        }
        let back = format!("/admin/tracks/{slug}");
        let (active, ended) = (track.cards(PhaseKind::Ordinary), track.cards(PhaseKind::Closing));
        let form = Form::new(&visit, RetireTrack::PATH, "retire", about(&track));
        let what = if active > 0 {
            view! {
                {form.start()}
                <p class="ds-paragraph" id=form.field_id("track") tabindex="-1">{texts.manage_retire_track_active(&participants(texts, active))}</p>
                <p><a class="ds-button" data-variant="secondary" href=back.clone()>{texts.manage_retire_track_back()}</a></p>
            }
            .into_any()
        } else {
            view! {
                <form class="stack" method="post" action=action(RetireTrack::PATH)>
                    {form.start()}
                    <ul class="ds-list">
                        <li>{texts.manage_retire_track_lists()}</li>
                        <li>{texts.manage_retire_track_ended(&participants(texts, ended))}</li>
                        <li>{texts.manage_retire_track_silent()}</li>
                        <li>{texts.manage_retire_track_not_for_good()}</li>
                    </ul>
                    <div class="form-actions">
                        <button class="ds-button" data-color="danger" type="submit">{texts.manage_retire_track_now()}</button>
                        <a class="ds-button" data-variant="tertiary" href=back.clone()>{texts.form_cancel()}</a>
                    </div>
                </form>
            }
            .into_any()
        };
        let title = texts.manage_retire_title(&track.name);
        let body = view! {
            <p class="back"><a class="ds-link" href=back>{track.name}</a></p>
            <div class="page-head"><h1>{title.clone()}</h1></div>
            {what}
        }
        .into_any();
        Ok(Page { part: Part::ManagedTracks, title, class: "page", body })
    })
}
