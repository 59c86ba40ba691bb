//! What is known about one school, now or as the public knew it on a day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rusqlite::Connection;
use serde::Serialize;

use super::called;
use super::engine::EngineError;
use crate::model::{Concern, Fact, FactState, History, Measures, ReleaseInfo, ReleaseNo, Urn, Value};
use crate::register::{Lens, Picture};
use crate::store::facts::{self, Datasets};
use crate::store::{concerns, releases};

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

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SchoolView {
    pub urn: Urn,
    pub name: Option<String>,
    pub la: Option<String>,
    pub as_of: Option<String>,
    pub predecessors: Vec<Urn>,
    pub successors: Vec<Urn>,
    pub figures: Vec<Known>,
    pub gaps: Vec<Gap>,
    /// As they stand today, whatever the day asked about.
    pub concerns: Vec<Concern>,
    /// Rules that could not be answered, with the reasons.
    pub unknown: BTreeMap<String, Vec<String>>,
}

/// Everything known about `urn`; with a day, only what had been published by then.
pub fn school(db: &Connection, measures: &Measures, urn: Urn, as_of: Option<Date>) -> Result<SchoolView, EngineError> {
    let datasets = Datasets::read(db)?;
    let infos = releases::accepted(db)?;
    let mut history = facts::history(db, &datasets, i64::from(urn.get()))?;
    history.subject = i64::from(urn.get());
    history.facts.retain(|fact| as_of.is_none_or(|day| infos.get(&fact.release).is_some_and(|info| info.published <= day)));
    let names = called::names(&history, measures, ReleaseNo(i64::MAX));
    let lens = Lens::new(measures, &["gias".to_owned(), "sector".to_owned()], None);
    let picture = Picture::at(&history, &lens, ReleaseNo(i64::MAX), None);
    let (mut figures, mut gaps) = (Vec::new(), Vec::new());
    for fact in standing(&history) {
        let Some(info) = infos.get(&fact.said) else { continue };
        match &fact.state {
            FactState::Present(body) => figures.extend(body.cells().map(|cell| known(fact, info, measures, &cell))),
            FactState::Absent => gaps.push(gap(fact, info, "not in the release")),
            FactState::Quarantined => gaps.push(gap(fact, info, "its row was set aside")),
        }
    }
    let unknown = concerns::outcomes_of_school(db, urn)?
        .into_iter()
        .filter(|answer| answer.verdict == crate::model::Verdict::Unknown)
        .map(|answer| (answer.rule, answer.because))
        .collect();
    Ok(SchoolView {
        urn,
        name: names.name,
        la: names.la,
        as_of: as_of.map(|day| day.to_string()),
        predecessors: picture.predecessor().urns().to_vec(),
        successors: picture.successor().urns().to_vec(),
        figures,
        gaps,
        concerns: concerns::of_school(db, urn)?,
        unknown,
    })
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
    Known {
        dataset: fact.dataset.to_string(),
        part: fact.part.clone(),
        period: period(fact, info),
        title: measures.get(&id).map_or_else(|| id.clone(), |measure| measure.title.clone()),
        column: info.columns.get(&id).cloned().unwrap_or_default(),
        measure: id,
        value,
        missing,
        raw: cell.raw.to_owned(),
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
