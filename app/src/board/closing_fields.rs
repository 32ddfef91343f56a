//! What a closing phase demands, as fields of a plain form.

use leptos::prelude::*;
use shared::board::{ClosingReason, Outcome};

use crate::form::{Form, Input};
use crate::texts::Texts;
use crate::words::{closing_reason, outcome};

pub(super) fn closing_fields(texts: Texts, form: &Form) -> AnyView {
    let nothing = (String::new(), texts.form_choose().to_owned());
    let mut reasons = vec![nothing.clone()];
    reasons
        .extend(ClosingReason::ALL.map(|reason| (reason.code().to_owned(), closing_reason(texts, reason).to_owned())));
    let mut outcomes = vec![nothing];
    outcomes.extend(Outcome::ALL.map(|each| (each.code().to_owned(), outcome(texts, each).to_owned())));
    view! {
        {form.field("reason", texts.field_reason(), Input::Choice(&reasons), "")}
        {form.field_with("reason_text", texts.field_reason_text(), Some(texts.hint_reason_text()), Input::Line("text", "off"), "")}
        {form.field("outcome", texts.field_outcome(), Input::Choice(&outcomes), "")}
    }
    .into_any()
}
