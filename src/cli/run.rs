//! `headwater run`: the daemon.

use std::net::SocketAddr;

use anyhow::Context as _;
use clap::Args;

use super::{Context, Failure, output};
use crate::deliver::dispatch::Policy;
use crate::pipeline::Engine;
use crate::pipeline::daemon::{Daemon, Plan};
use crate::runtime::Clock;
use crate::telemetry;

#[derive(Debug, Args)]
pub struct Run {
    /// Where the pages, the stream and the metrics are served; the settings' own otherwise
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
}

impl Run {
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        telemetry::start_logging("info").map_err(|error| Failure::Usage(output::chain(&error)))?;
        let settings = &context.settings;
        let engine = Engine::open(&context.data, context.setup()?, Clock::Real.now())?;
        let plan = Plan {
            listen: self.listen.unwrap_or(settings.http.listen),
            fetching: settings.fetching(),
            webhooks: settings.webhook.clone(),
            folder: settings.folder.clone(),
            policy: Policy::default(),
            polls: true,
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the runtime")?;
        runtime.block_on(async {
            let sources = engine.setup.connectors.len();
            let subscribers = plan.webhooks.len();
            let daemon = Daemon::start(engine, plan).await?;
            tracing::info!(address = %daemon.address, sources, subscribers, "ready");
            let why = daemon.stop.on_signal().await.context("cannot listen for signals")?;
            tracing::info!(why, "stopping: no more intake, deliveries drain");
            let left = daemon.finish(settings.drain()).await;
            match left.is_empty() {
                true => tracing::info!("stopped; nothing is left undone"),
                false => tracing::warn!(left = left.join(", "), "stopped; the rest goes on at the next start"),
            }
            Ok(())
        })
    }
}
