//! Why a participant left the track and where it led, as offices write it.

use super::words::{fold, look_up};
use super::{Choices, Column, Fault};
use crate::board::{Closing, ClosingReason, Outcome};
use crate::text::Line;

const REASONS: [(ClosingReason, &[&str]); 7] = [
    (ClosingReason::Completed, &["completed", "Fullført", "Fullførte", "Gjennomført", "Ferdig"]),
    (ClosingReason::LeftForWork, &["left_for_work", "Arbeid", "Jobb", "Fikk jobb", "Fått jobb", "Fekk jobb", "Work"]),
    (ClosingReason::LeftForEducation, &["left_for_education", "Utdanning", "Skole", "Skule", "Education"]),
    (ClosingReason::MovedAway, &["moved_away", "Flyttet", "Flytta", "Flytting", "Moved"]),
    (ClosingReason::OwnWish, &["own_wish", "Eget ønske", "Eige ønske", "Eget valg", "Eige val"]),
    (ClosingReason::NoShow, &["no_show", "Ikke møtt", "Ikkje møtt", "Møtte ikke", "Møtte ikkje"]),
    (ClosingReason::Other, &["other", "Annet", "Anna"]),
];

const OUTCOMES: [(Outcome, &[&str]); 4] = [
    (Outcome::RelevantWork, &["relevant_work", "Fagrelevant arbeid", "Fagrelevant jobb", "Relevant arbeid"]),
    (Outcome::OtherWork, &["other_work", "Annet arbeid", "Anna arbeid", "Annen jobb", "Annan jobb"]),
    (Outcome::Education, &["education", "Utdanning", "Skole", "Skule"]),
    (Outcome::Other, &["other", "Annet", "Anna"]),
];

/// What a closing phase demands: from the row, and where that says nothing from the person who imports.
/// The fault comes with the column to which it belongs.
pub(super) fn read(reason: &str, outcome: &str, choices: &Choices) -> Result<Closing, (Column, Fault)> {
    let (reason, reason_text) = read_reason(reason, choices).map_err(|fault| (Column::Reason, fault))?;
    let outcome = if fold(outcome).is_empty() {
        choices.outcome.ok_or((Column::Phase, Fault::ClosingDemanded))?
    } else {
        look_up(outcome, &OUTCOMES).ok_or((Column::Outcome, Fault::UnknownOutcome))?
    };
    let reason = reason.ok_or((Column::Phase, Fault::ClosingDemanded))?;
    Ok(Closing { reason, reason_text, outcome })
}

type Reason = (Option<ClosingReason>, Option<Line<200>>);

/// Reads `Flyttet`, and `Annet: tok permisjon` with its words.
fn read_reason(text: &str, choices: &Choices) -> Result<Reason, Fault> {
    let (reason, in_words) = if fold(text).is_empty() {
        (choices.reason, choices.reason_text.clone())
    } else {
        let (head, tail) = text.split_once([':', ',', '(']).unwrap_or((text, ""));
        let reason = look_up(text, &REASONS).or_else(|| look_up(head, &REASONS)).ok_or(Fault::UnknownReason)?;
        let in_words = Line::optional(tail.trim_end_matches(')')).map_err(Fault::from)?;
        (Some(reason), in_words.or_else(|| choices.reason_text.clone()))
    };
    match (reason, in_words) {
        (Some(ClosingReason::Other), None) => Err(Fault::ReasonInWords),
        (Some(ClosingReason::Other), in_words) => Ok((reason, in_words)),
        _ => Ok((reason, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(reason: &str, outcome: &str, choices: &Choices) -> Result<(&'static str, &'static str), (Column, Fault)> {
        read(reason, outcome, choices).map(|closing| (closing.reason.code(), closing.outcome.code()))
    }

    #[test]
    fn words_and_codes_are_read() {
        let none = Choices::default();
        assert_eq!(codes("Flyttet", "utdanning", &none), Ok(("moved_away", "education")));
        assert_eq!(codes("left_for_work", "Fagrelevant arbeid", &none), Ok(("left_for_work", "relevant_work")));
    }

    #[test]
    fn the_file_counts_more_than_the_choice_for_all() {
        let choices =
            Choices { reason: Some(ClosingReason::Completed), outcome: Some(Outcome::Other), ..Choices::default() };
        assert_eq!(codes("", "", &choices), Ok(("completed", "other")));
        assert_eq!(codes("Flyttet", "", &choices), Ok(("moved_away", "other")));
        assert_eq!(codes("noe rart", "", &choices), Err((Column::Reason, Fault::UnknownReason)));
    }

    #[test]
    fn what_is_missing_is_demanded() {
        let none = Choices::default();
        assert_eq!(codes("", "", &none), Err((Column::Phase, Fault::ClosingDemanded)));
        assert_eq!(codes("Flyttet", "", &none), Err((Column::Phase, Fault::ClosingDemanded)));
        assert_eq!(codes("Flyttet", "Jobb?", &none), Err((Column::Outcome, Fault::UnknownOutcome)));
        assert_eq!(codes("Annet", "Annet", &none), Err((Column::Reason, Fault::ReasonInWords)));
    }

    #[test]
    fn another_reason_brings_its_words() {
        let closing = read("Annet: begynte for seg selv", "Annet", &Choices::default());
        assert_eq!(closing.ok().and_then(|c| c.reason_text).map(String::from), Some("begynte for seg selv".into()));
    }
}
