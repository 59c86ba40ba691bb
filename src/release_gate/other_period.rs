//! Figures of another period under a new name.

use crate::faults::Finding;

use super::judge::{Question, hold, percent};

/// By chance a few rows are the same in two years; half of them never.
const SAME_MAX: f64 = 0.3;

pub(super) fn check(question: &Question<'_>) -> Vec<Finding> {
    let same =
        question.incoming.same_rows.iter().filter(|(period, share)| *period != question.incoming.period && *share > SAME_MAX);
    same.max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(period, share)| {
            let what = format!(
                "{} of its rows stand exactly so in the release for {period}, where at most {} was expected: \
                 this may be that release again, and not one for {}",
                percent(*share),
                percent(SAME_MAX),
                question.incoming.period
            );
            hold("same-as-other-period", what)
        })
        .into_iter()
        .collect()
}
