//! What a mail says, before it is set as text and as a page.

use app::texts::Texts;
use app::words::{alert_reason, happened, participants};
use shared::alerts::{AlertKind, Subject};
use shared::answers::answer_above;
use shared::outbox::{AlertLetter, AnswerProblem, Letter, LetterContent, WeeklyNeed};

use super::Letterhead;

/// What a mail says.
pub(super) struct Words {
    pub(super) subject: String,
    /// Above which an answer is to be written, where one can become a note.
    pub(super) answer_above: Option<&'static str>,
    /// What happened, in one sentence.
    pub(super) says: String,
    /// More about it, in sentences.
    pub(super) more: Vec<String>,
    /// What was written, where the organisation allows it to be told.
    pub(super) quotes: Vec<String>,
    /// Where to go: what waits there, and the address.
    pub(super) ways: Vec<(String, String)>,
    /// Why the mail came, and how to answer it.
    pub(super) why: String,
    /// Where to choose other mails, or none.
    pub(super) choices: Vec<(String, String)>,
}

impl Letterhead {
    pub(super) fn words(&self, letter: &Letter) -> Words {
        let texts = Texts::from(letter.locale);
        let choices = letter.unsubscribe.as_ref().map(|token| {
            let choose = (texts.mail_choices().to_owned(), format!("{}/account/alerts", self.base));
            vec![choose, (texts.mail_stop().to_owned(), self.unsubscribe(token))]
        });
        let words = match &letter.content {
            LetterContent::Alerts(alerts) => {
                let above = self.answer_to(letter).map(|_| answer_above(letter.locale));
                self.alerts(texts, alerts, above)
            }
            LetterContent::Several(lines) => self.several(texts, lines),
            LetterContent::Digest(lines, needs) => self.digest(texts, lines, needs),
            LetterContent::Test => Words {
                ways: vec![(texts.mail_test_links().to_owned(), self.base.clone())],
                why: texts.mail_test_why().to_owned(),
                ..plain(texts.mail_test_subject(), texts.mail_test_says())
            },
            LetterContent::AnswerRefused(problem) => Words {
                more: vec![answer_problem(texts, *problem).to_owned()],
                ways: vec![(texts.mail_refused_do_it().to_owned(), self.base.clone())],
                why: texts.mail_refused_why().to_owned(),
                ..plain(texts.mail_refused_subject(), texts.mail_refused_says())
            },
        };
        Words { choices: choices.unwrap_or_default(), ..words }
    }

    fn alerts(&self, texts: Texts, alerts: &AlertLetter, answer_above: Option<&'static str>) -> Words {
        let reference = &alerts.reference;
        let what = happened(texts, alerts.kind, alerts.count);
        let says = if alerts.count == 1 {
            says(texts, alerts.kind, reference)
        } else {
            texts.mail_says_many(&what, reference)
        };
        let way = match alerts.subject {
            Subject::Note(_) => texts.mail_see_note(),
            Subject::Task(_) => texts.mail_see_task(),
            Subject::Record => texts.mail_see_record(),
        };
        let mut why = vec![texts.mail_why(alert_reason(texts, alerts.reason))];
        why.extend(alerts.is_on_behalf.then(|| texts.mail_on_behalf().to_owned()));
        why.extend(alerts.who.is_none().then(|| texts.mail_privacy().to_owned()));
        why.push(if answer_above.is_some() { texts.mail_answer() } else { texts.mail_no_answer() }.to_owned());
        Words {
            answer_above,
            more: alerts.who.iter().map(|who| texts.mail_about(who)).collect(),
            quotes: alerts.texts.clone(),
            ways: vec![(way.to_owned(), self.link(alerts))],
            why: why.join(" "),
            ..plain(&texts.mail_subject(reference, &what), &says)
        }
    }

    /// The same, done to several participants at once.
    fn several(&self, texts: Texts, lines: &[AlertLetter]) -> Words {
        let what = lines.first().map(|line| happened(texts, line.kind, 1)).unwrap_or_default();
        let count = lines.len().to_string();
        let mut why = vec![texts.mail_several_why().to_owned()];
        why.extend(lines.iter().any(|line| line.is_on_behalf).then(|| texts.mail_on_behalf().to_owned()));
        why.extend(lines.iter().all(|line| line.who.is_none()).then(|| texts.mail_privacy().to_owned()));
        why.push(texts.mail_no_answer().to_owned());
        Words {
            more: vec![texts.mail_digest_log_in().to_owned()],
            ways: self.lines(texts, lines),
            why: why.join(" "),
            ..plain(&texts.mail_several_subject(&what, &count), &texts.mail_several_says(&what, &count))
        }
    }

