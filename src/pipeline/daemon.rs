//! The daemon: sources are polled, alerts streamed and delivered, until it is told to stop.
//!
//! Every source is a task of intake, every subscriber a task that drains; the pages are a service.
//! The tasks share one engine behind a lock, so that acts follow each other; the network is asked
//! outside of it. A nudge says that the log grew and carries nothing else.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::ask::web::answers;
use super::engine::{Done, Engine, EngineError, Mode};
use super::poll::{self, Outcome, PollError};
use crate::deliver::dispatch::Policy;
use crate::deliver::webhook::Sender;
use crate::deliver::{Dispatcher, Ledger, Subscription};
use crate::fetch::egress::Guard;
use crate::fetch::{Client, Options};
use crate::model::{Class, NewsKind};
use crate::runtime::clock::after;
use crate::runtime::tasks::Run;
use crate::runtime::{Again, Clock, Nudge, Schedule, Stop, Task, Tasks};
use crate::store::log::Entry;
use crate::store::{self, deliveries, open_connection};
use crate::telemetry::Metrics;
use crate::web;

/// A source without a schedule is looked at this often: a folder costs nothing.
const FOLDER_EVERY: Duration = Duration::from_secs(30);
/// How long one webhook may take to answer.
const WEBHOOK_TIMEOUT: Duration = Duration::from_secs(20);

/// What the daemon is started with.
pub struct Plan {
    pub listen: SocketAddr,
    pub fetching: Options,
    pub webhooks: Vec<Subscription>,
    /// Folder against which secret files are read.
    pub folder: PathBuf,
    pub policy: Policy,
    /// False in the demo, which publishes and polls in its own order.
    pub polls: bool,
}

/// One engine for all tasks.
#[derive(Clone)]
pub struct Shared(Arc<Mutex<Engine>>);

impl Shared {
    pub fn lock(&self) -> MutexGuard<'_, Engine> {
        // a panic rolled its transaction back: what the lock guards is whole
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub struct Daemon {
    pub address: SocketAddr,
    pub engine: Shared,
    pub client: Client,
    pub log_grew: Nudge,
    pub stop: Stop,
    tasks: Tasks,
    dir: PathBuf,
    subscribers: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("the pages cannot be served")]
    Listen(#[source] std::io::Error),
    #[error("webhook `{id}` cannot be used: {why}")]
    Webhook { id: String, why: String },
    #[error("source `{id}` cannot be polled: {why}")]
    Source { id: String, why: String },
    #[error("the network cannot be used: {0}")]
    Network(String),
}

impl Daemon {
    /// Builds and starts everything; when it returns, the pages answer.
    pub async fn start(engine: Engine, plan: Plan) -> Result<Daemon, StartError> {
        // before any task: what is counted without a recorder is lost
        let metrics = Metrics::install();
        begin_counting();
        let listener = web::bind(plan.listen).await.map_err(StartError::Listen)?;
        let address = listener.local_addr().map_err(StartError::Listen)?;
        let client = Client::new(plan.fetching.clone()).map_err(|fault| StartError::Network(fault.to_string()))?;
        let (dir, stop, log_grew) = (engine.store.dir.clone(), Stop::new(), Nudge::new());
        let subscribers = plan.webhooks.iter().map(|webhook| webhook.id.clone()).collect();
        let data = dir.clone();
        let answers = answers(engine.setup.clone(), engine.measures.clone());
        let mut tasks = Tasks::new(Clock::Real, stop.clone());
        for dispatcher in dispatchers(&plan, &dir)? {
            let (id, dispatcher) = (dispatcher.id().to_owned(), Arc::new(dispatcher));
            let task = Task::drain(format!("deliver:{id}")).when(&log_grew).every(Duration::from_secs(60)).at_once();
            tasks.spawn(task, move |run| {
                let dispatcher = dispatcher.clone();
                async move { dispatcher.once(&run.clock, &run.stop).await }
            });
        }
        if !engine.rule_change.is_empty() {
            count_alerts(&engine.rule_change);
            tracing::info!(alerts = engine.rule_change.len(), "the files in force are not those of the last act");
        }
        let engine = Shared(Arc::new(Mutex::new(engine)));
        if plan.polls {
            let ids: Vec<String> = engine.lock().setup.connectors.keys().cloned().collect();
            for id in ids {
                let task = poll_task(&engine, &id, plan.fetching.poll)?;
                let source = Source { id, engine: engine.clone(), client: client.clone(), log_grew: log_grew.clone() };
                tasks.spawn(task, move |run| source.clone().once(run));
            }
        }
        let open: web::Open = |dir| open_connection(dir, false).map_err(|error| error.to_string());
        let mut options = web::Options::new(dir, open, store::schema_version(), Clock::Real, stop.clone(), metrics);
        (options.log_grew, options.statuses, options.answers) = (log_grew.clone(), tasks.statuses(), Some(answers));
        tasks.serve("pages", web::serve(listener, options));
        Ok(Daemon { address, engine, client, log_grew, stop, tasks, dir: data, subscribers })
    }

