//! "Oppgavemaler": the templates of one's organisation, and a form for one more.

use leptos::prelude::*;
use server_fn::ServerFn;
use shared::board::ContactRole;
use shared::task_templates::{TaskTemplate, TaskTemplateForm};

use super::api::AddTaskTemplate;
use super::form_page::template_fields;
use crate::form::Form;
use crate::frame::{Page, Part, page};
use crate::texts::Texts;
use crate::visit::action;
use crate::words::field;

#[component]
pub(crate) fn TaskTemplatesPage() -> impl IntoView {
    page(async |visit, person| {
        let texts = visit.texts();
        let templates = person.task_templates().await?;
        let form = Form::new(&visit, AddTaskTemplate::PATH, "template", Vec::new());
        let is_open = form.is_rejected() || templates.is_empty();
        let list = if templates.is_empty() {
            view! { <p class="empty">{texts.templates_none()}</p> }.into_any()
        } else {
            let rows = templates.iter().map(|template| row(texts, template)).collect_view();
            view! { <ul class="tasks">{rows}</ul> }.into_any()
        };
        let empty = TaskTemplateForm { contact: ContactRole::Inn.code().into(), ..TaskTemplateForm::default() };
        let title = texts.templates_title();
        let body = view! {
            <div class="page-head"><h1>{title}</h1></div>
            <p class="ds-paragraph">{texts.templates_intro()}</p>
            {list}
            <details class="more-details" open=is_open>
                <summary>{texts.templates_new()}</summary>
                <form class="stack" method="post" action=action(AddTaskTemplate::PATH) aria-label=texts.templates_new()>
                    {form.start()}
                    {template_fields(texts, &form, &empty)}
                    <div class="form-actions"><button class="ds-button" type="submit">{texts.templates_save()}</button></div>
                </form>
            </details>
        }
        .into_any();
        Ok(Page { part: Part::Tasks, title: title.to_owned(), class: "page", body })
    })
}

fn row(texts: Texts, template: &TaskTemplate) -> AnyView {
    let days = crate::words::days(texts, template.due_days.into());
    let about = texts.templates_about(&template.title, field(texts, template.contact.code()), &days);
    view! {
        <li class="template-row">
            <a href=format!("/task-templates/{}", template.id)>{template.name.clone()}</a>
            <span class="muted">{about}</span>
        </li>
    }
    .into_any()
}
