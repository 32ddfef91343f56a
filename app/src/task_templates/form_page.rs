//! The page on which a template is changed or removed, and the fields of one.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server_fn::ServerFn;
use shared::board::ContactRole;
use shared::error::AppError;
use shared::task_templates::TaskTemplateForm;

use super::api::{ChangeTaskTemplate, LIST, RemoveTaskTemplate};
use crate::form::{Form, Input};
use crate::frame::{Page, Part, page};
use crate::texts::Texts;
use crate::visit::action;
use crate::words::field;

#[component]
pub(crate) fn EditTaskTemplatePage() -> impl IntoView {
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    page(async move |visit, person| {
        let texts = visit.texts();
        let template = person.task_template(id.parse().map_err(|_| AppError::NotFound)?).await?;
        let hidden = vec![("id", id.clone()), ("version", template.version.to_string())];
        let form = Form::new(&visit, ChangeTaskTemplate::PATH, "template", hidden);
        let filled = TaskTemplateForm {
            name: template.name.clone(),
            title: template.title,
            description: template.description,
            items: template.items,
            due_days: template.due_days.to_string(),
            contact: template.contact.code().to_owned(),
        };
        let title = texts.templates_change(&template.name);
        let body = view! {
            <div class="page-head"><h1>{title.clone()}</h1></div>
            <form class="stack" method="post" action=action(ChangeTaskTemplate::PATH)>
                {form.start()}
                {template_fields(texts, &form, &filled)}
                <div class="form-actions">
                    <button class="ds-button" type="submit">{texts.templates_save()}</button>
                    <a class="ds-button" data-variant="tertiary" href=LIST>{texts.form_cancel()}</a>
                </div>
            </form>
            <form class="template-remove" method="post" action=action(RemoveTaskTemplate::PATH)>
                <input type="hidden" name="form[id]" value=id/>
                <button class="ds-button" data-variant="tertiary" data-color="danger" type="submit">{texts.templates_remove()}</button>
                <p class="muted">{texts.templates_remove_hint()}</p>
            </form>
        }
        .into_any();
        Ok(Page { part: Part::Tasks, title, class: "page", body })
    })
}

/// The fields of a template.
pub(super) fn template_fields(texts: Texts, form: &Form, filled: &TaskTemplateForm) -> AnyView {
    let line = Input::Line("text", "off");
    let contacts = ContactRole::ALL.map(|each| (each.code().to_owned(), field(texts, each.code()).to_owned()));
    view! {
        {form.field_with("name", texts.field_name(), Some(texts.templates_name_hint()), line, &filled.name)}
        {form.field("title", texts.field_title(), line, &filled.title)}
        <div class="field-row">
            {form.field("contact", texts.field_assignee(), Input::Choice(&contacts), &filled.contact)}
            {form.field("due_days", texts.field_due_days(), Input::Line("number", "off"), &filled.due_days)}
        </div>
        {form.field("description", texts.field_description(), Input::Lines(2), &filled.description)}
        {form.field_with("items", texts.field_items(), Some(texts.tasks_items_hint()), Input::Lines(4), &filled.items)}
    }
    .into_any()
}
