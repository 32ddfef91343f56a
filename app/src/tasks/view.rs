//! A list of tasks, and the form for a new one.

use chrono::NaiveDate;
use leptos::prelude::*;
use server_fn::ServerFn;
use shared::accounts::Person;
use shared::id::{ParticipantId, UserId};
use shared::tasks::{Every, Task, typed_items};

use super::api::{AddTask, SetTaskDone};
use super::checklist::checklist;
use crate::form::{Form, Input};
use crate::texts::Texts;
use crate::visit::{Visit, action};
use crate::words::{days, repeats, short_date};

/// Tasks as a list; `about` says whether each names its participant.
pub(crate) fn task_list(texts: Texts, tasks: Vec<Task>, today: NaiveDate, about: bool) -> AnyView {
    let rows = tasks.into_iter().map(|task| row(texts, task, today, about));
    view! { <ul class="tasks">{rows.collect_view()}</ul> }.into_any()
}

/// The form for a new task, folded until it is wanted.
pub(crate) fn new_task_form(visit: &Visit, participant: ParticipantId, people: &[Person], me: UserId) -> AnyView {
    let texts = visit.texts();
    let form = Form::new(visit, AddTask::PATH, "task", vec![("participant", participant.to_string())]);
    view! {
        <details class="more-details" id="new-task" open=form.is_rejected()>
            <summary>{texts.tasks_new()}</summary>
            <form class="stack compact" method="post" action=action(AddTask::PATH) aria-label=texts.tasks_new()>
                {form.start()}
                {task_fields(texts, &form, people, &TaskValues { assignee: me.to_string(), ..TaskValues::default() })}
                <div class="form-actions">
                    <button class="ds-button" data-variant="secondary" type="submit">{texts.tasks_save()}</button>
                    <a class="ds-button" data-variant="tertiary" href=format!("/participants/{participant}/tasks/new")>{texts.templates_use()}</a>
                </div>
            </form>
        </details>
    }.into_any()
}

/// What the fields of a task hold at first.
#[derive(Default)]
pub(super) struct TaskValues {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) assignee: String,
    pub(super) due: String,
    pub(super) items: String,
    /// How often it comes back, until when and how many times.
    pub(super) repeat: Option<Every>,
    pub(super) until: String,
    pub(super) times: String,
}

impl TaskValues {
    /// What a task holds now.
    pub(super) fn of(task: &Task) -> Self {
        let repeat = task.repeat.as_ref();
        let until = repeat.and_then(|rule| rule.until).map(|until| until.to_string());
        let times = repeat.and_then(|rule| rule.times).map(|times| times.to_string());
        Self {
            title: task.title.clone(),
            description: task.description.clone(),
            assignee: task.assignee.id.to_string(),
            due: task.due.to_string(),
            items: typed_items(&task.items),
            repeat: repeat.map(|rule| rule.every),
            until: until.unwrap_or_default(),
            times: times.unwrap_or_default(),
        }
    }
}

/// The fields of a task.
pub(super) fn task_fields(texts: Texts, form: &Form, people: &[Person], values: &TaskValues) -> AnyView {
    let people: Vec<_> = people
        .iter()
        .map(|person| (person.id.to_string(), format!("{}, {}", person.name, person.organisation)))
        .collect();
    view! {
        {form.field("title", texts.field_title(), Input::Line("text", "off"), &values.title)}
        <div class="field-row">
            {form.field("assignee", texts.field_assignee(), Input::Choice(&people), &values.assignee)}
            {form.field("due", texts.field_due(), Input::Line("date", "off"), &values.due)}
        </div>
        {form.field("description", texts.field_description(), Input::Lines(2), &values.description)}
        {routine_fields(texts, form, values)}
    }
    .into_any()
}

/// The checklist, and how the task comes back; folded until it is wanted.
fn routine_fields(texts: Texts, form: &Form, values: &TaskValues) -> AnyView {
    let is_open = form.is_rejected() || !values.items.is_empty() || values.repeat.is_some();
    // A rule that is not offered any more stays as it is.
    let other = values.repeat.filter(|every| !Every::OFFERED.contains(every));
    let every = Every::OFFERED.into_iter().chain(other).map(|every| (every.code(), repeats(texts, every)));
    let every: Vec<_> = [(String::new(), texts.tasks_repeat_never().to_owned())].into_iter().chain(every).collect();
    let chosen = values.repeat.map(Every::code).unwrap_or_default();
    view! {
        <details class="more-details" open=is_open>
            <summary>{texts.tasks_routine()}</summary>
            <div class="stack compact">
                {form.field_with("items", texts.field_items(), Some(texts.tasks_items_hint()), Input::Lines(4), &values.items)}
                {form.field_with("repeat", texts.field_repeat(), Some(texts.tasks_repeat_hint()), Input::Choice(&every), &chosen)}
                <div class="field-row">
                    {form.field("repeat_until", texts.field_repeat_until(), Input::Line("date", "off"), &values.until)}
                    {form.field("repeat_times", texts.field_repeat_times(), Input::Line("number", "off"), &values.times)}
                </div>
            </div>
        </details>
    }
    .into_any()
}

fn row(texts: Texts, task: Task, today: NaiveDate, about: bool) -> AnyView {
    let checklist = checklist(texts, &task);
    let repeat = task.repeat.as_ref().map(|rule| view! { <span class="repeat">{repeats(texts, rule.every)}</span> });
    let is_done = task.done_at.is_some();
    let late = (today - task.due).num_days();
    let is_overdue = !is_done && late > 0;
    let overdue = is_overdue.then(|| view! { " " <span class="overdue">{texts.tasks_late(&days(texts, late))}</span> });
    // One's own list needs no name on each row.
    let assignee = (!about).then(|| view! { <span class="assignee">{task.assignee.name}</span> });
    let participant = about.then(|| {
        let href = format!("/participants/{}", task.participant);
        view! { <span class="about"><a href=href>{task.participant_name}</a> " " {task.participant_reference}</span> }
    });
    let label = if is_done { texts.tasks_reopen(&task.title) } else { texts.tasks_do(&task.title) };
    let description =
        (!task.description.is_empty()).then(|| view! { <span class="description">{task.description}</span> });
    view! {
        <li class="task-row" id=format!("task-{}", task.id) data-overdue=is_overdue.then_some("") data-done=is_done.then_some("")>
            <form method="post" action=action(SetTaskDone::PATH)>
                <input type="hidden" name="form[task]" value=task.id.to_string()/>
                <input type="hidden" name="form[done]" value=(!is_done).to_string()/>
                <button class="done" type="submit" aria-label=label></button>
            </form>
            <div class="title"><a href=format!("/tasks/{}", task.id)>{task.title}</a>{description}{checklist}</div>
            {participant}
            {assignee}
            <span class="due"><time datetime=task.due.to_string()>{short_date(texts, task.due)}</time>{overdue}{repeat}</span>
        </li>
    }.into_any()
}
