//! Answers by mail: each becomes a note by the person who wrote it, once, or she is told why it did not.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, TryInsertResult};
use sha2::{Digest, Sha256};
use shared::access::Action;
use shared::email::EmailAddress;
use shared::error::{AppError, Problem};
use shared::id::{MailId, NoteId, ParticipantId};
use shared::notes::{NewNote, NoteText, Visibility};
use shared::outbox::{AnswerProblem, Cause, MailKind, MailState};
use uuid::Uuid;

use crate::accounts::hex;
use crate::alerts::new_mail;
use crate::doors::{SignedIn, System, Tx};
use crate::entity::{alerts, answers, events, mails, notes, users};
use crate::error::StoreError;
use crate::events::Kind;
use crate::outbox::wake_and_commit;

/// An answer to a mail of ours.
#[derive(Debug, Clone)]
pub struct NewAnswer {
    /// Who sent it, as she says.
    pub from: EmailAddress,
    /// What stands in the addresses to which it was sent where the token can be.
    pub tokens: Vec<String>,
    /// Its own Message-ID.
    pub message_id: Option<String>,
    /// What she wrote, or why it can't be taken.
    pub text: Result<String, AnswerProblem>,
}

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is a note now.
    Note(NoteId),
    /// The sender is told why it is none.
    Refused(AnswerProblem),
    /// It came before. Nothing has been done.
    Known,
    /// It comes from nobody whom we know. Nothing has been done, since a stranger is told nothing.
    Stranger,
}

impl System {
    /// Makes a note of an answer. The address to which it was sent must be signed, its sender must be the one who
    /// got the mail, and she must have access now.
    pub async fn take_answer(&self, answer: &NewAnswer) -> Result<Taken, StoreError> {
        let Some(person) = self.person_at(&answer.from).await? else { return Ok(Taken::Stranger) };
        match self.note_of(&person, answer).await? {
            Ok((answered, note, unit)) => {
                let fingerprint = fingerprint(&[&answered.to_string(), note.text.as_str()]);
                let saved = person.keep_note(note, unit, Some(fingerprint)).await?;
                Ok(saved.map_or(Taken::Known, |saved| Taken::Note(saved.note)))
            }
            Err(problem) => self.refuse_answer(&person, answer, problem).await,
        }
    }

