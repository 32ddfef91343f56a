//! Where the demo's people do what the script says.

use std::collections::HashMap;

use anyhow::{Context, anyhow};
use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng;
use shared::accounts::Login;
use shared::board::{MoveForm, Phase, PhaseKind, Track};
use shared::email::EmailAddress;
use shared::id::{EnrolmentId, NoteId, ParticipantId, TaskId};
use shared::notes::{NoteEditForm, NoteForm, Visibility};
use shared::outbox::{Cause, Delivery};
use shared::participants::{ContactsForm, DetailsForm, NewParticipantForm};
use shared::tasks::TaskForm;
use shared::timeline::Filter;
use shared::tracks::Shipped;
use store::{SignedIn, Store, System};

use super::Hands;
use super::calendar::Calendar;
use super::script::{Act, Ending, Job, Office, Person, Scene, What};
use super::town::{ACCOUNTS, Account, COLLEAGUES, Town, build};

/// Whose mailbox was full for a day, so that the administrator has something to look at.
const FULL_MAILBOX: &str = "tore@example.no";
/// How long ago that began.
const MAILBOX_FULL_BEFORE: TimeDelta = TimeDelta::days(20);

/// The town with everybody at work.
pub(super) struct Stage<'a> {
    hands: &'a Hands,
    calendar: &'a Calendar,
    system: System,
    town: Town,
    tracks: Vec<Track>,
    /// Those who are logged in, by the part of the address before `@`.
    people: HashMap<&'static str, SignedIn>,
    /// The participants who are registered, by their place in the cast.
    members: HashMap<usize, Member>,
    mailbox_was_full: bool,
}

/// A participant, as far as somebody who clicks has to remember.
struct Member {
    id: ParticipantId,
    version: i32,
    details: DetailsForm,
    cards: Vec<Card>,
    /// The tasks, by the step that made them.
    tasks: HashMap<usize, TaskId>,
    last_note: Option<NoteId>,
}

struct Card {
    track: usize,
    enrolment: EnrolmentId,
    version: i32,
    is_closed: bool,
}

impl<'a> Stage<'a> {
    /// Makes organisations, accounts and tracks, and logs everybody in.
    pub(super) async fn set_up(
        store: &Store,
        hands: &'a Hands,
        calendar: &'a Calendar,
        password: &str,
    ) -> anyhow::Result<Self> {
        let system = store.system("demo");
        let (town, _) = build(&system, password).await?;
        for template in [Shipped::Introlop, Shipped::Karrierelop] {
            town.track(&system, template).await?;
        }
        let unknown_password: String =
            rand::rng().sample_iter(rand::distr::Alphanumeric).take(40).map(char::from).collect();
        let mut people = HashMap::new();
        for colleague in &COLLEAGUES {
            town.employ(&system, colleague, &unknown_password).await?;
            people.insert(key(colleague), log_in(store, colleague, &unknown_password).await?);
        }
        for account in &ACCOUNTS {
            people.insert(key(account), log_in(store, account, password).await?);
        }
        let leader = people.get("leder").context("no leader")?;
        let tracks = leader.tracks().await?;
        let members = HashMap::new();
        Ok(Self { hands, calendar, system, town, tracks, people, members, mailbox_was_full: false })
    }

    /// Lets everything happen. What came before this morning has been read by all.
    pub(super) async fn play(&mut self, cast: &[Person], acts: &[Act]) -> anyhow::Result<()> {
        let this_morning = acts.iter().position(|act| act.day == 0).unwrap_or(acts.len());
        let mut reminded_on = None;
        for (place, act) in acts.iter().enumerate() {
            if place == this_morning {
                for person in self.people.values() {
                    person.mark_all_read().await?;
                }
            }
            self.hands.move_to(act.at);
            let day = shared::time::oslo_date(act.at);
            if reminded_on != Some(day) {
                reminded_on = Some(day);
                self.system.remind().await?;
            }
            let person = &cast[act.person];
            let told = || format!("the demo's story of {} on day {}", person.name, act.day);
            match act.scene {
                Scene::Join => self.join(act.person, person).await.with_context(told)?,
                Scene::Step(step) => self.step(act, person, step).await.with_context(told)?,
                Scene::Finish(step) => self.finish(act.person, person, step).await.with_context(told)?,
            }
            self.deliver_mails(act.at).await?;
        }
        self.hands.move_to(self.calendar.now());
        self.system.remind().await?;
        self.deliver_mails(self.calendar.now()).await?;
        self.read_reminders().await
    }

