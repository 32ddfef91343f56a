//! From a note or a task to the mail server, through the real store and a server that misbehaves.

use std::path::PathBuf;
use std::time::Instant;

use app::texts::Texts;
use app::words::happened;
use chrono::TimeDelta;
use clap::Parser;
use shared::alerts::{AlertKind, TOLD_FOR_MINUTES};
use shared::board::MoveForm;
use shared::id::{NoteId, ParticipantId};
use shared::locale::Locale;
use shared::notes::NoteForm;
use shared::outbox::{MailRow, MailState};
use shared::participants::{ContactsForm, DetailsForm};
use shared::tasks::TaskForm;
use shared::timeline::Filter;
use shared::workdays::working_day_from;
use store::MailSearch;
use store::testing::TestStore;

use super::*;
use crate::mailer::test_server::{Arrived, Mood, TestServer};

store::on_both_databases![
    a_note_by_inn_reaches_nav_once_and_not_its_author,
    no_mail_in_any_language_names_a_participant_a_phase_or_a_word_of_the_text,
    a_mail_that_the_server_puts_off_is_tried_again_after_the_pause,
    a_mail_that_the_server_refuses_fails_with_its_words_and_can_be_sent_again,
    a_bad_recipient_and_one_that_hangs_do_not_hold_up_the_others,
    what_is_wrong_with_our_login_or_sender_fails_nobodys_mail,
    a_server_that_is_away_costs_no_mail,
    a_crash_while_sending_leads_to_exactly_one_more_try,
    a_claim_that_runs_out_while_the_mail_is_being_sent_changes_nothing,
    an_unheard_verdict_leads_to_a_try_with_the_same_message_id,
    many_mails_share_a_few_connections,
    a_mail_that_is_being_sent_is_finished_before_the_stop,
    without_a_mail_server_each_mail_is_one_file,
    a_database_that_is_gone_does_not_end_the_loop,
];

async fn a_note_by_inn_reaches_nav_once_and_not_its_author(test: TestStore) {
    let server = TestServer::start().await;
    let participant = followed(&test, &["nav", "inn"]).await;
    let worker = work(&test, &server);
    let note = write_note(&test, participant, "Møtte opp til samtale.").await;
    until("the mail is sent", async || states(&test).await == [MailState::Sent]).await;

    later(&test, TimeDelta::days(2)).await;
    assert_eq!(server.recipients(), ["nav@example.no"]);
    let link = format!("https://samlop.example.no/participants/{participant}?at=note-{note}");
    assert!(server.arrived()[0].everything().contains(&link));
    assert_eq!(rows(&test).await[0].answer.as_deref(), Some("250 2.0.0 queued as 4711"));
    worker.abort();
}

async fn no_mail_in_any_language_names_a_participant_a_phase_or_a_word_of_the_text(test: TestStore) {
    let server = TestServer::start().await;
    let worker = work(&test, &server);
    let nav = test.person("nav").await;
    for locale in Locale::ALL {
        nav.choose_locale(locale).await.unwrap();
        let before = server.arrived().len();
        everything_happens(&test).await;
        let kinds = AlertKind::ALL.len();
        until("all is sent", async || server.arrived().len() >= before + kinds && queued(&test).await == 0).await;
        let texts = Texts::from(locale);
        for kind in AlertKind::ALL {
            let subject = happened(texts, kind, 1);
            let is_told = |mail: &Arrived| mail.everything().contains(&subject);
            assert!(server.arrived()[before..].iter().any(is_told), "{kind:?} {locale:?}");
        }
    }
    let phases = nav.board("introlop").await.unwrap().columns.into_iter().map(|column| column.phase.name);
    let secrets = [
        "Kirsebær",
        "Nordavind",
        "Solstråle",
        "sover",
        "Ring",
        "Kjempebedriften",
        "truckførerbevis",
        "Prøve",
        "Introløp",
    ];
    let secrets: Vec<String> = phases.chain(secrets.map(str::to_owned)).collect();
    for mail in server.arrived() {
        let everything = mail.everything().to_lowercase();
        let words: Vec<&str> = everything.split(|c: char| !c.is_alphanumeric()).collect();
        for secret in &secrets {
            assert!(!words.contains(&secret.to_lowercase().as_str()), "{secret} in {}", mail.everything());
        }
    }
    worker.abort();
}

