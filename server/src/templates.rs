//! The tracks that Samløp brings along. An office can begin with one and change it to its own.

use anyhow::Context;
use clap::ValueEnum;
use serde::Deserialize;
use shared::id::{OrganisationId, TrackId};
use shared::tracks::NewPhase;
use store::{NewTrack, StoreError, System};

/// A track that Samløp brings along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TemplateName {
    /// The introduction programme from settlement to follow-up, ten phases.
    Introlop,
    /// From screening over an internship to relevant work or education, thirteen phases.
    Karrierelop,
}

impl TemplateName {
    /// All of them, in the order in which the demo shows them.
    pub(crate) const ALL: [Self; 2] = [Self::Introlop, Self::Karrierelop];

    fn json(self) -> &'static str {
        match self {
            Self::Introlop => include_str!("../templates/introlop.json"),
            Self::Karrierelop => include_str!("../templates/karrierelop.json"),
        }
    }
}

/// A track as its file describes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Template {
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) phases: Vec<NewPhase>,
}

impl Template {
    /// Reads a template.
    pub(crate) fn load(name: TemplateName) -> anyhow::Result<Self> {
        serde_json::from_str(name.json()).with_context(|| format!("The template {name:?} can't be read"))
    }

    /// Makes the track.
    pub(crate) async fn make(
        &self,
        system: &System,
        owner: OrganisationId,
        partners: &[OrganisationId],
    ) -> Result<TrackId, StoreError> {
        let track = NewTrack { slug: &self.slug, name: &self.name, owner, partners, phases: &self.phases };
        system.create_track(track).await
    }
}

#[cfg(test)]
mod tests {
    use shared::board::PhaseKind;

    use super::*;

    #[test]
    fn each_template_can_be_read_and_ends_with_its_only_closing_phase() {
        for (name, count) in [(TemplateName::Introlop, 10), (TemplateName::Karrierelop, 13)] {
            let template = Template::load(name).unwrap();
            assert_eq!(template.phases.len(), count);
            let (last, others) = template.phases.split_last().unwrap();
            assert_eq!(last.kind, PhaseKind::Closing);
            assert!(others.iter().all(|phase| phase.kind == PhaseKind::Ordinary));
            assert!(others.iter().any(|phase| phase.agreed_days.is_some()) && last.agreed_days.is_none());
        }
    }
}
