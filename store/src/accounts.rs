//! Organisations, users, logging in and out.

use std::fmt::{self, Write};
use std::net::IpAddr;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString, rand_core::OsRng};
use argon2::{Argon2, ParamsBuilder};
use chrono::TimeDelta;
use rand::RngCore;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use sha2::{Digest, Sha256};
use shared::access::Role;
use shared::accounts::{Login, Me, NewUser};
use shared::email::EmailAddress;
use shared::error::{AppError, Problem};
use shared::id::{OrganisationId, UserId};
use shared::locale::Locale;
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::doors::{Permit, SignedIn, Store, System, Visitor};
use crate::entity::{coverage, login_failures, organisations, sessions, users};
use crate::error::StoreError;

/// A session ends after this many minutes without a request.
const IDLE_MINUTES: i64 = 120;
/// A session ends after this many hours, whatever happens: one working day.
const LONGEST_HOURS: i64 = 10;
/// Failed attempts are remembered this many minutes.
const FAILURE_MINUTES: i64 = 15;
/// So many attempts from one address at one account are let through in that time. Counted per address,
/// so that a stranger who guesses does not lock the owner out.
const ATTEMPTS_PER_ACCOUNT_AND_ADDRESS: u64 = 5;
/// So many attempts from one address at all accounts together.
const ATTEMPTS_PER_ADDRESS: u64 = 50;
/// What Argon2 takes in memory for one password, in KiB: in one pass as strong as 19 MiB in two (OWASP,
/// "Password Storage"). Of pieces up to 32 MiB, glibc keeps one for each thread that has ever had one.
const HASHING_MEMORY: u32 = 46 * 1024;
/// One password at a time; more at once would let a stranger fill the memory.
static HASHER: Semaphore = Semaphore::const_new(1);

/// What a browser keeps in its cookie: 256 random bits, in hexadecimal.
#[derive(Clone)]
pub struct SessionToken(String);

impl SessionToken {
    /// The token as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

/// A login that has succeeded.
#[derive(Debug)]
pub struct Session {
    /// What the browser keeps.
    pub token: SessionToken,
    /// The person's language.
    pub locale: Locale,
}

impl Store {
    /// The door of the person to whom this session belongs.
    pub async fn signed_in(&self, token: &str) -> Result<SignedIn, StoreError> {
        let (person, session) = self.session(token).await?;
        let now = self.now();
        if now - session.seen_at > TimeDelta::minutes(1) {
            let permit = self.visitor();
            let tx = permit.may_log_in().begin().await?;
            sessions::Entity::update_many()
                .col_expr(sessions::Column::SeenAt, now.into())
                .filter(sessions::Column::TokenHash.eq(session.token_hash))
                .exec(tx.db())
                .await?;
            tx.commit().await?;
        }
        Ok(person)
    }

    /// The same for a page that is open and waits for news. That is no visit: the session ends as if the page
    /// were not there.
    pub async fn still_signed_in(&self, token: &str) -> Result<SignedIn, StoreError> {
        Ok(self.session(token).await?.0)
    }

