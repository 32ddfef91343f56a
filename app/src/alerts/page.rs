//! The list of alerts.

use leptos::prelude::*;
use server_fn::ServerFn;
use shared::alerts::{Alert, Subject};
use store::SignedIn;

use super::api::MarkAllRead;
use crate::frame::{Page, Part, page};
use crate::texts::Texts;
use crate::visit::action;
use crate::words::{alert, moment};

#[component]
pub(crate) fn AlertsPage() -> impl IntoView {
    page(async |visit, person| {
        let texts = visit.texts();
        let alerts = person.alerts().await?;
        let mark = alerts.iter().any(|alert| !alert.read).then(|| {
            view! {
                <form method="post" action=action(MarkAllRead::PATH)>
                    <button class="ds-button" data-variant="secondary" type="submit">{texts.alert_mark_all()}</button>
                </form>
            }
        });
        let list = if alerts.is_empty() {
            view! { <p class="empty">{texts.alert_none()}</p> }.into_any()
        } else {
            let rows = alerts.iter().map(|alert| row(texts, &person, alert));
            view! { <ul class="alerts">{rows.collect_view()}</ul> }.into_any()
        };
        let title = texts.menu_alerts();
        let body =
            view! { <div class="page-head"><h1>{title}</h1><div class="actions">{mark}</div></div>{list} }.into_any();
        Ok(Page { part: Part::Alerts, title: title.to_owned(), class: "page", body })
    })
}

fn row(texts: Texts, person: &SignedIn, each: &Alert) -> AnyView {
    let target = match each.subject {
        Subject::Note(note) => format!("note-{note}"),
        Subject::Task(task) => format!("task-{task}"),
    };
    let text = alert(texts, each.kind, &format!("{} ({})", each.participant_name, each.participant_reference));
    let unread = (!each.read).then(|| view! { <span class="visually-hidden">{texts.alert_unread()}</span> });
    view! {
        <li class="alert-row" data-unread=(!each.read).then_some("")>
            <span><a href=format!("/participants/{}#{target}", each.participant)>{text}</a>{unread} " " <span class="muted">{texts.alert_by(&each.by)}</span></span>
            <time datetime=each.at.to_rfc3339()>{moment(texts, each.at, person.now())}</time>
        </li>
    }.into_any()
}
