//! One field that finds participants, notes and tasks.

mod page;

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use shared::find::QUERY_MAX;

pub(crate) use page::FindPage;

use crate::visit::Visit;

/// The field in the header of every page. On the page of hits it holds what was typed.
pub(crate) fn find_field(visit: &Visit, is_here: bool) -> AnyView {
    let texts = visit.texts();
    let typed = if is_here { visit.query("q").unwrap_or_default() } else { String::new() };
    let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
    let has_key = visit.person.as_ref().is_some_and(|person| person.me().single_keys);
    let script = has_key.then(|| {
        view! { <script r#async=true nonce=nonce src=visit.assets.find_key.to_string()></script> }
    });
    view! {
        <search class="find" data-here=is_here.then_some("")>
            <form action="/find">
                <input class="ds-input" type="search" id="find" name="q" value=typed maxlength=QUERY_MAX.to_string() autocomplete="off"
                    aria-label=texts.find_field() placeholder=texts.find_field_short() aria-keyshortcuts=has_key.then_some("/")/>
                <button class="ds-button compact" data-variant="secondary" type="submit">{texts.find_submit()}</button>
            </form>
        </search>
        {script}
    }
    .into_any()
}
