//! What an alert rests on, read again from the raw bytes and worked out again.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use crate::assess::{self, Predecessor, School};
use crate::decode::{self, Limits, Row};
use crate::model::fact::AREAS;
use crate::model::{
    Cause, Citation, Evidence, FactState, History, Measures, Outcome, Period, ReleaseInfo, ReleaseNo, Slot, Urn, World,
};
use crate::normalise::{self, Content, Record};
use crate::pipeline::ask::place::{Placed, Sizes};
use crate::pipeline::ask::{Asker, When};
use crate::pipeline::engine::{Engine, EngineError};
use crate::pipeline::setup::Setup;
use crate::pipeline::{follow, notices, reassess, register_news};
use crate::register::events::{self, Asked};
use crate::register::{GROUP_LINKS, Lens, Picture};
use crate::store::acts::{self, Act};
use crate::store::facts::{self, Datasets};
use crate::store::log::Entry;
use crate::store::{RawStore, StoreError, releases};

/// The files and facts of one alert, read again.
pub(super) struct Again<'a> {
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
    pub fn new(db: &'a Connection, raw: &'a RawStore, entry: &'a Entry) -> Result<Again<'a>, EngineError> {
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
    pub fn cell(&mut self, cite: &Citation) -> Result<Option<String>, EngineError> {
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

    pub fn outcome(&mut self, evidence: &Evidence, asked: u32) -> Result<Outcome, EngineError> {
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
        let history = self.rebuilt(&datasets, i64::from(asked), |fact| reads.contains(fact.dataset.as_ref()))?;
        let areas = self.rebuilt(&datasets, AREAS, |fact| cited.contains(&fact.said.0))?;
        let mut predecessor = Predecessor::None;
        if reassess::follows_predecessors(rule) {
            let lens = self.lens(&setup, &measures);
            let succession = Picture::at(&history, &lens, ReleaseNo(self.entry.act), None).predecessor();
            predecessor = reassess::predecessor(&succession, |urn| {
                self.rebuilt(&datasets, i64::from(urn.get()), |fact| reads.contains(fact.dataset.as_ref()))
            })?;
        }
        let world = World { measures, releases: self.infos.clone(), areas };
        let urn = Urn::try_from(asked).map_err(|error| StoreError::Damaged(error.to_string()))?;
        let school = School { urn, history: &history, known: ReleaseNo(self.entry.act), predecessor: &predecessor };
        let (slot, decided) = reassess::asked_at(self.db, &setup, rule, self.acts.get(&self.entry.act), self.entry.act)?;
        Ok(assess::assess(rule, slot.unwrap_or(Slot::AsAt), &school, &world, decided))
    }

    /// Where the register's fields stood then.
    fn lens<'m>(&self, setup: &Setup, measures: &'m Measures) -> Lens<'m> {
        let groups = self.infos.values().filter(|info| info.dataset == GROUP_LINKS);
        let since = groups.filter_map(|info| if let Period::Day(day) = info.period { Some((info.no, day)) } else { None });
        Lens::new(measures, &setup.registers(), since.min_by_key(|(no, day)| (*day, *no)))
    }

    /// Whether the register, read again, leads to the same news.
    pub fn news(&mut self, alert: &serde_json::Value) -> Result<bool, EngineError> {
        let (setup, measures) = self.setup(self.entry.act)?;
        let lens = self.lens(&setup, &measures);
        let datasets = Datasets::read(self.db)?;
        let Some(info) = self.infos.get(&ReleaseNo(self.entry.act)).cloned() else { return Ok(false) };
        let earlier = self.infos.values().filter(|other| other.dataset == info.dataset && other.no < info.no);
        let before = earlier.max_by_key(|other| (other.period, other.no)).cloned();
        let reads = |fact: &crate::model::Fact| lens.reads(&fact.dataset);
        let history = self.rebuilt(&datasets, i64::from(self.entry.urn), reads)?;
        let mut others = BTreeMap::new();
        for urn in alert["data"]["others"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_i64) {
            others.insert(urn, self.rebuilt(&datasets, urn, reads)?);
        }
        let urn = Urn::try_from(self.entry.urn).map_err(|error| StoreError::Damaged(error.to_string()))?;
        let asked = Asked {
            urn,
            history: &history,
            lens: &lens,
            releases: &self.infos,
            before: ReleaseNo(self.entry.act - 1),
            now: ReleaseNo(self.entry.act),
            extract_before: before.and_then(|before| register_news::extract_before(&info, &before)),
        };
        let found = events::events(&asked, &|other| others.get(&i64::from(other.get())).cloned());
        Ok(found.into_iter().any(|event| {
            let says = alert["data"]["because"][0].as_str() == Some(&event.says);
            let evidence = crate::alert::News::clause(&event.says, event.figures);
            says && serde_json::to_value(evidence).is_ok_and(|evidence| evidence == alert["data"]["evidence"])
        }))
    }

    /// Whether the ties known then still come to the same notice. Its cells are read again above.
    pub fn notice(&mut self, alert: &serde_json::Value) -> Result<bool, EngineError> {
        let (setup, measures) = self.setup(self.entry.act)?;
        let text = |key: &str| alert["data"][key].as_str().unwrap_or_default().to_owned();
        let (Some(one), Ok(urn)) = (setup.partnerships.get(&text("partnership")), Urn::try_from(self.entry.urn)) else {
            return Ok(false);
        };
        let question = notices::QUESTIONS.into_iter().find(|one| [one.stands.word(), one.ended.word()].contains(&&*text("kind")));
        let (Some(question), Ok(on)) = (question, text("about").parse()) else { return Ok(false) };
        let asker = Asker::new(self.db, &setup, &measures, When::default())?.known_up_to(ReleaseNo(self.entry.act))?;
        let history = asker.history(urn)?;
        let placed = Placed::of(&asker, urn, &history)?;
        let asked = notices::indicator(&asker, one, question, &placed, on, &mut Sizes::default())?;
        let kind = if text("kind") == question.stands.word() { question.stands } else { question.ended };
        let picture = asker.picture(&history);
        let news = notices::news(one, kind, urn, &picture, &asked, &self.infos, Cause::NewRelease, on);
        let evidence = serde_json::to_value(&news.evidence).unwrap_or_default();
        Ok(alert["data"]["because"][0].as_str() == Some(&news.says) && evidence == alert["data"]["evidence"])
    }

    /// Whether the links, read again, lead from the school of the concern to the one it went on with.
    pub fn followed(&mut self, alert: &serde_json::Value) -> Result<bool, EngineError> {
        let (setup, measures) = self.setup(self.entry.act)?;
        let lens = self.lens(&setup, &measures);
        let datasets = Datasets::read(self.db)?;
        let origin = alert["data"]["concern"].as_str().and_then(|id| id.rsplit_once('/')).and_then(|(_, urn)| urn.parse().ok());
        let days = self.infos.values().filter(|info| lens.reads(&info.dataset));
        let on = days.filter_map(|info| if let Period::Day(day) = info.period { Some(day) } else { None }).max();
        let (Some(origin), Some(on)) = (origin, on) else { return Ok(false) };
        let known = ReleaseNo(self.entry.act);
        let path = follow::path(&lens, known, origin, on, &mut |urn: Urn| {
            self.rebuilt(&datasets, i64::from(urn.get()), |fact| lens.reads(&fact.dataset))
        })?;
        Ok(path.is_some_and(|path| path.last().is_some_and(|step| step.urn.get() == self.entry.urn)))
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
            self.read(fact.said)?;
            let records = self.records.get(&fact.said).map_or(&[][..], Vec::as_slice);
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
    pub fn damaged(&self) -> Result<Vec<String>, EngineError> {
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
