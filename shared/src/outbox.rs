//! The outbox: mails that are promised, what each is made of when its turn comes, and how a try ended.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::alerts::{AlertKind, Reason, Subject};
use crate::email::EmailAddress;
use crate::id::{MailId, ParticipantId};
use crate::locale::Locale;

/// The most mails that the administrator's list shows.
pub const MAILS_SHOWN: u64 = 200;

/// Where a promised mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailState {
    /// It waits to be sent, perhaps again.
    Queued,
    /// The mail server has taken it.
    Sent,
    /// The mail server has refused it for good, or it was tried for too long.
    Failed,
    /// It was not needed any more when its turn came; each of its alerts says why.
    Dropped,
}

impl MailState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Sent, Self::Failed, Self::Dropped];

    /// The word for it in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }

    /// The state for a word written by [`MailState::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// What kind of mail it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailKind {
    /// One or more alerts of one kind about one participant.
    Alerts,
    /// Alerts of one kind about several participants, with whom somebody did the same at once.
    Several,
    /// A day's alerts about all participants.
    Digest,
    /// A test that an administrator asked for.
    Test,
    /// Why an answer by mail did not become a note.
    AnswerRefused,
}

impl MailKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Alerts, Self::Several, Self::Digest, Self::Test, Self::AnswerRefused];

    /// The word for it in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Alerts => "alerts",
            Self::Several => "several",
            Self::Digest => "digest",
            Self::Test => "test",
            Self::AnswerRefused => "answer_refused",
        }
    }

    /// The kind for a word written by [`MailKind::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What mails of an organisation's participants may tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContentLevel {
    /// That something happened, the reference and a link.
    #[default]
    Nothing,
    /// The participant's initials too.
    Initials,
    /// The participant's name and what was written.
    Full,
}

impl ContentLevel {
    /// All levels, the safest first.
    pub const ALL: [Self; 3] = [Self::Nothing, Self::Initials, Self::Full];

    /// The word for it in forms and in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Initials => "initials",
            Self::Full => "full",
        }
    }

    /// The level for a word written by [`ContentLevel::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }
}

/// A mail in the administrator's list. It tells nothing about the participant but the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRow {
    /// Which.
    pub id: MailId,
    /// To whom.
    pub recipient: String,
    /// What kind of mail.
    pub kind: MailKind,
    /// What happened, where all alerts in it are of one kind.
    pub alerts: Option<AlertKind>,
    /// The participant's reference; empty where it is not about one participant.
    pub reference: String,
    /// Where it stands.
    pub state: MailState,
    /// How many times it has been tried.
    pub attempts: i32,
    /// When it was promised (UTC).
    pub created_at: DateTime<Utc>,
    /// When it is tried next (UTC), while it is queued.
    pub due_at: DateTime<Utc>,
    /// When the server took it (UTC).
    pub sent_at: Option<DateTime<Utc>>,
    /// Why the last try failed.
    pub cause: Option<Cause>,
    /// The mail server's own words at the last try.
    pub answer: Option<String>,
    /// What was done at the last try, step by step; only of test mails.
    pub steps: Vec<Step>,
}

/// What a mail is made of at the moment of sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Which; its Message-ID is made of this, so that a receiver can drop a double.
    pub id: MailId,
    /// The recipient's address.
    pub to: EmailAddress,
    /// The recipient's language.
    pub locale: Locale,
    /// What it tells.
    pub content: LetterContent,
    /// Which try this is, the first being 1. Whoever writes down its end must name it.
    pub attempt: i32,
    /// What the link to stop such mails must name, where they can be stopped.
    pub unsubscribe: Option<String>,
    /// What the address to which answers go must name, where an answer can become a note.
    pub answer: Option<String>,
}

/// What a mail tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterContent {
    /// Something happened, once or several times, to one participant.
    Alerts(AlertLetter),
    /// The same happened to several participants, one line for each.
    Several(Vec<AlertLetter>),
    /// What has happened since the last digest, one line for each participant and kind; and once a week who needs
    /// action, one line for each contact.
    Digest(Vec<AlertLetter>, Vec<WeeklyNeed>),
    /// A test.
    Test,
    /// Why an answer by mail did not become a note.
    AnswerRefused(AnswerProblem),
}

/// How many participants of one contact need action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeeklyNeed {
    /// How many, at least one.
    pub count: usize,
    /// Whether the contact is a colleague who is on leave, and not the recipient.
    pub is_on_behalf: bool,
    /// The query of the list that shows them.
    pub query: String,
}

/// Alerts of one kind about one participant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertLetter {
    /// What happened.
    pub kind: AlertKind,
    /// How many times.
    pub count: usize,
    /// Why the recipient is told.
    pub reason: Reason,
    /// Whether she is told in the place of a colleague on leave.
    pub is_on_behalf: bool,
    /// The participant, for the link.
    pub participant: ParticipantId,
    /// The participant's reference.
    pub reference: String,
    /// The first thing that it is about, for the link.
    pub subject: Subject,
    /// The participant's initials or name, where the organisation allows it.
    pub who: Option<String>,
    /// What was written, where the organisation allows it.
    pub texts: Vec<String>,
}

