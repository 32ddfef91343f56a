//! What people have chosen about alerts by mail.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::accounts::Person;
use shared::alerts::AlertKind;
use shared::alerts::choices::{Choices, ChoicesForm, Leave, Way};
use shared::error::{AppError, Problem};
use shared::id::UserId;
use uuid::Uuid;

use crate::doors::{Permit, SignedIn, Tx, Visitor};
use crate::entity::{alert_choices, alert_ways, users};
use crate::error::StoreError;
use crate::people::people;
use crate::query::among;

impl SignedIn {
    /// What this person has chosen, and the colleagues who can stand in for her: those who share an
    /// organisation with her.
    pub async fn alert_choices(&self) -> Result<(Choices, Vec<Person>), StoreError> {
        let permit = self.may_use_own_desk();
        let me = self.me().id;
        let mut choices = choices_of(permit.read(), &[me.0]).await?;
        let mine = choices.remove(&me.0).unwrap_or_default();
        Ok((mine, self.deputies(permit.read()).await?))
    }

    /// Chooses.
    pub async fn choose_alerts(&self, form: &ChoicesForm) -> Result<(), StoreError> {
        let permit = self.may_use_own_desk();
        let choices = form.parse(self.today())?;
        if let Some(leave) = choices.leave {
            let deputies = self.deputies(permit.read()).await?;
            if deputies.iter().all(|person| person.id != leave.deputy) {
                return Err(AppError::field("deputy", Problem::UnknownChoice).into());
            }
        }
        let tx = permit.begin().await?;
        save(&tx, self.me().id.0, &choices).await?;
        tx.commit().await
    }

    async fn deputies(&self, db: &impl ConnectionTrait) -> Result<Vec<Person>, StoreError> {
        let me = self.me();
        let colleagues = sea_orm::Condition::all()
            .add(users::Column::Role.eq(me.role.code()))
            .add(among(users::Column::OrganisationId, &self.membership_ids()))
            .add(users::Column::Id.ne(me.id.0));
        people(db, colleagues).await
    }
}

impl Visitor {
    /// What a link to stop mails is about; [`AppError::NotFound`] if it is none of ours.
    pub async fn read_unsubscribe(&self, token: &str) -> Result<Unsubscribe, StoreError> {
        let (_, what) = self.may_stop_mails().read_unsubscribe(token).await?;
        Ok(what)
    }

    /// Sends the person to whom a link belongs no more mails of that kind. Doing it twice changes nothing.
    pub async fn unsubscribe(&self, token: &str) -> Result<(), StoreError> {
        let permit = self.may_stop_mails();
        let (user, what) = permit.read_unsubscribe(token).await?;
        let tx = permit.begin().await?;
        let mut mine = choices_of(tx.db(), &[user.0]).await?.remove(&user.0).unwrap_or_default();
        match what {
            Unsubscribe::Kind(kind) => {
                mine.ways.insert(kind, Way::Off);
            }
            Unsubscribe::Digest => {
                mine.ways.values_mut().filter(|way| **way == Way::Digest).for_each(|way| *way = Way::Off);
                mine.weekly_need = false;
            }
        }
        save(&tx, user.0, &mine).await?;
        tx.commit().await
    }
}

impl Permit {
    async fn read_unsubscribe(&self, token: &str) -> Result<(UserId, Unsubscribe), StoreError> {
        let read = self.mail_key().await?.read_unsubscribe_token(token).ok_or(AppError::NotFound)?;
        if users::Entity::find_by_id(read.0.0).one(self.read()).await?.is_none() {
            return Err(AppError::NotFound.into());
        }
        Ok(read)
    }
}

/// Which mails somebody does not want any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsubscribe {
    /// Those about one kind of alert.
    Kind(AlertKind),
    /// The daily digest, and what it tells every week.
    Digest,
}

impl Unsubscribe {
    /// The word for it in links.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.code(),
            Self::Digest => "digest",
        }
    }

    /// What a word written by [`Unsubscribe::code`] means.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        if code == "digest" { Some(Self::Digest) } else { AlertKind::from_code(code).map(Self::Kind) }
    }
}

