//! The words for what the code has as types. Each match names every case, so that a new one can't be
//! forgotten.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike, Utc};
use shared::alerts::choices::Way;
use shared::alerts::{AlertKind, Mailed, Reason, Unmailed};
use shared::board::{CLOSED_COUNTED, CLOSED_SHOWN, ClosingReason, Outcome, PhaseKind};
use shared::error::{AppError, Meanwhile, Problem, RefusedCard, StaleCard, StaleMove};
use shared::notes::Visibility;
use shared::outbox::{Cause, ContentLevel, MailKind, MailRow, MailState, StepKind};
use shared::participants::{Plan, WaitingOn};
use shared::phases::NeededField;
use shared::tasks::Every;
use shared::time::{days_between, oslo, oslo_date};
use shared::timeline::Field;
use shared::tracks::{PhaseChange, PhaseField, TrackChange, TrackChanged};
use shared::views::Need;

use crate::texts::Texts;

/// A heading and a sentence for an error: what happened, that nothing was lost, what to do.
#[must_use]
pub fn explain(texts: Texts, error: &AppError) -> (String, String) {
    let (heading, text) = match error {
        AppError::SignedOut => (texts.error_signed_out_heading(), texts.error_signed_out_text().into()),
        AppError::WrongLogin => (texts.error_wrong_login_heading(), texts.error_wrong_login_text().into()),
        AppError::TooManyAttempts { minutes } => {
            (texts.error_too_many_heading(), texts.error_too_many_text(&minutes.to_string()))
        }
        AppError::Forbidden => (texts.error_forbidden_heading(), texts.error_forbidden_text().into()),
        AppError::NotFound => (texts.error_not_found_heading(), texts.error_not_found_text().into()),
        AppError::Stale(stale) => {
            (texts.error_stale_heading(), moved_by_other(texts, &stale.moved_by, &stale.phase_name, stale.moved_at))
        }
        AppError::StaleMany(cards) => {
            (texts.error_stale_heading(), texts.error_stale_many_text(&all_stale(texts, cards)))
        }
        AppError::NoAccessTo(names) => {
            (texts.error_no_access_to_heading(), texts.error_no_access_to_text(&names.join(", ")))
        }
        AppError::NotAdmitted(cards) => {
            (texts.error_not_admitted_heading(), texts.error_not_admitted_text(&all_refused(texts, cards)))
        }
        AppError::Changed { by, at } => (texts.error_changed_heading(), texts.error_changed_text(by, &clock(*at))),
        AppError::TrackChanged(changes) => (texts.error_track_changed_heading(), track_changed(texts, changes)),
        AppError::BuiltUpon(meanwhile) => {
            (texts.error_built_upon_heading(), texts.error_built_upon_text(&all_meanwhile(texts, meanwhile)))
        }
        AppError::TooLate { minutes } => {
            (texts.error_too_late_heading(), texts.error_too_late_text(&minutes.to_string()))
        }
        AppError::Invalid(_) => (texts.form_mend(), texts.error_invalid_text().into()),
        AppError::Malformed => (texts.error_malformed_heading(), texts.error_malformed_text().into()),
        AppError::TooLarge => (texts.error_too_large_heading(), texts.error_too_large_text().into()),
        AppError::ForeignOrigin => (texts.error_foreign_heading(), texts.error_foreign_text().into()),
        AppError::Internal(id) => (texts.error_internal_heading(), texts.error_internal_text(&id.to_string())),
        AppError::Unreachable => (texts.error_unreachable_heading(), texts.error_unreachable_text().into()),
    };
    (heading.to_owned(), text)
}

/// Who has moved which of several cards where, one sentence for each.
fn all_stale(texts: Texts, cards: &[StaleCard]) -> String {
    let each = |card: &StaleCard| {
        let StaleMove { moved_by, phase_name, moved_at, .. } = &card.stale;
        format!("{}: {}", card.name, moved_by_other(texts, moved_by, phase_name, *moved_at))
    };
    cards.iter().map(each).collect::<Vec<_>>().join(" ")
}

