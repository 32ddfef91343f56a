//! Where the link in a mail leads that stops such mails. Nobody needs to be logged in.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server_fn::ServerFn;
use shared::error::AppError;
use store::Unsubscribe as What;

use super::api::Unsubscribe;
use crate::frame::{public_page, when_read};
use crate::texts::Texts;
use crate::visit::{action, set_status, visit};
use crate::words::{chosen_kind, explain};

#[component]
pub(crate) fn UnsubscribePage() -> impl IntoView {
    let token = use_params_map().read_untracked().get("token").unwrap_or_default();
    let visit = visit();
    let loaded = async move {
        let texts = visit.texts();
        let title = texts.unsubscribe_title();
        let found = visit.store.visitor().read_unsubscribe(&token).await.map_err(AppError::from);
        let body = match found {
            Ok(what) if visit.query("done").is_some() => done(texts, what),
            Ok(what) => ask(texts, what, token),
            Err(AppError::NotFound) => {
                set_status(&AppError::NotFound);
                view! { <p class="ds-paragraph">{texts.unsubscribe_altered()}</p> }.into_any()
            }
            Err(error) => {
                set_status(&error);
                view! { <p class="ds-paragraph">{explain(texts, &error).1}</p> }.into_any()
            }
        };
        let body = view! { <h1>{title}</h1>{body} }.into_any();
        public_page(title, "page narrow", body)
    };
    when_read(loaded)
}

fn ask(texts: Texts, what: What, token: String) -> AnyView {
    view! {
        <form class="stack" method="post" action=action(Unsubscribe::PATH)>
            <p class="ds-paragraph">{texts.unsubscribe_ask()}</p>
            <p class="ds-paragraph"><strong>{name(texts, what)}</strong></p>
            <p class="ds-paragraph">{texts.unsubscribe_still()}</p>
            <input type="hidden" name="form[token]" value=token/>
            <div class="form-actions"><button class="ds-button" type="submit">{texts.unsubscribe_confirm()}</button></div>
        </form>
    }
    .into_any()
}

fn done(texts: Texts, what: What) -> AnyView {
    view! {
        <div class="ds-alert" data-color="success" role="status">{texts.unsubscribe_done()}</div>
        <p class="ds-paragraph"><strong>{name(texts, what)}</strong></p>
        <p class="ds-paragraph">{texts.unsubscribe_still()} " " {texts.unsubscribe_back()}</p>
    }
    .into_any()
}

fn name(texts: Texts, what: What) -> &'static str {
    match what {
        What::Kind(kind) => chosen_kind(texts, kind),
        What::Digest => texts.unsubscribe_digest(),
    }
}