    fn lines(&self, texts: Texts, lines: &[AlertLetter]) -> Vec<(String, String)> {
        let line = |line: &AlertLetter| {
            let what = happened(texts, line.kind, line.count);
            let text = match &line.who {
                None => texts.mail_digest_line(&line.reference, &what),
                Some(who) => texts.mail_digest_line_who(&line.reference, who, &what),
            };
            (text, self.link(line))
        };
        lines.iter().map(line).collect()
    }

    fn digest(&self, texts: Texts, lines: &[AlertLetter], needs: &[WeeklyNeed]) -> Words {
        let count: usize = lines.iter().map(|line| line.count).sum();
        let mut ways = self.lines(texts, lines);
        ways.extend(needs.iter().map(|need| {
            let count = participants(texts, need.count);
            let text =
                if need.is_on_behalf { texts.mail_weekly_on_behalf(&count) } else { texts.mail_weekly_line(&count) };
            (text, format!("{}/participants?{}", self.base, need.query))
        }));
        let (subject, says, why) = if lines.is_empty() {
            (texts.mail_weekly_subject().to_owned(), texts.mail_weekly_says(), texts.mail_weekly_why())
        } else {
            (texts.mail_digest_subject(&count.to_string()), texts.mail_digest_says(), texts.mail_digest_why())
        };
        Words { more: vec![texts.mail_digest_log_in().to_owned()], ways, why: why.to_owned(), ..plain(&subject, says) }
    }

    fn link(&self, alerts: &AlertLetter) -> String {
        format!("{}/participants/{}?at={}", self.base, alerts.participant, alerts.subject.place())
    }

    /// The address of the page that stops such mails.
    pub(super) fn unsubscribe(&self, token: &str) -> String {
        format!("{}/unsubscribe/{token}", self.base)
    }
}

fn plain(subject: &str, says: &str) -> Words {
    Words {
        subject: subject.to_owned(),
        answer_above: None,
        says: says.to_owned(),
        more: Vec::new(),
        quotes: Vec::new(),
        ways: Vec::new(),
        why: String::new(),
        choices: Vec::new(),
    }
}

fn says(texts: Texts, kind: AlertKind, reference: &str) -> String {
    match kind {
        AlertKind::NoteWritten => texts.mail_says_note_written(reference),
        AlertKind::Mentioned => texts.mail_says_mentioned(reference),
        AlertKind::TaskAssigned => texts.mail_says_task_assigned(reference),
        AlertKind::TaskChanged => texts.mail_says_task_changed(reference),
        AlertKind::TaskDone => texts.mail_says_task_done(reference),
        AlertKind::TaskDueSoon => texts.mail_says_task_due_soon(reference),
        AlertKind::TaskDueToday => texts.mail_says_task_due_today(reference),
        AlertKind::TaskOverdue => texts.mail_says_task_overdue(reference),
        AlertKind::Moved => texts.mail_says_moved(reference),
        AlertKind::MadeContact => texts.mail_says_made_contact(reference),
        AlertKind::HandedOver => texts.mail_says_handed_over(reference),
    }
}

fn answer_problem(texts: Texts, problem: AnswerProblem) -> &'static str {
    match problem {
        AnswerProblem::Attachment => texts.mail_refused_problem_attachment(),
        AnswerProblem::TooLarge => texts.mail_refused_problem_too_large(),
        AnswerProblem::Empty => texts.mail_refused_problem_empty(),
        AnswerProblem::TooLong => texts.mail_refused_problem_too_long(),
        AnswerProblem::IdentityNumber => texts.mail_refused_problem_identity_number(),
        AnswerProblem::NoAccess => texts.mail_refused_problem_no_access(),
        AnswerProblem::Address => texts.mail_refused_problem_address(),
        AnswerProblem::NotYours => texts.mail_refused_problem_not_yours(),
        AnswerProblem::TooOld => texts.mail_refused_problem_too_old(),
        AnswerProblem::Unreadable => texts.mail_refused_problem_unreadable(),
    }
}
