//! Whether a column still holds what it held in the release before.

use crate::faults::Finding;
use crate::model::Period;

use super::judge::{Question, hold};

/// Means of fewer figures move by themselves.
const FEW: u32 = 30;

pub(super) fn check(question: &Question<'_>) -> Vec<Finding> {
    let Some(before) = question.before else { return Vec::new() };
    let mut findings = Vec::new();
    for (id, spread) in &question.incoming.shape.measures {
        let Some(earlier) = before.shape.measures.get(id).filter(|earlier| earlier.n >= FEW && spread.n >= FEW) else { continue };
        let (Some(now), Some(then)) = (spread.figures, earlier.figures) else { continue };
        if then.sd == 0.0 || changed_meaning(question, id) {
            continue;
        }
        let shift = (now.mean - then.mean).abs() / then.sd;
        if shift > question.spec.shift_max {
            let what = format!(
                "the mean of `{id}` is {:.2}, and was {:.2} in {}: a shift by {shift:.2} standard deviations, where at most {} was expected",
                now.mean,
                then.mean,
                question.before_name(),
                question.spec.shift_max
            );
            findings.push(hold("shifted-values", what).in_column(spread.column.clone()));
        }
    }
    findings
}

/// Whether the registry says that the measure means something else since.
fn changed_meaning(question: &Question<'_>, id: &str) -> bool {
    match (question.before.map(|before| before.period), question.incoming.period, question.measures.get(id)) {
        (Some(Period::Year(from)), Period::Year(to), Some(measure)) => measure.break_between(from, to).is_some(),
        _ => false,
    }
}
