//! The checklist of a task: how far it has come, and a button for each item.

use leptos::prelude::*;
use server_fn::ServerFn;
use shared::tasks::{Item, Task};

use super::api::TickItem;
use crate::texts::Texts;
use crate::visit::action;

/// The checklist of a task that has one; folded once there is nothing left to do.
pub(super) fn checklist(texts: Texts, task: &Task) -> Option<AnyView> {
    let (count, done) = (task.items.len(), task.items.iter().filter(|item| item.is_done).count());
    let has_more = task.done_at.is_none() && done < count;
    let progress = texts.tasks_checklist_progress(&done.to_string(), &count.to_string());
    let items = task.items.iter().map(|item| row(texts, item)).collect_view();
    (count > 0).then(|| {
        view! {
            <details class="checklist" open=has_more>
                <summary>{progress}</summary>
                <ul>{items}</ul>
            </details>
        }
        .into_any()
    })
}

fn row(texts: Texts, item: &Item) -> AnyView {
    let label =
        if item.is_done { texts.tasks_checklist_untick(&item.text) } else { texts.tasks_checklist_tick(&item.text) };
    view! {
        <li data-done=item.is_done.then_some("")>
            <form method="post" action=action(TickItem::PATH)>
                <input type="hidden" name="form[item]" value=item.id.to_string()/>
                <input type="hidden" name="form[done]" value=(!item.is_done).to_string()/>
                <button class="tick" type="submit" id=format!("item-{}", item.id) aria-label=label>
                    <span>{item.text.clone()}</span>
                </button>
            </form>
        </li>
    }
    .into_any()
}
