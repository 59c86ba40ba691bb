//! Whether an outcome says anything that the last alert did not.
//!
//! The fingerprint covers the verdict, its severity, what it is about, and of each figure the
//! measure, the year, the value or reason, cohort and interval. It leaves out where the figure
//! was read and the version of the rule: a file published again with the same figures, or a rule
//! edited without effect, is not news. Days are left out too, since a register says the same on
//! many days; the day that matters is what the outcome is about.

use sha2::{Digest, Sha256};

use crate::model::Severity;
use crate::model::{AcademicYear, Evidence, Verdict};

/// 64 hexadecimal digits, equal for equal content on every machine.
pub fn of(verdict: Verdict, severity: Option<Severity>, about: &str, evidence: &Evidence) -> String {
    let mut hash = Sha256::new();
    let mut put = |text: &str| {
        // the length keeps neighbouring fields apart
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    put(&verdict.to_string());
    put(&severity.map(|one| one.to_string()).unwrap_or_default());
    put(about);
    let mut seen = std::collections::BTreeSet::new();
    for figure in evidence.figures() {
        let year = figure.period.parse::<AcademicYear>().map(|year| year.to_string()).unwrap_or_default();
        let fields = [
            figure.measure.as_str(),
            &figure.title,
            &year,
            &figure.value,
            figure.missing.as_deref().unwrap_or_default(),
            figure.cohort.as_deref().unwrap_or_default(),
            figure.interval.as_deref().unwrap_or_default(),
        ]
        .map(str::to_owned);
        // a figure that two clauses look at counts once
        if seen.insert(fields.clone()) {
            fields.iter().for_each(|field| put(field));
        }
    }
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Figure;
    use crate::model::evidence::{Citation, Clause};

    fn evidence(value: &str, period: &str, row: u32) -> Evidence {
        let cite = Citation {
            release: i64::from(row),
            release_name: format!("release {row}"),
            file: row.to_string(),
            row,
            column: "P8MEA".into(),
            raw: value.into(),
            urn: None,
        };
        let figure = Figure {
            measure: "ks4.p8".into(),
            title: "Progress 8 score".into(),
            period: period.into(),
            value: value.into(),
            missing: None,
            cohort: None,
            interval: None,
            cite: Some(cite),
        };
        let clause = Clause { says: "low".into(), verdict: Verdict::Met, depth: 0, figures: vec![figure] };
        Evidence { clauses: vec![clause] }
    }

    fn print(evidence: &Evidence) -> String {
        of(Verdict::Met, None, "2016/17", evidence)
    }

    #[test]
    fn the_same_figures_elsewhere_are_no_news_and_other_figures_are() {
        let first = evidence("-0.7", "2016/17", 2);
        assert_eq!(print(&first), print(&evidence("-0.7", "2016/17", 99)));
        assert_ne!(print(&first), print(&evidence("-0.8", "2016/17", 2)));
        assert_ne!(print(&first), print(&evidence("-0.7", "2015/16", 2)));
        assert_eq!(print(&evidence("x", "2024-01-31", 2)), print(&evidence("x", "2024-02-29", 2)));
        let mut twice = first.clone();
        twice.clauses.push(first.clauses[0].clone());
        assert_eq!(print(&first), print(&twice));
        assert_ne!(print(&first), of(Verdict::Met, None, "2017/18", &first));
    }
}