/// What each of several cards lacks: "Ada En: Mål, Telefon.", one after the other.
fn all_refused(texts: Texts, cards: &[RefusedCard]) -> String {
    let each = |card: &RefusedCard| {
        let missing: Vec<&str> = card.missing.iter().map(|needed| needed_field(texts, *needed)).collect();
        format!("{}: {}.", card.name, missing.join(", "))
    };
    cards.iter().map(each).collect::<Vec<_>>().join(" ")
}

/// What others have done in the meantime: "Ring (Kari Prøve, 24.11. kl. 10.42)", one after the other.
fn all_meanwhile(texts: Texts, meanwhile: &[Meanwhile]) -> String {
    let each = |one: &Meanwhile| {
        let by = if one.by.is_empty() { texts.timeline_system() } else { &one.by };
        format!("{} ({by}, {})", one.what, clock(one.at))
    };
    meanwhile.iter().map(each).collect::<Vec<_>>().join(", ")
}

/// That somebody else moved a card first.
#[must_use]
pub fn moved_by_other(texts: Texts, by: &str, phase: &str, at: NaiveDateTime) -> String {
    if by.is_empty() { texts.board_stale_unknown(phase, &clock(at)) } else { texts.board_stale(by, phase, &clock(at)) }
}

/// What is wrong with a field, as a sentence that says what to do.
#[must_use]
pub fn problem(texts: Texts, problem: &Problem) -> String {
    match problem {
        Problem::Required => texts.problem_required().into(),
        Problem::TooLong { max } => texts.problem_too_long(&max.to_string()),
        Problem::TooShort { min } => texts.problem_too_short(&min.to_string()),
        Problem::IdentityNumber => texts.problem_identity_number().into(),
        Problem::NotADate => texts.problem_not_a_date().into(),
        Problem::DateOutOfRange => texts.problem_date_out_of_range().into(),
        Problem::NotATime => texts.problem_not_a_time().into(),
        Problem::BeforeStart => texts.problem_before_start().into(),
        Problem::NotConfirmed => texts.problem_not_confirmed().into(),
        Problem::StillIn { count } => texts.problem_still_in(&participants(texts, *count)),
        Problem::NotAnEmail => texts.problem_not_an_email().into(),
        Problem::NotAPhone => texts.problem_not_a_phone().into(),
        Problem::UnknownChoice => texts.problem_unknown_choice().into(),
        Problem::NoAccess => texts.problem_no_access().into(),
        Problem::WrongOrder => texts.problem_wrong_order().into(),
        Problem::NotOnRecord => texts.problem_not_on_record().into(),
        Problem::NotASlug => texts.problem_not_a_slug().into(),
        Problem::TooMany { max } => texts.problem_too_many(&max.to_string()),
        Problem::TooManyLines { max } => texts.problem_too_many_lines(&max.to_string()),
        Problem::TooManyChosen { max } => texts.problem_too_many_chosen(&max.to_string()),
        Problem::Faulty { count } => texts.problem_faulty(&count.to_string()),
        Problem::NotInRange { max } => texts.problem_not_in_range(&max.to_string()),
        Problem::Taken => texts.problem_taken().into(),
    }
}

/// That somebody else changed the track first, and what: the latest changes, since more would be read by nobody.
fn track_changed(texts: Texts, changes: &[TrackChanged]) -> String {
    let told: Vec<String> = changes.iter().take(3).map(|change| track_change_by(texts, change)).collect();
    [&told[..], &[texts.error_track_changed_text().to_owned()]].concat().join(" ")
}

/// Who changed what on a track, and when.
#[must_use]
pub fn track_change_by(texts: Texts, changed: &TrackChanged) -> String {
    let what = track_change(texts, &changed.change);
    if changed.by.is_empty() {
        texts.manage_changed(&clock(changed.at), &what)
    } else {
        texts.manage_changed_by(&changed.by, &clock(changed.at), &what)
    }
}

