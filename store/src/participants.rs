//! Participants: registering them, changing their details, contacts and whom they wait for.

use rand::Rng;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    TryInsertResult,
};
use shared::access::{Action, Relation, permits};
use shared::accounts::Person;
use shared::alerts::{AlertKind, Reason};
use shared::board::{ContactRole, Phase};
use shared::email::EmailAddress;
use shared::error::{AppError, Problem};
use shared::id::{EnrolmentId, OrganisationId, ParticipantId, PhaseId, TrackId, UserId};
use shared::participants::{
    ContactsForm, Details, DetailsForm, NewParticipant, NewParticipantForm, Plan, parse_waiting,
};
use shared::text::{Line, PersonName, Text};
use shared::timeline::{Change, Field, waiting_change};
use uuid::Uuid;

use crate::alerts::{Recipient, tell};
use crate::board::{plan, waiting};
use crate::doors::{SignedIn, Tx};
use crate::entity::{enrolments, events, followers, organisations, participants, tracks};
use crate::error::StoreError;
use crate::events::{Event, Kind, changed_by, changes_in};
use crate::import::lock_phases;
use crate::moves::bottom_rank;
use crate::people::{inn_people, nav_offices, nav_people, person_names};
use crate::tracks::{check_in_use, phases_of};

/// What can be chosen when somebody registers a participant on a track.
#[derive(Debug)]
pub struct Choices {
    /// The track's name.
    pub track_name: String,
    /// Its phases, in order.
    pub phases: Vec<Phase>,
    /// The NAV offices that take part.
    pub nav_offices: Vec<(OrganisationId, String)>,
    /// Who at INN can be contact.
    pub inn_people: Vec<Person>,
    /// Who at NAV can.
    pub nav_people: Vec<Person>,
}

impl SignedIn {
    /// What can be chosen for a new participant on this track.
    pub async fn choices(&self, slug: &str) -> Result<Choices, StoreError> {
        let (permit, track) = self.track(slug, Action::AddParticipant).await?;
        let db = permit.read();
        check_in_use(db, &track).await?;
        let nav_offices = nav_offices(db, track.organisation_id).await?;
        let offices: Vec<Uuid> = nav_offices.iter().map(|(id, _)| id.0).collect();
        Ok(Choices {
            phases: phases_of(db, track.id).await?,
            inn_people: inn_people(db, track.organisation_id).await?,
            nav_people: nav_people(db, &offices).await?,
            nav_offices,
            track_name: track.name,
        })
    }

