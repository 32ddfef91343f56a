//! What can be done with the chosen cards: a bar under the board, while any are chosen.

use js_sys::wasm_bindgen::JsCast;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::board::ContactRole;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomParser, Element, HtmlElement, HtmlOptionElement, SupportedType};

use super::Controls;
use super::dom::{all_elements_in, board};
use super::many::Act;
use super::menu::walk;

/// Values and texts of a menu.
type Items = Vec<(String, String)>;

/// The bar.
#[component]
pub(super) fn SelectBar(controls: Controls) -> AnyView {
    let (texts, selection) = (controls.texts, controls.selection);
    let people = RwSignal::new((Items::new(), Items::new()));
    // The lists of people are read when they may be wanted, so that the board need not hold them.
    Effect::new(move |has_read: Option<bool>| {
        let wants = selection.count() > 0;
        if wants && has_read != Some(true) {
            spawn_local(async move { people.set(read_people().await.unwrap_or_default()) });
        }
        wants || has_read.unwrap_or_default()
    });
    let count = move || match selection.count() {
        0 => texts.select_nobody().to_owned(),
        count => texts.select_count(&count.to_string()),
    };
    let phases = Signal::derive(move || {
        controls.phases.with_value(|phases| {
            phases.iter().map(|phase| (phase.id.to_string(), phase.name.clone())).collect::<Items>()
        })
    });
    let contact = move |role: ContactRole| move |person: String| controls.act(Act::Contact(role, person));
    view! {
        <Show when=move || selection.is_on()>
            <div class="select-bar" role="region" aria-label=texts.select_bar()>
                <strong>{count}</strong>
                <Show when=move || { selection.count() > 0 }>
                    <BarMenu label=texts.select_move_to() id="select-phases" items=phases choose=move |phase| controls.move_chosen(&phase)/>
                    <BarMenu label=texts.select_inn_contact() id="select-inn" items=Signal::derive(move || people.get().0) choose=contact(ContactRole::Inn)/>
                    <BarMenu label=texts.select_nav_contact() id="select-nav" items=Signal::derive(move || people.get().1) choose=contact(ContactRole::Nav)/>
                    <button class="ds-button compact" data-variant="secondary" type="button" on:click=move |_| controls.act(Act::Follow(true))>{texts.select_follow()}</button>
                    <button class="ds-button compact" data-variant="secondary" type="button" on:click=move |_| controls.act(Act::Follow(false))>{texts.select_unfollow()}</button>
                </Show>
                <button class="ds-button compact end" data-variant="tertiary" type="button" on:click=move |_| controls.end_selection()>{texts.select_end()}</button>
            </div>
        </Show>
    }
    .into_any()
}

/// A button with a menu over it.
#[component]
fn BarMenu(
    label: &'static str,
    id: &'static str,
    items: Signal<Items>,
    choose: impl Fn(String) + Copy + Send + Sync + 'static,
) -> AnyView {
    let menu = NodeRef::<html::Div>::new();
    let choose = move |value: String| {
        if let Some(menu) = menu.get_untracked() {
            let _ = menu.hide_popover();
        }
        choose(value);
    };
    let items = move || {
        let item = |(value, text): (String, String)| {
            view! { <button role="menuitem" type="button" tabindex="-1" on:click=move |_| choose(value.clone())>{text}</button> }
        };
        items.get().into_iter().map(item).collect_view()
    };
    view! {
        <button class="ds-button compact" data-variant="secondary" type="button" popovertarget=id aria-haspopup="menu">{label}</button>
        <div class="menu" role="menu" popover="auto" id=id node_ref=menu aria-label=label on:keydown=move |event| walk(&event, menu) on:toggle=|event: ev::Event| focus_first(&event)>
            {items}
        </div>
    }
    .into_any()
}

fn focus_first(event: &ev::Event) {
    let menu = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let open = menu.filter(|menu| menu.matches(":popover-open").unwrap_or_default());
    let first = open.and_then(|menu| menu.query_selector("[role=menuitem]").ok().flatten());
    if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
        let _ = first.focus();
    }
}

/// Goes to the bar.
pub(super) fn focus() {
    let first = document().query_selector(".select-bar button").ok().flatten();
    if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
        let _ = first.focus();
    }
}

pub(super) fn has_focus() -> bool {
    document().active_element().is_some_and(|element| element.closest(".select-bar").ok().flatten().is_some())
}

/// Who can be contact, INN first, from the page that does the same without a script.
async fn read_people() -> Option<(Items, Items)> {
    let track = board()?.get_attribute("data-track")?;
    let answer = JsFuture::from(window().fetch_with_str(&format!("/tracks/{track}/select"))).await.ok()?;
    let html = JsFuture::from(answer.dyn_into::<web_sys::Response>().ok()?.text().ok()?).await.ok()?.as_string()?;
    let page = DomParser::new().ok()?.parse_from_string(&html, SupportedType::TextHtml).ok()?;
    let page = page.document_element()?;
    let people = |role: ContactRole| -> Items {
        let options = all_elements_in(&page, &format!("select[name='form[{}]'] option", role.code()));
        let options = options.into_iter().filter_map(|option| option.dyn_into::<HtmlOptionElement>().ok());
        let people = options.map(|option| (option.value(), option.text()));
        // The first says that nothing is chosen yet.
        people.filter(|(person, _)| !person.is_empty()).collect()
    };
    Some((people(ContactRole::Inn), people(ContactRole::Nav)))
}
