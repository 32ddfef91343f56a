//! The login page.

use leptos::prelude::*;
use server_fn::ServerFn;
use shared::error::AppError;

use super::api::LogIn;
use crate::form::{Form, Input};
use crate::frame::{error_alert, public_page};
use crate::visit::{action, visit};

#[component]
pub(crate) fn LoginPage() -> impl IntoView {
    let visit = visit();
    let texts = visit.texts();
    let next = visit.query("next").unwrap_or_default();
    let form = Form::new(&visit, LogIn::PATH, "login", vec![("next", next)]);
    let error =
        visit.rejected.as_ref().map(|rejected| &rejected.error).filter(|error| !matches!(error, AppError::Invalid(_)));
    let error = error.map(|error| error_alert(texts, error));
    let body = view! {
        <form class="stack" method="post" action=action(LogIn::PATH)>
            <h1>{texts.login_title()}</h1>
            {error}
            {form.start()}
            {form.field("email", texts.field_email(), Input::Line("email", "username"), "")}
            {form.field("password", texts.field_password(), Input::Line("password", "current-password"), "")}
            <button class="ds-button" data-fullwidth type="submit">{texts.login_submit()}</button>
        </form>
    }
    .into_any();
    public_page(texts.login_title(), "page page-login", body)
}
