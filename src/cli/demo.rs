//! `headwater demo`: a fictional county, its publishers and a subscriber, offline.

mod observe;
mod summary;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Context, Failure, Output, output};
use crate::deliver::dispatch::Policy;
use crate::deliver::subscription::{Filter, From, Subscription};
use crate::demo::publisher::Publisher;
use crate::demo::receiver::{Moods, Receiver};
use crate::demo::{Publication, SEED, Served, Wexcombe};
use crate::fetch::Options;
use crate::pipeline::daemon::{Daemon, Plan};
use crate::pipeline::engine::Mode;
use crate::pipeline::poll::{self, Outcome};
use crate::pipeline::{Done, Engine};
use crate::store::{deliveries, open_connection};

/// Long enough to be watched, short enough to be watched to the end.
const LENGTH: Duration = Duration::from_secs(25);
/// The receiver is unwell now and then; this is how long its alerts may take.
const DELIVERY_LIMIT: Duration = Duration::from_secs(60);
const SECRET: &str = "whsec_V2V4Y29tYmUgaXMgYSBjb3VudHkgdGhhdCBpcyBub3Qh";
const SUBSCRIBER: &str = "wexcombe-board";

#[derive(Debug, Args)]
pub struct Demo {
    /// End with a summary instead of serving the pages; fails unless the planted truth is met
    #[arg(long)]
    once: bool,
    /// Another county: the same seed gives the same bytes
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// Where the pages are served
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8370")]
    listen: std::net::SocketAddr,
}

impl Demo {
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        // a folder of its own: the demo leaves nothing behind and touches no data of anybody
        let folder = std::env::temp_dir().join(format!("headwater-demo-{}-{:08x}", std::process::id(), fastrand::u32(..)));
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the runtime")?;
        let done = runtime.block_on(self.show(context, &folder));
        let _ = std::fs::remove_dir_all(&folder);
        done
    }

    async fn show(&self, context: &Context, folder: &std::path::Path) -> Result<(), Failure> {
        let county = Wexcombe::new(self.seed).context("cannot write the county's files")?;
        let publisher =
            Publisher::start(county.timeline.clone(), &folder.join("put-down")).await.context("cannot start the publisher")?;
        let receiver = Receiver::start(SECRET, Moods::default()).await.context("cannot start the receiver")?;
        let first = county.timeline.first().map(noon).unwrap_or_default();
        let engine = Engine::open(&folder.join("data"), context.setup()?, first)?;
        let daemon = Daemon::start(engine, self.plan(&receiver)?).await?;
        let json = context.output == Output::Json;
        match json {
            true => output::json_line(&summary::opening_json(&county, daemon.address, &publisher, &receiver))?,
            false => output::text_line(&summary::opening(&county, daemon.address, &publisher, &receiver))?,
        }

        let mut releases = Vec::new();
        let pause = if self.once { Duration::ZERO } else { LENGTH / county.timeline.len().max(1) as u32 };
        for publication in &county.timeline {
            publisher.publish(1).context("cannot publish")?;
            let (taken, fault) = take(&daemon, &publisher, publication).await?;
            match json {
                true => output::json_line(&summary::line_json(publication, &taken, fault.as_deref()))?,
                false => output::text_line(&summary::line(publication, &taken, fault.as_deref()))?,
            }
            releases.extend(taken.into_iter().filter_map(observe::release));
            daemon.log_grew.nudge();
            tokio::time::sleep(pause).await;
        }
        let data = folder.join("data");
        wait_for_deliveries(&data).await?;
        let observed = observe::all(&data, releases)?;
        let logged: BTreeSet<String> = observe::ids(&data)?;
        let mut differences = crate::demo::check(&county.truth, &observed);
        differences.extend(receiver.report().check(&logged));
        let accounts = deliveries::accounting(&open_connection(&data, false)?, SUBSCRIBER)?;
        if !accounts.as_ref().is_some_and(|accounts| accounts.balances()) {
            differences.push("deliveries do not add up: logged is not delivered + pending + dead".into());
        }
        match json {
            true => output::json_line(&summary::closing_json(&data, &observed, &receiver.report(), &differences)?)?,
            false => output::text_line(&summary::closing(&data, &county.truth, &observed, &receiver.report(), &differences)?)?,
        }
        if !self.once && differences.is_empty() {
            if !json {
                output::text_line(&format!("the pages stay at http://{} until you press Ctrl-C", daemon.address))?;
            }
            daemon.stop.on_signal().await.context("cannot listen for signals")?;
        }
        daemon.finish(Duration::from_secs(5)).await;
        if differences.is_empty() { Ok(()) } else { Err(Failure::Data("what was planted is not what came out".into())) }
    }

    fn plan(&self, receiver: &Receiver) -> Result<Plan, Failure> {
        let webhook = Subscription {
            id: SUBSCRIBER.into(),
            url: receiver.url().parse().map_err(|error| anyhow!("{error}"))?,
            secret: Some(crate::deliver::Secret::parse(SECRET).map_err(|error| anyhow!("{error}"))?),
            secret_file: None,
            filter: Filter::everything(),
            from: From::Start,
        };
        Ok(Plan {
            // two demos at once do not get in each other's way when nobody looks at the pages
            listen: if self.once { ([127, 0, 0, 1], 0).into() } else { self.listen },
            fetching: Options::local(),
            webhooks: vec![webhook],
            folder: PathBuf::from("."),
            policy: Policy { schedule: vec![Duration::from_millis(200); 12], ..Policy::default() },
            polls: false,
        })
    }
}

