//! `samlop`: the whole of Samløp in one program.

mod answers;
mod assets;
mod calendar;
mod config;
mod create_track;
mod create_user;
mod demo;
mod forms;
mod health;
mod import;
mod live;
mod logging;
mod mail;
mod mail_servers;
mod mailer;
mod pages;
mod router;
mod security;
mod seed;
mod serve;
mod state;
mod templates;
mod track_file;
mod unsubscribe;
mod upkeep;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::DatabaseArgs;

/// A shared board on which a qualification centre and its NAV contact follow participants.
#[derive(Parser)]
#[command(name = "samlop", version, about)]
struct Cli {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages and send the mails.
    Serve(Box<serve::ServeArgs>),
    /// Bring the database to the newest shape (`serve` does it too).
    Migrate,
    /// Make a user. The password is read from the terminal or, in a script, from the first line of input.
    CreateUser(create_user::CreateUserArgs),
    /// Make a track, with the phases of a template.
    CreateTrack(create_track::CreateTrackArgs),
    /// Fill a track with invented participants, for trials and measurements.
    Seed(seed::SeedArgs),
    /// Read the list that an office keeps today, and add its participants to a track.
    Import(import::ImportArgs),
    /// Take an answer to a mail from the input, for a mail server that hands it over. Its end says whether it is
    /// done with (0) or must come again (75).
    MailIn,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    logging::start();
    match cli.command {
        Command::MailIn => return answers::mail_in(&cli.database).await,
        Command::Import(args) => return import::import(&cli.database, args).await,
        Command::Serve(args) => serve::serve(&cli.database, *args).await,
        Command::Migrate => {
            cli.database.open().await?;
            println!("The database has the newest shape.");
            Ok(())
        }
        Command::CreateUser(args) => create_user::create_user(&cli.database, args).await,
        Command::CreateTrack(args) => create_track::create_track(&cli.database, args).await,
        Command::Seed(args) => seed::seed(&cli.database, args).await,
    }?;
    Ok(ExitCode::SUCCESS)
}
