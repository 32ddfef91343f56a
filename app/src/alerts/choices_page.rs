//! "Varsler på e-post": which alerts come by mail, when, and who gets them during leave.

use leptos::prelude::*;
use server_fn::ServerFn;
use shared::accounts::Person;
use shared::alerts::AlertKind;
use shared::alerts::choices::{ChoicesForm, GRACE_MINUTES, Way};

use super::api::ChooseAlerts;
use crate::form::{Form, Input};
use crate::frame::{Page, Part, page};
use crate::texts::Texts;
use crate::visit::action;
use crate::words::{chosen_kind, way};

/// How many working days before a date a reminder can come.
const REMIND_DAYS: [u32; 6] = [0, 1, 2, 3, 5, 10];

#[component]
pub(crate) fn AlertChoicesPage() -> impl IntoView {
    page(async |visit, person| {
        let texts = visit.texts();
        let (choices, deputies) = person.alert_choices().await?;
        let form = Form::new(&visit, ChooseAlerts::PATH, "choices", Vec::new());
        let filled = ChoicesForm::filled(&choices);
        let title = texts.choices_title();
        let body = view! {
            <div class="page-head"><h1>{title}</h1></div>
            <p class="ds-paragraph">{texts.choices_intro()}</p>
            <form class="stack" method="post" action=action(ChooseAlerts::PATH)>
                {form.start()}
                {kinds(texts, &form, &filled)}
                {times(texts, &form, &filled)}
                {leave(texts, &form, &filled, &deputies)}
                <div class="form-actions">
                    <button class="ds-button" type="submit">{texts.choices_save()}</button>
                    <a class="ds-button" data-variant="tertiary" href="/account">{texts.form_cancel()}</a>
                </div>
            </form>
        }
        .into_any();
        Ok(Page { part: Part::Account, title: title.to_owned(), class: "page", body })
    })
}

fn kinds(texts: Texts, form: &Form, filled: &ChoicesForm) -> AnyView {
    let ways = Way::ALL.map(|each| (each.code().to_owned(), way(texts, each).to_owned()));
    let fields = AlertKind::ALL.map(|kind| {
        let chosen = filled.ways.get(kind.code()).map(String::as_str).unwrap_or_default();
        form.field(kind.code(), chosen_kind(texts, kind), Input::Choice(&ways), chosen)
    });
    view! {
        <fieldset class="choice-group">
            <legend>{texts.choices_kinds()}</legend>
            <div class="choice-grid">{fields.into_iter().collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

fn times(texts: Texts, form: &Form, filled: &ChoicesForm) -> AnyView {
    let days = REMIND_DAYS.map(|days| {
        let text = match days {
            0 => texts.choices_remind_none().to_owned(),
            1 => texts.choices_remind_one().to_owned(),
            many => texts.choices_remind_many(&many.to_string()),
        };
        (days.to_string(), text)
    });
    let grace = GRACE_MINUTES.map(|minutes| {
        let text = match minutes {
            0 => texts.choices_grace_none().to_owned(),
            some => texts.choices_grace_minutes(&some.to_string()),
        };
        (minutes.to_string(), text)
    });
    let weekly = [("yes", texts.choices_weekly_yes()), ("no", texts.choices_weekly_no())];
    let weekly = weekly.map(|(code, text)| (code.to_owned(), text.to_owned()));
    let time = Input::Line("time", "off");
    view! {
        <fieldset class="choice-group">
            <legend>{texts.choices_times()}</legend>
            <div class="choice-grid">
                {form.field_with("morning", texts.choices_morning(), Some(texts.choices_morning_hint()), time, &filled.morning)}
                {form.field_with("quiet_from", texts.choices_quiet_from(), Some(texts.choices_quiet_hint()), time, &filled.quiet_from)}
                {form.field("remind_days", texts.choices_remind_days(), Input::Choice(&days), &filled.remind_days)}
                {form.field("grace_minutes", texts.choices_grace(), Input::Choice(&grace), &filled.grace_minutes)}
                {form.field("weekly_need", texts.choices_weekly_need(), Input::Choice(&weekly), &filled.weekly_need)}
            </div>
        </fieldset>
    }
    .into_any()
}

fn leave(texts: Texts, form: &Form, filled: &ChoicesForm, deputies: &[Person]) -> AnyView {
    if deputies.is_empty() {
        return view! {
            <fieldset class="choice-group">
                <legend>{texts.choices_leave()}</legend>
                <p class="ds-paragraph">{texts.choices_no_deputies()}</p>
            </fieldset>
        }
        .into_any();
    }
    let mut people = vec![(String::new(), texts.form_nobody().to_owned())];
    people.extend(
        deputies.iter().map(|person| (person.id.to_string(), format!("{}, {}", person.name, person.organisation))),
    );
    let date = Input::Line("date", "off");
    view! {
        <fieldset class="choice-group">
            <legend>{texts.choices_leave()}</legend>
            <p class="ds-paragraph">{texts.choices_leave_intro()}</p>
            <div class="choice-grid">
                {form.field("leave_from", texts.choices_leave_from(), date, &filled.leave_from)}
                {form.field("leave_until", texts.choices_leave_until(), date, &filled.leave_until)}
                {form.field("deputy", texts.choices_deputy(), Input::Choice(&people), &filled.deputy)}
            </div>
        </fieldset>
    }
    .into_any()
}
