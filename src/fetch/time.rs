//! The time that one poll has.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// A poll's clock: what time it was when it began, and when it must have ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct PollTime {
    began: Timestamp,
    started: Instant,
    total: Duration,
}

impl PollTime {
    pub fn start(now: Timestamp, total: Duration) -> PollTime {
        PollTime { began: now, started: Instant::now(), total }
    }

    /// The caller's clock, moved on by what has passed since.
    pub fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.started.elapsed()).unwrap_or(SignedDuration::MAX);
        self.began.checked_add(passed).unwrap_or(Timestamp::MAX)
    }

    pub fn left(&self) -> Duration {
        self.total.saturating_sub(self.started.elapsed())
    }
}
