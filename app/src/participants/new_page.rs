//! The form for a new participant.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server_fn::ServerFn;
use shared::board::PhaseKind;
use shared::participants::DetailsForm;

use super::api::AddParticipant;
use super::details::{details_fields, people_choices};
use crate::form::{Form, Input};
use crate::frame::{Page, Part, page};
use crate::visit::action;

#[component]
pub(crate) fn NewParticipantPage() -> impl IntoView {
    let slug = use_params_map().read_untracked().get("slug").unwrap_or_default();
    page(async move |visit, person| {
        let texts = visit.texts();
        let choices = person.choices(&slug).await?;
        let form = Form::new(&visit, AddParticipant::PATH, "participant", vec![("track", slug.clone())]);
        let phases: Vec<_> = choices
            .phases
            .iter()
            .filter(|phase| phase.kind == PhaseKind::Ordinary)
            .map(|phase| (phase.id.to_string(), phase.name.clone()))
            .collect();
        let me = person.me().id;
        let own = |people: &[shared::accounts::Person]| {
            people.iter().find(|person| person.id == me).map(|person| person.id.to_string()).unwrap_or_default()
        };
        let (inn, nav) = (people_choices(texts, &choices.inn_people), people_choices(texts, &choices.nav_people));
        let body = view! {
            <nav class="ds-breadcrumbs" aria-label=texts.menu_here()>
                <ol>
                    <li><a class="ds-link" href="/tracks">{texts.menu_tracks()}</a></li>
                    <li><a class="ds-link" href=format!("/tracks/{slug}")>{choices.track_name.clone()}</a></li>
                </ol>
            </nav>
            <div class="page-head"><h1>{texts.board_new_participant()}</h1></div>
            <p class="ds-paragraph">{texts.hint_no_more()}</p>
            <form class="stack" method="post" action=action(AddParticipant::PATH)>
                {form.start()}
                {details_fields(texts, &form, &DetailsForm::default(), &choices.nav_offices)}
                <div class="field-row">
                    {form.field("phase", texts.field_phase(), Input::Choice(&phases), "")}
                    {form.field_with("started_on", texts.field_started_on(), Some(texts.hint_started_on()), Input::Line("date", "off"), "")}
                </div>
                <div class="field-row">
                    {form.field("inn_contact", texts.field_inn_contact(), Input::Choice(&inn), &own(&choices.inn_people))}
                    {form.field("nav_contact", texts.field_nav_contact(), Input::Choice(&nav), &own(&choices.nav_people))}
                </div>
                <div class="form-actions">
                    <button class="ds-button" type="submit">{texts.board_save_participant()}</button>
                    <a class="ds-button" data-variant="tertiary" href=format!("/tracks/{slug}")>{texts.form_cancel()}</a>
                </div>
            </form>
        }
        .into_any();
        Ok(Page { part: Part::Tracks, title: texts.board_new_participant().to_owned(), class: "page", body })
    })
}