fn track_change(texts: Texts, change: &TrackChange) -> String {
    match change {
        TrackChange::Made => texts.manage_change_made().into(),
        TrackChange::Renamed { from, to } => texts.manage_change_renamed(from, to),
        TrackChange::Retired => texts.manage_change_retired().into(),
        TrackChange::Resumed => texts.manage_change_resumed().into(),
        TrackChange::PhaseAdded { phase } => texts.manage_change_phase_added(phase),
        TrackChange::PhaseChanged { phase, changes } => {
            let details: Vec<String> = changes.iter().map(|change| phase_change(texts, change)).collect();
            texts.manage_change_phase_changed(phase, &details.join(", "))
        }
        TrackChange::PhasePlaced { phase, before: Some(before) } => texts.manage_change_phase_placed(phase, before),
        TrackChange::PhasePlaced { phase, before: None } => texts.manage_change_phase_placed_last(phase),
        TrackChange::PhaseRetired { phase, to, cards } => {
            texts.manage_change_phase_retired(phase, to, &participants(texts, *cards))
        }
    }
}

fn phase_change(texts: Texts, change: &PhaseChange) -> String {
    let field = match change.field {
        PhaseField::Name => texts.field_name(),
        PhaseField::Limit => texts.manage_limit(),
        PhaseField::AgreedDays => texts.manage_agreed_days(),
        PhaseField::OnEntry => return texts.manage_on_entry().to_owned(),
    };
    let nothing = |value: &String| if value.is_empty() { "–".to_owned() } else { value.clone() };
    texts.manage_change_field(field, &nothing(&change.before), &nothing(&change.after))
}

/// What kind of phase it is.
#[must_use]
pub fn phase_kind(texts: Texts, kind: PhaseKind) -> &'static str {
    match kind {
        PhaseKind::Ordinary => texts.manage_kind_ordinary(),
        PhaseKind::Closing => texts.manage_kind_closing(),
    }
}

/// A number of participants in words.
#[must_use]
pub fn participants(texts: Texts, count: usize) -> String {
    if count == 1 { texts.manage_one_participant().into() } else { texts.manage_participants(&count.to_string()) }
}

/// How many cards a column has, in words where they are more than the office means to have.
#[must_use]
pub fn card_count(texts: Texts, kind: PhaseKind, count: usize, limit: Option<usize>) -> String {
    match limit {
        _ if kind == PhaseKind::Closing && count >= CLOSED_COUNTED => {
            texts.board_count_from(&CLOSED_COUNTED.to_string())
        }
        Some(limit) if count > limit => texts.board_count_over(&count.to_string(), &limit.to_string()),
        Some(limit) => texts.board_count_of(&count.to_string(), &limit.to_string()),
        None => count.to_string(),
    }
}

/// Of how many cards a closing phase's column does not show, which are the earliest; nothing if it shows all.
#[must_use]
pub fn earlier_cards(texts: Texts, count: usize) -> Option<String> {
    match count.saturating_sub(CLOSED_SHOWN) {
        0 => None,
        _ if count >= CLOSED_COUNTED => Some(texts.board_many_more().to_owned()),
        earlier => Some(texts.board_more(&earlier.to_string())),
    }
}

/// A reason for leaving a track.
#[must_use]
pub fn closing_reason(texts: Texts, reason: ClosingReason) -> &'static str {
    match reason {
        ClosingReason::Completed => texts.reason_completed(),
        ClosingReason::LeftForWork => texts.reason_left_for_work(),
        ClosingReason::LeftForEducation => texts.reason_left_for_education(),
        ClosingReason::MovedAway => texts.reason_moved_away(),
        ClosingReason::OwnWish => texts.reason_own_wish(),
        ClosingReason::NoShow => texts.reason_no_show(),
        ClosingReason::Other => texts.reason_other(),
    }
}

/// Where an enrolment led.
#[must_use]
pub fn outcome(texts: Texts, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::RelevantWork => texts.outcome_relevant_work(),
        Outcome::OtherWork => texts.outcome_other_work(),
        Outcome::Education => texts.outcome_education(),
        Outcome::Other => texts.outcome_other(),
    }
}

/// A clock time with its date: `24.11. kl. 10:42`. Used in the browser too, which has no calendar of
/// Oslo; so it takes Oslo time.
#[must_use]
pub fn clock(at: NaiveDateTime) -> String {
    format!("{}.{}. kl.\u{a0}{:02}.{:02}", at.day(), at.month(), at.hour(), at.minute())
}

/// A number of days in words.
#[must_use]
pub fn days(texts: Texts, days: i64) -> String {
    if days == 1 { texts.time_one_day().into() } else { texts.time_days(&days.to_string()) }
}

