//! Who is told of something, and as what.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use shared::accounts::Person;
use shared::alerts::choices::Choices;
use shared::alerts::{AlertKind, Reason};
use uuid::Uuid;

use super::choices_of;
use crate::entity::{followers, participants};
use crate::error::StoreError;
use crate::people::people_around;

/// Those who could be told about a participant.
pub(crate) struct Audience {
    /// Everybody who may see her.
    pub(crate) around: Vec<Person>,
    /// Those of them who follow her.
    pub(crate) followers: Vec<Uuid>,
}

impl Audience {
    pub(crate) async fn of(db: &impl ConnectionTrait, participant: &participants::Model) -> Result<Self, StoreError> {
        let mut followers: Vec<Uuid> = followers::Entity::find()
            .select_only()
            .column(followers::Column::UserId)
            .filter(followers::Column::ParticipantId.eq(participant.id))
            .into_tuple()
            .all(db)
            .await?;
        let around = people_around(db, participant).await?;
        followers.retain(|follower| around.iter().any(|person| person.id.0 == *follower));
        Ok(Self { around, followers })
    }

    /// Everybody who may see her, by id.
    pub(crate) fn readers(&self) -> Vec<Uuid> {
        self.around.iter().map(|person| person.id.0).collect()
    }

    /// All followers, each for that reason.
    pub(crate) fn followers(&self, kind: AlertKind) -> impl Iterator<Item = Recipient> {
        self.followers.iter().map(move |user| Recipient { user: *user, kind, reason: Reason::Follows })
    }
}

/// Somebody to be told, if she may see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recipient {
    pub(crate) user: Uuid,
    pub(crate) kind: AlertKind,
    pub(crate) reason: Reason,
}

/// Those who will be told, with what they have chosen. Made before the transaction that tells them, so that
/// nobody who writes has to wait for it.
pub(crate) struct Telling(pub(super) Vec<Told>);

/// Somebody who will be told.
pub(super) struct Told {
    pub(super) user: Uuid,
    pub(super) kind: AlertKind,
    pub(super) reason: Reason,
    pub(super) on_behalf_of: Option<Uuid>,
    /// She is on leave, and a colleague gets the mail.
    pub(super) is_passed_on: bool,
    pub(super) choices: Choices,
}

impl Telling {
    /// Of those who are to be told, the ones who may read it, without the one who did it. Somebody with several
    /// reasons is told once, for the first of them in the order of [`Reason`].
    pub(crate) async fn prepare(
        db: &impl ConnectionTrait,
        today: NaiveDate,
        by: Option<Uuid>,
        readers: &[Uuid],
        recipients: impl IntoIterator<Item = Recipient>,
    ) -> Result<Self, StoreError> {
        let mut first: HashMap<Uuid, Recipient> = HashMap::new();
        for recipient in recipients {
            if Some(recipient.user) == by || !readers.contains(&recipient.user) {
                continue;
            }
            let known = first.entry(recipient.user).or_insert(recipient);
            if recipient.reason < known.reason {
                *known = recipient;
            }
        }
        let mut recipients: Vec<Recipient> = first.into_values().collect();
        // In one order, so that two who tell the same people at the same time do not wait for each other.
        recipients.sort_unstable_by_key(|recipient| recipient.user);
        let users: Vec<Uuid> = recipients.iter().map(|recipient| recipient.user).collect();
        let mut choices = choices_of(db, &users).await?;
        let mut told = Vec::new();
        let mut deputies: Vec<(Uuid, Recipient)> = Vec::new();
        for recipient in recipients {
            let choices = choices.remove(&recipient.user).unwrap_or_default();
            let deputy = choices.deputy_on(today).map(|deputy| deputy.0).filter(|deputy| readers.contains(deputy));
            if let Some(deputy) = deputy
                && Some(deputy) != by
                && !users.contains(&deputy)
                && deputies.iter().all(|(known, _)| *known != deputy)
            {
                deputies.push((deputy, recipient));
            }
            let Recipient { user, kind, reason } = recipient;
            told.push(Told { user, kind, reason, on_behalf_of: None, is_passed_on: deputy.is_some(), choices });
        }
        if !deputies.is_empty() {
            let users: Vec<Uuid> = deputies.iter().map(|(deputy, _)| *deputy).collect();
            let mut choices = choices_of(db, &users).await?;
            for (user, Recipient { user: absent, kind, reason }) in deputies {
                let choices = choices.remove(&user).unwrap_or_default();
                let on_behalf_of = Some(absent);
                told.push(Told { user, kind, reason, on_behalf_of, is_passed_on: false, choices });
            }
        }
        Ok(Self(told))
    }

    /// For what nobody is told of.
    pub(crate) fn nobody() -> Self {
        Self(Vec::new())
    }
}
