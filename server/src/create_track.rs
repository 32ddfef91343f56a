//! `samlop create-track`: how an office begins.

use anyhow::Context;
use clap::Args;
use shared::error::{AppError, Problem};
use shared::text::Line;
use shared::tracks::{Shipped, Slug, TrackName};
use store::StoreError;

use crate::config::DatabaseArgs;
use crate::templates::{load, make, shipped};

/// What `samlop create-track` takes.
#[derive(Debug, Args)]
pub(crate) struct CreateTrackArgs {
    /// Whose phases the track gets.
    #[arg(long, value_parser = shipped())]
    template: Shipped,
    /// The track's part of the address, as in /tracks/introlop; the template's own if it is left out.
    #[arg(long)]
    slug: Option<String>,
    /// The track's name; the template's own if it is left out.
    #[arg(long)]
    name: Option<String>,
    /// The INN unit to which the track belongs. It is made if it is new.
    #[arg(long)]
    organisation: String,
    /// A NAV office that takes part; repeat it for each. It is made if it is new.
    #[arg(long = "nav-office", required = true)]
    nav_offices: Vec<String>,
}

/// Makes a track.
pub(crate) async fn create_track(database: &DatabaseArgs, args: CreateTrackArgs) -> anyhow::Result<()> {
    let mut template = load(args.template)?;
    let slug = args.slug.as_deref().unwrap_or(args.template.slug());
    let explained = "--slug takes up to 40 of the letters a to z, digits and hyphens, such as introlop-2";
    let slug = Slug::parse(slug).context(explained)?;
    if let Some(name) = args.name {
        template.name = TrackName::parse(&name).context("--name can't be used")?;
    }
    let organisation = Line::<120>::parse(&args.organisation).context("--organisation can't be used")?;
    let offices: Vec<Line<120>> = args
        .nav_offices
        .iter()
        .map(|office| Line::parse(office))
        .collect::<Result<_, Problem>>()
        .context("--nav-office can't be used")?;

    let store = database.open().await?;
    let system = store.system("create-track");
    let owner = system.organisation("inn", organisation.as_str()).await.map_err(|error| explain(error, "INN"))?;
    let mut partners = Vec::new();
    for office in &offices {
        let partner = system.organisation("nav", office.as_str()).await.map_err(|error| explain(error, "NAV"))?;
        if !partners.contains(&partner) {
            partners.push(partner);
        }
    }
    let slug = slug.as_str();
    make(slug, &template, &system, owner, &partners).await.map_err(|error| explain(error, slug))?;
    println!("The track “{}” is ready at /tracks/{slug}.", template.name);
    println!("Those who shall use it get their accounts with `samlop create-user`.");
    Ok(())
}

/// Says in words what the store refused; `what` is the wished kind of organisation, or the slug.
fn explain(error: StoreError, what: &str) -> anyhow::Error {
    match &error {
        StoreError::Refused(refused) if refused.problem("slug") == Some(&Problem::Taken) => {
            anyhow::anyhow!("There is a track at /tracks/{what} already. Choose another address with --slug.")
        }
        StoreError::Refused(AppError::Invalid(_)) => {
            anyhow::anyhow!(
                "One of the organisations exists already, but not as {what}. No track was made; check the names."
            )
        }
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(slug: Option<&str>, organisation: &str) -> CreateTrackArgs {
        CreateTrackArgs {
            template: Shipped::Introlop,
            slug: slug.map(str::to_owned),
            name: None,
            organisation: organisation.to_owned(),
            nav_offices: vec!["Nav Prøveby".to_owned(), "Nav Prøveby".to_owned()],
        }
    }

    #[tokio::test]
    async fn a_track_is_made_once_and_the_errors_say_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let database = DatabaseArgs { database_url: format!("sqlite:{}", folder.path().join("test.db").display()) };
        create_track(&database, args(None, "INN Prøveby")).await.unwrap();
        create_track(&database, args(Some("introlop-2"), "INN Prøveby")).await.unwrap();

        let context = database.open().await.unwrap().system("test").import_context("introlop-2").await.unwrap();
        assert_eq!(context.phases.len(), 10);

        let error =
            async |slug, organisation| create_track(&database, args(slug, organisation)).await.unwrap_err().to_string();
        assert!(error(None, "INN Prøveby").await.contains("--slug"));
        assert!(error(Some("Intro løp"), "INN Prøveby").await.contains("letters a to z"));
        assert!(error(Some("introlop-3"), "Nav Prøveby").await.contains("not as INN"));
        assert!(error(Some("introlop-3"), " ").await.contains("--organisation"));
    }
}
