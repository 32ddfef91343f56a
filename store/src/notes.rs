//! Notes: writing, changing without losing the old text, and telling the followers.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::access::Action;
use shared::error::AppError;
use shared::id::NoteId;
use shared::notes::{NoteEditForm, NoteForm, Visibility, may_edit};
use shared::time::oslo;
use uuid::Uuid;

use crate::alerts::promise_alerts;
use crate::doors::{SignedIn, Tx};
use crate::entity::{followers, note_versions, notes, participants};
use crate::error::StoreError;
use crate::events::{Event, Kind};
use crate::people::{members_of, people_around};

/// A note that has been kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saved {
    /// Which.
    pub note: NoteId,
    /// How many others are told.
    pub alerted: usize,
}

impl SignedIn {
    /// Keeps a note and, in the same transaction, promises each other follower an alert and a mail.
    pub async fn save_note(&self, form: &NoteForm) -> Result<Saved, StoreError> {
        let (permit, participant) = self.participant(form.participant, Action::WriteNote).await?;
        let new = form.parse()?;
        let mut tx = permit.begin().await?;
        let note = notes::Model {
            id: Uuid::now_v7(),
            participant_id: participant.id,
            author_id: self.me().id.0,
            unit_id: self.me().organisation.0,
            visibility: new.visibility.code().to_owned(),
            text: new.text.into(),
            version: 1,
            written_at: tx.now,
        };
        notes::Entity::insert(notes::ActiveModel::from(note.clone())).exec_without_returning(tx.db()).await?;
        let event = tx.record(Event::about(participant.id, Kind::NoteWritten).subject(note.id)).await?;
        let recipients = readers_who_follow(&tx, &participant, &note, new.visibility).await?;
        promise_alerts(&mut tx, event, &recipients).await?;
        tx.commit().await?;
        Ok(Saved { note: NoteId(note.id), alerted: recipients.len() })
    }

    /// Writes a note anew and keeps the old text. Only the author may, and only over the text that she saw:
    /// else [`AppError::Changed`].
    pub async fn edit_note(&self, form: &NoteEditForm) -> Result<(), StoreError> {
        let (permit, note) = self.note(form.note, Action::WriteNote).await?;
        if !may_edit(shared::id::UserId(note.author_id), self.me().id, self.me().role) {
            return Err(AppError::Forbidden.into());
        }
        let text = form.parse()?;
        if text.as_str() == note.text {
            return Ok(());
        }
        let tx = permit.begin().await?;
        let updated = notes::Entity::update_many()
            .col_expr(notes::Column::Text, text.to_string().into())
            .col_expr(notes::Column::Version, form.version.saturating_add(1).into())
            .filter(notes::Column::Id.eq(note.id))
            .filter(notes::Column::Version.eq(form.version))
            .exec(tx.db())
            .await?;
        if updated.rows_affected != 1 {
            let latest = note_versions::Entity::find()
                .filter(note_versions::Column::NoteId.eq(note.id))
                .order_by_desc(note_versions::Column::Version)
                .one(tx.db())
                .await?;
            let at = oslo(latest.map_or(note.written_at, |earlier| earlier.until));
            return Err(AppError::Changed { by: self.me().name.clone(), at }.into());
        }
        note_versions::Entity::insert(note_versions::ActiveModel {
            note_id: Set(note.id),
            version: Set(form.version),
            text: Set(note.text),
            until: Set(tx.now),
        })
        .exec_without_returning(tx.db())
        .await?;
        tx.commit().await
    }
}

/// Who may read a note, from its row.
pub(crate) fn visibility(note: &notes::Model) -> Result<Visibility, StoreError> {
    Visibility::from_code(&note.visibility).ok_or_else(|| StoreError::Corrupt("notes.visibility".into()))
}

/// The followers who may read the note, without its author.
async fn readers_who_follow(
    tx: &Tx,
    participant: &participants::Model,
    note: &notes::Model,
    visibility: Visibility,
) -> Result<Vec<Uuid>, StoreError> {
    let around: Vec<Uuid> = people_around(tx.db(), participant).await?.into_iter().map(|person| person.id.0).collect();
    let unit = match visibility {
        Visibility::OwnUnit => Some(members_of(tx.db(), note.unit_id).await?),
        Visibility::InnAndNav | Visibility::Participant => None,
    };
    let followers = followers::Entity::find()
        .filter(followers::Column::ParticipantId.eq(participant.id))
        .filter(followers::Column::UserId.ne(note.author_id))
        .all(tx.db())
        .await?;
    let followers = followers.into_iter().map(|follower| follower.user_id);
    let reads = |id: &Uuid| around.contains(id) && unit.as_ref().is_none_or(|unit| unit.contains(id));
    Ok(followers.filter(reads).collect())
}
