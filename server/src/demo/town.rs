//! The demo's town: organisations, the people who work there, and their tracks.

use anyhow::Context;
use shared::access::Role;
use shared::accounts::NewUser;
use shared::email::EmailAddress;
use shared::error::Problem;
use shared::id::OrganisationId;
use shared::locale::Locale;
use shared::text::PersonName;
use shared::tracks::Shipped;
use store::{StoreError, System};

use crate::templates::{load, make};

/// An invented person who works in the town.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) email: &'static str,
    pub(crate) name: &'static str,
    pub(crate) role: Role,
    place: Place,
    locale: Locale,
}

/// Where somebody works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Inn,
    Centre,
    East,
    /// At the office in the centre, and for the eastern one too.
    BothOffices,
}

/// The accounts with which one can try the demo.
pub(crate) const ACCOUNTS: [Account; 4] = [
    account("inn@example.no", "Inn-kontakt Prøve", Role::InnAdviser, Place::Inn),
    account("nav@example.no", "Nav-kontakt Prøve", Role::NavContact, Place::BothOffices),
    account("leder@example.no", "Leder Prøve", Role::Leader, Place::Inn),
    account("admin@example.no", "Admin Prøve", Role::Administrator, Place::Inn),
];

/// Their colleagues, whose passwords nobody knows.
pub(super) const COLLEAGUES: [Account; 4] = [
    account("ingrid@example.no", "Ingrid Kladdeng", Role::InnAdviser, Place::Inn),
    Account { locale: Locale::Nn, ..account("tore@example.no", "Tore Skissedal", Role::InnAdviser, Place::Inn) },
    account("sigrid@example.no", "Sigrid Fjordprøve", Role::NavContact, Place::Centre),
    account("hakon@example.no", "Håkon Malheim", Role::NavContact, Place::East),
];

const fn account(email: &'static str, name: &'static str, role: Role, place: Place) -> Account {
    Account { email, name, role, place, locale: Locale::Nb }
}

/// The town's organisations.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Town {
    inn: OrganisationId,
    pub(super) centre: OrganisationId,
    pub(super) east: OrganisationId,
}

/// Makes the organisations and those of [`ACCOUNTS`] that are missing. Says too whether one was made.
pub(crate) async fn build(system: &System, password: &str) -> anyhow::Result<(Town, bool)> {
    let town = Town {
        inn: system.organisation("inn", "INN Prøveby").await?,
        centre: system.organisation("nav", "Nav Prøveby sentrum").await?,
        east: system.organisation("nav", "Nav Prøveby øst").await?,
    };
    let mut made = false;
    for account in &ACCOUNTS {
        made |= town.employ(system, account, password).await?;
    }
    Ok((town, made))
}

impl Town {
    /// Makes an account. Says whether it is new.
    pub(super) async fn employ(self, system: &System, account: &Account, password: &str) -> anyhow::Result<bool> {
        let (organisation, covers) = match account.place {
            Place::Inn => (self.inn, vec![]),
            Place::Centre => (self.centre, vec![]),
            Place::East => (self.east, vec![]),
            Place::BothOffices => (self.centre, vec![self.east]),
        };
        let user = NewUser {
            email: EmailAddress::parse(account.email).context(account.email)?,
            name: PersonName::parse(account.name).context(account.name)?,
            role: account.role,
            organisation,
            covers,
            locale: account.locale,
            password: password.to_owned(),
        };
        match system.create_user(user).await {
            Ok(_) => Ok(true),
            Err(StoreError::Refused(error)) if error.problem("email") == Some(&Problem::Taken) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a track for INN and both NAV offices.
    pub(crate) async fn track(self, system: &System, template: Shipped) -> anyhow::Result<()> {
        make(template.slug(), &load(template)?, system, self.inn, &[self.centre, self.east]).await?;
        Ok(())
    }
}
