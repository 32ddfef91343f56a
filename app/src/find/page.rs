//! What was found.

use leptos::prelude::*;
use shared::error::AppError;
use shared::find::{Found, FoundPerson, FoundText, Hits};
use store::{SignedIn, StoreError};

use crate::frame::{Page, Part, page};
use crate::texts::Texts;
use crate::visit::set_status;
use crate::words::{moment, problem};

#[component]
pub(crate) fn FindPage() -> impl IntoView {
    page(async |visit, person| {
        let texts = visit.texts();
        let typed = visit.query("q").unwrap_or_default();
        let title = if typed.is_empty() { texts.find_title().to_owned() } else { texts.find_found(&typed) };
        let found = match person.find(&typed).await {
            Ok(found) => hits(texts, &person, found, &typed),
            Err(StoreError::Refused(error @ AppError::Invalid(_))) => {
                set_status(&error);
                let text = error.problem("q").map(|found| problem(texts, found));
                view! { <div class="ds-alert" data-color="danger" role="alert"><p class="ds-paragraph">{text}</p></div> }.into_any()
            }
            Err(error) => return Err(error.into()),
        };
        let body = view! { <div class="page-head"><h1>{title.clone()}</h1></div>{found} }.into_any();
        Ok(Page { part: Part::Find, title, class: "page page-find", body })
    })
}

fn hits(texts: Texts, person: &SignedIn, found: Found, typed: &str) -> AnyView {
    if typed.trim().is_empty() {
        return view! { <p class="ds-paragraph">{texts.find_hint()}</p> }.into_any();
    }
    if found == Found::default() {
        return view! {
            <p class="ds-paragraph">{texts.find_nothing(typed)}</p>
            <p class="ds-paragraph muted">{texts.find_nothing_hint()}</p>
        }
        .into_any();
    }
    let text = |each| text_row(texts, person, each);
    view! {
        {section(texts, "people", texts.find_people(), found.people, person_row)}
        {section(texts, "notes", texts.find_notes(), found.notes, text)}
        {section(texts, "tasks", texts.find_tasks(), found.tasks, text)}
    }
    .into_any()
}

fn section<T>(
    texts: Texts,
    id: &'static str,
    heading: &'static str,
    hits: Hits<T>,
    row: impl Fn(T) -> AnyView,
) -> Option<AnyView> {
    let count = hits.shown.len();
    let more = hits.more.then(|| view! { <p class="muted">{texts.find_more()}</p> });
    let count_text = if hits.more { format!("{count}+") } else { count.to_string() };
    (count > 0).then(|| {
        view! {
            <section aria-labelledby=id>
                <h2 id=id>{heading} " " <span class="count">{count_text}</span></h2>
                <ul class="hits">{hits.shown.into_iter().map(row).collect_view()}</ul>
                {more}
            </section>
        }
        .into_any()
    })
}

fn person_row(person: FoundPerson) -> AnyView {
    let places: Vec<String> = person.places.into_iter().map(|(track, phase)| format!("{track}: {phase}")).collect();
    view! {
        <li>
            <p><a href=format!("/participants/{}", person.id)>{person.name}</a> " " <span class="muted">{person.reference}</span></p>
            <p class="muted">{places.join(" · ")}</p>
        </li>
    }
    .into_any()
}

fn text_row(texts: Texts, person: &SignedIn, found: FoundText) -> AnyView {
    let href = format!("/participants/{}#{}", found.participant, found.subject.place());
    view! {
        <li>
            <p>
                <a href=href>{found.name}</a> " " <span class="muted">{found.reference} " · "</span>
                <time class="muted" datetime=found.at.to_rfc3339()>{moment(texts, found.at, person.now())}</time>
            </p>
            <p class="excerpt">{found.excerpt.before}<mark>{found.excerpt.hit}</mark>{found.excerpt.after}</p>
        </li>
    }
    .into_any()
}
