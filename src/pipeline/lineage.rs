//! Predecessors and successors of a school, as far as the register's links say.
//!
//! Links are data like any other: the facts of data set `links`. Only plain predecessors and
//! successors count here; merges and splits name several schools, and a school with more than one
//! predecessor inherits nothing.

use std::collections::BTreeMap;

use crate::model::{FactState, History, Measures, ReleaseNo, Slot, Urn, Value};

pub const DATASET: &str = "links";

/// What a school is called and which local authority it belongs to, as far as known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    pub name: Option<String>,
    /// The old three-digit code.
    pub la: Option<String>,
}

pub fn predecessors(history: &History, measures: &Measures) -> Vec<Urn> {
    linked(history, measures, "predecessor")
}

pub fn successors(history: &History, measures: &Measures) -> Vec<Urn> {
    linked(history, measures, "successor")
}

fn linked(history: &History, measures: &Measures, kind: &str) -> Vec<Urn> {
    let (Some(other), Some(link)) = (measures.code("links.other"), measures.code("links.type")) else { return Vec::new() };
    let mut standing = BTreeMap::new();
    for fact in history.facts.iter().filter(|fact| &*fact.dataset == DATASET) {
        standing.insert(fact.part.as_str(), &fact.state);
    }
    let mut urns = Vec::new();
    for state in standing.into_values() {
        let FactState::Present(body) = state else { continue };
        let is_kind = body.cell(link).is_some_and(|cell| cell.raw.trim().to_lowercase().starts_with(kind));
        if let Some(urn) = body.cell(other).filter(|_| is_kind).and_then(|cell| cell.raw.parse().ok()) {
            urns.push(urn);
        }
    }
    urns.sort();
    urns.dedup();
    urns
}

/// Measures that hold a school's name, best first.
const NAMES: [&str; 4] = ["gias.name", "ofsted.name", "ks4.name", "ks2.name"];
const AUTHORITIES: [&str; 3] = ["gias.la", "ks4.la", "ks2.la"];

/// What a school is called, from the register if it is there, else from another file.
pub fn names(history: &History, measures: &Measures, known: ReleaseNo) -> Names {
    let find = |ids: &[&str]| ids.iter().find_map(|id| text(history, measures, known, id));
    Names { name: find(&NAMES), la: find(&AUTHORITIES) }
}

/// The latest text known for a measure.
pub fn text(history: &History, measures: &Measures, known: ReleaseNo, id: &str) -> Option<String> {
    let code = measures.code(id)?;
    let dataset = crate::model::fact::dataset_of(id);
    let latest = history
        .facts
        .iter()
        .filter(|fact| &*fact.dataset == dataset && fact.part.is_empty() && fact.release <= known)
        .filter(|fact| matches!(fact.state, FactState::Present(_)))
        .max_by_key(|fact| (fact.slot == Slot::AsAt, fact.slot, fact.day, fact.release))?;
    let FactState::Present(body) = &latest.state else { return None };
    match body.cell(code)?.value {
        Value::Text(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
