//! What a phase demands, asked before anything moves.

use leptos::html;
use leptos::prelude::*;
use shared::board::{ClosingReason, Outcome, Phase, PhaseKind};
use shared::error::{AppError, Problem};
use shared::phases::NeededField;

use super::dom::{CardEl, Spot};
use super::{Controls, Wanted};
use crate::words::{closing_reason, needed_field, outcome, problem};

/// A move that somebody wants, and what it lacks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wish {
    pub(super) wanted: Wanted,
    pub(super) lacking: AppError,
}

impl Wish {
    fn phase(&self, controls: Controls) -> Option<Phase> {
        controls.phase(&self.wanted.form.to?.to_string())
    }

    fn lacks(&self, field: &str) -> bool {
        self.lacking.problem(field).is_some()
    }
}

/// What is typed.
#[derive(Clone, Copy, Default)]
struct Answer {
    reason: RwSignal<String>,
    text: RwSignal<String>,
    result: RwSignal<String>,
    /// What is wrong with it; nothing before the person has had the chance.
    error: RwSignal<Option<AppError>>,
}

#[component]
pub(super) fn EntryDialog(controls: Controls) -> AnyView {
    let texts = controls.texts;
    let dialog = NodeRef::<html::Dialog>::new();
    let answer = Answer::default();
    let Answer { reason, text, result, error } = answer;
    Effect::new(move || {
        let (Some(dialog), Some(wish)) = (dialog.get(), controls.entry.get()) else { return };
        if !dialog.open() {
            for (field, known) in [
                (reason, wish.wanted.form.reason),
                (text, wish.wanted.form.reason_text),
                (result, wish.wanted.form.outcome),
            ] {
                field.set(known);
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
        let Some(mut wish) = controls.entry.get_untracked() else { return };
        wish.wanted.form.reason = reason.get_untracked();
        wish.wanted.form.reason_text = text.get_untracked();
        wish.wanted.form.outcome = result.get_untracked();
        let Some(card) = CardEl::by_id(&wish.wanted.card) else { return close() };
        let origin = Spot::of(&card);
        if let Some(lacking @ AppError::Invalid(_)) = controls.lacking(&card, &origin, &wish.wanted) {
            error.set(Some(lacking.clone()));
            return controls.entry.set(Some(Wish { lacking, ..wish }));
        }
        close();
        controls.ask(&card, &origin, wish.wanted);
    };
    let heading = move || {
        let wish = controls.entry.get()?;
        let phase = wish.phase(controls)?.name;
        if wish.wanted.along.len() > 1 {
            return Some(texts.select_closing_heading(&wish.wanted.along.len().to_string(), &phase));
        }
        let name = CardEl::by_id(&wish.wanted.card)?.name();
        Some(texts.card_move_name_to(&name, &phase))
    };
    view! {
        <dialog class="ds-dialog" node_ref=dialog aria-labelledby="entry-heading" on:close=move |_| controls.entry.set(None)>
            <h2 class="ds-heading" data-size="xs" id="entry-heading">{heading}</h2>
            <form class="stack" on:submit=submit novalidate>
                {move || missing(controls)}
                <EntryFields controls answer/>
                <div class="form-actions">
                    <button class="ds-button" data-variant="secondary" type="button" on:click=move |_| close()>{texts.form_cancel()}</button>
                    <button class="ds-button" type="submit">{texts.card_move_submit()}</button>
                </div>
            </form>
        </dialog>
    }
    .into_any()
}

/// What must be known about the participant and is not, each with a link to where it can be filled in.
fn missing(controls: Controls) -> Option<impl IntoView> {
    let texts = controls.texts;
    let wish = controls.entry.get()?;
    let is_missing = |field: &NeededField| wish.lacking.problem(field.code()) == Some(&Problem::NotOnRecord);
    let missing: Vec<NeededField> = NeededField::ALL.into_iter().filter(is_missing).collect();
    let record = CardEl::by_id(&wish.wanted.card)?.href();
    (!missing.is_empty()).then(|| {
        let items = missing.into_iter().map(|needed| {
            let href = if needed.is_detail() { format!("{record}/edit") } else { record.clone() };
            view! { <li><a class="ds-link" href=href>{needed_field(texts, needed)}</a></li> }
        });
        view! {
            <div class="ds-alert" data-color="warning">
                <p class="ds-paragraph">{texts.card_missing()}</p>
                <ul class="ds-list">{items.collect_view()}</ul>
            </div>
        }
    })
}

/// What is asked for.
#[component]
fn EntryFields(controls: Controls, answer: Answer) -> AnyView {
    let texts = controls.texts;
    let Answer { reason, text, result, error } = answer;
    let closes = Memo::new(move |_| {
        let wish = controls.entry.get();
        wish.and_then(|wish| wish.phase(controls)).is_some_and(|phase| phase.kind == PhaseKind::Closing)
    });
    // The server may demand what this page does not know of yet.
    let asks_text = Memo::new(move |_| {
        let Some(wish) = controls.entry.get() else { return false };
        let is_asked =
            wish.phase(controls).is_some_and(|phase| phase.kind == PhaseKind::Ordinary && phase.asks_reason());
        is_asked || wish.lacks("reason_text")
    });
    let asks_outcome = Memo::new(move |_| {
        let Some(wish) = controls.entry.get() else { return false };
        wish.phase(controls).is_some_and(|phase| phase.asks_outcome()) || wish.lacks("outcome")
    });
    let trouble = move |field: &'static str| {
        error.with(|error: &Option<AppError>| error.as_ref()?.problem(field).map(|found| problem(texts, found)))
    };
    let invalid = move |field| trouble(field).map(|_| "true");
    let message = move |field: &'static str| {
        move || {
            trouble(field).map(|text| view! { <p class="ds-validation-message" data-field="validation" id=format!("entry-{field}-problem")>{text}</p> })
        }
    };
    let reasons = move || {
        let option = |each: ClosingReason| view! { <option value=each.code()>{closing_reason(texts, each)}</option> };
        ClosingReason::ALL.map(option).into_iter().collect_view()
    };
    let outcomes = move || {
        let option = |each: Outcome| view! { <option value=each.code()>{outcome(texts, each)}</option> };
        Outcome::ALL.map(option).into_iter().collect_view()
    };
    view! {
        <Show when=move || closes.get()>
            <div class="ds-field">
                <label class="ds-label" for="entry-reason">{texts.field_reason()}</label>
                <select class="ds-input" id="entry-reason" prop:value=reason aria-invalid=move || invalid("reason") aria-describedby="entry-reason-problem"
                    on:change=move |event| reason.set(event_target_value(&event))>
                    <option value="">{texts.form_choose()}</option>
                    {reasons}
                </select>
                {message("reason")}
            </div>
        </Show>
        <Show when=move || asks_text.get() || (closes.get() && reason.get() == ClosingReason::Other.code())>
            <div class="ds-field">
                <label class="ds-label" for="entry-text">{move || if closes.get() { texts.field_reason_text() } else { texts.field_reason() }}</label>
                <div data-field="description" id="entry-text-hint">{move || if closes.get() { texts.hint_reason_text() } else { texts.hint_no_health() }}</div>
                <input class="ds-input" type="text" id="entry-text" prop:value=text aria-invalid=move || invalid("reason_text")
                    aria-describedby="entry-text-hint entry-reason_text-problem" on:input=move |event| text.set(event_target_value(&event))/>
                {message("reason_text")}
            </div>
        </Show>
        <Show when=move || asks_outcome.get()>
            <div class="ds-field">
                <label class="ds-label" for="entry-outcome">{texts.field_outcome()}</label>
                <select class="ds-input" id="entry-outcome" prop:value=result aria-invalid=move || invalid("outcome") aria-describedby="entry-outcome-problem"
                    on:change=move |event| result.set(event_target_value(&event))>
                    <option value="">{texts.form_choose()}</option>
                    {outcomes}
                </select>
                {message("outcome")}
            </div>
        </Show>
    }
    .into_any()
}
