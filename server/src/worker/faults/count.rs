//! What became of every single alert.

use std::collections::HashMap;
use std::fmt;
use std::time::Instant;

use shared::alerts::Unmailed;
use shared::id::MailId;
use shared::outbox::MailState;
use store::testing::{Promise, TestStore};

use super::super::AT_ONCE;
use super::chaos::{Chaos, Doubt, Taken, Tally};

/// The end of a run. Alerts are counted, not mails: one mail can tell of several.
#[derive(Debug, Default)]
pub(super) struct Count {
    pub(super) database: String,
    pub(super) promised: usize,
    pub(super) once: usize,
    pub(super) more_often: usize,
    pub(super) dead: usize,
    pub(super) not_needed: usize,
    /// Why the run has failed, one for each alert that was lost and each mail that ought not to have been.
    pub(super) faults: Vec<String>,
    pub(super) lost: usize,
    pub(super) mails: usize,
    pub(super) after_kills: usize,
    pub(super) after_breaking_off: usize,
    pub(super) kills: usize,
    pub(super) hours_away: usize,
    pub(super) tally: Tally,
}

/// What the server took of each mail, in the order in which it came.
type Copies = HashMap<String, Vec<Taken>>;

impl Count {
    /// Compares what was promised with what the server took. `killed` tells when each life ended that was killed.
    pub(super) async fn of(test: &TestStore, chaos: &Chaos, killed: &[Option<Instant>]) -> Self {
        let mut copies = Copies::new();
        for copy in chaos.taken() {
            copies.entry(copy.message_id.clone()).or_default().push(copy);
        }
        let kills = killed.iter().flatten().count();
        let mut count = Self { mails: copies.len(), kills, tally: chaos.tally(), ..Self::default() };
        count.judge_recipients(&copies, &test.recipients().await);
        count.judge_repetitions(&copies, killed);
        for promise in test.promises().await {
            count.promised += 1;
            if let Err(why) = count.judge(&promise, &copies, chaos, killed) {
                count.lost += 1;
                count.faults.push(format!("lost: {why}: {promise:?}"));
            }
        }
        count
    }

    /// Each copy must be of a mail that was promised, and to whom it was promised.
    fn judge_recipients(&mut self, copies: &Copies, recipients: &HashMap<MailId, String>) {
        let recipients: HashMap<String, &String> = recipients.iter().map(|(id, to)| (message_id(*id), to)).collect();
        for copy in copies.values().flatten() {
            if recipients.get(&copy.message_id) != Some(&&copy.to) {
                self.faults.push(format!("promised to nobody, or to somebody else: {copy:?}"));
            }
        }
    }

    /// A mail may come again only if there was a doubt whether it had come before. A killed node leaves in doubt
    /// no more than it can send at once.
    fn judge_repetitions(&mut self, copies: &Copies, killed: &[Option<Instant>]) {
        let mut by_life: HashMap<usize, usize> = HashMap::new();
        for copies in copies.values() {
            for copy in &copies[..copies.len() - 1] {
                match copy.doubt(killed) {
                    Some(Doubt::BrokenOff) => self.after_breaking_off += 1,
                    Some(Doubt::Killed(life)) => {
                        self.after_kills += 1;
                        *by_life.entry(life).or_default() += 1;
                    }
                    None => self.faults.push(format!("repeated without need: {copies:?}")),
                }
            }
        }
        if let Some((life, copies)) = by_life.into_iter().find(|(_, copies)| *copies > AT_ONCE) {
            self.faults.push(format!("{copies} mails came again after life {life}"));
        }
    }

    fn judge(
        &mut self,
        promise: &Promise,
        copies: &Copies,
        chaos: &Chaos,
        killed: &[Option<Instant>],
    ) -> Result<(), &'static str> {
        let mail = match (&promise.mail, promise.unmailed) {
            (Some(mail), None) => mail,
            // What it told of was deleted at once. Nothing else happens that makes a mail superfluous.
            (None, Some(Unmailed::Withdrawn)) => {
                self.not_needed += 1;
                return Ok(());
            }
            _ => return Err("it has neither a mail nor the reason for having none"),
        };
        let taken = copies.get(&message_id(mail.id)).map(Vec::as_slice).unwrap_or_default();
        match mail.state {
            MailState::Sent => match taken.iter().filter(|copy| copy.was_said()).count() {
                0 => return Err("the server has never said that it took what is held to be sent"),
                _ if taken.len() == 1 => self.once += 1,
                _ => self.more_often += 1,
            },
            MailState::Failed => {
                let refusal = mail.answer.as_deref().and_then(|words| chaos.refusal(words));
                let refusal = refusal.ok_or("it was given up although nobody refused it")?;
                let is_its_own = refusal.message_id.is_none_or(|refused| refused == message_id(mail.id));
                if refusal.to != promise.recipient || !is_its_own {
                    return Err("another mail was refused");
                }
                if taken.iter().any(|copy| copy.doubt(killed).is_none()) {
                    return Err("it is held to be refused, but was taken without a doubt");
                }
                self.dead += 1;
            }
            MailState::Queued => return Err("it still waits"),
            MailState::Dropped => return Err("it was dropped without a reason"),
        }
        Ok(())
    }
}

/// As the mailer makes it.
fn message_id(mail: MailId) -> String {
    format!("{mail}@samlop.example.no")
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { later, never, silences, hang_ups, in_vain } = self.tally;
        let rows = [
            ("alerts promised", self.promised),
            ("  delivered once", self.once),
            ("  delivered twice or more often", self.more_often),
            ("  dead letters, kept", self.dead),
            ("  not needed, with the reason", self.not_needed),
            ("  lost", self.lost),
            ("mails that the server took", self.mails),
            ("  once more after a kill", self.after_kills),
            ("  once more after breaking off", self.after_breaking_off),
            ("nodes killed (SIGKILL)", self.kills),
            ("4xx answers", later),
            ("5xx answers", never),
            ("silences", silences),
            ("connections closed by the server", hang_ups),
            ("hours away", self.hours_away),
            ("  connections in vain meanwhile", in_vain),
        ];
        writeln!(f, "{}", self.database)?;
        for (what, number) in rows {
            writeln!(f, "  {what:<36}{number:>8}")?;
        }
        Ok(())
    }
}
