//! "E-postlevering": what waits, what was sent, what failed and why.

use leptos::prelude::*;
use server_fn::ServerFn;
use shared::alerts::{MailRow, MailState};
use store::SignedIn;

use super::api::{ResendMail, SendTestMail};
use crate::frame::{Page, Part, page};
use crate::texts::Texts;
use crate::visit::action;
use crate::words::{alert, mail_state, moment};

#[component]
pub(crate) fn MailPage() -> impl IntoView {
    page(async |visit, person| {
        let texts = visit.texts();
        let delivery = person.mail_delivery().await?;
        let counts = MailState::ALL.map(|state| {
            let (_, name) = mail_state(texts, state);
            let count = delivery.counts.get(&state).copied().unwrap_or_default();
            view! { <dt>{name}</dt><dd>{count}</dd> }
        });
        let oldest = delivery.oldest.map(|oldest| {
            view! { <dt>{texts.delivery_oldest()}</dt><dd>{moment(texts, oldest, person.now())}</dd> }
        });
        let table = if delivery.rows.is_empty() {
            view! { <p class="empty">{texts.delivery_none()}</p> }.into_any()
        } else {
            table(texts, &person, &delivery.rows).into_any()
        };
        let title = texts.menu_mail();
        let body = view! {
            <div class="page-head">
                <h1>{title}</h1>
                <div class="actions">
                    <form method="post" action=action(SendTestMail::PATH)>
                        <button class="ds-button" data-variant="secondary" type="submit">{texts.delivery_test()}</button>
                    </form>
                </div>
            </div>
            <dl class="facts">{counts.into_iter().collect_view()}{oldest}</dl>
            {table}
        }
        .into_any();
        Ok(Page { part: Part::Mail, title: title.to_owned(), class: "page", body })
    })
}

fn table(texts: Texts, person: &SignedIn, rows: &[MailRow]) -> AnyView {
    let rows = rows.iter().map(|mail| row(texts, person, mail));
    view! {
        <div class="table-scroll" role="region" aria-labelledby="mails" tabindex="0">
            <table class="ds-table" data-hover>
                <caption id="mails">{texts.delivery_latest()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{texts.delivery_time()}</th>
                        <th scope="col">{texts.delivery_what()}</th>
                        <th scope="col">{texts.delivery_to()}</th>
                        <th scope="col">{texts.delivery_state()}</th>
                        <th scope="col" class="num">{texts.delivery_attempts()}</th>
                        <th scope="col">{texts.delivery_answer()}</th>
                        <th scope="col"><span class="visually-hidden">{texts.delivery_action()}</span></th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(texts: Texts, person: &SignedIn, mail: &MailRow) -> AnyView {
    let (color, state) = mail_state(texts, mail.state);
    let what = match mail.kind {
        Some(kind) => alert(texts, kind, &mail.reference),
        None => texts.delivery_is_test().to_owned(),
    };
    let next = (mail.state == MailState::Queued && mail.attempts > 0)
        .then(|| view! { <br/>{texts.delivery_next(&moment(texts, mail.due_at, person.now()))} });
    let resend = (mail.state == MailState::Failed).then(|| {
        view! {
            <form method="post" action=action(ResendMail::PATH)>
                <input type="hidden" name="form[mail]" value=mail.id.to_string()/>
                <button class="ds-button compact" data-variant="secondary" type="submit">{texts.delivery_resend()}</button>
            </form>
        }
    });
    view! {
        <tr>
            <td>{moment(texts, mail.sent_at.unwrap_or(mail.created_at), person.now())}</td>
            <td>{what}</td>
            <td>{mail.recipient.clone()}</td>
            <td><span class="ds-tag" data-color=color>{state}</span></td>
            <td class="num">{mail.attempts}</td>
            <td>{mail.answer.clone()}{next}</td>
            <td>{resend}</td>
        </tr>
    }
    .into_any()
}
