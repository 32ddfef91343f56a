//! Following many participants, or not any more.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use shared::access::Action;
use shared::many::{FollowManyForm, ManyDone, ManyUndone};
use uuid::Uuid;

use super::{Done, forget, remember};
use crate::doors::{SignedIn, Tx};
use crate::entity::followers;
use crate::error::StoreError;
use crate::participants::follow;
use crate::query::among;

/// Whom a person has begun or ceased to follow.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FollowingChanged {
    follows: bool,
    participants: Vec<Uuid>,
}

impl SignedIn {
    /// Begins or ceases to get alerts about several participants of one track.
    pub async fn follow_many(&self, form: &FollowManyForm) -> Result<ManyDone, StoreError> {
        form.parse()?;
        let (permit, cards) = self.chosen(&form.cards, Action::Follow).await?;
        let chosen: Vec<Uuid> = cards.into_iter().map(|(_, participant)| participant.id).collect();
        let tx = permit.begin().await?;
        let followed: Vec<Uuid> = followers::Entity::find()
            .filter(among(followers::Column::ParticipantId, &chosen))
            .filter(followers::Column::UserId.eq(self.me().id.0))
            .all(tx.db())
            .await?
            .into_iter()
            .map(|row| row.participant_id)
            .collect();
        let participants: Vec<Uuid> = chosen.into_iter().filter(|id| followed.contains(id) != form.follow).collect();
        set_following(&tx, &participants, self.me().id.0, form.follow).await?;
        let count = participants.len();
        let undo =
            remember(&tx, &Done::Following(FollowingChanged { follows: form.follow, participants }), count).await?;
        tx.commit().await?;
        Ok(ManyDone { count, undo })
    }

    /// Follows those whom the person has ceased to follow, or the other way round. Nobody else can have built upon it.
    pub(super) async fn undo_following(
        &self,
        command: Uuid,
        changed: &FollowingChanged,
    ) -> Result<ManyUndone, StoreError> {
        let mut visible = Vec::new();
        for id in &changed.participants {
            // Whoever has lost access gets no alerts anyway, and is not let in by an old command.
            if self.participant(shared::id::ParticipantId(*id), Action::Follow).await.is_ok() {
                visible.push(*id);
            }
        }
        let tx = self.may_use_own_desk().begin().await?;
        if forget(&tx, command).await? {
            set_following(&tx, &visible, self.me().id.0, !changed.follows).await?;
            tx.commit().await?;
        }
        Ok(ManyUndone::default())
    }
}

async fn set_following(tx: &Tx, participants: &[Uuid], user: Uuid, follows: bool) -> Result<(), StoreError> {
    if !follows {
        followers::Entity::delete_many()
            .filter(followers::Column::UserId.eq(user))
            .filter(among(followers::Column::ParticipantId, participants))
            .exec(tx.db())
            .await?;
        return Ok(());
    }
    for participant in participants {
        follow(tx, *participant, user).await?;
    }
    Ok(())
}
