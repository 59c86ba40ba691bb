//! Finds the layout of a header, and where each measure stands in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::connector::{Layout, Manifest, Shape, SubjectKind};
use crate::faults::{Class, Finding};
use crate::model::measure::{MeasureKind, parse_span};
use crate::model::{AcademicYear, MeasureCode, Measures, Missing, Period};

use super::cells::Reader;
use super::columns::Header;
use super::person::Person;
use super::personal;

/// A header understood: which layout it is, and what is read from where.
#[derive(Debug, Clone)]
pub struct Binding {
    /// Name of the layout block.
    pub layout: String,
    /// Measure id → header of the column that it is read from.
    pub columns: BTreeMap<String, String>,
    /// Columns of the file that nothing reads and that are not listed as personal.
    pub unread: Vec<String>,
    /// Names as they stand in the file.
    pub header: Vec<String>,
    pub(super) period: Period,
    pub(super) subject: SubjectKind,
    pub(super) shape: Shape,
    pub(super) key: usize,
    pub(super) part: Vec<usize>,
    pub(super) year: Option<usize>,
    pub(super) rules: Vec<BoundRule>,
    /// Columns and the tokens of which they must hold one; each condition once.
    pub(super) conditions: Vec<(usize, Vec<String>)>,
    /// In ascending order of codes.
    pub(super) measures: Vec<BoundMeasure>,
    /// Places of columns that must not be kept.
    pub(super) personal: BTreeSet<usize>,
    /// Last cells that say why a row ends early.
    pub(super) tail: BTreeMap<String, Missing>,
    /// The last column may repeat beyond the header.
    pub(super) more_cells: bool,
    /// Places in `measures` of the pairs that the manifest says are ordered.
    pub(super) ordered: Vec<(usize, usize)>,
}

#[derive(Debug, Clone)]
pub(super) struct BoundMeasure {
    pub id: String,
    pub code: MeasureCode,
    pub at: usize,
    /// Tidy layouts: places in the binding's conditions, all of which must be met.
    pub only: Vec<usize>,
    pub reader: Reader,
    /// The cell is a person's name, and is read by this instead.
    pub person: Option<Person>,
    /// Without it the file is not this data set.
    pub required: bool,
    /// It has a part in the shape of the release.
    pub watched: bool,
    /// Spans in which it was published; empty means always.
    pub published: Vec<(AcademicYear, Option<AcademicYear>)>,
}

#[derive(Debug, Clone)]
pub(super) struct BoundRule {
    pub when: Vec<(usize, Vec<String>)>,
    pub area: Option<String>,
    /// Places of the columns that the area's name has in braces.
    pub fill: BTreeMap<String, usize>,
    pub skip: Option<String>,
}

/// Understands `header` as one of the layouts of `manifest`, for a release about `period`.
///
/// # Errors
/// Everything that stands in the way; [`crate::release_gate::Judgement::of`] says what that means for the file.
pub fn bind(manifest: &Manifest, measures: &Measures, period: Period, table_header: &[String]) -> Result<Binding, Vec<Finding>> {
    bind_after(manifest, measures, period, table_header, &[])
}

/// The same, where the header of the release before is known: the column that has a new name is
/// looked for among those that were not there.
///
/// # Errors
/// As [`bind`].
pub fn bind_after(
    manifest: &Manifest,
    measures: &Measures,
    period: Period,
    table_header: &[String],
    earlier: &[String],
) -> Result<Binding, Vec<Finding>> {
    let header = Header::new(table_header, earlier);
    let personal = personal::check(&header.names, &manifest.personal);
    if !personal.is_empty() {
        return Err(personal);
    }
    let layout = choose(manifest, period, &header)?;
    bind_layout(manifest, layout, measures, period, &header, table_header)
}

