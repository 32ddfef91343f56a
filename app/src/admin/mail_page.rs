//! "E-postlevering": what waits, what was sent, what failed and why.

use leptos::prelude::*;
use server_fn::ServerFn;
use shared::outbox::{MailState, WARN_AFTER_MINUTES};
use store::{MailDelivery, MailSearch, SignedIn};

use super::api::{PauseMails, SendTestMail};
use super::mail_table::table;
use super::mail_test::latest_test;
use crate::frame::{Page, Part, page};
use crate::texts::Texts;
use crate::visit::action;
use crate::words::{content_level, mail_state, moment};

#[component]
pub(crate) fn MailPage() -> impl IntoView {
    page(async |visit, person| {
        let texts = visit.texts();
        let search = MailSearch {
            recipient: visit.query("recipient").unwrap_or_default(),
            state: visit.query("state").as_deref().and_then(MailState::from_code),
        };
        let delivery = person.mail_delivery(&search).await?;
        let title = texts.menu_mail();
        let body = view! {
            <div class="page-head">
                <h1>{title}</h1>
                <div class="actions">{actions(texts, delivery.paused.is_some())}</div>
            </div>
            {warnings(texts, &person, &delivery)}
            {figures(texts, &person, &delivery)}
            {latest_test(texts, &person, &delivery.rows)}
            {bounced(texts, &person, &delivery)}
            {table(texts, &person, &search, &delivery.rows)}
        }
        .into_any();
        Ok(Page { part: Part::Mail, title: title.to_owned(), class: "page", body })
    })
}

fn actions(texts: Texts, is_paused: bool) -> AnyView {
    let pause = if is_paused { texts.delivery_resume() } else { texts.delivery_pause() };
    view! {
        <form method="post" action=action(SendTestMail::PATH)>
            <button class="ds-button" data-variant="secondary" type="submit">{texts.delivery_test()}</button>
        </form>
        <form method="post" action=action(PauseMails::PATH)>
            <input type="hidden" name="form[pause]" value=(!is_paused).to_string()/>
            <button class="ds-button" data-variant="tertiary" type="submit">{pause}</button>
        </form>
    }
    .into_any()
}

fn warnings(texts: Texts, person: &SignedIn, delivery: &MailDelivery) -> AnyView {
    let paused = delivery.paused.as_ref().map(|(name, since)| {
        let text = texts.delivery_paused(name, &moment(texts, *since, person.now()));
        view! { <div class="ds-alert" data-color="warning">{text}</div> }
    });
    let late = delivery
        .figures
        .oldest
        .filter(|oldest| delivery.paused.is_none() && (person.now() - *oldest).num_minutes() >= WARN_AFTER_MINUTES);
    let late = late.map(|oldest| {
        view! {
            <div class="ds-alert" data-color="danger">
                <h2 class="ds-heading" data-size="2xs">{texts.delivery_late_heading()}</h2>
                <p class="ds-paragraph">{texts.delivery_late(&moment(texts, oldest, person.now()))}</p>
            </div>
        }
    });
    view! { {paused}{late} }.into_any()
}

fn figures(texts: Texts, person: &SignedIn, delivery: &MailDelivery) -> AnyView {
    let counts = MailState::ALL.map(|state| {
        let (_, name) = mail_state(texts, state);
        let count = delivery.figures.counts.get(&state).copied().unwrap_or_default();
        view! { <dt>{name}</dt><dd>{count}</dd> }
    });
    let oldest = delivery.figures.oldest.map(|oldest| {
        view! { <dt>{texts.delivery_oldest()}</dt><dd>{moment(texts, oldest, person.now())}</dd> }
    });
    let chosen = delivery.content_chosen.as_ref().map(|(name, at)| {
        let text = texts.delivery_content_chosen(name, &moment(texts, *at, person.now()));
        view! { " " <span class="muted">{text}</span> }
    });
    view! {
        <dl class="facts">
            {counts.into_iter().collect_view()}
            {oldest}
            <dt>{texts.delivery_content_heading()}</dt>
            <dd>
                {content_level(texts, delivery.content)} {chosen} " "
                <a class="ds-link" href="/admin/mail/content">{texts.delivery_content_change()}</a>
            </dd>
        </dl>
    }
    .into_any()
}

fn bounced(texts: Texts, person: &SignedIn, delivery: &MailDelivery) -> AnyView {
    if delivery.bounced.is_empty() {
        return ().into_any();
    }
    let rows = delivery.bounced.iter().map(|(address, words, at)| {
        let when = texts.delivery_bounced_at(&moment(texts, *at, person.now()));
        view! { <li><strong>{address.clone()}</strong> " " {when} <br/> <span class="muted">{words.clone()}</span></li> }
    });
    view! {
        <section aria-labelledby="bounced">
            <h2 id="bounced">{texts.delivery_bounced_heading()}</h2>
            <ul class="ds-list">{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}
