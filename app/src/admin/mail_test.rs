//! The latest test mail, step by step.

use leptos::prelude::*;
use shared::outbox::{MailKind, MailRow, Step};
use store::SignedIn;

use crate::texts::Texts;
use crate::words::{mail_cause, mail_step, moment};

/// What was done to send the latest test mail, and what came of each step.
pub(super) fn latest_test(texts: Texts, person: &SignedIn, rows: &[MailRow]) -> AnyView {
    let test = rows.iter().find(|mail| mail.kind == MailKind::Test && !mail.steps.is_empty());
    let Some(test) = test else { return ().into_any() };
    let steps = test.steps.iter().map(|each| step(texts, each));
    let cause = test.cause.map(|cause| {
        view! { <div class="ds-alert" data-color="danger"><p class="ds-paragraph">{mail_cause(texts, cause)}</p></div> }
    });
    let time = moment(texts, test.sent_at.unwrap_or(test.created_at), person.now());
    view! {
        <section aria-labelledby="test">
            <h2 id="test">{texts.delivery_steps()}</h2>
            <p class="muted">{test.recipient.clone()} ", " {time}</p>
            {cause}
            <ol class="mail-steps">{steps.collect_view()}</ol>
        </section>
    }
    .into_any()
}

fn step(texts: Texts, step: &Step) -> AnyView {
    let (color, state) =
        if step.is_done { ("success", texts.delivery_step_ok()) } else { ("danger", texts.delivery_step_failed()) };
    let answer = (!step.answer.is_empty()).then(|| view! { <code>{step.answer.clone()}</code> });
    view! {
        <li>
            <strong>{mail_step(texts, step.kind)}</strong>
            <span class="ds-tag" data-color=color>{state}</span>
            <span class="muted">{texts.delivery_millis(&step.millis.to_string())}</span>
            {answer}
        </li>
    }
    .into_any()
}