/// Everything of which `nav` is told, once of each kind.
async fn everything_happens(test: &TestStore) {
    let inn = test.person("inn").await;
    let nav_id = test.person("nav").await.me().id.to_string();
    let participant = followed(test, &["nav"]).await;
    let record = inn.record(participant, Filter::All).await.unwrap();
    let card = record.enrolments[0].id;
    write_note(test, participant, "Solstråle sover dårlig.").await;
    write_note(test, participant, "Spør @nav Prøve, Solstråle sover.").await;
    let second = test.phases().await[1];
    let onward = MoveForm { enrolment: Some(card), version: 1, to: Some(second), ..MoveForm::default() };
    inn.move_card(&onward).await.unwrap();
    let contacts = ContactsForm { inn_contact: String::new(), nav_contact: nav_id.clone() };
    inn.choose_contacts(card, &contacts).await.unwrap();

    let (title, description) = ("Ring Kjempebedriften".to_owned(), "Spør om truckførerbevis.".to_owned());
    // On a day when nobody works there is no reminder.
    let due = working_day_from(test.store.today() + chrono::Days::new(8)).to_string();
    let task = TaskForm { title, description, assignee: nav_id, due, ..TaskForm::about(participant) };
    let id = inn.add_task(&task).await.unwrap();
    let changed = TaskForm { title: "Ring Kjempebedriften igjen".into(), ..task.clone() };
    inn.change_task(id, 1, &changed).await.unwrap();
    let other = inn.add_task(&TaskForm { assignee: inn.me().id.to_string(), ..task }).await.unwrap();
    inn.set_task_done(other, true).await.unwrap();
    // Before the date, on it and after it.
    for _ in 0..24 * 16 {
        test.clock.advance(TimeDelta::hours(1));
        test.store.system("test").remind().await.unwrap();
    }
    let mut details = DetailsForm::filled(&inn.record(participant, Filter::All).await.unwrap().details);
    inn.choose_contacts(card, &ContactsForm::default()).await.unwrap();
    details.nav_office = test.nav_west.to_string();
    let version = inn.record(participant, Filter::All).await.unwrap().version;
    inn.change_details(participant, version, &details).await.unwrap();
    // A mail about a move waits for a moment.
    test.clock.advance(TimeDelta::minutes(1));
}

/// How many mails wait.
async fn queued(test: &TestStore) -> u64 {
    test.store.system("test").mail_figures().await.unwrap().counts[&MailState::Queued]
}

async fn a_mail_that_the_server_puts_off_is_tried_again_after_the_pause(test: TestStore) {
    for command in ["MAIL", "RCPT", "DATA", "."] {
        let server = TestServer::start().await;
        let participant = followed(&test, &["nav"]).await;
        server.treat(command, Mood::Say("451 4.3.0 try later"));
        let worker = work(&test, &server);
        write_note(&test, participant, "Et notat.").await;
        until("it is put off", async || newest(&test).await.answer.is_some()).await;
        let mail = newest(&test).await;
        assert_eq!((mail.state, mail.attempts), (MailState::Queued, 1), "{command}");
        assert_eq!(mail.answer.as_deref(), Some("451 4.3.0 try later"), "{command}");
        server.relent();

        later(&test, TimeDelta::seconds(9)).await;
        assert_eq!(newest(&test).await.state, MailState::Queued, "{command}");
        test.clock.advance(TimeDelta::seconds(3));
        until("it is sent", async || newest(&test).await.state == MailState::Sent).await;
        assert_eq!(newest(&test).await.attempts, 2, "{command}");
        worker.abort();
    }
}

