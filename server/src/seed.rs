//! `samlop seed`: many invented participants, for trials and measurements.

mod names;

use std::time::Instant;

use anyhow::{Context, bail};
use clap::Args;
use shared::error::AppError;
use shared::import::Side;
use shared::text::Line;
use shared::tracks::Shipped;
use store::{Seed, Store, StoreError};

use crate::config::DatabaseArgs;
use crate::demo::{self, DemoPassword};

/// What the tasks are called.
const TASKS: [&str; 8] = [
    "Avtal tid for plansamtale",
    "Bestill tolk til neste samtale",
    "Finn praksisplass",
    "Gå gjennom planen",
    "Hent svar fra karrieresenteret",
    "Ring arbeidsgiver",
    "Send inn søknad om godkjenning",
    "Spør om oppmøte på kurs",
];

/// What `samlop seed` takes.
#[derive(Debug, Args)]
pub(crate) struct SeedArgs {
    /// How many participants shall be under way, spread evenly over the phases.
    #[arg(long, default_value_t = 1_000)]
    participants: usize,
    /// How many shall have ended the track.
    #[arg(long, default_value_t = 0)]
    closed: usize,
    /// The track. If there is none, it is made together with the demo's accounts.
    #[arg(long, default_value = "introlop")]
    track: String,
    #[command(flatten)]
    password: DemoPassword,
}

/// Fills a track.
pub(crate) async fn seed(database: &DatabaseArgs, args: SeedArgs) -> anyhow::Result<()> {
    let began = Instant::now();
    let store = database.open().await?;
    let accounts_are_new = make_sure_of_track(&store, &args).await?;
    let mut names = names::names();
    let seed = Seed {
        open: names.by_ref().take(args.participants).collect(),
        closed: names.take(args.closed).collect(),
        tasks: TASKS.into_iter().map(Line::parse).collect::<Result<_, _>>().context("a task's title")?,
    };
    if seed.open.len() < args.participants || seed.closed.len() < args.closed {
        bail!("There are not so many invented names. Run the command several times with fewer.");
    }
    store.system("seed").seed(&args.track, &seed).await?;
    println!(
        "{} participants are under way on the track {} now, and {} have ended it ({:.1} s).",
        args.participants,
        args.track,
        args.closed,
        began.elapsed().as_secs_f64()
    );
    if accounts_are_new {
        println!("Log in with one of these addresses and the password “{}”:", args.password.demo_password);
        for account in &demo::ACCOUNTS {
            println!("  {:<18} {}", account.email, account.name);
        }
    }
    store.close().await?;
    Ok(())
}

/// Makes the track with the demo's accounts if it is missing. Says whether an account was made.
async fn make_sure_of_track(store: &Store, args: &SeedArgs) -> anyhow::Result<bool> {
    let system = store.system("seed");
    match system.import_context(&args.track).await {
        Ok(context) => {
            if context.people.iter().any(|person| !person.email.as_str().ends_with("@example.no")) {
                bail!(
                    "Real people work with this track. Invented participants do not belong there; nothing was changed."
                );
            }
            for side in [Side::Inn, Side::Nav] {
                if context.people.iter().all(|person| person.side != side) {
                    bail!(
                        "Nobody at {side:?} can be contact on this track. Make a user with `samlop create-user` first."
                    );
                }
            }
            Ok(false)
        }
        Err(StoreError::Refused(AppError::NotFound)) => {
            let Some(template) = Shipped::ALL.into_iter().find(|shipped| shipped.slug() == args.track) else {
                bail!("There is no track {}. Make it with `samlop create-track` first.", args.track);
            };
            let (town, accounts_are_new) = demo::build(&system, &args.password.demo_password).await?;
            town.track(&system, template).await?;
            Ok(accounts_are_new)
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(track: &str, participants: usize, closed: usize) -> SeedArgs {
        let password = DemoPassword { demo_password: "prov-samlop-2026".to_owned() };
        SeedArgs { participants, closed, track: track.to_owned(), password }
    }

    fn database(folder: &tempfile::TempDir) -> DatabaseArgs {
        DatabaseArgs { database_url: format!("sqlite:{}", folder.path().join("test.db").display()) }
    }

    #[tokio::test]
    async fn an_empty_database_gets_accounts_track_and_exact_numbers() {
        let folder = tempfile::tempdir().unwrap();
        let database = database(&folder);
        seed(&database, args("introlop", 200, 50)).await.unwrap();
        seed(&database, args("introlop", 9, 0)).await.unwrap();

        let store = database.open().await.unwrap();
        let inn = demo::tests::log_in(&store, "inn@example.no").await;
        let board = inn.board("introlop").await.unwrap();
        let counts: Vec<usize> = board.columns.iter().map(|column| column.count).collect();
        assert_eq!(counts, [24, 24, 23, 23, 23, 23, 23, 23, 23, 50]);
        assert_eq!(inn.tracks().await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_track_of_real_people_is_left_alone() {
        let test = store::testing::TestStore::new(store::testing::Engine::Sqlite).await;
        let database = DatabaseArgs { database_url: test.url.clone() };
        let user = shared::accounts::NewUser {
            email: shared::email::EmailAddress::parse("kari@kommune.example.org").unwrap(),
            name: shared::text::PersonName::parse("Kari Testesen").unwrap(),
            role: shared::access::Role::InnAdviser,
            organisation: test.inn,
            covers: vec![],
            locale: shared::locale::Locale::Nb,
            password: "prov-samlop-2026".to_owned(),
        };
        test.store.system("test").create_user(user).await.unwrap();
        let error = seed(&database, args("introlop", 10, 0)).await.unwrap_err();
        assert!(error.to_string().contains("Real people"));
    }

    #[tokio::test]
    async fn an_unknown_track_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let error = seed(&database(&folder), args("annetlop", 10, 0)).await.unwrap_err();
        assert!(error.to_string().contains("create-track"));
    }
}
