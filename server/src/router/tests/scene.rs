//! People at work: a participant with notes, tasks, moves, alerts and mails, for tests to ask about.

use shared::board::{MoveForm, PhaseKind};
use shared::id::{
    AlertId, CommandId, EnrolmentId, MailId, MoveId, NoteId, ParticipantId, PhaseId, TaskId, TaskItemId,
    TaskTemplateId, TrackId, ViewId,
};
use shared::many::FollowManyForm;
use shared::notes::NoteForm;
use shared::outbox::{Cause, Delivery};
use shared::task_templates::TaskTemplateForm;
use shared::tasks::TaskForm;
use shared::tracks::SeenTrackForm;
use shared::views::ViewForm;
use store::NewTrack;
use store::testing::{Contents, TestStore};

use super::site::Site;

/// The name of the participant whom everything is about.
pub(super) const NAME: &str = "Lina Solstråle";
/// The text of the note about her.
pub(super) const NOTE: &str = "Ønsker seg truckførerbevis.";
/// The title of the task about her.
pub(super) const TASK: &str = "Ring Kjempebedriften";

/// The item of its checklist.
pub(super) const ITEM: &str = "Finn fram referansene";

/// What there is.
pub(super) struct Scene {
    pub(super) site: Site,
    pub(super) participant: ParticipantId,
    /// Her card, and one of somebody else above which it can be put.
    pub(super) card: EnrolmentId,
    pub(super) other_card: EnrolmentId,
    /// The phases of the track `introlop`; the last one closes.
    pub(super) phases: Vec<PhaseId>,
    /// The track `karrierelop`, on which she is not.
    pub(super) free_track: TrackId,
    /// Another one.
    pub(super) other_track: TrackId,
    /// By `inn`, whom she waits to hear from; `nav` has an unread alert about it.
    pub(super) note: NoteId,
    /// For `nav`.
    pub(super) task: TaskId,
    /// The item of its checklist.
    pub(super) item: TaskItemId,
    /// A template of the unit that is responsible for her.
    pub(super) template: TaskTemplateId,
    /// One that its server refused.
    pub(super) failed_mail: MailId,
    /// What the link in it names that stops such mails.
    pub(super) unsubscribe: String,
    /// The unread alert of `nav`.
    pub(super) alert: AlertId,
    /// The move of the other card, by `inn`.
    pub(super) undone: MoveId,
    /// The phases of tracks that only an administrator changes: `lop-0`, `lop-1` … The last phase closes.
    pub(super) managed: Vec<Vec<PhaseId>>,
    /// A view that `inn` keeps.
    pub(super) view: ViewId,
    /// The card of a third one, and what `inn` has done with it as one of many.
    pub(super) many_card: EnrolmentId,
    pub(super) command: CommandId,
}

impl Scene {
    /// On SQLite.
    pub(super) async fn new() -> Self {
        Self::on(Site::new().await).await
    }

    /// On the store of a test.
    pub(super) async fn with(test: TestStore) -> Self {
        Self::on(Site::with(test).await).await
    }

