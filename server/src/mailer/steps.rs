//! What is done for a mail, written down while it is done.

use std::time::Instant;

use shared::outbox::{Step, StepKind};

use super::kept;

/// The steps that are over, and the one that is under way. That one is known even when the conversation is
/// cut off in the middle of it.
#[derive(Debug, Default)]
pub(super) struct Steps {
    over: Vec<Step>,
    under_way: Option<(StepKind, Instant)>,
}

impl Steps {
    /// Begins a step.
    pub(super) fn begin(&mut self, kind: StepKind) {
        self.under_way = Some((kind, Instant::now()));
    }

    /// The step under way went well, with this answer.
    pub(super) fn done(&mut self, answer: &str) {
        self.end(true, answer);
    }

    /// The step under way is where it ended.
    pub(super) fn failed(mut self, answer: &str) -> Vec<Step> {
        self.end(false, answer);
        self.over
    }

    /// All steps, if all went well.
    pub(super) fn all_done(self) -> Vec<Step> {
        self.over
    }

    /// The step under way.
    pub(super) fn current(&self) -> Option<StepKind> {
        self.under_way.map(|(kind, _)| kind)
    }

    fn end(&mut self, is_done: bool, answer: &str) {
        if let Some((kind, since)) = self.under_way.take() {
            let millis = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
            self.over.push(Step { kind, is_done, millis, answer: kept(answer) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_that_was_cut_off_is_the_one_that_failed() {
        let mut steps = Steps::default();
        steps.begin(StepKind::Connect);
        steps.done("mx.example.no");
        steps.begin(StepKind::LogIn);
        assert_eq!(steps.current(), Some(StepKind::LogIn));
        let steps = steps.failed("");
        let told: Vec<_> = steps.iter().map(|step| (step.kind, step.is_done, step.answer.as_str())).collect();
        assert_eq!(told, [(StepKind::Connect, true, "mx.example.no"), (StepKind::LogIn, false, "")]);
    }
}
