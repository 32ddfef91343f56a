//! Every server function with a form that it accepts. A new one must get a row here, or tests fail.

use std::fmt::Display;

use app::account::{ChooseKeys, ChooseLocale, LogOut, LogOutEverywhere};
use app::admin::api::{ChooseMailContent, PauseMails, ResendMail, SendTestMail};
use app::alerts::api::{ChooseAlerts, MarkAlertRead, MarkAllRead, Unsubscribe};
use app::board::api::{ContactOfMany, FollowMany, MoveCard, MoveMany, UndoMany, UndoMove};
use app::calendar::api::{MakeCalendarAddress, RemoveCalendarAddress};
use app::login::api::LogIn;
use app::notes::api::{DeleteNote, EditNote, SaveNote};
use app::participants::api::{AddParticipant, ChangeDetails, ChooseContacts, Enrol, Follow, Unfollow, WaitFor};
use app::task_templates::api::{AddTaskTemplate, ChangeTaskTemplate, RemoveTaskTemplate};
use app::tasks::api::{AddTask, ChangeTask, SetTaskDone, TickItem};
use app::tracks::api::{
    AddPhase, AddTrack, AddTrackFromFile, ChangePhase, PlacePhase, PlaceTrack, RenameTrack, ResumeTrack, RetirePhase,
    RetireTrack,
};
use app::undo::api::TakeBack;
use app::views::api::{ChangeView, ForgetView, KeepView, StartWith};
use leptos::server_fn::ServerFn;
use leptos::server_fn::axum::server_fn_paths;
use shared::alerts::AlertKind;
use shared::many::field_of;
use shared::tracks::Shipped;
use shared::undo::Undoable;

use super::scene::{NAME, Scene};

/// These work without a login. To stop mails, the signed link in one is enough (RFC 8058).
pub(super) const OPEN: [&str; 3] = [LogIn::PATH, ChooseLocale::PATH, Unsubscribe::PATH];

/// A server function and a form that it accepts.
pub(super) struct Function {
    pub(super) path: &'static str,
    /// Who sends the form.
    pub(super) by: &'static str,
    /// The page that has it.
    pub(super) page: String,
    pub(super) fields: Vec<Field>,
}

/// One field of a form.
#[derive(Clone)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) kind: Kind,
}

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The id of the thing that the form is about.
    Id,
    /// The id of something that it only mentions.
    Mention,
    /// The same, or nothing.
    MayMention,
    /// Something that can be taken back, with the id of it.
    Undoable,
    /// A track's part of the address.
    Slug,
    /// The version that the person saw.
    Version,
    /// The same, of a chosen card, whose id is in the field's name.
    Chosen,
    /// `true` or `false`.
    YesNo,
    /// An id from a list.
    MustChoose,
    /// The same, or nothing.
    MayChoose,
    /// A word from a list.
    MustPick,
    /// The same, or nothing.
    MayPick,
    /// A date or a time.
    MustDate,
    /// The same, or nothing.
    MayDate,
    /// A mail address, or nothing.
    Email,
    /// A phone number, or nothing.
    Phone,
    /// Words.
    MustWrite,
    /// The same, or nothing.
    MayWrite,
    /// The text of a track's file.
    File,
    /// The page to return to; whatever it is, nobody is led elsewhere.
    Back,
}

impl Kind {
    /// Whether a person may write there what she likes.
    pub(super) fn takes_any_words(self) -> bool {
        matches!(self, Self::MustWrite | Self::MayWrite)
    }
}

impl Function {
    /// The form as a browser sends it.
    pub(super) fn body(&self) -> String {
        encoded(&self.fields)
    }

    /// The form with another value in one field.
    pub(super) fn body_with(&self, name: &str, value: &str) -> String {
        let mut fields = self.fields.clone();
        fields.iter_mut().filter(|field| field.name == name).for_each(|field| value.clone_into(&mut field.value));
        encoded(&fields)
    }

