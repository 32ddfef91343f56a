//! Which of the track's phases a text means.

use super::words::{fold, is_close, words};
use super::{Fault, PhaseChoice, Refusal};
use crate::board::Phase;

/// Words that turn the meaning of a phase's name.
const NEGATIONS: [&str; 7] = ["ikke", "ikkje", "uten", "utan", "ingen", "not", "no"];

/// The track's phases, and how the person who imports wants others to be read.
#[derive(Debug)]
pub(super) struct Phases<'a> {
    phases: Vec<(String, &'a Phase)>,
    choices: Vec<(String, &'a Phase)>,
}

/// How a phase was found.
#[derive(Debug, PartialEq)]
pub(super) enum Found<'a> {
    /// As written, or as chosen.
    Certain(&'a Phase),
    /// It was written differently.
    Guessed(&'a Phase),
}

impl<'a> Phases<'a> {
    pub(super) fn new(phases: &'a [Phase], choices: &[PhaseChoice]) -> Result<Self, Refusal> {
        let mut known =
            Self { phases: phases.iter().map(|phase| (fold(&phase.name), phase)).collect(), choices: vec![] };
        for choice in choices {
            let phase = known.exact(&fold(&choice.to)).ok_or(Refusal::NoSuchPhase { name: choice.to.clone() })?;
            known.choices.push((fold(&choice.from), phase));
        }
        Ok(known)
    }

    /// Whether the person has chosen a phase for rows without one.
    pub(super) fn reads_empty(&self) -> bool {
        self.choices.iter().any(|(from, _)| from.is_empty())
    }

    pub(super) fn find(&self, text: &str) -> Result<Found<'a>, Fault> {
        let folded = fold(text);
        if let Some((_, phase)) = self.choices.iter().find(|(from, _)| *from == folded) {
            return Ok(Found::Certain(phase));
        }
        if folded.is_empty() {
            return Err(if text.trim().is_empty() { Fault::NoPhase } else { Fault::UnknownPhase });
        }
        if let Some(phase) = self.exact(&folded) {
            let as_written = phase.name == text.trim();
            return Ok(if as_written { Found::Certain(phase) } else { Found::Guessed(phase) });
        }
        if words(text).split(' ').any(|word| NEGATIONS.contains(&word)) {
            return Err(Fault::UnknownPhase);
        }
        let guess = self.only(|name| is_close(name, &folded)).or_else(|| self.only(|name| overlaps(name, &folded)));
        guess.map(Found::Guessed).ok_or(Fault::UnknownPhase)
    }

    fn exact(&self, folded: &str) -> Option<&'a Phase> {
        self.phases.iter().find(|(name, _)| name == folded).map(|(_, phase)| *phase)
    }

    fn only(&self, fits: impl Fn(&str) -> bool) -> Option<&'a Phase> {
        let mut found = self.phases.iter().filter(|(name, _)| fits(name));
        found.next().filter(|_| found.next().is_none()).map(|(_, phase)| *phase)
    }
}

/// Whether one holds the other; a few letters prove nothing.
fn overlaps(name: &str, text: &str) -> bool {
    name.chars().count().min(text.chars().count()) >= 4 && (name.contains(text) || text.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::PhaseKind;
    use crate::id::PhaseId;

    fn track() -> Vec<Phase> {
        ["Bosetting", "Kompetansekartlegging", "I program", "Oppfølging i program", "Avsluttet"]
            .into_iter()
            .enumerate()
            .map(|(number, name)| Phase {
                id: PhaseId(uuid::Uuid::from_u128(number as u128)),
                name: name.to_owned(),
                kind: PhaseKind::Ordinary,
                limit: None,
                agreed_days: None,
                rules: crate::phases::Rules::default(),
            })
            .collect()
    }

    fn find(text: &str, choices: &[&str]) -> Result<(String, bool), Fault> {
        let track = track();
        let choices: Vec<PhaseChoice> = choices.iter().filter_map(|choice| choice.parse().ok()).collect();
        let phases = Phases::new(&track, &choices).map_err(|_| Fault::UnknownPhase)?;
        phases.find(text).map(|found| match found {
            Found::Certain(phase) => (phase.name.clone(), true),
            Found::Guessed(phase) => (phase.name.clone(), false),
        })
    }

    fn guess(name: &str) -> (String, bool) {
        (name.to_owned(), false)
    }

    #[test]
    fn case_blanks_and_spelling_may_differ() {
        assert_eq!(find(" Bosetting ", &[]), Ok(("Bosetting".to_owned(), true)));
        assert_eq!(find(" i  program ", &[]), Ok(guess("I program")));
        assert_eq!(find("Avslutet", &[]), Ok(guess("Avsluttet")));
        assert_eq!(find("Kartlegging", &[]), Ok(guess("Kompetansekartlegging")));
    }

    #[test]
    fn what_could_be_two_phases_or_none_is_not_guessed() {
        assert_eq!(find("i pro", &[]), Err(Fault::UnknownPhase));
        assert_eq!(find("Ikke i program", &[]), Err(Fault::UnknownPhase));
        assert_eq!(find("Praksis", &[]), Err(Fault::UnknownPhase));
        assert_eq!(find(" ", &[]), Err(Fault::NoPhase));
        assert_eq!(find("?", &[]), Err(Fault::UnknownPhase));
    }

    #[test]
    fn the_person_decides_over_unknown_and_empty_phases() {
        assert_eq!(find("praksis", &["Praksis=i program"]), Ok(("I program".to_owned(), true)));
        assert_eq!(find("", &["=Bosetting"]), Ok(("Bosetting".to_owned(), true)));
    }

    #[test]
    fn a_choice_must_name_a_phase_of_the_track() {
        let choices = [PhaseChoice { from: "Praksis".into(), to: "Jobb".into() }];
        let refusal = Phases::new(&track(), &choices).map(|_| ()).err();
        assert_eq!(refusal, Some(Refusal::NoSuchPhase { name: "Jobb".into() }));
    }
}
