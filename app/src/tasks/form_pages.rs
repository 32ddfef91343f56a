//! A page for a new task, for those who come from a card, and one for changing a task.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server_fn::ServerFn;
use shared::error::AppError;
use shared::task_templates::{OfferedTemplates, TaskTemplate};
use shared::workdays::working_days_after;
use store::SignedIn;

use super::api::{AddTask, ChangeTask};
use super::view::{TaskValues, task_fields};
use crate::form::Form;
use crate::frame::{Page, Part, page};
use crate::texts::Texts;
use crate::visit::{Visit, action};

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
        let offered = person.offered_templates(id).await?;
        let chosen = visit.query("template");
        let template = offered.templates.iter().find(|template| Some(template.id.to_string()) == chosen);
        let values = match template {
            Some(template) => filled_in(&person, &offered, template),
            None => TaskValues { assignee: person.me().id.to_string(), ..TaskValues::default() },
        };
        let title = texts.tasks_new_about(&name, &reference);
        let choice = choose_template(&visit, &offered, template);
        let fields = task_fields(texts, &form, &people, &values).into_any();
        let body = form_page(texts, &title, choice, AddTask::PATH, &form, fields, back);
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
        let body = form_page(texts, &title, None, ChangeTask::PATH, &form, fields, back);
        Ok(Page { part: Part::Tasks, title, class: "page", body })
    })
}

/// What a template says about a task that is made today.
fn filled_in(person: &SignedIn, offered: &OfferedTemplates, template: &TaskTemplate) -> TaskValues {
    TaskValues {
        title: template.title.clone(),
        description: template.description.clone(),
        assignee: offered.assignee(template).unwrap_or(person.me().id).to_string(),
        due: working_days_after(person.today(), template.due_days.into()).to_string(),
        items: template.items.clone(),
        ..TaskValues::default()
    }
}

/// A form that fills the other one in, if the unit has templates.
fn choose_template(visit: &Visit, offered: &OfferedTemplates, chosen: Option<&TaskTemplate>) -> Option<AnyView> {
    let texts = visit.texts();
    let options = offered.templates.iter().map(|template| {
        let is_chosen = chosen.is_some_and(|chosen| chosen.id == template.id);
        view! { <option value=template.id.to_string() selected=is_chosen>{template.name.clone()}</option> }
    });
    let track = visit.query("track").map(|track| view! { <input type="hidden" name="track" value=track/> });
    (!offered.templates.is_empty()).then(|| {
        view! {
            <form class="choose-template" method="get" action=visit.bare_path().to_owned()>
                {track}
                <div class="ds-field">
                    <label class="ds-label" for="template">{texts.templates_choose()}</label>
                    <div data-field="description" id="template-hint">{texts.templates_choose_hint()}</div>
                    <select class="ds-input" id="template" name="template" aria-describedby="template-hint">{options.collect_view()}</select>
                </div>
                <button class="ds-button" data-variant="secondary" type="submit">{texts.templates_fill()}</button>
            </form>
        }
        .into_any()
    })
}

fn form_page(
    texts: Texts,
    title: &str,
    above: Option<AnyView>,
    function: &str,
    form: &Form,
    fields: AnyView,
    back: String,
) -> AnyView {
    view! {
        <div class="page-head"><h1>{title.to_owned()}</h1></div>
        {above}
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
