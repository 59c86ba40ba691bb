//! Whether the rows are about the schools that they should be about.

use crate::faults::{Class, Finding};

use super::judge::{Question, hold, percent};

/// More rows without a key than with one: the key column holds something else.
const KEYLESS_MAX: f64 = 0.5;

/// Fewer rows say nothing about a column.
const FEW: u32 = 5;

pub(super) fn check(question: &Question<'_>) -> Vec<Finding> {
    let incoming = question.incoming;
    let skipped: u32 = incoming.counts.skipped.values().sum();
    let rows = incoming.counts.read.saturating_sub(skipped);
    let keyless = incoming.shape.keyless;
    if keyless >= FEW && f64::from(keyless) > KEYLESS_MAX * f64::from(rows) {
        let what = format!(
            "{keyless} of {rows} rows have no key in this column: it holds something else, as when all values are shifted by one column; \
             ask the publisher for another file"
        );
        return vec![Finding::new(Class::Refuse, "key-column", what).in_column(incoming.shape.key.clone())];
    }
    let Some(before) = question.before.filter(|before| !before.keys.is_empty()) else { return Vec::new() };
    let again = common(before.keys, incoming.keys);
    let share = again as f64 / before.keys.len() as f64;
    let least = 1.0 - question.loss(1.0 - question.spec.overlap_min);
    if share >= least {
        return Vec::new();
    }
    let what = format!(
        "{again} of the {} schools of {} are in it again ({}); at least {} were expected",
        before.keys.len(),
        question.before_name(),
        percent(share),
        percent(least)
    );
    vec![hold("key-overlap", what).in_column(incoming.shape.key.clone())]
}

/// How many numbers two ascending lists have in common.
fn common(a: &[i64], b: &[i64]) -> usize {
    a.iter().filter(|key| b.binary_search(key).is_ok()).count()
}
