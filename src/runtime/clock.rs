//! The only place that asks what time it is.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

/// Longest single sleep, so that a wall clock that was set is noticed within that time.
const NAP: Duration = Duration::from_secs(30);

/// The wall clock, or one that only moves when a test moves it.
#[derive(Debug, Clone)]
pub enum Clock {
    Real,
    Fixed(Arc<watch::Sender<Timestamp>>),
}

impl Clock {
    /// A clock that stands still at `now` until [`Clock::set`] or [`Clock::advance`].
    pub fn fixed(now: Timestamp) -> Clock {
        Clock::Fixed(Arc::new(watch::Sender::new(now)))
    }

    pub fn now(&self) -> Timestamp {
        match self {
            Clock::Real => wall(),
            Clock::Fixed(time) => *time.borrow(),
        }
    }

    /// Move a fixed clock; the wall clock is not ours to set.
    pub fn set(&self, now: Timestamp) {
        if let Clock::Fixed(time) = self {
            time.send_replace(now);
        }
    }

    pub fn advance(&self, by: Duration) {
        if let Clock::Fixed(time) = self {
            time.send_modify(|now| *now = after(*now, by));
        }
    }

    /// Return when the clock shows `when` or later.
    pub async fn sleep_until(&self, when: Timestamp) {
        match self {
            Clock::Real => loop {
                let left = between(wall(), when);
                if left.is_zero() {
                    return;
                }
                tokio::time::sleep(left.min(NAP)).await;
            },
            Clock::Fixed(time) => {
                let _ = time.subscribe().wait_for(|now| *now >= when).await;
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
fn wall() -> Timestamp {
    Timestamp::now()
}

/// `when` and `by` later; the end of time where that is past it.
pub fn after(when: Timestamp, by: Duration) -> Timestamp {
    when.saturating_add(jiff::SignedDuration::try_from(by).unwrap_or(jiff::SignedDuration::MAX)).unwrap_or(Timestamp::MAX)
}

/// How long from `from` to `to`; nothing if that is past.
pub fn between(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(from.duration_until(to)).unwrap_or(Duration::ZERO)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test joins its tasks")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_sleeper_wakes_when_a_fixed_clock_is_moved_past_its_time() {
        let clock = Clock::fixed("2027-01-01T00:00:00Z".parse().unwrap());
        let sleeper = clock.clone();
        let task = tokio::spawn(async move {
            sleeper.sleep_until("2027-01-01T06:00:00Z".parse().unwrap()).await;
            sleeper.now()
        });
        clock.advance(Duration::from_secs(3600));
        clock.advance(Duration::from_secs(5 * 3600));
        assert_eq!(task.await.unwrap().to_string(), "2027-01-01T06:00:00Z");
    }
}
