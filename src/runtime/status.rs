//! What each task last did: the source of `/livez`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::clock::between;

/// Runs that end in a panic one after the other before a task counts as stuck.
const PANICS_IN_A_ROW: u32 = 3;

/// What one task last did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Status {
    /// Longest time without a sign of life, while running or when overdue.
    pub within: Duration,
    pub runs: u64,
    pub last_start: Option<Timestamp>,
    pub last_ok: Option<Timestamp>,
    pub last_error: Option<(Timestamp, String)>,
    /// Panics since the last run that ended otherwise.
    pub panics_in_a_row: u32,
    /// Last sign of life of the run that is going on; none when it rests.
    pub running: Option<Timestamp>,
    /// When it is next due; none when it only waits to be nudged or has ended.
    pub due: Option<Timestamp>,
    pub ended: bool,
}

impl Status {
    /// Why the task makes no progress; none when it does. A run that ends in an error is progress:
    /// a publisher that is away is not mended by restarting this program.
    pub fn stuck(&self, now: Timestamp) -> Option<String> {
        if self.ended {
            return None;
        }
        if self.panics_in_a_row >= PANICS_IN_A_ROW {
            return Some(format!("panicked {} times in a row", self.panics_in_a_row));
        }
        let (since, what) = match (self.running, self.due) {
            (Some(since), _) => (since, "running without a sign of life"),
            (None, Some(due)) => (due, "due and not started"),
            (None, None) => return None,
        };
        let silent = between(since, now);
        (silent > self.within).then(|| format!("{what} for {} s, at most {} s allowed", silent.as_secs(), self.within.as_secs()))
    }
}

/// The statuses of all tasks by name. Cloning gives another handle on the same table.
#[derive(Debug, Clone, Default)]
pub struct Statuses(Arc<Mutex<BTreeMap<String, Status>>>);

impl Statuses {
    /// A copy of the table.
    pub fn read(&self) -> BTreeMap<String, Status> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tasks that make no progress, with the reason.
    pub fn stuck(&self, now: Timestamp) -> Vec<(String, String)> {
        self.read().into_iter().filter_map(|(name, status)| status.stuck(now).map(|why| (name, why))).collect()
    }

    pub(super) fn update(&self, name: &str, change: impl FnOnce(&mut Status)) {
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(table.entry(name.to_owned()).or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stuck_means_no_progress_and_not_failure() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (early, late) = (at("2027-01-01T00:00:00Z"), at("2027-01-01T01:00:00Z"));
        let resting = Status { within: Duration::from_secs(60), ..Status::default() };
        assert_eq!(resting.stuck(late), None);
        let failing = Status { last_error: Some((early, "away".into())), due: Some(late), ..resting.clone() };
        assert_eq!(failing.stuck(late), None);
        let hanging = Status { running: Some(early), ..resting.clone() };
        assert!(hanging.stuck(late).unwrap().contains("3600 s"));
        let overdue = Status { due: Some(early), ..resting.clone() };
        assert!(overdue.stuck(late).unwrap().contains("not started"));
        let panicking = Status { panics_in_a_row: 3, ..resting.clone() };
        assert!(panicking.stuck(late).is_some());
        assert_eq!(Status { ended: true, running: Some(early), ..resting }.stuck(late), None);
    }
}
