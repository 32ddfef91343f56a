//! "Mine oppgaver": everything that one has to do, over all tracks.

use leptos::prelude::*;
use shared::access::{Action, Relation, permits};
use shared::tasks::Task;
use shared::time::Due;

use super::view::task_list;
use crate::frame::{Page, Part, page};
use crate::texts::Texts;

#[component]
pub(crate) fn TasksPage() -> impl IntoView {
    page(async |visit, person| {
        let texts = visit.texts();
        let today = person.today();
        let (open, done) = person.my_tasks().await?;
        let is_empty = open.is_empty();
        let groups = Due::ALL.into_iter().filter_map(|due| {
            let tasks: Vec<Task> = open.iter().filter(|task| Due::of(task.due, today) == due).cloned().collect();
            (!tasks.is_empty()).then(|| section(due_name(texts, due), task_list(texts, tasks, today, true).into_any()))
        });
        let groups = groups.collect_view();
        let done = (!done.is_empty())
            .then(|| section(texts.tasks_recently_done(), task_list(texts, done, today, true).into_any()));
        let empty = is_empty.then(|| view! { <p class="empty">{texts.tasks_none()}</p> });
        let templates = permits(person.me().role, Action::KeepTaskTemplates, Relation::Stranger).then(|| {
            view! { <p class="ds-paragraph"><a class="ds-link" href="/task-templates">{texts.templates_link()}</a></p> }
        });
        let title = texts.menu_tasks();
        let body = view! {
            <div class="page-head"><h1>{title}</h1></div>
            {empty}
            {groups}
            {done}
            <p class="ds-paragraph"><a class="ds-link" href="/account/calendar">{texts.calendar_link()}</a></p>
            {templates}
        }
        .into_any();
        Ok(Page { part: Part::Tasks, title: title.to_owned(), class: "page", body })
    })
}

fn section(heading: &'static str, list: AnyView) -> AnyView {
    view! { <section aria-label=heading><h2>{heading}</h2>{list}</section> }.into_any()
}

fn due_name(texts: Texts, due: Due) -> &'static str {
    match due {
        Due::Overdue => texts.tasks_overdue(),
        Due::Today => texts.tasks_today(),
        Due::ThisWeek => texts.tasks_this_week(),
        Due::Later => texts.tasks_later(),
    }
}
