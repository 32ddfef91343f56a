//! "Oppgaver i kalenderen": the secret address at which one's own calendar program reads one's tasks.

use leptos::prelude::*;
use server_fn::ServerFn;
use shared::calendar::CalendarAddress;

use super::api::{MakeCalendarAddress, RemoveCalendarAddress};
use super::copy::CopyButton;
use crate::frame::{Page, Part, page, wake_islands};
use crate::texts::Texts;
use crate::visit::{Visit, action, forget_shown};
use crate::words::moment;

/// The id of the field that shows a new address.
const ADDRESS: &str = "calendar-address";

#[component]
pub(crate) fn CalendarPage() -> impl IntoView {
    page(async |visit, person| {
        let texts = visit.texts();
        let address = person.calendar_address(visit.shown_once.as_deref()).await?;
        if visit.shown_once.is_some() {
            forget_shown(&visit);
        }
        let is_made = address.is_some();
        // The cookie may be an earlier person's.
        let is_new = address.as_ref().is_some_and(|(_, is_new)| *is_new);
        let secret = visit.shown_once.as_deref().filter(|_| is_new);
        let shown = secret.map(|secret| new_address(&visit, secret));
        let state = match &address {
            None => view! { <p class="ds-paragraph">{texts.calendar_none()}</p> }.into_any(),
            Some((address, _)) => state(texts, address, person.now()),
        };
        let (make, variant) =
            if is_made { (texts.calendar_make_new(), "secondary") } else { (texts.calendar_make(), "primary") };
        let remove = is_made.then(|| {
            view! {
                <form method="post" action=action(RemoveCalendarAddress::PATH)>
                    <button class="ds-button" data-variant="tertiary" data-color="danger" type="submit">{texts.calendar_remove()}</button>
                </form>
            }
        });
        let title = texts.calendar_title();
        let body = view! {
            <div class="page-head"><h1>{title}</h1></div>
            <p class="ds-paragraph">{texts.calendar_intro()}</p>
            {shown}
            <section class="stack calendar" aria-label=texts.calendar_address()>
                <h2>{texts.calendar_address()}</h2>
                {state}
                <div class="form-actions">
                    <form method="post" action=action(MakeCalendarAddress::PATH)>
                        <button class="ds-button" data-variant=variant type="submit">{make}</button>
                    </form>
                    {remove}
                </div>
                {is_made.then(|| view! { <p class="muted">{texts.calendar_make_new_hint()}</p> })}
            </section>
            {steps(texts)}
        }
        .into_any();
        Ok(Page { part: Part::Tasks, title: title.to_owned(), class: "page", body })
    })
}

fn new_address(visit: &Visit, secret: &str) -> AnyView {
    let texts = visit.texts();
    let address = format!("{}/calendar/{secret}.ics", visit.public_url);
    view! {
        {wake_islands(visit)}
        <div class="ds-field calendar">
            <label class="ds-label" for=ADDRESS>{texts.calendar_new_address()}</label>
            <div data-field="description" id="calendar-address-hint">{texts.calendar_once()}</div>
            <input class="ds-input" type="text" id=ADDRESS value=address readonly autocomplete="off" spellcheck="false" aria-describedby="calendar-address-hint"/>
            <div class="form-actions"><CopyButton field=ADDRESS.to_owned() locale=visit.locale/></div>
        </div>
    }
    .into_any()
}

fn state(texts: Texts, address: &CalendarAddress, now: chrono::DateTime<chrono::Utc>) -> AnyView {
    let read = match address.read_at {
        None => texts.calendar_not_read().to_owned(),
        Some(at) => texts.calendar_read(&moment(texts, at, now)),
    };
    view! { <p class="ds-paragraph">{texts.calendar_made(&moment(texts, address.made_at, now))} " " {read}</p> }
        .into_any()
}

/// How to let each program read the address.
fn steps(texts: Texts) -> AnyView {
    let programs = [
        (texts.calendar_outlook(), texts.calendar_outlook_steps()),
        (texts.calendar_google(), texts.calendar_google_steps()),
        (texts.calendar_apple(), texts.calendar_apple_steps()),
    ];
    let programs = programs.map(|(name, steps)| view! { <dt>{name}</dt><dd>{steps}</dd> });
    view! {
        <section class="stack calendar" aria-label=texts.calendar_steps()>
            <h2>{texts.calendar_steps()}</h2>
            <dl class="facts">{programs.into_iter().collect_view()}</dl>
            <p class="muted">{texts.calendar_delay()}</p>
        </section>
    }
    .into_any()
}
