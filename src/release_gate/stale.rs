//! A release that is older than what is held for its slot.

use crate::faults::{Class, Finding};
use crate::model::Period;

use super::judge::Question;

pub(super) fn check(question: &Question<'_>) -> Vec<Finding> {
    let (incoming, Some(before)) = (question.incoming, question.before) else { return Vec::new() };
    if incoming.period.slot() != before.period.slot() {
        return Vec::new();
    }
    let what = match (incoming.period, before.period) {
        (Period::Day(day), Period::Day(held)) if day < held => {
            format!("this is the state of {day}, and that of {held} is held already")
        }
        (now, held) if now == held && incoming.stage < before.stage => {
            format!("these are {} figures for {now}, and {} ones are held already", incoming.stage, before.stage)
        }
        _ => return Vec::new(),
    };
    let what =
        format!("{what}: an older release may not follow a newer one; ingest releases in the order in which they were published");
    vec![Finding::new(Class::Refuse, "stale-release", what)]
}