    /// This morning's reminders have been read, so that what is unread does not depend on the hour.
    async fn read_reminders(&self) -> anyhow::Result<()> {
        for person in self.people.values() {
            for alert in person.alerts().await? {
                if !alert.read && alert.kind.is_reminder() {
                    person.mark_alert_read(alert.id).await?;
                }
            }
        }
        Ok(())
    }

    /// Everybody goes home: no session is left behind.
    pub(super) async fn clear(self) -> anyhow::Result<()> {
        for person in self.people.values() {
            person.log_out_everywhere().await?;
        }
        Ok(())
    }

    async fn join(&mut self, place: usize, person: &Person) -> anyhow::Result<()> {
        let track = self.track(&person.track)?;
        let phase = match &person.phase {
            Some(name) => self.phase(track, name).with_context(|| format!("no phase {name}"))?.id.to_string(),
            None => String::new(),
        };
        let form = NewParticipantForm {
            details: self.details(place, person),
            phase,
            started_on: person.started.map(|day| self.calendar.day(day).to_string()).unwrap_or_default(),
            inn_contact: self.id_of(&person.inn)?,
            nav_contact: self.contact(person.nav.as_deref())?,
        };
        let adviser = self.person(&person.inn)?;
        let id = adviser.add_participant(&person.track, &form).await?;
        let record = adviser.record(id, Filter::All).await?;
        let enrolment = record.enrolments.first().context("no card")?.id;
        let card = Card { track, enrolment, version: 1, is_closed: false };
        let details = form.details;
        let member = Member { id, version: 1, details, cards: vec![card], tasks: HashMap::new(), last_note: None };
        self.members.insert(place, member);
        Ok(())
    }

    async fn step(&mut self, act: &Act, person: &Person, place: usize) -> anyhow::Result<()> {
        let step = person.story.get(place).context("no such step")?;
        let by = step.by.as_deref().unwrap_or(&person.inn);
        let mut member = self.members.remove(&act.person).context("not registered yet")?;
        let doer = self.person(by)?;
        match &step.what {
            What::Move(phase) => self.move_card(doer, &mut member, phase).await?,
            What::Close(ending) => self.close(doer, &mut member, ending).await?,
            What::Enrol(slug) => self.enrol(doer, &mut member, person, slug).await?,
            What::Note(text) => note(doer, &mut member, text, Visibility::InnAndNav).await?,
            What::Private(text) => note(doer, &mut member, text, Visibility::OwnUnit).await?,
            What::Shared(text) => note(doer, &mut member, text, Visibility::Participant).await?,
            What::Correct(text) => {
                let note = member.last_note.context("no note to correct")?;
                doer.edit_note(&NoteEditForm { note, version: 1, text: text.clone() }).await?;
            }
            What::Task(job) => {
                let task = self.add_task(doer, &member, job).await?;
                member.tasks.insert(place, task);
            }
            What::Wait(code) => doer.wait_for(member.id, code).await?,
            What::Plan(days) => {
                "made".clone_into(&mut member.details.plan);
                member.details.plan_review = self.calendar.date(*days).to_string();
                doer.change_details(member.id, member.version, &member.details).await?;
                member.version += 1;
            }
            What::Follow(true) => doer.follow(member.id).await?,
            What::Follow(false) => doer.unfollow(member.id).await?,
        }
        self.members.insert(act.person, member);
        Ok(())
    }

    async fn finish(&self, place: usize, person: &Person, step: usize) -> anyhow::Result<()> {
        let What::Task(job) = &person.story[step].what else { return Err(anyhow!("not a task")) };
        let task = self.members.get(&place).and_then(|member| member.tasks.get(&step)).context("no task yet")?;
        Ok(self.person(&job.to)?.set_task_done(*task, true).await?)
    }

    async fn move_card(&self, doer: &SignedIn, member: &mut Member, name: &str) -> anyhow::Result<()> {
        let mut cards = member.cards.iter_mut().rev().filter(|card| !card.is_closed);
        let found = cards.find_map(|card| Some((self.phase(card.track, name)?.id, card)));
        let (phase, card) = found.with_context(|| format!("no card that can be moved to {name}"))?;
        let form =
            MoveForm { enrolment: Some(card.enrolment), version: card.version, to: Some(phase), ..MoveForm::default() };
        card.version = doer.move_card(&form).await?.version;
        Ok(())
    }

    async fn close(&self, doer: &SignedIn, member: &mut Member, ending: &Ending) -> anyhow::Result<()> {
        let card = member.cards.iter_mut().rev().find(|card| !card.is_closed).context("no card to close")?;
        let phases = &self.tracks[card.track].phases;
        let closing = phases.iter().find(|(phase, _)| phase.kind == PhaseKind::Closing).context("no closing phase")?;
        let form = MoveForm {
            enrolment: Some(card.enrolment),
            version: card.version,
            to: Some(closing.0.id),
            reason: ending.reason.clone(),
            reason_text: ending.text.clone(),
            outcome: ending.outcome.clone(),
            ..MoveForm::default()
        };
        card.version = doer.move_card(&form).await?.version;
        card.is_closed = true;
        Ok(())
    }