/// Why an answer by mail did not become a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerProblem {
    /// It holds a file.
    Attachment,
    /// It is larger than is read.
    TooLarge,
    /// Nothing is left when quoted text and signature are taken away.
    Empty,
    /// The text is longer than a note may be.
    TooLong,
    /// The text holds a national identity number.
    IdentityNumber,
    /// The person may not see the participant any more.
    NoAccess,
    /// It was sent to an address that is none of ours, or was altered.
    Address,
    /// It answers a mail to somebody else.
    NotYours,
    /// What it answers is so long ago that it is not known any more.
    TooOld,
    /// It can't be read as a mail.
    Unreadable,
}

impl AnswerProblem {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Attachment,
        Self::TooLarge,
        Self::Empty,
        Self::TooLong,
        Self::IdentityNumber,
        Self::NoAccess,
        Self::Address,
        Self::NotYours,
        Self::TooOld,
        Self::Unreadable,
    ];

    /// The word for it in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Attachment => "attachment",
            Self::TooLarge => "too_large",
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::IdentityNumber => "identity_number",
            Self::NoAccess => "no_access",
            Self::Address => "address",
            Self::NotYours => "not_yours",
            Self::TooOld => "too_old",
            Self::Unreadable => "unreadable",
        }
    }

    /// The problem for a word written by [`AnswerProblem::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|problem| problem.code() == code)
    }
}

/// How a try to send ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What becomes of the mail.
    pub verdict: Verdict,
    /// Why it was not taken; `None` if it was.
    pub cause: Option<Cause>,
    /// The mail server's own words, or ours where it said nothing.
    pub answer: String,
    /// What was done, step by step.
    pub steps: Vec<Step>,
}

impl Delivery {
    /// The server took it, with these words.
    #[must_use]
    pub fn sent(answer: impl Into<String>) -> Self {
        Self { verdict: Verdict::Sent, cause: None, answer: answer.into(), steps: Vec::new() }
    }

    /// Try again later.
    #[must_use]
    pub fn retry(cause: Cause, answer: impl Into<String>) -> Self {
        Self { verdict: Verdict::Retry, cause: Some(cause), answer: answer.into(), steps: Vec::new() }
    }

    /// It was refused for good.
    #[must_use]
    pub fn refused(cause: Cause, answer: impl Into<String>) -> Self {
        Self { verdict: Verdict::Refused, cause: Some(cause), answer: answer.into(), steps: Vec::new() }
    }
}

/// What becomes of a mail after a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The server has taken it.
    Sent,
    /// It is tried again later.
    Retry,
    /// It is not tried again.
    Refused,
}

/// Why a mail was not taken, as an administrator must know it to mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The mail server can't be reached: no such name, no answer at that port.
    Unreachable,
    /// The server did not answer in time.
    Silence,
    /// The server ended the conversation.
    HungUp,
    /// The server offers no encryption, but the settings demand it.
    NoEncryption,
    /// The server's certificate has expired, or is not valid yet.
    CertificateExpired,
    /// The server's certificate was not issued by anybody whom this machine trusts.
    CertificateUntrusted,
    /// The server's certificate is for another name.
    CertificateName,
    /// The encrypted connection failed for another reason.
    Encryption,
    /// The server does not accept user and password.
    Login,
    /// The server does not accept the sender's address.
    Sender,
    /// The server does not know the recipient, or does not accept mail for her.
    Recipient,
    /// The recipient's mailbox is full.
    MailboxFull,
    /// The server does not accept the content.
    Content,
    /// The server can't take the mail just now.
    Busy,
    /// The address has letters that the server can't take.
    Letters,
    /// The address can't be sent to.
    Address,
    /// The file could not be written, where mails are written to files.
    Folder,
    /// A report came later that the mail could not be delivered.
    Bounced,
    /// A fault of ours.
    Fault,
}

impl Cause {
    /// All causes.
    pub const ALL: [Self; 19] = [
        Self::Unreachable,
        Self::Silence,
        Self::HungUp,
        Self::NoEncryption,
        Self::CertificateExpired,
        Self::CertificateUntrusted,
        Self::CertificateName,
        Self::Encryption,
        Self::Login,
        Self::Sender,
        Self::Recipient,
        Self::MailboxFull,
        Self::Content,
        Self::Busy,
        Self::Letters,
        Self::Address,
        Self::Folder,
        Self::Bounced,
        Self::Fault,
    ];

    /// The word for it in the database and in metrics.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Silence => "silence",
            Self::HungUp => "hung_up",
            Self::NoEncryption => "no_encryption",
            Self::CertificateExpired => "certificate_expired",
            Self::CertificateUntrusted => "certificate_untrusted",
            Self::CertificateName => "certificate_name",
            Self::Encryption => "encryption",
            Self::Login => "login",
            Self::Sender => "sender",
            Self::Recipient => "recipient",
            Self::MailboxFull => "mailbox_full",
            Self::Content => "content",
            Self::Busy => "busy",
            Self::Letters => "letters",
            Self::Address => "address",
            Self::Folder => "folder",
            Self::Bounced => "bounced",
            Self::Fault => "fault",
        }
    }

    /// The cause for a word written by [`Cause::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.code() == code)
    }
}