async fn a_mail_that_the_server_refuses_fails_with_its_words_and_can_be_sent_again(test: TestStore) {
    let server = TestServer::start().await;
    let participant = followed(&test, &["nav"]).await;
    let worker = work(&test, &server);
    for (command, words) in [
        ("RCPT", "550-5.1.1 nobody of that name\r\n550 5.1.1 lives here"),
        ("DATA", "554 5.7.1 no"),
        (".", "554 5.7.1 we don't like it"),
    ] {
        server.treat(command, Mood::Say(words));
        write_note(&test, participant, "Et notat.").await;
        until("it fails", async || newest(&test).await.state == MailState::Failed).await;
        let answer = newest(&test).await.answer.unwrap();
        let last = words.rsplit(' ').next().unwrap();
        assert!(answer.starts_with(&words[..3]) && answer.ends_with(last), "{answer}");

        server.relent();
        later(&test, TimeDelta::hours(2)).await;
        assert_eq!(newest(&test).await.state, MailState::Failed, "{command}");
        test.person("admin").await.resend_mail(newest(&test).await.id).await.unwrap();
        until("it is sent", async || newest(&test).await.state == MailState::Sent).await;
    }
    worker.abort();
}

async fn a_bad_recipient_and_one_that_hangs_do_not_hold_up_the_others(test: TestStore) {
    let server = TestServer::start().await;
    let participant = followed(&test, &["nav", "inn2", "leder"]).await;
    server.treat("RCPT TO:<nav@", Mood::Say("550 5.1.1 nobody"));
    server.treat("RCPT TO:<inn2@", Mood::Hang);
    let worker = work(&test, &server);
    let start = Instant::now();
    write_note(&test, participant, "Et notat.").await;
    until("the good one is sent", async || server.recipients() == ["leder@example.no"]).await;
    assert!(start.elapsed() < SHORT.talk, "it waited for the one that hangs");

    until("all have an end", async || rows(&test).await.iter().all(|mail| mail.answer.is_some())).await;
    let state_of =
        async |name: &str| rows(&test).await.into_iter().find(|mail| mail.recipient.starts_with(name)).unwrap().state;
    assert_eq!(state_of("nav@").await, MailState::Failed);
    assert_eq!(state_of("inn2@").await, MailState::Queued);
    server.relent();
    test.clock.advance(TimeDelta::seconds(12));
    until("the one that hung is sent", async || state_of("inn2@").await == MailState::Sent).await;
    assert_eq!(server.recipients(), ["inn2@example.no", "leder@example.no"]);
    worker.abort();
}

async fn what_is_wrong_with_our_login_or_sender_fails_nobodys_mail(test: TestStore) {
    let server = TestServer::start().await;
    let participant = followed(&test, &["nav"]).await;
    let worker = work(&test, &server);
    for (command, words) in [
        ("EHLO", "554 5.7.1 not from you"),
        ("AUTH", "535 5.7.8 wrong password"),
        ("MAIL", "553 5.7.1 not your address"),
        ("RCPT", "530 5.7.0 log in first"),
    ] {
        server.treat(command, Mood::Say(words));
        write_note(&test, participant, "Et notat.").await;
        until("it is put off", async || newest(&test).await.answer.as_deref() == Some(words)).await;
        assert_eq!(newest(&test).await.state, MailState::Queued, "{command}");
        server.relent();
        test.clock.advance(TimeDelta::seconds(12));
        until("it is sent", async || newest(&test).await.state == MailState::Sent).await;
    }
    worker.abort();
}

async fn a_server_that_is_away_costs_no_mail(test: TestStore) {
    let server = TestServer::start().await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let participant = followed(&test, &["nav"]).await;
    let worker = work_with(&test, &arguments(Some(format!("smtp://{nobody}")), PathBuf::new()));
    write_note(&test, participant, "Et notat.").await;
    until("it is put off", async || newest(&test).await.answer.is_some()).await;
    worker.abort();

    test.clock.advance(TimeDelta::hours(1));
    let worker = work(&test, &server);
    until("it is sent", async || states(&test).await == [MailState::Sent]).await;
    assert_eq!(server.recipients(), ["nav@example.no"]);
    worker.abort();
}