    /// The form without a field.
    pub(super) fn body_without(&self, name: &str) -> String {
        encoded(self.fields.iter().filter(|field| field.name != name))
    }

    /// The form with the same words in each field that takes any.
    pub(super) fn with_words(&self, words: &str) -> Self {
        let mut fields = self.fields.clone();
        for field in fields.iter_mut().filter(|field| field.kind.takes_any_words()) {
            words.clone_into(&mut field.value);
        }
        Self { path: self.path, by: self.by, page: self.page.clone(), fields }
    }

    /// Whether it is about a thing that not everybody may see.
    pub(super) fn is_about_something(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.kind, Kind::Id | Kind::Undoable | Kind::Chosen | Kind::Slug))
    }
}

fn encoded<'a>(fields: impl IntoIterator<Item = &'a Field>) -> String {
    let pairs: Vec<_> = fields.into_iter().map(|field| (format!("form[{}]", field.name), &field.value)).collect();
    serde_urlencoded::to_string(pairs).unwrap()
}

/// Every function for those who are logged in, in an order in which all of them can be called.
pub(super) async fn functions(scene: &Scene) -> Vec<Function> {
    let Scene { participant, card, other_card, phases, free_track, note, task, item, undone, alert, .. } = scene;
    let (inn, nav) = (scene.id_of("inn").await, scene.id_of("nav").await);
    let office = scene.site.test.nav_east;
    let record = format!("/participants/{participant}");
    let about_her = field("participant", participant, Kind::Id);
    let version = field("version", 1, Kind::Version);
    let details = [
        field("name", NAME, Kind::MustWrite),
        field("language", "ti", Kind::MayWrite),
        field("phone", "900 00 001", Kind::Phone),
        field("email", "lina@example.org", Kind::Email),
        field("goal", "Lager", Kind::MayWrite),
        field("plan", "made", Kind::MayPick),
        field("plan_review", "2027-01-31", Kind::MayDate),
        field("nav_office", office, Kind::MayChoose),
    ];
    let contacts = [field("inn_contact", &inn, Kind::MayChoose), field("nav_contact", &nav, Kind::MayChoose)];
    let words = [
        field("title", "Finn praksisplass", Kind::MustWrite),
        field("description", "Gjerne på lager", Kind::MayWrite),
        field("assignee", &nav, Kind::MustChoose),
        field("due", "2026-12-24", Kind::MustDate),
        field("items", "Finn nummeret\nRing", Kind::MayWrite),
        field("repeat", "weeks-2", Kind::MayPick),
        field("repeat_until", "2027-06-30", Kind::MayDate),
        field("repeat_times", 3, Kind::MayPick),
    ];
    let place = [
        field("enrolment", card, Kind::Id),
        version.clone(),
        field("to", phases[2], Kind::Id),
        field("before", other_card, Kind::MayMention),
        field("reason", "other", Kind::MustPick),
        field("reason_text", "Flyttet til slekt", Kind::MustWrite),
        field("outcome", "other_work", Kind::MustPick),
    ];
    let new = [field("phase", phases[0], Kind::MayChoose), field("started_on", "2026-11-02", Kind::MayDate)];
    let ways = AlertKind::ALL.map(|kind| field(kind.code(), "digest", Kind::MustPick));
    let times = [
        field("morning", "07:30", Kind::MustDate),
        field("quiet_from", "16:00", Kind::MayDate),
        field("remind_days", 3, Kind::MustPick),
        field("grace_minutes", 10, Kind::MustPick),
        field("weekly_need", "no", Kind::MustPick),
        field("leave_from", "", Kind::MayDate),
        field("leave_until", "", Kind::MayDate),
        field("deputy", "", Kind::MayChoose),
    ];
    let track = field("track", "introlop", Kind::Slug);
    let move_page = format!("/tracks/introlop/move?card={card}&to={}", phases[2]);
    let (edit_page, task_page) = (format!("{record}/edit"), format!("/tasks/{task}"));
    let new_task_page = format!("{record}/tasks/new?track=introlop");
    let text = field("text", "Møtte opp til **samtale**.", Kind::MustWrite);
    let level = field("visibility", "inn_and_nav", Kind::MustPick);
    let back = field("back", "introlop", Kind::Back);
    let mention = field("participant", participant, Kind::Mention);
    let (id, done) = (field("id", task, Kind::Id), field("done", true, Kind::YesNo));
    let one = std::slice::from_ref::<Field>;
    let mut rows = vec![
        row(MoveCard::PATH, "inn", &move_page, &[&place]),
        row(UndoMove::PATH, "inn", "/tracks/introlop", &[&[field("undone", undone, Kind::Id)]]),
        row(SaveNote::PATH, "nav", &record, &[one(&about_her), &[text.clone(), level]]),
        row(EditNote::PATH, "inn", &record, &[&[field("note", note, Kind::Id), version.clone(), text]]),
        row(DeleteNote::PATH, "inn", &record, &[&[field("note", note, Kind::Id)]]),
        row(TakeBack::PATH, "inn", &record, &[&[field("undone", Undoable::NoteDeleted(*note), Kind::Undoable)]]),
        row(AddTask::PATH, "inn", &new_task_page, &[&[back, about_her.clone()], &words]),
        row(TickItem::PATH, "inn", "/tasks", &[&[field("item", item, Kind::Id), done.clone()]]),
        row(ChangeTask::PATH, "nav", &task_page, &[&[id, version.clone(), mention], &words]),
        row(SetTaskDone::PATH, "nav", "/tasks", &[&[field("task", task, Kind::Id), done]]),
        row(
            AddParticipant::PATH,
            "nav",
            "/tracks/introlop/participants/new",
            &[one(&track), &details, &new, &contacts],
        ),
        row(ChangeDetails::PATH, "inn", &edit_page, &[&[about_her.clone(), version.clone()], &details]),
        row(ChooseContacts::PATH, "inn", &record, &[&[field("enrolment", card, Kind::Id)], &contacts]),
        row(WaitFor::PATH, "nav", &record, &[&[about_her.clone(), field("waiting", "nav", Kind::MayPick)]]),
        row(Enrol::PATH, "inn", &record, &[&[about_her.clone(), field("track", free_track, Kind::Id)]]),
        row(Follow::PATH, "leder", &record, &[one(&about_her)]),
        row(Unfollow::PATH, "inn", &record, &[one(&about_her)]),
        row(MarkAlertRead::PATH, "nav", "/alerts", &[&[field("alert", alert, Kind::Id)]]),
        row(MarkAllRead::PATH, "nav", "/alerts", &[]),
        row(ChooseAlerts::PATH, "nav", "/account/alerts", &[&ways, &times]),
        row(MakeCalendarAddress::PATH, "nav", "/account/calendar", &[]),
        row(RemoveCalendarAddress::PATH, "nav", "/account/calendar", &[]),
    ];
    rows.extend(with_many(scene, &inn));
    rows.extend(about_templates(scene));
    rows.extend(about_mails(scene));
    rows.extend(about_views(scene));
    rows.extend(about_tracks(scene));
    rows.push(row(LogOut::PATH, "inn", "/tracks", &[]));
    rows.push(row(LogOutEverywhere::PATH, "nav", "/account", &[]));
    rows
}

