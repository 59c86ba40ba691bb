//! What to do after an attempt: a pure decision, the waiting is done elsewhere.
//!
//! Waits grow by decorrelated jitter: each is drawn between the base and three times the wait
//! before, up to a cap, so that many clients that failed together do not come back together.
//! A server's Retry-After goes before our own wait; where it is longer than we are ready to wait
//! inside one poll, the poll ends and says when to come back.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How often, and how long, one poll tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetryPolicy {
    /// Attempts in all, the first included.
    pub attempts: u32,
    /// Shortest wait.
    pub base: Duration,
    /// Longest wait of our own choosing.
    pub cap: Duration,
    /// Longest wait that a server may impose inside one poll.
    pub patience: Duration,
    /// Longest Retry-After that is believed; a longer one is cut to this, and the cut is told.
    pub believe: Duration,
}

impl Default for RetryPolicy {
    fn default() -> RetryPolicy {
        RetryPolicy {
            attempts: 4,
            base: Duration::from_millis(500),
            cap: Duration::from_secs(30),
            patience: Duration::from_secs(60),
            believe: Duration::from_secs(7 * 24 * 3600),
        }
    }
}

/// Where we are in the sequence of attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// Counted from one.
    pub number: u32,
    /// Wait before this attempt; zero before the first.
    pub waited: Duration,
    /// Time left in this poll.
    pub left: Duration,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// The server answered with this status; `asked` is its Retry-After.
    Status { code: u16, asked: Option<Duration> },
    /// No whole answer came: connection refused or reset, time-out, garbage, body broken off.
    Broken,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The answer stands, good or bad.
    Done,
    /// Try again after this wait.
    Again { wait: Duration },
    /// End the poll; nothing is to be asked before then.
    Later { not_before: Timestamp, why: String },
    /// End the poll with a fault.
    GiveUp,
}

/// Decides after one attempt. `jitter` lies between 0 and 1 and is the only chance in it.
pub fn next_step(policy: &RetryPolicy, attempt: Attempt, outcome: &AttemptOutcome, now: Timestamp, jitter: f64) -> Step {
    let asked = match outcome {
        AttemptOutcome::Status { code, .. } if !passing(*code) => return Step::Done,
        AttemptOutcome::Status { code, asked } => asked.map(|asked| (*code, asked)),
        AttemptOutcome::Broken => None,
    };
    let last = attempt.number >= policy.attempts.max(1);
    if let Some((code, asked)) = asked {
        let believed = asked.min(policy.believe);
        if last || believed > policy.patience || believed > attempt.left {
            let cut = if believed < asked { format!(", cut from {} s", asked.as_secs()) } else { String::new() };
            let why = format!("the server answered {code} and asked to wait {} s{cut}", believed.as_secs());
            return Step::Later { not_before: after(now, believed), why };
        }
        // jitter on top only: never earlier than asked
        return Step::Again { wait: (believed + policy.base.mul_f64(jitter.clamp(0.0, 1.0))).min(attempt.left) };
    }
    let wait = backoff(policy, attempt.waited, jitter);
    if last || wait > attempt.left { Step::GiveUp } else { Step::Again { wait } }
}

/// Statuses that may pass by themselves.
fn passing(code: u16) -> bool {
    matches!(code, 408 | 425 | 429) || (500..=599).contains(&code)
}

/// Decorrelated jitter: between the base and three times the wait before, capped.
pub fn backoff(policy: &RetryPolicy, waited: Duration, jitter: f64) -> Duration {
    let top = (waited.max(policy.base) * 3).min(policy.cap).max(policy.base);
    policy.base + (top - policy.base).mul_f64(jitter.clamp(0.0, 1.0))
}

fn after(now: Timestamp, wait: Duration) -> Timestamp {
    SignedDuration::try_from(wait).ok().and_then(|wait| now.checked_add(wait).ok()).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-07-15T06:00:00Z";

    fn now() -> Timestamp {
        NOW.parse().expect("a timestamp")
    }

    fn secs(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    fn step(number: u32, left: u64, outcome: AttemptOutcome) -> Step {
        let policy = RetryPolicy { base: secs(1), cap: secs(30), patience: secs(60), ..RetryPolicy::default() };
        next_step(&policy, Attempt { number, waited: Duration::ZERO, left: secs(left) }, &outcome, now(), 0.0)
    }

    #[test]
    fn an_answer_that_stands_is_not_asked_for_again() {
        for code in [200, 204, 206, 301, 304, 400, 401, 403, 404, 405, 406, 410, 416, 418, 451] {
            for asked in [None, Some(secs(5))] {
                assert_eq!(step(1, 600, AttemptOutcome::Status { code, asked }), Step::Done, "{code}");
            }
        }
    }

    #[test]
    fn what_may_pass_is_tried_again_until_the_attempts_or_the_time_are_used_up() {
        for code in [408, 425, 429, 500, 502, 503, 504, 507, 520, 599] {
            let outcome = AttemptOutcome::Status { code, asked: None };
            assert_eq!(step(1, 600, outcome.clone()), Step::Again { wait: secs(1) }, "{code}");
            assert_eq!(step(3, 600, outcome.clone()), Step::Again { wait: secs(1) }, "{code}");
            assert_eq!(step(4, 600, outcome.clone()), Step::GiveUp, "{code}");
            assert_eq!(step(1, 0, outcome), Step::GiveUp, "{code}");
        }
        assert_eq!(step(1, 600, AttemptOutcome::Broken), Step::Again { wait: secs(1) });
        assert_eq!(step(4, 600, AttemptOutcome::Broken), Step::GiveUp);
    }

    #[test]
    fn a_server_that_asks_us_to_wait_is_obeyed_now_or_later() {
        let asked = |seconds| AttemptOutcome::Status { code: 429, asked: Some(secs(seconds)) };
        let later = |step| match step {
            Step::Later { not_before, .. } => not_before.duration_since(now()).as_secs(),
            other => panic!("not later: {other:?}"),
        };
        assert_eq!(step(1, 600, asked(0)), Step::Again { wait: secs(0) });
        assert_eq!(step(1, 600, asked(7)), Step::Again { wait: secs(7) });
        assert_eq!(step(1, 600, asked(60)), Step::Again { wait: secs(60) });
        assert_eq!(later(step(1, 600, asked(61))), 61);
        assert_eq!(later(step(1, 5, asked(7))), 7);
        assert_eq!(later(step(4, 600, asked(7))), 7);
        assert_eq!(later(step(1, 600, asked(u64::MAX))), 7 * 24 * 3600);
    }

    #[test]
    fn a_wait_that_was_cut_says_so() {
        let Step::Later { why, .. } = step(1, 600, AttemptOutcome::Status { code: 503, asked: Some(secs(9_999_999)) }) else {
            panic!("not later")
        };
        assert_eq!(why, "the server answered 503 and asked to wait 604800 s, cut from 9999999 s");
    }

    proptest::proptest! {
        #[test]
        fn a_backoff_stays_within_its_bounds(jitters in proptest::collection::vec(-0.5f64..1.5, 1..20)) {
            let policy = RetryPolicy::default();
            let mut waited = Duration::ZERO;
            for jitter in jitters {
                let wait = backoff(&policy, waited, jitter);
                proptest::prop_assert!(wait >= policy.base && wait <= policy.cap);
                proptest::prop_assert!(wait <= (waited.max(policy.base)) * 3);
                waited = wait;
            }
        }
    }
}
