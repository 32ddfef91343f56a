//! One card. There may be thousands, so it has as few nodes as it can.

use chrono::NaiveDate;
use leptos::prelude::*;
use shared::accounts::initials;
use shared::board::{Card, Contact};
use shared::views::{Need, needs};

use crate::texts::Texts;
use crate::words::{days, need, plan_badge, short_date, waiting_on};

pub(super) fn card(texts: Texts, card: Card, today: NaiveDate, closed: bool, quiet_days: i64) -> AnyView {
    let (id, button_value) = (card.id.to_string(), card.id.to_string());
    let needs = needs(&card, closed, quiet_days).into_iter().map(|each| match each {
        // It stands where the task would.
        Need::NoTask => view! { <span class="task" data-none="">{need(texts, each)}</span> }.into_any(),
        // How many days it has been stands above.
        Need::StoodStill { agreed, .. } => {
            let text = texts.card_over_agreed(&days(texts, agreed.into()));
            view! { <span class="flag" data-flag="still" data-color="warning">{text}</span> }.into_any()
        }
        Need::Quiet { .. } => {
            view! { <span class="flag" data-flag="quiet" data-color="warning">{need(texts, each)}</span> }.into_any()
        }
    });
    let task = card.next_task.map(|task| {
        let due = short_date(texts, task.due);
        let overdue = task.due < today;
        let text = if overdue { texts.card_overdue(&task.title, &due) } else { format!("{} · {due}", task.title) };
        view! { <span class="task" data-overdue=overdue.then_some("")>{text}</span> }.into_any()
    });
    let contact = |role: &'static str, contact: Option<Contact>| {
        contact.map(|Contact { name, .. }| view! { <abbr title=format!("{role}: {name}")>{initials(&name)}</abbr> })
    };
    let people = (card.inn_contact.is_some() || card.nav_contact.is_some()).then(|| {
        let inn = contact(texts.card_inn(), card.inn_contact);
        let nav = contact(texts.card_nav(), card.nav_contact);
        view! { <span class="people">{inn}{nav}</span> }.into_any()
    });
    let waiting = card.waiting.map(|waiting| {
        view! { <span class="flag">{texts.card_waiting(waiting_on(texts, waiting.on))}</span> }.into_any()
    });
    let unread = card.unread_note.then(|| {
        view! { <span class="flag" data-flag="note" data-color="success">{texts.card_unread_note()}</span> }.into_any()
    });
    let (plan_state, plan_text) = plan_badge(texts, card.plan, today);
    // A plan that is in order, or of somebody who has left, needs no attention.
    let plan = (plan_state != "ok" && !closed)
        .then(|| view! { <span class="plan" data-plan=plan_state>{plan_text}</span> }.into_any());
    // One list: each part that is missing by itself would leave a node where it could have been.
    let parts: Vec<AnyView> = [task, people]
        .into_iter()
        .flatten()
        .chain(needs)
        .chain([unread, waiting, plan].into_iter().flatten())
        .collect();
    view! {
        <li class="card" id=id data-version=card.version.to_string() data-rank=card.rank data-filled=card.filled.bits().to_string()>
            <a class="name" href=format!("/participants/{}", card.participant)>{card.name.clone()}</a>
            <span class="meta">{format!("{} · {}", card.reference, days(texts, card.days))}</span>
            {parts}
            <button class="more" form="move-form" name="card" value=button_value aria-haspopup="menu" aria-label=texts.card_move(&card.name)>"⋮"</button>
        </li>
    }.into_any()
}
