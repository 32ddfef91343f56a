//! Every week, each contact's first digest counts those of hers who need action. Whoever stands in for a contact is told
//! of hers too.

use std::collections::{HashMap, HashSet};
use std::iter;

use chrono::{DateTime, Datelike, Days, NaiveTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use shared::email::EmailAddress;
use shared::id::UserId;
use shared::outbox::{MailKind, MailState, WeeklyNeed};
use shared::time::{from_oslo, oslo_date};
use shared::views::{Filter, Who};
use uuid::Uuid;

use crate::alerts::{absent_with_deputy, choices_of, promise_digest};
use crate::doors::System;
use crate::entity::{enrolments, mails, users};
use crate::error::StoreError;
use crate::query::among;

impl System {
    /// Promises each contact, and whoever stands in for one today, the first digest of the week in which the next one
    /// comes, unless it is promised. Whether there is anything to tell is seen when it is sent.
    pub async fn promise_weekly_need(&self) -> Result<(), StoreError> {
        let (db, now) = (self.may().read(), self.may().store().now());
        let mut choices = choices_of(db, &self.contacts().await?).await?;
        let deputies = choices.values().filter_map(|choices| choices.deputy_on(oslo_date(now)));
        let deputies: HashSet<Uuid> = deputies.map(|deputy| deputy.0).collect();
        choices.extend(choices_of(db, &self.active(&deputies).await?).await?);
        let promised: Vec<(Uuid, DateTime<Utc>)> = mails::Entity::find()
            .select_only()
            .columns([mails::Column::RecipientId, mails::Column::DueAt])
            .filter(mails::Column::Kind.eq(MailKind::Digest.code()))
            .filter(mails::Column::DueAt.gte(monday_of(now)))
            .into_tuple()
            .all(db)
            .await?;
        let mut promised_to: HashMap<Uuid, HashSet<DateTime<Utc>>> = HashMap::new();
        for (recipient, due) in promised {
            promised_to.entry(recipient).or_default().insert(monday_of(due));
        }
        for (recipient, choices) in choices {
            let due = choices.next_digest(now);
            let is_promised = promised_to.get(&recipient).is_some_and(|weeks| weeks.contains(&monday_of(due)));
            if choices.weekly_need && !is_promised {
                let tx = self.may().begin().await?;
                promise_digest(&tx, recipient, &choices, due).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }

    /// What the digest says of those who need action: of the recipient's own first, then of those for whom she stands
    /// in. Nothing if another digest of this week has gone, if she does not want to know or is on leave herself, or if
    /// nobody needs any.
    pub(crate) async fn weekly_needs(
        &self,
        mail: &mails::Model,
        to: &EmailAddress,
    ) -> Result<Vec<WeeklyNeed>, StoreError> {
        let (db, now, recipient) = (self.may().read(), self.may().store().now(), mail.recipient_id);
        let today = oslo_date(now);
        let choices = choices_of(db, &[recipient]).await?.remove(&recipient).unwrap_or_default();
        if !choices.weekly_need || choices.deputy_on(today).is_some() {
            return Ok(Vec::new());
        }
        let gone = mails::Entity::find()
            .filter(mails::Column::RecipientId.eq(recipient))
            .filter(mails::Column::Kind.eq(MailKind::Digest.code()))
            .filter(mails::Column::State.eq(MailState::Sent.code()))
            .filter(mails::Column::SentAt.gte(monday_of(now)))
            .filter(mails::Column::Id.ne(mail.id));
        if gone.count(db).await? > 0 {
            return Ok(Vec::new());
        }
        let Some(person) = self.person_at(to).await? else { return Ok(Vec::new()) };
        let absent = absent_with_deputy(db, recipient, today).await?.into_iter().map(|id| Who::Person(UserId(id)));
        let mut needs = Vec::new();
        for contact in iter::once(Who::Me).chain(absent) {
            let filter = Filter::in_need(person.me().role, contact);
            let count = person.overview(&filter).await?.count;
            if count > 0 {
                needs.push(WeeklyNeed { count, is_on_behalf: contact != Who::Me, query: filter.query() });
            }
        }
        Ok(needs)
    }

    /// Everybody who is contact of somebody who is under way, and works here.
    async fn contacts(&self) -> Result<Vec<Uuid>, StoreError> {
        let pairs: Vec<(Option<Uuid>, Option<Uuid>)> = enrolments::Entity::find()
            .select_only()
            .columns([enrolments::Column::InnContactId, enrolments::Column::NavContactId])
            .filter(enrolments::Column::ClosedAt.is_null())
            .distinct()
            .into_tuple()
            .all(self.may().read())
            .await?;
        let contacts: HashSet<Uuid> = pairs.into_iter().flat_map(|(inn, nav)| [inn, nav]).flatten().collect();
        self.active(&contacts).await
    }

    /// Those of some people who work here.
    async fn active(&self, people: &HashSet<Uuid>) -> Result<Vec<Uuid>, StoreError> {
        let people: Vec<Uuid> = people.iter().copied().collect();
        let active = users::Entity::find()
            .select_only()
            .column(users::Column::Id)
            .filter(among(users::Column::Id, &people))
            .filter(users::Column::Active.eq(true))
            .into_tuple()
            .all(self.may().read())
            .await?;
        Ok(active)
    }
}

/// When the week of an instant began in Oslo.
fn monday_of(at: DateTime<Utc>) -> DateTime<Utc> {
    let day = oslo_date(at);
    let monday = day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into())).unwrap_or(day);
    from_oslo(monday.and_time(NaiveTime::MIN))
}
