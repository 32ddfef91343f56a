//! A participant's record.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::error::AppError;
use shared::participants::Record;
use shared::timeline::Filter;

use super::side::side;
use super::timeline::timeline;
use crate::board::board_with_all;
use crate::frame::{Page, Part, page, wake_islands};
use crate::notes::new_note_form;
use crate::texts::Texts;
use crate::visit::{Visit, go_to, see_other, visit};
use crate::words::{days, waiting_on};

#[component]
pub(crate) fn RecordPage() -> impl IntoView {
    let visit = visit();
    if let (Some(_), Some(place)) = (&visit.person, place_on_page(&visit)) {
        go_to(&format!("{}#{place}", visit.bare_path()));
        see_other();
        return ().into_any();
    }
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    let page = page(async move |visit, person| {
        let texts = visit.texts();
        let id = id.parse().map_err(|_| AppError::NotFound)?;
        let filter = Filter::from_code(&visit.query("show").unwrap_or_default());
        let record = person.record(id, filter).await?;
        let name = record.details.name.to_string();
        let body = view! {
            {wake_islands(&visit)}
            {head(texts, &record)}
            <nav class="jump-nav" aria-label=texts.record_on_this_page()>
                <a href="#timeline">{texts.record_timeline()}</a>
                <a href="#details">{texts.record_details()}</a>
                <a href="#tasks">{texts.record_tasks()}</a>
            </nav>
            <div class="record">
                <div class="record-main">
                    {new_note_form(&visit, &record)}
                    {timeline(&visit, &person, &record, filter)}
                </div>
                <aside class="record-side" aria-label=texts.record_side()>{side(&visit, &person, &record)}</aside>
            </div>
        }
        .into_any();
        Ok(Page { part: Part::Tracks, title: name, class: "page", body })
    });
    page.into_any()
}

/// The note or task to which a mail's link leads. It is in the query, since what stands after `#` is lost on
/// the way over the login page.
fn place_on_page(visit: &Visit) -> Option<String> {
    visit.query("at").filter(|place| place.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
}

fn head(texts: Texts, record: &Record) -> AnyView {
    let places = record.enrolments.iter().map(|enrolment| {
        let place = format!("{}: {}, {}", enrolment.track_name, enrolment.phase.name, days(texts, enrolment.days));
        view! { <span>{place}</span> }
    });
    let waiting = record.waiting.map(|waiting| {
        view! { <span class="ds-tag" data-color="info">{texts.card_waiting(waiting_on(texts, waiting.on))}</span> }
    });
    let boards = record.enrolments.iter().map(|enrolment| {
        let href = format!("{}#{}", board_with_all(&enrolment.track_slug), enrolment.id);
        view! { <a class="ds-button" data-variant="secondary" href=href>{texts.record_show_on(&enrolment.track_name)}</a> }
    });
    view! {
        <div class="page-head">
            <div>
                <h1>{record.details.name.to_string()}</h1>
                <p class="meta"><span>{record.reference.clone()}</span>{places.collect_view()}{waiting}</p>
            </div>
            <div class="actions">{boards.collect_view()}</div>
        </div>
    }
    .into_any()
}
