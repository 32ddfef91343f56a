//! The list of alerts.

use leptos::prelude::*;
use server_fn::ServerFn;
use shared::alerts::{Alert, Mailed, Reason};
use store::SignedIn;

use super::api::{MarkAlertRead, MarkAllRead};
use super::history::history;
use crate::frame::{Page, Part, page};
use crate::texts::Texts;
use crate::visit::action;
use crate::words::{alert, alert_reason, mailed, moment};

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
        let history = history(&visit, &person).await?;
        let body = view! {
            <div class="page-head">
                <h1>{title}</h1>
                <div class="actions">
                    {mark}
                    <a class="ds-button" data-variant="tertiary" href="/account/alerts">{texts.alert_choose()}</a>
                </div>
            </div>
            {history}
            {list}
        }
        .into_any();
        Ok(Page { part: Part::Alerts, title: title.to_owned(), class: "page", body })
    })
}

fn row(texts: Texts, person: &SignedIn, each: &Alert) -> AnyView {
    let text = alert(texts, each.kind, &format!("{} ({})", each.participant_name, each.participant_reference));
    let href = format!("/participants/{}#{}", each.participant, each.subject.place());
    let unread = (!each.read).then(|| view! { " " <span class="visually-hidden">{texts.alert_unread()}</span> });
    let by = (!each.by.is_empty()).then(|| view! { " " <span class="muted">{texts.alert_by(&each.by)}</span> });
    let explained = explanation(texts, person, each.reason, each.on_behalf_of.as_deref(), &each.mailed);
    let mark = (!each.read).then(|| {
        view! {
            <form method="post" action=action(MarkAlertRead::PATH)>
                <input type="hidden" name="form[alert]" value=each.id.to_string()/>
                <button class="ds-button compact" data-variant="tertiary" type="submit" aria-label=format!("{}: {text}", texts.alert_mark_one())>{texts.alert_mark_one()}</button>
            </form>
        }
    });
    view! {
        <li class="alert-row" data-unread=(!each.read).then_some("")>
            <div class="alert-text">
                <p><a href=href>{text}</a>{unread}{by}</p>
                {explained}
            </div>
            {mark}
            <time datetime=each.at.to_rfc3339()>{moment(texts, each.at, person.now())}</time>
        </li>
    }
    .into_any()
}

/// Why somebody is told, and what became of the mail.
pub(super) fn explanation(
    texts: Texts,
    person: &SignedIn,
    reason: Reason,
    on_behalf_of: Option<&str>,
    by_mail: &Mailed,
) -> AnyView {
    let why = texts.alert_why(alert_reason(texts, reason));
    let on_behalf = on_behalf_of.map(|name| format!(" {}", texts.alert_on_behalf(name)));
    view! { <p class="muted alert-why">{why}{on_behalf} " " {mailed(texts, by_mail, person.now())}</p> }.into_any()
}
