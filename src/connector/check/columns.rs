//! Columns of a layout against the measure registry.

use std::collections::BTreeMap;

use super::Told;
use crate::connector::{Column, Layout, Manifest, Shape};
use crate::model::measure::{Measure, MeasureKind, Measures};

const DATES: [&str; 3] = ["dd-mm-yyyy", "dd/mm/yyyy", "yyyy-mm-dd"];

pub fn columns(told: &mut Told<'_>, manifest: &Manifest, n: usize, layout: &Layout, measures: Option<&Measures>) {
    let place = n.to_string();
    for (id, column) in &layout.columns {
        let path = ["layout", &place, "columns", id];
        if id.split_once('.').map(|(dataset, _)| dataset) != Some(manifest.dataset.as_str()) {
            told.fault(&path, format!("a measure of the data set `{0}` begins with `{0}.`", manifest.dataset));
        }
        for what in itself(layout, column).into_iter().chain(of_a_person(manifest, layout, column)) {
            told.fault(&path, what);
        }
        if let Some(measures) = measures {
            match measures.get(id) {
                Some(measure) => {
                    for what in against(column, measure) {
                        told.fault(&path, what);
                    }
                }
                None => told.unknown(&path, format!("there is no measure `{id}`"), id, measures.ids()),
            }
        }
    }
    for (id, what) in doubles(manifest, layout) {
        told.fault(&["layout", &place, "columns", id], what);
    }
}

/// Faults that show without the registry.
fn itself(layout: &Layout, column: &Column) -> Vec<String> {
    let mut faults = Vec::new();
    if column.from.is_empty() || column.from.iter().any(|name| name.trim().is_empty()) {
        faults.push("`from` needs the names of the column".into());
    }
    match (layout.shape, column.only.is_empty()) {
        (Shape::Wide, false) => faults.push("`where` is for tidy layouts: write `shape = \"tidy\"`".into()),
        (Shape::Tidy, true) => faults.push("a tidy layout needs `where`, to tell the breakdowns apart".into()),
        _ => {}
    }
    if column.only.values().any(Vec::is_empty) {
        faults.push("`where` needs the tokens of each column".into());
    }
    for token in column.recode.keys().filter(|token| column.markers.contains_key(*token)) {
        faults.push(format!("`{token}` is both a value and a reason for none"));
    }
    for token in column.recode.keys().filter(|token| layout.markers.contains_key(*token)) {
        faults.push(format!("`{token}` is a value here and a marker of the layout"));
    }
    for date in column.dates.iter().filter(|date| !DATES.contains(&date.as_str())) {
        faults.push(format!("`{date}` is not a date pattern: {} are known", DATES.join(", ")));
    }
    faults
}

/// A name is read only to be forgotten: its columns are among the personal ones.
fn of_a_person(manifest: &Manifest, layout: &Layout, column: &Column) -> Vec<String> {
    let Some(person) = &column.person else { return Vec::new() };
    let mut faults = Vec::new();
    for name in column.from.iter().chain(&person.first).filter(|name| !manifest.personal.contains(name)) {
        faults.push(format!("column `{name}` is about a person: list it under `personal` too"));
    }
    if layout.shape == Shape::Tidy {
        faults.push("`person` is for wide layouts".into());
    }
    if !column.recode.is_empty() || column.strip_zeros {
        faults.push("a fingerprint is neither recoded nor stripped of zeros".into());
    }
    if person.vacant.iter().any(|phrase| !phrase.contains(char::is_alphanumeric)) {
        faults.push("a phrase in `vacant` is empty".into());
    }
    faults
}

/// Whether the column can be read as what the registry says.
fn against(column: &Column, measure: &Measure) -> Vec<String> {
    let mut faults = Vec::new();
    let kind = measure.kind;
    if kind != MeasureKind::Category && !column.recode.is_empty() {
        faults.push("only a category is recoded".into());
    }
    if (kind == MeasureKind::Date) == column.dates.is_empty() {
        let more = if column.dates.is_empty() { "a date needs its patterns in `dates`" } else { "only a date has `dates`" };
        faults.push(more.into());
    }
    if column.person.is_some() && kind != MeasureKind::Text {
        faults.push("a fingerprint is a text".into());
    }
    if column.strip_zeros && !matches!(kind, MeasureKind::Text | MeasureKind::Category) {
        faults.push("`strip-zeros` is for codes, which are texts or categories".into());
    }
    for value in column.recode.values().filter(|value| kind == MeasureKind::Category && !measure.values.contains(value)) {
        faults.push(format!("`{value}` is not a value of this measure: {}", measure.values.join(", ")));
    }
    faults
}

/// Headers that would feed two measures with the same cells, or that hold personal data.
fn doubles<'l>(manifest: &Manifest, layout: &'l Layout) -> Vec<(&'l str, String)> {
    let mut faults = Vec::new();
    let mut seen: BTreeMap<(&str, &BTreeMap<String, Vec<String>>), &str> = BTreeMap::new();
    for (id, column) in &layout.columns {
        for name in &column.from {
            if let Some(other) = seen.insert((name, &column.only), id) {
                faults.push((id.as_str(), format!("column `{name}` is read for `{other}` already")));
            }
            if manifest.personal.contains(name) && column.person.is_none() {
                faults.push((id.as_str(), format!("column `{name}` is listed as personal and never read")));
            }
        }
    }
    faults
}