/// The day of publication at noon: the clock of the demo, so that two runs give the same log.
fn noon(publication: &Publication) -> Timestamp {
    let noon = publication.published.at(12, 0, 0, 0).to_zoned(TimeZone::UTC);
    noon.map_or(Timestamp::UNIX_EPOCH, |noon| noon.timestamp())
}

/// Polls the publication's source as the daemon would, and takes what came, or says why nothing could be fetched.
async fn take(daemon: &Daemon, publisher: &Publisher, publication: &Publication) -> Result<(Vec<Done>, Option<String>), Failure> {
    let source = publication.connector;
    // a watched folder is believed when two looks agree
    for _ in 0..if publication.served == Served::Folder { 2 } else { 1 } {
        let (mut manifest, known, dir) = {
            let engine = daemon.engine.lock();
            let manifest = engine.setup.connectors.get(source).cloned();
            let manifest = manifest.ok_or_else(|| Failure::Usage(format!("the demo needs the connector `{source}`")))?;
            (manifest, engine.position(source)?, engine.store.dir.clone())
        };
        manifest.fetch = publisher.fetch_spec(publication);
        let now = noon(publication);
        let polled = match poll::ask(
            &daemon.client,
            &manifest,
            known.as_deref(),
            now,
            (&dir, &dir.join("incoming")),
            Mode::Commit,
        )
        .await
        {
            Ok(polled) => polled,
            // an error page under a file's name is a fault of the fetch: nothing is taken
            Err(fault) => {
                return Ok((Vec::new(), Some(fault.to_string())));
            }
        };
        let (engine, today) = (daemon.engine.clone(), publication.published);
        let taking = move || poll::take(&mut engine.lock(), source, polled, now, today, Mode::Commit);
        let taken = tokio::task::spawn_blocking(taking).await.context("a task of the demo panicked")??;
        if let Outcome::Took(done) = taken {
            return Ok((done, None));
        }
    }
    Ok((Vec::new(), None))
}

/// Until nothing is pending for the subscriber, or the limit is reached; the check tells which.
async fn wait_for_deliveries(data: &std::path::Path) -> Result<(), Failure> {
    let db = open_connection(data, false)?;
    let limit = tokio::time::Instant::now() + DELIVERY_LIMIT;
    while tokio::time::Instant::now() < limit {
        if deliveries::accounting(&db, SUBSCRIBER)?.is_some_and(|sum| sum.pending == 0 && sum.ahead == 0) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