    async fn session(&self, token: &str) -> Result<(SignedIn, sessions::Model), StoreError> {
        let now = self.now();
        // A row for each organisation that the person covers, and one if she covers none.
        let rows = sessions::Entity::find_by_id(hash_of(token))
            .find_also_related(users::Entity)
            .and_also_related(coverage::Entity)
            .all(self.visitor().may_log_in().read())
            .await?;
        let covered = rows.iter().filter_map(|(.., covered)| covered.as_ref());
        let covered: Vec<_> = covered.map(|row| OrganisationId(row.organisation_id)).collect();
        let (session, user, _) = rows.into_iter().next().ok_or(AppError::SignedOut)?;
        let user = user.filter(|user| user.active).ok_or(AppError::SignedOut)?;
        let is_fresh = now - session.seen_at < TimeDelta::minutes(IDLE_MINUTES)
            && now - session.created_at < TimeDelta::hours(LONGEST_HOURS);
        if !is_fresh {
            return Err(AppError::SignedOut.into());
        }
        Ok((SignedIn::new(self, me(user, covered)?), session))
    }
}

impl System {
    /// The door of the person with this address, for an answer that she sent by mail: whoever asks must have found
    /// something in it that only she was given. Or for a mail that is written to her.
    pub(crate) async fn person_at(&self, address: &EmailAddress) -> Result<Option<SignedIn>, StoreError> {
        let db = self.may().read();
        let rows = users::Entity::find()
            .find_with_related(coverage::Entity)
            .filter(users::Column::Email.eq(address.as_str()))
            .filter(users::Column::Active.eq(true))
            .all(db)
            .await?;
        let Some((user, covered)) = rows.into_iter().next() else { return Ok(None) };
        let covered = covered.into_iter().map(|row| OrganisationId(row.organisation_id)).collect();
        Ok(Some(SignedIn::new(self.may().store(), me(user, covered)?)))
    }
}

impl Visitor {
    /// Logs somebody in. `address` is where the request came from.
    ///
    /// Takes the same time and says the same whether or not the account exists.
    pub async fn log_in(&self, login: Login, address: IpAddr) -> Result<Session, StoreError> {
        let permit = self.may_log_in();
        let account = hash_of(login.email.as_str());
        let network = network_of(address);
        count_attempt(permit, &account, &network).await?;

        let user = users::Entity::find()
            .filter(users::Column::Email.eq(login.email.as_str()))
            .filter(users::Column::Active.eq(true))
            .one(permit.read())
            .await?;
        let known_hash = user.as_ref().map(|user| user.password_hash.clone());
        if !password_fits(login.password, known_hash).await? {
            return Err(AppError::WrongLogin.into());
        }
        let user = user.ok_or(AppError::WrongLogin)?;

        let tx = permit.begin().await?;
        login_failures::Entity::delete_many()
            .filter(login_failures::Column::Account.eq(account))
            .filter(login_failures::Column::Address.eq(network))
            .exec(tx.db())
            .await?;
        // Sessions that have ended are swept away here, so that the table does not grow.
        sessions::Entity::delete_many()
            .filter(sessions::Column::CreatedAt.lt(tx.now - TimeDelta::hours(LONGEST_HOURS)))
            .exec(tx.db())
            .await?;
        let token = SessionToken(new_token());
        sessions::Entity::insert(sessions::ActiveModel {
            token_hash: Set(hash_of(token.as_str())),
            user_id: Set(user.id),
            created_at: Set(tx.now),
            seen_at: Set(tx.now),
        })
        .exec_without_returning(tx.db())
        .await?;
        tx.commit().await?;
        Ok(Session { token, locale: Locale::from_tag(&user.locale).unwrap_or_default() })
    }
}

impl SignedIn {
    /// Ends the session that the browser is in.
    pub async fn log_out(&self, token: &str) -> Result<(), StoreError> {
        let tx = self.may_use_own_desk().begin().await?;
        sessions::Entity::delete_by_id(hash_of(token)).exec(tx.db()).await?;
        tx.commit().await
    }

    /// Ends all of this person's sessions, in every browser.
    pub async fn log_out_everywhere(&self) -> Result<(), StoreError> {
        let tx = self.may_use_own_desk().begin().await?;
        sessions::Entity::delete_many().filter(sessions::Column::UserId.eq(self.me().id.0)).exec(tx.db()).await?;
        tx.commit().await
    }

    /// How many sessions this person has, in all browsers. Those that have ended by themselves do not count.
    pub async fn session_count(&self) -> Result<u64, StoreError> {
        let permit = self.may_use_own_desk();
        Ok(sessions::Entity::find()
            .filter(sessions::Column::UserId.eq(self.me().id.0))
            .filter(sessions::Column::CreatedAt.gt(self.now() - TimeDelta::hours(LONGEST_HOURS)))
            .filter(sessions::Column::SeenAt.gt(self.now() - TimeDelta::minutes(IDLE_MINUTES)))
            .count(permit.read())
            .await?)
    }

