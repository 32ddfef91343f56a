//! What the forms about participants ask of the server.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::error::AppError;
use shared::id::{EnrolmentId, ParticipantId, TrackId};
use shared::participants::{ContactsForm, DetailsForm, NewParticipantForm};

#[cfg(feature = "ssr")]
use crate::visit::{done_at, done_here, signed_in};

/// A new participant on a track.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddForm {
    /// The track's part of the address.
    pub track: String,
    /// What was typed.
    #[serde(flatten)]
    pub participant: NewParticipantForm,
}

/// Changed details.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeForm {
    /// Whose.
    pub participant: ParticipantId,
    /// The version that the person saw, as text: a flattened form has nothing else.
    pub version: String,
    /// What was typed.
    #[serde(flatten)]
    pub details: DetailsForm,
}

/// Chosen contacts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChooseForm {
    /// Of which enrolment.
    pub enrolment: EnrolmentId,
    /// Who was chosen.
    #[serde(flatten)]
    pub contacts: ContactsForm,
}

/// Registers a participant.
#[server(endpoint = "participants/add")]
pub async fn add_participant(
    /// What was sent.
    form: AddForm,
) -> Result<(), AppError> {
    let id = signed_in()?.add_participant(&form.track, &form.participant).await?;
    done_at(&format!("/participants/{id}"), "participant");
    Ok(())
}

/// Changes the details.
#[server(endpoint = "participants/change-details")]
pub async fn change_details(
    /// What was sent.
    form: ChangeForm,
) -> Result<(), AppError> {
    let version = form.version.parse().map_err(|_| AppError::Malformed)?;
    signed_in()?.change_details(form.participant, version, &form.details).await?;
    done_at(&format!("/participants/{}", form.participant), "details");
    Ok(())
}

/// Chooses who is responsible.
#[server(endpoint = "participants/choose-contacts")]
pub async fn choose_contacts(
    /// What was sent.
    form: ChooseForm,
) -> Result<(), AppError> {
    signed_in()?.choose_contacts(form.enrolment, &form.contacts).await?;
    done_here("contacts");
    Ok(())
}

/// Says whom the participant waits for.
#[server(endpoint = "participants/wait-for")]
pub async fn wait_for(
    /// What was sent.
    form: WaitForm,
) -> Result<(), AppError> {
    signed_in()?.wait_for(form.participant, &form.waiting).await?;
    done_here("waiting");
    Ok(())
}

/// Whom a participant waits for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WaitForm {
    /// Who waits.
    pub participant: ParticipantId,
    /// The code of a `WaitingOn`, or empty.
    #[serde(default)]
    pub waiting: String,
}

/// A participant and a track.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EnrolForm {
    /// Who.
    pub participant: ParticipantId,
    /// On which track.
    pub track: TrackId,
}

/// Puts a participant on one more track.
#[server(endpoint = "participants/enrol")]
pub async fn enrol(
    /// What was sent.
    form: EnrolForm,
) -> Result<(), AppError> {
    signed_in()?.enrol(form.participant, form.track).await?;
    done_here("enrolled");
    Ok(())
}

/// A participant to follow, or not.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FollowForm {
    /// Whom.
    pub participant: ParticipantId,
}

/// Begins to get alerts.
#[server(endpoint = "participants/follow")]
pub async fn follow(
    /// What was sent.
    form: FollowForm,
) -> Result<(), AppError> {
    signed_in()?.follow(form.participant).await?;
    done_here("follow");
    Ok(())
}

/// Stops getting alerts.
#[server(endpoint = "participants/unfollow")]
pub async fn unfollow(
    /// What was sent.
    form: FollowForm,
) -> Result<(), AppError> {
    signed_in()?.unfollow(form.participant).await?;
    done_here("unfollow");
    Ok(())
}