/// What each of some people has chosen.
pub(crate) async fn choices_of(
    db: &impl ConnectionTrait,
    users: &[Uuid],
) -> Result<HashMap<Uuid, Choices>, StoreError> {
    let mut all: HashMap<Uuid, Choices> = HashMap::new();
    if users.is_empty() {
        return Ok(all);
    }
    // A row for each way that somebody has chosen, and one for whoever has chosen none.
    let rows = users::Entity::find()
        .find_also_related(alert_choices::Entity)
        .find_also(users::Entity, alert_ways::Entity)
        .filter(among(users::Column::Id, users))
        .all(db)
        .await?;
    for (user, chosen, way) in rows {
        let choices = match all.entry(user.id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(chosen.as_ref().map(choices_from).transpose()?.unwrap_or_default()),
        };
        if let Some(way) = way {
            let corrupt = || StoreError::Corrupt(format!("alert_ways: {} {}", way.kind, way.way));
            let kind = AlertKind::from_code(&way.kind).ok_or_else(corrupt)?;
            choices.ways.insert(kind, Way::from_code(&way.way).ok_or_else(corrupt)?);
        }
    }
    Ok(all)
}

/// For whom somebody stands in on a day in Oslo.
pub(crate) async fn absent_with_deputy(
    db: &impl ConnectionTrait,
    deputy: Uuid,
    today: NaiveDate,
) -> Result<Vec<Uuid>, StoreError> {
    let absent = alert_choices::Entity::find()
        .select_only()
        .column(alert_choices::Column::UserId)
        .filter(alert_choices::Column::DeputyId.eq(deputy))
        .filter(alert_choices::Column::LeaveFrom.lte(today))
        .filter(alert_choices::Column::LeaveUntil.gte(today))
        .order_by_asc(alert_choices::Column::UserId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(absent)
}

/// What somebody has chosen for all kinds of alerts.
fn choices_from(row: &alert_choices::Model) -> Result<Choices, StoreError> {
    let corrupt = |column: &str| StoreError::Corrupt(format!("alert_choices.{column}"));
    let leave = row.leave_from.zip(row.leave_until).zip(row.deputy_id);
    Ok(Choices {
        ways: BTreeMap::new(),
        morning: row.morning,
        quiet_from: row.quiet_from,
        remind_days: u32::try_from(row.remind_days).map_err(|_| corrupt("remind_days"))?,
        grace_minutes: u32::try_from(row.grace_minutes).map_err(|_| corrupt("grace_minutes"))?,
        weekly_need: row.weekly_need,
        leave: leave.map(|((from, until), deputy)| Leave { from, until, deputy: UserId(deputy) }),
    })
}

async fn save(tx: &Tx, user: Uuid, choices: &Choices) -> Result<(), StoreError> {
    let leave = choices.leave;
    let number = |number: u32| i32::try_from(number).map_err(|error| StoreError::Corrupt(error.to_string()));
    let row = alert_choices::ActiveModel {
        user_id: Set(user),
        morning: Set(choices.morning),
        quiet_from: Set(choices.quiet_from),
        remind_days: Set(number(choices.remind_days)?),
        grace_minutes: Set(number(choices.grace_minutes)?),
        weekly_need: Set(choices.weekly_need),
        leave_from: Set(leave.map(|leave| leave.from)),
        leave_until: Set(leave.map(|leave| leave.until)),
        deputy_id: Set(leave.map(|leave| leave.deputy.0)),
    };
    alert_choices::Entity::delete_by_id(user).exec(tx.db()).await?;
    alert_choices::Entity::insert(row).exec_without_returning(tx.db()).await?;
    alert_ways::Entity::delete_many().filter(alert_ways::Column::UserId.eq(user)).exec(tx.db()).await?;
    for (kind, way) in &choices.ways {
        set_way(tx, user, *kind, *way).await?;
    }
    Ok(())
}

async fn set_way(tx: &Tx, user: Uuid, kind: AlertKind, way: Way) -> Result<(), StoreError> {
    let row = alert_ways::ActiveModel {
        user_id: Set(user),
        kind: Set(kind.code().to_owned()),
        way: Set(way.code().to_owned()),
    };
    let or_change = OnConflict::columns([alert_ways::Column::UserId, alert_ways::Column::Kind])
        .update_column(alert_ways::Column::Way)
        .to_owned();
    alert_ways::Entity::insert(row).on_conflict(or_change).exec_without_returning(tx.db()).await?;
    Ok(())
}