/// What a phase can demand, as it is when it is in order.
#[must_use]
pub fn needed_field(texts: Texts, needed: NeededField) -> &'static str {
    match needed {
        NeededField::Waiting => texts.manage_needs_no_waiting(),
        NeededField::Plan => texts.manage_needs_plan(),
        other => field(texts, other.code()),
    }
}

/// A field's label, for the list of what must be mended.
#[must_use]
pub fn field(texts: Texts, name: &str) -> &'static str {
    match name {
        "email" => texts.field_email(),
        "password" => texts.field_password(),
        "name" => texts.field_name(),
        "language" => texts.field_language(),
        "phone" => texts.field_phone(),
        "goal" => texts.field_goal(),
        "plan" => texts.field_plan(),
        "plan_review" => texts.field_plan_review(),
        "nav_office" => texts.field_nav_office(),
        "phase" => texts.field_phase(),
        "started_on" => texts.field_started_on(),
        "inn_contact" => texts.field_inn_contact(),
        "nav_contact" => texts.field_nav_contact(),
        "text" => texts.field_note(),
        "visibility" => texts.field_visibility(),
        "title" => texts.field_title(),
        "description" => texts.field_description(),
        "assignee" | "contact" => texts.field_assignee(),
        "due" => texts.field_due(),
        "items" => texts.field_items(),
        "due_days" => texts.field_due_days(),
        "repeat" => texts.field_repeat(),
        "repeat_until" => texts.field_repeat_until(),
        "repeat_times" => texts.field_repeat_times(),
        "reason" => texts.field_reason(),
        "reason_text" => texts.field_reason_text(),
        "outcome" => texts.field_outcome(),
        "waiting" => texts.field_waiting(),
        "morning" => texts.choices_morning(),
        "quiet_from" => texts.choices_quiet_from(),
        "remind_days" => texts.choices_remind_days(),
        "grace_minutes" => texts.choices_grace(),
        "weekly_need" => texts.choices_weekly_need(),
        "leave_from" => texts.choices_leave_from(),
        "leave_until" => texts.choices_leave_until(),
        "deputy" => texts.choices_deputy(),
        "level" => texts.delivery_content_heading(),
        "understood" => texts.delivery_content_understood(),
        kind if AlertKind::from_code(kind).is_some() => {
            AlertKind::from_code(kind).map_or("", |kind| chosen_kind(texts, kind))
        }
        "track" => texts.field_track(),
        "kind" => texts.manage_kind(),
        "limit" => texts.manage_limit(),
        "agreed_days" => texts.manage_agreed_days(),
        "template" => texts.manage_template(),
        "file" => texts.field_file(),
        "before" => texts.manage_order(),
        "to" => texts.manage_retire_to(),
        "cards" => texts.field_cards(),
        task if task.starts_with("task") && task.ends_with("_title") => texts.manage_task_title(),
        task if task.starts_with("task") && task.ends_with("_for") => texts.manage_task_for(),
        task if task.starts_with("task") && task.ends_with("_days") => texts.manage_task_days(),
        task if task.starts_with("task") && task.ends_with("_unit") => texts.manage_task_unit(),
        _ => "",
    }
}

