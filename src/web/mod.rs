//! The pages, the API and the event stream: what is in the log, over HTTP.
//!
//! Everything is read from the data folder over connections that cannot write, on threads that may
//! block. There is no account yet, so it listens on loopback unless told otherwise, and answers
//! only to names of this machine: a page elsewhere whose name is made to point here (DNS
//! rebinding) gets nothing. School names and notes come from files that others write: they are
//! escaped wherever they are shown, and no page runs a script.

mod answers;
mod api;
mod event;
mod guard;
mod health;
mod listener;
mod pages;
mod read;
mod school;
mod stream;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::runtime::{Clock, Nudge, Statuses, Stop};
use crate::telemetry::Metrics;

pub use answers::{About, Answers, NoAnswer, Question};
pub use read::{Open, ReadError, Readers};

/// What the pages are told from outside.
pub struct Options {
    pub dir: PathBuf,
    /// Opens a connection that only reads.
    pub open: Open,
    /// Answers who is who; without it nobody does.
    pub answers: Option<Answers>,
    /// `user_version` of a database that is up to date; another one is not ready.
    pub migrations: i64,
    /// Nudged when alerts were committed.
    pub log_grew: Nudge,
    pub statuses: Statuses,
    pub metrics: Metrics,
    pub clock: Clock,
    pub stop: Stop,
    /// Names by which this server may be asked besides those of this machine.
    pub hosts: Vec<String>,
    /// A silent stream says so this often, and looks at the log unasked.
    pub heartbeat: Duration,
    /// Most streams at a time.
    pub streams: usize,
}

impl Options {
    /// Everything else as usual.
    pub fn new(dir: PathBuf, open: Open, migrations: i64, clock: Clock, stop: Stop, metrics: Metrics) -> Options {
        let (log_grew, statuses) = (Nudge::new(), Statuses::default());
        let (hosts, heartbeat) = (Vec::new(), Duration::from_secs(15));
        Options {
            dir,
            open,
            answers: None,
            migrations,
            log_grew,
            statuses,
            metrics,
            clock,
            stop,
            hosts,
            heartbeat,
            streams: 1000,
        }
    }
}

/// What every handler can reach.
#[derive(Clone)]
struct Web(Arc<Shared>);

struct Shared {
    readers: Readers,
    options: Options,
    streams: Arc<Semaphore>,
    pieces: stream::Pieces,
}

impl std::ops::Deref for Web {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// Answer until the intake is stopped; then streams end and answers that are under way are finished.
pub async fn serve(listener: TcpListener, options: Options) -> std::io::Result<()> {
    let loopback = listener.local_addr()?.ip().is_loopback();
    let stop = options.stop.clone();
    let app = router(options, loopback);
    let serving = axum::serve(listener::Patient::new(listener), app.into_make_service());
    serving.with_graceful_shutdown(async move { stop.intake_stopped().await }).await
}

/// Bind where the pages are served, with an error that says what to do.
pub async fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let hint = "choose another with --listen, or stop what uses it";
    let explain =
        |error: std::io::Error| std::io::Error::new(error.kind(), format!("cannot listen on {address}: {error} ({hint})"));
    TcpListener::bind(address).await.map_err(explain)
}

fn router(options: Options, loopback: bool) -> Router {
    let hosts = guard::Hosts::new(loopback, &options.hosts);
    let streams = Arc::new(Semaphore::new(options.streams));
    let readers = Readers::new(options.dir.clone(), options.open);
    let web = Web(Arc::new(Shared { readers, options, streams, pieces: stream::Pieces::default() }));
    Router::new()
        .route("/", get(pages::list))
        .route("/alerts/{id}", get(pages::alert))
        .route("/schools/{urn}", get(pages::school))
        .route("/api/v1/schools/{urn}", get(answers::school))
        .route("/api/v1/trusts/{uid}", get(answers::trust))
        .route("/api/v1/areas/{*code}", get(answers::area))
        .route("/api/v1/partnerships/{id}", get(answers::partnership))
        .route("/api/v1/alerts", get(api::list))
        .route("/api/v1/alerts/stream", get(stream::stream))
        .route("/api/v1/alerts/{id}", get(api::alert))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .fallback(pages::nothing_here)
        .layer(DefaultBodyLimit::max(16 << 10))
        .layer(middleware::from_fn(guard::headers))
        .layer(middleware::from_fn_with_state(hosts, guard::host))
        .with_state(web)
}
