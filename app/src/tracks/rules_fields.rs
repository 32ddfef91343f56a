//! The part of a phase's form that says what it demands and does when a card comes in.

use leptos::prelude::*;
use shared::board::ContactRole;
use shared::board::{Phase, PhaseKind};
use shared::tracks::{RuleTaskForm, RulesForm};

use crate::form::{Form, Input};
use crate::texts::Texts;
use crate::words::{field, needed_field};

pub(super) fn rules_fields(texts: Texts, form: &Form, phase: &Phase) -> AnyView {
    let known = RulesForm::filled(&phase.rules);
    let told = match phase.kind {
        PhaseKind::Closing => view! { <p class="ds-paragraph">{texts.manage_closing_demands()}</p> }.into_any(),
        PhaseKind::Ordinary => view! {
            {form.check_if("needs_reason", texts.manage_needs_reason(), phase.rules.reason)}
            {form.check_if("needs_outcome", texts.manage_needs_outcome(), phase.rules.outcome)}
        }
        .into_any(),
    };
    let needs = known
        .needs()
        .map(|(needed, name, ticked)| form.check_if(name, needed_field(texts, needed), !ticked.is_empty()));
    let tasks = known.tasks();
    let tasks = tasks.iter().enumerate().map(|(place, task)| task_fields(texts, form, place + 1, task));
    view! {
        <fieldset class="ds-fieldset rules">
            <legend class="ds-label">{texts.manage_demands()}</legend>
            <p data-field="description">{texts.manage_demands_hint()}</p>
            {told}
            {needs.into_iter().collect_view()}
        </fieldset>
        <fieldset class="ds-fieldset rules">
            <legend class="ds-label">{texts.manage_tasks()}</legend>
            <p data-field="description">{texts.manage_tasks_hint()}</p>
            {tasks.collect_view()}
        </fieldset>
    }
    .into_any()
}

fn task_fields(texts: Texts, form: &Form, number: usize, task: &RuleTaskForm<'_>) -> AnyView {
    let roles = ContactRole::ALL.map(|role| (role.code().to_owned(), field(texts, role.code()).to_owned()));
    let units = [("working_days", texts.manage_unit_working_days()), ("days", texts.manage_unit_days())];
    let units = units.map(|(code, name)| (code.to_owned(), name.to_owned()));
    let line = || Input::Line("text", "off");
    view! {
        <div class="rule-task" role="group" aria-label=texts.manage_task_number(&number.to_string())>
            {form.field(task.title.0, texts.manage_task_title(), line(), task.title.1)}
            {form.field(task.role.0, texts.manage_task_for(), Input::Choice(&roles), task.role.1)}
            {form.field(task.days.0, texts.manage_task_days(), line(), task.days.1)}
            {form.field(task.unit.0, texts.manage_task_unit(), Input::Choice(&units), task.unit.1)}
        </div>
    }
    .into_any()
}