/// What has just been done, from the code in the address.
#[must_use]
pub fn done(texts: Texts, code: &str) -> Option<String> {
    let text = match code {
        "participant" => texts.done_participant(),
        "details" => texts.done_details(),
        "contacts" => texts.done_contacts(),
        "waiting" => texts.done_waiting(),
        "enrolled" => texts.done_enrolled(),
        "follow" => texts.done_follow(),
        "unfollow" => texts.done_unfollow(),
        "edited" => texts.done_edited(),
        "task" => texts.done_task(),
        "task-changed" => texts.done_task_changed(),
        "task-done" => texts.done_task_done(),
        "task-open" => texts.done_task_open(),
        "item-done" => texts.done_item_done(),
        "item-open" => texts.done_item_open(),
        "template" => texts.done_template(),
        "template-changed" => texts.done_template_changed(),
        "template-removed" => texts.done_template_removed(),
        "read" => texts.done_read(),
        "choices" => texts.done_choices(),
        "calendar" => texts.done_calendar(),
        "calendar-removed" => texts.done_calendar_removed(),
        "keys" => texts.done_keys(),
        "view" => texts.done_view(),
        "view-forgotten" => texts.done_view_forgotten(),
        "start" => texts.done_start(),
        "no-start" => texts.done_no_start(),
        "paused" => texts.done_paused(),
        "resumed" => texts.done_resumed(),
        "mail-content" => texts.done_mail_content(),
        "test-mail-waits" => texts.done_test_mail_waits(),
        "moved" => texts.done_moved(),
        "test-mail" => texts.done_test_mail(),
        "resent" => texts.done_resent(),
        "track-made" => texts.done_track_made(),
        "track-renamed" => texts.done_track_renamed(),
        "track-placed" => texts.done_track_placed(),
        "track-retired" => texts.done_track_retired(),
        "track-resumed" => texts.done_track_resumed(),
        "phase-added" => texts.done_phase_added(),
        "phase-changed" => texts.done_phase_changed(),
        "phase-placed" => texts.done_phase_placed(),
        "phase-retired" => texts.done_phase_retired(),
        deleted if deleted.starts_with("deleted-") => {
            let (withdrawn, gone) = deleted.strip_prefix("deleted-")?.split_once('-')?;
            let (withdrawn, gone): (usize, usize) = (withdrawn.parse().ok()?, gone.parse().ok()?);
            return Some(texts.done_note_deleted(&withdrawn.to_string(), &gone.to_string()));
        }
        undone if undone.starts_with("undone-") => {
            let (withdrawn, gone) = undone.strip_prefix("undone-")?.split_once('-')?;
            let (withdrawn, gone): (usize, usize) = (withdrawn.parse().ok()?, gone.parse().ok()?);
            return Some(texts.done_undone(&withdrawn.to_string(), &gone.to_string()));
        }
        restored if restored.starts_with("restored-") => {
            let alerted: usize = restored.strip_prefix("restored-")?.parse().ok()?;
            return Some(texts.done_note_restored(&alerted.to_string()));
        }
        many if many.starts_with("many-") => {
            let (what, count) = many.strip_prefix("many-")?.split_once('-')?;
            let count: usize = count.parse().ok()?;
            return done_with_many(texts, what, count);
        }
        note => {
            let alerted: usize = note.strip_prefix("note-")?.parse().ok()?;
            return Some(match alerted {
                0 => texts.done_note_nobody().into(),
                1 => texts.done_note_one().into(),
                many => texts.done_note_many(&many.to_string()),
            });
        }
    };
    Some(text.to_owned())
}

/// How a task comes back.
#[must_use]
pub fn repeats(texts: Texts, every: Every) -> String {
    match every {
        Every::Weeks(1) => texts.tasks_repeat_weekly().to_owned(),
        Every::Weeks(weeks) => texts.tasks_repeat_weeks(&weeks.to_string()),
        Every::Months(1) => texts.tasks_repeat_monthly().to_owned(),
        Every::Months(months) => texts.tasks_repeat_months(&months.to_string()),
    }
}

/// What has been done with so many cards.
#[must_use]
pub fn done_with_many(texts: Texts, what: &str, count: usize) -> Option<String> {
    if count == 0 {
        return Some(texts.done_many_nothing().to_owned());
    }
    let who = participants(texts, count);
    Some(match what {
        "moved" => texts.done_many_moved(&who),
        "contact" => texts.done_many_contact(&who),
        "followed" => texts.done_many_followed(&who),
        "left" => texts.done_many_left(&who),
        _ => return None,
    })
}

/// Who may read a note.
#[must_use]
pub fn visibility(texts: Texts, visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::OwnUnit => texts.visibility_own_unit(),
        Visibility::InnAndNav => texts.visibility_inn_and_nav(),
        Visibility::Participant => texts.visibility_participant(),
    }
}

/// Whom somebody waits for.
#[must_use]
pub fn waiting_on(texts: Texts, on: WaitingOn) -> &'static str {
    match on {
        WaitingOn::Nav => texts.waiting_nav(),
        WaitingOn::Inn => texts.waiting_inn(),
        WaitingOn::Participant => texts.waiting_participant(),
    }
}

