//! One subscription brought up to date: what is owed is sent, what was sent is committed.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};
use jiff::Timestamp;
use rusqlite::Connection;
use tokio::sync::Mutex;

use super::queue::Queue;
use super::retry::{self, Answer, Step};
use super::webhook::Sender;
use super::{Secret, Subscription, subscription};
use crate::runtime::{Again, Clock, Stop};
use crate::store::deliveries::{self, Attempt, Effect, Logged, Mark, Owed};

/// Most alerts owed to one subscription that are looked up ahead of time.
const WINDOW: usize = 2000;

#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    #[error("deliveries could not be read or committed: {0}")]
    Store(#[from] rusqlite::Error),
    #[error("subscription `{0}` is not known to the store")]
    Unknown(String),
    #[error("a worker thread ended early")]
    Worker,
}

/// The connection on which all deliveries are committed, one user at a time.
#[derive(Debug, Clone)]
pub struct Ledger(Arc<Mutex<Connection>>);

impl Ledger {
    pub fn new(connection: Connection) -> Ledger {
        Ledger(Arc::new(Mutex::new(connection)))
    }

    /// Run `work` on a thread that may block.
    pub async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, DeliverError> {
        let mut connection = self.0.clone().lock_owned().await;
        let done = tokio::task::spawn_blocking(move || work(&mut connection)).await;
        Ok(done.map_err(|_| DeliverError::Worker)??)
    }
}

/// How hard to try.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Pauses after failed tries; see [`retry::SCHEDULE`].
    pub schedule: Vec<Duration>,
    /// Requests to one receiver at the same time.
    pub at_once: usize,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy { schedule: retry::SCHEDULE.to_vec(), at_once: 8 }
    }
}

/// Delivers to one subscription.
#[derive(Debug)]
pub struct Dispatcher {
    id: String,
    subscription: Arc<Subscription>,
    secrets: Vec<Secret>,
    sender: Sender,
    policy: Policy,
    ledger: Ledger,
}

/// One try that ended.
struct Tried {
    owed: Owed,
    started: Timestamp,
    took: Duration,
    answer: Answer,
}

impl Dispatcher {
    pub fn new(subscription: Subscription, secrets: Vec<Secret>, sender: Sender, policy: Policy, ledger: Ledger) -> Dispatcher {
        let (id, subscription) = (subscription.id.clone(), Arc::new(subscription));
        Dispatcher { id, subscription, secrets, sender, policy, ledger }
    }

    /// Id of the subscription.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Send everything that is due, and say when the next alert is. Doing it again does no harm,
    /// and it may be dropped or killed at any point: what was sent and not committed is sent again
    /// under the same id.
    pub async fn once(&self, clock: &Clock, stop: &Stop) -> Result<Again, DeliverError> {
        if let Some(again) = self.rests(clock.now()).await? {
            return Ok(again);
        }
        let mut queue = Queue::default();
        let mut flying = FuturesUnordered::new();
        // set when the receiver asked for time, is away or gone, or when everything stops
        let mut enough = false;
        loop {
            if !enough && queue.len() < WINDOW / 2 {
                self.look_ahead(&mut queue, clock.now()).await?;
            }
            let room = if enough { 0 } else { self.policy.at_once.saturating_sub(flying.len()) };
            for (owed, alert) in self.next(&mut queue, room, clock.now()).await? {
                flying.push(self.attempt(owed, alert, clock));
            }
            let mut ended = Vec::new();
            tokio::select! {
                biased;
                () = stop.everything_stopped() => break,
                tried = flying.next() => match tried {
                    Some(tried) => ended.push(tried),
                    None => break,
                },
            }
            // whatever else has ended meanwhile goes into the same commit
            while let Some(Some(tried)) = futures_util::FutureExt::now_or_never(flying.next()) {
                ended.push(tried);
            }
            let effect = self.commit(&mut queue, ended, clock.now()).await?;
            enough |= effect.pause_until.is_some() || effect.disable.is_some() || stop.everything_is_stopped();
        }
        self.report().await?;
        if enough {
            return Ok(self.rests(clock.now()).await?.unwrap_or(Again::AsPlanned));
        }
        Ok(queue.due().map_or(Again::AsPlanned, Again::By))
    }

    /// Whether nothing is to be sent now, and until when.
    async fn rests(&self, now: Timestamp) -> Result<Option<Again>, DeliverError> {
        let (id, from_start) = (self.id.clone(), self.subscription.from == subscription::From::Start);
        let standing = self.ledger.with(move |db| {
            deliveries::begin(db, &id, from_start)?;
            deliveries::standing(db, &id)
        });
        let standing = standing.await?.ok_or_else(|| DeliverError::Unknown(self.id.clone()))?;
        Ok(match (standing.disabled, standing.paused_until) {
            (Some(_), _) => Some(Again::AsPlanned),
            (None, Some(until)) if until > now => Some(Again::By(until)),
            _ => None,
        })
    }

