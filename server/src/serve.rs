//! `samlop serve`.

use std::net::SocketAddr;

use clap::Args;

use crate::config::DatabaseArgs;

/// What `samlop serve` takes.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// The address to listen at.
    #[arg(long, env = "LISTEN_ADDR", default_value = "127.0.0.1:3000")]
    listen_addr: SocketAddr,
}

/// Serves until it is told to stop.
pub(crate) async fn serve(database: &DatabaseArgs, args: ServeArgs) -> anyhow::Result<()> {
    let _store = database.open().await?;
    let _ = args;
    Ok(())
}
