//! Views that people keep, share with their organisation, and begin with.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
};
use shared::access::Action;
use shared::error::{AppError, Problem};
use shared::id::ViewId;
use shared::views::{ChangeViewForm, LIST_SHOWN, VIEWS_MAX, View, ViewForm, ViewName};
use uuid::Uuid;

use crate::doors::{Permit, SignedIn};
use crate::entity::{users, views};
use crate::error::StoreError;

impl SignedIn {
    /// The views that this person has, by name: her own, and then those that others share with her organisation. At
    /// most [`LIST_SHOWN`].
    pub async fn views(&self) -> Result<Vec<View>, StoreError> {
        let permit = self.may_use_own_desk();
        let start = self.start_view_id(&permit).await?;
        let rows = views::Entity::find()
            .filter(self.has_views())
            .order_by(views::Column::OwnerId.eq(self.me().id.0), Order::Desc)
            .order_by_asc(views::Column::Name)
            .order_by_asc(views::Column::Id)
            .limit(LIST_SHOWN as u64)
            .all(permit.read())
            .await?;
        Ok(rows.into_iter().map(|row| self.view(row, start)).collect())
    }

    /// The view with which this person begins, if she has chosen one and it is still there.
    pub async fn start_view(&self) -> Result<Option<View>, StoreError> {
        let permit = self.may_use_own_desk();
        let Some(start) = self.start_view_id(&permit).await? else { return Ok(None) };
        let row = views::Entity::find_by_id(start).filter(self.has_views()).one(permit.read()).await?;
        Ok(row.map(|row| self.view(row, Some(start))))
    }

    /// Keeps a view. If one of her own has this name, it is replaced, and whoever begins with it begins with the new
    /// one; unless the form says so, that is refused with [`Problem::Taken`]. Refused with [`Problem::TooMany`] if she
    /// has too many.
    pub async fn keep_view(&self, form: &ViewForm) -> Result<(), StoreError> {
        if !form.track.is_empty() {
            self.track(&form.track, Action::SeeBoard).await?;
        }
        let (name, filter) = form.parse()?;
        let tx = self.may_use_own_desk().begin().await?;
        let same = self.own_views().filter(views::Column::Name.eq(name.as_str())).one(tx.db()).await?;
        if same.is_some() && form.replace.is_empty() {
            return Err(AppError::field("name", Problem::Taken).into());
        }
        if same.is_none() && self.own_views().count(tx.db()).await? >= VIEWS_MAX as u64 {
            return Err(AppError::field("name", Problem::TooMany { max: VIEWS_MAX }).into());
        }
        let row = views::ActiveModel {
            id: Set(same.as_ref().map_or_else(Uuid::now_v7, |same| same.id)),
            owner_id: Set(self.me().id.0),
            organisation_id: Set(self.shared_with(&form.shared)),
            name: Set(name.into()),
            track: Set(form.track.clone()),
            query: Set(filter.query()),
            made_at: Set(tx.now),
        };
        if same.is_some() {
            views::Entity::update(row).exec(tx.db()).await?;
        } else {
            views::Entity::insert(row).exec_without_returning(tx.db()).await?;
        }
        tx.commit().await
    }

    /// Gives one of one's own views another name, and shares it or does not any more. Refused with [`Problem::Taken`]
    /// if another one of her own has this name.
    pub async fn change_view(&self, form: &ChangeViewForm) -> Result<(), StoreError> {
        let name = ViewName::parse(&form.name).map_err(|problem| AppError::field("name", problem))?;
        let tx = self.may_use_own_desk().begin().await?;
        let view = self.own_views().filter(views::Column::Id.eq(form.view.0)).one(tx.db()).await?;
        let view = view.ok_or(AppError::NotFound)?;
        let same = self.own_views().filter(views::Column::Name.eq(name.as_str()));
        if same.filter(views::Column::Id.ne(view.id)).count(tx.db()).await? > 0 {
            return Err(AppError::field("name", Problem::Taken).into());
        }
        let row = views::ActiveModel {
            id: Set(view.id),
            organisation_id: Set(self.shared_with(&form.shared)),
            name: Set(name.into()),
            ..Default::default()
        };
        views::Entity::update(row).exec(tx.db()).await?;
        tx.commit().await
    }

    /// Forgets one of one's own views. Whoever began with it begins with the tracks again.
    pub async fn forget_view(&self, id: ViewId) -> Result<(), StoreError> {
        let tx = self.may_use_own_desk().begin().await?;
        let forgotten = views::Entity::delete_many()
            .filter(views::Column::Id.eq(id.0))
            .filter(views::Column::OwnerId.eq(self.me().id.0))
            .exec(tx.db())
            .await?;
        if forgotten.rows_affected == 0 {
            return Err(AppError::NotFound.into());
        }
        tx.commit().await
    }

    /// Begins with a view from now on, or with the tracks again.
    pub async fn start_with(&self, id: ViewId, start: bool) -> Result<(), StoreError> {
        let tx = self.may_use_own_desk().begin().await?;
        let view = views::Entity::find_by_id(id.0).filter(self.has_views()).one(tx.db()).await?;
        let view = view.ok_or(AppError::NotFound)?;
        users::Entity::update_many()
            .col_expr(users::Column::StartViewId, start.then_some(view.id).into())
            .filter(users::Column::Id.eq(self.me().id.0))
            .exec(tx.db())
            .await?;
        tx.commit().await
    }

    fn own_views(&self) -> Select<views::Entity> {
        views::Entity::find().filter(views::Column::OwnerId.eq(self.me().id.0))
    }

    /// With which organisation a view is shared, if the box is ticked.
    fn shared_with(&self, shared: &str) -> Option<Uuid> {
        (!shared.is_empty()).then_some(self.me().organisation.0)
    }

    /// Her own and those that are shared with her.
    fn has_views(&self) -> Condition {
        Condition::any()
            .add(views::Column::OwnerId.eq(self.me().id.0))
            .add(views::Column::OrganisationId.eq(self.me().organisation.0))
    }

    async fn start_view_id(&self, permit: &Permit) -> Result<Option<Uuid>, StoreError> {
        let user = users::Entity::find_by_id(self.me().id.0).one(permit.read()).await?;
        Ok(user.and_then(|user| user.start_view_id))
    }

    fn view(&self, row: views::Model, start: Option<Uuid>) -> View {
        View {
            id: ViewId(row.id),
            name: row.name,
            track: (!row.track.is_empty()).then_some(row.track),
            query: row.query,
            is_own: row.owner_id == self.me().id.0,
            is_shared: row.organisation_id.is_some(),
            is_start: start == Some(row.id),
        }
    }
}
