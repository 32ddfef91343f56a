use shared::outbox::AnswerProblem;

use super::test_server::TestServer;
use super::*;

const FIRST: &str = "From: a@example.no\r\nTo: samlop+x@example.no\r\n\r\nFørst.\r\n";
const SECOND: &str = "From: b@example.no\r\nTo: samlop+y@example.no\r\n\r\nSå.\r\n";

fn mailbox(server: &TestServer) -> Mailbox {
    Mailbox::new(&server.url(), None).unwrap()
}

/// Who wrote the mails that are handed over, all of which are done with.
async fn senders(server: &TestServer) -> anyhow::Result<Vec<String>> {
    let mut senders = Vec::new();
    mailbox(server)
        .fetch(async |incoming| {
            senders.push(sender(&incoming));
            true
        })
        .await
        .map(|count| assert_eq!(count, senders.len()))?;
    Ok(senders)
}

fn sender(incoming: &Incoming) -> String {
    match incoming {
        Incoming::Answer(answer) => answer.from.to_string(),
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn each_mail_comes_once_and_the_oldest_first() {
    let server = TestServer::start(&[FIRST, SECOND]).await;
    assert_eq!(senders(&server).await.unwrap(), ["a@example.no", "b@example.no"]);
    assert_eq!(senders(&server).await.unwrap(), Vec::<String>::new());
    let state = server.state();
    assert!(state.inbox.is_empty());
    assert_eq!(state.done.iter().map(|(folder, _)| folder.as_str()).collect::<Vec<_>>(), [DONE, DONE]);
    assert_eq!(state.commands.iter().filter(|command| command.starts_with("CREATE")).count(), 1);
}

#[tokio::test]
async fn a_mail_that_is_not_done_with_stays_and_comes_again() {
    let server = TestServer::start(&[FIRST, SECOND]).await;
    let count = mailbox(&server).fetch(async |incoming| sender(&incoming) == "b@example.no").await.unwrap();
    assert_eq!(count, 1);
    assert_eq!(server.state().inbox.values().map(|(marks, _)| marks.as_str()).collect::<Vec<_>>(), [""]);
    assert_eq!(senders(&server).await.unwrap(), ["a@example.no"]);
}

#[tokio::test]
async fn a_connection_that_ends_after_the_handling_brings_the_mail_once_more() {
    for step in ["UID STORE", "UID MOVE"] {
        let server = TestServer::start(&[FIRST]).await;
        server.state().hangs_up = Some(step);
        let mut handled = 0;
        let error = mailbox(&server)
            .fetch(async |_| {
                handled += 1;
                true
            })
            .await
            .unwrap_err();
        assert_eq!(format!("{error:#}"), "A mail that is done with can't be moved.: The server hung up.", "{step}");
        assert_eq!(handled, 1);
        server.state().hangs_up = None;
        assert_eq!(senders(&server).await.unwrap(), ["a@example.no"], "{step}");
        assert_eq!(senders(&server).await.unwrap(), Vec::<String>::new(), "{step}");
    }
}

#[tokio::test]
async fn of_a_mail_that_is_too_large_only_the_headers_are_fetched() {
    let large = format!("{FIRST}{}", "x".repeat(MAIL_MAX));
    let server = TestServer::start(&[&large, SECOND]).await;
    let mut texts = Vec::new();
    mailbox(&server)
        .fetch(async |incoming| {
            let Incoming::Answer(answer) = incoming else { panic!("{incoming:?}") };
            texts.push(answer.text);
            true
        })
        .await
        .unwrap();
    assert_eq!(texts, [Err(AnswerProblem::TooLarge), Ok("Så.".to_owned())]);
    assert!(!server.state().commands.iter().any(|command| command.starts_with("UID FETCH 7 (UID BODY.PEEK[]")));
}

#[tokio::test]
async fn a_limited_number_comes_at_once() {
    let mails = vec![FIRST; MAILS_MAX + 3];
    let server = TestServer::start(&mails).await;
    assert_eq!(senders(&server).await.unwrap().len(), MAILS_MAX);
    assert_eq!(senders(&server).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_server_that_can_not_move_copies_and_marks_for_removal() {
    for (abilities, left) in [("UIDPLUS", 0), ("IDLE", 2)] {
        let server = TestServer::start(&[FIRST, SECOND]).await;
        server.state().abilities = abilities;
        assert_eq!(senders(&server).await.unwrap().len(), 2, "{abilities}");
        assert_eq!(senders(&server).await.unwrap().len(), 0, "{abilities}");
        let state = server.state();
        assert_eq!((state.done.len(), state.inbox.len()), (2, left), "{abilities}");
        assert!(state.inbox.values().all(|(marks, _)| marks == "(\\Seen)(\\Deleted)"), "{abilities}");
    }
}

#[tokio::test]
async fn a_server_that_wants_folders_inside_the_inbox_gets_it_there() {
    let server = TestServer::start(&[FIRST]).await;
    server.state().refused = vec!["CREATE \"Samlop\""];
    senders(&server).await.unwrap();
    assert_eq!(server.state().done[0].0, "INBOX.Samlop");
}

#[tokio::test]
async fn nothing_is_handled_where_no_folder_can_be_made() {
    let server = TestServer::start(&[FIRST]).await;
    server.state().refused = vec!["CREATE"];
    let error = mailbox(&server).fetch(async |_| panic!("handled")).await.unwrap_err();
    assert!(format!("{error:#}").contains("The server says: not today"), "{error:#}");
}

#[tokio::test]
async fn what_is_wrong_is_told_without_the_password_or_the_mail() {
    for (refused, hangs_up, words) in [
        (Some("LOGIN"), None, "does not take the user and password in IMAP_URL.: The server says: not today"),
        (Some("SELECT"), None, "can't be read.: The server says: not today"),
        (Some("UID SEARCH"), None, "can't be read.: The server says: not today"),
        (Some("UID FETCH 7 (UID RFC822.SIZE"), None, "can't be read.: The server says: not today"),
        (Some("UID FETCH 7 (UID BODY"), None, "can't be fetched.: The server says: not today"),
        (Some("UID MOVE"), None, "can't be moved.: The server says: not today"),
        (None, Some("LOGIN"), "The server hung up."),
        (None, Some("UID SEARCH"), "The mailbox can't be read.: The server hung up."),
        (None, Some("UID FETCH 7 (UID BODY"), "can't be fetched.: The server hung up."),
    ] {
        let server = TestServer::start(&[FIRST]).await;
        server.state().refused = refused.into_iter().collect();
        server.state().hangs_up = hangs_up;
        let error = senders(&server).await.unwrap_err();
        let told = format!("{error:#}");
        assert!(told.contains(words), "{told}");
        assert!(!told.contains("hemmelig") && !format!("{error:?}").contains("Først"), "{told}");
    }
    let server = TestServer::start(&[]).await;
    let error = Mailbox::new(&server.url().replace("imap:", "imaps:"), None).unwrap().fetch(async |_| true).await;
    assert!(format!("{:#}", error.unwrap_err()).contains("can't be encrypted"));
    let error = Mailbox::new(&format!("{}?tls=required", server.url()), None).unwrap().fetch(async |_| true).await;
    assert!(format!("{:#}", error.unwrap_err()).contains("offers no encryption"));
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("imap://u:p@127.0.0.1:{}", silent.local_addr().unwrap().port());
    let mut mailbox = Mailbox::new(&url, None).unwrap();
    mailbox.patience = Duration::from_millis(50);
    let error = mailbox.fetch(async |_| true).await.unwrap_err();
    assert!(format!("{error:#}").contains("did not answer"), "{error:#}");
}

#[tokio::test]
async fn it_can_be_fetched_beside_other_work() {
    let server = TestServer::start(&[FIRST]).await;
    let mailbox = mailbox(&server);
    let work = tokio::spawn(async move {
        mailbox
            .fetch(async |_| {
                tokio::task::yield_now().await;
                true
            })
            .await
    });
    assert_eq!(work.await.unwrap().unwrap(), 1);
}