/// Those for many cards at once.
fn with_many(scene: &Scene, inn: &str) -> Vec<Function> {
    let page = "/tracks/introlop/select";
    // The card is chosen by the field's name, and the version that the person saw is the value.
    let chosen = &[field(format!("cards][{}", field_of(scene.many_card)).leak(), 1, Kind::Chosen)];
    let contact = [field("role", "inn_contact", Kind::MustPick), field("inn_contact", inn, Kind::MustChoose)];
    vec![
        row(ContactOfMany::PATH, "inn", page, &[chosen, &contact]),
        row(FollowMany::PATH, "leder", page, &[chosen, &[field("follow", true, Kind::YesNo)]]),
        row(MoveMany::PATH, "inn", page, &[chosen, &[field("to", scene.phases[1], Kind::Id)]]),
        row(UndoMany::PATH, "inn", "/tracks/introlop", &[&[field("undone", scene.command, Kind::Id)]]),
    ]
}

/// Those with which people keep templates of tasks.
fn about_templates(scene: &Scene) -> Vec<Function> {
    let list = "/task-templates";
    let page = format!("{list}/{}", scene.template);
    let name = |value: &str| [field("name", value, Kind::MustWrite)];
    let (id, version) = ([field("id", scene.template, Kind::Id)], [field("version", 1, Kind::Version)]);
    let words = [
        field("title", "Forbered oppstart", Kind::MustWrite),
        field("description", "Kort", Kind::MayWrite),
        field("items", "Ring\nSkriv", Kind::MayWrite),
        field("due_days", 5, Kind::MustPick),
        field("contact", "nav_contact", Kind::MustPick),
    ];
    vec![
        row(AddTaskTemplate::PATH, "inn", list, &[&name("Oppstart"), &words]),
        row(ChangeTaskTemplate::PATH, "inn", &page, &[&id, &version, &name("Start"), &words]),
        row(RemoveTaskTemplate::PATH, "inn", &page, &[&id]),
    ]
}

