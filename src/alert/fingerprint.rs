//! Whether an outcome says anything that the last alert did not.
//!
//! The fingerprint covers the verdict, its severity, what it is about, and of each figure the
//! measure, the year, the value or reason, cohort and interval. It leaves out where the figure
//! was read and the version of the rule: a file published again with the same figures, or a rule
//! edited without effect, is not news. Days are left out too, since a register says the same on
//! many days; the day that matters is what the outcome is about.

use sha2::{Digest, Sha256};

use crate::model::outcome::Severity;
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
