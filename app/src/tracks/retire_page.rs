//! Before a phase is retired: what happens to its cards.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server_fn::ServerFn;
use shared::error::AppError;

use super::api::RetirePhase;
use crate::form::{Form, Input};
use crate::frame::{Page, Part, page};
use crate::visit::action;
use crate::words::participants;

#[component]
pub(crate) fn RetirePhasePage() -> impl IntoView {
    let params = use_params_map().read_untracked().clone();
    page(async move |visit, person| {
        let texts = visit.texts();
        let id = params.get("id").and_then(|id| id.parse().ok()).ok_or(AppError::NotFound)?;
        let (track, phase, cards) = person.managed_phase(id).await?;
        if params.get("slug").as_deref() != Some(&track.slug) {
            return Err(AppError::NotFound);
        }
        let back = format!("/admin/tracks/{}/phases/{}", track.slug, phase.id);
        let others = track.phases.iter().filter(|(other, _)| other.id != phase.id && other.kind == phase.kind);
        let mut choices: Vec<(String, String)> =
            others.map(|(other, _)| (other.id.to_string(), other.name.clone())).collect();
        let is_last = choices.is_empty();
        choices.insert(0, (String::new(), texts.form_choose().to_owned()));
        let hidden = vec![("phase", phase.id.to_string()), ("version", track.version.to_string())];
        let form = Form::new(&visit, RetirePhase::PATH, "retire", hidden);
        let what = if is_last {
            view! {
                <p class="ds-paragraph">{texts.manage_retire_last()}</p>
                <p><a class="ds-button" data-variant="secondary" href=back.clone()>{texts.manage_retire_back()}</a></p>
            }
            .into_any()
        } else {
            view! {
                <form class="stack" method="post" action=action(RetirePhase::PATH)>
                    {form.start()}
                    <ul class="ds-list">
                        <li>{texts.manage_retire_cards(&participants(texts, cards))}</li>
                        <li>{texts.manage_retire_history()}</li>
                        <li>{texts.manage_retire_silent()}</li>
                        <li>{texts.manage_retire_for_good()}</li>
                    </ul>
                    {form.field("to", texts.manage_retire_to(), Input::Choice(&choices), "")}
                    <div class="form-actions">
                        <button class="ds-button" data-color="danger" type="submit">{texts.manage_retire_now(&phase.name)}</button>
                        <a class="ds-button" data-variant="tertiary" href=back.clone()>{texts.form_cancel()}</a>
                    </div>
                </form>
            }
            .into_any()
        };
        let title = texts.manage_retire_title(&phase.name);
        let body = view! {
            <p class="back"><a class="ds-link" href=back>{phase.name.clone()}</a></p>
            <div class="page-head"><h1>{title.clone()}</h1></div>
            {what}
        }
        .into_any();
        Ok(Page { part: Part::ManagedTracks, title, class: "page", body })
    })
}
