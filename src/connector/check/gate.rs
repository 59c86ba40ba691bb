//! Limits of the release gate.

use std::cmp::Ordering;

use super::Told;
use crate::connector::Manifest;
use crate::model::measure::{MeasureKind, Measures};

pub fn gate(told: &mut Told<'_>, manifest: &Manifest, measures: Option<&Measures>) {
    let gate = &manifest.gate;
    if gate.rows_min == 0 {
        told.fault(&["gate", "rows-min"], "a release without rows is none: write at least 1".into());
    }
    let shares = [
        ("rows-fall", gate.rows_fall),
        ("overlap-min", gate.overlap_min),
        ("quarantine-max", gate.quarantine_max),
        ("missing-max", gate.missing_max),
        ("missing-rise", gate.missing_rise),
        ("closed-max", gate.closed_max),
    ];
    for (key, share) in shares {
        if !(0.0..=1.0).contains(&share) {
            told.hint(&["gate", key], format!("`{share}` is not a share"), "write 0.05 for five in a hundred".into());
        }
    }
    for (key, limit) in [("rows-rise", gate.rows_rise), ("shift-max", gate.shift_max)] {
        if !limit.is_finite() || limit <= 0.0 {
            told.fault(&["gate", key], format!("`{limit}` should be above 0"));
        }
    }
    for (measure, [low, high]) in &gate.means {
        number(told, &["gate", "means", measure], manifest, measure, measures);
        if low.partial_cmp(high) != Some(Ordering::Less) {
            told.fault(&["gate", "means", measure], "the first figure should be below the second".into());
        }
    }
    for (measure, share) in &gate.changed_max {
        let path = ["gate", "changed-max", measure];
        read(told, &path, manifest, measure);
        if !(0.0..=1.0).contains(share) {
            told.hint(&path, format!("`{share}` is not a share"), "write 0.05 for five in a hundred".into());
        }
    }
    for pair in &gate.ordered {
        for measure in pair {
            number(told, &["gate", "ordered"], manifest, measure, measures);
        }
    }
}

fn number(told: &mut Told<'_>, path: &[&str], manifest: &Manifest, id: &str, measures: Option<&Measures>) {
    let is_other = |measures: &Measures| measures.get(id).is_some_and(|measure| measure.kind != MeasureKind::Number);
    if read(told, path, manifest, id) && measures.is_some_and(is_other) {
        told.fault(path, format!("`{id}` is not a number"));
    }
}

/// Whether a layout reads the measure; a fault if none does.
fn read(told: &mut Told<'_>, path: &[&str], manifest: &Manifest, id: &str) -> bool {
    let known: Vec<&str> = manifest.layout.iter().flat_map(|layout| layout.columns.keys()).map(String::as_str).collect();
    if !known.contains(&id) {
        told.unknown(path, format!("no layout reads `{id}`"), id, known.iter().copied());
    }
    known.contains(&id)
}