async fn a_crash_while_sending_leads_to_exactly_one_more_try(test: TestStore) {
    let server = TestServer::start().await;
    let participant = followed(&test, &["nav"]).await;
    server.treat("RCPT", Mood::Hang);
    let crashing = work(&test, &server);
    write_note(&test, participant, "Et notat.").await;
    until("it is being sent", async || server.count("RCPT") == 1).await;
    crashing.abort();
    server.relent();

    let worker = work(&test, &server);
    later(&test, TimeDelta::seconds(59)).await;
    assert_eq!(server.count("RCPT"), 1, "the claim of the one that crashed still stands");
    test.clock.advance(TimeDelta::seconds(1));
    until("it is sent", async || states(&test).await == [MailState::Sent]).await;
    later(&test, TimeDelta::days(2)).await;
    assert_eq!((server.count("RCPT"), server.arrived().len()), (2, 1));
    worker.abort();
}

async fn a_claim_that_runs_out_while_the_mail_is_being_sent_changes_nothing(test: TestStore) {
    let server = TestServer::start().await;
    let participant = followed(&test, &["nav"]).await;
    server.treat("RCPT", Mood::Hang);
    let worker = work(&test, &server);
    write_note(&test, participant, "Et notat.").await;
    until("it is being sent", async || server.count("RCPT") == 1).await;
    later(&test, TimeDelta::minutes(2)).await;
    until("it is put off", async || newest(&test).await.answer.is_some()).await;
    server.relent();
    later(&test, TimeDelta::minutes(2)).await;
    until("it is sent", async || states(&test).await == [MailState::Sent]).await;
    assert_eq!(newest(&test).await.attempts, 2);
    worker.abort();
}

async fn an_unheard_verdict_leads_to_a_try_with_the_same_message_id(test: TestStore) {
    let server = TestServer::start().await;
    let participant = followed(&test, &["nav"]).await;
    let worker = work(&test, &server);
    for mood in [Mood::HangUp, Mood::Hang] {
        let before = server.arrived().len();
        server.treat(".", mood);
        write_note(&test, participant, "Et notat.").await;
        until("it is put off", async || newest(&test).await.answer.is_some()).await;
        server.relent();
        test.clock.advance(TimeDelta::seconds(12));
        until("it is sent", async || newest(&test).await.state == MailState::Sent).await;
        let ids: Vec<String> = server.arrived()[before..].iter().map(Arrived::message_id).collect();
        assert_eq!(ids.len(), 2);
        assert_eq!(ids[0], ids[1]);
        assert_eq!(ids[0], format!("{}@samlop.example.no", newest(&test).await.id));
    }
    worker.abort();
}

async fn many_mails_share_a_few_connections(test: TestStore) {
    let server = TestServer::start().await;
    server.treat("RCPT TO:<leder@", Mood::Say("550 5.1.1 nobody"));
    for _ in 0..10 {
        let participant = followed(&test, &["nav", "inn2", "leder"]).await;
        write_note(&test, participant, "Et notat.").await;
    }
    let worker = work(&test, &server);
    until("all have an end", async || !states(&test).await.contains(&MailState::Queued)).await;
    assert_eq!(server.recipients(), [["inn2@example.no"; 10], ["nav@example.no"; 10]].concat());
    assert!(server.count("EHLO") <= AT_ONCE, "{} connections", server.count("EHLO"));
    until("it has said goodbye", async || server.count("QUIT") == server.count("EHLO")).await;
    worker.abort();
}

