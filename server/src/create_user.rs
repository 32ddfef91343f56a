//! `samlop create-user`.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use shared::access::Role;
use shared::accounts::{NewUser, check_password};
use shared::email::EmailAddress;
use shared::error::{AppError, Problem};
use shared::locale::Locale;
use shared::text::PersonName;
use store::StoreError;

use crate::config::DatabaseArgs;

/// What `samlop create-user` takes.
#[derive(Debug, Args)]
pub(crate) struct CreateUserArgs {
    /// The mail address, which is also the login name.
    #[arg(long)]
    email: String,
    /// The person's name.
    #[arg(long)]
    name: String,
    /// What the person is employed to do.
    #[arg(long)]
    role: RoleArg,
    /// The organisation: an INN unit, or a NAV office for a NAV contact. It is made if it is new.
    #[arg(long)]
    organisation: String,
    /// A further NAV office that a NAV contact covers; may be repeated.
    #[arg(long)]
    covers: Vec<String>,
    /// The language of pages and mails: nb, nn or en.
    #[arg(long, default_value = "nb")]
    language: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleArg {
    Administrator,
    Leader,
    InnAdviser,
    NavContact,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Administrator => Self::Administrator,
            RoleArg::Leader => Self::Leader,
            RoleArg::InnAdviser => Self::InnAdviser,
            RoleArg::NavContact => Self::NavContact,
        }
    }
}

/// Makes a user.
pub(crate) async fn create_user(database: &DatabaseArgs, args: CreateUserArgs) -> anyhow::Result<()> {
    let email = EmailAddress::parse(&args.email).context("--email is not a mail address")?;
    let name = PersonName::parse(&args.name).context("--name can't be used")?;
    let locale = Locale::from_tag(&args.language).context("--language is none of nb, nn and en")?;
    let role = Role::from(args.role);
    if role != Role::NavContact && !args.covers.is_empty() {
        bail!("--covers is for NAV contacts");
    }
    let password = read_password()?;
    check_password(&password).context("The password can't be used")?;

    let store = database.open().await?;
    let system = store.system("create-user");
    let kind = if role == Role::NavContact { "nav" } else { "inn" };
    let organisation = system.organisation(kind, &args.organisation).await.map_err(explain)?;
    let mut covers = Vec::new();
    for office in &args.covers {
        covers.push(system.organisation("nav", office).await.map_err(explain)?);
    }
    let user = NewUser { email: email.clone(), name, role, organisation, covers, locale, password };
    system.create_user(user).await.map_err(explain)?;
    println!("{email} can log in now.");
    Ok(())
}

fn read_password() -> anyhow::Result<String> {
    let input = std::io::stdin();
    if input.is_terminal() {
        print!("Password (at least {} characters; it is shown while you type): ", shared::accounts::PASSWORD_MIN);
        std::io::stdout().flush()?;
    }
    let mut line = String::new();
    input.lock().read_line(&mut line).context("No password could be read.")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn explain(error: StoreError) -> anyhow::Error {
    match &error {
        StoreError::Refused(refused) if refused.problem("email") == Some(&Problem::Taken) => {
            anyhow::anyhow!("This mail address has an account already. Nothing was changed.")
        }
        StoreError::Refused(AppError::Invalid(_)) => {
            anyhow::anyhow!("The organisation exists already, but as another kind (INN or NAV). Nothing was changed.")
        }
        _ => error.into(),
    }
}
