//! The accessibility statement that public bodies must have.

use leptos::prelude::*;

use crate::frame::public_page;
use crate::visit::visit;

#[component]
pub(crate) fn AccessibilityPage() -> impl IntoView {
    let texts = visit().texts();
    let body = view! {
        <div class="page-head"><h1>{texts.accessibility_title()}</h1></div>
        <div class="prose">
            <p>{texts.accessibility_goal()}</p>
            <p>{texts.accessibility_how()}</p>
            <p>{texts.accessibility_tell()}</p>
        </div>
    }
    .into_any();
    public_page(texts.accessibility_title(), "page", body)
}