    /// Note what the log owes, and take it into the queue.
    async fn look_ahead(&self, queue: &mut Queue, now: Timestamp) -> Result<(), DeliverError> {
        let (subscription, last, held) = (self.subscription.clone(), queue.last(), queue.len());
        let owed = self.ledger.with(move |db| {
            // nothing is planned beyond the window, however long the receiver is away
            let noted = held + deliveries::pending(db, &subscription.id, last)?.len();
            let room = u32::try_from(WINDOW.saturating_sub(noted)).unwrap_or(0);
            let filter = &subscription.filter;
            deliveries::plan(db, &subscription.id, room, now, filter.reads_body(), |alert| filter.wants(alert))?;
            deliveries::pending(db, &subscription.id, last)
        });
        queue.add(owed.await?);
        Ok(())
    }

    /// Up to `room` alerts that are due, with their entries of the log.
    async fn next(&self, queue: &mut Queue, room: usize, now: Timestamp) -> Result<Vec<(Owed, Option<Logged>)>, DeliverError> {
        let due: Vec<Owed> = std::iter::from_fn(|| queue.take(now)).take(room).collect();
        if due.is_empty() {
            return Ok(Vec::new());
        }
        self.ledger.with(move |db| due.into_iter().map(|owed| Ok((owed, deliveries::entry(db, owed.seq)?))).collect()).await
    }

    /// Never touches the ledger: a try that waited for it while the commit of another is awaited
    /// would not be polled, and could be given its turn and keep it for ever.
    async fn attempt(&self, owed: Owed, entry: Option<Logged>, clock: &Clock) -> Tried {
        let (started, timer) = (clock.now(), std::time::Instant::now());
        let answer = match entry {
            Some(alert) => self.sender.send(&self.subscription.url, &self.secrets, &alert.id, alert.body, started).await,
            None => Answer::Failed("the alert is not in the log".to_owned()),
        };
        Tried { owed, started, took: timer.elapsed(), answer }
    }

    /// Decide about each try and commit all of them together.
    async fn commit(&self, queue: &mut Queue, ended: Vec<Tried>, now: Timestamp) -> Result<Effect, DeliverError> {
        let mut effect = Effect::default();
        let mut attempts = Vec::new();
        for tried in &ended {
            let step = retry::step(&self.policy.schedule, tried.owed.attempts, &tried.answer, now, fastrand::f64());
            let mark = match step {
                Step::Delivered => Mark::Delivered,
                Step::Retry(at) => Mark::Retry(at),
                Step::Dead => Mark::Dead,
                Step::Pause(at) => {
                    effect.pause_until = effect.pause_until.max(Some(at));
                    Mark::Retry(at)
                }
                Step::Disable => {
                    effect.disable = Some("the receiver answered 410 Gone".to_owned());
                    Mark::Retry(now)
                }
            };
            attempts.push(self.attempt_row(tried, mark));
        }
        let marks: Vec<(u32, Mark)> =
            ended.iter().zip(&attempts).map(|(tried, attempt)| (tried.owed.urn, attempt.mark)).collect();
        let (id, committed) = (self.id.clone(), effect.clone());
        self.ledger.with(move |db| deliveries::record(db, &id, &attempts, &committed)).await?;
        marks.into_iter().for_each(|(urn, mark)| queue.done(urn, mark));
        if let Some(why) = &effect.disable {
            tracing::error!(subscription = self.id, why, "a subscription was disabled; enable it when the receiver is back");
        }
        Ok(effect)
    }

    fn attempt_row(&self, tried: &Tried, mark: Mark) -> Attempt {
        let (status, what) = match &tried.answer {
            Answer::Status { code, said, .. } => (Some(*code), format!("{code} {said}").trim_end().to_owned()),
            Answer::Failed(why) | Answer::Unreachable(why) => (None, why.clone()),
        };
        let outcome = match mark {
            Mark::Delivered => "delivered",
            Mark::Retry(_) => "retry",
            Mark::Dead => "dead",
        };
        let labels = [("subscription", self.id.clone()), ("outcome", outcome.to_owned())];
        metrics::counter!("headwater_delivery_attempts_total", &labels).increment(1);
        metrics::histogram!("headwater_delivery_seconds").record(tried.took.as_secs_f64());
        if mark == Mark::Dead {
            tracing::error!(subscription = self.id, alert.seq = tried.owed.seq, school.urn = tried.owed.urn, what, "given up");
        } else if mark != Mark::Delivered {
            tracing::warn!(subscription = self.id, alert.seq = tried.owed.seq, what, "not delivered, will be tried again");
        }
        let took_ms = u32::try_from(tried.took.as_millis()).unwrap_or(u32::MAX);
        Attempt { seq: tried.owed.seq, started: tried.started, took_ms, status, what, mark }
    }

    async fn report(&self) -> Result<(), DeliverError> {
        let id = self.id.clone();
        if let Some(sum) = self.ledger.with(move |db| deliveries::accounting(db, &id)).await? {
            let label = [("subscription", self.id.clone())];
            metrics::gauge!("headwater_deliveries_pending", &label).set((sum.pending + sum.ahead) as f64);
            metrics::gauge!("headwater_deliveries_dead", &label).set(sum.dead as f64);
        }
        Ok(())
    }
}
