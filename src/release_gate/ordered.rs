//! Pairs of measures of which one cannot be larger than the other.

use crate::faults::Finding;
use crate::model::{AcademicYear, Period};

use super::judge::{Question, hold, percent};
use super::shape::Ordered;

/// Rounding, and rows in which the larger group is the better one, reverse a few: one in sixteen for the absence of
/// 2018/19, where it is nine in ten once the columns are exchanged.
const REVERSED_MAX: f64 = 0.25;

const FEW: u32 = 20;

pub(super) fn check(question: &Question<'_>) -> Vec<Finding> {
    let shape = question.incoming.shape;
    let as_now = |pair: &&Ordered| breaks_to_come(question, &pair.lower) == breaks_to_come(question, &pair.upper);
    let reversed = shape
        .ordered
        .iter()
        .filter(as_now)
        .filter(|pair| pair.both >= FEW && f64::from(pair.reversed) > REVERSED_MAX * f64::from(pair.both));
    reversed
        .map(|pair| {
            let column = |id: &String| shape.measures.get(id).map_or_else(|| id.clone(), |spread| spread.column.clone());
            let what = format!(
                "in {} of {} rows ({}) it is larger than `{}`, where at most {} was expected: the values of the two columns may have been exchanged",
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

/// Years after the period in which the measure changes its meaning. If the two of a pair do not
/// change together, the order that holds today need not have held then.
fn breaks_to_come(question: &Question<'_>, id: &str) -> Vec<AcademicYear> {
    let (Period::Year(period), Some(measure)) = (question.incoming.period, question.measures.get(id)) else { return Vec::new() };
    measure.breaks.keys().filter_map(|from| from.parse().ok()).filter(|from| *from > period).collect()
}
