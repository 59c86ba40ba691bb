//! Whether the figures are in the unit that they should be in.

use crate::faults::Finding;
use crate::model::measure::Unit;

use super::judge::{Question, hold};
use super::shape::{Figures, Spread};

const FEW: u32 = 10;

pub(super) fn check(question: &Question<'_>) -> Vec<Finding> {
    let measures = question.incoming.shape.measures.iter().filter(|(_, spread)| spread.n >= FEW);
    measures
        .filter_map(|(id, spread)| {
            let figures = spread.figures.as_ref()?;
            fraction(question, id, spread, figures).or_else(|| mean(question, id, spread, figures))
        })
        .collect()
}

/// A percentage that is 0.72 where 72 is meant.
fn fraction(question: &Question<'_>, id: &str, spread: &Spread, figures: &Figures) -> Option<Finding> {
    let percent = question.measures.get(id)?.unit == Unit::Percent;
    // a measure may always be small: then it was so before
    let before = question.before.and_then(|before| before.shape.measures.get(id)?.figures);
    let always = before.is_some_and(|before| before.max <= 1.0);
    if !percent || always || figures.min < 0.0 || figures.max > 1.0 || figures.fractions * 2 < spread.n {
        return None;
    }
    let what = format!(
        "all {} figures of `{id}` lie between {} and {}: percentages were expected, and these look like fractions, 100 times too small",
        spread.n, figures.min, figures.max
    );
    Some(hold("percent-as-fraction", what).in_column(spread.column.clone()))
}

/// A mean outside of the range that the manifest gives.
fn mean(question: &Question<'_>, id: &str, spread: &Spread, figures: &Figures) -> Option<Finding> {
    let [low, high] = *question.spec.means.get(id)?;
    if figures.mean >= low && figures.mean <= high {
        return None;
    }
    let what =
        format!("the mean of `{id}` over {} schools is {:.2}; one between {low} and {high} was expected", spread.n, figures.mean);
    Some(hold("implausible-mean", what).in_column(spread.column.clone()))
}
