//! Pairs of measures of which one cannot be larger than the other.

use crate::faults::Finding;

use super::judge::{Question, hold, percent};

/// Rounding and real oddities reverse a few rows.
const REVERSED_MAX: f64 = 0.05;

const FEW: u32 = 20;

pub(super) fn check(question: &Question<'_>) -> Vec<Finding> {
    let shape = question.incoming.shape;
    let reversed =
        shape.ordered.iter().filter(|pair| pair.both >= FEW && f64::from(pair.reversed) > REVERSED_MAX * f64::from(pair.both));
    reversed
        .map(|pair| {
            let column = |id: &String| shape.measures.get(id).map_or_else(|| id.clone(), |spread| spread.column.clone());
            let what = format!(
                "in {} of {} rows ({}) it is larger than `{}`, which should not happen in more than {}: the values of the two columns may have been exchanged",
                pair.reversed,
                pair.both,
                percent(f64::from(pair.reversed) / f64::from(pair.both)),
                column(&pair.upper),
                percent(REVERSED_MAX)
            );
            hold("values-exchanged", what).in_column(column(&pair.lower))
        })
        .collect()
}
