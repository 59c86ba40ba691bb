//! Facts → outcomes → alerts, for the schools whose inputs changed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Connection;

use super::engine::EngineError;
use super::lineage;
use super::setup::Setup;
use crate::alert;
use crate::assess::rule::{Asks, PredecessorPolicy};
use crate::assess::{self, Rule, School};
use crate::connector::Cadence;
use crate::model::fact::AREAS;
use crate::model::{Alert, Cause, Concern, ConcernState, History, Measures, ReleaseInfo, ReleaseNo, Slot, Urn, Verdict, World};
use crate::store::acts::Act;
use crate::store::facts::Datasets;
use crate::store::log::{self, Entry};
use crate::store::releases::{Outcomes, Tally};
use crate::store::{concerns, facts, releases};

/// CloudEvents `source` of every alert.
const SOURCE: &str = "urn:headwater";
/// From how many schools on one scan is cheaper than a look-up each.
const SCAN_FROM: usize = 2_000;

/// What every step of one act needs.
pub struct Work<'a> {
    pub setup: &'a Setup,
    pub measures: &'a Measures,
    pub datasets: &'a Datasets,
    /// Number of the act, and of the release if it brings one.
    pub act: i64,
    pub at: Timestamp,
}

/// Whom an act concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subjects {
    All,
    These(BTreeSet<i64>),
}

/// What assessing led to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Assessed {
    pub outcomes: Outcomes,
    pub alerts: Vec<Entry>,
}

/// Assesses every school under every rule, after the rules themselves changed.
pub fn everything(db: &Connection, work: &Work<'_>, cause: Cause) -> Result<Vec<Entry>, EngineError> {
    let decided = day_of(work.at);
    let rules: Vec<&Rule> = work.setup.rules.rules().collect();
    Ok(assess_all(db, work, &rules, &Subjects::All, cause, decided)?.alerts)
}

/// Assesses the schools that a release touched, under the rules that read its data set.
pub fn after_release(
    db: &Connection,
    work: &Work<'_>,
    release: &ReleaseInfo,
    changed: BTreeSet<i64>,
    areas_changed: bool,
    cause: Cause,
) -> Result<Assessed, EngineError> {
    let links = release.dataset == lineage::DATASET;
    let rules: Vec<&Rule> = work.setup.rules.rules().filter(|rule| rule.reads().contains(&release.dataset)).collect();
    if rules.is_empty() {
        return Ok(Assessed::default());
    }
    let subjects = if areas_changed {
        Subjects::All
    } else {
        let mut subjects = changed;
        if rules.iter().any(|rule| follows_predecessors(rule)) && subjects.len() < SCAN_FROM {
            // a predecessor's figure may be the one that a successor's answer rests on
            for subject in subjects.clone() {
                let history = facts::history(db, work.datasets, subject)?;
                subjects.extend(lineage::successors(&history, work.measures).into_iter().map(|urn| i64::from(urn.get())));
            }
        }
        for rule in &rules {
            // whoever has a concern is asked again: its school may have gone from the release
            if !links {
                subjects.extend(concerns::of_rule(db, &rule.id)?.keys().map(|urn| i64::from(urn.get())));
            }
        }
        Subjects::These(subjects)
    };
    assess_all(db, work, &rules, &subjects, cause, release.published)
}

fn assess_all(
    db: &Connection,
    work: &Work<'_>,
    rules: &[&Rule],
    subjects: &Subjects,
    cause: Cause,
    decided: Date,
) -> Result<Assessed, EngineError> {
    let world = World {
        measures: work.measures.clone(),
        releases: releases::accepted(db)?,
        areas: facts::history(db, work.datasets, AREAS)?,
    };
    let mut asked = Vec::new();
    for rule in rules {
        if let Some(slot) = slot_of(db, work.setup, rule, decided, work.act)? {
            let known = concerns::of_rule(db, &rule.id)?;
            let answered = concerns::answered(db, &rule.id)?;
            asked.push(Asked { rule, slot, deciding: deciding(rule), concerns: known, answered });
        }
    }
    let mut round = Round { db, work, world: &world, cause, decided, assessed: Assessed::default(), seq: log::last_seq(db)? };
    match subjects {
        _ if asked.is_empty() => {}
        Subjects::These(these) if these.len() < SCAN_FROM => {
            for subject in these {
                let mut history = facts::history(db, work.datasets, *subject)?;
                history.subject = *subject;
                round.school(&history, &mut asked)?;
            }
        }
        subjects => facts::scan::<EngineError>(db, work.datasets, 100_000, 999_999, |history| match subjects {
            Subjects::These(these) if !these.contains(&history.subject) => Ok(()),
            _ => round.school(history, &mut asked),
        })?,
    }
    Ok(round.assessed)
}

/// One rule with what is known about its concerns.
struct Asked<'a> {
    rule: &'a Rule,
    slot: Slot,
    /// Data sets of which a school must have something for the rule to be asked at all.
    deciding: BTreeSet<String>,
    concerns: BTreeMap<Urn, Concern>,
    answered: BTreeSet<u32>,
}

struct Round<'a> {
    db: &'a Connection,
    work: &'a Work<'a>,
    world: &'a World,
    cause: Cause,
    decided: Date,
    assessed: Assessed,
    seq: i64,
}

