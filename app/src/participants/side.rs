//! The record's side: whom the participant waits for, details, contacts, tasks, followers.

use leptos::prelude::*;
use server_fn::ServerFn;
use shared::accounts::Person;
use shared::participants::{Enrolment, Record, WaitingOn};
use shared::time::format_date;
use store::SignedIn;

use super::api::{ChooseContacts, Enrol, Follow, Unfollow, WaitFor};
use super::details::people_choices;
use crate::form::{Form, Input};
use crate::tasks::{new_task_form, task_list};
use crate::texts::Texts;
use crate::visit::{Visit, action};
use crate::words::{moment, plan_badge, waiting_on};

pub(super) fn side(visit: &Visit, person: &SignedIn, record: &Record) -> AnyView {
    view! {
        {tasks(visit, person, record)}
        {waiting(visit, person, record)}
        {details(visit.texts(), person, record)}
        {record.enrolments.iter().map(|enrolment| contacts(visit, record, enrolment)).collect_view()}
        {more_tracks(visit, record)}
        {followers(visit, record)}
    }
    .into_any()
}

fn tasks(visit: &Visit, person: &SignedIn, record: &Record) -> AnyView {
    let texts = visit.texts();
    let people: Vec<Person> = record.inn_people.iter().chain(&record.nav_people).cloned().collect();
    let list = if record.tasks.is_empty() {
        view! { <p class="empty">{texts.record_no_tasks()}</p> }.into_any()
    } else {
        task_list(texts, record.tasks.clone(), person.today(), false).into_any()
    };
    view! {
        <section aria-labelledby="tasks">
            <h2 id="tasks">{texts.record_tasks()}</h2>
            {list}
            {new_task_form(visit, record.id, &people, person.me().id)}
        </section>
    }
    .into_any()
}

fn waiting(visit: &Visit, person: &SignedIn, record: &Record) -> AnyView {
    let texts = visit.texts();
    let form = Form::new(visit, WaitFor::PATH, "wait", vec![("participant", record.id.to_string())]);
    let mut choices = vec![(String::new(), texts.form_nobody().to_owned())];
    choices.extend(WaitingOn::ALL.map(|on| (on.code().to_owned(), waiting_on(texts, on).to_owned())));
    let (now, since) = match record.waiting {
        Some(waiting) => {
            let since = moment(texts, waiting.since, person.now());
            (waiting.on.code(), Some(texts.record_waiting_since(waiting_on(texts, waiting.on), &since)))
        }
        None => ("", None),
    };
    view! {
        <section aria-labelledby="waiting">
            <h2 id="waiting">{texts.field_waiting()}</h2>
            <form class="stack compact" method="post" action=action(WaitFor::PATH)>
                {form.start()}
                {form.field_with("waiting", texts.record_who_next(), since.as_deref(), Input::Choice(&choices), now)}
                <div class="form-actions"><button class="ds-button" data-variant="secondary" type="submit">{texts.record_save_waiting()}</button></div>
            </form>
        </section>
    }.into_any()
}

fn details(texts: Texts, person: &SignedIn, record: &Record) -> AnyView {
    let details = &record.details;
    let row = |label: &'static str, value: Option<AnyView>| {
        let value = value.unwrap_or_else(|| view! { <span class="muted">{texts.form_not_filled()}</span> }.into_any());
        view! { <dt>{label}</dt><dd>{value}</dd> }
    };
    let phone = details.phone.as_ref().map(|phone| {
        let digits: String = phone.as_str().chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        view! { <a href=format!("tel:{digits}")>{phone.to_string()}</a> }.into_any()
    });
    let email = details
        .email
        .as_ref()
        .map(|email| view! { <a href=format!("mailto:{email}")>{email.to_string()}</a> }.into_any());
    let (_, plan) = plan_badge(texts, details.plan, person.today());
    view! {
        <section aria-labelledby="details">
            <h2 id="details">{texts.record_details()}</h2>
            <dl class="facts">
                {row(texts.field_phone(), phone)}
                {row(texts.field_email(), email)}
                {row(texts.field_language(), details.language.as_ref().map(|language| language_name(texts, language.as_str()).into_any()))}
                {row(texts.field_goal(), details.goal.as_ref().map(|goal| goal.to_string().into_any()))}
                {row(texts.field_plan(), Some(plan.into_any()))}
                {row(texts.record_inn_unit(), Some(record.inn_unit.clone().into_any()))}
                {row(texts.field_nav_office(), record.nav_office.clone().map(IntoAny::into_any))}
            </dl>
            <a class="ds-link" href=format!("/participants/{}/edit", record.id)>{texts.record_edit()}</a>
        </section>
    }.into_any()
}