    /// Chooses the language of the interface and of mails.
    pub async fn choose_locale(&self, locale: Locale) -> Result<(), StoreError> {
        let tx = self.may_use_own_desk().begin().await?;
        users::Entity::update_many()
            .col_expr(users::Column::Locale, locale.tag().into())
            .filter(users::Column::Id.eq(self.me().id.0))
            .exec(tx.db())
            .await?;
        tx.commit().await
    }

    /// Chooses whether keys that are pressed alone may do something.
    pub async fn choose_single_keys(&self, single_keys: bool) -> Result<(), StoreError> {
        let tx = self.may_use_own_desk().begin().await?;
        users::Entity::update_many()
            .col_expr(users::Column::SingleKeys, single_keys.into())
            .filter(users::Column::Id.eq(self.me().id.0))
            .exec(tx.db())
            .await?;
        tx.commit().await
    }

    /// The name of the person's own organisation.
    pub async fn organisation_name(&self) -> Result<String, StoreError> {
        let permit = self.may_use_own_desk();
        let row = organisations::Entity::find_by_id(self.me().organisation.0).one(permit.read()).await?;
        Ok(row.map(|row| row.name).unwrap_or_default())
    }
}

impl System {
    /// Whether anybody has an account.
    pub async fn has_users(&self) -> Result<bool, StoreError> {
        Ok(users::Entity::find().count(self.may().read()).await? > 0)
    }

    /// Makes a user. Refused with [`Problem::Taken`] if the address has an account.
    pub async fn create_user(&self, user: NewUser) -> Result<UserId, StoreError> {
        shared::accounts::check_password(&user.password).map_err(|problem| AppError::field("password", problem))?;
        let password_hash = hash_password(user.password.clone()).await?;
        self.insert_user(user, password_hash).await
    }

    /// Makes a user whose password has been hashed.
    pub(crate) async fn insert_user(&self, user: NewUser, password_hash: String) -> Result<UserId, StoreError> {
        let tx = self.may().begin().await?;
        let taken = users::Entity::find().filter(users::Column::Email.eq(user.email.as_str())).count(tx.db()).await?;
        if taken > 0 {
            return Err(AppError::field("email", Problem::Taken).into());
        }
        let id = Uuid::now_v7();
        users::Entity::insert(users::ActiveModel {
            id: Set(id),
            organisation_id: Set(user.organisation.0),
            email: Set(user.email.to_string()),
            name: Set(user.name.to_string()),
            role: Set(user.role.code().to_owned()),
            locale: Set(user.locale.tag().to_owned()),
            password_hash: Set(password_hash),
            active: Set(true),
            created_at: Set(tx.now),
            bounced_at: Set(None),
            bounce: Set(None),
            start_view_id: Set(None),
            single_keys: Set(true),
        })
        .exec_without_returning(tx.db())
        .await?;
        for organisation in user.covers {
            let row = coverage::ActiveModel { user_id: Set(id), organisation_id: Set(organisation.0) };
            coverage::Entity::insert(row).exec_without_returning(tx.db()).await?;
        }
        tx.commit().await?;
        Ok(UserId(id))
    }

