//! Keeping a view under a name, and the list of those that are kept.

use leptos::prelude::*;
use server_fn::ServerFn;
use shared::views::{Filter, View};

use super::api::{ChangeView, ForgetView, KeepView, StartWith};
use super::filter::Place;
use crate::form::{Form, Input};
use crate::texts::Texts;
use crate::visit::{Visit, action};

/// The form that keeps what is chosen; nothing if nothing is.
pub(super) fn keep_form(visit: &Visit, place: Place<'_>, filter: &Filter) -> Option<AnyView> {
    let texts = visit.texts();
    // Words name somebody whom others perhaps must not see.
    let filter = Filter { words: None, ..filter.clone() };
    let track = match place {
        Place::Board(slug) => slug.to_owned(),
        Place::List => String::new(),
    };
    let hidden = vec![("track", track), ("query", filter.query())];
    let form = Form::new(visit, KeepView::PATH, "keep", hidden);
    (!filter.is_empty()).then(|| {
        view! {
            <form class="stack compact" method="post" action=action(KeepView::PATH) aria-label=texts.views_keep()>
                <h2 class="ds-heading" data-size="2xs">{texts.views_keep()}</h2>
                {form.start()}
                {form.field("name", texts.views_keep_name(), Input::Line("text", "off"), "")}
                {form.is_taken("name").then(|| form.check("replace", texts.views_keep_replace()))}
                {form.check("shared", texts.views_keep_share())}
                <div class="form-actions"><button class="ds-button" data-variant="secondary" type="submit">{texts.views_keep_submit()}</button></div>
            </form>
        }
        .into_any()
    })
}

/// The links to the views that are kept.
pub(super) fn kept_links(texts: Texts, views: &[View], now: &Filter) -> Option<AnyView> {
    let now = now.query();
    (!views.is_empty()).then(|| {
        let links = views.iter().map(|view| {
            let is_here = view.track.is_none() && view.query == now;
            view! { <a href=view.address() aria-current=is_here.then_some("page")>{view.name.clone()}</a> }
        });
        view! {
            <nav class="view-links" aria-labelledby="kept-links">
                <span id="kept-links">{texts.views_kept()}</span>
                {links.collect_view()}
                <a class="to-kept" href="#kept">{texts.views_kept_options()}</a>
            </nav>
        }
        .into_any()
    })
}

/// The views that are kept, each with what can be done with it.
pub(super) fn kept(visit: &Visit, views: &[View]) -> Option<AnyView> {
    let texts = visit.texts();
    (!views.is_empty()).then(|| {
        let rows = views.iter().map(|view| row(visit, view));
        view! {
            <section aria-labelledby="kept">
                <h2 id="kept" tabindex="-1">{texts.views_kept()}</h2>
                <ul class="kept-views">{rows.collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

fn row(visit: &Visit, each: &View) -> AnyView {
    let texts = visit.texts();
    let (label, text) = if each.is_start {
        (texts.views_stop_start_name(&each.name), texts.views_stop_start())
    } else {
        (texts.views_start_name(&each.name), texts.views_start())
    };
    let is_start =
        each.is_start.then(|| view! { " " <span class="ds-tag" data-color="info">{texts.views_is_start()}</span> });
    let is_shared = each.is_shared.then(|| view! { " " <span class="muted">{texts.views_is_shared()}</span> });
    let forget = each.is_own.then(|| {
        view! {
            <form method="post" action=action(ForgetView::PATH)>
                <input type="hidden" name="form[view]" value=each.id.to_string()/>
                <button class="ds-button compact" data-variant="tertiary" type="submit" aria-label=texts.views_forget_name(&each.name)>{texts.views_forget()}</button>
            </form>
        }
    });
    view! {
        <li>
            <p>{each.name.clone()}{is_start}{is_shared}</p>
            <form method="post" action=action(StartWith::PATH)>
                <input type="hidden" name="form[view]" value=each.id.to_string()/>
                <input type="hidden" name="form[start]" value=(!each.is_start).to_string()/>
                <button class="ds-button compact" data-variant="tertiary" type="submit" aria-label=label>{text}</button>
            </form>
            {forget}
            {each.is_own.then(|| change_form(visit, each))}
        </li>
    }
    .into_any()
}

/// The form that gives a view another name and shares it; folded until it is wanted.
fn change_form(visit: &Visit, view: &View) -> AnyView {
    let texts = visit.texts();
    let id = view.id.to_string();
    let form = Form::new(visit, ChangeView::PATH, &format!("view-{id}"), vec![("view", id)]);
    view! {
        <details class="more-details" open=form.is_rejected()>
            <summary aria-label=texts.views_change_name(&view.name)>{texts.views_change()}</summary>
            <form class="stack compact" method="post" action=action(ChangeView::PATH) aria-label=texts.views_change_name(&view.name)>
                {form.start()}
                {form.field("name", texts.views_keep_name(), Input::Line("text", "off"), &view.name)}
                {form.check_if("shared", texts.views_keep_share(), view.is_shared)}
                <div class="form-actions"><button class="ds-button" data-variant="secondary" type="submit">{texts.views_keep_submit()}</button></div>
            </form>
        </details>
    }
    .into_any()
}
