//! What a closing phase demands, asked before anything moves.

use leptos::html;
use leptos::prelude::*;
use shared::board::{ClosingReason, Outcome, PhaseKind};

use super::Controls;
use super::dom::{CardEl, Spot};
use crate::words::{closing_reason, outcome, problem};

#[component]
pub(super) fn ClosingDialog(controls: Controls) -> AnyView {
    let texts = controls.texts;
    let dialog = NodeRef::<html::Dialog>::new();
    let (reason, text, result) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let error = RwSignal::new(None);
    Effect::new(move || {
        let (Some(dialog), Some(_)) = (dialog.get(), controls.closing.get()) else { return };
        if !dialog.open() {
            for field in [reason, text, result] {
                field.set(String::new());
            }
            error.set(None);
            let _ = dialog.show_modal();
        }
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(mut wanted) = controls.closing.get_untracked() else { return };
        wanted.form.reason = reason.get_untracked();
        wanted.form.reason_text = text.get_untracked();
        wanted.form.outcome = result.get_untracked();
        if let Err(found) = wanted.form.closing(PhaseKind::Closing) {
            return error.set(Some(found));
        }
        close();
        if let Some(card) = CardEl::by_id(&wanted.card) {
            controls.ask(&card, &Spot::of(&card), wanted);
        }
    };
    let heading = move || {
        let wanted = controls.closing.get()?;
        if wanted.along.len() > 1 {
            let phase = controls.phase(&wanted.form.to?.to_string())?.name;
            return Some(texts.select_closing_heading(&wanted.along.len().to_string(), &phase));
        }
        let name = CardEl::by_id(&wanted.card)?.name();
        let phase = controls.phase(&wanted.form.to?.to_string())?.name;
        Some(texts.card_move_name_to(&name, &phase))
    };
    let trouble = move |field: &'static str| {
        error.with(|error: &Option<shared::error::AppError>| {
            error.as_ref()?.problem(field).map(|found| problem(texts, found))
        })
    };
    let invalid = move |field| trouble(field).map(|_| "true");
    let message = move |field: &'static str| {
        move || {
            trouble(field).map(|text| view! { <p class="ds-validation-message" data-field="validation" id=format!("closing-{field}-problem")>{text}</p> })
        }
    };
    let reasons =
        ClosingReason::ALL.map(|each| view! { <option value=each.code()>{closing_reason(texts, each)}</option> });
    let outcomes = Outcome::ALL.map(|each| view! { <option value=each.code()>{outcome(texts, each)}</option> });
    view! {
        <dialog class="ds-dialog" node_ref=dialog aria-labelledby="closing-heading" on:close=move |_| controls.closing.set(None)>
            <h2 class="ds-heading" data-size="xs" id="closing-heading">{heading}</h2>
            <form class="stack" on:submit=submit novalidate>
                <div class="ds-field">
                    <label class="ds-label" for="closing-reason">{texts.field_reason()}</label>
                    <select class="ds-input" id="closing-reason" prop:value=reason aria-invalid=move || invalid("reason") aria-describedby="closing-reason-problem"
                        on:change=move |event| reason.set(event_target_value(&event))>
                        <option value="">{texts.form_choose()}</option>
                        {reasons.into_iter().collect_view()}
                    </select>
                    {message("reason")}
                </div>
                <Show when=move || reason.get() == ClosingReason::Other.code()>
                    <div class="ds-field">
                        <label class="ds-label" for="closing-text">{texts.field_reason_text()}</label>
                        <div data-field="description" id="closing-text-hint">{texts.hint_reason_text()}</div>
                        <input class="ds-input" type="text" id="closing-text" prop:value=text aria-invalid=move || invalid("reason_text")
                            aria-describedby="closing-text-hint closing-reason_text-problem" on:input=move |event| text.set(event_target_value(&event))/>
                        {message("reason_text")}
                    </div>
                </Show>
                <div class="ds-field">
                    <label class="ds-label" for="closing-outcome">{texts.field_outcome()}</label>
                    <select class="ds-input" id="closing-outcome" prop:value=result aria-invalid=move || invalid("outcome") aria-describedby="closing-outcome-problem"
                        on:change=move |event| result.set(event_target_value(&event))>
                        <option value="">{texts.form_choose()}</option>
                        {outcomes.into_iter().collect_view()}
                    </select>
                    {message("outcome")}
                </div>
                <div class="form-actions">
                    <button class="ds-button" data-variant="secondary" type="button" on:click=move |_| close()>{texts.form_cancel()}</button>
                    <button class="ds-button" type="submit">{texts.card_move_submit()}</button>
                </div>
            </form>
        </dialog>
    }
    .into_any()
}
