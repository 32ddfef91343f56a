//! What a mail is made of, read at the moment of sending.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::accounts::initials;
use shared::alerts::{AlertKind, Subject, Unmailed};
use shared::email::EmailAddress;
use shared::id::{MailId, ParticipantId, UserId};
use shared::locale::Locale;
use shared::notes::Visibility;
use shared::outbox::{AlertLetter, AnswerProblem, ContentLevel, Letter, LetterContent, MailKind};
use shared::participants::reference;
use shared::time::format_date;
use uuid::Uuid;

use crate::alerts::{Unsubscribe, choices_of, kind_of, reason_of, subject_of};
use crate::doors::System;
use crate::entity::{alerts, answers, events, mails, moves, notes, organisations, participants, phases, tasks, users};
use crate::error::StoreError;
use crate::people::{members_of, people_around};
use crate::secrets::MailKey;

/// A mail, as it would be sent now.
pub(super) struct Contents {
    /// `None` if there is nothing to tell any more, or nobody to tell it to.
    pub(super) letter: Option<Letter>,
    /// The alerts that are left out, and why.
    pub(super) untold: Vec<(Uuid, Unmailed)>,
}

/// What mails about a participant may tell.
pub(crate) async fn content_level(
    db: &impl ConnectionTrait,
    participant: &participants::Model,
) -> Result<ContentLevel, StoreError> {
    let unit = organisations::Entity::find_by_id(participant.inn_unit_id).one(db).await?;
    Ok(unit.and_then(|unit| ContentLevel::from_code(&unit.mail_content)).unwrap_or_default())
}

/// What to write.
pub(super) async fn letter(system: &System, key: &MailKey, mail: &mails::Model) -> Result<Contents, StoreError> {
    let db = system.may().read();
    let recipient = users::Entity::find_by_id(mail.recipient_id).one(db).await?.filter(|user| user.active);
    let Some(recipient) = recipient else { return everything_untold(db, mail, Unmailed::NoAccess).await };
    let to = EmailAddress::parse(&recipient.email).map_err(|_| StoreError::Corrupt("users.email".into()))?;
    let kind = MailKind::from_code(&mail.kind).ok_or_else(|| StoreError::Corrupt("mails.kind".into()))?;
    let (content, untold) = match kind {
        MailKind::Test => (Some(LetterContent::Test), Vec::new()),
        MailKind::AnswerRefused => (answer_refused(db, mail).await?, Vec::new()),
        MailKind::Alerts | MailKind::Several | MailKind::Digest => {
            let (parts, untold) = alert_letters(db, mail, kind, recipient.id).await?;
            let content = match kind {
                MailKind::Digest => {
                    let needs = system.weekly_needs(mail, &to).await?;
                    (!parts.is_empty() || !needs.is_empty()).then_some(LetterContent::Digest(parts, needs))
                }
                MailKind::Several if parts.len() > 1 => Some(LetterContent::Several(parts)),
                _ => parts.into_iter().next().map(LetterContent::Alerts),
            };
            (content, untold)
        }
    };
    let locale = Locale::from_tag(&recipient.locale).unwrap_or_default();
    let Some(content) = content else { return Ok(Contents { letter: None, untold }) };
    let what = match &content {
        LetterContent::Alerts(alerts) => Some(Unsubscribe::Kind(alerts.kind)),
        LetterContent::Several(parts) => parts.first().map(|part| Unsubscribe::Kind(part.kind)),
        LetterContent::Digest(..) => Some(Unsubscribe::Digest),
        LetterContent::Test | LetterContent::AnswerRefused(_) => None,
    };
    let letter = Letter {
        id: MailId(mail.id),
        to,
        locale,
        attempt: mail.attempts + 1,
        unsubscribe: what.map(|what| key.unsubscribe_token(UserId(recipient.id), what)),
        answer: matches!(content, LetterContent::Alerts(_)).then(|| key.answer_token(MailId(mail.id))),
        content,
    };
    Ok(Contents { letter: Some(letter), untold })
}

async fn everything_untold(
    db: &impl ConnectionTrait,
    mail: &mails::Model,
    why: Unmailed,
) -> Result<Contents, StoreError> {
    let alerts = alerts::Entity::find().filter(alerts::Column::MailId.eq(mail.id)).all(db).await?;
    let untold = alerts.into_iter().map(|alert| (alert.id, why)).collect();
    Ok(Contents { letter: None, untold })
}

/// Why an answer did not become a note.
async fn answer_refused(db: &impl ConnectionTrait, mail: &mails::Model) -> Result<Option<LetterContent>, StoreError> {
    let Some(id) = mail.answer_id else { return Ok(None) };
    let answer = answers::Entity::find_by_id(id).one(db).await?;
    let problem = answer.and_then(|answer| answer.problem);
    Ok(problem.as_deref().and_then(AnswerProblem::from_code).map(LetterContent::AnswerRefused))
}

/// The alerts of a mail by participant and kind, in the order in which things happened, and those that are
/// left out.
async fn alert_letters(
    db: &impl ConnectionTrait,
    mail: &mails::Model,
    kind: MailKind,
    recipient: Uuid,
) -> Result<(Vec<AlertLetter>, Vec<(Uuid, Unmailed)>), StoreError> {
    let choices = choices_of(db, &[recipient]).await?.remove(&recipient).unwrap_or_default();
    let skips_read = kind == MailKind::Digest || choices.grace_minutes > 0;
    let rows = alerts::Entity::find()
        .find_also_related(events::Entity)
        .filter(alerts::Column::MailId.eq(mail.id))
        .order_by_asc(alerts::Column::EventNumber)
        .all(db)
        .await?;
    let mut letters: Vec<AlertLetter> = Vec::new();
    let mut untold = Vec::new();
    let mut known: Option<About> = None;
    for (alert, event) in rows {
        let event = event.ok_or_else(|| StoreError::Corrupt("alerts.event_number".into()))?;
        let about = match known.take() {
            Some(about) if about.participant.id == event.participant_id => about,
            _ => About::load(db, event.participant_id).await?,
        };
        let why_not = match () {
            () if skips_read && alert.read_at.is_some() => Some(Unmailed::Read),
            () => about.why_not(db, &alert, &event, recipient).await?,
        };
        match why_not {
            Some(why) => untold.push((alert.id, why)),
            None => about.add_to(db, &mut letters, &alert, &event).await?,
        }
        known = Some(about);
    }
    Ok((letters, untold))
}

