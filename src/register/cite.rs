//! A field of the register as evidence: its value, and the cell that says so.

use std::collections::BTreeMap;

use super::field::Field;
use super::picture::Picture;
use crate::model::{Cell, Citation, Fact, FactState, Figure, MeasureCode, Measures, ReleaseInfo, ReleaseNo, Urn, Value};

/// Accepted releases by number.
pub type Releases = BTreeMap<ReleaseNo, ReleaseInfo>;

/// What is said of a field, with its cell; none if there is no cell. The head is never shown, not
/// even as a fingerprint: that there is one is all that anybody is told.
pub fn field(picture: &Picture<'_>, field: Field, urn: Urn, releases: &Releases) -> Option<Figure> {
    let told = picture.told(field)?;
    let mut figure = figure(told.fact, &told.cell, urn, picture.lens().measures, releases)?;
    if field == Field::Head && figure.missing.is_none() && figure.value != super::VACANT {
        figure.value = "a head, whose name is not kept".into();
        if let Some(cite) = &mut figure.cite {
            cite.raw = HIDDEN.into();
        }
    }
    Some(figure)
}

/// Stands for a token that is not shown.
pub const HIDDEN: &str = "(not shown)";

/// A cell of a group-link or link fact.
pub fn cell_of(fact: &Fact, code: Option<MeasureCode>, urn: Urn, measures: &Measures, releases: &Releases) -> Option<Figure> {
    let FactState::Present(body) = &fact.state else { return None };
    figure(fact, &body.cell(code?)?, urn, measures, releases)
}

fn figure(fact: &Fact, cell: &Cell<'_>, urn: Urn, measures: &Measures, releases: &Releases) -> Option<Figure> {
    let info = releases.get(&fact.said)?;
    let id = measures.id(cell.measure)?;
    Some(Figure {
        measure: id.to_owned(),
        title: measures.get(id).map_or_else(|| id.to_owned(), |measure| measure.title.clone()),
        period: fact.day.map_or_else(|| info.period.to_string(), |day| day.to_string()),
        value: cell.value.to_string(),
        missing: if let Value::Missing(why) = cell.value { Some(why.code().to_owned()) } else { None },
        cohort: None,
        interval: None,
        cite: Some(Citation {
            release: info.no.0,
            release_name: info.name(),
            file: info.file.clone(),
            row: fact.row + cell.row_offset,
            column: info.columns.get(id).cloned().unwrap_or_default(),
            raw: cell.raw.to_owned(),
            urn: Some(urn.get()),
        }),
    })
}
