//! The form for a note, and a note in the timeline.

use chrono::TimeDelta;
use leptos::prelude::*;
use server_fn::ServerFn;
use shared::notes::{FRESH_MINUTES, Note, Visibility, may_edit};
use shared::participants::Record;
use store::SignedIn;

use super::api::{DeleteNote, EditNote, SaveNote};
use super::draft::KeepDraft;
use super::markdown::to_html;
use crate::form::{Form, Input};
use crate::visit::{Visit, action};
use crate::words::{moment, visibility};

/// The form for a new note.
pub(crate) fn new_note_form(visit: &Visit, record: &Record) -> AnyView {
    let texts = visit.texts();
    let form = Form::new(visit, SaveNote::PATH, "note", vec![("participant", record.id.to_string())]);
    let levels = Visibility::ALL.map(|level| (level.code().to_owned(), visibility(texts, level).to_owned()));
    let saved = visit.query("done").is_some_and(|done| done.starts_with("note-"));
    view! {
        <form class="stack" method="post" action=action(SaveNote::PATH) id="new-note">
            {form.start()}
            {form.field_with("text", texts.field_note(), Some(texts.hint_note()), Input::Lines(4), "")}
            <KeepDraft field=form.field_id("text") key=format!("note-{}", record.id) saved locale=visit.locale/>
            <div class="field-row">{form.field("visibility", texts.field_visibility(), Input::Choice(&levels), "")}</div>
            <div class="form-actions"><button class="ds-button" type="submit">{texts.notes_save()}</button></div>
        </form>
    }.into_any()
}

/// A note as an entry of the timeline.
pub(crate) fn note_entry(visit: &Visit, person: &SignedIn, note: &Note, head: AnyView) -> AnyView {
    let texts = visit.texts();
    let color = match note.visibility {
        Visibility::OwnUnit => "neutral",
        Visibility::InnAndNav => "info",
        Visibility::Participant => "success",
    };
    let earlier = (!note.earlier.is_empty()).then(|| {
        let versions = note.earlier.iter().map(|(until, text)| {
            view! {
                <p class="muted">{texts.notes_until(&moment(texts, *until, person.now()))}</p>
                <div class="prose old" inner_html=to_html(text)></div>
            }
        });
        view! {
            <details class="more-details">
                <summary>{texts.notes_earlier(&note.earlier.len().to_string())}</summary>
                {versions.collect_view()}
            </details>
        }
    });
    let edit = may_edit(note.author, person.me().id, person.me().role).then(|| {
        let id = note.id.to_string();
        let hidden = vec![("note", id.clone()), ("version", note.version.to_string())];
        let form = Form::new(visit, EditNote::PATH, &format!("edit-{id}"), hidden);
        view! {
            <details class="more-details" open=form.is_rejected()>
                <summary>{texts.notes_edit()}</summary>
                <form class="stack compact" method="post" action=action(EditNote::PATH)>
                    {form.start()}
                    {form.field("text", texts.notes_edit_label(), Input::Lines(4), &note.text)}
                    <div class="form-actions"><button class="ds-button" data-variant="secondary" type="submit">{texts.notes_save_edit()}</button></div>
                </form>
            </details>
        }
    });
    let is_fresh = person.now() - note.written_at < TimeDelta::minutes(FRESH_MINUTES);
    let delete = (is_fresh && may_edit(note.author, person.me().id, person.me().role)).then(|| {
        let hint = format!("delete-{}", note.id);
        let described_by = hint.clone();
        view! {
            <form class="note-delete" method="post" action=action(DeleteNote::PATH)>
                <input type="hidden" name="form[note]" value=note.id.to_string()/>
                <button class="ds-button compact" data-variant="tertiary" data-color="danger" type="submit" aria-describedby=described_by>{texts.notes_delete()}</button>
                <span class="muted" id=hint>{texts.notes_delete_hint(&FRESH_MINUTES.to_string())}</span>
            </form>
        }
    });
    view! {
        <li class="entry note" id=format!("note-{}", note.id)>
            <header>{head}<span class="ds-tag" data-color=color>{visibility(texts, note.visibility)}</span></header>
            <div class="prose" inner_html=to_html(&note.text)></div>
            {earlier}
            {edit}
            {delete}
        </li>
    }
    .into_any()
}