impl Round<'_> {
    fn school(&mut self, history: &History, asked: &mut [Asked<'_>]) -> Result<(), EngineError> {
        let Some(urn) = u32::try_from(history.subject).ok().and_then(|number| Urn::try_from(number).ok()) else {
            return Ok(());
        };
        let mut predecessors: Option<Vec<History>> = None;
        for asked in asked {
            let before = asked.concerns.get(&urn);
            if before.is_none() && !history.facts.iter().any(|fact| asked.deciding.contains(&*fact.dataset)) {
                continue;
            }
            let mut followed: &[History] = &[];
            if follows_predecessors(asked.rule) {
                if predecessors.is_none() {
                    predecessors = Some(self.predecessors(history)?);
                }
                followed = predecessors.as_deref().unwrap_or(&[]);
            }
            let school = School { urn, history, known: ReleaseNo(self.work.act), predecessors: followed };
            if before.is_none() && !asked.answered.contains(&urn.get()) {
                // most schools have nothing to explain
                let verdict = assess::verdict(asked.rule, asked.slot, &school, self.world, self.decided);
                if verdict == Verdict::NotMet {
                    self.tally(asked.rule).add(verdict);
                    continue;
                }
            }
            let outcome = assess::assess(asked.rule, asked.slot, &school, self.world, self.decided);
            self.tally(asked.rule).add(outcome.verdict);
            if outcome.verdict != Verdict::NotMet || asked.answered.contains(&urn.get()) {
                concerns::put_outcome(self.db, &outcome, self.work.act)?;
            }
            let Some(alert) = alert::transition(before, &outcome, self.cause) else {
                let open = before.is_some_and(|concern| concern.state == ConcernState::Open);
                self.tally(asked.rule).confirmed += u32::from(open && outcome.verdict == Verdict::Met);
                continue;
            };
            self.seq += 1;
            let concern = alert::apply(before, &alert, self.seq);
            let entry = self.entry(&alert, asked.rule, history);
            log::append(self.db, &entry)?;
            concerns::put(self.db, &concern)?;
            asked.concerns.insert(urn, concern);
            self.assessed.alerts.push(entry);
        }
        Ok(())
    }

    fn tally(&mut self, rule: &Rule) -> &mut Tally {
        self.assessed.outcomes.entry(rule.id.clone()).or_default()
    }

    fn entry(&self, alert: &Alert, rule: &Rule, history: &History) -> Entry {
        let names = lineage::names(history, self.work.measures, ReleaseNo(self.work.act));
        let setting = alert::Setting {
            source: SOURCE,
            rule_title: &rule.title,
            rule_source: &rule.source,
            school_name: names.name.as_deref(),
            la: names.la.as_deref(),
            published: self.decided,
            seq: self.seq,
            recorded: self.work.at,
        };
        Entry {
            seq: self.seq,
            id: alert::envelope::id(alert, self.seq),
            urn: alert.urn.get(),
            kind: alert::envelope::event_type(alert.kind),
            rule: alert.rule.clone(),
            act: self.work.act,
            body: alert::envelope(alert, &setting),
        }
    }

    fn predecessors(&self, history: &History) -> Result<Vec<History>, EngineError> {
        lineage::predecessors(history, self.work.measures)
            .into_iter()
            .map(|urn| Ok(facts::history(self.db, self.work.datasets, i64::from(urn.get()))?))
            .collect()
    }
}

/// What a rule was asked about in an act that is done, and the day it was decided on.
pub fn asked_at(
    db: &Connection,
    setup: &Setup,
    rule: &Rule,
    act: Option<&Act>,
    no: i64,
) -> Result<(Option<Slot>, Date), EngineError> {
    let published = releases::get(db, ReleaseNo(no))?.map(|release| release.info.published);
    let decided = published.or(act.map(|act| day_of(act.at))).unwrap_or(Date::MIN);
    Ok((slot_of(db, setup, rule, decided, no)?, decided))
}

fn day_of(at: Timestamp) -> Date {
    at.to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// What a rule is asked about: the latest year that it speaks about and for which one of its
/// yearly data sets has a release, or how things stand. None while there is no release.
fn slot_of(db: &Connection, setup: &Setup, rule: &Rule, decided: Date, known: i64) -> Result<Option<Slot>, EngineError> {
    if !rule.in_force(decided) {
        return Ok(None);
    }
    let mut latest = None;
    for dataset in deciding(rule) {
        let yearly = setup.connectors.values().any(|m| m.dataset == dataset && m.cadence == Cadence::Yearly);
        if yearly == (rule.asks == Asks::Year) {
            latest = latest.max(releases::slots(db, &dataset, known)?.into_iter().rfind(|slot| rule.slots_valid(*slot)));
        }
    }
    Ok(latest)
}

/// The data sets whose releases make a rule be asked.
fn deciding(rule: &Rule) -> BTreeSet<String> {
    if rule.driven_by.is_empty() { rule.reads() } else { rule.driven_by.iter().cloned().collect() }
}

/// Whether a unique predecessor's figures count for this rule.
pub fn follows_predecessors(rule: &Rule) -> bool {
    rule.predecessor == PredecessorPolicy::Unique
}
