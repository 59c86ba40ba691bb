//! A release that is older than what is held for its slot.

use crate::faults::{Class, Finding};
use crate::model::Period;

use super::judge::{Question, hold};

pub(super) fn check(question: &Question<'_>) -> Vec<Finding> {
    let incoming = question.incoming;
    if let (Period::Day(day), Some(Period::Day(now))) = (incoming.period, incoming.counts_now)
        && day < now
    {
        let what = format!(
            "this is the state of {day}, and that of {now} counts now: if it is accepted, it fills in history and changes nothing \
             that stands now"
        );
        return vec![hold("stale-release", what)];
    }
    let Some(before) = question.before.filter(|before| before.period == incoming.period) else { return Vec::new() };
    if incoming.stage >= before.stage {
        return Vec::new();
    }
    let what = format!(
        "these are {} figures for {}, and {} ones are held already: an older release may not follow a newer one; \
         ingest releases in the order in which they were published",
        incoming.stage, incoming.period, before.stage
    );
    vec![Finding::new(Class::Refuse, "stale-release", what)]
}