/// A participant, and who may know what about her.
struct About {
    participant: participants::Model,
    around: Vec<Uuid>,
    level: ContentLevel,
}

impl About {
    async fn load(db: &impl ConnectionTrait, id: Uuid) -> Result<Self, StoreError> {
        let participant = participants::Entity::find_by_id(id).one(db).await?;
        let participant = participant.ok_or_else(|| StoreError::Corrupt("events.participant_id".into()))?;
        let around = people_around(db, &participant).await?.into_iter().map(|person| person.id.0).collect();
        let level = content_level(db, &participant).await?;
        Ok(Self { participant, around, level })
    }

    /// Why an alert is not mailed any more.
    async fn why_not(
        &self,
        db: &impl ConnectionTrait,
        alert: &alerts::Model,
        event: &events::Model,
        recipient: Uuid,
    ) -> Result<Option<Unmailed>, StoreError> {
        if alert.withdrawn_at.is_some() {
            return Ok(Some(Unmailed::Withdrawn));
        }
        if !self.around.contains(&recipient) {
            return Ok(Some(Unmailed::NoAccess));
        }
        match subject_of(event)? {
            Subject::Record => Ok(None),
            Subject::Note(id) => {
                let note = notes::Entity::find_by_id(id.0).one(db).await?.filter(|note| note.deleted_at.is_none());
                let Some(note) = note else { return Ok(Some(Unmailed::Withdrawn)) };
                let is_for_unit = crate::notes::visibility(&note)? == Visibility::OwnUnit;
                let may_read = !is_for_unit || members_of(db, note.unit_id).await?.contains(&recipient);
                Ok((!may_read).then_some(Unmailed::NoAccess))
            }
            Subject::Task(id) => {
                let Some(task) = tasks::Entity::find_by_id(id.0).one(db).await? else {
                    return Ok(Some(Unmailed::Outdated));
                };
                let is_true = is_still_true(alert, event, &task)?;
                Ok((!is_true).then_some(Unmailed::Outdated))
            }
        }
    }

    /// Adds an alert to the letter of its kind, or begins one.
    async fn add_to(
        &self,
        db: &impl ConnectionTrait,
        letters: &mut Vec<AlertLetter>,
        alert: &alerts::Model,
        event: &events::Model,
    ) -> Result<(), StoreError> {
        let kind = kind_of(alert)?;
        let text = if self.level == ContentLevel::Full { text(db, event).await? } else { None };
        let id = ParticipantId(self.participant.id);
        if let Some(letter) = letters.iter_mut().find(|letter| (letter.participant, letter.kind) == (id, kind)) {
            letter.count += 1;
            letter.texts.extend(text);
            return Ok(());
        }
        letters.push(AlertLetter {
            kind,
            count: 1,
            reason: reason_of(alert)?,
            is_on_behalf: alert.on_behalf_of_id.is_some(),
            participant: id,
            reference: reference(self.participant.number),
            subject: subject_of(event)?,
            who: match self.level {
                ContentLevel::Nothing => None,
                ContentLevel::Initials => Some(initials(&self.participant.name)),
                ContentLevel::Full => Some(self.participant.name.clone()),
            },
            texts: text.into_iter().collect(),
        });
        Ok(())
    }
}

/// Whether what an alert tells of a task is still so. Its recipient need not be the assignee: the one who made
/// the task, followers and the earlier assignee are told of changes too.
fn is_still_true(alert: &alerts::Model, event: &events::Model, task: &tasks::Model) -> Result<bool, StoreError> {
    let told = alert.on_behalf_of_id.unwrap_or(alert.recipient_id);
    let is_open_and_hers = task.done_at.is_none() && task.assignee_id == told;
    Ok(match kind_of(alert)? {
        AlertKind::TaskAssigned => task.assignee_id == told,
        AlertKind::TaskDone => task.done_at.is_some(),
        kind if kind.is_reminder() => is_open_and_hers && event.detail.as_deref() == Some(&due_detail(task)),
        _ => true,
    })
}

/// What the event of a reminder keeps: the date of which it reminds. Moved since, the reminder is not true.
pub(crate) fn due_detail(task: &tasks::Model) -> String {
    task.due_on.to_string()
}

/// What was written or done, in words.
async fn text(db: &impl ConnectionTrait, event: &events::Model) -> Result<Option<String>, StoreError> {
    Ok(match subject_of(event)? {
        Subject::Note(id) => notes::Entity::find_by_id(id.0).one(db).await?.map(|note| note.text),
        Subject::Task(id) => {
            let task = tasks::Entity::find_by_id(id.0).one(db).await?;
            task.map(|task| format!("{}, {}", task.title, format_date(task.due_on)))
        }
        Subject::Record => {
            let Some(id) = event.subject_id else { return Ok(None) };
            let Some(row) = moves::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
            let from = phases::Entity::find_by_id(row.from_phase_id).one(db).await?;
            let to = phases::Entity::find_by_id(row.to_phase_id).one(db).await?;
            from.zip(to).map(|(from, to)| format!("{} → {}", from.name, to.name))
        }
    })
}
