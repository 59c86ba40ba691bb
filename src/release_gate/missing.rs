//! How many schools have a reason where a figure is expected.

use crate::faults::Finding;

use super::judge::{Question, hold, percent};
use super::shape::Spread;

/// With fewer rows a share says little, unless it is all of them.
const FEW: u32 = 10;

pub(super) fn check(question: &Question<'_>) -> Vec<Finding> {
    let required = question.incoming.shape.measures.iter().filter(|(_, spread)| spread.required);
    required.filter_map(|(id, spread)| one(question, id, spread)).collect()
}

fn one(question: &Question<'_>, id: &str, spread: &Spread) -> Option<Finding> {
    let share = spread.missing_share()?;
    let rows = spread.n + spread.missing;
    if rows < FEW && spread.n > 0 {
        return None;
    }
    let found = format!("{} of {rows} schools have no figure for `{id}` ({})", spread.missing, percent(share));
    if share > question.spec.missing_max || spread.n == 0 {
        let what = format!("{found}; at most {} were expected", percent(question.spec.missing_max));
        return Some(hold("missing-values", what).in_column(spread.column.clone()));
    }
    let before = question.before?.shape.measures.get(id).filter(|before| before.n > 0)?.missing_share()?;
    if share - before <= question.spec.missing_rise {
        return None;
    }
    let what = format!(
        "{found}, against {} in {}; a rise of at most {} points was expected",
        percent(before),
        question.before_name(),
        (question.spec.missing_rise * 100.0).round()
    );
    Some(hold("missing-values", what).in_column(spread.column.clone()))
}
