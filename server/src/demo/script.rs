//! What happens in the demo, as the files in `server/demo` tell it.

use anyhow::Context;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::calendar::Calendar;

/// A participant and what happens to her. Days are working days from today.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) name: String,
    /// The slug of the track.
    #[serde(default = "introlop")]
    pub(super) track: String,
    #[serde(default)]
    pub(super) language: String,
    #[serde(default)]
    pub(super) goal: String,
    /// Who at INN is contact: the part of the mail address before `@`. She registers the participant.
    pub(super) inn: String,
    /// Who at NAV.
    pub(super) nav: Option<String>,
    pub(super) office: Option<Office>,
    /// The day on which the participant is registered.
    pub(super) joined: i64,
    /// The day on which the track began, if that was before.
    pub(super) started: Option<i64>,
    /// The phase in which the participant is registered, if it is not the first.
    pub(super) phase: Option<String>,
    pub(super) story: Vec<Step>,
}

/// One of the town's NAV offices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Office {
    #[serde(rename = "sentrum")]
    Centre,
    #[serde(rename = "øst")]
    East,
}

/// One thing that somebody does.
#[derive(Debug, Deserialize)]
pub(super) struct Step {
    pub(super) day: i64,
    /// Who does it, if it is not the contact at INN.
    pub(super) by: Option<String>,
    #[serde(flatten)]
    pub(super) what: What,
}

/// What somebody does.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum What {
    /// Moves the card to a phase; of the latest track that has it.
    Move(String),
    /// Closes the latest track that is not closed.
    Close(Ending),
    /// Puts the participant on one more track, with the same contacts.
    Enrol(String),
    /// Writes a note for INN and NAV.
    Note(String),
    /// Writes a note for the own unit.
    Private(String),
    /// Writes a note that is shared with the participant.
    Shared(String),
    /// Writes the last note anew.
    Correct(String),
    /// Makes a task.
    Task(Job),
    /// Says whom the participant waits for: `nav`, `inn`, `participant`.
    Wait(String),
    /// Makes a plan; its review is so many calendar days from today.
    Plan(i64),
    /// Begins to follow, or stops.
    Follow(bool),
}

/// How a track ends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ending {
    pub(super) reason: String,
    #[serde(default)]
    pub(super) text: String,
    pub(super) outcome: String,
}

/// A task.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Job {
    pub(super) title: String,
    /// Who shall do it, and does it.
    pub(super) to: String,
    pub(super) due: i64,
    /// The day on which it was done.
    pub(super) done: Option<i64>,
}

/// Something that happens at its time.
#[derive(Debug)]
pub(super) struct Act {
    pub(super) at: DateTime<Utc>,
    pub(super) day: i64,
    /// To whom, as a place in the cast.
    pub(super) person: usize,
    pub(super) scene: Scene,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scene {
    /// The participant is registered.
    Join,
    /// This step of the story.
    Step(usize),
    /// The task that this step of the story made is done.
    Finish(usize),
}

/// Everybody in the demo's files.
pub(super) fn cast() -> anyhow::Result<Vec<Person>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        participants: Vec<Person>,
    }
    let mut cast = Vec::new();
    for (name, text) in [
        ("introlop.toml", include_str!("../../demo/introlop.toml")),
        ("karrierelop.toml", include_str!("../../demo/karrierelop.toml")),
    ] {
        let file: File = toml::from_str(text).with_context(|| format!("server/demo/{name} can't be read"))?;
        cast.extend(file.participants);
    }
    Ok(cast)
}

/// All that happens to all of them, in order of time.
pub(super) fn acts(cast: &[Person], calendar: &Calendar) -> Vec<Act> {
    let mut acts = Vec::new();
    for (place, person) in cast.iter().enumerate() {
        let mut earlier = None;
        for (day, scene) in scenes(person) {
            let at = calendar.instant(day, acts.len() as u64, earlier);
            earlier = Some(at);
            acts.push(Act { at, day, person: place, scene });
        }
    }
    acts.sort_by_key(|act| act.at);
    acts
}

fn scenes(person: &Person) -> Vec<(i64, Scene)> {
    let mut scenes = vec![(person.joined, Scene::Join)];
    for (place, step) in person.story.iter().enumerate() {
        scenes.push((step.day, Scene::Step(place)));
        if let What::Task(Job { done: Some(done), .. }) = &step.what {
            scenes.push((*done, Scene::Finish(place)));
        }
    }
    scenes.sort_by_key(|(day, _)| *day);
    scenes
}

fn introlop() -> String {
    "introlop".to_owned()
}