/// Why somebody must do something about a participant.
#[must_use]
pub fn need(texts: Texts, need: Need) -> String {
    match need {
        Need::NoTask => texts.views_need_no_task().to_owned(),
        Need::StoodStill { days: stood, agreed } => {
            texts.views_need_stood_still(&days(texts, stood), &agreed.to_string())
        }
        Need::Quiet { days: quiet } => texts.views_need_quiet(&days(texts, quiet)),
    }
}

/// The badge of a plan: its `data-plan` and its text.
#[must_use]
pub fn plan_badge(texts: Texts, plan: Plan, today: NaiveDate) -> (&'static str, String) {
    match plan {
        Plan::Missing => ("missing", texts.plan_missing().into()),
        Plan::Made { review: Some(review) } if review < today => ("due", texts.plan_due(&short_date(texts, review))),
        Plan::Made { review: Some(review) } => ("ok", texts.plan_review(&short_date(texts, review))),
        Plan::Made { review: None } => ("ok", texts.plan_made().into()),
    }
}

/// A field of a change.
#[must_use]
pub fn changed_field(texts: Texts, field: Field) -> &'static str {
    match field {
        Field::Name => texts.field_name(),
        Field::Language => texts.field_language(),
        Field::Phone => texts.field_phone(),
        Field::Email => texts.field_email(),
        Field::Goal => texts.field_goal(),
        Field::Plan => texts.field_plan(),
        Field::NavOffice => texts.field_nav_office(),
        Field::InnContact => texts.field_inn_contact(),
        Field::NavContact => texts.field_nav_contact(),
        Field::Waiting => texts.field_waiting(),
    }
}

/// What an alert tells, with the participant's name or reference.
#[must_use]
pub fn alert(texts: Texts, kind: AlertKind, about: &str) -> String {
    match kind {
        AlertKind::NoteWritten => texts.alert_note_written(about),
        AlertKind::Mentioned => texts.alert_mentioned(about),
        AlertKind::TaskAssigned => texts.alert_task_assigned(about),
        AlertKind::TaskChanged => texts.alert_task_changed(about),
        AlertKind::TaskDone => texts.alert_task_done(about),
        AlertKind::TaskDueSoon => texts.alert_task_due_soon(about),
        AlertKind::TaskDueToday => texts.alert_task_due_today(about),
        AlertKind::TaskOverdue => texts.alert_task_overdue(about),
        AlertKind::Moved => texts.alert_moved(about),
        AlertKind::MadeContact => texts.alert_made_contact(about),
        AlertKind::HandedOver => texts.alert_handed_over(about),
    }
}

/// What happened, once or several times.
#[must_use]
pub fn happened(texts: Texts, kind: AlertKind, count: usize) -> String {
    let times = &count.to_string();
    match (kind, count) {
        (AlertKind::NoteWritten, 1) => texts.mail_what_note_written_one().to_owned(),
        (AlertKind::NoteWritten, _) => texts.mail_what_note_written_many(times),
        (AlertKind::Mentioned, 1) => texts.mail_what_mentioned_one().to_owned(),
        (AlertKind::Mentioned, _) => texts.mail_what_mentioned_many(times),
        (AlertKind::TaskAssigned, 1) => texts.mail_what_task_assigned_one().to_owned(),
        (AlertKind::TaskAssigned, _) => texts.mail_what_task_assigned_many(times),
        (AlertKind::TaskChanged, 1) => texts.mail_what_task_changed_one().to_owned(),
        (AlertKind::TaskChanged, _) => texts.mail_what_task_changed_many(times),
        (AlertKind::TaskDone, 1) => texts.mail_what_task_done_one().to_owned(),
        (AlertKind::TaskDone, _) => texts.mail_what_task_done_many(times),
        (AlertKind::TaskDueSoon, 1) => texts.mail_what_task_due_soon_one().to_owned(),
        (AlertKind::TaskDueSoon, _) => texts.mail_what_task_due_soon_many(times),
        (AlertKind::TaskDueToday, 1) => texts.mail_what_task_due_today_one().to_owned(),
        (AlertKind::TaskDueToday, _) => texts.mail_what_task_due_today_many(times),
        (AlertKind::TaskOverdue, 1) => texts.mail_what_task_overdue_one().to_owned(),
        (AlertKind::TaskOverdue, _) => texts.mail_what_task_overdue_many(times),
        (AlertKind::Moved, 1) => texts.mail_what_moved_one().to_owned(),
        (AlertKind::Moved, _) => texts.mail_what_moved_many(times),
        (AlertKind::MadeContact, 1) => texts.mail_what_made_contact_one().to_owned(),
        (AlertKind::MadeContact, _) => texts.mail_what_made_contact_many(times),
        (AlertKind::HandedOver, 1) => texts.mail_what_handed_over_one().to_owned(),
        (AlertKind::HandedOver, _) => texts.mail_what_handed_over_many(times),
    }
}

