//! One contact for many participants.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use shared::access::Action;
use shared::alerts::{AlertKind, Reason, Recalled};
use shared::board::ContactRole;
use shared::error::AppError;
use shared::many::{ContactOfManyForm, ManyDone, ManyUndone};
use shared::timeline::{Change, Field};
use uuid::Uuid;

use super::{Chosen, Done, forget, held_cards, remember};
use crate::alerts::{Recipient, Together, recall, tell_together, telling_within};
use crate::doors::{SignedIn, Tx};
use crate::entity::{events, followers, participants};
use crate::error::StoreError;
use crate::events::{Kind, built_upon, changes_in};
use crate::participants::{check_contacts, contact_of, has_nav_contact, put_contacts};
use crate::people::nav_offices;
use crate::query::among;

/// The contact that was chosen, and what each card had before.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ContactsPut {
    role: ContactRole,
    contact: Option<Uuid>,
    cards: Vec<Before>,
}

/// A card before it got another contact.
#[derive(Debug, Serialize, Deserialize)]
struct Before {
    card: Uuid,
    contact: Option<Uuid>,
    /// Whether the new one follows the participant only since then.
    is_new_follower: bool,
    /// The office that the new one brought along.
    office: Option<Uuid>,
    /// The event that tells of it.
    event: i64,
}

impl SignedIn {
    /// Chooses the same contact for several enrolments of one track. New contacts follow the participants.
    ///
    /// Refused with [`AppError::NoAccessTo`] if the contact may not see some of the participants.
    pub async fn choose_contact_of_many(&self, form: &ContactOfManyForm) -> Result<ManyDone, StoreError> {
        let (role, contact) = form.parse()?;
        let (permit, mut cards) = self.chosen(&form.cards, Action::EditParticipant).await?;
        let contact_id = contact.map(|id| id.0);
        // In one order, so that two who choose contacts of the same participants do not wait for each other.
        cards.sort_by_key(|(_, participant)| participant.id);
        let mut tx = permit.begin().await?;
        // The other contact may have been changed since.
        let mut now = held_cards(&tx, &cards.iter().map(|(card, _)| card.id).collect::<Vec<_>>()).await?;
        for (card, _) in &mut cards {
            if let Some(now) = now.remove(&card.id) {
                *card = now;
            }
        }
        cards.retain(|(card, _)| contact_of(card, role) != contact_id);
        let following = followed(&tx, &cards, contact_id).await?;
        let (mut before, mut together, mut without_access) = (Vec::new(), Together::new(), Vec::new());
        for (card, participant) in cards {
            let (inn, nav) = match role {
                ContactRole::Inn => (contact, None),
                ContactRole::Nav => (None, contact),
            };
            let office = match check_contacts(&tx, &participant, inn, nav).await {
                Err(StoreError::Refused(AppError::Invalid(_))) => {
                    without_access.push(participant.name);
                    continue;
                }
                office => office?,
            };
            let after = match role {
                ContactRole::Inn => [contact_id, card.nav_contact_id],
                ContactRole::Nav => [card.inn_contact_id, contact_id],
            };
            let (changes, new_contacts) = put_contacts(&tx, &card, &participant, after, office).await?;
            let Some(event) = tx.record_changes(participant.id, &changes).await? else { continue };
            before.push(Before {
                card: card.id,
                contact: contact_of(&card, role),
                is_new_follower: !following.contains(&participant.id),
                office,
                event,
            });
            let participant =
                participants::Model { nav_office_id: office.or(participant.nav_office_id), ..participant };
            let recipients = new_contacts.into_iter().flatten().map(|id| Recipient {
                user: id.0,
                kind: AlertKind::MadeContact,
                reason: Reason::Contact,
            });
            let telling = telling_within(&tx, &participant, recipients).await?;
            together.push((participant, event, telling));
        }
        if !without_access.is_empty() {
            return Err(AppError::NoAccessTo(without_access).into());
        }
        tell_together(&mut tx, together).await?;
        let count = before.len();
        let done = Done::Contacts(ContactsPut { role, contact: contact_id, cards: before });
        let undo = remember(&tx, &done, count).await?;
        tx.commit().await?;
        Ok(ManyDone { count, undo })
    }