/// Those with which an administrator looks after mails.
fn about_mails(scene: &Scene) -> Vec<Function> {
    let failed_mail = scene.failed_mail;
    let content = [field("level", "initials", Kind::MustPick), field("understood", "yes", Kind::Back)];
    vec![
        row(SendTestMail::PATH, "admin", "/admin/mail", &[]),
        row(ResendMail::PATH, "admin", "/admin/mail", &[&[field("mail", failed_mail, Kind::Id)]]),
        row(PauseMails::PATH, "admin", "/admin/mail", &[&[field("pause", true, Kind::YesNo)]]),
        row(ChooseMailContent::PATH, "admin", "/admin/mail/content", &[&content]),
    ]
}

/// Those with which people keep views, and choose how they find.
fn about_views(scene: &Scene) -> Vec<Function> {
    let view = field("view", scene.view, Kind::Id);
    let new_view = [
        field("name", "Mine", Kind::MustWrite),
        // The page that it is a view of.
        field("track", "introlop", Kind::Back),
        field("query", "inn=me", Kind::Back),
        field("shared", "yes", Kind::Back),
    ];
    let change = [view.clone(), field("name", "Andre", Kind::MustWrite), field("shared", "yes", Kind::Back)];
    vec![
        row(KeepView::PATH, "inn", "/tracks/introlop?inn=me&filters=open", &[&new_view]),
        row(ChangeView::PATH, "inn", "/participants", &[&change]),
        row(StartWith::PATH, "inn", "/participants", &[&[view.clone(), field("start", true, Kind::YesNo)]]),
        row(ForgetView::PATH, "inn", "/participants", &[&[view]]),
        row(ChooseKeys::PATH, "nav", "/account", &[&[field("single_keys", false, Kind::YesNo)]]),
    ]
}

