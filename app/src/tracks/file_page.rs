//! A new track out of a file: the file's text is sent once to be shown what it becomes, and once more to make it.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use server_fn::ServerFn;
use shared::board::PhaseKind;
use shared::phases::{DueIn, RuleTask};
use shared::tracks::{FAULTS_SHOWN, FILE_MAX, Fault, NewPhase, TrackTemplate, Wrong};

use super::api::AddTrackFromFile;
use super::fault::fault;
use super::track_page::agreed;
use crate::form::{Form, Input};
use crate::frame::{Page, Part, page};
use crate::texts::Texts;
use crate::visit::{Visit, action};
use crate::words::{days, field, needed_field, phase_kind};

#[component]
pub(crate) fn TrackFilePage() -> impl IntoView {
    page(async |visit, person| {
        let texts = visit.texts();
        // Whoever may not make one does not see the form.
        person.managed_tracks().await?;
        let form = Form::new(&visit, AddTrackFromFile::PATH, "track-file", Vec::new());
        let typed = visit.rejected.as_ref().filter(|_| form.is_rejected());
        let is_first_look = typed.is_some_and(|typed| typed.error.problem("shown").is_some());
        let read = typed.map(|typed| typed.fields.get("form[file]").map(String::as_str).unwrap_or_default());
        let read = read.filter(|file| !file.trim().is_empty()).map(TrackTemplate::from_toml);
        let outcome = read.as_ref().map(|read| match read {
            Ok(template) => {
                let name = typed.and_then(|typed| typed.fields.get("form[name]")).map(|name| name.trim());
                let name = name.filter(|name| !name.is_empty()).unwrap_or(template.name.as_str());
                preview(texts, name, template, is_first_look)
            }
            Err(faults) => all_faults(texts, faults),
        });
        // What is only shown needs no mending.
        let start = (!is_first_look).then(|| form.start());
        let title = texts.track_file_title();
        let body = view! {
            <p class="back"><a class="ds-link" href="/admin/tracks">{texts.manage_all_tracks()}</a></p>
            <div class="page-head"><h1>{title}</h1></div>
            {start}
            {outcome}
            {fields(&visit, &form, read.as_ref().map(Result::is_ok))}
        }
        .into_any();
        Ok(Page { part: Part::ManagedTracks, title: title.to_owned(), class: "page page-track", body })
    })
}

/// The form, and before it whatever helps with a file of which is known whether it is right. With a script, a file can
/// be chosen instead of pasting its text.
fn fields(visit: &Visit, form: &Form, is_right: Option<bool>) -> AnyView {
    let texts = visit.texts();
    let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
    let (before, look, weight) = match is_right {
        Some(true) => (
            Some(view! { <h2>{texts.track_file_change()}</h2> }.into_any()),
            texts.track_file_look_again(),
            Some("secondary"),
        ),
        Some(false) => (None, texts.track_file_look_again(), None),
        None => (
            Some(view! { <p class="ds-paragraph">{texts.track_file_text()}</p> }.into_any()),
            texts.track_file_look(),
            None,
        ),
    };
    view! {
        <form class="stack" id="track-file" method="post" action=action(AddTrackFromFile::PATH)>
            {before}
            <div class="ds-field" id="track-file-choice" hidden data-into=form.field_id("file") data-max=FILE_MAX.to_string()
                data-read=texts.track_file_read() data-too-large=texts.track_file_too_large(&(FILE_MAX / 1024).to_string())>
                <label class="ds-label" for="track-file-chosen">{texts.track_file_choose()}</label>
                <input class="ds-input" type="file" id="track-file-chosen" accept=".toml,text/plain"/>
                <p aria-live="polite"></p>
            </div>
            {form.field_with("file", texts.field_file(), Some(texts.track_file_hint()), Input::Lines(14), "")}
            {form.field_with("name", texts.field_name(), Some(texts.track_file_name_hint()), Input::Line("text", "off"), "")}
            <div class="form-actions">
                <button class="ds-button" data-variant=weight type="submit">{look}</button>
                <a class="ds-button" data-variant="tertiary" href="/admin/tracks">{texts.form_cancel()}</a>
            </div>
        </form>
        <script r#async=true nonce=nonce src=visit.assets.track_file.to_string()></script>
    }
    .into_any()
}

/// All that is wrong, up to a number that somebody reads.
fn all_faults(texts: Texts, faults: &[Fault]) -> AnyView {
    let more = faults.len().saturating_sub(FAULTS_SHOWN);
    let more = (more > 0).then(|| view! { <p class="ds-paragraph">{texts.track_file_more(&more.to_string())}</p> });
    let is_toml = !faults.iter().any(|fault| matches!(fault.wrong, Wrong::NotToml(_)));
    let hint = (!is_toml).then(|| view! { <p class="ds-paragraph">{texts.track_file_hint_toml()}</p> });
    view! {
        <section aria-labelledby="faults">
            <h2 id="faults">{texts.track_file_faults()}</h2>
            {hint}
            <ul class="ds-list file-faults">{faults.iter().take(FAULTS_SHOWN).map(|one| fault(texts, one)).collect_view()}</ul>
            {more}
        </section>
    }
    .into_any()
}

/// What the track becomes, and the button that makes it.
fn preview(texts: Texts, name: &str, template: &TrackTemplate, is_first_look: bool) -> AnyView {
    let phases = template.phases.iter().map(|phase| phase_row(texts, phase));
    view! {
        <section aria-labelledby="becomes">
            <h2 id="becomes" tabindex="-1" autofocus=is_first_look>{texts.track_file_becomes(name)}</h2>
            <p class="ds-paragraph">{texts.track_file_not_yet()}</p>
            <ol class="phase-list">{phases.collect_view()}</ol>
            <div class="form-actions">
                <button class="ds-button" type="submit" form="track-file" name="form[shown]" value=template.mark()>{texts.manage_make_track()}</button>
            </div>
        </section>
    }
    .into_any()
}

fn phase_row(texts: Texts, phase: &NewPhase) -> AnyView {
    let kind = (phase.kind == PhaseKind::Closing)
        .then(|| view! { <span class="ds-tag" data-color="neutral">{phase_kind(texts, phase.kind)}</span> });
    let agreed = agreed(texts, phase.limit.map(i32::from), phase.agreed_days.map(i32::from));
    let rules = &phase.on_entry;
    let demands: Vec<&str> =
        [rules.reason.then(|| texts.manage_needs_reason()), rules.outcome.then(|| texts.manage_needs_outcome())]
            .into_iter()
            .flatten()
            .chain(rules.fields.iter().map(|needed| needed_field(texts, *needed)))
            .collect();
    let demands = (!demands.is_empty()).then(|| texts.track_file_demands(&demands.join("; ")));
    let lines = (!agreed.is_empty()).then(|| agreed.join(" · ")).into_iter().chain(demands);
    let lines = lines.chain(rules.tasks.iter().map(|task| task_line(texts, task)));
    view! {
        <li>
            <div class="about">
                <h3>{phase.name.to_string()}</h3>
                {kind}
                {lines.map(|line| view! { <p>{line}</p> }).collect_view()}
            </div>
        </li>
    }
    .into_any()
}

fn task_line(texts: Texts, task: &RuleTask) -> String {
    let due = match task.due {
        DueIn::Days(number) => days(texts, number.get().into()),
        DueIn::WorkingDays(number) if number.get() == 1 => texts.manage_one_working_day().to_owned(),
        DueIn::WorkingDays(number) => texts.manage_working_days(&number.get().to_string()),
    };
    texts.track_file_task(task.title.as_str(), field(texts, task.role.code()), &due)
}