/// Which alerts somebody chooses about.
#[must_use]
pub fn chosen_kind(texts: Texts, kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::NoteWritten => texts.choices_kind_note_written(),
        AlertKind::Mentioned => texts.choices_kind_mentioned(),
        AlertKind::TaskAssigned => texts.choices_kind_task_assigned(),
        AlertKind::TaskChanged => texts.choices_kind_task_changed(),
        AlertKind::TaskDone => texts.choices_kind_task_done(),
        AlertKind::TaskDueSoon => texts.choices_kind_task_due_soon(),
        AlertKind::TaskDueToday => texts.choices_kind_task_due_today(),
        AlertKind::TaskOverdue => texts.choices_kind_task_overdue(),
        AlertKind::Moved => texts.choices_kind_moved(),
        AlertKind::MadeContact => texts.choices_kind_made_contact(),
        AlertKind::HandedOver => texts.choices_kind_handed_over(),
    }
}

/// Why somebody is told, as the rest of a sentence.
#[must_use]
pub fn alert_reason(texts: Texts, reason: Reason) -> &'static str {
    match reason {
        Reason::Mentioned => texts.alert_reason_mentioned(),
        Reason::Assignee => texts.alert_reason_assignee(),
        Reason::MadeTask => texts.alert_reason_made_task(),
        Reason::Contact => texts.alert_reason_contact(),
        Reason::Office => texts.alert_reason_office(),
        Reason::Follows => texts.alert_reason_follows(),
    }
}

/// How alerts come by mail.
#[must_use]
pub fn way(texts: Texts, way: Way) -> &'static str {
    match way {
        Way::Now => texts.choices_way_now(),
        Way::Digest => texts.choices_way_digest(),
        Way::Off => texts.choices_way_off(),
    }
}

/// What became of the mail about an alert.
#[must_use]
pub fn mailed(texts: Texts, mailed: &Mailed, now: DateTime<Utc>) -> String {
    match mailed {
        Mailed::Waits(due) => texts.alert_mailed_waits(&coming(texts, *due, now)),
        Mailed::Sent(at) => texts.alert_mailed_sent(&moment(texts, *at, now)),
        Mailed::Failed(_) => texts.alert_mailed_failed().to_owned(),
        Mailed::No(Unmailed::Off) => texts.alert_mailed_off().to_owned(),
        Mailed::No(Unmailed::PassedOn) => texts.alert_mailed_passed_on().to_owned(),
        Mailed::No(Unmailed::Read) => texts.alert_mailed_read().to_owned(),
        Mailed::No(Unmailed::Withdrawn) => texts.alert_mailed_withdrawn().to_owned(),
        Mailed::No(Unmailed::NoAccess) => texts.alert_mailed_no_access().to_owned(),
        Mailed::No(Unmailed::Outdated) => texts.alert_mailed_outdated().to_owned(),
        Mailed::Forgotten => texts.alert_mailed_forgotten().to_owned(),
    }
}

/// What a mail is about, for an administrator.
#[must_use]
pub fn mail_about(texts: Texts, mail: &MailRow) -> String {
    match (mail.kind, mail.alerts) {
        (MailKind::Alerts, Some(kind)) => alert(texts, kind, &mail.reference),
        (MailKind::Alerts, None) => mail.reference.clone(),
        (MailKind::Several, _) => texts.delivery_is_several().to_owned(),
        (MailKind::Digest, _) => texts.delivery_is_digest().to_owned(),
        (MailKind::Test, _) => texts.delivery_is_test().to_owned(),
        (MailKind::AnswerRefused, _) => texts.delivery_is_refusal().to_owned(),
    }
}

