//! Making tracks from templates, for commands and the demo.

use anyhow::{Context, anyhow};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use shared::id::{OrganisationId, TrackId};
use shared::tracks::{Shipped, TrackTemplate};
use store::{NewTrack, StoreError, System};

/// Reads the name of a template that Samløp brings along.
pub(crate) fn shipped() -> impl TypedValueParser<Value = Shipped> {
    let described = Shipped::ALL.map(|shipped| {
        let help = match shipped {
            Shipped::Introlop => "The introduction programme from settlement to follow-up, ten phases",
            Shipped::Karrierelop => "From screening over an internship to relevant work or education, thirteen phases",
            Shipped::Empty => "A beginning and an end",
        };
        PossibleValue::new(shipped.code()).help(help)
    });
    PossibleValuesParser::new(described).try_map(|code| Shipped::from_code(&code).context("no such template"))
}

/// A template that Samløp brings along.
pub(crate) fn load(shipped: Shipped) -> anyhow::Result<TrackTemplate> {
    shipped.read().map_err(|faults| anyhow!("The template {shipped:?} can't be read: {faults:?}"))
}

/// Makes the track of a template.
pub(crate) async fn make(
    slug: &str,
    template: &TrackTemplate,
    system: &System,
    owner: OrganisationId,
    partners: &[OrganisationId],
) -> Result<TrackId, StoreError> {
    let (name, phases) = (template.name.as_str(), &template.phases);
    system.create_track(NewTrack { slug, name, owner, partners, phases }).await
}
