//! Facts → outcomes → alerts, for the schools whose inputs changed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Connection;

use super::chronicle::Chronicle;
use super::engine::EngineError;
use super::setup::Setup;
use crate::alert;
use crate::assess::rule::{Asks, PredecessorPolicy};
use crate::assess::{self, Predecessor, Rule, School};
use crate::connector::Cadence;
use crate::model::fact::AREAS;
use crate::model::{Cause, Concern, ConcernState, History, Measures, Outcome, ReleaseInfo, ReleaseNo, Slot, Urn, Verdict, World};
use crate::register::lineage::Succession;
use crate::register::{LINKS, Lens, Picture};
use crate::store::acts::Act;
use crate::store::facts::Datasets;
use crate::store::releases::{Outcomes, Tally};
use crate::store::{concerns, facts, releases};

/// From how many schools on one scan is cheaper than a look-up each.
const SCAN_FROM: usize = 2_000;

/// What every step of one act needs.
pub struct Work<'a> {
    pub setup: &'a Setup,
    pub measures: &'a Measures,
    pub datasets: &'a Datasets,
    /// Where the fields of the register stand in this folder's records.
    pub lens: Lens<'a>,
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

/// Assesses every school under every rule, after the rules themselves changed.
pub fn everything(
    db: &Connection,
    work: &Work<'_>,
    cause: Cause,
    chronicle: &mut Chronicle<'_>,
) -> Result<Outcomes, EngineError> {
    let rules: Vec<&Rule> = work.setup.rules.rules().collect();
    assess_all(db, work, &rules, &Subjects::All, cause, day_of(work.at), chronicle)
}

/// Assesses the schools that a release touched, under the rules that read its data set.
pub fn after_release(
    db: &Connection,
    work: &Work<'_>,
    release: &ReleaseInfo,
    changed: BTreeSet<i64>,
    areas_changed: bool,
    cause: Cause,
    chronicle: &mut Chronicle<'_>,
) -> Result<Outcomes, EngineError> {
    let links = release.dataset == LINKS;
    let rules: Vec<&Rule> = work.setup.rules.rules().filter(|rule| rule.reads().contains(&release.dataset)).collect();
    if rules.is_empty() {
        return Ok(Outcomes::default());
    }
    let subjects = if areas_changed {
        Subjects::All
    } else {
        let mut subjects = changed;
        if rules.iter().any(|rule| follows_predecessors(rule)) && subjects.len() < SCAN_FROM {
            // a predecessor's figure may be the one that a successor's answer rests on
            for subject in subjects.clone() {
                let history = facts::history(db, work.datasets, subject)?;
                let picture = Picture::at(&history, &work.lens, ReleaseNo(work.act), None);
                subjects.extend(picture.successor().urns().iter().map(|urn| i64::from(urn.get())));
            }
        }
        for rule in &rules {
            // whoever has a concern is asked again: its school may have gone from the release
            if !links {
                subjects.extend(concerns::of_rule(db, &rule.id)?.iter().map(|concern| i64::from(concern.urn.get())));
            }
        }
        Subjects::These(subjects)
    };
    assess_all(db, work, &rules, &subjects, cause, release.published, chronicle)
}

fn assess_all(
    db: &Connection,
    work: &Work<'_>,
    rules: &[&Rule],
    subjects: &Subjects,
    cause: Cause,
    decided: Date,
    chronicle: &mut Chronicle<'_>,
) -> Result<Outcomes, EngineError> {
    let world = World {
        measures: work.measures.clone(),
        releases: releases::to_assess_by(db)?,
        areas: facts::history(db, work.datasets, AREAS)?,
    };
    let mut asked = Vec::new();
    for rule in rules {
        if let Some(slot) = slot_of(db, work.setup, rule, decided, work.act)? {
            let answered = concerns::answered(db, &rule.id)?;
            let Held { held, elsewhere } = Held::of(concerns::of_rule(db, &rule.id)?);
            asked.push(Asked { rule, slot, deciding: deciding(rule), held, elsewhere, answered });
        }
    }
    let mut round = Round { db, work, world, cause, decided, outcomes: Outcomes::default(), chronicle };
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
    Ok(round.outcomes)
}

/// One rule with what is known about its concerns.
struct Asked<'a> {
    rule: &'a Rule,
    slot: Slot,
    /// Data sets of which a school must have something for the rule to be asked at all.
    deciding: BTreeSet<String>,
    held: BTreeMap<Urn, Concern>,
    elsewhere: BTreeMap<Urn, Concern>,
    answered: BTreeSet<u32>,
}

/// The concerns of one rule by school.
struct Held {
    /// By the school that each is about: the living one, else the last.
    held: BTreeMap<Urn, Concern>,
    /// Those that went on with a successor, by the school for which they were raised.
    elsewhere: BTreeMap<Urn, Concern>,
}

impl Held {
    fn of(concerns: Vec<Concern>) -> Held {
        let (mut held, mut elsewhere) = (BTreeMap::<Urn, Concern>::new(), BTreeMap::new());
        for concern in concerns {
            if let Some(origin) = concern.origin().filter(|origin| *origin != concern.urn) {
                elsewhere.insert(origin, concern.clone());
            }
            let rank = |concern: &Concern| (concern.is_alive(), concern.last);
            if held.get(&concern.urn).is_none_or(|other| rank(other) < rank(&concern)) {
                held.insert(concern.urn, concern);
            }
        }
        Held { held, elsewhere }
    }
}

