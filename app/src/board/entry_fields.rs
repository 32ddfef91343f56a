//! What phases demand to be told, as fields of a plain form.

use leptos::prelude::*;
use shared::board::{ClosingReason, Outcome, Phase, PhaseKind};

use crate::form::{Form, Input};
use crate::texts::Texts;
use crate::words::{closing_reason, outcome};

/// The fields for one of these phases.
pub(super) fn entry_fields(texts: Texts, form: &Form, phases: &[&Phase]) -> AnyView {
    let nothing = (String::new(), texts.form_choose().to_owned());
    let closes = phases.iter().any(|phase| phase.kind == PhaseKind::Closing);
    let reason = closes.then(|| {
        let mut reasons = vec![nothing.clone()];
        let named = |reason: ClosingReason| (reason.code().to_owned(), closing_reason(texts, reason).to_owned());
        reasons.extend(ClosingReason::ALL.map(named));
        form.field("reason", texts.field_reason(), Input::Choice(&reasons), "")
    });
    let asks_words = phases.iter().any(|phase| phase.kind == PhaseKind::Ordinary && phase.asks_reason());
    let hint = if asks_words { texts.hint_no_health() } else { texts.hint_reason_text() };
    let label = if closes { texts.field_reason_text() } else { texts.field_reason() };
    let words = phases
        .iter()
        .any(|phase| phase.asks_reason())
        .then(|| form.field_with("reason_text", label, Some(hint), Input::Line("text", "off"), ""));
    let result = phases.iter().any(|phase| phase.asks_outcome()).then(|| {
        let mut outcomes = vec![nothing];
        outcomes.extend(Outcome::ALL.map(|each| (each.code().to_owned(), outcome(texts, each).to_owned())));
        form.field("outcome", texts.field_outcome(), Input::Choice(&outcomes), "")
    });
    view! { {reason} {words} {result} }.into_any()
}
