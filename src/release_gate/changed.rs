//! A publisher that rewrites a column: other codes, other spellings, another order.

use crate::faults::Finding;

use super::judge::{Question, hold, percent};

/// So few schools may change together without anybody rewriting anything.
const FEW: u32 = 10;

/// How many schools have another value of one measure than in the release before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    /// Measure id.
    pub measure: String,
    pub column: String,
    /// Schools of both releases of which the measure could be compared.
    pub compared: u32,
    /// Of these, schools with another value, or with a value where there was none, or the reverse.
    pub changed: u32,
}

pub(super) fn check(question: &Question<'_>) -> Vec<Finding> {
    question.incoming.changed.iter().filter_map(|changed| one(question, changed)).collect()
}

fn one(question: &Question<'_>, of: &Changed) -> Option<Finding> {
    let yearly = *question.spec.changed_max.get(&of.measure)?;
    let share = f64::from(of.changed) / f64::from(of.compared.max(1));
    let most = question.loss(yearly);
    if of.changed < FEW || share <= most {
        return None;
    }
    let what = format!(
        "{} of the {} schools that are in {} too have another `{}` than there ({}); at most {} were expected: \
         the publisher has most likely written the column anew, and accepting the file makes each of them a change",
        of.changed,
        of.compared,
        question.before_name(),
        of.measure,
        percent(share),
        percent(most)
    );
    Some(hold("changed-values", what).in_column(of.column.clone()))
}