/// Those with which an administrator changes tracks, each on a track of its own.
fn about_tracks(scene: &Scene) -> Vec<Function> {
    let managed = &scene.managed;
    let version = field("version", 1, Kind::Version);
    let name = field("name", "Forberedelse", Kind::MustWrite);
    let own = |number: usize| [field("track", format!("lop-{number}"), Kind::Slug), version.clone()];
    let phase_of = |number: usize| [field("phase", managed[number][1], Kind::Id), version.clone()];
    let phase_page = |number: usize| format!("/admin/tracks/lop-{number}/phases/{}", managed[number][1]);
    let agreed = [field("limit", 20, Kind::MayDate), field("agreed_days", 30, Kind::MayDate)];
    let demands = [field("needs_reason", "yes", Kind::Back), field("needs_goal", "yes", Kind::Back)];
    let makes = [
        field("task1_title", "Avtal trepartsmøte", Kind::MayWrite),
        field("task1_for", "nav_contact", Kind::MustPick),
        field("task1_days", 5, Kind::MustDate),
        field("task1_unit", "working_days", Kind::MustPick),
    ];
    let (file, mark) = track_file();
    let of_file =
        [field("name", "Av en fil", Kind::MayWrite), field("file", file, Kind::File), field("shown", mark, Kind::Back)];
    let one = std::slice::from_ref::<Field>;
    vec![
        row(
            AddTrack::PATH,
            "admin",
            "/admin/new-track",
            &[one(&name), &[field("template", "introlop", Kind::MustPick)]],
        ),
        row(AddTrackFromFile::PATH, "admin", "/admin/new-track/file", &[&of_file]),
        row(
            RenameTrack::PATH,
            "admin",
            "/admin/tracks/lop-0",
            &[&own(0), one(&field("name", "Et annet navn", Kind::MustWrite))],
        ),
        row(
            AddPhase::PATH,
            "admin",
            "/admin/tracks/lop-1",
            &[&own(1), one(&name), &[field("kind", "closing", Kind::MustPick)]],
        ),
        row(ChangePhase::PATH, "admin", &phase_page(2), &[&phase_of(2), one(&name), &agreed, &demands, &makes]),
        row(
            PlacePhase::PATH,
            "admin",
            "/admin/tracks/lop-3",
            &[&phase_of(3), &[field("before", managed[3][0], Kind::MayMention)]],
        ),
        row(
            RetirePhase::PATH,
            "admin",
            &format!("{}/retire", phase_page(4)),
            &[&phase_of(4), &[field("to", managed[4][0], Kind::MustChoose)]],
        ),
        row(
            PlaceTrack::PATH,
            "admin",
            "/admin/tracks",
            &[&[field("track", scene.free_track, Kind::Id), field("before", scene.other_track, Kind::MayMention)]],
        ),
        row(RetireTrack::PATH, "admin", "/admin/tracks/lop-5/retire", &[&own(5)]),
        row(
            ResumeTrack::PATH,
            "admin",
            "/admin/tracks/lop-6",
            &[&[field("track", "lop-6", Kind::Slug), field("version", 2, Kind::Version)]],
        ),
    ]
}

/// A track's file, and the mark of what it becomes.
pub(super) fn track_file() -> (String, String) {
    let template = Shipped::Empty.read().unwrap();
    (template.to_toml().unwrap(), template.mark())
}

fn row(path: &'static str, by: &'static str, page: &str, fields: &[&[Field]]) -> Function {
    Function { path, by, page: page.to_owned(), fields: fields.concat() }
}

fn field(name: &'static str, value: impl Display, kind: Kind) -> Field {
    Field { name, value: value.to_string(), kind }
}

#[tokio::test]
async fn every_server_function_has_a_row() {
    let rows = functions(&Scene::new().await).await;
    let mut listed: Vec<&str> = rows.iter().map(|row| row.path).chain(OPEN).collect();
    let mut there: Vec<&str> = server_fn_paths().map(|(path, _)| path).collect();
    listed.sort_unstable();
    there.sort_unstable();
    assert_eq!(listed, there);
}

/// Else tests that see nothing changed would prove nothing.
#[tokio::test]
async fn every_row_does_something() {
    let scene = Scene::new().await;
    for row in functions(&scene).await {
        let before = scene.site.test.contents().await;
        let answer = scene.site.post(row.path, row.body()).by(row.by).plain(&row.page).send().await;
        assert_eq!(answer.status, 303, "{}: {}", row.path, answer.text());
        let has_changed = scene.site.test.contents().await != before || !scene.site.all_are_logged_in().await;
        assert!(has_changed, "{}", row.path);
        let page = scene.site.get(answer.header("location")).by("leder").send().await;
        assert!([200, 303, 403].contains(&page.status), "{}: {}", row.path, page.status);
    }
}