    /// After the stop was asked for: the commit that is going on finishes, deliveries go on for at
    /// most `drain`. Returns what is left: tasks that had not ended, deliveries that are owed.
    pub async fn finish(self, drain: Duration) -> Vec<String> {
        self.stop.intake();
        let mut left = self.tasks.finish(drain).await;
        let Ok(db) = open_connection(&self.dir, false) else { return left };
        for id in self.subscribers {
            if let Ok(Some(sum)) = deliveries::accounting(&db, &id)
                && sum.pending + sum.ahead > 0
            {
                left.push(format!("{} deliveries to {id}", sum.pending + sum.ahead));
            }
        }
        left
    }
}

fn dispatchers(plan: &Plan, dir: &Path) -> Result<Vec<Dispatcher>, StartError> {
    if plan.webhooks.is_empty() {
        return Ok(Vec::new());
    }
    let ledger = Ledger::new(open_connection(dir, true).map_err(EngineError::from)?);
    let sender =
        Sender::new(Guard::new(plan.fetching.egress), WEBHOOK_TIMEOUT).map_err(|error| StartError::Network(error.to_string()))?;
    let mut dispatchers = Vec::new();
    for webhook in &plan.webhooks {
        let refuse = |why: String| StartError::Webhook { id: webhook.id.clone(), why };
        sender.check(&webhook.url).map_err(|error| refuse(error.to_string()))?;
        let secrets = webhook.secrets(&plan.folder).map_err(|error| refuse(error.to_string()))?;
        dispatchers.push(Dispatcher::new(webhook.clone(), secrets, sender.clone(), plan.policy.clone(), ledger.clone()));
    }
    Ok(dispatchers)
}

fn poll_task(engine: &Shared, id: &str, limit: Duration) -> Result<Task, StartError> {
    let schedule = engine.lock().setup.connectors.get(id).and_then(|manifest| manifest.schedule.clone());
    let task = Task::intake(format!("poll:{id}")).at_once().within(limit + Duration::from_secs(60));
    match schedule {
        None => Ok(task.every(FOLDER_EVERY)),
        Some(cron) => {
            let schedule: Schedule =
                cron.parse().map_err(|error| StartError::Source { id: id.to_owned(), why: format!("{error}") })?;
            Ok(task.on(schedule))
        }
    }
}

/// One source with what its task needs.
#[derive(Clone)]
struct Source {
    id: String,
    engine: Shared,
    client: Client,
    log_grew: Nudge,
}

impl Source {
    async fn once(self, run: Run) -> Result<Again, PollError> {
        let (manifest, known, dir, incoming) = {
            let engine = self.engine.lock();
            (
                engine.setup.connector(&self.id)?.clone(),
                engine.position(&self.id)?,
                engine.store.dir.clone(),
                engine.store.raw.incoming().to_owned(),
            )
        };
        let polled =
            match poll::ask(&self.client, &manifest, known.as_deref(), run.clock.now(), (&dir, &incoming), Mode::Commit).await {
                Ok(polled) => polled,
                Err(fault) => {
                    metrics::counter!("headwater_fetches_total", "source" => self.id.clone(), "outcome" => "failed").increment(1);
                    return Err(PollError::Fetch { source_id: self.id, fault });
                }
            };
        let (engine, id, now) = (self.engine.clone(), self.id.clone(), run.clock.now());
        let taken = tokio::task::spawn_blocking(move || {
            let (mut engine, began) = (engine.lock(), Instant::now());
            let taken = poll::take(&mut engine, &id, polled, now, poll::today(now), Mode::Commit);
            if matches!(taken, Ok(Outcome::Took(_))) {
                metrics::histogram!("headwater_ingest_seconds").record(began.elapsed().as_secs_f64());
            }
            taken
        });
        let outcome = taken.await.map_err(|error| EngineError::Runtime(error.to_string()))??;
        let word = match &outcome {
            Outcome::Took(_) => "new",
            Outcome::Unchanged { .. } => "unchanged",
            Outcome::NotYet { .. } | Outcome::Later { .. } => "later",
        };
        metrics::counter!("headwater_fetches_total", "source" => self.id.clone(), "outcome" => word).increment(1);
        match outcome {
            Outcome::Took(done) => {
                done.iter().for_each(|done| tell(&self.id, done));
                self.log_grew.nudge();
                Ok(Again::AsPlanned)
            }
            Outcome::Later { not_before, why } => {
                tracing::info!(source.id = self.id, why, %not_before, "asked to come back later");
                Ok(Again::By(not_before))
            }
            Outcome::NotYet { tried } if poll::settles(&manifest, &tried) => Ok(Again::By(after(run.clock.now(), poll::SETTLES))),
            Outcome::Unchanged { .. } | Outcome::NotYet { .. } => Ok(Again::AsPlanned),
        }
    }
}

/// Every kind stands at zero from the start, so that the first one is seen to be one more.
fn begin_counting() {
    for kind in NewsKind::all() {
        metrics::counter!(counter(Some(kind.class())), "kind" => kind.word()).increment(0);
    }
}

fn counter(class: Option<Class>) -> &'static str {
    match class {
        Some(Class::Register | Class::Notice) => "headwater_news_total",
        Some(Class::Concern) | None => "headwater_alerts_total",
    }
}

fn count_alerts(alerts: &[Entry]) {
    for alert in alerts {
        metrics::counter!(counter(alert.class()), "kind" => alert.word().to_owned()).increment(1);
    }
}

/// Logs and counts what an act did.
pub fn tell(source: &str, done: &Done) {
    let Done::File { release, alerts } = done else { return };
    let (info, counts) = (&release.info, &release.counts);
    let skipped: u32 = counts.skipped.values().sum();
    for (fate, rows) in [("accepted", counts.accepted), ("quarantined", counts.quarantined), ("skipped", skipped)] {
        metrics::counter!("headwater_rows_total", "source" => source.to_owned(), "fate" => fate).increment(u64::from(rows));
    }
    metrics::counter!("headwater_releases_total", "source" => source.to_owned(), "judgement" => release.status.word())
        .increment(1);
    count_alerts(alerts);
    let (name, status) = (info.name(), release.status.word());
    tracing::info!(
        source.id = source,
        release.id = info.no.0,
        release = name,
        status,
        rows = counts.read,
        alerts = alerts.len(),
        "a release came"
    );
    for finding in &release.findings {
        tracing::warn!(source.id = source, release.id = info.no.0, %finding, "look at this release");
    }
}
