//! A task's name and policy: when it is due, and when the stop reaches it.

use std::time::Duration;

use jiff::Timestamp;

use super::clock::after;
use super::{Ear, Nudge, Schedule};

/// What a run leaves behind: when it wants to run again at the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    AsPlanned,
    /// No later than this, for example when the next retry is due.
    By(Timestamp),
    Now,
}

/// When the stop reaches the task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Ends after the run that is going on.
    Intake,
    /// Runs once more when all intake has ended, then ends.
    Drain,
}

/// A name and a policy; [`super::Tasks::spawn`] adds the function.
#[derive(Debug, Clone)]
pub struct Task {
    pub(super) name: String,
    every: Option<Duration>,
    schedule: Option<Schedule>,
    pub(super) nudge: Option<Ear>,
    pub(super) within: Duration,
    pub(super) kind: Kind,
    at_once: bool,
}

impl Task {
    /// A task that takes something in: the stop reaches it first.
    pub fn intake(name: impl Into<String>) -> Task {
        let within = Duration::from_secs(300);
        Task { name: name.into(), every: None, schedule: None, nudge: None, within, kind: Kind::Intake, at_once: false }
    }

    /// A task that hands on what is committed: the stop lets it run once more.
    pub fn drain(name: impl Into<String>) -> Task {
        Task { kind: Kind::Drain, at_once: true, ..Task::intake(name) }
    }

    pub fn every(self, interval: Duration) -> Task {
        Task { every: Some(interval), ..self }
    }

    pub fn on(self, schedule: Schedule) -> Task {
        Task { schedule: Some(schedule), ..self }
    }

    pub fn when(self, nudge: &Nudge) -> Task {
        Task { nudge: Some(nudge.ear()), ..self }
    }

    /// Also once at the start.
    pub fn at_once(self) -> Task {
        Task { at_once: true, ..self }
    }

    /// Longest time without a sign of life before it counts as stuck; five minutes unless told.
    pub fn within(self, limit: Duration) -> Task {
        Task { within: limit, ..self }
    }

    /// When it runs next; none when it only waits to be nudged.
    pub(super) fn due(&self, now: Timestamp, again: Again, first: bool) -> Option<Timestamp> {
        if again == Again::Now || (first && self.at_once) {
            return Some(now);
        }
        let interval = self.every.map(|interval| after(now, interval));
        let planned = self.schedule.as_ref().and_then(|schedule| schedule.next(now));
        let asked = if let Again::By(when) = again { Some(when) } else { None };
        [interval, planned, asked].into_iter().flatten().min()
    }
}
