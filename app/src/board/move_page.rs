//! Moving a card without a script: a page with one button for each phase.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server_fn::ServerFn;
use shared::board::{Card, Phase, PhaseKind};
use shared::error::AppError;

use super::api::MoveCard;
use super::closing_fields::closing_fields;
use crate::form::Form;
use crate::frame::{Page, Part, page};
use crate::texts::Texts;
use crate::visit::{Visit, action};

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
        let back = format!("/tracks/{slug}#{}", card.id);
        let wanted = visit.query("to").or_else(|| {
            let rejected = visit.rejected.as_ref()?;
            rejected.fields.get("form[to]").cloned()
        });
        let closing =
            phases.iter().find(|phase| phase.kind == PhaseKind::Closing && Some(phase.id.to_string()) == wanted);
        let choices = match closing {
            Some(phase) => closing_form(&visit, &card, phase),
            None => phases
                .iter()
                .filter(|phase| phase.id != current)
                .map(|phase| choice(texts, &slug, &card, phase))
                .collect_view()
                .into_any(),
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

/// A button that moves the card at once, or leads to what a closing phase demands.
fn choice(texts: Texts, slug: &str, card: &Card, phase: &Phase) -> AnyView {
    let text = texts.card_move_to(&phase.name);
    match phase.kind {
        PhaseKind::Ordinary => view! {
            <form method="post" action=action(MoveCard::PATH)>
                {hidden(card, phase)}
                <button class="ds-button" data-variant="secondary" type="submit">{text}</button>
            </form>
        }
        .into_any(),
        PhaseKind::Closing => {
            let href = format!("/tracks/{slug}/move?card={}&to={}", card.id, phase.id);
            view! { <p><a class="ds-button" data-variant="secondary" href=href>{text}</a></p> }.into_any()
        }
    }
}

fn closing_form(visit: &Visit, card: &Card, phase: &Phase) -> AnyView {
    let texts = visit.texts();
    let form = Form::new(visit, MoveCard::PATH, "closing", vec![]);
    view! {
        <form class="stack" method="post" action=action(MoveCard::PATH)>
            {form.start()}
            {hidden(card, phase)}
            <h2>{texts.card_move_to(&phase.name)}</h2>
            {closing_fields(texts, &form)}
            <div class="form-actions"><button class="ds-button" type="submit">{texts.card_move_submit()}</button></div>
        </form>
    }
    .into_any()
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
