//! What was promised to people and what became of it, for tests that count every single alert.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter};
use shared::alerts::Unmailed;
use shared::id::MailId;
use shared::outbox::MailState;
use uuid::Uuid;

use super::TestStore;
use crate::alerts::is_queued;
use crate::entity::{alerts, mails, users};

/// An alert, and what became of its mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// The address of the one who is to be told.
    pub recipient: String,
    /// Why there is no mail.
    pub unmailed: Option<Unmailed>,
    /// The mail that tells of it.
    pub mail: Option<PromisedMail>,
}

/// A mail that tells of alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromisedMail {
    /// Which.
    pub id: MailId,
    /// Where it stands.
    pub state: MailState,
    /// The mail server's own words at the last try.
    pub answer: Option<String>,
}

impl TestStore {
    /// To whom each mail goes, whatever it tells of.
    pub async fn recipients(&self) -> HashMap<MailId, String> {
        let addresses = self.addresses().await;
        let mails = mails::Entity::find().all(self.store.system("test").may().read()).await.expect("mails");
        mails.into_iter().map(|mail| (MailId(mail.id), addresses[&mail.recipient_id].clone())).collect()
    }

    /// Every alert that there is.
    pub async fn promises(&self) -> Vec<Promise> {
        let addresses = self.addresses().await;
        let system = self.store.system("test");
        let db = system.may().read();
        let alerts = alerts::Entity::find().find_also_related(mails::Entity).all(db).await.expect("alerts");
        let promises = alerts.into_iter().map(|(alert, mail)| Promise {
            recipient: addresses[&alert.recipient_id].clone(),
            unmailed: alert.unmailed.map(|code| Unmailed::from_code(&code).expect("a reason")),
            mail: mail.map(|mail| PromisedMail {
                id: MailId(mail.id),
                state: MailState::from_code(&mail.state).expect("a state"),
                answer: mail.answer,
            }),
        });
        promises.collect()
    }

    /// How many mails wait whose time has come, whether or not somebody is just trying to send them.
    pub async fn mails_due(&self, now: DateTime<Utc>) -> u64 {
        self.count_due(now, Condition::all()).await
    }

    /// Those of them that nobody has claimed.
    pub async fn mails_unclaimed(&self, now: DateTime<Utc>) -> u64 {
        let is_free = Condition::any();
        let is_free = is_free.add(mails::Column::ClaimedUntil.is_null()).add(mails::Column::ClaimedUntil.lte(now));
        self.count_due(now, is_free).await
    }

    async fn addresses(&self) -> HashMap<Uuid, String> {
        let people = users::Entity::find().all(self.store.system("test").may().read()).await.expect("users");
        people.into_iter().map(|user| (user.id, user.email)).collect()
    }

    async fn count_due(&self, now: DateTime<Utc>, further: Condition) -> u64 {
        let due = mails::Entity::find().filter(is_queued()).filter(mails::Column::DueAt.lte(now)).filter(further);
        due.count(self.store.system("test").may().read()).await.expect("a count")
    }
}
