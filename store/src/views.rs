//! Views: the cards that a filter shows, on a board and over all tracks, and those views that people keep.

mod kept;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{Expr, Func};
use sea_orm::{ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait};
use shared::access::Action;
use shared::accounts::Person;
use shared::alerts::AlertKind;
use shared::board::{CARDS_SHOWN, Card, Phase, PhaseKind};
use shared::id::{OrganisationId, PhaseId};
use shared::notes::Visibility;
use shared::time::days_between;
use shared::views::{Filter, Flag, LIST_SHOWN, NEW_DAYS, Reader, ReadyMade};
use tokio::try_join;
use uuid::Uuid;

use crate::board::{contact_names, next_tasks};
use crate::doors::{Permit, SignedIn};
use crate::entity::{alerts, events, notes, participants, tracks};
use crate::error::StoreError;
use crate::live::CardNews;
use crate::people::{inn_people, nav_offices, nav_people};
use crate::query::{all, among};
use crate::tracks::{in_use, phases_of};

/// A participant in a list: the track's name, the phase and the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The name of the track.
    pub track: String,
    /// The name of the phase.
    pub phase: String,
    /// The card.
    pub card: Card,
}

/// Those who are under way on all tracks that a person may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The first of those whom the filter shows, who have stood longest in their phase first.
    pub shown: Vec<Listed>,
    /// How many it shows in all.
    pub count: usize,
    /// How many each ready-made view shows.
    pub ready_made: Vec<(ReadyMade, usize)>,
}

/// What a filter can choose among.
#[derive(Debug)]
pub struct Options {
    /// The phases, each with the name of its track.
    pub phases: Vec<(String, Phase)>,
    /// Who at INN is contact.
    pub inn_people: Vec<Person>,
    /// Who at NAV is.
    pub nav_people: Vec<Person>,
    /// The NAV offices.
    pub nav_offices: Vec<(OrganisationId, String)>,
}

impl SignedIn {
    /// Those who are under way on all tracks, as a filter shows them.
    pub async fn overview(&self, filter: &Filter) -> Result<Overview, StoreError> {
        let permit = self.may_use_own_desk();
        let tracks = self.visible_tracks(&permit).await?;
        let mut phases = Vec::new();
        for track in &tracks {
            phases
                .extend(phases_of(permit.read(), track.id).await?.into_iter().map(|phase| (track.name.clone(), phase)));
        }
        phases.retain(|(_, phase)| phase.kind == PhaseKind::Ordinary);
        let ids: Vec<Uuid> = phases.iter().map(|(_, phase)| phase.id.0).collect();
        let select = self.card_rows(&ids, CARDS_SHOWN);
        let (rows, tasks, unread) = try_join!(
            all(permit.read(), &select),
            next_tasks(&permit, self.sees_participants()),
            self.unread_notes(&permit)
        )?;
        let names = contact_names(&permit, &rows).await?;
        let all_phases: Vec<Phase> = phases.iter().map(|(_, phase)| phase.clone()).collect();
        let mut cards = self.cards(&all_phases, rows, tasks, &names, &unread);
        for flag in [Flag::Need, Flag::New] {
            self.look_closer(&permit, flag, cards.values_mut().flatten()).await?;
        }
        let reader = self.reader();
        let ready_made = ReadyMade::ALL.into_iter().map(|view| {
            let filter = view.filter(self.me().role);
            let fits = |(phase, cards): (&PhaseId, &Vec<Card>)| {
                cards.iter().filter(|card| filter.shows(card, *phase, false, reader)).count()
            };
            (view, cards.iter().map(fits).sum())
        });
        let ready_made = ready_made.collect();
        let mut shown = Vec::new();
        for (track, phase) in phases {
            let here = cards.remove(&phase.id).unwrap_or_default().into_iter();
            let here = here.filter(|card| filter.shows(card, phase.id, false, reader));
            shown.extend(here.map(|card| Listed { track: track.clone(), phase: phase.name.clone(), card }));
        }
        shown.sort_by(|one, other| {
            other.card.days.cmp(&one.card.days).then_with(|| one.card.reference.cmp(&other.card.reference))
        });
        let count = shown.len();
        shown.truncate(LIST_SHOWN);
        Ok(Overview { shown, count, ready_made })
    }

    /// What a filter can choose among: on one track's board, or on all tracks.
    pub async fn options(&self, slug: Option<&str>) -> Result<Options, StoreError> {
        let (permit, tracks) = if let Some(slug) = slug {
            let (permit, track) = self.track(slug, Action::SeeBoard).await?;
            (permit, vec![track])
        } else {
            let permit = self.may_use_own_desk();
            let tracks = self.visible_tracks(&permit).await?;
            (permit, tracks)
        };
        let db = permit.read();
        let mut options =
            Options { phases: Vec::new(), inn_people: Vec::new(), nav_people: Vec::new(), nav_offices: Vec::new() };
        let mut units = HashSet::new();
        for track in tracks {
            let phases = phases_of(db, track.id).await?.into_iter();
            options.phases.extend(phases.map(|phase| (track.name.clone(), phase)));
            if units.insert(track.organisation_id) {
                options.inn_people.extend(inn_people(db, track.organisation_id).await?);
                options.nav_offices.extend(nav_offices(db, track.organisation_id).await?);
            }
        }
        let offices: Vec<Uuid> = options.nav_offices.iter().map(|(id, _)| id.0).collect();
        options.nav_people = nav_people(db, &offices).await?;
        Ok(options)
    }

