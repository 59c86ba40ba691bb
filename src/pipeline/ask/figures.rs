//! What is known about one school, figure by figure with its cell.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Fact, FactState, History, Measures, ReleaseInfo, ReleaseNo, Value};
use crate::register::{VACANT, cite};

/// One figure with its place and the release in which it was known.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Known {
    pub dataset: String,
    pub part: String,
    pub period: String,
    pub measure: String,
    pub title: String,
    /// None where there is a reason instead.
    pub value: Option<String>,
    pub missing: Option<&'static str>,
    pub raw: String,
    pub release: i64,
    pub release_name: String,
    pub published: String,
    pub row: u32,
    pub column: String,
}

/// A record that stands without figures: the school is not in the release, or its row was set aside.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gap {
    pub dataset: String,
    pub period: String,
    pub what: &'static str,
    pub release_name: String,
}

/// Every figure that stands, and where there is none instead. `infos` are the releases they cite.
pub fn all(history: &History, measures: &Measures, infos: &BTreeMap<ReleaseNo, ReleaseInfo>) -> (Vec<Known>, Vec<Gap>) {
    let (mut figures, mut gaps) = (Vec::new(), Vec::new());
    for fact in standing(history) {
        let Some(info) = infos.get(&fact.said) else { continue };
        match &fact.state {
            FactState::Present(body) => figures.extend(body.cells().map(|cell| known(fact, info, measures, &cell))),
            FactState::Absent => gaps.push(gap(fact, info, "not in the release")),
            FactState::Quarantined => gaps.push(gap(fact, info, "its row was set aside")),
        }
    }
    (figures, gaps)
}

/// The last fact of each (data set, part, slot).
fn standing(history: &History) -> impl Iterator<Item = &Fact> {
    let mut last = BTreeMap::new();
    for fact in &history.facts {
        last.insert((&*fact.dataset, &*fact.part, fact.slot), fact);
    }
    last.into_values()
}

fn known(fact: &Fact, info: &ReleaseInfo, measures: &Measures, cell: &crate::model::Cell<'_>) -> Known {
    let id = measures.id(cell.measure).unwrap_or("?").to_owned();
    let (value, missing) = match &cell.value {
        Value::Missing(why) => (None, Some(why.code())),
        value => (Some(value.to_string()), None),
    };
    // the head is never shown, not even as a fingerprint
    let hidden = id.ends_with(".head") && value.as_deref().is_some_and(|value| value != VACANT);
    let value = if hidden { Some("a head, whose name is not kept".to_owned()) } else { value };
    Known {
        dataset: fact.dataset.to_string(),
        part: fact.part.clone(),
        period: period(fact, info),
        title: measures.get(&id).map_or_else(|| id.clone(), |measure| measure.title.clone()),
        column: info.columns.get(&id).cloned().unwrap_or_default(),
        measure: id,
        value,
        missing,
        raw: if hidden { cite::HIDDEN } else { cell.raw }.to_owned(),
        release: info.no.0,
        release_name: info.name(),
        published: info.published.to_string(),
        row: fact.row + cell.row_offset,
    }
}

fn gap(fact: &Fact, info: &ReleaseInfo, what: &'static str) -> Gap {
    Gap { dataset: fact.dataset.to_string(), period: period(fact, info), what, release_name: info.name() }
}

fn period(fact: &Fact, info: &ReleaseInfo) -> String {
    match fact.slot {
        crate::model::Slot::AsAt => info.period.to_string(),
        slot @ crate::model::Slot::Year(_) => slot.to_string(),
    }
}
