//! What to do after a try. Pure: the answer, the attempts so far, the time and a random number in,
//! a decision out.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Pauses after the first, second … failed try, as Standard Webhooks recommends: the last try is
/// about three days after the first.
pub const SCHEDULE: [Duration; 9] = [
    Duration::from_secs(5),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 3600),
    Duration::from_secs(5 * 3600),
    Duration::from_secs(10 * 3600),
    Duration::from_secs(14 * 3600),
    Duration::from_secs(20 * 3600),
    Duration::from_secs(24 * 3600),
];

/// A pause is between `1 - JITTER` and `1 + JITTER` times that of the schedule, so that receivers
/// that failed together are not tried again together.
pub const JITTER: f64 = 0.2;

/// No `Retry-After` is believed beyond this.
pub const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The receiver answered, with the beginning of what it said.
    Status { code: u16, retry_after: Option<Duration>, said: String },
    /// Connected, and no answer came: timed out, broken off.
    Failed(String),
    /// No connection: nobody listens, no such name, not permitted to connect there.
    Unreachable(String),
}

/// What follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Delivered,
    Retry(Timestamp),
    /// The receiver asked for time or cannot be reached: nothing at all is sent to it before then.
    Pause(Timestamp),
    /// The schedule has ended.
    Dead,
    /// The receiver is gone for good (410): nothing more is sent, everything stays pending.
    Disable,
}

/// Decide. `failed` counts the tries of this alert that failed before this one; `random` is in 0..1.
pub fn step(schedule: &[Duration], failed: u32, answer: &Answer, now: Timestamp, random: f64) -> Step {
    let asked = match answer {
        Answer::Status { code: 200..=299, .. } => return Step::Delivered,
        Answer::Status { code: 410, .. } => return Step::Disable,
        Answer::Status { code: 429 | 500..=599, retry_after, .. } => *retry_after,
        // 3xx too: a webhook is not redirected, since the signature is for one receiver
        Answer::Status { .. } | Answer::Failed(_) => None,
        // one alert in turn finds out whether somebody listens again, not all of them
        Answer::Unreachable(_) => Some(Duration::ZERO),
    };
    let Some(pause) = usize::try_from(failed).ok().and_then(|n| schedule.get(n)) else { return Step::Dead };
    let pause = pause.mul_f64(1.0 - JITTER + 2.0 * JITTER * random.clamp(0.0, 1.0));
    let later =
        |by: Duration| now.saturating_add(SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX)).unwrap_or(Timestamp::MAX);
    match asked {
        Some(asked) => Step::Pause(later(asked.min(LONGEST).max(pause))),
        None => Step::Retry(later(pause)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn status(code: u16, retry_after: Option<u64>) -> Answer {
        Answer::Status { code, retry_after: retry_after.map(Duration::from_secs), said: String::new() }
    }

    #[test]
    fn each_answer_leads_to_its_step() {
        let now: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
        let at = |seconds| now + SignedDuration::from_secs(seconds);
        let failed = Answer::Failed("no answer".into());
        let away = Answer::Unreachable("connection refused".into());
        for (answer, before, expected) in [
            (status(200, None), 0, Step::Delivered),
            (status(204, None), 99, Step::Delivered),
            (status(301, None), 0, Step::Retry(at(5))),
            (status(400, None), 1, Step::Retry(at(300))),
            (status(400, Some(9000)), 1, Step::Retry(at(300))),
            (status(410, None), 0, Step::Disable),
            (status(429, Some(1)), 0, Step::Pause(at(5))),
            (status(429, Some(172_800)), 0, Step::Pause(at(172_800))),
            (status(503, Some(60)), 0, Step::Pause(at(60))),
            (status(503, Some(u64::MAX)), 0, Step::Pause(at(30 * 86_400))),
            (status(500, None), 8, Step::Retry(at(86_400))),
            (status(500, None), 9, Step::Dead),
            (failed.clone(), 0, Step::Retry(at(5))),
            (failed, 9, Step::Dead),
            (away.clone(), 1, Step::Pause(at(300))),
            (away, 9, Step::Dead),
        ] {
            assert_eq!(step(&SCHEDULE, before, &answer, now, 0.5), expected, "{answer:?} after {before}");
        }
    }

    proptest! {
        #[test]
        fn pauses_stay_within_their_bounds(failed in 0u32..9, random in 0.0f64..1.0, code in 100u16..600) {
            let now: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
            if let Step::Retry(at) = step(&SCHEDULE, failed, &status(code, None), now, random) {
                let (pause, planned) = (at.duration_since(now).as_secs_f64(), SCHEDULE[failed as usize].as_secs_f64());
                prop_assert!(pause >= planned * 0.799 && pause <= planned * 1.201);
            }
        }
    }
}
