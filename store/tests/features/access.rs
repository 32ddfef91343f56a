//! The whole policy as the doors keep it: who may call what, and that a refusal changes nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use shared::alerts::choices::{Choices, ChoicesForm};
use shared::board::{ContactRole, PhaseKind};
use shared::error::{AppError, Problem};
use shared::id::{
    AlertId, CommandId, EnrolmentId, MailId, MoveId, NoteId, ParticipantId, PhaseId, TaskId, TaskItemId,
    TaskTemplateId, TrackId, ViewId,
};
use shared::locale::Locale;
use shared::many::{ChosenCards, ContactOfManyForm, FollowManyForm, MoveManyForm, NOBODY};
use shared::notes::{NoteEditForm, NoteForm, Visibility};
use shared::outbox::{Cause, ContentLevel, Delivery};
use shared::participants::{ContactsForm, DetailsForm, NewParticipantForm};
use shared::task_templates::TaskTemplateForm;
use shared::tasks::TaskForm;
use shared::timeline::Filter;
use shared::tracks::{
    AddPhaseForm, ChangePhaseForm, NewTrackForm, PlacePhaseForm, PlaceTrackForm, RenameTrackForm, RetirePhaseForm,
    RulesForm, SeenTrackForm, Shipped, TrackFileForm,
};
use shared::undo::Undoable;
use shared::views::{self, ChangeViewForm, ViewForm};
use store::testing::TestStore;
use store::{CardNews, MailSearch, NewTrack, SignedIn, StoreError};
use uuid::Uuid;

use crate::support::{record, to_end};

/// What a door answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// It is done.
    Yes,
    /// The person may see the thing, but not do this with it.
    Forbidden,
    /// The person may not know that the thing exists.
    NotFound,
    /// The office that the form names is none of hers.
    Office,
}
use Answer::{Forbidden as Forbid, NotFound as Hide, Office, Yes};

/// `nav` belongs to the eastern office and covers the western one.
const PEOPLE: [&str; 7] = ["inn", "leder", "nav", "nav-west", "admin", "stranger", "nav-stranger"];

