//! What the forms about views ask of the server.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::error::AppError;
use shared::id::ViewId;
use shared::views::{ChangeViewForm, ViewForm};

#[cfg(feature = "ssr")]
use crate::visit::{done_at, signed_in};

/// A view.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ForgetForm {
    /// Which.
    pub view: ViewId,
}

/// With what somebody begins.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StartForm {
    /// Which view.
    pub view: ViewId,
    /// Whether with it, or with the tracks again.
    pub start: bool,
}

/// Keeps a view.
#[server(endpoint = "views/keep")]
pub async fn keep_view(
    /// What was sent.
    form: ViewForm,
) -> Result<(), AppError> {
    signed_in()?.keep_view(&form).await?;
    done_at("/participants", "view");
    Ok(())
}

/// Gives one of one's own views another name, and shares it or does not any more.
#[server(endpoint = "views/change")]
pub async fn change_view(
    /// What was sent.
    form: ChangeViewForm,
) -> Result<(), AppError> {
    signed_in()?.change_view(&form).await?;
    done_at("/participants", "view");
    Ok(())
}

/// Forgets one of one's own views.
#[server(endpoint = "views/forget")]
pub async fn forget_view(
    /// What was sent.
    form: ForgetForm,
) -> Result<(), AppError> {
    signed_in()?.forget_view(form.view).await?;
    done_at("/participants", "view-forgotten");
    Ok(())
}

/// Begins with a view from now on, or does not any more.
#[server(endpoint = "views/start-with")]
pub async fn start_with(
    /// What was sent.
    form: StartForm,
) -> Result<(), AppError> {
    signed_in()?.start_with(form.view, form.start).await?;
    done_at("/participants", if form.start { "start" } else { "no-start" });
    Ok(())
}
