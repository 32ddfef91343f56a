//! The fields that the forms for new and known participants share.

use leptos::prelude::*;
use shared::accounts::Person;
use shared::id::OrganisationId;
use shared::participants::DetailsForm;

use crate::form::{Form, Input};
use crate::texts::Texts;

/// The fields of the details, with what is known.
pub(super) fn details_fields(
    texts: Texts,
    form: &Form,
    known: &DetailsForm,
    nav_offices: &[(OrganisationId, String)],
) -> AnyView {
    let mut offices = vec![(String::new(), texts.form_none().to_owned())];
    offices.extend(nav_offices.iter().map(|(id, name)| (id.to_string(), name.clone())));
    let plans = [(String::new(), texts.plan_missing().to_owned()), ("made".to_owned(), texts.plan_made().to_owned())];
    let line = |kind, value: &str, name, label: &str| form.field(name, label, Input::Line(kind, "off"), value);
    view! {
        {form.field("name", texts.field_name(), Input::Line("text", "off"), &known.name)}
        <div class="field-row">
            {line("tel", &known.phone, "phone", texts.field_phone())}
            {line("email", &known.email, "email", texts.field_email())}
        </div>
        <div class="field-row">
            {form.field_with("language", texts.field_language(), Some(texts.hint_language()), Input::Line("text", "off"), &known.language)}
            {form.field("nav_office", texts.field_nav_office(), Input::Choice(&offices), &known.nav_office)}
        </div>
        {form.field_with("goal", texts.field_goal(), Some(texts.hint_goal()), Input::Lines(3), &known.goal)}
        <div class="field-row">
            {form.field("plan", texts.field_plan(), Input::Choice(&plans), &known.plan)}
            {form.field_with("plan_review", texts.field_plan_review(), Some(texts.hint_plan_review()), Input::Line("date", "off"), &known.plan_review)}
        </div>
    }.into_any()
}

/// People as choices, with nobody first.
pub(crate) fn people_choices(texts: Texts, people: &[Person]) -> Vec<(String, String)> {
    let mut choices = vec![(String::new(), texts.form_nobody().to_owned())];
    choices.extend(
        people.iter().map(|person| (person.id.to_string(), format!("{}, {}", person.name, person.organisation))),
    );
    choices
}
