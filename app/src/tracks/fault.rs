//! What is wrong in a file, in words that say what to do.

use leptos::prelude::*;
use shared::tracks::{Fault, Wrong};

use crate::texts::Texts;
use crate::words::problem;

/// One fault, with where it is.
pub(super) fn fault(texts: Texts, fault: &Fault) -> AnyView {
    let line = fault.line.to_string();
    let place = match fault.phase {
        Some(phase) => texts.track_file_line_in_phase(&line, &phase.to_string()),
        None => texts.track_file_line(&line),
    };
    let name = (!fault.name.is_empty()).then(|| view! { <code>{fault.name.clone()}</code> ": " });
    // What the library says, it says in English.
    let quoted = match &fault.wrong {
        Wrong::NotToml(message) => Some(view! { " " <q lang="en">{message.clone()}</q> }),
        _ => None,
    };
    view! { <li><strong>{place}</strong>" " {name} {wrong(texts, &fault.wrong)} {quoted}</li> }.into_any()
}

fn wrong(texts: Texts, wrong: &Wrong) -> String {
    match wrong {
        Wrong::NotToml(_) => texts.track_file_not_toml().into(),
        Wrong::OtherVersion => texts.track_file_other_version().into(),
        Wrong::Unknown(known) => texts.track_file_unknown(&known.join(", ")),
        Wrong::Missing => texts.track_file_missing().into(),
        Wrong::NotText => texts.track_file_not_text().into(),
        Wrong::NotYesOrNo => texts.track_file_not_yes_or_no().into(),
        Wrong::NotAList => texts.track_file_not_a_list().into(),
        Wrong::NotATable => texts.track_file_not_a_table().into(),
        Wrong::NotOneOf(words) => texts.track_file_not_one_of(&words.join(", ")),
        Wrong::Doubled(line) => texts.track_file_doubled(&line.to_string()),
        Wrong::Value(value) => problem(texts, value),
    }
}