/// Each method of [`SignedIn`], done with a participant of the eastern office on the track `introlop`, about
/// whom `inn` wrote the note.
#[rustfmt::skip]
const POLICY: [(&str, [Answer; PEOPLE.len()]); 87] = [
    //                      inn     leder   nav     nav-west admin  stranger nav-stranger
    // Tracks and boards.
    ("tracks",             [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("board",              [Yes,    Yes,    Yes,    Yes,    Hide,   Hide,   Hide]),
    ("board_view",         [Yes,    Yes,    Yes,    Yes,    Hide,   Hide,   Hide]),
    ("board_beginning",    [Yes,    Yes,    Yes,    Yes,    Hide,   Hide,   Hide]),
    ("options",            [Yes,    Yes,    Yes,    Yes,    Hide,   Hide,   Hide]),
    ("watch",              [Yes,    Yes,    Yes,    Yes,    Hide,   Hide,   Hide]),
    ("news",               [Yes,    Yes,    Yes,    Yes,    Hide,   Hide,   Hide]),
    ("choices",            [Yes,    Yes,    Yes,    Yes,    Hide,   Hide,   Hide]),
    ("add_participant",    [Yes,    Yes,    Yes,    Office, Hide,   Hide,   Hide]),
    // Cards.
    ("card",               [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    ("move_card",          [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    ("undo_move",          [Yes,    Forbid, Forbid, Hide,   Hide,   Hide,   Hide]),
    ("choose_contacts",    [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    ("move_many",          [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    ("choose_contact_of_many", [Yes, Yes,   Yes,    Hide,   Hide,   Hide,   Hide]),
    ("follow_many",        [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    ("undo_many",          [Yes,    Hide,   Hide,   Hide,   Hide,   Hide,   Hide]),
    // Participants.
    ("record",             [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    ("enrol",              [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    ("change_details",     [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    ("wait_for",           [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    ("follow",             [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    ("unfollow",           [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    // Notes.
    ("save_note",          [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    ("edit_note",          [Yes,    Forbid, Forbid, Hide,   Hide,   Hide,   Hide]),
    ("delete_note",        [Yes,    Forbid, Forbid, Hide,   Hide,   Hide,   Hide]),
    ("restore_note",       [Yes,    Forbid, Forbid, Hide,   Hide,   Hide,   Hide]),
    ("take_back",          [Yes,    Forbid, Forbid, Hide,   Hide,   Hide,   Hide]),
    // Tasks.
    ("task_choices",       [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    ("add_task",           [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    ("open_task",          [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    ("change_task",        [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    ("tick_item",          [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    ("set_task_done",      [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    ("undo_task_done",     [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    ("offered_templates",  [Yes,    Yes,    Yes,    Hide,   Hide,   Hide,   Hide]),
    // Templates of tasks, of one's own organisation.
    ("task_templates",     [Yes,    Yes,    Forbid, Forbid, Forbid, Yes,    Forbid]),
    ("add_task_template",  [Yes,    Yes,    Forbid, Forbid, Forbid, Yes,    Forbid]),
    ("task_template",      [Yes,    Yes,    Hide,   Hide,   Hide,   Hide,   Hide]),
    ("change_task_template", [Yes,  Yes,    Hide,   Hide,   Hide,   Hide,   Hide]),
    ("remove_task_template", [Yes,  Yes,    Hide,   Hide,   Hide,   Hide,   Hide]),
    // Delivery of mails.
    ("mail_delivery",      [Forbid, Forbid, Forbid, Forbid, Yes,    Forbid, Forbid]),
    ("mail_content",       [Forbid, Forbid, Forbid, Forbid, Yes,    Forbid, Forbid]),
    ("resend_mail",        [Forbid, Forbid, Forbid, Forbid, Yes,    Forbid, Forbid]),
    ("send_test_mail",     [Forbid, Forbid, Forbid, Forbid, Yes,    Forbid, Forbid]),
    ("mail_was_tried",     [Forbid, Forbid, Forbid, Forbid, Yes,    Forbid, Forbid]),
    ("pause_mails",        [Forbid, Forbid, Forbid, Forbid, Yes,    Forbid, Forbid]),
    ("choose_mail_content",[Forbid, Forbid, Forbid, Forbid, Yes,    Forbid, Forbid]),
    // Tracks as data.
    ("managed_tracks",     [Forbid, Forbid, Forbid, Forbid, Yes,    Forbid, Forbid]),
    ("managed_track",      [Forbid, Forbid, Forbid, Forbid, Yes,    Forbid, Forbid]),
    ("managed_phase",      [Forbid, Forbid, Forbid, Forbid, Yes,    Forbid, Forbid]),
    ("add_track",          [Forbid, Forbid, Forbid, Forbid, Yes,    Forbid, Forbid]),
    ("add_track_from_file", [Forbid, Forbid, Forbid, Forbid, Yes,   Forbid, Forbid]),
    ("rename_track",       [Forbid, Forbid, Forbid, Forbid, Yes,    Forbid, Forbid]),
    ("place_track",        [Forbid, Forbid, Forbid, Forbid, Yes,    Forbid, Forbid]),
    ("add_phase",          [Forbid, Forbid, Forbid, Forbid, Yes,    Forbid, Forbid]),
    ("change_phase",       [Forbid, Forbid, Forbid, Forbid, Yes,    Forbid, Forbid]),
    ("place_phase",        [Forbid, Forbid, Forbid, Forbid, Yes,    Forbid, Forbid]),
    ("retire_phase",       [Forbid, Forbid, Forbid, Forbid, Yes,    Forbid, Forbid]),
    ("retire_track",       [Forbid, Forbid, Forbid, Forbid, Yes,    Forbid, Forbid]),
    ("resume_track",       [Forbid, Forbid, Forbid, Forbid, Yes,    Forbid, Forbid]),
    // One's own desk, where there is nothing but what is one's own.
    ("my_tasks",           [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("alerts",             [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("unread_alerts",      [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("mark_alert_read",    [Hide,   Yes,    Hide,   Hide,   Hide,   Hide,   Hide]),
    ("overview",           [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("news_for_view",      [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("views",              [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("start_view",         [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("keep_view",          [Yes,    Yes,    Yes,    Yes,    Hide,   Hide,   Hide]),
    ("start_with",         [Yes,    Hide,   Hide,   Hide,   Hide,   Hide,   Hide]),
    ("change_view",        [Yes,    Hide,   Hide,   Hide,   Hide,   Hide,   Hide]),
    ("forget_view",        [Yes,    Hide,   Hide,   Hide,   Hide,   Hide,   Hide]),
    ("find",               [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("alert_choices",      [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("choose_alerts",      [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("alert_history",      [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("mark_all_read",      [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("calendar_address",   [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("make_calendar_address", [Yes, Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("remove_calendar_address", [Yes, Yes,  Yes,    Yes,    Yes,    Yes,    Yes]),
    ("choose_locale",      [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("choose_single_keys", [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("organisation_name",  [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("session_count",      [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("log_out",            [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
    ("log_out_everywhere", [Yes,    Yes,    Yes,    Yes,    Yes,    Yes,    Yes]),
];

/// A track that only the administrator changes, in the order of the policy.
const MANAGED: &str = "provelop";

/// What one person has done another can't do again, because it is done or because the version has changed.
const ONCE: [&str; 14] = [
    "forget_view",
    "undo_move",
    "delete_note",
    "move_card",
    "move_many",
    "choose_contact_of_many",
    "follow_many",
    "enrol",
    "change_details",
    "edit_note",
    "change_task",
    "resend_mail",
    "change_task_template",
    "remove_task_template",
];

/// A method that is missing here has been forgotten in the table above, and who may call it with it.
#[test]
fn every_method_of_a_signed_in_person_is_in_the_policy() {
    let mut methods = BTreeSet::new();
    find_methods(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut methods);
    let in_policy: BTreeSet<String> = POLICY.iter().map(|(method, _)| (*method).to_owned()).collect();
    assert_eq!(methods, in_policy);
}

async fn each_person_gets_the_answer_of_the_policy_and_a_refusal_changes_nothing(test: TestStore) {
    let world = World::new(&test).await;
    let mut thing = world.thing(&test).await;
    let mut wrong = Vec::new();
    for (method, answers) in POLICY {
        let people = || world.people.iter().zip(PEOPLE).zip(answers);
        let before = test.contents().await;
        for ((person, name), expected) in people().filter(|(_, expected)| *expected != Yes) {
            let answer = answer(&call(method, person, &thing).await);
            if answer != Some(expected) {
                wrong.push(format!("{name} {method}: {answer:?} instead of {expected:?}"));
            }
        }
        for table in test.contents().await.tables_changed_since(&before) {
            wrong.push(format!("{method} was refused but changed {table}"));
        }
        for ((person, name), _) in people().filter(|(_, expected)| *expected == Yes) {
            if ONCE.contains(&method) {
                thing = world.thing(&test).await;
            }
            let result = call(method, person, &thing).await;
            if answer(&result) != Some(Yes) {
                wrong.push(format!("{name} {method}: {result:?} instead of Yes"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn what_one_may_not_see_looks_like_what_does_not_exist(test: TestStore) {
    let world = World::new(&test).await;
    let nothing = world.nothing();
    for (method, answers) in POLICY {
        let hides = answers.contains(&Hide);
        for (person, name) in world.people.iter().zip(PEOPLE).filter(|_| hides) {
            assert_eq!(answer(&call(method, person, &nothing).await), Some(Hide), "{name} {method}");
        }
    }
}

/// A participant with everything that there is about her.
struct Thing {
    slug: &'static str,
    participant: ParticipantId,
    enrolment: EnrolmentId,
    note: NoteId,
    task: TaskId,
    /// An item of its checklist.
    item: TaskItemId,
    /// A template of the unit that is responsible for her.
    template: TaskTemplateId,
    /// A mail that was refused.
    mail: MailId,
    /// The alert of `leder` about the note.
    alert: AlertId,
    /// The move of her card, by `inn`.
    undone: MoveId,
    /// A view that `inn` keeps.
    view: ViewId,
    /// What `inn` has done with her card as one of many.
    command: CommandId,
    /// A track on which she is not.
    track: TrackId,
    /// The first phase of the track on which she is; her card is in the second.
    phase: PhaseId,
    /// The phases of [`MANAGED`].
    managed: [PhaseId; 3],
    /// The id of `inn`, who can get a task.
    inn: String,
    /// The eastern office's id.
    office: String,
}

/// Calls a method with right values, so that nothing but the policy can refuse it.
async fn call(method: &str, person: &SignedIn, thing: &Thing) -> Result<(), StoreError> {
    let Thing {
        slug,
        participant,
        enrolment,
        note,
        task,
        item,
        mail,
        alert,
        undone,
        command,
        track,
        phase,
        inn,
        office,
        ..
    } = thing;
    let details = DetailsForm { name: "Ny Prøve".into(), nav_office: office.clone(), ..DetailsForm::default() };
    let new = NewParticipantForm { details: details.clone(), ..NewParticipantForm::default() };
    let task_form = task_form(*participant, inn);
    let cards: ChosenCards = [(*enrolment, 2)].into();
    match method {
        "tracks" => person.tracks().await.map(drop),
        "board" => person.board(slug).await.map(drop),
        "watch" => person.watch(slug, 0, 1).await.map(drop),
        "news" => person.news(&mut person.watch(slug, 0, 1).await?).await.map(drop),
        "choices" => person.choices(slug).await.map(drop),
        "add_participant" => person.add_participant(slug, &new).await.map(drop),
        "card" => person.card(*enrolment).await.map(drop),
        "move_card" => person.move_card(&to_end(*enrolment, 2, *phase)).await.map(drop),
        "undo_move" => person.undo_move(*undone).await.map(drop),
        "choose_contacts" => person.choose_contacts(*enrolment, &ContactsForm::default()).await,
        "move_many" => {
            person.move_many(&MoveManyForm { cards, to: Some(*phase), ..Default::default() }).await.map(drop)
        }
        "choose_contact_of_many" => {
            let role = ContactRole::Inn.code().into();
            let form = ContactOfManyForm { cards, role, inn_contact: NOBODY.into(), ..Default::default() };
            person.choose_contact_of_many(&form).await.map(drop)
        }
        "follow_many" => person.follow_many(&FollowManyForm { cards, follow: true }).await.map(drop),
        "undo_many" => person.undo_many(*command).await.map(drop),
        "record" => person.record(*participant, Filter::All).await.map(drop),
        "enrol" => person.enrol(*participant, *track).await.map(drop),
        "change_details" => person.change_details(*participant, 1, &details).await,
        "wait_for" => person.wait_for(*participant, "nav").await,
        "follow" => person.follow(*participant).await,
        "unfollow" => person.unfollow(*participant).await,
        "save_note" => person.save_note(&note_form(*participant)).await.map(drop),
        "delete_note" => person.delete_note(*note).await.map(drop),
        "restore_note" => {
            let _ = person.delete_note(*note).await;
            person.restore_note(*note).await.map(drop)
        }
        "take_back" => {
            let _ = person.delete_note(*note).await;
            person.take_back(Undoable::NoteDeleted(*note)).await.map(drop)
        }
        "edit_note" => person.edit_note(&NoteEditForm { note: *note, version: 1, text: "Nytt".into() }).await,
        "task_choices" => person.task_choices(*participant).await.map(drop),
        "add_task" => person.add_task(&task_form).await.map(drop),
        "open_task" => person.open_task(*task).await.map(drop),
        "change_task" => person.change_task(*task, 1, &task_form).await,
        "tick_item" => person.tick_item(*item, true).await,
        "set_task_done" => person.set_task_done(*task, true).await,
        "undo_task_done" => {
            let _ = person.set_task_done(*task, true).await;
            person.undo_task_done(*task).await.map(drop)
        }
        "offered_templates" => person.offered_templates(*participant).await.map(drop),
        "mail_delivery" => person.mail_delivery(&MailSearch::default()).await.map(drop),
        "mail_content" => person.mail_content().await.map(drop),
        "resend_mail" => person.resend_mail(*mail).await,
        "send_test_mail" => person.send_test_mail().await.map(drop),
        "mail_was_tried" => person.mail_was_tried(*mail).await.map(drop),
        "pause_mails" => person.pause_mails(false).await,
        "choose_mail_content" => person.choose_mail_content(ContentLevel::Nothing).await,
        "my_tasks" => person.my_tasks().await.map(drop),
        "alerts" => person.alerts().await.map(drop),
        "unread_alerts" => person.unread_alerts().await.map(drop),
        "mark_alert_read" => person.mark_alert_read(*alert).await,
        "alert_choices" => person.alert_choices().await.map(drop),
        "choose_alerts" => person.choose_alerts(&ChoicesForm::filled(&Choices::default())).await,
        "alert_history" => person.alert_history("D-1234").await.map(drop),
        "mark_all_read" => person.mark_all_read().await,
        "calendar_address" => person.calendar_address(None).await.map(drop),
        "make_calendar_address" => person.make_calendar_address().await.map(drop),
        "remove_calendar_address" => person.remove_calendar_address().await,
        "choose_locale" => person.choose_locale(Locale::Nn).await,
        "choose_single_keys" => person.choose_single_keys(false).await,
        "organisation_name" => person.organisation_name().await.map(drop),
        "session_count" => person.session_count().await.map(drop),
        "log_out" => person.log_out("no token").await,
        "log_out_everywhere" => person.log_out_everywhere().await,
        other => call_about_templates(other, person, thing).await,
    }
}

/// Calls what makes and changes templates of tasks.
async fn call_about_templates(method: &str, person: &SignedIn, thing: &Thing) -> Result<(), StoreError> {
    match method {
        "task_templates" => person.task_templates().await.map(drop),
        // Each name once.
        "add_task_template" => person.add_task_template(&template_form(&person.me().name)).await.map(drop),
        "task_template" => person.task_template(thing.template).await.map(drop),
        "change_task_template" => {
            person.change_task_template(thing.template, 1, &template_form(&format!("Av {}", person.me().name))).await
        }
        "remove_task_template" => person.remove_task_template(thing.template).await,
        other => call_for_administrators(other, person, thing).await,
    }
}

/// Calls what makes and changes tracks.
async fn call_for_administrators(method: &str, person: &SignedIn, thing: &Thing) -> Result<(), StoreError> {
    match method {
        "managed_tracks" => person.managed_tracks().await.map(drop),
        "managed_track" => person.managed_track(MANAGED).await.map(drop),
        "managed_phase" => person.managed_phase(thing.managed[0]).await.map(drop),
        "add_track" => {
            let form = NewTrackForm { name: "Nytt".into(), template: "empty".into() };
            person.add_track(&form).await.map(drop)
        }
        "add_track_from_file" => person.add_track_from_file(&track_file_form()).await.map(drop),
        "rename_track" => {
            let form = RenameTrackForm { track: MANAGED.into(), version: 1, name: "Annet".into() };
            person.rename_track(&form).await.map(drop)
        }
        "add_phase" => {
            let (track, name, kind) = (MANAGED.into(), "Ny".into(), "ordinary".into());
            person.add_phase(&AddPhaseForm { track, version: 2, name, kind }).await.map(drop)
        }
        "change_phase" => {
            let (phase, version, name) = (thing.managed[0], 3, "Begynnelse".into());
            let (limit, agreed_days, rules) = (String::new(), String::new(), RulesForm::default());
            let form = ChangePhaseForm { phase, version, name, limit, agreed_days, rules };
            person.change_phase(&form).await.map(drop)
        }
        "place_phase" => {
            let (phase, before) = (thing.managed[1], Some(thing.managed[0]));
            let form = PlacePhaseForm { phase, version: 4, before };
            person.place_phase(&form).await.map(drop)
        }
        "retire_phase" => {
            let (phase, to) = (thing.managed[0], thing.managed[1].to_string());
            person.retire_phase(&RetirePhaseForm { phase, version: 5, to }).await.map(drop)
        }
        "place_track" => person.place_track(&PlaceTrackForm { track: thing.track, before: None }).await.map(drop),
        "retire_track" => person.retire_track(&SeenTrackForm { track: MANAGED.into(), version: 6 }).await.map(drop),
        "resume_track" => person.resume_track(&SeenTrackForm { track: MANAGED.into(), version: 7 }).await.map(drop),
        other => call_for_views(other, person, thing).await,
    }
}

/// Calls what finds and shows participants.
async fn call_for_views(method: &str, person: &SignedIn, thing: &Thing) -> Result<(), StoreError> {
    let (slug, view) = (thing.slug, thing.view);
    match method {
        "board_beginning" => person.board_beginning(slug).await.map(drop),
        "board_view" => person.board_view(slug, &views::Filter::default()).await.map(drop),
        "options" => person.options(Some(slug)).await.map(drop),
        "overview" => person.overview(&views::Filter::default()).await.map(drop),
        "news_for_view" => {
            let news = CardNews { cards: Vec::new(), gone: Vec::new(), counts: Vec::new() };
            person.news_for_view(&views::Filter::default(), news).await.map(drop)
        }
        "views" => person.views().await.map(drop),
        "start_view" => person.start_view().await.map(drop),
        "keep_view" => person.keep_view(&view_form(slug)).await,
        "start_with" => person.start_with(view, true).await,
        "change_view" => {
            let form = ChangeViewForm { view, name: "Hennes".into(), shared: String::new() };
            person.change_view(&form).await
        }
        "forget_view" => person.forget_view(view).await,
        "find" => person.find("lina").await.map(drop),
        other => panic!("nothing calls {other}"),
    }
}

/// The answer, or `None` for a fault or a refusal for another reason.
fn answer(result: &Result<(), StoreError>) -> Option<Answer> {
    match result {
        Ok(()) => Some(Yes),
        Err(StoreError::Refused(AppError::Forbidden)) => Some(Forbid),
        Err(StoreError::Refused(AppError::NotFound)) => Some(Hide),
        Err(StoreError::Refused(error)) if error.problem("nav_office") == Some(&Problem::NoAccess) => Some(Office),
        Err(_) => None,
    }
}

fn track_file_form() -> TrackFileForm {
    let template = Shipped::Empty.read().unwrap();
    TrackFileForm { name: "Av fil".into(), file: template.to_toml().unwrap(), shown: template.mark() }
}

fn note_form(participant: ParticipantId) -> NoteForm {
    NoteForm { participant, text: "Ringte.".into(), visibility: Visibility::InnAndNav.code().into() }
}

fn task_form(participant: ParticipantId, assignee: &str) -> TaskForm {
    TaskForm {
        title: "Ring".into(),
        assignee: assignee.into(),
        due: "30.11.2026".into(),
        items: "Finn nummeret".into(),
        ..TaskForm::about(participant)
    }
}

fn template_form(name: &str) -> TaskTemplateForm {
    TaskTemplateForm {
        name: name.into(),
        title: "Ring".into(),
        due_days: "5".into(),
        contact: "nav_contact".into(),
        ..TaskTemplateForm::default()
    }
}

/// Everybody, and what does not change from one participant to the next.
struct World {
    /// In the order of [`PEOPLE`].
    people: Vec<SignedIn>,
    track: TrackId,
    phase: PhaseId,
    managed: [PhaseId; 3],
    office: String,
}

fn view_form(slug: &str) -> ViewForm {
    ViewForm { name: "Mine".into(), track: slug.into(), query: "inn=me".into(), ..ViewForm::default() }
}

impl World {
    async fn new(test: &TestStore) -> Self {
        let second = NewTrack {
            slug: "karrierelop",
            name: "Karriereløp",
            owner: test.inn,
            partners: &[test.nav_east],
            phases: &store::testing::phases([("Søknad", PhaseKind::Ordinary)]),
        };
        let track = test.store.system("test").create_track(second).await.unwrap();
        let kinds = [("Start", PhaseKind::Ordinary), ("Midt", PhaseKind::Ordinary), ("Slutt", PhaseKind::Closing)];
        let (slug, name, phases) = (MANAGED, "Prøveløp", store::testing::phases(kinds));
        let managed = NewTrack { slug, name, owner: test.inn, partners: &[], phases: &phases };
        test.store.system("test").create_track(managed).await.unwrap();
        let managed = test.person("admin").await.managed_track(MANAGED).await.unwrap();
        let managed = [0, 1, 2].map(|place| managed.phases[place].0.id);
        let mut people = Vec::new();
        for name in PEOPLE {
            people.push(test.person(name).await);
        }
        Self { people, track, phase: test.phases().await[0], managed, office: test.nav_east.to_string() }
    }

    /// A new participant, with something of everything.
    async fn thing(&self, test: &TestStore) -> Thing {
        let inn = &self.people[0];
        let inn_id = inn.me().id.to_string();
        let participant = test.participant("Lina Testesen").await;
        self.people[1].follow(participant).await.unwrap();
        let note = inn.save_note(&note_form(participant)).await.unwrap().note;
        let task = inn.add_task(&task_form(participant, &inn_id)).await.unwrap();
        let item = inn.open_task(task).await.unwrap().0.items[0].id;
        let name = record(inn, participant).await.reference;
        let template = inn.add_task_template(&template_form(&name)).await.unwrap();
        let system = test.store.system("test");
        let letter = test.letters(100).await.pop().unwrap();
        let refused = Delivery::refused(Cause::Recipient, "550 unknown");
        system.finish_mail(letter.id, letter.attempt, refused).await.unwrap();
        let mail = letter.id;
        let alert = self.people[1].alerts().await.unwrap().remove(0).id;
        let moved =
            inn.move_card(&to_end(record(inn, participant).await.enrolments[0].id, 1, test.phases().await[1])).await;
        let undone = moved.unwrap().undo.unwrap();
        for view in inn.views().await.unwrap() {
            inn.forget_view(view.id).await.unwrap();
        }
        inn.keep_view(&ViewForm { name: "Hennes".into(), ..view_form("introlop") }).await.unwrap();
        let view = inn.views().await.unwrap()[0].id;
        let enrolment = record(inn, participant).await.enrolments[0].id;
        let left = FollowManyForm { cards: [(enrolment, 2)].into(), follow: false };
        let command = inn.follow_many(&left).await.unwrap().undo.unwrap();
        Thing {
            slug: "introlop",
            participant,
            enrolment,
            note,
            task,
            item,
            template,
            mail,
            alert,
            undone,
            view,
            command,
            track: self.track,
            phase: self.phase,
            managed: self.managed,
            inn: inn_id,
            office: self.office.clone(),
        }
    }

    /// Ids of things that are not there.
    fn nothing(&self) -> Thing {
        let nobody = Uuid::nil();
        Thing {
            slug: "finnes-ikke",
            participant: ParticipantId(nobody),
            enrolment: EnrolmentId(nobody),
            note: NoteId(nobody),
            task: TaskId(nobody),
            item: TaskItemId(nobody),
            template: TaskTemplateId(nobody),
            mail: MailId(nobody),
            alert: AlertId(nobody),
            undone: MoveId(nobody),
            view: ViewId(nobody),
            command: CommandId(nobody),
            track: TrackId(nobody),
            phase: PhaseId(nobody),
            managed: [PhaseId(nobody); 3],
            inn: self.people[0].me().id.to_string(),
            office: self.office.clone(),
        }
    }
}

/// The public methods in all blocks `impl SignedIn` of a folder of source files.
fn find_methods(folder: &Path, methods: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find_methods(&path, methods);
            continue;
        }
        let mut is_inside = false;
        for line in fs::read_to_string(&path).unwrap().lines() {
            if line.starts_with("impl SignedIn") {
                is_inside = true;
            } else if line == "}" {
                is_inside = false;
            } else if let Some(rest) = line.strip_prefix("    pub async fn ").filter(|_| is_inside) {
                methods.insert(rest.split(['(', '<']).next().unwrap().to_owned());
            }
        }
    }
}

store::on_both_databases!(
    each_person_gets_the_answer_of_the_policy_and_a_refusal_changes_nothing,
    what_one_may_not_see_looks_like_what_does_not_exist,
);
