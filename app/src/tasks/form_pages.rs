//! A page for a new task, for those who come from a card, and one for changing a task.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server_fn::ServerFn;
use shared::error::AppError;

use super::api::{AddTask, ChangeTask};
use super::view::{TaskValues, task_fields};
use crate::form::Form;
use crate::frame::{Page, Part, page};
use crate::texts::Texts;
use crate::visit::action;

#[component]
pub(crate) fn NewTaskPage() -> impl IntoView {
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    page(async move |visit, person| {
        let texts = visit.texts();
        let id = id.parse().map_err(|_| AppError::NotFound)?;
        let (name, reference, people) = person.task_choices(id).await?;
        let track = visit.query("track").unwrap_or_default();
        let back = if track.is_empty() { format!("/participants/{id}") } else { format!("/tracks/{track}") };
        let form = Form::new(&visit, AddTask::PATH, "task", vec![("participant", id.to_string()), ("back", track)]);
        let values = TaskValues { assignee: person.me().id.to_string(), ..TaskValues::default() };
        let title = texts.tasks_new_about(&name, &reference);
        let fields = task_fields(texts, &form, &people, &values).into_any();
        let body = form_page(texts, &title, AddTask::PATH, &form, fields, back);
        Ok(Page { part: Part::Tracks, title, class: "page", body })
    })
}

#[component]
pub(crate) fn EditTaskPage() -> impl IntoView {
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    page(async move |visit, person| {
        let texts = visit.texts();
        let id = id.parse().map_err(|_| AppError::NotFound)?;
        let (task, people) = person.open_task(id).await?;
        let hidden = vec![
            ("id", id.to_string()),
            ("version", task.version.to_string()),
            ("participant", task.participant.to_string()),
        ];
        let form = Form::new(&visit, ChangeTask::PATH, "task", hidden);
        let values = TaskValues::of(&task);
        let title = texts.tasks_change_about(&task.participant_name, &task.participant_reference);
        let fields = task_fields(texts, &form, &people, &values).into_any();
        let back = format!("/participants/{}", task.participant);
        let body = form_page(texts, &title, ChangeTask::PATH, &form, fields, back);
        Ok(Page { part: Part::Tasks, title, class: "page", body })
    })
}

fn form_page(texts: Texts, title: &str, function: &str, form: &Form, fields: AnyView, back: String) -> AnyView {
    view! {
        <div class="page-head"><h1>{title.to_owned()}</h1></div>
        <form class="stack" method="post" action=action(function)>
            {form.start()}
            {fields}
            <div class="form-actions">
                <button class="ds-button" type="submit">{texts.tasks_save()}</button>
                <a class="ds-button" data-variant="tertiary" href=back>{texts.form_cancel()}</a>
            </div>
        </form>
    }
    .into_any()
}
