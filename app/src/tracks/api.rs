//! What the administrator's pages about tracks ask of the server.

use leptos::prelude::*;
use shared::error::AppError;
use shared::tracks::{
    AddPhaseForm, ChangePhaseForm, NewTrackForm, PlacePhaseForm, PlaceTrackForm, RenameTrackForm, RetirePhaseForm,
    SeenTrackForm, TrackFileForm,
};

#[cfg(feature = "ssr")]
use crate::visit::{done_at, done_here, signed_in};

/// Makes a track with the phases of a template.
#[server(endpoint = "tracks/add")]
pub async fn add_track(
    /// What was sent.
    form: NewTrackForm,
) -> Result<(), AppError> {
    let slug = signed_in()?.add_track(&form).await?;
    done_at(&format!("/admin/tracks/{slug}"), "track-made");
    Ok(())
}

/// Makes a track out of a file.
#[server(endpoint = "tracks/add-from-file")]
pub async fn add_track_from_file(
    /// What was sent.
    form: TrackFileForm,
) -> Result<(), AppError> {
    let slug = signed_in()?.add_track_from_file(&form).await?;
    done_at(&format!("/admin/tracks/{slug}"), "track-made");
    Ok(())
}

/// Gives a track another name.
#[server(endpoint = "tracks/rename")]
pub async fn rename_track(
    /// What was sent.
    form: RenameTrackForm,
) -> Result<(), AppError> {
    signed_in()?.rename_track(&form).await?;
    done_here("track-renamed");
    Ok(())
}

/// Puts a track before another one.
#[server(endpoint = "tracks/place")]
pub async fn place_track(
    /// What was sent.
    form: PlaceTrackForm,
) -> Result<(), AppError> {
    let slug = signed_in()?.place_track(&form).await?;
    done_at(&format!("/admin/tracks#track-{slug}"), "track-placed");
    Ok(())
}

/// Retires a track.
#[server(endpoint = "tracks/retire")]
pub async fn retire_track(
    /// What was sent.
    form: SeenTrackForm,
) -> Result<(), AppError> {
    let slug = signed_in()?.retire_track(&form).await?;
    done_at(&format!("/admin/tracks/{slug}"), "track-retired");
    Ok(())
}

/// Takes a retired track into use again.
#[server(endpoint = "tracks/resume")]
pub async fn resume_track(
    /// What was sent.
    form: SeenTrackForm,
) -> Result<(), AppError> {
    let slug = signed_in()?.resume_track(&form).await?;
    done_at(&format!("/admin/tracks/{slug}"), "track-resumed");
    Ok(())
}

/// Makes a phase.
#[server(endpoint = "tracks/add-phase")]
pub async fn add_phase(
    /// What was sent.
    form: AddPhaseForm,
) -> Result<(), AppError> {
    signed_in()?.add_phase(&form).await?;
    done_here("phase-added");
    Ok(())
}

/// Changes what a phase is called and what is agreed about it.
#[server(endpoint = "tracks/change-phase")]
pub async fn change_phase(
    /// What was sent.
    form: ChangePhaseForm,
) -> Result<(), AppError> {
    let slug = signed_in()?.change_phase(&form).await?;
    done_at(&format!("/admin/tracks/{slug}#phase-{}", form.phase), "phase-changed");
    Ok(())
}

/// Puts a phase before another one.
#[server(endpoint = "tracks/place-phase")]
pub async fn place_phase(
    /// What was sent.
    form: PlacePhaseForm,
) -> Result<(), AppError> {
    let slug = signed_in()?.place_phase(&form).await?;
    done_at(&format!("/admin/tracks/{slug}#phase-{}", form.phase), "phase-placed");
    Ok(())
}

/// Retires a phase.
#[server(endpoint = "tracks/retire-phase")]
pub async fn retire_phase(
    /// What was sent.
    form: RetirePhaseForm,
) -> Result<(), AppError> {
    let slug = signed_in()?.retire_phase(&form).await?;
    done_at(&format!("/admin/tracks/{slug}"), "phase-retired");
    Ok(())
}
