//! Schools that were closed before the period that the release is about.

use crate::faults::Finding;

use super::judge::{Question, hold, percent};

/// Fewer are set aside one by one, whatever their share.
const FEW: f64 = 10.0;

pub(super) fn check(question: &Question<'_>) -> Vec<Finding> {
    let shape = question.incoming.shape;
    let set_aside = f64::from(shape.closed) / f64::from(shape.rows.max(1));
    let share = question.incoming.closed_share.unwrap_or(0.0).max(set_aside);
    if share <= question.spec.closed_max || share * f64::from(shape.rows) < FEW {
        return Vec::new();
    }
    let what = format!(
        "{} of its schools were closed before {}, where at most {} was expected: these may be the figures of an earlier period",
        percent(share),
        question.incoming.period,
        percent(question.spec.closed_max)
    );
    vec![hold("closed-schools", what).in_column(shape.key.clone())]
}
