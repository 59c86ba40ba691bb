//! An alert → its cells, read again from the raw bytes, and its outcome, computed again (I6).
//!
//! Nothing that the store keeps about the school is believed: every release that speaks of it is
//! decoded and normalised once more under the files that were in force then, and the rule is asked
//! again. It works without a network and without the publisher.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use serde::Serialize;

use super::engine::{Engine, EngineError};
use super::lineage;
use super::reassess;
use super::setup::Setup;
use crate::assess::{self, School};
use crate::decode::{self, Limits, Row};
use crate::model::fact::AREAS;
use crate::model::{
    Citation, Evidence, FactState, History, Measures, Outcome, ReleaseInfo, ReleaseNo, Slot, Urn, Verdict, World,
};
use crate::normalise::{self, Content, Record};
use crate::store::acts::{self, Act};
use crate::store::facts::{self, Datasets};
use crate::store::log::{self, Entry};
use crate::store::{RawStore, StoreError, concerns, releases};

/// One cell of the evidence with what stands there now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CellCheck {
    pub cite: Citation,
    /// The token in the raw file, as a record keeps it; none if the file, row or column is not there.
    pub found: Option<String>,
    pub same: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explained {
    /// The alert as every subscriber got it.
    pub alert: serde_json::Value,
    pub cells: Vec<CellCheck>,
    /// The answer computed again from the raw bytes.
    pub verdict: Verdict,
    /// Whether answer and evidence are those of the alert.
    pub same: bool,
    /// Raw files it rests on that are gone or no longer have their bytes: even the same figures prove nothing then.
    pub damaged: Vec<String>,
}

/// Finds the alert by id, by sequence, or as the last one of a concern (`rule/urn`).
pub fn find(db: &Connection, what: &str) -> Result<Option<Entry>, StoreError> {
    if let Some(concern) = concerns::get(db, what)? {
        return Ok(log::after(db, concern.last - 1, 1)?.pop());
    }
    if let Some(entry) = log::by_id(db, what)? {
        return Ok(Some(entry));
    }
    match what.parse::<i64>() {
        Ok(seq) if seq > 0 => Ok(log::after(db, seq - 1, 1)?.pop().filter(|entry| entry.seq == seq)),
        _ => Ok(None),
    }
}

/// Reads the cells again and computes the outcome again.
pub fn explain(db: &Connection, raw: &RawStore, entry: &Entry) -> Result<Explained, EngineError> {
    let alert: serde_json::Value = serde_json::from_str(&entry.body).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let evidence: Evidence =
        serde_json::from_value(alert["data"]["evidence"].clone()).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let mut again = Again::new(db, raw, entry)?;
    let mut cells: Vec<CellCheck> = Vec::new();
    for cite in evidence.figures().filter_map(|figure| figure.cite.as_ref()) {
        if !cells.iter().any(|cell| cell.cite == *cite) {
            let found = again.cell(cite)?;
            cells.push(CellCheck { same: found.as_deref() == Some(&cite.raw), found, cite: cite.clone() });
        }
    }
    let outcome = again.outcome(&evidence)?;
    let verdict: Verdict = serde_json::from_value(alert["data"]["verdict"].clone()).unwrap_or(Verdict::Unknown);
    let same = outcome.verdict == verdict && outcome.evidence == evidence && cells.iter().all(|cell| cell.same);
    let damaged = again.damaged()?;
    Ok(Explained { alert, cells, verdict: outcome.verdict, same: same && damaged.is_empty(), damaged })
}

struct Again<'a> {
    db: &'a Connection,
    raw: &'a RawStore,
    entry: &'a Entry,
    acts: BTreeMap<i64, Act>,
    setups: BTreeMap<String, Setup>,
    codes: BTreeMap<String, crate::model::MeasureCode>,
    infos: BTreeMap<ReleaseNo, ReleaseInfo>,
    records: BTreeMap<ReleaseNo, Vec<Record>>,
}

