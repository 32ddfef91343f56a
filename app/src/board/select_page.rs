//! Many cards at once without a script: a list to choose from, and a button for each thing that can be done.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server_fn::ServerFn;
use shared::board::{Board, Card, Column, ContactRole, Phase};
use shared::error::AppError;
use shared::many::{NOBODY, field_of};
use store::Choices;

use super::api::{ContactOfMany, FollowMany, MoveMany};
use super::entry_fields::entry_fields;
use crate::form::{Form, Input};
use crate::frame::{Page, Part, page};
use crate::participants::people_choices;
use crate::texts::Texts;
use crate::visit::{Visit, action};

#[component]
pub(crate) fn SelectPage() -> impl IntoView {
    let slug = use_params_map().read_untracked().get("slug").unwrap_or_default();
    page(async move |visit, person| {
        let texts = visit.texts();
        let board = person.board(&slug).await?;
        let choices = person.choices(&slug).await?;
        let function = visit.rejected.as_ref().map_or(MoveMany::PATH, |rejected| &rejected.action);
        let form = Form::new(&visit, function, "many", vec![]);
        let title = texts.select_title(&board.name);
        let phases = board.columns.iter().filter(|column| !column.cards.is_empty());
        let body = view! {
            <div class="page-head"><h1>{title.clone()}</h1></div>
            <form class="stack select-many" method="post" action=action(MoveMany::PATH)>
                {form.start()}
                <div id=form.field_id("cards") tabindex="-1">{phases.map(|column| cards(&visit, column)).collect_view()}</div>
                <section class="stack" aria-labelledby="select-what">
                    <h2 id="select-what">{texts.select_what()}</h2>
                    {commands(texts, &form, &board, &choices)}
                </section>
            </form>
            <p><a class="ds-link" href=format!("/tracks/{slug}")>{texts.form_cancel()}</a></p>
        }
        .into_any();
        Ok(Page { part: Part::Tracks, title, class: "page", body })
    })
}

fn cards(visit: &Visit, column: &Column) -> AnyView {
    let rows = column.cards.iter().map(|card| {
        let id = format!("card-{}", card.id);
        let name = field_name(card);
        view! {
            <li>
                <input class="ds-input" type="checkbox" id=id.clone() name=name value=card.version.to_string() checked=is_chosen(visit, card)/>
                <label class="ds-label" data-weight="regular" for=id>{card.name.clone()} " " <span class="muted">{card.reference.clone()}</span></label>
            </li>
        }
    });
    view! {
        <fieldset class="ds-fieldset">
            <legend class="ds-label">{column.phase.name.clone()}</legend>
            <ul class="choose-cards">{rows.collect_view()}</ul>
        </fieldset>
    }
    .into_any()
}

fn field_name(card: &Card) -> String {
    format!("form[cards][{}]", field_of(card.id))
}

/// Whether the card was chosen in the form that was sent in vain. One that others have moved since, or that the phase
/// does not admit, is not chosen any more, so that the same button goes on with the rest.
fn is_chosen(visit: &Visit, card: &Card) -> bool {
    let Some(rejected) = &visit.rejected else { return false };
    let is_stale = match &rejected.error {
        AppError::StaleMany(stale) => stale.iter().any(|one| one.stale.enrolment == card.id),
        AppError::NotAdmitted(refused) => refused.iter().any(|one| one.enrolment == card.id),
        _ => false,
    };
    rejected.fields.contains_key(&field_name(card)) && !is_stale
}

fn commands(texts: Texts, form: &Form, board: &Board, choices: &Choices) -> AnyView {
    let (asking, others): (Vec<&Phase>, Vec<&Phase>) =
        board.columns.iter().map(|column| &column.phase).partition(|phase| phase.asks_reason() || phase.asks_outcome());
    let move_to = |phases: &[&Phase]| {
        phases
            .iter()
            .map(|phase| {
                view! {
                    <button class="ds-button" data-variant="secondary" type="submit" name="form[to]" value=phase.id.to_string()>
                        {texts.card_move_to(&phase.name)}
                    </button>
                }
            })
            .collect_view()
    };
    let contact = |role: ContactRole, label: &'static str, people, button: &'static str| {
        view! {
            <div class="field-row">
                {form.field(role.code(), label, Input::Choice(people), "")}
                <button class="ds-button" data-variant="secondary" type="submit" formaction=action(ContactOfMany::PATH) name="form[role]" value=role.code()>{button}</button>
            </div>
        }
    };
    let follow = |follow: bool, text: &'static str| {
        view! {
            <button class="ds-button" data-variant="secondary" type="submit" formaction=action(FollowMany::PATH) name="form[follow]" value=follow.to_string()>{text}</button>
        }
    };
    let people = |people| {
        let mut choices = people_choices(texts, people);
        if let Some((nobody, _)) = choices.first_mut() {
            NOBODY.clone_into(nobody);
        }
        choices.insert(0, (String::new(), texts.form_choose().to_owned()));
        choices
    };
    let (inn, nav) = (people(&choices.inn_people), people(&choices.nav_people));
    view! {
        <div class="form-actions">{move_to(&others)}</div>
        <fieldset class="ds-fieldset stack">
            <legend class="ds-label">{texts.select_ending()}</legend>
            {entry_fields(texts, form, &asking)}
            <div class="form-actions">{move_to(&asking)}</div>
        </fieldset>
        {contact(ContactRole::Inn, texts.field_inn_contact(), &inn[..], texts.select_put_inn_contact())}
        {contact(ContactRole::Nav, texts.field_nav_contact(), &nav[..], texts.select_put_nav_contact())}
        <div class="form-actions">{follow(true, texts.select_follow())}{follow(false, texts.select_unfollow())}</div>
    }
    .into_any()
}
