//! Templates of tasks: making, changing and removing those of one's organisation, and offering them.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use shared::access::Action;
use shared::board::ContactRole;
use shared::error::{AppError, Problem};
use shared::id::{ParticipantId, TaskTemplateId, UserId};
use shared::task_templates::{NewTaskTemplate, OfferedTemplates, TEMPLATES_MAX, TaskTemplate, TaskTemplateForm};
use shared::tasks::ItemText;
use shared::text::Text;
use uuid::Uuid;

use crate::doors::{Permit, SignedIn, Tx};
use crate::entity::{enrolments, task_templates};
use crate::error::StoreError;
use crate::events::changed;

impl SignedIn {
    /// The templates of this person's organisation, by name.
    pub async fn task_templates(&self) -> Result<Vec<TaskTemplate>, StoreError> {
        let permit = self.may(Action::KeepTaskTemplates)?;
        templates_of(permit.read(), self.me().organisation.0).await
    }

    /// One of them, for changing it.
    pub async fn task_template(&self, id: TaskTemplateId) -> Result<TaskTemplate, StoreError> {
        template(self.own_template(id).await?.1)
    }

    /// Makes a template. Refused if the organisation has as many as there is room for.
    pub async fn add_task_template(&self, form: &TaskTemplateForm) -> Result<TaskTemplateId, StoreError> {
        let permit = self.may(Action::KeepTaskTemplates)?;
        let new = form.parse()?;
        let organisation = self.me().organisation.0;
        let tx = permit.begin().await?;
        let own = task_templates::Entity::find().filter(task_templates::Column::OrganisationId.eq(organisation));
        if own.count(tx.db()).await? >= TEMPLATES_MAX as u64 {
            return Err(AppError::field("name", Problem::TooMany { max: TEMPLATES_MAX }).into());
        }
        let id = Uuid::now_v7();
        check_name(&tx, organisation, id, &new).await?;
        let row = task_templates::ActiveModel {
            id: Set(id),
            organisation_id: Set(organisation),
            version: Set(1),
            ..self.row(&tx, new)
        };
        task_templates::Entity::insert(row).exec_without_returning(tx.db()).await?;
        tx.commit().await?;
        Ok(TaskTemplateId(id))
    }

    /// Changes a template. Refused with [`AppError::Changed`] if somebody else changed it since `version`. Tasks that
    /// were made of it stay as they are.
    pub async fn change_task_template(
        &self,
        id: TaskTemplateId,
        version: i32,
        form: &TaskTemplateForm,
    ) -> Result<(), StoreError> {
        let (permit, before) = self.own_template(id).await?;
        let new = form.parse()?;
        let tx = permit.begin().await?;
        check_name(&tx, before.organisation_id, id.0, &new).await?;
        let updated = task_templates::Entity::update_many()
            .set(task_templates::ActiveModel { version: Set(version.saturating_add(1)), ..self.row(&tx, new) })
            .filter(task_templates::Column::Id.eq(id.0))
            .filter(task_templates::Column::Version.eq(version))
            .exec(tx.db())
            .await?;
        if updated.rows_affected != 1 {
            let now = task_templates::Entity::find_by_id(id.0).one(tx.db()).await?.ok_or(AppError::NotFound)?;
            return Err(changed(tx.db(), Some(now.changed_by_id), now.changed_at).await?);
        }
        tx.commit().await
    }

    /// Removes a template. Tasks that were made of it stay.
    pub async fn remove_task_template(&self, id: TaskTemplateId) -> Result<(), StoreError> {
        let (permit, _) = self.own_template(id).await?;
        let tx = permit.begin().await?;
        task_templates::Entity::delete_by_id(id.0).exec(tx.db()).await?;
        tx.commit().await
    }

    /// The templates with which a new task about a participant can be filled in: those of the unit that is
    /// responsible for her.
    pub async fn offered_templates(&self, id: ParticipantId) -> Result<OfferedTemplates, StoreError> {
        let (permit, participant) = self.participant(id, Action::WorkWithTasks).await?;
        let db = permit.read();
        let contacts: Vec<(Option<Uuid>, Option<Uuid>)> = enrolments::Entity::find()
            .select_only()
            .columns([enrolments::Column::InnContactId, enrolments::Column::NavContactId])
            .filter(enrolments::Column::ParticipantId.eq(participant.id))
            // Tracks that she is still on come first.
            .order_by_desc(enrolments::Column::ClosedAt.is_null())
            .order_by_desc(enrolments::Column::Id)
            .into_tuple()
            .all(db)
            .await?;
        Ok(OfferedTemplates {
            templates: templates_of(db, participant.inn_unit_id).await?,
            inn_contact: contacts.iter().find_map(|(inn, _)| *inn).map(UserId),
            nav_contact: contacts.iter().find_map(|(_, nav)| *nav).map(UserId),
        })
    }

    /// A template of this person's organisation. For whoever keeps none there is none.
    async fn own_template(&self, id: TaskTemplateId) -> Result<(Permit, task_templates::Model), StoreError> {
        let permit = self.may(Action::KeepTaskTemplates).map_err(|_| AppError::NotFound)?;
        let row = task_templates::Entity::find_by_id(id.0).one(permit.read()).await?;
        let own = row.filter(|row| row.organisation_id == self.me().organisation.0);
        Ok((permit, own.ok_or(AppError::NotFound)?))
    }

    fn row(&self, tx: &Tx, new: NewTaskTemplate) -> task_templates::ActiveModel {
        task_templates::ActiveModel {
            name: Set(new.name.into()),
            title: Set(new.title.into()),
            description: Set(new.description.as_ref().map(Text::as_str).unwrap_or_default().to_owned()),
            items: Set(new.items.iter().map(ItemText::as_str).collect::<Vec<_>>().join("\n")),
            due_days: Set(new.due_days.into()),
            contact: Set(new.contact.code().to_owned()),
            changed_by_id: Set(self.me().id.0),
            changed_at: Set(tx.now),
            ..Default::default()
        }
    }
}

/// Two templates of the same name could not be told from each other.
async fn check_name(tx: &Tx, organisation: Uuid, id: Uuid, new: &NewTaskTemplate) -> Result<(), StoreError> {
    let others = task_templates::Entity::find()
        .filter(task_templates::Column::OrganisationId.eq(organisation))
        .filter(task_templates::Column::Name.eq(new.name.as_str()))
        .filter(task_templates::Column::Id.ne(id));
    if others.count(tx.db()).await? > 0 { Err(AppError::field("name", Problem::Taken).into()) } else { Ok(()) }
}

async fn templates_of(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<TaskTemplate>, StoreError> {
    let rows = task_templates::Entity::find()
        .filter(task_templates::Column::OrganisationId.eq(organisation))
        .order_by_asc(task_templates::Column::Name)
        .limit(TEMPLATES_MAX as u64)
        .all(db)
        .await?;
    rows.into_iter().map(template).collect()
}

fn template(row: task_templates::Model) -> Result<TaskTemplate, StoreError> {
    let corrupt = |column: &str| StoreError::Corrupt(format!("task_templates.{column}"));
    Ok(TaskTemplate {
        id: TaskTemplateId(row.id),
        name: row.name,
        title: row.title,
        description: row.description,
        items: row.items,
        due_days: u16::try_from(row.due_days).map_err(|_| corrupt("due_days"))?,
        contact: ContactRole::from_code(&row.contact).ok_or_else(|| corrupt("contact"))?,
        version: row.version,
    })
}
