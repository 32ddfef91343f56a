//! Moving a card without a script: a page with one button for each phase.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server_fn::ServerFn;
use shared::board::{Card, MoveForm, Phase};
use shared::error::AppError;

use super::api::MoveCard;
use super::board_with_all;
use super::entry_fields::entry_fields;
use crate::form::Form;
use crate::frame::{Page, Part, page};
use crate::texts::Texts;
use crate::visit::{Visit, action};
use crate::words::needed_field;

#[component]
pub(crate) fn MovePage() -> impl IntoView {
    let slug = use_params_map().read_untracked().get("slug").unwrap_or_default();
    page(async move |visit, person| {
        let texts = visit.texts();
        let id = visit.query("card").and_then(|id| id.parse().ok()).ok_or(AppError::NotFound)?;
        let (track, phases, current, card) = person.card(id).await?;
        if track != slug {
            return Err(AppError::NotFound);
        }
        let back = format!("{}#{}", board_with_all(&slug), card.id);
        let wanted = visit.query("to").or_else(|| {
            let rejected = visit.rejected.as_ref()?;
            rejected.fields.get("form[to]").cloned()
        });
        let others = || phases.iter().filter(|phase| phase.id != current);
        let demanding = others().find(|phase| demands(phase, &card) && Some(phase.id.to_string()) == wanted);
        let choices = match demanding {
            Some(phase) => entry_form(&visit, &card, phase),
            None => others().map(|phase| choice(texts, &slug, &card, phase)).collect_view().into_any(),
        };
        let title = texts.card_move(&card.name);
        let body = view! {
            <div class="page-head"><h1>{title.clone()}</h1></div>
            <div class="stack">{choices}</div>
            <p><a class="ds-link" href=back>{texts.form_cancel()}</a></p>
        }
        .into_any();
        Ok(Page { part: Part::Tracks, title, class: "page", body })
    })
}

/// Whether something must be told or known before the card can come in.
fn demands(phase: &Phase, card: &Card) -> bool {
    phase.admit(&MoveForm::default(), card.filled).is_err()
}

/// A button that moves the card at once, or leads to what the phase demands.
fn choice(texts: Texts, slug: &str, card: &Card, phase: &Phase) -> AnyView {
    let text = texts.card_move_to(&phase.name);
    if demands(phase, card) {
        let href = format!("/tracks/{slug}/move?card={}&to={}", card.id, phase.id);
        return view! { <p><a class="ds-button" data-variant="secondary" href=href>{text}</a></p> }.into_any();
    }
    view! {
        <form method="post" action=action(MoveCard::PATH)>
            {hidden(card, phase)}
            <button class="ds-button" data-variant="secondary" type="submit">{text}</button>
        </form>
    }
    .into_any()
}

fn entry_form(visit: &Visit, card: &Card, phase: &Phase) -> AnyView {
    let texts = visit.texts();
    let form = Form::new(visit, MoveCard::PATH, "entry", vec![]);
    view! {
        <form class="stack" method="post" action=action(MoveCard::PATH)>
            {form.start()}
            {hidden(card, phase)}
            <h2>{texts.card_move_to(&phase.name)}</h2>
            {missing(texts, &form, card, phase)}
            {entry_fields(texts, &form, &[phase])}
            <div class="form-actions"><button class="ds-button" type="submit">{texts.card_move_submit()}</button></div>
        </form>
    }
    .into_any()
}

/// What must be known about the participant and is not, each with a link to where it can be filled in.
fn missing(texts: Texts, form: &Form, card: &Card, phase: &Phase) -> Option<AnyView> {
    let items: Vec<AnyView> = phase
        .missing(card.filled)
        .map(|needed| {
            let record = format!("/participants/{}", card.participant);
            let href = if needed.is_detail() { format!("{record}/edit") } else { record };
            let id = form.field_id(needed.code());
            view! { <li><a class="ds-link" id=id href=href>{needed_field(texts, needed)}</a></li> }.into_any()
        })
        .collect();
    (!items.is_empty()).then(|| {
        view! {
            <div class="ds-alert" data-color="warning">
                <p class="ds-paragraph">{texts.card_missing()}</p>
                <ul class="ds-list">{items}</ul>
            </div>
        }
        .into_any()
    })
}

fn hidden(card: &Card, phase: &Phase) -> AnyView {
    let fields =
        [("enrolment", card.id.to_string()), ("version", card.version.to_string()), ("to", phase.id.to_string())];
    fields
        .map(|(name, value)| view! { <input type="hidden" name=format!("form[{name}]") value=value/> })
        .into_iter()
        .collect_view()
        .into_any()
}
