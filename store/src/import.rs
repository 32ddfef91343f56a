//! Writing what `samlop import` has read, and telling it what is known before.

use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::email::EmailAddress;
use shared::error::AppError;
use shared::id::{OrganisationId, UserId};
use shared::import::{Context, ImportRow, Known, Side, Staff};
use uuid::Uuid;

use crate::doors::{System, Tx};
use crate::entity::{enrolments, participants, phases, tracks, users};
use crate::error::StoreError;
use crate::moves::{close, held};
use crate::participants::add_participant;
use crate::people::{inn_people, nav_offices, nav_people};
use crate::query::among;
use crate::tracks::{check_in_use, phases_of};

impl System {
    /// What an import to this track has to know. [`AppError::NotFound`] if there is no such track,
    /// [`AppError::TrackChanged`] if it is retired.
    pub async fn import_context(&self, slug: &str) -> Result<Context, StoreError> {
        let permit = self.may();
        let db = permit.read();
        let track = track_by_slug(db, slug).await?;
        check_in_use(db, &track).await?;
        Ok(Context {
            phases: phases_of(db, track.id).await?,
            people: contacts(db, track.organisation_id).await?,
            known: known(db, track.id).await?,
            today: permit.store().today(),
        })
    }

    /// Registers these people on the track, all or none, and says how many. A row that somebody else has
    /// imported since it was judged is passed over.
    pub async fn import(&self, slug: &str, rows: Vec<ImportRow>) -> Result<usize, StoreError> {
        let tx = self.may().begin().await?;
        let track = track_by_slug(tx.db(), slug).await?;
        check_in_use(tx.db(), &track).await?;
        lock_phases(&tx, track.id).await?;
        let mut keys: HashSet<String> = known(tx.db(), track.id).await?.into_iter().filter_map(|one| one.key).collect();
        let mut count = 0;
        for row in rows {
            if keys.insert(row.key.clone()) {
                add(&tx, &track, row).await?;
                count += 1;
            }
        }
        tx.commit().await?;
        Ok(count)
    }
}

/// A closing phase takes nobody in directly: such a participant begins in the first phase and is closed
/// at once, so that the move tells reason and outcome like every other.
async fn add(tx: &Tx, track: &tracks::Model, row: ImportRow) -> Result<(), StoreError> {
    let mut participant = row.participant;
    let end = row.closing.and_then(|closing| participant.phase.take().map(|phase| (phase, closing)));
    let (_, enrolled) = add_participant(tx, track, participant, Some(row.key)).await?;
    match end {
        Some((phase, closing)) => close(tx, enrolled.id, phase, closing).await,
        None => Ok(()),
    }
}

/// Holds the track's phases, so that on PostgreSQL nobody else places cards at the bottom meanwhile.
pub(crate) async fn lock_phases(tx: &Tx, track: Uuid) -> Result<(), StoreError> {
    let find = phases::Entity::find().filter(phases::Column::TrackId.eq(track));
    // In one order always: two imports that each held what the other wants next would wait for ever.
    held(tx, find.order_by_asc(phases::Column::Position)).all(tx.db()).await?;
    Ok(())
}

pub(crate) async fn track_by_slug(db: &impl ConnectionTrait, slug: &str) -> Result<tracks::Model, StoreError> {
    let track = tracks::Entity::find().filter(tracks::Column::Slug.eq(slug)).one(db).await?;
    Ok(track.ok_or(AppError::NotFound)?)
}

async fn known(db: &impl ConnectionTrait, track: Uuid) -> Result<Vec<Known>, StoreError> {
    let rows = enrolments::Entity::find()
        .find_also_related(participants::Entity)
        .filter(enrolments::Column::TrackId.eq(track))
        .all(db)
        .await?;
    let known = |(enrolment, participant): (enrolments::Model, Option<participants::Model>)| {
        let participant = participant?;
        Some(Known {
            name: participant.name,
            started_on: enrolment.started_on,
            email: participant.email,
            phone: participant.phone,
            key: enrolment.import_key,
        })
    };
    Ok(rows.into_iter().filter_map(known).collect())
}

