//! What a phase is called and what is agreed about it.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server_fn::ServerFn;
use shared::error::AppError;

use super::api::ChangePhase;
use super::rules_fields::rules_fields;
use crate::form::{Form, Input};
use crate::frame::{Page, Part, page};
use crate::visit::action;
use crate::words::phase_kind;

#[component]
pub(crate) fn PhasePage() -> impl IntoView {
    let params = use_params_map().read_untracked().clone();
    page(async move |visit, person| {
        let texts = visit.texts();
        let id = params.get("id").and_then(|id| id.parse().ok()).ok_or(AppError::NotFound)?;
        let (track, phase, _) = person.managed_phase(id).await?;
        if params.get("slug").as_deref() != Some(&track.slug) {
            return Err(AppError::NotFound);
        }
        let back = format!("/admin/tracks/{}", track.slug);
        let number = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
        let hidden = vec![("phase", phase.id.to_string()), ("version", track.version.to_string())];
        let form = Form::new(&visit, ChangePhase::PATH, "phase", hidden);
        let title = phase.name.clone();
        let body = view! {
            <p class="back"><a class="ds-link" href=back.clone()>{track.name.clone()}</a></p>
            <div class="page-head"><h1>{title.clone()}</h1></div>
            <p class="ds-paragraph">{phase_kind(texts, phase.kind)}</p>
            <form class="stack" method="post" action=action(ChangePhase::PATH)>
                {form.start()}
                {form.field("name", texts.field_name(), Input::Line("text", "off"), &phase.name)}
                <div class="field-row">
                    {form.field_with("limit", texts.manage_limit(), Some(texts.manage_limit_hint()), Input::Line("text", "off"), &number(phase.limit))}
                    {form.field_with("agreed_days", texts.manage_agreed_days(), Some(texts.manage_agreed_days_hint()), Input::Line("text", "off"), &number(phase.agreed_days))}
                </div>
                {rules_fields(texts, &form, &phase)}
                <div class="form-actions">
                    <button class="ds-button" type="submit">{texts.form_save()}</button>
                    <a class="ds-button" data-variant="tertiary" href=back.clone()>{texts.form_cancel()}</a>
                    <a class="ds-button" data-variant="tertiary" data-color="danger" href=format!("{back}/phases/{}/retire", phase.id)>{texts.manage_retire()}</a>
                </div>
            </form>
        }
        .into_any();
        Ok(Page { part: Part::ManagedTracks, title, class: "page", body })
    })
}