/// Why a mail was not taken, and what to do.
#[must_use]
pub fn mail_cause(texts: Texts, cause: Cause) -> &'static str {
    match cause {
        Cause::Unreachable => texts.delivery_cause_unreachable(),
        Cause::Silence => texts.delivery_cause_silence(),
        Cause::HungUp => texts.delivery_cause_hung_up(),
        Cause::NoEncryption => texts.delivery_cause_no_encryption(),
        Cause::CertificateExpired => texts.delivery_cause_certificate_expired(),
        Cause::CertificateUntrusted => texts.delivery_cause_certificate_untrusted(),
        Cause::CertificateName => texts.delivery_cause_certificate_name(),
        Cause::Encryption => texts.delivery_cause_encryption(),
        Cause::Login => texts.delivery_cause_login(),
        Cause::Sender => texts.delivery_cause_sender(),
        Cause::Recipient => texts.delivery_cause_recipient(),
        Cause::MailboxFull => texts.delivery_cause_mailbox_full(),
        Cause::Content => texts.delivery_cause_content(),
        Cause::Busy => texts.delivery_cause_busy(),
        Cause::Letters => texts.delivery_cause_letters(),
        Cause::Address => texts.delivery_cause_address(),
        Cause::Folder => texts.delivery_cause_folder(),
        Cause::Bounced => texts.delivery_cause_bounced(),
        Cause::Fault => texts.delivery_cause_fault(),
    }
}

/// One step of handing a mail over.
#[must_use]
pub fn mail_step(texts: Texts, step: StepKind) -> &'static str {
    match step {
        StepKind::Connect => texts.delivery_step_connect(),
        StepKind::Encrypt => texts.delivery_step_encrypt(),
        StepKind::LogIn => texts.delivery_step_log_in(),
        StepKind::Sender => texts.delivery_step_sender(),
        StepKind::Recipient => texts.delivery_step_recipient(),
        StepKind::Content => texts.delivery_step_content(),
        StepKind::File => texts.delivery_step_file(),
    }
}

/// What mails may tell.
#[must_use]
pub fn content_level(texts: Texts, level: ContentLevel) -> &'static str {
    match level {
        ContentLevel::Nothing => texts.delivery_content_nothing(),
        ContentLevel::Initials => texts.delivery_content_initials(),
        ContentLevel::Full => texts.delivery_content_full(),
    }
}

/// Where a mail stands: the tag's colour and its text.
#[must_use]
pub fn mail_state(texts: Texts, state: MailState) -> (&'static str, &'static str) {
    match state {
        MailState::Queued => ("info", texts.delivery_queued()),
        MailState::Sent => ("success", texts.delivery_sent()),
        MailState::Failed => ("danger", texts.delivery_failed()),
        MailState::Dropped => ("neutral", texts.delivery_dropped()),
    }
}

/// A date without the year: `24. nov.`.
#[must_use]
pub fn short_date(texts: Texts, date: NaiveDate) -> String {
    let months = texts.time_months();
    let month = months.split(' ').nth(date.month0() as usize).unwrap_or_default();
    texts.time_date(&date.day().to_string(), month)
}

/// An instant that is yet to come: `nå`, `i dag kl. 10.42`, `i morgen kl. 08.00`, `24. nov. kl. 08.00`.
#[must_use]
pub fn coming(texts: Texts, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let local = oslo(at);
    let time = format!("{:02}.{:02}", local.hour(), local.minute());
    let day = match (local.date() - oslo_date(now)).num_days() {
        _ if at <= now => return texts.time_now().to_owned(),
        0 => texts.time_today().to_owned(),
        1 => texts.time_tomorrow().to_owned(),
        _ => short_date(texts, local.date()),
    };
    texts.time_at(&day, &time)
}

/// An instant as people say it: `i dag kl. 10.42`, `24. nov. kl. 10.42`, with the year when it is another.
#[must_use]
pub fn moment(texts: Texts, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let local = oslo(at);
    let time = format!("{:02}.{:02}", local.hour(), local.minute());
    let day = match days_between(at, now) {
        0 => texts.time_today().to_owned(),
        1 => texts.time_yesterday().to_owned(),
        _ if local.year() == oslo_date(now).year() => short_date(texts, local.date()),
        _ => format!("{} {}", short_date(texts, local.date()), local.year()),
    };
    texts.time_at(&day, &time)
}