/// The first layout for that period whose names are all there.
fn choose<'a>(manifest: &'a Manifest, period: Period, header: &Header<'_>) -> Result<&'a Layout, Vec<Finding>> {
    let fits = |layout: &Layout| layout.recognise.iter().all(|name| header.has(name));
    if let Some(layout) = manifest.layout.iter().find(|layout| fits(layout) && is_for(layout, period)) {
        return Ok(layout);
    }
    if let Some(layout) = manifest.layout.iter().find(|layout| fits(layout)) {
        let what = format!(
            "the header is that of layout `{}`, which the manifest of `{}` has for {} only, and the release is said to be about {period}: \
             correct the period, or widen `periods` in the manifest",
            layout.name, manifest.id, layout.periods
        );
        return Err(vec![Finding::new(Class::Hold, "wrong-period", what)]);
    }
    let share = |layout: &Layout| {
        let there = layout.recognise.iter().filter(|name| header.has(name)).count();
        there as f64 / layout.recognise.len().max(1) as f64
    };
    let near = manifest.layout.iter().map(|layout| (share(layout), layout)).filter(|(share, _)| *share > 0.5);
    // among equals the earlier block, and one that is for the period before one that is not
    match near.reduce(|best, next| if (next.0, is_for(next.1, period)) > (best.0, is_for(best.1, period)) { next } else { best })
    {
        None => {
            let shown: Vec<_> =
                header.names.iter().take(6).map(|name| format!("`{}`", name.chars().take(40).collect::<String>())).collect();
            let what = format!(
                "no layout of `{}` has such a header ({} columns, beginning {}): this is another file",
                manifest.id,
                header.names.len(),
                shown.join(", ")
            );
            Err(vec![Finding::new(Class::Refuse, "unknown-layout", what)])
        }
        Some((_, layout)) => {
            let spare = spare(manifest, layout, header);
            let missing = layout.recognise.iter().filter(|name| !header.has(name));
            Err(missing
                .map(|name| header.missing(std::slice::from_ref(name), &format!("layout `{}`", layout.name), &spare))
                .collect())
        }
    }
}

fn is_for(layout: &Layout, period: Period) -> bool {
    match period {
        Period::Year(year) if !layout.periods.is_empty() => {
            parse_span(&layout.periods).is_some_and(|(from, to)| from <= year && to.is_none_or(|to| year <= to))
        }
        _ => true,
    }
}

/// Columns of the file that the layout does not name anywhere.
fn spare<'a>(manifest: &Manifest, layout: &Layout, header: &Header<'a>) -> Vec<&'a str> {
    let mut named: BTreeSet<&str> = manifest.personal.iter().map(String::as_str).collect();
    for list in [&layout.key, &layout.part, &layout.year, &layout.recognise] {
        named.extend(list.iter().map(String::as_str));
    }
    for column in layout.columns.values() {
        named.extend(column.from.iter().chain(column.only.keys()).map(String::as_str));
    }
    named.extend(layout.rows.iter().flat_map(|rule| rule.when.keys()).map(String::as_str));
    let named: BTreeSet<&str> = named.into_iter().map(str::trim).collect();
    header.names.iter().copied().filter(|name| !name.is_empty() && !named.contains(name)).collect()
}

