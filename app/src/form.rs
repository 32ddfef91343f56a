//! Forms that work without a script: fields that know what was typed and what is wrong with it.

use std::sync::Arc;

use leptos::prelude::*;
use shared::error::{AppError, FieldError, Problem};

use crate::escape::in_textarea;
use crate::texts::Texts;
use crate::visit::{Rejected, Visit};
use crate::words::problem;

/// One form on a page. Names in the HTML are `form[name]`, as the server functions read them.
#[derive(Clone)]
pub(crate) struct Form {
    texts: Texts,
    /// Makes the ids of this form's fields differ from those of others on the page.
    id: String,
    hidden: Vec<(&'static str, String)>,
    rejected: Option<Arc<Rejected>>,
}

/// What a field looks like.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Input<'a> {
    /// A single line: the `type` and the `autocomplete` of the input.
    Line(&'static str, &'static str),
    /// Several lines: how many are shown.
    Lines(u8),
    /// One of some choices: value and text.
    Choice(&'a [(String, String)]),
}

impl Form {
    /// A form posted to `action`. The hidden fields tell it from others with the same action, so that
    /// only the one that was sent in vain gets its typed text back.
    pub(crate) fn new(visit: &Visit, action: &str, id: &str, hidden: Vec<(&'static str, String)>) -> Self {
        let is_this = |rejected: &&Arc<Rejected>| {
            rejected.action == action
                && hidden
                    .iter()
                    .filter(|(name, _)| *name != "version")
                    .all(|(name, value)| rejected.fields.get(&field_name(name)) == Some(value))
        };
        let rejected = visit.rejected.as_ref().filter(is_this).cloned();
        Self { texts: visit.texts(), id: id.to_owned(), hidden, rejected }
    }

    /// Whether this very form was sent in vain.
    pub(crate) fn is_rejected(&self) -> bool {
        self.rejected.is_some()
    }

    /// The hidden fields, and a list of what must be mended.
    pub(crate) fn start(&self) -> AnyView {
        let hidden = self.hidden.iter().map(|(name, value)| {
            view! { <input type="hidden" name=field_name(name) value=value.clone()/> }
        });
        let summary = self.rejected.as_ref().and_then(|rejected| match &rejected.error {
            AppError::Invalid(errors) => Some(self.summary(errors)),
            _ => None,
        });
        view! { {summary} {hidden.collect_view()} }.into_any()
    }

    /// A field with its label.
    pub(crate) fn field(&self, name: &'static str, label: &str, input: Input<'_>, value: &str) -> AnyView {
        self.field_with(name, label, None, input, value)
    }

    /// A field with its label and a hint.
    pub(crate) fn field_with(
        &self,
        name: &'static str,
        label: &str,
        hint: Option<&str>,
        input: Input<'_>,
        value: &str,
    ) -> AnyView {
        let id = self.field_id(name);
        let value = self.typed(name).unwrap_or(value).to_owned();
        let problem = self.problem(name);
        let (hint_id, problem_id) = (format!("{id}-hint"), format!("{id}-problem"));
        let described: Vec<&str> = [hint.map(|_| hint_id.as_str()), problem.as_ref().map(|_| problem_id.as_str())]
            .into_iter()
            .flatten()
            .collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        let invalid = problem.as_ref().map(|_| "true");
        let (field_id, field_name) = (id.clone(), field_name(name));
        let control = match input {
            Input::Line(kind, autocomplete) => view! {
                <input class="ds-input" type=kind id=field_id name=field_name value=value autocomplete=autocomplete
                    aria-describedby=described aria-invalid=invalid/>
            }
            .into_any(),
            Input::Lines(rows) => view! {
                <textarea class="ds-input" rows=rows.to_string() id=field_id name=field_name aria-describedby=described aria-invalid=invalid>{in_textarea(&value)}</textarea>
            }
            .into_any(),
            Input::Choice(choices) => {
                let options = choices.iter().map(|(choice, text)| {
                    view! { <option value=choice.clone() selected=*choice == value>{text.clone()}</option> }
                });
                view! {
                    <select class="ds-input" id=field_id name=field_name aria-describedby=described aria-invalid=invalid>
                        {options.collect_view()}
                    </select>
                }
                .into_any()
            }
        };
        view! {
            <div class="ds-field">
                <label class="ds-label" for=id>{label.to_owned()}</label>
                {hint.map(|hint| view! { <div data-field="description" id=hint_id>{hint.to_owned()}</div> })}
                {control}
                {problem.map(|text| view! { <p class="ds-validation-message" data-field="validation" id=problem_id>{text}</p> })}
            </div>
        }
        .into_any()
    }

    /// A box to be ticked.
    pub(crate) fn check(&self, name: &'static str, label: &str) -> AnyView {
        self.check_if(name, label, false)
    }

    /// A box that is ticked from the beginning, or not.
    pub(crate) fn check_if(&self, name: &'static str, label: &str, is_ticked: bool) -> AnyView {
        let id = self.field_id(name);
        let problem = self.problem(name);
        let problem_id = format!("{id}-problem");
        let described = problem.as_ref().map(|_| problem_id.clone());
        let invalid = problem.as_ref().map(|_| "true");
        let is_checked = if self.is_rejected() { self.typed(name).is_some() } else { is_ticked };
        let (field_id, field_name) = (id.clone(), field_name(name));
        view! {
            <div class="ds-field">
                <input class="ds-input" type="checkbox" id=field_id name=field_name value="yes" checked=is_checked
                    aria-describedby=described aria-invalid=invalid/>
                <label class="ds-label" data-weight="regular" for=id>{label.to_owned()}</label>
                {problem.map(|text| view! { <p class="ds-validation-message" data-field="validation" id=problem_id>{text}</p> })}
            </div>
        }
        .into_any()
    }

    /// The id of a field, for links to it.
    pub(crate) fn field_id(&self, name: &str) -> String {
        format!("{}-{name}", self.id)
    }

    /// Whether it was sent in vain because what was typed into a field is there already.
    pub(crate) fn is_taken(&self, name: &str) -> bool {
        self.rejected.as_ref().is_some_and(|rejected| rejected.error.problem(name) == Some(&Problem::Taken))
    }

    fn typed(&self, name: &str) -> Option<&str> {
        self.rejected.as_ref()?.fields.get(&field_name(name)).map(String::as_str)
    }

    fn problem(&self, name: &str) -> Option<String> {
        let problem_found = self.rejected.as_ref()?.error.problem(name)?;
        Some(problem(self.texts, problem_found))
    }

    fn summary(&self, errors: &[FieldError]) -> AnyView {
        let heading_id = format!("{}-errors", self.id);
        let labelled_by = heading_id.clone();
        let items = errors.iter().map(|error| {
            let label = crate::words::field(self.texts, &error.field);
            let text = format!("{label}: {}", problem(self.texts, &error.problem));
            view! { <li><a class="ds-link" href=format!("#{}", self.field_id(&error.field))>{text}</a></li> }
        });
        view! {
            <div class="ds-error-summary" role="group" tabindex="-1" autofocus aria-labelledby=labelled_by>
                <h2 class="ds-heading" data-size="2xs" id=heading_id>{self.texts.form_mend()}</h2>
                <ul class="ds-list">{items.collect_view()}</ul>
            </div>
        }
        .into_any()
    }
}

fn field_name(name: &str) -> String {
    format!("form[{name}]")
}
