//! How many rows had to be set aside.

use crate::faults::Finding;

use super::judge::{Question, hold, percent};

/// Fewer rows are looked at one by one, whatever their share.
const FEW: u32 = 10;

pub(super) fn check(question: &Question<'_>) -> Vec<Finding> {
    let (counts, spec) = (question.incoming.counts, question.spec);
    let skipped: u32 = counts.skipped.values().sum();
    let rows = counts.read.saturating_sub(skipped);
    let share = f64::from(counts.quarantined) / f64::from(rows.max(1));
    if counts.quarantined < FEW || share <= spec.quarantine_max {
        return Vec::new();
    }
    let what = format!(
        "{} of {rows} rows were set aside ({}), where at most {} was expected: `headwater quarantine list` shows why",
        counts.quarantined,
        percent(share),
        percent(spec.quarantine_max)
    );
    vec![hold("quarantine-share", what)]
}