    /// The organisation of this name and kind (`inn` or `nav`), made if it is new.
    pub async fn organisation(&self, kind: &str, name: &str) -> Result<OrganisationId, StoreError> {
        let tx = self.may().begin().await?;
        let known = organisations::Entity::find().filter(organisations::Column::Name.eq(name)).one(tx.db()).await?;
        let id = match known {
            Some(known) if known.kind == kind => known.id,
            Some(_) => return Err(AppError::field("organisation", Problem::Taken).into()),
            None => {
                let id = Uuid::now_v7();
                let row = organisations::ActiveModel {
                    id: Set(id),
                    kind: Set(kind.to_owned()),
                    name: Set(name.to_owned()),
                    ..Default::default()
                };
                organisations::Entity::insert(row).exec_without_returning(tx.db()).await?;
                id
            }
        };
        tx.commit().await?;
        Ok(OrganisationId(id))
    }
}

/// The person behind a row of `users`, with the further organisations that she covers.
pub(crate) fn me(user: users::Model, covered: Vec<OrganisationId>) -> Result<Me, StoreError> {
    let home = OrganisationId(user.organisation_id);
    Ok(Me {
        id: UserId(user.id),
        email: EmailAddress::parse(&user.email).map_err(|_| StoreError::Corrupt("users.email".into()))?,
        role: Role::from_code(&user.role).ok_or_else(|| StoreError::Corrupt("users.role".into()))?,
        name: user.name,
        organisation: home,
        memberships: std::iter::once(home).chain(covered).collect(),
        locale: Locale::from_tag(&user.locale).unwrap_or_default(),
        single_keys: user.single_keys,
    })
}

/// Remembers an attempt before the password is looked at, so that many at once are counted too.
async fn count_attempt(permit: &Permit, account: &str, network: &str) -> Result<(), StoreError> {
    let tx = permit.begin().await?;
    if tx.is_postgres() {
        // Who counts must see what others have just counted. SQLite has one writer at a time anyway.
        tx.db().execute_unprepared("LOCK TABLE login_failures IN SHARE ROW EXCLUSIVE MODE").await?;
    }
    let since = tx.now - TimeDelta::minutes(FAILURE_MINUTES);
    login_failures::Entity::delete_many().filter(login_failures::Column::At.lt(since)).exec(tx.db()).await?;
    let from_address = login_failures::Entity::find()
        .filter(login_failures::Column::Address.eq(network))
        .order_by_asc(login_failures::Column::At);
    let at_account = from_address.clone().filter(login_failures::Column::Account.eq(account));
    for (attempts, most) in [(at_account, ATTEMPTS_PER_ACCOUNT_AND_ADDRESS), (from_address, ATTEMPTS_PER_ADDRESS)] {
        if attempts.clone().count(tx.db()).await? < most {
            continue;
        }
        let first = attempts.one(tx.db()).await?.map_or(tx.now, |first| first.at);
        let seconds = (first + TimeDelta::minutes(FAILURE_MINUTES) - tx.now).num_seconds();
        return Err(AppError::TooManyAttempts { minutes: (seconds / 60 + 1).clamp(1, FAILURE_MINUTES) }.into());
    }
    login_failures::Entity::insert(login_failures::ActiveModel {
        id: Set(Uuid::now_v7()),
        account: Set(account.to_owned()),
        address: Set(network.to_owned()),
        at: Set(tx.now),
    })
    .exec_without_returning(tx.db())
    .await?;
    tx.commit().await
}

/// An IPv4 address, or the /64 network of an IPv6 address, which one household or office has to itself.
fn network_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// 256 random bits, in hexadecimal.
pub(crate) fn new_token() -> String {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    hex(&bytes)
}

/// What is kept of a token, so that nobody who reads the database can use it.
pub(crate) fn hash_of(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

async fn hash_password(password: String) -> Result<String, StoreError> {
    in_hasher(move || {
        let salt = SaltString::generate(&mut OsRng);
        let effort = ParamsBuilder::new().m_cost(HASHING_MEMORY).t_cost(1).p_cost(1).build();
        let effort = effort.map_err(|error| StoreError::Password(error.to_string()))?;
        let hash = Argon2::from(effort).hash_password(password.as_bytes(), &salt);
        hash.map(|hash| hash.to_string()).map_err(|error| StoreError::Password(error.to_string()))
    })
    .await
}

/// Whether a password fits; without a hash the same work is done in vain.
async fn password_fits(password: String, hash: Option<String>) -> Result<bool, StoreError> {
    let exists = hash.is_some();
    let Some(hash) = hash else {
        hash_password(password).await?;
        return Ok(false);
    };
    in_hasher(move || {
        let hash = PasswordHash::new(&hash).map_err(|error| StoreError::Password(error.to_string()))?;
        Ok(exists && Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
}

async fn in_hasher<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let turn = HASHER.acquire().await.map_err(|error| StoreError::Password(error.to_string()))?;
    let work = move || {
        // Held to the end, also when whoever asked has gone away.
        let _turn = turn;
        work()
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| StoreError::Password(error.to_string()))?
}
