//! The buttons that put a track or a phase one place up or down in its list.

use leptos::prelude::*;

use crate::texts::Texts;
use crate::visit::action;

/// What stands in such a list.
pub(super) struct Steps<'a> {
    /// The server function that places it.
    pub(super) path: &'static str,
    /// What that needs to know besides the place.
    pub(super) about: Vec<(&'static str, String)>,
    /// What it is called.
    pub(super) name: &'a str,
}

impl Steps<'_> {
    /// The buttons, for each way that it can go: up is before what is above, down before what is after the next. No id is
    /// the end.
    pub(super) fn buttons(&self, texts: Texts, up: Option<String>, down: Option<String>) -> AnyView {
        let up = up.map(|above| self.button("up", "↑", above, texts.manage_up(self.name)));
        let down = down.map(|before| self.button("down", "↓", before, texts.manage_down(self.name)));
        view! { <div class="steps">{up}{down}</div> }.into_any()
    }

    fn button(&self, step: &'static str, symbol: &'static str, before: String, label: String) -> AnyView {
        let about = self.about.iter().map(|(name, value)| {
            view! { <input type="hidden" name=format!("form[{name}]") value=value.clone()/> }
        });
        let before = (!before.is_empty()).then(|| view! { <input type="hidden" name="form[before]" value=before/> });
        view! {
            <form method="post" action=action(self.path)>
                {about.collect_view()}
                {before}
                <button class="ds-button compact" data-variant="tertiary" data-step=step type="submit" aria-label=label.clone() title=label>
                    <span aria-hidden="true">{symbol}</span>
                </button>
            </form>
        }
        .into_any()
    }
}