    /// News of a board of which only what a filter shows is seen: other cards are gone from it.
    pub async fn news_for_view(&self, filter: &Filter, mut news: CardNews) -> Result<CardNews, StoreError> {
        if filter.is_empty() {
            return Ok(news);
        }
        let permit = self.may_use_own_desk();
        for flag in &filter.flags {
            self.look_closer(&permit, *flag, news.cards.iter_mut().map(|(.., card)| card)).await?;
        }
        let reader = self.reader();
        let (shown, others): (Vec<_>, Vec<_>) =
            news.cards.into_iter().partition(|(phase, is_closed, card)| filter.shows(card, *phase, *is_closed, reader));
        news.cards = shown;
        news.gone.extend(others.into_iter().map(|(.., card)| card.id));
        Ok(news)
    }

    /// Leaves only the cards that a filter shows.
    pub(crate) async fn choose(
        &self,
        permit: &Permit,
        filter: &Filter,
        phases: &[Phase],
        cards: &mut HashMap<PhaseId, Vec<Card>>,
    ) -> Result<(), StoreError> {
        if filter.is_empty() {
            return Ok(());
        }
        for flag in &filter.flags {
            self.look_closer(permit, *flag, cards.values_mut().flatten()).await?;
        }
        let reader = self.reader();
        for phase in phases {
            let is_closed = phase.kind == PhaseKind::Closing;
            if let Some(here) = cards.get_mut(&phase.id) {
                here.retain(|card| filter.shows(card, phase.id, is_closed, reader));
            }
        }
        Ok(())
    }

    /// Reads what a board need not know, and this flag must.
    async fn look_closer(
        &self,
        permit: &Permit,
        flag: Flag,
        cards: impl Iterator<Item = &mut Card>,
    ) -> Result<(), StoreError> {
        match flag {
            Flag::Need => {
                let since = self.last_notes(permit).await?;
                for card in cards {
                    card.days_since_note = since.get(&card.participant.0).map(|since| days_between(*since, self.now()));
                }
            }
            Flag::New => {
                let new = self.new_participants(permit).await?;
                for card in cards {
                    card.is_new = new.contains(&card.participant.0);
                }
            }
            Flag::UnreadNote | Flag::Overdue | Flag::DueToday | Flag::Plan => {}
        }
        Ok(())
    }

    /// When the last note was written about each participant that this person may read, or else when the participant
    /// was registered.
    async fn last_notes(&self, permit: &Permit) -> Result<HashMap<Uuid, DateTime<Utc>>, StoreError> {
        let db = permit.read();
        let mut since: HashMap<Uuid, DateTime<Utc>> = participants::Entity::find()
            .select_only()
            .columns([participants::Column::Id, participants::Column::CreatedAt])
            .filter(self.sees_participants())
            .into_tuple::<(Uuid, DateTime<Utc>)>()
            .all(db)
            .await?
            .into_iter()
            .collect();
        let is_readable = Condition::any()
            .add(notes::Column::Visibility.ne(Visibility::OwnUnit.code()))
            .add(among(notes::Column::UnitId, &self.membership_ids()));
        let written: Vec<(Uuid, DateTime<Utc>)> = notes::Entity::find()
            .join(JoinType::InnerJoin, notes::Relation::Participant.def())
            .select_only()
            .column(notes::Column::ParticipantId)
            .column_as(Expr::from(Func::max(Expr::col(notes::Column::WrittenAt))), "written_at")
            .filter(notes::Column::DeletedAt.is_null())
            .filter(is_readable)
            .filter(self.sees_participants())
            .group_by(notes::Column::ParticipantId)
            .into_tuple()
            .all(db)
            .await?;
        since.extend(written);
        Ok(since)
    }

    /// The participants whose contact this person has become lately.
    async fn new_participants(&self, permit: &Permit) -> Result<HashSet<Uuid>, StoreError> {
        let rows: Vec<Uuid> = alerts::Entity::find()
            .join(JoinType::InnerJoin, alerts::Relation::Event.def())
            .select_only()
            .column(events::Column::ParticipantId)
            .filter(alerts::Column::RecipientId.eq(self.me().id.0))
            .filter(alerts::Column::Kind.is_in([AlertKind::MadeContact.code(), AlertKind::HandedOver.code()]))
            .filter(events::Column::At.gt(self.now() - TimeDelta::days(NEW_DAYS)))
            .into_tuple()
            .all(permit.read())
            .await?;
        Ok(rows.into_iter().collect())
    }

    /// The tracks in use that this person may see, in order.
    async fn visible_tracks(&self, permit: &Permit) -> Result<Vec<tracks::Model>, StoreError> {
        let mut visible = Vec::new();
        for track in in_use().all(permit.read()).await? {
            if self.check_track(permit, &track, Action::SeeBoard).await.is_ok() {
                visible.push(track);
            }
        }
        Ok(visible)
    }

    fn reader(&self) -> Reader {
        Reader { id: self.me().id, today: self.today() }
    }
}
