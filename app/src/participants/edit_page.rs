//! The form for changing a participant's details.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server_fn::ServerFn;
use shared::error::AppError;
use shared::participants::DetailsForm;
use shared::timeline::Filter;

use super::api::ChangeDetails;
use super::details::details_fields;
use crate::form::Form;
use crate::frame::{Page, Part, page};
use crate::visit::action;

#[component]
pub(crate) fn EditParticipantPage() -> impl IntoView {
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    page(async move |visit, person| {
        let texts = visit.texts();
        let id = id.parse().map_err(|_| AppError::NotFound)?;
        let record = person.record(id, Filter::All).await?;
        let hidden = vec![("participant", id.to_string()), ("version", record.version.to_string())];
        let form = Form::new(&visit, ChangeDetails::PATH, "details", hidden);
        let known = DetailsForm::filled(&record.details);
        let back = format!("/participants/{id}");
        let title = texts.record_edit_of(record.details.name.as_str());
        let body = view! {
            <div class="page-head"><h1>{title.clone()}</h1></div>
            <p class="ds-paragraph">{texts.hint_no_more()}</p>
            <form class="stack" method="post" action=action(ChangeDetails::PATH)>
                {form.start()}
                {details_fields(texts, &form, &known, &record.nav_offices)}
                <div class="form-actions">
                    <button class="ds-button" type="submit">{texts.form_save()}</button>
                    <a class="ds-button" data-variant="tertiary" href=back>{texts.form_cancel()}</a>
                </div>
            </form>
        }
        .into_any();
        Ok(Page { part: Part::Tracks, title, class: "page", body })
    })
}
