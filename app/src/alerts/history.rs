//! "Fikk du ikke varsel?": what happened to a participant, and whether one was told of it.

use leptos::prelude::*;
use shared::alerts::Heard;
use shared::error::AppError;
use shared::timeline::Entry;
use store::{AlertHistory, SignedIn};

use super::page::explanation;
use crate::participants::summary;
use crate::texts::Texts;
use crate::visit::Visit;
use crate::words::moment;

/// The form that asks for a reference, and what there is to tell.
pub(super) async fn history(visit: &Visit, person: &SignedIn) -> Result<AnyView, AppError> {
    let texts = visit.texts();
    let typed = visit.query("reference").unwrap_or_default();
    let found = if typed.is_empty() { None } else { Some(person.alert_history(&typed).await?) };
    let result = found.map(|found| match found {
        Some(history) => result(texts, person, &history, &typed),
        None => view! { <p role="status">{texts.alert_missing_nobody(&typed)}</p> }.into_any(),
    });
    let is_asked = result.is_some();
    Ok(view! {
        <details class="more-details alert-history" id="missing" open=is_asked>
            <summary>{texts.alert_missing_heading()}</summary>
            <p class="ds-paragraph" id="missing-hint">{texts.alert_missing_text()}</p>
            <form class="search-row" method="get" action="/alerts#missing">
                <div class="ds-field">
                    <label class="ds-label" for="reference">{texts.alert_missing_field()}</label>
                    <input class="ds-input" id="reference" name="reference" value=typed maxlength="20" autocomplete="off" aria-describedby="missing-hint" autofocus=is_asked/>
                </div>
                <button class="ds-button" data-variant="secondary" type="submit">{texts.alert_missing_search()}</button>
            </form>
            {result}
        </details>
    }
    .into_any())
}

fn result(texts: Texts, person: &SignedIn, history: &AlertHistory, typed: &str) -> AnyView {
    let rows = history.entries.iter().map(|(entry, heard)| row(texts, person, entry, heard));
    let heading = texts.alert_missing_result(&format!("{} ({})", history.name, typed.trim()));
    view! { <h2 role="status">{heading}</h2><ol class="alerts">{rows.collect_view()}</ol> }.into_any()
}

fn row(texts: Texts, person: &SignedIn, entry: &Entry, heard: &Heard) -> AnyView {
    let who = entry.by.clone().unwrap_or_else(|| texts.timeline_system().to_owned());
    let untold = |text: &'static str| view! { <p class="muted alert-why">{text}</p> }.into_any();
    let explained = match heard {
        Heard::Told(told) => explanation(texts, person, told.reason, told.on_behalf_of.as_deref(), &told.mailed),
        Heard::Withdrawn => untold(texts.alert_untold_withdrawn()),
        Heard::Own => untold(texts.alert_untold_own()),
        Heard::NotFollowing => untold(texts.alert_untold_not_following()),
        Heard::Others => untold(texts.alert_untold_others()),
    };
    view! {
        <li class="alert-row">
            <div class="alert-text">
                <p>{summary(texts, &entry.what)} " " <span class="muted">{texts.alert_by(&who)}</span></p>
                {explained}
            </div>
            <time datetime=entry.at.to_rfc3339()>{moment(texts, entry.at, person.now())}</time>
        </li>
    }
    .into_any()
}
