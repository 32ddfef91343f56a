//! The people of tests, and the tracks on which they work.

use argon2::password_hash::{PasswordHasher, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use shared::access::Role;
use shared::accounts::NewUser;
use shared::board::PhaseKind;
use shared::email::EmailAddress;
use shared::id::OrganisationId;
use shared::locale::Locale;
use shared::text::PersonName;

use super::PASSWORD;
use crate::doors::Store;
use crate::error::StoreError;
use crate::tracks::NewTrack;

/// The organisations of the city to which most of them belong.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offices {
    pub(super) inn: OrganisationId,
    pub(super) nav_east: OrganisationId,
    pub(super) nav_west: OrganisationId,
}

/// Users with the roles that tests need. `inn`, `inn2`, `nav`, `leder` and `admin` belong together;
/// `nav-west` works at the other office only; `stranger` and `nav-stranger` belong to another city.
pub(super) async fn people_and_tracks(store: &Store) -> Result<Offices, StoreError> {
    let system = store.system("test");
    let inn = system.organisation("inn", "INN Prøveby").await?;
    let nav_east = system.organisation("nav", "Nav Prøveby øst").await?;
    let nav_west = system.organisation("nav", "Nav Prøveby vest").await?;
    let other_inn = system.organisation("inn", "INN Annetsted").await?;
    let other_nav = system.organisation("nav", "Nav Annetsted").await?;
    let users = [
        ("inn", Role::InnAdviser, inn, vec![]),
        ("inn2", Role::InnAdviser, inn, vec![]),
        ("leder", Role::Leader, inn, vec![]),
        ("nav", Role::NavContact, nav_east, vec![nav_west]),
        ("nav-west", Role::NavContact, nav_west, vec![]),
        ("admin", Role::Administrator, inn, vec![]),
        ("stranger", Role::InnAdviser, other_inn, vec![]),
        ("nav-stranger", Role::NavContact, other_nav, vec![]),
    ];
    let password_hash = cheap_hash()?;
    for (name, role, organisation, covers) in users {
        let user = NewUser {
            email: EmailAddress::parse(&format!("{name}@example.no")).map_err(|_| StoreError::Corrupt(name.into()))?,
            name: PersonName::parse(&format!("{name} Prøve")).map_err(|_| StoreError::Corrupt(name.into()))?,
            role,
            organisation,
            covers,
            locale: Locale::Nb,
            password: PASSWORD.to_owned(),
        };
        system.insert_user(user, password_hash.clone()).await?;
    }
    let phases = super::phases([
        ("Kartlegging", PhaseKind::Ordinary),
        ("Praksis", PhaseKind::Ordinary),
        ("Avsluttet", PhaseKind::Closing),
    ]);
    let own =
        NewTrack { slug: "introlop", name: "Introløp", owner: inn, partners: &[nav_east, nav_west], phases: &phases };
    system.create_track(own).await?;
    let foreign =
        NewTrack { slug: "annetlop", name: "Annet løp", owner: other_inn, partners: &[other_nav], phases: &phases };
    system.create_track(foreign).await?;
    Ok(Offices { inn, nav_east, nav_west })
}

/// The hash of [`PASSWORD`] with the least work that Argon2 knows: every test logs people in, and a real
/// hash takes longer than most tests.
fn cheap_hash() -> Result<String, StoreError> {
    let failed = |error: argon2::password_hash::Error| StoreError::Password(error.to_string());
    let params = Params::new(Params::MIN_M_COST, 1, 1, None).map_err(|error| failed(error.into()))?;
    let salt = SaltString::encode_b64(b"only for tests").map_err(failed)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    Ok(argon2.hash_password(PASSWORD.as_bytes(), &salt).map_err(failed)?.to_string())
}