struct Round<'a, 'c> {
    db: &'a Connection,
    work: &'a Work<'a>,
    world: World,
    cause: Cause,
    decided: Date,
    outcomes: Outcomes,
    chronicle: &'a mut Chronicle<'c>,
}

impl Round<'_, '_> {
    fn school(&mut self, history: &History, asked: &mut [Asked<'_>]) -> Result<(), EngineError> {
        let Some(urn) = u32::try_from(history.subject).ok().and_then(|number| Urn::try_from(number).ok()) else {
            return Ok(());
        };
        let mut found: Option<Predecessor> = None;
        for asked in asked {
            let before = asked.held.get(&urn);
            let elsewhere = asked.elsewhere.get(&urn).filter(|_| before.is_none());
            // a concern that followed its school rests on the figures of the school before until there are others
            let own = before.is_some_and(|concern| concern.origin() == Some(urn));
            if !own && !history.facts.iter().any(|fact| asked.deciding.contains(&*fact.dataset)) {
                continue;
            }
            let mut predecessor = &Predecessor::None;
            if follows_predecessors(asked.rule) {
                if found.is_none() {
                    found = Some(self.predecessor(history)?);
                }
                predecessor = found.as_ref().unwrap_or(predecessor);
            }
            let school = School { urn, history, known: ReleaseNo(self.work.act), predecessor };
            if before.is_none() && elsewhere.is_none() && !asked.answered.contains(&urn.get()) {
                // most schools have nothing to explain
                let verdict = assess::verdict(asked.rule, asked.slot, &school, &self.world, self.decided);
                if verdict == Verdict::NotMet {
                    self.tally(asked.rule).add(verdict);
                    continue;
                }
            }
            look_up_cited(self.db, &mut self.world, history, predecessor)?;
            let outcome = assess::assess(asked.rule, asked.slot, &school, &self.world, self.decided);
            self.tally(asked.rule).add(outcome.verdict);
            if outcome.verdict != Verdict::NotMet || asked.answered.contains(&urn.get()) {
                concerns::put_outcome(self.db, &outcome, self.work.act)?;
            }
            let before = match elsewhere {
                Some(concern) if takes_back(concern, &outcome, self.cause) => Some(concern),
                // the school that comes after is asked now
                Some(_) => continue,
                None => before,
            };
            let Some(alert) = alert::transition(before, &outcome, self.cause) else {
                let open = before.is_some_and(|concern| concern.state == ConcernState::Open);
                self.tally(asked.rule).confirmed += u32::from(open && outcome.verdict == Verdict::Met);
                continue;
            };
            let concern = alert::apply(before, &alert, self.chronicle.next_seq());
            self.chronicle.concern(&alert, asked.rule, history)?;
            concerns::put(self.db, &concern)?;
            asked.held.insert(concern.urn, concern);
        }
        Ok(())
    }

    fn tally(&mut self, rule: &Rule) -> &mut Tally {
        self.outcomes.entry(rule.id.clone()).or_default()
    }

    fn predecessor(&self, history: &History) -> Result<Predecessor, EngineError> {
        let succession = Picture::at(history, &self.work.lens, ReleaseNo(self.work.act), None).predecessor();
        predecessor(&succession, |urn| Ok(facts::history(self.db, self.work.datasets, i64::from(urn.get()))?))
    }
}

/// Makes the releases known that the evidence about a school may cite.
fn look_up_cited(db: &Connection, world: &mut World, history: &History, predecessor: &Predecessor) -> Result<(), EngineError> {
    let before = if let Predecessor::Unique(before) = predecessor { Some(before) } else { None };
    let facts = before.into_iter().chain([history]).flat_map(|history| &history.facts);
    let unknown: BTreeSet<ReleaseNo> = facts.map(|fact| fact.said).filter(|said| !world.releases.contains_key(said)).collect();
    world.releases.extend(releases::some(db, unknown)?);
    Ok(())
}

/// A concern that went on with a successor rests on figures of the school before: only if those
/// are revised, and about the same period, can that school's answer still touch it.
fn takes_back(concern: &Concern, outcome: &Outcome, cause: Cause) -> bool {
    concern.is_alive()
        && outcome.verdict == Verdict::NotMet
        && !outcome.out_of_scope
        && outcome.about == concern.about
        && matches!(cause, Cause::Revision | Cause::Correction)
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

pub fn day_of(at: Timestamp) -> Date {
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

/// Whose past counts, with its history where there is one.
pub fn predecessor(
    succession: &Succession,
    history: impl FnOnce(Urn) -> Result<History, EngineError>,
) -> Result<Predecessor, EngineError> {
    Ok(match succession {
        Succession::None => Predecessor::None,
        Succession::Unique(urn) => Predecessor::Unique(history(*urn)?),
        Succession::NotUnique(..) | Succession::NotKnown(_) => Predecessor::NotUnique,
    })
}

/// Whether a unique predecessor's figures count for this rule.
pub fn follows_predecessors(rule: &Rule) -> bool {
    rule.predecessor == PredecessorPolicy::Unique
}