    /// On a site.
    pub(super) async fn on(site: Site) -> Self {
        let test = &site.test;
        let [card, other_card, many_card] = test.cards([NAME, "Omar Fjelltopp", "Sara Myrdal"]).await;
        let phases = test.phases().await;
        let (inn, nav) = (test.person("inn").await, test.person("nav").await);
        let board = inn.board("introlop").await.unwrap();
        let cards = board.columns.iter().flat_map(|column| &column.cards);
        let participant = cards.filter(|one| one.id == card).map(|one| one.participant).next().unwrap();

        nav.follow(participant).await.unwrap();
        let note = NoteForm { participant, text: NOTE.into(), visibility: "inn_and_nav".into() };
        let note = inn.save_note(&note).await.unwrap().note;
        let task = TaskForm {
            title: TASK.into(),
            assignee: nav.me().id.to_string(),
            due: "2026-12-01".into(),
            items: ITEM.into(),
            ..TaskForm::about(participant)
        };
        let task = inn.add_task(&task).await.unwrap();
        let item = inn.open_task(task).await.unwrap().0.items[0].id;
        let template = TaskTemplateForm {
            name: "Første samtale".into(),
            title: "Avtal samtale".into(),
            due_days: "5".into(),
            contact: "nav_contact".into(),
            ..TaskTemplateForm::default()
        };
        let template = inn.add_task_template(&template).await.unwrap();
        let onward = MoveForm { enrolment: Some(other_card), version: 1, to: Some(phases[1]), ..MoveForm::default() };
        let undone = inn.move_card(&onward).await.unwrap().undo.unwrap();
        let view = ViewForm { name: "Venter".into(), query: "waiting=nav".into(), ..ViewForm::default() };
        inn.keep_view(&view).await.unwrap();
        let view = inn.views().await.unwrap().remove(0).id;
        let left = FollowManyForm { cards: [(many_card, 1)].into(), follow: false };
        let command = inn.follow_many(&left).await.unwrap().undo.unwrap();
        let alert = nav.alerts().await.unwrap().remove(0).id;

        let system = test.store.system("test");
        let mails = test.letters(10).await;
        for mail in &mails {
            let refused = Delivery::refused(Cause::Recipient, "550 5.1.1 no such mailbox");
            system.finish_mail(mail.id, mail.attempt, refused).await.unwrap();
        }
        let partners = [test.nav_east, test.nav_west];
        let ends = store::testing::phases([("Start", PhaseKind::Ordinary), ("Slutt", PhaseKind::Closing)]);
        let track =
            NewTrack { slug: "karrierelop", name: "Karriereløp", owner: test.inn, partners: &partners, phases: &ends };
        let free_track = system.create_track(track).await.unwrap();
        let managed = managed_tracks(test).await;
        let other_track = test.person("admin").await.managed_track("lop-1").await.unwrap().id;
        let (failed_mail, unsubscribe) = (mails[0].id, mails[0].unsubscribe.clone().unwrap());
        Self {
            site,
            participant,
            card,
            other_card,
            phases,
            free_track,
            other_track,
            note,
            task,
            item,
            template,
            failed_mail,
            unsubscribe,
            alert,
            undone,
            managed,
            view,
            many_card,
            command,
        }
    }

    /// Checks that the database holds what it held. Pages that were opened may have marked alerts as read.
    pub(super) async fn check_nothing_changed_since(&self, before: &Contents, what: &str) {
        let now = self.site.test.contents().await;
        let mut changed = now.tables_changed_since(before);
        changed.retain(|table| *table != "alerts" || now.count(table) != before.count(table));
        assert!(changed.is_empty(), "{what} changed {changed:?}");
    }

    /// The id of somebody who can log in, as forms send it.
    pub(super) async fn id_of(&self, name: &str) -> String {
        self.site.test.person(name).await.me().id.to_string()
    }
}

/// How many tracks there are that only an administrator changes: one for each function that does, since a track that has
/// been changed is refused to whoever saw it before.
const MANAGED: usize = 7;

async fn managed_tracks(test: &TestStore) -> Vec<Vec<PhaseId>> {
    let (system, admin) = (test.store.system("test"), test.person("admin").await);
    let kinds = [("Start", PhaseKind::Ordinary), ("Midt", PhaseKind::Ordinary), ("Slutt", PhaseKind::Closing)];
    let (partners, phases) = ([test.nav_east], store::testing::phases(kinds));
    let mut managed = Vec::new();
    for number in 0..MANAGED {
        let slug = format!("lop-{number}");
        let track = NewTrack { slug: &slug, name: "Prøveløp", owner: test.inn, partners: &partners, phases: &phases };
        system.create_track(track).await.unwrap();
        let track = admin.managed_track(&slug).await.unwrap();
        managed.push(track.phases.iter().map(|(phase, _)| phase.id).collect());
    }
    // The last one is retired, so that it can be taken into use again.
    let last = SeenTrackForm { track: format!("lop-{}", MANAGED - 1), version: 1 };
    admin.retire_track(&last).await.unwrap();
    managed
}
