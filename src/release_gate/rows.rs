//! How many schools a release has.

use crate::faults::Finding;

use super::judge::{Question, hold, percent};

pub(super) fn check(question: &Question<'_>) -> Vec<Finding> {
    let (spec, rows) = (question.spec, question.incoming.shape.rows);
    if rows == 0 {
        let what = match question.incoming.counts.read {
            0 => "the file has a header and no rows".to_owned(),
            read => format!("none of the {read} rows is about a school: {}", skipped(question)),
        };
        return vec![hold("no-rows", format!("{what}; at least {} were expected", spec.rows_min.max(1)))];
    }
    let mut findings = Vec::new();
    if rows < spec.rows_min {
        findings.push(hold("row-count", format!("{rows} schools, where at least {} were expected", spec.rows_min)));
    }
    let Some(before) = question.before.filter(|before| before.shape.rows > 0) else { return findings };
    let (now, then) = (question.incoming.shape.rows_each(), before.shape.rows_each());
    let (fall, rise) = (1.0 - now / then, now / then - 1.0);
    let rises = (1.0 + spec.rows_rise).powf(question.years_apart()) - 1.0;
    let limit = if fall > question.loss(spec.rows_fall) {
        question.loss(spec.rows_fall)
    } else if rise > rises {
        rises
    } else {
        return findings;
    };
    let (moved, by) = if fall > 0.0 { ("fewer", fall) } else { ("more", rise) };
    findings.push(hold(
        "row-count",
        format!(
            "{now:.0} schools, {} {moved} than the {then:.0} of {}; up to {} was expected",
            percent(by),
            question.before_name(),
            percent(limit)
        ),
    ));
    findings
}

fn skipped(question: &Question<'_>) -> String {
    let reasons: Vec<_> = question.incoming.counts.skipped.iter().map(|(reason, n)| format!("{n} {reason}")).collect();
    if reasons.is_empty() { "all of them are figures of areas".to_owned() } else { reasons.join(", ") }
}
