//! One mail about which something is wrong in the database does not hold up the others.

use sea_orm::{ConnectionTrait, Database};
use shared::alerts::{LetterContent, MailState};
use store::testing::TestStore;

store::on_both_databases![a_mail_to_an_address_that_is_none_fails_and_the_others_are_claimed];

async fn a_mail_to_an_address_that_is_none_fails_and_the_others_are_claimed(test: TestStore) {
    let participant = test.participant("Kirsebær Nordavind").await;
    for name in ["nav", "inn2"] {
        test.person(name).await.follow(participant).await.unwrap();
    }
    let form = shared::notes::NoteForm { participant, text: "Et notat.".into(), visibility: "inn_and_nav".into() };
    test.person("inn").await.save_note(&form).await.unwrap();
    let database = Database::connect(&test.url).await.unwrap();
    database.execute_unprepared("UPDATE users SET email = 'nobody' WHERE email = 'nav@example.no'").await.unwrap();

    let letters = test.store.system("test").claim_mails(20).await.unwrap();
    assert_eq!(letters.iter().map(|letter| letter.to.as_str()).collect::<Vec<_>>(), ["inn2@example.no"]);
    assert!(matches!(letters[0].content, LetterContent::Alert { .. }));
    let rows = test.person("admin").await.mail_delivery().await.unwrap().rows;
    let failed: Vec<_> = rows.iter().filter(|mail| mail.state == MailState::Failed).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].answer.as_deref(), Some("unexpected data: users.email"));
}
