//! Finding participants, notes and tasks among everything that a person may see.

use std::collections::HashMap;

use futures::{StreamExt, TryStreamExt};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait};
use shared::access::Action;
use shared::alerts::Subject;
use shared::error::AppError;
use shared::find::{Excerpt, FOUND_SHOWN, Found, FoundPerson, FoundText, Hits, Query};
use shared::id::{NoteId, OrganisationId, ParticipantId, TaskId};
use shared::participants::reference;
use tokio::try_join;
use uuid::Uuid;

use crate::doors::{Permit, SignedIn};
use crate::entity::{enrolments, notes, participants, phases, tasks, tracks};
use crate::error::StoreError;
use crate::notes::visibility;
use crate::query::among;

impl SignedIn {
    /// What fits these words: participants by name or reference, and notes and tasks by their text. Nothing typed
    /// finds nothing.
    pub async fn find(&self, typed: &str) -> Result<Found, StoreError> {
        let permit = self.may_use_own_desk();
        let query = Query::parse(typed).map_err(|problem| AppError::field("q", problem))?;
        let Some(query) = query else { return Ok(Found::default()) };
        let (people, notes, tasks) = try_join!(
            self.find_people(&permit, &query),
            self.find_notes(&permit, &query),
            self.find_tasks(&permit, &query)
        )?;
        Ok(Found { people, notes: Hits::first(notes), tasks: Hits::first(tasks) })
    }

    async fn find_people(&self, permit: &Permit, query: &Query) -> Result<Hits<FoundPerson>, StoreError> {
        let mut rows = participants::Entity::find()
            .select_only()
            .columns([participants::Column::Id, participants::Column::Number, participants::Column::Name])
            .filter(self.sees_participants())
            .into_tuple::<(Uuid, i32, String)>()
            .stream(permit.read())
            .await?;
        let mut near = Vec::new();
        while let Some((id, number, name)) = rows.try_next().await? {
            if let Some(distance) = query.distance(&name, number) {
                near.push((distance, name, number, id));
            }
        }
        drop(rows);
        near.sort_unstable();
        near.truncate(FOUND_SHOWN + 1);
        let ids: Vec<Uuid> = near.iter().map(|(.., id)| *id).collect();
        let mut places = self.places(permit, &ids).await?;
        let found = near.into_iter().map(|(_, name, number, id)| FoundPerson {
            id: ParticipantId(id),
            name,
            reference: reference(number),
            places: places.remove(&id).unwrap_or_default(),
        });
        Ok(Hits::first(found.collect()))
    }

    /// The tracks and phases in which some participants are.
    async fn places(
        &self,
        permit: &Permit,
        participants: &[Uuid],
    ) -> Result<HashMap<Uuid, Vec<(String, String)>>, StoreError> {
        let db = permit.read();
        let rows: Vec<(Uuid, Uuid, Uuid)> = enrolments::Entity::find()
            .select_only()
            .columns([enrolments::Column::ParticipantId, enrolments::Column::TrackId, enrolments::Column::PhaseId])
            .filter(among(enrolments::Column::ParticipantId, participants))
            .order_by_asc(enrolments::Column::Id)
            .into_tuple()
            .all(db)
            .await?;
        let track_ids: Vec<Uuid> = rows.iter().map(|(_, track, _)| *track).collect();
        let phase_ids: Vec<Uuid> = rows.iter().map(|(.., phase)| *phase).collect();
        let mut visible = HashMap::new();
        for track in tracks::Entity::find().filter(among(tracks::Column::Id, &track_ids)).all(db).await? {
            if self.check_track(permit, &track, Action::SeeBoard).await.is_ok() {
                visible.insert(track.id, track.name);
            }
        }
        let phases = phases::Entity::find().filter(among(phases::Column::Id, &phase_ids)).all(db).await?;
        let phases: HashMap<Uuid, String> = phases.into_iter().map(|phase| (phase.id, phase.name)).collect();
        let mut places: HashMap<Uuid, Vec<(String, String)>> = HashMap::new();
        for (participant, track, phase) in rows {
            if let (Some(track), Some(phase)) = (visible.get(&track), phases.get(&phase)) {
                places.entry(participant).or_default().push((track.clone(), phase.clone()));
            }
        }
        Ok(places)
    }

    async fn find_notes(&self, permit: &Permit, query: &Query) -> Result<Vec<FoundText>, StoreError> {
        let rows = notes::Entity::find()
            .join(JoinType::InnerJoin, notes::Relation::Participant.def())
            .select_also(participants::Entity)
            .filter(notes::Column::DeletedAt.is_null())
            .filter(self.sees_participants());
        let rows = rows.filter(may_hold(&[notes::Column::Text], query)).order_by_desc(notes::Column::WrittenAt);
        let hits = rows.stream(permit.read()).await?.map_err(StoreError::from).try_filter_map(async |row| {
            let (note, participant) = row;
            let is_readable = visibility(&note)?.shows_to(&self.me().memberships, OrganisationId(note.unit_id));
            let hit = if is_readable { query.hit(&note.text) } else { None };
            Ok(hit
                .zip(participant)
                .map(|(hit, about)| found(about, Subject::Note(NoteId(note.id)), hit, note.written_at)))
        });
        hits.take(FOUND_SHOWN + 1).try_collect().await
    }

    async fn find_tasks(&self, permit: &Permit, query: &Query) -> Result<Vec<FoundText>, StoreError> {
        let rows = tasks::Entity::find()
            .join(JoinType::InnerJoin, tasks::Relation::Participant.def())
            .select_also(participants::Entity)
            .filter(self.sees_participants())
            .filter(may_hold(&[tasks::Column::Title, tasks::Column::Description], query))
            .order_by_desc(tasks::Column::MadeAt);
        let hits = rows.stream(permit.read()).await?.map_err(StoreError::from).try_filter_map(async |row| {
            let (task, participant) = row;
            let hit = query.hit(&format!("{}\n{}", task.title, task.description));
            Ok(hit.zip(participant).map(|(hit, about)| found(about, Subject::Task(TaskId(task.id)), hit, task.made_at)))
        });
        hits.take(FOUND_SHOWN + 1).try_collect().await
    }
}

/// Leaves out rows that can't hold the words, so that the database need not hand out all of them. Letters that may
/// be written otherwise, or with an accent, are not looked at.
fn may_hold(texts: &[impl ColumnTrait], query: &Query) -> Condition {
    const ALWAYS_THE_SAME: &str = "bfhjkmpqvwx0123456789";
    let mut all = Condition::all();
    for word in query.words() {
        let mut pattern = String::from("%");
        for letter in word.chars() {
            if ALWAYS_THE_SAME.contains(letter) {
                pattern.push(letter);
            } else if !pattern.ends_with('%') {
                pattern.push('%');
            }
        }
        pattern.push('%');
        let holds = |text: &_| Expr::from(Func::lower(Expr::col(*text))).like(&pattern);
        all = all.add(texts.iter().map(holds).fold(Condition::any(), Condition::add));
    }
    all
}

fn found(
    participant: participants::Model,
    subject: Subject,
    excerpt: Excerpt,
    at: chrono::DateTime<chrono::Utc>,
) -> FoundText {
    FoundText {
        participant: ParticipantId(participant.id),
        name: participant.name,
        reference: reference(participant.number),
        subject,
        excerpt,
        at,
    }
}