    /// Gives all cards of a command their earlier contacts back. A mail that has gone can't be taken back, but its
    /// link shows who is contact now.
    pub(super) async fn undo_contacts(&self, command: Uuid, put: &ContactsPut) -> Result<ManyUndone, StoreError> {
        let ids: Vec<Uuid> = put.cards.iter().map(|before| before.card).collect();
        let (permit, mut cards) = self.enrolments_on_one_track(&ids, Action::EditParticipant).await?;
        cards.sort_by_key(|(_, participant)| participant.id);
        let tx = permit.begin().await?;
        if !forget(&tx, command).await? {
            return Ok(ManyUndone::default());
        }
        let now = held_cards(&tx, &ids).await?;
        let (mut since, mut recalled) = (Vec::new(), Recalled::default());
        for (card, participant) in &cards {
            let now = now.get(&card.id).ok_or(AppError::NotFound)?;
            let before = put.cards.iter().find(|before| before.card == card.id).ok_or(AppError::NotFound)?;
            if contact_of(now, put.role) != put.contact {
                let (by, at) = latest_change(&tx, participant.id, put.role).await?;
                since.push((participant.name.clone(), by, at));
                continue;
            }
            let after = match put.role {
                ContactRole::Inn => [before.contact, now.nav_contact_id],
                ContactRole::Nav => [now.inn_contact_id, before.contact],
            };
            let (mut changes, _) = put_contacts(&tx, now, participant, after, None).await?;
            if let Some(contact) = put.contact.filter(|_| before.is_new_follower) {
                followers::Entity::delete_by_id((participant.id, contact)).exec(tx.db()).await?;
            }
            if let Some(office) = before.office {
                changes.extend(take_office(&tx, participant, office).await?);
            }
            tx.record_changes(participant.id, &changes).await?;
            let taken_back = recall(&tx, before.event).await?;
            recalled.withdrawn += taken_back.withdrawn;
            recalled.gone += taken_back.gone;
        }
        if !since.is_empty() {
            return Err(built_upon(tx.db(), since).await?);
        }
        tx.commit().await?;
        Ok(ManyUndone { cards: Vec::new(), recalled })
    }
}

/// Those of some participants whom somebody follows.
async fn followed(tx: &Tx, cards: &[Chosen], follower: Option<Uuid>) -> Result<Vec<Uuid>, StoreError> {
    let participants: Vec<Uuid> = cards.iter().map(|(_, participant)| participant.id).collect();
    Ok(followers::Entity::find()
        .select_only()
        .column(followers::Column::ParticipantId)
        .filter(among(followers::Column::ParticipantId, &participants))
        .filter(followers::Column::UserId.eq(follower.unwrap_or_default()))
        .into_tuple()
        .all(tx.db())
        .await?)
}

/// Who changed a contact last, and when.
async fn latest_change(
    tx: &Tx,
    participant: Uuid,
    role: ContactRole,
) -> Result<(Option<Uuid>, chrono::DateTime<chrono::Utc>), StoreError> {
    let field = if role == ContactRole::Inn { Field::InnContact } else { Field::NavContact };
    let events = events::Entity::find()
        .filter(events::Column::ParticipantId.eq(participant))
        .filter(events::Column::Kind.eq(Kind::Changed.code()))
        .order_by_desc(events::Column::Number)
        .all(tx.db())
        .await?;
    for event in events {
        if changes_in(&event)?.iter().any(|change| change.field == field) {
            return Ok((event.by_id, event.at));
        }
    }
    Ok((None, tx.now))
}

/// Takes the office away that a contact had brought along, unless it is another one now or somebody there is contact.
async fn take_office(tx: &Tx, participant: &participants::Model, office: Uuid) -> Result<Option<Change>, StoreError> {
    if has_nav_contact(tx, participant.id).await? {
        return Ok(None);
    }
    let updated = participants::Entity::update_many()
        .col_expr(participants::Column::NavOfficeId, None::<Uuid>.into())
        .filter(participants::Column::Id.eq(participant.id))
        .filter(participants::Column::NavOfficeId.eq(office))
        .filter(participants::Column::Version.eq(participant.version))
        .exec(tx.db())
        .await?;
    if updated.rows_affected != 1 {
        return Ok(None);
    }
    let offices = nav_offices(tx.db(), participant.inn_unit_id).await?;
    let name = offices.into_iter().find(|(id, _)| id.0 == office).map(|(_, name)| name);
    Ok(Some(Change { field: Field::NavOffice, before: name.unwrap_or_default(), after: String::new() }))
}