    /// Registers a new participant on a track.
    pub async fn add_participant(&self, slug: &str, form: &NewParticipantForm) -> Result<ParticipantId, StoreError> {
        let (permit, track) = self.track(slug, Action::AddParticipant).await?;
        check_in_use(permit.read(), &track).await?;
        let new = form.parse(self.today())?;
        let mut tx = permit.begin().await?;
        let contacts = [new.inn_contact, new.nav_contact];
        let (id, enrolled) = add_participant(&tx, &track, new, None).await?;
        let participant = participants::Entity::find_by_id(id.0).one(tx.db()).await?.ok_or(AppError::NotFound)?;
        let offices: Vec<OrganisationId> = participant.nav_office_id.map(OrganisationId).into_iter().collect();
        let relation = Relation::between(&self.me().memberships, OrganisationId(participant.inn_unit_id), &offices);
        if !permits(self.me().role, Action::AddParticipant, relation) {
            return Err(AppError::field("nav_office", Problem::NoAccess).into());
        }
        follow(&tx, id.0, self.me().id.0).await?;
        tell_responsible(&mut tx, &participant, enrolled.event, contacts, participant.nav_office_id).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Puts a participant on one more track, in its first phase.
    pub async fn enrol(&self, participant: ParticipantId, track: TrackId) -> Result<EnrolmentId, StoreError> {
        let (permit, row) = self.participant(participant, Action::AddParticipant).await?;
        let track = crate::tracks::track(permit.read(), track.0).await?;
        self.check_track(&permit, &track, Action::AddParticipant).await?;
        if track.organisation_id != row.inn_unit_id {
            return Err(AppError::NotFound.into());
        }
        check_in_use(permit.read(), &track).await?;
        let tx = permit.begin().await?;
        let started_on = shared::time::oslo_date(tx.now);
        let enrolment = NewEnrolment {
            participant: row.id,
            started_on,
            phase: None,
            inn_contact: None,
            nav_contact: None,
            import_key: None,
        };
        let enrolled = enrol(&tx, &track, enrolment).await?;
        tx.commit().await?;
        Ok(enrolled.id)
    }

    /// Changes the details. Refused with [`AppError::Changed`] if somebody else changed them since `version`.
    pub async fn change_details(&self, id: ParticipantId, version: i32, form: &DetailsForm) -> Result<(), StoreError> {
        let (permit, row) = self.participant(id, Action::EditParticipant).await?;
        let after = form.parse(self.today())?;
        let before = details(&row)?;
        let offices = nav_offices(permit.read(), row.inn_unit_id).await?;
        let office_name = |id: Option<OrganisationId>| {
            let known = id.and_then(|id| offices.iter().find(|(office, _)| *office == id));
            known.map(|(_, name)| name.clone()).unwrap_or_default()
        };
        if after.nav_office.is_some_and(|office| offices.iter().all(|(id, _)| *id != office)) {
            return Err(AppError::field("nav_office", Problem::UnknownChoice).into());
        }
        let mut changes = changes(&before, &after);
        if before.nav_office != after.nav_office {
            let (before, after) = (office_name(before.nav_office), office_name(after.nav_office));
            changes.push(Change { field: Field::NavOffice, before, after });
        }
        if changes.is_empty() {
            return Ok(());
        }
        let mut tx = permit.begin().await?;
        let (plan_made, plan_review_on) = plan_columns(after.plan);
        let updated = participants::Entity::update_many()
            .set(participants::ActiveModel {
                name: Set(after.name.to_string()),
                language: Set(after.language.map(String::from)),
                phone: Set(after.phone.map(String::from)),
                email: Set(after.email.map(String::from)),
                goal: Set(after.goal.map(String::from)),
                plan_made: Set(plan_made),
                plan_review_on: Set(plan_review_on),
                nav_office_id: Set(after.nav_office.map(|id| id.0)),
                version: Set(version.saturating_add(1)),
                ..Default::default()
            })
            .filter(participants::Column::Id.eq(row.id))
            .filter(participants::Column::Version.eq(version))
            .exec(tx.db())
            .await?;
        if updated.rows_affected != 1 {
            drop(tx);
            return Err(self.changed_details(id).await?);
        }
        if before.nav_office != after.nav_office {
            changes.extend(release_nav_contacts(&tx, row.id, after.nav_office).await?);
        }
        let event = tx.record_changes(row.id, &changes).await?;
        if let Some(event) = event
            && before.nav_office != after.nav_office
        {
            let office = after.nav_office.map(|id| id.0);
            let row = participants::Model { nav_office_id: office, ..row };
            tell_responsible(&mut tx, &row, event, [None, None], office).await?;
        }
        tx.commit().await
    }

    /// Chooses who is responsible for an enrolment. New contacts follow the participant.
    pub async fn choose_contacts(&self, id: EnrolmentId, form: &ContactsForm) -> Result<(), StoreError> {
        let (inn, nav) = form.parse()?;
        let (permit, enrolment, participant) = self.enrolment(id, Action::EditParticipant).await?;
        let mut tx = permit.begin().await?;
        let office = check_contacts(&tx, &participant, inn, nav).await?;
        let after = [inn.map(|id| id.0), nav.map(|id| id.0)];
        let (changes, new_contacts) = put_contacts(&tx, &enrolment, &participant, after, office).await?;
        if let Some(event) = tx.record_changes(participant.id, &changes).await? {
            let office_now = office.or(participant.nav_office_id);
            let participant = participants::Model { nav_office_id: office_now, ..participant };
            tell_responsible(&mut tx, &participant, event, new_contacts, office).await?;
        }
        tx.commit().await
    }

    /// Says whom the participant waits for, from now on; empty for nobody.
    pub async fn wait_for(&self, id: ParticipantId, code: &str) -> Result<(), StoreError> {
        let (permit, row) = self.participant(id, Action::EditParticipant).await?;
        let on = parse_waiting(code)?;
        let before = waiting(row.waiting_on.as_deref(), row.waiting_since).map(|waiting| waiting.on);
        if before == on {
            return Ok(());
        }
        let tx = permit.begin().await?;
        participants::Entity::update_many()
            .col_expr(participants::Column::WaitingOn, on.map(|on| on.code().to_owned()).into())
            .col_expr(participants::Column::WaitingSince, on.map(|_| tx.now).into())
            .filter(participants::Column::Id.eq(row.id))
            .exec(tx.db())
            .await?;
        tx.record_changes(row.id, &[waiting_change(before, on)]).await?;
        tx.commit().await
    }

    /// Begins to get alerts about a participant.
    pub async fn follow(&self, id: ParticipantId) -> Result<(), StoreError> {
        let (permit, row) = self.participant(id, Action::Follow).await?;
        let tx = permit.begin().await?;
        follow(&tx, row.id, self.me().id.0).await?;
        tx.commit().await
    }

    /// Stops getting alerts about a participant.
    pub async fn unfollow(&self, id: ParticipantId) -> Result<(), StoreError> {
        let (permit, row) = self.participant(id, Action::Follow).await?;
        let tx = permit.begin().await?;
        followers::Entity::delete_by_id((row.id, self.me().id.0)).exec(tx.db()).await?;
        tx.commit().await
    }

    /// Tells who changed the details first.
    async fn changed_details(&self, id: ParticipantId) -> Result<StoreError, StoreError> {
        let (permit, row) = self.participant(id, Action::EditParticipant).await?;
        let events = events::Entity::find()
            .filter(events::Column::ParticipantId.eq(row.id))
            .filter(events::Column::Kind.eq(Kind::Changed.code()))
            .order_by_desc(events::Column::Number)
            .all(permit.read())
            .await?;
        let mut first = None;
        for event in events {
            if changes_in(&event)?.iter().any(|change| change.field.is_detail()) {
                first = Some(event);
                break;
            }
        }
        changed_by(permit.read(), first).await
    }
}

/// Registers a participant on a track; the work of both form, import and demo.
pub(crate) async fn add_participant(
    tx: &Tx,
    track: &tracks::Model,
    new: NewParticipant,
    import_key: Option<String>,
) -> Result<(ParticipantId, Enrolled), StoreError> {
    let id = Uuid::now_v7();
    let details = new.details;
    let (plan_made, plan_review_on) = plan_columns(details.plan);
    let mut row = participants::Model {
        id,
        number: 0,
        name: details.name.into(),
        language: details.language.map(String::from),
        phone: details.phone.map(String::from),
        email: details.email.map(String::from),
        goal: details.goal.map(String::from),
        plan_made,
        plan_review_on,
        inn_unit_id: track.organisation_id,
        nav_office_id: details.nav_office.map(|id| id.0),
        waiting_on: None,
        waiting_since: None,
        version: 1,
        created_at: tx.now,
    };
    let offices = nav_offices(tx.db(), row.inn_unit_id).await?;
    if row.nav_office_id.is_some_and(|office| offices.iter().all(|(id, _)| id.0 != office)) {
        return Err(AppError::field("nav_office", Problem::UnknownChoice).into());
    }
    row.nav_office_id = check_contacts(tx, &row, new.inn_contact, new.nav_contact).await?.or(row.nav_office_id);
    insert_with_free_number(tx, row).await?;
    let enrolment = NewEnrolment {
        participant: id,
        started_on: new.started_on,
        phase: new.phase,
        inn_contact: new.inn_contact,
        nav_contact: new.nav_contact,
        import_key,
    };
    let enrolled = enrol(tx, track, enrolment).await?;
    for contact in [new.inn_contact, new.nav_contact].into_iter().flatten() {
        follow(tx, id, contact.0).await?;
    }
    Ok((ParticipantId(id), enrolled))
}

/// Tells those who have become responsible: new contacts and, where an office has become responsible and
/// nobody there is contact, everybody at that office.
async fn tell_responsible(
    tx: &mut Tx,
    participant: &participants::Model,
    event: i64,
    new_contacts: [Option<UserId>; 2],
    new_office: Option<Uuid>,
) -> Result<(), StoreError> {
    let contact = |id: UserId| Recipient { user: id.0, kind: AlertKind::MadeContact, reason: Reason::Contact };
    let mut recipients: Vec<Recipient> = new_contacts.into_iter().flatten().map(contact).collect();
    if let Some(office) = new_office
        && !has_nav_contact(tx, participant.id).await?
    {
        let people = nav_people(tx.db(), &[office]).await?.into_iter();
        let colleague =
            |person: Person| Recipient { user: person.id.0, kind: AlertKind::HandedOver, reason: Reason::Office };
        recipients.extend(people.map(colleague));
    }
    if !recipients.is_empty() {
        tell(tx, participant, event, recipients).await?;
    }
    Ok(())
}

pub(crate) async fn has_nav_contact(tx: &Tx, participant: Uuid) -> Result<bool, StoreError> {
    let contact = enrolments::Entity::find()
        .filter(enrolments::Column::ParticipantId.eq(participant))
        .filter(enrolments::Column::NavContactId.is_not_null());
    Ok(contact.one(tx.db()).await?.is_some())
}

/// Takes those off as NAV contact who have no access any more, now that another office is responsible.
async fn release_nav_contacts(
    tx: &Tx,
    participant: Uuid,
    office: Option<OrganisationId>,
) -> Result<Vec<Change>, StoreError> {
    let staying = nav_people(tx.db(), office.map(|id| id.0).as_slice()).await?;
    let leaving = Condition::all()
        .add(enrolments::Column::ParticipantId.eq(participant))
        .add(enrolments::Column::NavContactId.is_not_null())
        .add(enrolments::Column::NavContactId.is_not_in(staying.into_iter().map(|person| person.id.0)));
    let contacts: Vec<Option<Uuid>> = enrolments::Entity::find()
        .select_only()
        .column(enrolments::Column::NavContactId)
        .filter(leaving.clone())
        .into_tuple()
        .all(tx.db())
        .await?;
    enrolments::Entity::update_many()
        .col_expr(enrolments::Column::NavContactId, None::<Uuid>.into())
        .filter(leaving)
        .exec(tx.db())
        .await?;
    let names = person_names(tx.db(), &contacts).await?;
    let change = |before| Change { field: Field::NavContact, before, after: String::new() };
    Ok(names.into_values().map(change).collect())
}

/// A card that was made, and the event that tells of it.
pub(crate) struct Enrolled {
    pub(crate) id: EnrolmentId,
    event: i64,
}

struct NewEnrolment {
    participant: Uuid,
    started_on: chrono::NaiveDate,
    phase: Option<PhaseId>,
    inn_contact: Option<UserId>,
    nav_contact: Option<UserId>,
    import_key: Option<String>,
}

/// Puts a participant at the bottom of a phase, the track's first if none is named.
///
/// A closing phase takes nobody in directly: it demands a reason and an outcome.
async fn enrol(tx: &Tx, track: &tracks::Model, new: NewEnrolment) -> Result<Enrolled, StoreError> {
    // Held, so that no phase is retired, nor the track, while somebody comes in.
    lock_phases(tx, track.id).await?;
    let phases = phases_of(tx.db(), track.id).await?;
    let phase = match new.phase {
        Some(chosen) => phases.iter().find(|phase| phase.id == chosen),
        None => phases.first(),
    };
    let phase = phase.ok_or_else(|| AppError::field("phase", Problem::UnknownChoice))?;
    if phase.kind == shared::board::PhaseKind::Closing {
        return Err(AppError::field("phase", Problem::UnknownChoice).into());
    }
    let id = Uuid::now_v7();
    let inserted = enrolments::Entity::insert(enrolments::ActiveModel {
        id: Set(id),
        participant_id: Set(new.participant),
        track_id: Set(track.id),
        phase_id: Set(phase.id.0),
        rank: Set(bottom_rank(tx, phase.id.0).await?),
        version: Set(1),
        started_on: Set(new.started_on),
        entered_phase_at: Set(tx.now),
        placed_at: Set(tx.now),
        placed_by_id: Set(tx.by),
        inn_contact_id: Set(new.inn_contact.map(|id| id.0)),
        nav_contact_id: Set(new.nav_contact.map(|id| id.0)),
        closed_at: Set(None),
        outcome: Set(None),
        import_key: Set(new.import_key),
    })
    .on_conflict_do_nothing_on([enrolments::Column::TrackId, enrolments::Column::ParticipantId])
    .exec_without_returning(tx.db())
    .await?;
    if !matches!(inserted, TryInsertResult::Inserted(1)) {
        return Err(AppError::field("track", Problem::Taken).into());
    }
    let event = tx.record(Event::about(new.participant, Kind::Enrolled).enrolment(id).subject(phase.id.0)).await?;
    Ok(Enrolled { id: EnrolmentId(id), event })
}

/// Makes somebody a follower; once is enough.
pub(crate) async fn follow(tx: &Tx, participant: Uuid, user: Uuid) -> Result<(), StoreError> {
    let row = followers::ActiveModel { participant_id: Set(participant), user_id: Set(user), since: Set(tx.now) };
    followers::Entity::insert(row).on_conflict_do_nothing().exec_without_returning(tx.db()).await?;
    Ok(())
}

/// The details from a row.
pub(crate) fn details(row: &participants::Model) -> Result<Details, StoreError> {
    let corrupt =
        |column: &'static str| move |problem: Problem| StoreError::Corrupt(format!("participants.{column}: {problem}"));
    Ok(Details {
        name: PersonName::parse(&row.name).map_err(corrupt("name"))?,
        language: row.language.as_deref().map(Line::parse).transpose().map_err(corrupt("language"))?,
        phone: row.phone.as_deref().map(Line::parse).transpose().map_err(corrupt("phone"))?,
        email: row.email.as_deref().map(EmailAddress::parse).transpose().map_err(corrupt("email"))?,
        goal: row.goal.as_deref().map(Text::parse).transpose().map_err(corrupt("goal"))?,
        plan: plan(row.plan_made, row.plan_review_on),
        nav_office: row.nav_office_id.map(OrganisationId),
    })
}

/// Checks that contacts may see the participant. A NAV contact brings the office along where there is none
/// yet; that office is returned.
pub(crate) async fn check_contacts(
    tx: &Tx,
    participant: &participants::Model,
    inn: Option<UserId>,
    nav: Option<UserId>,
) -> Result<Option<Uuid>, StoreError> {
    if let Some(inn) = inn {
        let people = inn_people(tx.db(), participant.inn_unit_id).await?;
        if people.iter().all(|person| person.id != inn) {
            return Err(AppError::field("inn_contact", Problem::NoAccess).into());
        }
    }
    let Some(nav) = nav else { return Ok(None) };
    let all_offices = nav_offices(tx.db(), participant.inn_unit_id).await?;
    let offices: Vec<Uuid> = match participant.nav_office_id {
        Some(office) => vec![office],
        None => all_offices.iter().map(|(id, _)| id.0).collect(),
    };
    let people = nav_people(tx.db(), &offices).await?;
    let contact = people.iter().find(|person| person.id == nav);
    let contact = contact.ok_or_else(|| AppError::field("nav_contact", Problem::NoAccess))?;
    if participant.nav_office_id.is_some() {
        return Ok(None);
    }
    if let Some((home, _)) = all_offices.iter().find(|(_, name)| *name == contact.organisation) {
        return Ok(Some(home.0));
    }
    // Whoever works elsewhere but covers an office here stands for that office.
    for (office, _) in all_offices {
        if nav_people(tx.db(), &[office.0]).await?.iter().any(|person| person.id == nav) {
            return Ok(Some(office.0));
        }
    }
    Ok(None)
}

/// A card's contact of one role.
pub(crate) fn contact_of(card: &enrolments::Model, role: ContactRole) -> Option<Uuid> {
    match role {
        ContactRole::Inn => card.inn_contact_id,
        ContactRole::Nav => card.nav_contact_id,
    }
}

/// Makes others the contacts, INN first, with the office that one of them brings along. Says what changed and who is
/// new; they follow the participant from now on.
pub(crate) async fn put_contacts(
    tx: &Tx,
    enrolment: &enrolments::Model,
    participant: &participants::Model,
    [inn, nav]: [Option<Uuid>; 2],
    office: Option<Uuid>,
) -> Result<(Vec<Change>, [Option<UserId>; 2]), StoreError> {
    let (mut changes, mut new_contacts) = (Vec::new(), [None, None]);
    if let Some(office) = office {
        changes.push(set_nav_office(tx, participant, office).await?);
    }
    enrolments::Entity::update_many()
        .col_expr(enrolments::Column::InnContactId, inn.into())
        .col_expr(enrolments::Column::NavContactId, nav.into())
        .filter(enrolments::Column::Id.eq(enrolment.id))
        .exec(tx.db())
        .await?;
    let pairs =
        [(Field::InnContact, enrolment.inn_contact_id, inn), (Field::NavContact, enrolment.nav_contact_id, nav)];
    for (place, (field, before, after)) in
        pairs.into_iter().enumerate().filter(|(_, (_, before, after))| before != after)
    {
        let names = person_names(tx.db(), &[before, after]).await?;
        let name = |id: Option<Uuid>| id.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
        changes.push(Change { field, before: name(before), after: name(after) });
        if let Some(contact) = after {
            follow(tx, participant.id, contact).await?;
            new_contacts[place] = Some(UserId(contact));
        }
    }
    Ok((changes, new_contacts))
}

/// Gives the participant the office that a contact brought along. It is one of the details, so whoever has
/// them open from before may not save over it.
async fn set_nav_office(tx: &Tx, participant: &participants::Model, office: Uuid) -> Result<Change, StoreError> {
    participants::Entity::update_many()
        .col_expr(participants::Column::NavOfficeId, Some(office).into())
        .col_expr(participants::Column::Version, Expr::col(participants::Column::Version).add(1))
        .filter(participants::Column::Id.eq(participant.id))
        .exec(tx.db())
        .await?;
    let name = organisations::Entity::find_by_id(office).one(tx.db()).await?.map(|row| row.name);
    Ok(Change { field: Field::NavOffice, before: String::new(), after: name.unwrap_or_default() })
}

/// Gives her a public number that nobody has: four digits, five when four become crowded.
async fn insert_with_free_number(tx: &Tx, row: participants::Model) -> Result<(), StoreError> {
    let known = participants::Entity::find().count(tx.db()).await?;
    let range = if known < 4_500 { 1_000..10_000 } else { 10_000..1_000_000 };
    loop {
        let row = participants::Model { number: rand::rng().random_range(range.clone()), ..row.clone() };
        let inserted = participants::Entity::insert(participants::ActiveModel::from(row))
            .on_conflict_do_nothing_on([participants::Column::Number])
            .exec_without_returning(tx.db())
            .await?;
        if matches!(inserted, TryInsertResult::Inserted(1)) {
            return Ok(());
        }
    }
}

fn plan_columns(plan: Plan) -> (bool, Option<chrono::NaiveDate>) {
    match plan {
        Plan::Missing => (false, None),
        Plan::Made { review } => (true, review),
    }
}

/// What differs between two states of the details, apart from the NAV office.
fn changes(before: &Details, after: &Details) -> Vec<Change> {
    let text = |details: &Details| {
        let form = DetailsForm::filled(details);
        let plan = if form.plan_review.is_empty() { form.plan } else { form.plan_review };
        [
            (Field::Name, form.name),
            (Field::Language, form.language),
            (Field::Phone, form.phone),
            (Field::Email, form.email),
            (Field::Goal, form.goal),
            (Field::Plan, plan),
        ]
    };
    let pairs = text(before).into_iter().zip(text(after));
    pairs
        .filter(|((_, before), (_, after))| before != after)
        .map(|((field, before), (_, after))| Change { field, before, after })
        .collect()
}
