//! The timeline of a record.

use leptos::prelude::*;
use shared::participants::{Record, TIMELINE_SHOWN, WaitingOn};
use shared::timeline::{Change, Entry, Field, Filter, TaskStep, What};
use store::SignedIn;

use crate::notes::note_entry;
use crate::texts::Texts;
use crate::visit::Visit;
use crate::words::{changed_field, closing_reason, moment, outcome, short_date, waiting_on};

pub(super) fn timeline(visit: &Visit, person: &SignedIn, record: &Record, filter: Filter) -> AnyView {
    let texts = visit.texts();
    let filters = Filter::ALL.map(|each| {
        let href = match each {
            Filter::All => format!("/participants/{}#timeline", record.id),
            _ => format!("/participants/{}?show={}#timeline", record.id, each.code()),
        };
        view! { <a href=href aria-current=(each == filter).then_some("true")>{filter_name(texts, each)}</a> }
    });
    let entries = record.timeline.iter().map(|each| entry(visit, person, each)).collect_view();
    let list = if record.timeline.is_empty() {
        view! { <p class="empty">{texts.timeline_empty()}</p> }.into_any()
    } else {
        view! { <ol class="timeline">{entries}</ol> }.into_any()
    };
    let is_cut = u64::try_from(record.timeline.len()).is_ok_and(|shown| shown >= TIMELINE_SHOWN);
    let cut = is_cut.then(|| view! { <p class="muted">{texts.timeline_cut(&TIMELINE_SHOWN.to_string())}</p> });
    view! {
        <section aria-labelledby="timeline">
            <h2 id="timeline">{texts.record_timeline()}</h2>
            <nav class="timeline-filter" aria-label=texts.timeline_filter()>{filters.into_iter().collect_view()}</nav>
            {list}
            {cut}
        </section>
    }
    .into_any()
}

fn entry(visit: &Visit, person: &SignedIn, entry: &Entry) -> AnyView {
    let texts = visit.texts();
    let who = entry.by.clone().unwrap_or_else(|| texts.timeline_system().to_owned());
    let time = view! { <time datetime=entry.at.to_rfc3339()>{moment(texts, entry.at, person.now())}</time> };
    let head = view! { <span>{who}</span> " " {time} };
    if let What::Note(note) = &entry.what {
        return note_entry(visit, person, note, head.into_any());
    }
    let class = match &entry.what {
        What::Note(_) | What::NoteDeleted | What::NoteRestored => "entry note",
        What::Moved { .. } | What::Enrolled { .. } => "entry move",
        What::Task { .. } => "entry task",
        What::Changed(_) => "entry event",
    };
    let text = summary(texts, &entry.what);
    view! { <li class=class><header>{head}</header><div class="prose"><p>{text}</p></div></li> }.into_any()
}

/// What happened, in a sentence.
pub(crate) fn summary(texts: Texts, what: &What) -> String {
    match what {
        What::Note(_) => texts.mail_what_note_written_one().to_owned(),
        What::NoteDeleted => texts.timeline_note_deleted().to_owned(),
        What::NoteRestored => texts.timeline_note_restored().to_owned(),
        What::Moved { track, from, to, is_undo: true, .. } => texts.timeline_undone(track, from, to),
        What::Moved { track, from, to, reason, reason_text, outcome: result, .. } => {
            let listed = reason.map(|reason| closing_reason(texts, reason).to_owned());
            let why = reason_text.clone().or(listed).map(|reason| texts.timeline_reason(&reason));
            let led_to = result.map(|result| texts.timeline_outcome(outcome(texts, result)));
            [Some(texts.timeline_moved(track, from, to)), why, led_to]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" ")
        }
        What::Enrolled { track, phase } => texts.timeline_enrolled(track, phase),
        What::Task { step, title, assignee, due, .. } => {
            let due = short_date(texts, *due);
            match step {
                TaskStep::Made => texts.timeline_task_made(assignee, &due, title),
                TaskStep::Done => texts.timeline_task_done(title),
                TaskStep::Reopened => texts.timeline_task_reopened(title),
                TaskStep::ItemDone(item) => texts.timeline_task_item_done(item, title),
                TaskStep::ItemReopened(item) => texts.timeline_task_item_reopened(item, title),
                TaskStep::Changed => texts.timeline_task_changed(assignee, &due, title),
            }
        }
        What::Changed(changes) => {
            let lines: Vec<_> = changes.iter().map(|change| change_text(texts, change)).collect();
            lines.join(" ")
        }
    }
}

fn change_text(texts: Texts, change: &Change) -> String {
    let value = |text: &str| match change.field {
        _ if text.is_empty() => texts.timeline_nothing().to_owned(),
        Field::Waiting => WaitingOn::from_code(text).map_or(text, |on| waiting_on(texts, on)).to_owned(),
        Field::Plan if text == "made" => texts.plan_made().to_owned(),
        _ => format!("«{text}»"),
    };
    texts.timeline_changed(changed_field(texts, change.field), &value(&change.before), &value(&change.after))
}

fn filter_name(texts: Texts, filter: Filter) -> &'static str {
    match filter {
        Filter::All => texts.timeline_all(),
        Filter::Notes => texts.timeline_notes(),
        Filter::Moves => texts.timeline_moves(),
        Filter::Tasks => texts.timeline_tasks(),
    }
}