    async fn enrol(&self, doer: &SignedIn, member: &mut Member, person: &Person, slug: &str) -> anyhow::Result<()> {
        let track = self.track(slug)?;
        let enrolment = doer.enrol(member.id, self.tracks[track].id).await?;
        let contacts =
            ContactsForm { inn_contact: self.id_of(&person.inn)?, nav_contact: self.contact(person.nav.as_deref())? };
        doer.choose_contacts(enrolment, &contacts).await?;
        member.cards.push(Card { track, enrolment, version: 1, is_closed: false });
        Ok(())
    }

    async fn add_task(&self, doer: &SignedIn, member: &Member, job: &Job) -> anyhow::Result<TaskId> {
        let form = TaskForm {
            title: job.title.clone(),
            assignee: self.id_of(&job.to)?,
            due: self.calendar.day(job.due).to_string(),
            ..TaskForm::about(member.id)
        };
        Ok(doer.add_task(&form).await?)
    }

    /// Lets the mail server take what has been promised, two seconds later.
    async fn deliver_mails(&mut self, at: DateTime<Utc>) -> anyhow::Result<()> {
        while let Some(claimed) = self.system.claim_mails(1, &[], &[]).await?.pop() {
            let Some(letter) = self.system.letter(&claimed).await? else { continue };
            self.hands.move_by_seconds(2);
            let is_late = at > self.calendar.now() - MAILBOX_FULL_BEFORE;
            let delivery = if is_late && !self.mailbox_was_full && letter.to.as_str() == FULL_MAILBOX {
                self.mailbox_was_full = true;
                Delivery::refused(Cause::MailboxFull, "552 5.2.2 Mailbox full")
            } else {
                Delivery::sent("250 2.0.0 OK")
            };
            self.system.finish_mail(letter.id, letter.attempt, delivery).await?;
        }
        Ok(())
    }

    fn details(&self, place: usize, person: &Person) -> DetailsForm {
        let first_name: String =
            person.name.chars().take_while(|c| *c != ' ').filter(char::is_ascii_alphabetic).collect();
        let office = person.office.map(|office| match office {
            Office::Centre => self.town.centre,
            Office::East => self.town.east,
        });
        DetailsForm {
            name: person.name.clone(),
            language: person.language.clone(),
            phone: if place % 7 == 3 { String::new() } else { format!("900 01 {place:03}") },
            email: if place % 5 == 4 {
                String::new()
            } else {
                format!("{}.{place}@example.org", first_name.to_lowercase())
            },
            goal: person.goal.clone(),
            nav_office: office.map(|id| id.to_string()).unwrap_or_default(),
            ..DetailsForm::default()
        }
    }

    fn person(&self, key: &str) -> anyhow::Result<&SignedIn> {
        self.people.get(key).with_context(|| format!("nobody is called {key}"))
    }

    fn id_of(&self, key: &str) -> anyhow::Result<String> {
        Ok(self.person(key)?.me().id.to_string())
    }

    /// The id of somebody, or nothing for nobody, as a form sends it.
    fn contact(&self, key: Option<&str>) -> anyhow::Result<String> {
        key.map_or_else(|| Ok(String::new()), |key| self.id_of(key))
    }

    fn track(&self, slug: &str) -> anyhow::Result<usize> {
        self.tracks.iter().position(|track| track.slug == slug).with_context(|| format!("no track {slug}"))
    }

    fn phase(&self, track: usize, name: &str) -> Option<&Phase> {
        self.tracks.get(track)?.phases.iter().map(|(phase, _)| phase).find(|phase| phase.name == name)
    }
}

async fn note(doer: &SignedIn, member: &mut Member, text: &str, visibility: Visibility) -> anyhow::Result<()> {
    let form = NoteForm { participant: member.id, text: text.to_owned(), visibility: visibility.code().to_owned() };
    member.last_note = Some(doer.save_note(&form).await?.note);
    Ok(())
}

async fn log_in(store: &Store, account: &Account, password: &str) -> anyhow::Result<SignedIn> {
    let email = EmailAddress::parse(account.email).context(account.email)?;
    let login = Login { email, password: password.to_owned() };
    let session = store.visitor().log_in(login, std::net::Ipv4Addr::LOCALHOST.into()).await?;
    Ok(store.signed_in(session.token.as_str()).await?)
}

fn key(account: &Account) -> &'static str {
    account.email.split('@').next().unwrap_or_default()
}