fn bind_layout(
    manifest: &Manifest,
    layout: &Layout,
    measures: &Measures,
    period: Period,
    header: &Header<'_>,
    table_header: &[String],
) -> Result<Binding, Vec<Finding>> {
    let spare = spare(manifest, layout, header);
    let mut findings = Vec::new();
    let needed = |aliases: &[String], for_what: &str, findings: &mut Vec<Finding>| match header.place_of_any(aliases) {
        Ok(Some(place)) => Some(place),
        Ok(None) => {
            findings.push(header.missing(aliases, for_what, &spare));
            None
        }
        Err(finding) => {
            findings.push(finding);
            None
        }
    };
    let key = needed(&layout.key, "the key of each row", &mut findings);
    let part =
        layout.part.iter().filter_map(|name| needed(std::slice::from_ref(name), "the key of each row", &mut findings)).collect();
    let year = if layout.year.is_empty() { None } else { needed(&layout.year, "the academic year of each row", &mut findings) };

    let watched: BTreeSet<&str> = manifest.gate.ordered.iter().flatten().chain(&layout.require).map(String::as_str).collect();
    let mut conditions: Vec<(usize, Vec<String>)> = Vec::new();
    let mut bound = Vec::new();
    for (id, column) in &layout.columns {
        // the check at load has refused manifests with measures that the registry does not have
        let (Some(measure), Some(code)) = (measures.get(id), measures.code(id)) else { continue };
        let required = layout.require.contains(id);
        let at = match header.place_of_any(&column.from) {
            Ok(Some(place)) => place,
            Ok(None) => {
                if required {
                    findings.push(header.missing(&column.from, &format!("measure `{id}`"), &spare));
                }
                continue;
            }
            Err(finding) => {
                findings.push(finding);
                continue;
            }
        };
        let mut only = Vec::new();
        for (name, tokens) in &column.only {
            let Some(place) = needed(std::slice::from_ref(name), &format!("measure `{id}`"), &mut findings) else { continue };
            let condition = (place, tokens.iter().map(|token| token.trim().to_owned()).collect());
            only.push(conditions.iter().position(|known| *known == condition).unwrap_or(conditions.len()));
            if only.last() == Some(&conditions.len()) {
                conditions.push(condition);
            }
        }
        let mut person = None;
        if let Some(spec) = &column.person {
            match header.place_of_any(&spec.first) {
                Ok(first) => person = Some(Person::new(spec, column, layout, at, first)),
                Err(finding) => findings.push(finding),
            }
        }
        bound.push(BoundMeasure {
            id: id.clone(),
            code,
            at,
            only,
            reader: Reader::new(column, layout, measure),
            person,
            required,
            watched: measure.kind == MeasureKind::Number || watched.contains(id.as_str()),
            published: measure.published.iter().filter_map(|span| parse_span(span)).collect(),
        });
    }
    let mut rules = Vec::new();
    for rule in &layout.rows {
        match bind_rule(rule, header) {
            Ok(rule) => rules.extend(rule),
            Err(finding) => findings.push(finding),
        }
    }
    let Some(key) = key.filter(|_| findings.is_empty()) else {
        return Err(findings);
    };
    bound.sort_by_key(|measure| measure.code);
    let place_of = |id: &String| bound.iter().position(|measure| measure.id == *id);
    let ordered = manifest.gate.ordered.iter().filter_map(|[lower, upper]| Some((place_of(lower)?, place_of(upper)?))).collect();
    let names = |place: usize| header.names.get(place).copied().unwrap_or("").to_owned();
    let columns: BTreeMap<_, _> = bound.iter().map(|measure| (measure.id.clone(), names(measure.at))).collect();
    let is_personal = |name: &str| manifest.personal.iter().any(|personal| personal.trim() == name);
    Ok(Binding {
        layout: layout.name.clone(),
        unread: spare.iter().map(|name| (*name).to_owned()).collect(),
        columns,
        header: table_header.to_vec(),
        period,
        subject: manifest.subject,
        shape: layout.shape,
        key,
        part,
        year,
        rules,
        personal: (0..header.names.len()).filter(|place| is_personal(header.names[*place])).collect(),
        tail: layout.tail.iter().map(|(token, why)| (token.trim().to_owned(), *why)).collect(),
        more_cells: layout.more_cells,
        ordered,
        conditions,
        measures: bound,
    })
}

/// None if a column that the rule asks about is not in the file: then it speaks of no row.
fn bind_rule(rule: &crate::connector::RowRule, header: &Header<'_>) -> Result<Option<BoundRule>, Finding> {
    let mut when = Vec::new();
    for (name, tokens) in &rule.when {
        match header.place(name)? {
            Some(place) => when.push((place, tokens.iter().map(|token| token.trim().to_owned()).collect())),
            None => return Ok(None),
        }
    }
    let mut fill = BTreeMap::new();
    for piece in rule.area.iter().flat_map(|area| area.split('{').skip(1)) {
        let name = piece.split('}').next().unwrap_or("");
        if let Some(place) = header.place(name)? {
            fill.insert(format!("{{{name}}}"), place);
        }
    }
    Ok(Some(BoundRule { when, area: rule.area.clone(), fill, skip: rule.skip.clone() }))
}

impl Binding {
    /// Header of the column at a place, or its number where the row is longer than the header.
    pub(super) fn name(&self, place: usize) -> String {
        match self.header.get(place).map(|name| name.trim()) {
            Some(name) if !name.is_empty() => name.to_owned(),
            _ => format!("column {}", place + 1),
        }
    }
}

impl BoundMeasure {
    pub fn published_in(&self, year: Option<AcademicYear>) -> bool {
        let Some(year) = year.filter(|_| !self.published.is_empty()) else { return true };
        self.published.iter().any(|(from, to)| *from <= year && to.is_none_or(|to| year <= to))
    }
}
