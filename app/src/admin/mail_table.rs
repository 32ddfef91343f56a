//! The list of mails, and the search in it.

use leptos::prelude::*;
use server_fn::ServerFn;
use shared::outbox::{MailRow, MailState};
use store::{MailSearch, SignedIn};

use super::api::ResendMail;
use crate::texts::Texts;
use crate::visit::action;
use crate::words::{coming, mail_about, mail_cause, mail_state, moment};

/// The mails that were looked for.
pub(super) fn table(texts: Texts, person: &SignedIn, search: &MailSearch, mails: &[MailRow]) -> AnyView {
    let is_search = !search.recipient.is_empty() || search.state.is_some();
    let list = match (mails.is_empty(), is_search) {
        (true, true) => view! { <p class="empty" role="status">{texts.delivery_none_found()}</p> }.into_any(),
        (true, false) => view! { <p class="empty">{texts.delivery_none()}</p> }.into_any(),
        (false, _) => rows(texts, person, mails),
    };
    view! { {form(texts, search)}{list} }.into_any()
}

fn form(texts: Texts, search: &MailSearch) -> AnyView {
    let states = MailState::ALL.map(|state| {
        let (_, name) = mail_state(texts, state);
        view! { <option value=state.code() selected=search.state == Some(state)>{name}</option> }
    });
    view! {
        <form class="search-row" method="get" action="/admin/mail">
            <div class="ds-field">
                <label class="ds-label" for="recipient">{texts.delivery_search()}</label>
                <input class="ds-input" id="recipient" name="recipient" type="search" value=search.recipient.clone() maxlength="254" autocomplete="off"/>
            </div>
            <div class="ds-field">
                <label class="ds-label" for="state">{texts.delivery_state()}</label>
                <select class="ds-input" id="state" name="state">
                    <option value="">{texts.delivery_all_states()}</option>
                    {states.into_iter().collect_view()}
                </select>
            </div>
            <button class="ds-button" data-variant="secondary" type="submit">{texts.delivery_search_submit()}</button>
        </form>
    }
    .into_any()
}

fn rows(texts: Texts, person: &SignedIn, mails: &[MailRow]) -> AnyView {
    let rows = mails.iter().map(|mail| row(texts, person, mail));
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
    let next = (mail.state == MailState::Queued).then(|| coming(texts, mail.due_at, person.now()));
    let next = next.map(|time| {
        let text = if mail.attempts > 0 { texts.delivery_next(&time) } else { texts.alert_mailed_waits(&time) };
        view! { <br/>{text} }
    });
    let cause = mail.cause.map(|cause| view! { <p>{mail_cause(texts, cause)}</p> });
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
            <td>{mail_about(texts, mail)}</td>
            <td>{mail.recipient.clone()}</td>
            <td><span class="ds-tag" data-color=color>{state}</span></td>
            <td class="num">{mail.attempts}</td>
            <td>{cause}{mail.answer.clone()}{next}</td>
            <td>{resend}</td>
        </tr>
    }
    .into_any()
}