/// Everybody who can be contact for a participant of this INN unit.
async fn contacts(db: &impl ConnectionTrait, unit: Uuid) -> Result<Vec<Staff>, StoreError> {
    let mut people: HashMap<UserId, (Side, Vec<OrganisationId>)> = HashMap::new();
    for person in inn_people(db, unit).await? {
        people.insert(person.id, (Side::Inn, vec![OrganisationId(unit)]));
    }
    for (office, _) in nav_offices(db, unit).await? {
        for person in nav_people(db, &[office.0]).await? {
            people.entry(person.id).or_insert((Side::Nav, Vec::new())).1.push(office);
        }
    }
    let ids: Vec<Uuid> = people.keys().map(|id| id.0).collect();
    let rows = users::Entity::find().filter(among(users::Column::Id, &ids)).all(db).await?;
    let staff = |user: users::Model| {
        let (side, organisations) = people.get(&UserId(user.id))?;
        // Whoever works elsewhere but covers an office here stands for that office.
        let home = OrganisationId(user.organisation_id);
        let organisation = organisations.iter().find(|office| **office == home).or(organisations.first())?;
        let email = EmailAddress::parse(&user.email).ok()?;
        Some(Staff { id: UserId(user.id), name: user.name, email, side: *side, organisation: *organisation })
    };
    Ok(rows.into_iter().filter_map(staff).collect())
}

#[cfg(test)]
mod tests {
    use shared::import::{Cell, Choices, GridRow, Report, judge};

    use super::*;
    use crate::on_both_databases;
    use crate::testing::TestStore;

    const LIST: [&[&str]; 5] = [
        &["Deltaker", "Fase", "Startdato", "INN-kontakt", "NAV-kontakt", "Årsak", "Utfall"],
        &["Lina Testesen", "Praksis", "03.02.2026", "inn@example.no", "nav-west Prøve", "", ""],
        &["Prøvestad, Omar", "kartlegging", "04.02.2026", "leder Prøve", "nav@example.no", "", ""],
        &["Amina Kladdeng", "Avsluttet", "05.02.2025", "", "", "Flyttet", "Annet"],
        &["Uten Dato", "Praksis", "", "", "", "", ""],
    ];

    async fn judged(test: &TestStore) -> Result<Report, StoreError> {
        let context = test.store.system("test").import_context("introlop").await?;
        let grid: Vec<GridRow> = (1..)
            .zip(LIST)
            .map(|(line, texts)| GridRow { line, cells: texts.iter().map(|text| Cell::Text((*text).into())).collect() })
            .collect();
        judge(&grid, &context, &Choices::default()).map_err(|refusal| StoreError::Corrupt(format!("{refusal:?}")))
    }

    async fn import(test: &TestStore) -> Result<usize, StoreError> {
        let report = judged(test).await?;
        test.store.system("test").import("introlop", report.rows).await
    }

    async fn a_second_run_doubles_nobody(test: TestStore) {
        assert_eq!(import(&test).await.ok(), Some(3));
        assert_eq!(import(&test).await.ok(), Some(0));
        let report = judged(&test).await.unwrap_or_default();
        assert_eq!((report.already.len(), report.left_out()), (3, 1));
    }

    async fn the_same_rows_at_the_same_time_double_nobody(test: TestStore) {
        let rows = judged(&test).await.unwrap_or_default().rows;
        let (one, other) = (test.store.system("test"), test.store.system("test"));
        let (one, other) = tokio::join!(one.import("introlop", rows.clone()), other.import("introlop", rows));
        assert_eq!(one.unwrap_or_default() + other.unwrap_or_default(), 3);
    }

    async fn each_is_in_the_right_phase_with_contacts(test: TestStore) {
        assert_eq!(import(&test).await.ok(), Some(3));
        let Ok(board) = test.person("inn").await.board("introlop").await else { unreachable!("a board") };
        let names =
            |place: usize| -> Vec<_> { board.columns[place].cards.iter().map(|card| card.name.as_str()).collect() };
        assert_eq!(
            (names(0), names(1), names(2)),
            (vec!["Omar Prøvestad"], vec!["Lina Testesen"], vec!["Amina Kladdeng"])
        );
        let lina = &board.columns[1].cards[0];
        assert_eq!(
            [&lina.inn_contact, &lina.nav_contact].map(|contact| contact.as_ref().map(|contact| contact.name.as_str())),
            [Some("inn Prøve"), Some("nav-west Prøve")]
        );
        let western = test.person("nav-west").await.board("introlop").await.ok();
        let seen = western.map(|board| board.columns.iter().map(|column| column.cards.len()).sum::<usize>());
        assert_eq!(seen, Some(1), "the NAV contact decides the office");
    }

    async fn a_track_must_exist(test: TestStore) {
        let error = test.store.system("test").import_context("finnes-ikke").await.err();
        assert!(matches!(error, Some(StoreError::Refused(AppError::NotFound))));
    }

    on_both_databases!(
        a_second_run_doubles_nobody,
        the_same_rows_at_the_same_time_double_nobody,
        each_is_in_the_right_phase_with_contacts,
        a_track_must_exist,
    );
}