/// One step of handing a mail to a mail server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which.
    pub kind: StepKind,
    /// Whether it went well.
    pub is_done: bool,
    /// How long it took, in milliseconds.
    pub millis: u64,
    /// What the server said, or what went wrong on the way to it.
    pub answer: String,
}

/// The steps of handing a mail to a mail server, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Finding the server and being greeted by it.
    Connect,
    /// Changing to an encrypted connection (STARTTLS).
    Encrypt,
    /// Logging in.
    LogIn,
    /// Naming the sender.
    Sender,
    /// Naming the recipient.
    Recipient,
    /// Handing over the content.
    Content,
    /// Writing the file, where mails are written to files.
    File,
}

/// The first pause after a failed try, in seconds; it doubles each time.
const FIRST_PAUSE_SECONDS: i64 = 10;
/// The longest pause, in seconds.
const LONGEST_PAUSE_SECONDS: i64 = 3_600;
/// How often a mail is tried before it is given up. With the pauses between, that takes between four and a half
/// and five and a half days (RFC 5321, section 4.5.4.1: at least four to five).
pub const TRIES_MAX: i32 = 117;
/// For how long a mail that was sent or not needed is kept in the list unless somebody chooses otherwise, in days.
pub const KEPT_DAYS: u32 = 90;
/// How long the oldest mail may wait past its time before somebody is warned, in minutes.
pub const WARN_AFTER_MINUTES: i64 = 10;

/// Milliseconds to wait after this many failed tries: ten seconds, doubling, at most an hour, and up to a
/// fifth longer. `chance` is a number from 0 to 1 that spreads the tries, so that many mails that failed
/// together do not all come back together.
#[must_use]
pub fn pause_millis(failed_attempts: i32, chance: f64) -> i64 {
    let doublings = u32::try_from(failed_attempts.saturating_sub(1)).unwrap_or(0).min(20);
    let seconds = (FIRST_PAUSE_SECONDS << doublings).min(LONGEST_PAUSE_SECONDS);
    #[expect(clippy::cast_possible_truncation, reason = "a fraction of 200, between 0 and 200")]
    let spread = (chance.clamp(0.0, 1.0) * 200.0) as i64;
    seconds * (1_000 + spread)
}

/// Since when a mail has been waiting to get out, at the latest: its time came then, and it has been tried so
/// often since.
#[must_use]
pub fn waiting_since(due_at: DateTime<Utc>, attempts: i32) -> DateTime<Utc> {
    let paused: i64 = (1..=attempts.min(TRIES_MAX)).map(|failed| pause_millis(failed, 0.0)).sum();
    due_at - TimeDelta::milliseconds(paused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pauses_grow_to_an_hour() {
        let pauses: Vec<i64> = (1..=12).map(|failed| pause_millis(failed, 0.0) / 1_000).collect();
        assert_eq!(pauses, [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]);
    }

    #[test]
    fn a_mail_is_tried_for_about_five_days() {
        let days = |chance| (1..TRIES_MAX).map(|failed| pause_millis(failed, chance)).sum::<i64>() / 86_400_000;
        assert_eq!([days(0.0), days(1.0)], [4, 5]);
    }

    #[test]
    fn a_mail_waits_since_its_time_came_and_not_since_the_last_try() {
        let due = DateTime::UNIX_EPOCH + TimeDelta::hours(10);
        assert_eq!(waiting_since(due, 0), due);
        assert_eq!(waiting_since(due, 3), due - TimeDelta::seconds(10 + 20 + 40));
        assert!(waiting_since(due, i32::MAX) < due);
    }

    #[test]
    fn every_word_in_the_database_is_read_back() {
        assert!(MailState::ALL.into_iter().all(|state| MailState::from_code(state.code()) == Some(state)));
        assert!(MailKind::ALL.into_iter().all(|kind| MailKind::from_code(kind.code()) == Some(kind)));
        assert!(ContentLevel::ALL.into_iter().all(|level| ContentLevel::from_code(level.code()) == Some(level)));
        assert!(Cause::ALL.into_iter().all(|cause| Cause::from_code(cause.code()) == Some(cause)));
        assert!(AnswerProblem::ALL.into_iter().all(|one| AnswerProblem::from_code(one.code()) == Some(one)));
    }

    proptest! {
        #[test]
        fn chance_lengthens_a_pause_by_a_fifth_at_most(failed in any::<i32>(), chance in any::<f64>()) {
            let (shortest, pause) = (pause_millis(failed, 0.0), pause_millis(failed, chance));
            prop_assert!((shortest..=shortest + shortest / 5).contains(&pause));
        }
    }
}
