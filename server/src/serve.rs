//! `samlop serve`.

use std::hint::black_box;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use any_spawner::Executor;
use anyhow::Context;
use axum::serve::ListenerExt;
use chrono::Utc;
use clap::Args;
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use crate::answers::AnswerArgs;
use crate::config::DatabaseArgs;
use crate::live::STREAMS;
use crate::mailer::MailArgs;
use crate::router::router;
use crate::state::AppState;
use crate::{answers, assets, demo, upkeep, worker};

/// More than compressing a page takes at once, in bytes.
const KEPT_FOR_PAGES: usize = 2 * 1024 * 1024;

/// What `samlop serve` takes.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// The address to listen at. Port 0 takes a free one and says which.
    #[arg(long, env = "LISTEN_ADDR", default_value = "127.0.0.1:3000")]
    listen_addr: SocketAddr,
    /// The address at which people open Samløp; it stands in mails. With https, cookies travel only over https.
    #[arg(long, env = "PUBLIC_URL", default_value = "http://127.0.0.1:3000")]
    public_url: String,
    /// A proxy in front of Samløp whose X-Forwarded-For is believed; may be repeated.
    #[arg(long, env = "TRUSTED_PROXY", value_delimiter = ',')]
    trusted_proxy: Vec<IpAddr>,
    /// Fill an empty database with invented people and accounts to try Samløp with. Never for real people.
    #[arg(long)]
    demo: bool,
    #[command(flatten)]
    password: demo::DemoPassword,
    #[command(flatten)]
    mail: MailArgs,
    #[command(flatten)]
    answers: AnswerArgs,
}

/// Serves until it is told to stop, then ends what is under way.
pub(crate) async fn serve(database: &DatabaseArgs, args: ServeArgs) -> anyhow::Result<()> {
    keep_memory_for_pages();
    // Fails only if it has been done before, which is as good.
    let _ = Executor::init_tokio();
    if args.demo {
        demo::fill(database, &args.password.demo_password, Utc::now()).await?;
    }
    let store = database.open().await?;
    let public_url = args.public_url.trim_end_matches('/').to_owned();
    let (stop, stopped) = watch::channel(false);
    let state = AppState {
        store: store.clone(),
        assets: assets::load()?,
        public_url: public_url.as_str().into(),
        trusted_proxies: args.trusted_proxy.clone().into(),
        metrics: PrometheusBuilder::new()
            .install_recorder()
            .context("The figures for /metrics could not be set up.")?,
        stopping: stopped.clone(),
        streams: Arc::new(Semaphore::new(STREAMS)),
    };
    let listener = TcpListener::bind(args.listen_addr)
        .await
        .with_context(|| format!("Samløp can't listen at {}. Does it run already?", args.listen_addr))?;
    let address = listener.local_addr()?;

    let until_stopped = |mut stopped: watch::Receiver<bool>| async move {
        let _ = stopped.wait_for(|stop| *stop).await;
    };
    let mailer = worker::start(store.clone(), &args.mail, &public_url, until_stopped(stopped.clone()))?;
    let answers = answers::start(store.clone(), &args.answers, until_stopped(stopped.clone()))?;
    let mails_kept = chrono::TimeDelta::days(args.mail.mail_kept_days.into());
    let upkeep = upkeep::start(store.clone(), mails_kept, until_stopped(stopped.clone()));
    let neighbours = tokio::spawn({
        let (store, stopped) = (store.clone(), until_stopped(stopped.clone()));
        async move {
            tokio::select! { () = stopped => {}, () = store.keep_in_touch() => {} }
        }
    });
    announce(address, &args);

    // The last piece of a page does not wait until the browser has confirmed the one before.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection waits between pieces");
        }
    });
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(until_stopped(stopped));
    tokio::spawn(async move {
        told_to_stop().await;
        tracing::info!("stopping");
        let _ = stop.send(true);
    });
    server.await?;
    mailer.await?;
    upkeep.await?;
    neighbours.await?;
    if let Some(answers) = answers {
        answers.await?;
    }
    store.close().await?;
    Ok(())
}

/// Says where Samløp is and, in the demo, who can log in.
fn announce(address: SocketAddr, args: &ServeArgs) {
    println!("Samløp is at http://{address}");
    if args.demo {
        println!("This is a demo with invented people. Never enter real ones.");
        for account in &demo::ACCOUNTS {
            println!("  {:<18} {}", account.email, account.role.code());
        }
        println!("  Password: {}", args.password.demo_password);
    }
    if args.mail.smtp_url.is_none() {
        println!("Mails are written to files in {}.", args.mail.mail_dir.display());
    }
}

/// Resolves at Ctrl+C, and on Unix at SIGTERM too.
async fn told_to_stop() {
    let interrupt = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::warn!(%error, "Ctrl+C can't be heard");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::warn!(%error, "SIGTERM can't be heard");
                std::future::pending::<()>().await;
            }
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}

/// Lets glibc keep the memory in which a page is compressed for the next one. It gives back whatever is larger than the
/// largest piece that it has given back so far (mallopt(3), `M_MMAP_THRESHOLD`), and the system hands it out anew in three
/// hundred page faults, which took a sixth of the time of a board's page. Other allocators do as they do.
fn keep_memory_for_pages() {
    drop(black_box(Vec::<u8>::with_capacity(KEPT_FOR_PAGES)));
}
