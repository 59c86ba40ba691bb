//! How layouts are told apart, and what their rows are.

use std::collections::BTreeSet;

use super::{Told, is_name};
use crate::connector::{Cadence, Layout, Manifest, RowRule};
use crate::model::AcademicYear;
use crate::model::measure::parse_span;

pub fn layouts(told: &mut Told<'_>, manifest: &Manifest) {
    if manifest.layout.is_empty() {
        told.fault(&["layout"], "at least one layout is needed".into());
    }
    for (n, layout) in manifest.layout.iter().enumerate() {
        let place = n.to_string();
        let at = |key: &'static str| ["layout".to_owned(), place.clone(), key.to_owned()];
        let mut fault = |key: &'static str, what: String| {
            let path = at(key);
            told.fault(&path.each_ref().map(String::as_str), what);
        };
        if !is_name(&layout.name) {
            fault("name", format!("`{}` is not a name: lower-case letters, digits and hyphens", layout.name));
        }
        if layout.recognise.is_empty() {
            fault("recognise", "at least one column name is needed".into());
        }
        if layout.key.is_empty() {
            fault("key", "the column that says which school is needed".into());
        }
        if layout.require.is_empty() {
            fault("require", "at least one measure is needed, so that a renamed column is noticed".into());
        }
        if layout.columns.is_empty() {
            fault("columns", "at least one column is needed".into());
        }
        if !layout.periods.is_empty() && parse_span(&layout.periods).is_none() {
            let what = format!("`{}` is not a span of years: write 2015/16..2018/19 or 2022/23..", layout.periods);
            fault("periods", what);
        }
        if manifest.cadence == Cadence::AsAt && !(layout.year.is_empty() && layout.periods.is_empty()) {
            fault("year", "files as at a day have no academic years".into());
        }
        for names in [&layout.recognise, &layout.key, &layout.part, &layout.year] {
            if names.iter().any(|name| name.trim().is_empty()) {
                fault("name", "a column name in this layout is empty".into());
            }
        }
        for id in layout.require.iter().filter(|id| !layout.columns.contains_key(*id)) {
            let path = at("require");
            let known = layout.columns.keys().map(String::as_str);
            told.unknown(&path.each_ref().map(String::as_str), format!("this layout does not read `{id}`"), id, known);
        }
        for rule in &layout.rows {
            if let Some(what) = row_rule(rule) {
                told.fault(&["layout", &place, "rows"], what);
            }
        }
        for earlier in &manifest.layout[..n] {
            if earlier.name == layout.name {
                told.fault(&["layout", &place, "name"], format!("there are two layouts called `{}`", layout.name));
            }
            if shadows(earlier, layout) {
                let what = format!("`{}` above it is always taken first", earlier.name);
                let hint = "put the more special layout first, or give both different periods".into();
                told.hint(&["layout", &place, "recognise"], what, hint);
            }
        }
    }
}

/// Every file of `later` is one of `earlier`.
fn shadows(earlier: &Layout, later: &Layout) -> bool {
    let names = |layout: &Layout| layout.recognise.iter().cloned().collect::<BTreeSet<_>>();
    names(earlier).is_subset(&names(later)) && covers(&earlier.periods, &later.periods)
}

fn covers(outer: &str, inner: &str) -> bool {
    // years as they start; no span is every year
    let span = |periods: &str| {
        let (from, to) = parse_span(periods).map_or((None, None), |(from, to)| (Some(from), to));
        (from.map_or(0, AcademicYear::start), to.map_or(u16::MAX, AcademicYear::start))
    };
    let (outer, inner) = (span(outer), span(inner));
    outer.0 <= inner.0 && inner.1 <= outer.1
}

fn row_rule(rule: &RowRule) -> Option<String> {
    if rule.when.is_empty() || rule.when.values().any(Vec::is_empty) {
        return Some("a rule about rows needs a column and the tokens in it".into());
    }
    match (&rule.area, &rule.skip) {
        (Some(_), Some(_)) | (None, None) => Some("a row is either the figure of an `area` or one to `skip`".into()),
        (None, Some(reason)) if !is_name(reason) => Some(format!("`{reason}` is not a name for a reason")),
        (Some(area), None) => area_fault(area),
        _ => None,
    }
}

/// `england/all`, or `la/{LEA}` with the name of a column.
fn area_fault(area: &str) -> Option<String> {
    let (kind, part) = area.split_once('/').unwrap_or((area, ""));
    let column = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let sound = is_name(kind) && column.map_or_else(|| is_name(part), |column| !column.is_empty());
    (!sound).then(|| format!("`{area}` is not an area: write england/all or la/{{COLUMN}}"))
}