impl<'a> Again<'a> {
    fn new(db: &'a Connection, raw: &'a RawStore, entry: &'a Entry) -> Result<Again<'a>, EngineError> {
        let mut infos = releases::accepted(db)?;
        infos.retain(|no, _| no.0 <= entry.act);
        Ok(Again {
            db,
            raw,
            entry,
            acts: acts::all(db)?.into_iter().map(|act| (act.no, act)).collect(),
            setups: BTreeMap::new(),
            codes: facts::measure_codes(db)?,
            infos,
            records: BTreeMap::new(),
        })
    }

    /// The files in force at an act, with the registry under this folder's codes.
    fn setup(&mut self, act: i64) -> Result<(Setup, Measures), EngineError> {
        let config = self.acts.get(&act).map(|act| act.config.clone()).unwrap_or_default();
        if !self.setups.contains_key(&config) {
            let bundle = Engine::bundle_in(self.raw, &config)?;
            self.setups.insert(config.clone(), Setup::new(bundle)?);
        }
        let setup = self.setups[&config].clone();
        let measures = setup.measures.clone().with_codes(&self.codes);
        Ok((setup, measures))
    }

    /// What the record kept of the cell that is cited, made again from the raw file.
    fn cell(&mut self, cite: &Citation) -> Result<Option<String>, EngineError> {
        let (setup, measures) = self.setup(cite.release)?;
        let Some(info) = self.infos.get(&ReleaseNo(cite.release)) else { return Ok(None) };
        let Some(manifest) = setup.connectors.get(&info.source).filter(|_| self.raw.has(&cite.file)) else { return Ok(None) };
        let Ok(mut table) = decode::open(self.raw.read(&cite.file)?, &manifest.decode, Limits::default()) else {
            return Ok(None);
        };
        let Ok(binding) = normalise::bind(manifest, &measures, info.period, &table.header) else { return Ok(None) };
        let mut row = Row::default();
        while table.next(&mut row).unwrap_or(false) {
            if row.number == cite.row {
                return Ok(binding.kept(&row.cells, &cite.column));
            }
        }
        Ok(None)
    }

    fn outcome(&mut self, evidence: &Evidence) -> Result<Outcome, EngineError> {
        let (setup, measures) = self.setup(self.entry.act)?;
        let rule = setup
            .rules
            .rules()
            .find(|rule| rule.id == self.entry.rule)
            .ok_or_else(|| StoreError::Damaged(format!("there was no rule `{}` then", self.entry.rule)))?;
        let datasets = Datasets::read(self.db)?;
        let reads = rule.reads();
        let cited: BTreeSet<i64> =
            evidence.figures().filter_map(|figure| figure.cite.as_ref().map(|cite| cite.release)).collect();
        let history = self.rebuilt(&datasets, i64::from(self.entry.urn), |fact| reads.contains(fact.dataset.as_ref()))?;
        let areas = self.rebuilt(&datasets, AREAS, |fact| cited.contains(&fact.release.0))?;
        let mut predecessors = Vec::new();
        if reassess::follows_predecessors(rule) {
            for urn in lineage::predecessors(&history, &measures) {
                predecessors.push(self.rebuilt(&datasets, i64::from(urn.get()), |fact| reads.contains(fact.dataset.as_ref()))?);
            }
        }
        let world = World { measures, releases: self.infos.clone(), areas };
        let urn = Urn::try_from(self.entry.urn).map_err(|error| StoreError::Damaged(error.to_string()))?;
        let school = School { urn, history: &history, known: ReleaseNo(self.entry.act), predecessors: &predecessors };
        let (slot, decided) = reassess::asked_at(self.db, &setup, rule, self.acts.get(&self.entry.act), self.entry.act)?;
        Ok(assess::assess(rule, slot.unwrap_or(Slot::AsAt), &school, &world, decided))
    }

    /// The history of one subject up to the alert, with the facts that `wanted` names read again
    /// from the raw files.
    fn rebuilt(
        &mut self,
        datasets: &Datasets,
        subject: i64,
        wanted: impl Fn(&crate::model::Fact) -> bool,
    ) -> Result<History, EngineError> {
        let mut history = facts::history(self.db, datasets, subject)?;
        history.subject = subject;
        history.facts.retain(|fact| fact.release.0 <= self.entry.act);
        for fact in &mut history.facts {
            if !matches!(fact.state, FactState::Present(_)) || !wanted(fact) {
                continue;
            }
            self.read(fact.release)?;
            let records = self.records.get(&fact.release).map_or(&[][..], Vec::as_slice);
            let record =
                records.iter().find(|record| record.subject == subject && record.part == fact.part && record.slot == fact.slot);
            match record.map(|record| (&record.content, record.row)) {
                Some((Content::Present(body), row)) => {
                    fact.state = FactState::Present(body.clone());
                    fact.row = row;
                }
                _ => fact.state = FactState::Absent,
            }
        }
        Ok(history)
    }

    /// Decodes and normalises one release again.
    fn read(&mut self, no: ReleaseNo) -> Result<(), EngineError> {
        if self.records.contains_key(&no) {
            return Ok(());
        }
        let (setup, measures) = self.setup(no.0)?;
        let mut records = Vec::new();
        if let Some(info) = self.infos.get(&no)
            && let Some(manifest) = setup.connectors.get(&info.source)
            && self.raw.has(&info.file)
            && let Ok(mut table) = decode::open(self.raw.read(&info.file)?, &manifest.decode, Limits::default())
            && let Ok(binding) = normalise::bind(manifest, &measures, info.period, &table.header)
            && let Ok(read) = normalise::read(&mut table, &binding, normalise::Known { unchanged: &[], closed: &[] })
        {
            records = read.records;
        }
        self.records.insert(no, records);
        Ok(())
    }

    /// Of the files read for this alert, those that are not what they were.
    fn damaged(&self) -> Result<Vec<String>, EngineError> {
        let mut files: Vec<&String> = self.records.keys().filter_map(|no| Some(&self.infos.get(no)?.file)).collect();
        files.sort();
        files.dedup();
        let mut damaged = Vec::new();
        for file in files {
            if !self.raw.has(file) || !self.raw.intact(file)? {
                damaged.push(file.clone());
            }
        }
        Ok(damaged)
    }
}