fn contacts(visit: &Visit, record: &Record, enrolment: &Enrolment) -> AnyView {
    let texts = visit.texts();
    let id = enrolment.id.to_string();
    let form = Form::new(visit, ChooseContacts::PATH, &format!("contacts-{id}"), vec![("enrolment", id.clone())]);
    let chosen = |person: &Option<Person>| person.as_ref().map(|person| person.id.to_string()).unwrap_or_default();
    let (inn, nav) = (people_choices(texts, &record.inn_people), people_choices(texts, &record.nav_people));
    let name = |person: &Option<Person>| match person {
        Some(person) => format!("{}, {}", person.name, person.organisation),
        None => texts.form_nobody().to_owned(),
    };
    let (heading, labelled_by) = (format!("contacts-{id}"), format!("contacts-{id}"));
    view! {
        <section aria-labelledby=labelled_by>
            <h2 id=heading>{texts.record_contacts_in(&enrolment.track_name)}</h2>
            <dl class="facts">
                <dt>{texts.field_inn_contact()}</dt><dd>{name(&enrolment.inn_contact)}</dd>
                <dt>{texts.field_nav_contact()}</dt><dd>{name(&enrolment.nav_contact)}</dd>
                <dt>{texts.field_started_on()}</dt><dd>{format_date(enrolment.started_on)}</dd>
            </dl>
            <details class="more-details" open=form.is_rejected()>
                <summary>{texts.record_choose_contacts()}</summary>
                <form class="stack compact" method="post" action=action(ChooseContacts::PATH)>
                    {form.start()}
                    {form.field("inn_contact", texts.field_inn_contact(), Input::Choice(&inn), &chosen(&enrolment.inn_contact))}
                    {form.field("nav_contact", texts.field_nav_contact(), Input::Choice(&nav), &chosen(&enrolment.nav_contact))}
                    <div class="form-actions"><button class="ds-button" data-variant="secondary" type="submit">{texts.record_save_contacts()}</button></div>
                </form>
            </details>
        </section>
    }.into_any()
}

fn more_tracks(visit: &Visit, record: &Record) -> AnyView {
    let texts = visit.texts();
    let buttons = record.other_tracks.iter().map(|(track, name)| {
        view! {
            <form method="post" action=action(Enrol::PATH)>
                <input type="hidden" name="form[participant]" value=record.id.to_string()/>
                <input type="hidden" name="form[track]" value=track.to_string()/>
                <button class="ds-button compact" data-variant="secondary" type="submit">{texts.record_enrol_in(name)}</button>
            </form>
        }
    });
    let buttons = buttons.collect_view();
    (!record.other_tracks.is_empty())
        .then(|| {
            view! {
                <section aria-labelledby="more-tracks">
                    <h2 id="more-tracks">{texts.record_more_tracks()}</h2>
                    {buttons}
                </section>
            }
        })
        .into_any()
}

fn followers(visit: &Visit, record: &Record) -> AnyView {
    let texts = visit.texts();
    let names: Vec<_> = record.followers.iter().map(|person| person.name.clone()).collect();
    let names = if names.is_empty() { texts.record_no_followers().to_owned() } else { names.join(", ") };
    let (function, text) = if record.following {
        (Unfollow::PATH, texts.record_unfollow())
    } else {
        (Follow::PATH, texts.record_follow())
    };
    view! {
        <section aria-labelledby="followers">
            <h2 id="followers">{texts.record_followers()}</h2>
            <p>{names}</p>
            <form method="post" action=action(function)>
                <input type="hidden" name="form[participant]" value=record.id.to_string()/>
                <button class="ds-button compact" data-variant="secondary" type="submit">{text}</button>
            </form>
        </section>
    }
    .into_any()
}

/// The name of a language that was written as a code (ISO 639-1); any other text as it is.
fn language_name(texts: Texts, language: &str) -> String {
    let name = match language {
        "nb" => texts.language_nb(),
        "nn" => texts.language_nn(),
        "en" => texts.language_en(),
        "uk" => texts.language_uk(),
        "ar" => texts.language_ar(),
        "ti" => texts.language_ti(),
        "so" => texts.language_so(),
        "fa" => texts.language_fa(),
        "sw" => texts.language_sw(),
        other => other,
    };
    name.to_owned()
}