    /// Writes down that a mail of ours was returned for good, and that its address does not work. Nothing happens
    /// if it names no mail of ours that was sent.
    pub async fn take_bounce(&self, message_id: &str, words: &str) -> Result<bool, StoreError> {
        let Some(id) = message_id.split('@').next().and_then(|id| Uuid::try_parse(id).ok()) else { return Ok(false) };
        let tx = self.may().begin().await?;
        let sent = mails::Entity::find_by_id(id).filter(mails::Column::State.eq(MailState::Sent.code()));
        let Some(mail) = sent.one(tx.db()).await? else { return Ok(false) };
        let change = mails::ActiveModel {
            state: Set(MailState::Failed.code().to_owned()),
            cause: Set(Some(Cause::Bounced.code().to_owned())),
            answer: Set(Some(words.to_owned())),
            ..Default::default()
        };
        mails::Entity::update_many().set(change).filter(mails::Column::Id.eq(id)).exec(tx.db()).await?;
        let user = users::ActiveModel {
            bounced_at: Set(Some(tx.now)),
            bounce: Set(Some(words.to_owned())),
            ..Default::default()
        };
        users::Entity::update_many().set(user).filter(users::Column::Id.eq(mail.recipient_id)).exec(tx.db()).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The mail that an answer is to, the note that it makes and the unit for which that is, or why there is none.
    async fn note_of(
        &self,
        person: &SignedIn,
        answer: &NewAnswer,
    ) -> Result<Result<(MailId, NewNote, Uuid), AnswerProblem>, StoreError> {
        let key = self.mail_key().await?;
        let Some(id) = answer.tokens.iter().find_map(|token| key.read_answer_token(token)) else {
            return Ok(Err(AnswerProblem::Address));
        };
        let db = self.may().read();
        let Some(mail) = mails::Entity::find_by_id(id.0).one(db).await? else { return Ok(Err(AnswerProblem::TooOld)) };
        if mail.recipient_id != person.me().id.0 {
            return Ok(Err(AnswerProblem::NotYours));
        }
        let Some(participant) = mail.participant_id.map(ParticipantId) else { return Ok(Err(AnswerProblem::Address)) };
        let text = match &answer.text {
            Ok(text) => NoteText::parse(text).map_err(|problem| match problem {
                Problem::IdentityNumber => AnswerProblem::IdentityNumber,
                Problem::TooLong { .. } => AnswerProblem::TooLong,
                _ => AnswerProblem::Empty,
            }),
            Err(problem) => Err(*problem),
        };
        let text = match text {
            Ok(text) => text,
            Err(problem) => return Ok(Err(problem)),
        };
        let answered = answered_note(db, id).await?;
        let is_allowed = match &answered {
            Some(note) => person.note(NoteId(note.id), Action::WriteNote).await.map(drop),
            None => person.participant(participant, Action::WriteNote).await.map(drop),
        };
        match is_allowed {
            Ok(()) => {}
            Err(StoreError::Refused(AppError::NotFound | AppError::Forbidden)) => {
                return Ok(Err(AnswerProblem::NoAccess));
            }
            Err(error) => return Err(error),
        }
        // An answer is seen by those who can see what it answers, and by no others.
        let (visibility, unit) = match answered {
            Some(note) => (crate::notes::visibility(&note)?, note.unit_id),
            None => (Visibility::InnAndNav, person.me().organisation.0),
        };
        Ok(Ok((id, NewNote { participant, text, visibility }, unit)))
    }

    /// Promises the sender a mail that says why, once for each answer.
    async fn refuse_answer(
        &self,
        person: &SignedIn,
        answer: &NewAnswer,
        problem: AnswerProblem,
    ) -> Result<Taken, StoreError> {
        let sender = person.me().id.0;
        let fingerprint =
            fingerprint(&[&sender.to_string(), problem.code(), answer.message_id.as_deref().unwrap_or_default()]);
        let tx = self.may().begin().await?;
        let Some(id) = remember(&tx, sender, fingerprint, None, Some(problem)).await? else {
            return Ok(Taken::Known);
        };
        let mail = mails::Model { answer_id: Some(id), ..new_mail(MailKind::AnswerRefused, sender, tx.now, tx.now) };
        mails::Entity::insert(mails::ActiveModel::from(mail)).exec_without_returning(tx.db()).await?;
        wake_and_commit(tx).await?;
        Ok(Taken::Refused(problem))
    }
}

/// The note of which a mail tells, if it is about one.
async fn answered_note(db: &impl sea_orm::ConnectionTrait, mail: MailId) -> Result<Option<notes::Model>, StoreError> {
    let told = alerts::Entity::find()
        .find_also_related(events::Entity)
        .filter(alerts::Column::MailId.eq(mail.0))
        .filter(events::Column::Kind.eq(Kind::NoteWritten.code()))
        .one(db)
        .await?;
    let note = told.and_then(|(_, event)| event).and_then(|event| event.subject_id);
    match note {
        Some(note) => Ok(notes::Entity::find_by_id(note).one(db).await?),
        None => Ok(None),
    }
}

/// Writes down what came. `None` if the same has come before.
pub(crate) async fn remember(
    tx: &Tx,
    sender: Uuid,
    fingerprint: String,
    note: Option<Uuid>,
    problem: Option<AnswerProblem>,
) -> Result<Option<Uuid>, StoreError> {
    let id = Uuid::now_v7();
    let row = answers::ActiveModel {
        id: Set(id),
        at: Set(tx.now),
        fingerprint: Set(fingerprint),
        sender_id: Set(sender),
        note_id: Set(note),
        problem: Set(problem.map(|problem| problem.code().to_owned())),
    };
    let inserted = answers::Entity::insert(row)
        .on_conflict_do_nothing_on([answers::Column::Fingerprint])
        .exec_without_returning(tx.db())
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1)).then_some(id))
}

/// A hash of what makes an answer the same as another one.
fn fingerprint(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize())
}
