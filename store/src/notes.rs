//! Notes: writing, changing without losing the old text, and telling the followers.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::access::Action;
use shared::alerts::{AlertKind, Reason, Recalled};
use shared::error::AppError;
use shared::id::{NoteId, UserId};
use shared::notes::{FRESH_MINUTES, NewNote, NoteEditForm, NoteForm, Visibility, may_edit, mentions};
use shared::time::oslo;
use shared::undo::RESTORE_MINUTES;
use uuid::Uuid;

use crate::alerts::{Audience, Recipient, Telling, knowing, recall, unwithdraw};
use crate::answers::remember;
use crate::doors::{Permit, SignedIn};
use crate::entity::{events, note_versions, notes, participants};
use crate::error::StoreError;
use crate::events::{Event, Kind};
use crate::people::members_of;

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
        // Whoever may not write here is told nothing of what is wrong with the form.
        self.participant(form.participant, Action::WriteNote).await?;
        let saved = self.keep_note(form.parse()?, self.me().organisation.0, None).await?;
        Ok(saved.ok_or(AppError::NotFound)?)
    }

    /// Keeps a note for a unit. `None` if it is an answer by mail with this fingerprint, and the same has come
    /// before.
    pub(crate) async fn keep_note(
        &self,
        new: NewNote,
        unit: Uuid,
        answer: Option<String>,
    ) -> Result<Option<Saved>, StoreError> {
        let (permit, participant) = self.participant(new.participant, Action::WriteNote).await?;
        let telling = self.telling_of_note(&permit, &participant, new.text.as_str(), new.visibility, unit, &[]).await?;
        let mut tx = permit.begin().await?;
        let note = notes::Model {
            id: Uuid::now_v7(),
            participant_id: participant.id,
            author_id: self.me().id.0,
            unit_id: unit,
            visibility: new.visibility.code().to_owned(),
            text: new.text.into(),
            version: 1,
            written_at: tx.now,
            deleted_at: None,
        };
        notes::Entity::insert(notes::ActiveModel::from(note.clone())).exec_without_returning(tx.db()).await?;
        if let Some(answer) = answer
            && remember(&tx, note.author_id, answer, Some(note.id), None).await?.is_none()
        {
            return Ok(None);
        }
        let event = tx.record(Event::about(participant.id, Kind::NoteWritten).subject(note.id)).await?;
        let alerted = telling.promise(&mut tx, &participant, event).await?;
        tx.commit().await?;
        Ok(Some(Saved { note: NoteId(note.id), alerted }))
    }

    /// Deletes a note that its author has just written, and takes back what has not been told of it. Its text is
    /// shown to nobody any more.
    pub async fn delete_note(&self, id: NoteId) -> Result<Recalled, StoreError> {
        let (permit, note) = self.note(id, Action::WriteNote).await?;
        let is_fresh = self.now() - note.written_at < TimeDelta::minutes(FRESH_MINUTES);
        if !is_fresh || !may_edit(UserId(note.author_id), self.me().id, self.me().role) {
            return Err(AppError::Forbidden.into());
        }
        let tx = permit.begin().await?;
        let deleted = notes::Entity::update_many()
            .col_expr(notes::Column::DeletedAt, Some(tx.now).into())
            .filter(notes::Column::Id.eq(note.id))
            .filter(notes::Column::DeletedAt.is_null())
            .exec(tx.db())
            .await?;
        if deleted.rows_affected != 1 {
            return Err(AppError::NotFound.into());
        }
        let written = events::Entity::find()
            .filter(events::Column::Kind.eq(Kind::NoteWritten.code()))
            .filter(events::Column::SubjectId.eq(note.id))
            .one(tx.db())
            .await?;
        tx.record(Event::about(note.participant_id, Kind::NoteDeleted).subject(note.id)).await?;
        let recalled = match written {
            Some(written) => recall(&tx, written.number).await?,
            None => Recalled::default(),
        };
        tx.commit().await?;
        Ok(recalled)
    }

    /// Brings back a note that this person has deleted a short while ago, and says how many are told of it.
    ///
    /// Whoever had got a mail about it that could not be taken back, or had seen the alert, finds it in her list
    /// again and is told no second time. All others are told as of a new note: their alerts were taken back, so for
    /// them it was never written.
    ///
    /// Refused with [`AppError::TooLate`] after [`RESTORE_MINUTES`]. Bringing it back twice is bringing it back once.
    pub async fn restore_note(&self, id: NoteId) -> Result<usize, StoreError> {
        let (permit, participant, note) = self.kept_note(id, Action::WriteNote).await?;
        if !may_edit(UserId(note.author_id), self.me().id, self.me().role) {
            return Err(AppError::Forbidden.into());
        }
        let Some(deleted_at) = note.deleted_at else { return Ok(0) };
        if self.now() - deleted_at > TimeDelta::minutes(RESTORE_MINUTES) {
            return Err(AppError::TooLate { minutes: RESTORE_MINUTES }.into());
        }
        let written = events::Entity::find()
            .filter(events::Column::Kind.eq(Kind::NoteWritten.code()))
            .filter(events::Column::SubjectId.eq(note.id))
            .one(permit.read())
            .await?
            .ok_or_else(|| StoreError::Corrupt("events.subject_id".into()))?;
        let knowing = knowing(permit.read(), written.number).await?;
        let telling =
            self.telling_of_note(&permit, &participant, &note.text, visibility(&note)?, note.unit_id, &knowing).await?;
        let mut tx = permit.begin().await?;
        let restored = notes::Entity::update_many()
            .col_expr(notes::Column::DeletedAt, None::<DateTime<Utc>>.into())
            .filter(notes::Column::Id.eq(note.id))
            .filter(notes::Column::DeletedAt.eq(deleted_at))
            .exec(tx.db())
            .await?;
        if restored.rows_affected != 1 {
            return Ok(0);
        }
        tx.record(Event::about(participant.id, Kind::NoteRestored).subject(note.id)).await?;
        unwithdraw(&tx, written.number, &knowing).await?;
        let alerted = telling.promise(&mut tx, &participant, written.number).await?;
        tx.commit().await?;
        Ok(alerted)
    }

    /// Those who are told of a note: who is named in it, and who follows the participant, as far as they may
    /// read it and do not know of it.
    async fn telling_of_note(
        &self,
        permit: &Permit,
        participant: &participants::Model,
        text: &str,
        visibility: Visibility,
        unit: Uuid,
        knowing: &[Uuid],
    ) -> Result<Telling, StoreError> {
        let db = permit.read();
        let audience = Audience::of(db, participant).await?;
        let mut readers = audience.readers();
        if visibility == Visibility::OwnUnit {
            let unit = members_of(db, unit).await?;
            readers.retain(|reader| unit.contains(reader));
        }
        readers.retain(|reader| !knowing.contains(reader));
        let named = mentions(text, &audience.around).into_iter();
        let named = named.map(|id| Recipient { user: id.0, kind: AlertKind::Mentioned, reason: Reason::Mentioned });
        let recipients = named.chain(audience.followers(AlertKind::NoteWritten));
        Telling::prepare(db, self.today(), Some(self.me().id.0), &readers, recipients).await
    }

    /// Writes a note anew and keeps the old text. Only the author may, and only over the text that she saw:
    /// else [`AppError::Changed`].
    pub async fn edit_note(&self, form: &NoteEditForm) -> Result<(), StoreError> {
        let (permit, note) = self.note(form.note, Action::WriteNote).await?;
        if !may_edit(UserId(note.author_id), self.me().id, self.me().role) {
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