async fn a_mail_that_is_being_sent_is_finished_before_the_stop(test: TestStore) {
    let server = TestServer::start().await;
    let participant = followed(&test, &["nav"]).await;
    server.treat(".", Mood::Slow(Duration::from_millis(500)));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let arguments = arguments(Some(server.url()), PathBuf::new());
    let worker = Worker::new(test.store.clone(), &arguments, "https://samlop.example.no", SHORT, QUICK).unwrap();
    let worker = tokio::spawn(worker.run(async { stopped.await.unwrap() }));
    write_note(&test, participant, "Et notat.").await;
    until("it is being sent", async || server.arrived().len() == 1).await;
    stop.send(()).unwrap();
    worker.await.unwrap();
    assert_eq!(states(&test).await, [MailState::Sent]);
}

async fn without_a_mail_server_each_mail_is_one_file(test: TestStore) {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("mail");
    let participant = followed(&test, &["nav", "inn2"]).await;
    let worker = work_with(&test, &arguments(None, folder.clone()));
    write_note(&test, participant, "Et notat.").await;
    until("both are written", async || states(&test).await == [MailState::Sent; 2]).await;
    let mut files: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    let mut expected: Vec<String> = rows(&test).await.iter().map(|mail| format!("{}.eml", mail.id)).collect();
    expected.sort();
    assert_eq!(files, expected);
    worker.abort();
}

async fn a_database_that_is_gone_does_not_end_the_loop(test: TestStore) {
    let server = TestServer::start().await;
    let worker = work(&test, &server);
    test.store.clone().close().await.unwrap();
    sleep(QUICK * 10).await;
    assert!(!worker.is_finished());
    worker.abort();
}

/// Real time between two looks into the outbox.
const QUICK: Duration = Duration::from_millis(20);
/// Long enough for a busy machine, short enough for a test.
const SHORT: Patience = Patience { talk: Duration::from_secs(5), verdict: Duration::from_secs(5) };

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    mail: MailArgs,
}

pub(super) fn arguments(smtp_url: Option<String>, mail_dir: PathBuf) -> MailArgs {
    let mail = Cli::parse_from(["samlop", "--mail-from", "Samløp <samlop@example.no>"]).mail;
    MailArgs { smtp_url, mail_dir, ..mail }
}

fn work(test: &TestStore, server: &TestServer) -> JoinHandle<()> {
    work_with(test, &arguments(Some(server.url()), PathBuf::new()))
}

fn work_with(test: &TestStore, arguments: &MailArgs) -> JoinHandle<()> {
    let store = test.store.clone();
    let worker = Worker::new(store, arguments, "https://samlop.example.no", SHORT, QUICK).unwrap();
    tokio::spawn(worker.run(std::future::pending()))
}

/// A participant whom these people follow.
async fn followed(test: &TestStore, followers: &[&str]) -> ParticipantId {
    let participant = test.participant("Kirsebær Nordavind").await;
    for name in followers {
        test.person(name).await.follow(participant).await.unwrap();
    }
    participant
}

/// Writes a note as INN, so long after the one before that a mail of its own tells of it.
async fn write_note(test: &TestStore, participant: ParticipantId, words: &str) -> NoteId {
    test.clock.advance(TimeDelta::minutes(TOLD_FOR_MINUTES));
    let form = NoteForm { participant, text: words.to_owned(), visibility: "inn_and_nav".to_owned() };
    test.person("inn").await.save_note(&form).await.unwrap().note
}

/// The mails as the administrator sees them, the newest first.
async fn rows(test: &TestStore) -> Vec<MailRow> {
    test.person("admin").await.mail_delivery(&MailSearch::default()).await.unwrap().rows
}

async fn newest(test: &TestStore) -> MailRow {
    rows(test).await.remove(0)
}

async fn states(test: &TestStore) -> Vec<MailState> {
    rows(test).await.into_iter().map(|mail| mail.state).collect()
}

/// Moves the clock and gives the worker time to look into the outbox several times.
async fn later(test: &TestStore, by: TimeDelta) {
    test.clock.advance(by);
    sleep(QUICK * 10).await;
}

pub(super) async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let start = Instant::now();
    while !is_so().await {
        assert!(start.elapsed() < Duration::from_secs(30), "in vain: {what}");
        sleep(Duration::from_millis(10)).await;
    }
}
