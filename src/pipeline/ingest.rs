//! A file → rows → records → the gate → facts. Reading this is reading the system.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Connection;

use super::engine::{Done, Engine, EngineError, Mode};
use super::reassess::{self, Work};
use super::setup::Setup;
use crate::connector::{Cadence, Manifest, SubjectKind};
use crate::decode::{self, Limits};
use crate::faults::{Class, Finding};
use crate::model::fact::AREAS;
use crate::model::{Cause, Counts, FactState, Period, ReleaseInfo, ReleaseNo, Slot, Stage, Value};
use crate::normalise::{self, Content, Read as Normalised, Record};
use crate::release_gate::judge::{Before, Incoming, Judgement};
use crate::release_gate::{self, Shape};
use crate::store::acts::{Deed, Intake};
use crate::store::releases::{self, Release, Status};
use crate::store::roll::{self, Roll};
use crate::store::{StoreError, facts, quarantine, raw};

/// A file as it is offered, with what is known about it.
#[derive(Debug, Clone)]
pub struct Offer {
    pub source: String,
    pub path: PathBuf,
    pub file_name: String,
    pub period: Period,
    /// The manifest's stage if neither publisher nor operator says.
    pub stage: Option<Stage>,
    pub published: Date,
    /// What the fetcher wants to find again, committed with the release.
    pub position: Option<String>,
}

/// Takes a file: turned away if its header shows personal data, else kept and put through.
pub fn offer(engine: &mut Engine, offer: Offer, now: Timestamp, mode: Mode) -> Result<Done, EngineError> {
    let manifest = engine.setup.connector(&offer.source)?;
    let open = || File::open(&offer.path).map_err(|error| EngineError::File(offer.path.clone(), error));
    let personal = personal_columns(engine, manifest, Box::new(open()?), offer.period);
    let mut intake = Intake {
        source: offer.source.clone(),
        file: String::new(),
        file_name: offer.file_name,
        period: offer.period,
        stage: offer.stage.unwrap_or(manifest.stage),
        published: offer.published,
    };
    let turned_away = !personal.is_empty();
    intake.file = if turned_away || mode == Mode::DryRun {
        raw::hash(&mut open()?).map_err(|error| EngineError::File(offer.path.clone(), error))?.sha256
    } else {
        engine.store.raw.put(&mut open()?)?.sha256
    };
    let db = &engine.store.db;
    if let Some(known) = releases::of_file(db, &intake.source, &intake.file, &intake.period.to_string(), intake.stage)?
        && (known.status == Status::Accepted || known.decided.is_some() || config_of(db, known.info.no)? == engine.config)
    {
        return Ok(Done::Unchanged(Box::new(known)));
    }
    let deed = if turned_away { Deed::TurnedAway { intake, findings: personal } } else { Deed::File(intake) };
    let position = offer.position.as_deref().map(|known| (offer.source.as_str(), known));
    engine.perform(&deed, now, position, Some(&offer.path), mode)
}

/// The bundle that the act of a release was done under.
pub fn config_of(db: &Connection, no: ReleaseNo) -> Result<String, EngineError> {
    Ok(db.query_row("SELECT config FROM act WHERE no = ?", [no.0], |row| row.get(0))?)
}

/// Looks at the header alone, before a byte is kept (I9).
fn personal_columns(engine: &Engine, manifest: &Manifest, input: Box<dyn Read + Send>, period: Period) -> Vec<Finding> {
    match decode::open(input, &manifest.decode, Limits::default()) {
        Ok(table) => match normalise::bind(manifest, &engine.measures, period, &table.header) {
            Err(findings) => findings.into_iter().filter(|finding| finding.code == PERSONAL_DATA).collect(),
            Ok(_) => Vec::new(),
        },
        // whatever is wrong here is found again, and said, when the file is read
        Err(_) => Vec::new(),
    }
}

/// Everything about a file that can be known before the transaction.
pub struct Prepared {
    intake: Intake,
    dataset: String,
    layout: String,
    columns: std::collections::BTreeMap<String, String>,
    status: Status,
    findings: Vec<Finding>,
    read: Option<Normalised>,
    fingerprint: String,
    /// The release that counted in the slot until now.
    before: Option<ReleaseInfo>,
}

/// Reads and judges the file of a deed; `path` stands in for the raw store in a dry run.
pub fn prepare(engine: &Engine, deed: &Deed, path: Option<&Path>) -> Result<Option<Prepared>, EngineError> {
    let (intake, accepted_by_person) = match deed {
        Deed::Config | Deed::Refuse { .. } => return Ok(None),
        Deed::File(intake) => (intake.clone(), false),
        Deed::TurnedAway { intake, findings } => {
            let manifest = engine.setup.connector(&intake.source)?;
            return Ok(Some(refused(intake.clone(), manifest, findings.clone(), None)));
        }
        Deed::Accept { release } => {
            let held = releases::get(&engine.store.db, ReleaseNo(*release))?.ok_or(EngineError::NotHeld(*release))?;
            (super::engine::intake_of(&held), true)
        }
        Deed::Redrive { release } => {
            let current = releases::get(&engine.store.db, ReleaseNo(*release))?.ok_or(EngineError::NotCurrent(*release))?;
            (super::engine::intake_of(&current), false)
        }
    };
    let manifest = engine.setup.connector(&intake.source)?;
    let db = &engine.store.db;
    let slot = slot_of(manifest, intake.period);
    let current = releases::current(db, &manifest.dataset, slot)?;
    let before = current.as_ref().map(|release| release.info.clone());
    let compared = match current.clone() {
        Some(release) => Some(release),
        None => releases::comparable(db, &manifest.dataset, slot)?,
    };
    let input: Box<dyn Read + Send> = match path {
        Some(path) if !engine.store.raw.has(&intake.file) => {
            Box::new(File::open(path).map_err(|error| EngineError::File(path.to_owned(), error))?)
        }
        _ => engine.store.raw.read(&intake.file)?,
    };
    let mut table = match decode::open(input, &manifest.decode, Limits::default()) {
        Ok(table) => table,
        Err(finding) => return Ok(Some(refused(intake, manifest, vec![finding], before))),
    };
    let earlier = compared.as_ref().map_or(&[][..], |release| &release.shape.header);
    let binding = match normalise::bind_after(manifest, &engine.measures, intake.period, &table.header, earlier) {
        Ok(binding) => binding,
        Err(findings) => return Ok(Some(refused(intake, manifest, findings, before))),
    };
    let fingerprint =
        format!("{:016x}", xxhash_rust::xxh3::xxh3_64(format!("{}\n{}", engine.config, table.header.join("\u{1f}")).as_bytes()));
    let earlier = roll::get(db, &manifest.dataset, slot)?;
    let same_layout = earlier.as_ref().filter(|roll| roll.source == intake.source && roll.fingerprint == fingerprint);
    let closed = closed_long_before(engine, manifest, intake.period)?;
    let known = normalise::Known { unchanged: same_layout.map_or(&[][..], |roll| &roll.hashes), closed: &closed };
    let read = match normalise::read(&mut table, &binding, known) {
        Ok(read) => read,
        Err(finding) => return Ok(Some(refused(intake, manifest, vec![finding], before))),
    };
    let judgement = judge(engine, manifest, &intake, &read, slot, compared.as_ref())?;
    let (status, findings) = match judgement {
        Judgement::Accept => (Status::Accepted, Vec::new()),
        Judgement::Hold(findings) if accepted_by_person => (Status::Accepted, findings),
        Judgement::Hold(findings) => (Status::Held, findings),
        Judgement::Refuse(findings) => (Status::Refused, findings),
    };
    Ok(Some(Prepared {
        dataset: manifest.dataset.clone(),
        layout: binding.layout.clone(),
        columns: binding.columns.clone(),
        intake,
        status,
        findings,
        read: Some(read),
        fingerprint,
        before,
    }))
}

impl Prepared {
    /// What stands in the way, if it does not go through.
    pub fn is_accepted(&self) -> Result<(), String> {
        if self.status == Status::Accepted {
            return Ok(());
        }
        Err(self.findings.iter().map(|finding| format!("  {finding}")).collect::<Vec<_>>().join("\n"))
    }
}

/// Code of the finding that turns a file away.
const PERSONAL_DATA: &str = "personal-data";

/// The data set from which the gate learns which schools are closed.
const REGISTER: &str = "gias";

fn slot_of(manifest: &Manifest, period: Period) -> Slot {
    match manifest.cadence {
        Cadence::AsAt => Slot::AsAt,
        Cadence::Yearly => period.slot(),
    }
}

fn refused(intake: Intake, manifest: &Manifest, findings: Vec<Finding>, before: Option<ReleaseInfo>) -> Prepared {
    let worst = findings.iter().map(|finding| finding.class).max().unwrap_or(Class::Refuse);
    Prepared {
        intake,
        dataset: manifest.dataset.clone(),
        layout: String::new(),
        columns: Default::default(),
        status: if worst == Class::Hold { Status::Held } else { Status::Refused },
        findings,
        read: None,
        fingerprint: String::new(),
        before,
    }
}

fn subjects(keys: &[(i64, String)]) -> Vec<i64> {
    let mut subjects: Vec<i64> = keys.iter().map(|(subject, _)| *subject).filter(|subject| *subject != AREAS).collect();
    subjects.dedup();
    subjects
}

/// Asks the gate, with what the store knows about the releases before.
fn judge(
    engine: &Engine,
    manifest: &Manifest,
    intake: &Intake,
    read: &Normalised,
    slot: Slot,
    compared: Option<&Release>,
) -> Result<Judgement, EngineError> {
    let db = &engine.store.db;
    let keys = match compared {
        Some(release) => roll::get(db, &manifest.dataset, slot_of(manifest, release.info.period))?
            .map_or(Vec::new(), |roll| subjects(&roll.keys)),
        None => Vec::new(),
    };
    let before = compared.map(|release| Before {
        shape: &release.shape,
        keys: &keys,
        period: release.info.period,
        stage: release.info.stage,
    });
    let incoming = Incoming {
        dataset: &manifest.dataset,
        period: intake.period,
        stage: intake.stage,
        counts: &read.counts,
        shape: &read.shape,
        keys: &read.keys(),
        alarms: &read.alarms,
        closed_share: None,
        same_rows: &same_rows(db, &manifest.dataset, slot, &read.row_hashes)?,
    };
    Ok(release_gate::judge(&manifest.gate, &engine.measures, &incoming, before.as_ref()))
}

/// Share of rows that stand word for word in the releases of other years: last year's file
/// under this year's name.
fn same_rows(db: &Connection, dataset: &str, slot: Slot, hashes: &[u64]) -> Result<Vec<(Period, f64)>, StoreError> {
    if hashes.is_empty() || slot == Slot::AsAt {
        return Ok(Vec::new());
    }
    let others = roll::others(db, dataset, slot, 3)?.into_iter();
    Ok(others
        .filter_map(|(slot, earlier)| {
            let Slot::Year(year) = slot else { return None };
            let same = hashes.iter().filter(|hash| earlier.binary_search(hash).is_ok()).count();
            Some((Period::Year(year), same as f64 / hashes.len() as f64))
        })
        .collect())
}

/// Schools that the register says were closed more than a year before the period: a figure of
/// theirs is a mistake. Within the year publishers still list them, and links are about nothing else.
fn closed_long_before(engine: &Engine, manifest: &Manifest, period: Period) -> Result<Vec<i64>, EngineError> {
    let lists_closed = [REGISTER, super::lineage::DATASET].contains(&manifest.dataset.as_str());
    if lists_closed || manifest.subject != SubjectKind::School {
        return Ok(Vec::new());
    }
    let start = match period {
        Period::Year(year) => Date::new(year.start() as i16, 9, 1).unwrap_or(Date::MIN),
        Period::Day(day) => day,
    };
    let limit = start.saturating_sub(jiff::Span::new().years(1));
    Ok(facts::closed(&engine.store.db)?.into_iter().filter(|(_, day)| *day < limit).map(|(urn, _)| urn).collect())
}

/// `ks4 2016/17 final v1`, as people say it.
pub fn name(info: &ReleaseInfo) -> String {
    format!("{} {} {} v{}", info.dataset, info.period, info.stage, info.version)
}

/// Writes what was prepared: the release, its facts, what follows from them.
pub fn commit(db: &Connection, work: &Work<'_>, prepared: Option<Prepared>) -> Result<Done, EngineError> {
    let Some(prepared) = prepared else { return Ok(Done::Other { alerts: Vec::new() }) };
    let Prepared { intake, dataset, layout, columns, status, findings, read, fingerprint, before } = prepared;
    let info = ReleaseInfo {
        no: ReleaseNo(work.act),
        version: releases::versions(db, &dataset, &intake.period.to_string(), intake.stage)? + 1,
        source: intake.source,
        dataset,
        period: intake.period,
        stage: intake.stage,
        published: intake.published,
        file: intake.file,
        file_name: intake.file_name,
        layout,
        columns,
    };
    let (counts, shape) =
        read.as_ref().map_or((Counts::default(), Shape::default()), |read| (read.counts.clone(), read.shape.clone()));
    let mut release = Release { info, status, counts, shape, findings, outcomes: Default::default(), decided: None };
    releases::set_taken_again(db, &release.info)?;
    releases::insert(db, &release)?;
    let Some(read) = read else { return Ok(Done::File { release: Box::new(release), alerts: Vec::new() }) };
    quarantine::put(db, release.info.no, &read.quarantine)?;
    if status != Status::Accepted {
        return Ok(Done::File { release: Box::new(release), alerts: Vec::new() });
    }
    let (changed, areas_changed) = write_facts(db, work, &release.info, read, fingerprint)?;
    let cause = cause(&release.info, before.as_ref());
    let assessed = reassess::after_release(db, work, &release.info, changed, areas_changed, cause)?;
    releases::set_outcomes(db, release.info.no, &assessed.outcomes)?;
    release.outcomes = assessed.outcomes;
    Ok(Done::File { release: Box::new(release), alerts: assessed.alerts })
}

/// Why this release is news, given the one that counted until now (I3).
fn cause(info: &ReleaseInfo, before: Option<&ReleaseInfo>) -> Cause {
    match before {
        _ if info.dataset == super::lineage::DATASET => Cause::SchoolLink,
        None => Cause::NewRelease,
        Some(before) if info.period > before.period => Cause::NewRelease,
        Some(before) if info.stage > before.stage => Cause::Revision,
        Some(_) => Cause::Correction,
    }
}

/// Writes the facts that differ from those that stand; answers with the subjects that changed
/// and whether a figure of an area did.
fn write_facts(
    db: &Connection,
    work: &Work<'_>,
    info: &ReleaseInfo,
    read: Normalised,
    fingerprint: String,
) -> Result<(BTreeSet<i64>, bool), EngineError> {
    let dataset =
        work.datasets.code(&info.dataset).ok_or_else(|| StoreError::Damaged(format!("there is no data set {}", info.dataset)))?;
    let headline = slot_in(work.setup, info);
    let slots: BTreeSet<Slot> = read.records.iter().map(|record| record.slot).chain([headline]).collect();
    let mut changed = BTreeSet::new();
    let close_date = (info.dataset == REGISTER).then(|| work.measures.code("gias.close-date")).flatten();
    for slot in slots {
        let earlier = roll::get(db, &info.dataset, slot)?;
        let records: Vec<&Record> = read.records.iter().filter(|record| record.slot == slot).collect();
        for record in &records {
            let state = match &record.content {
                Content::Unchanged => continue,
                Content::Present(body) => FactState::Present(body.clone()),
                Content::Quarantined => FactState::Quarantined,
            };
            if earlier.is_some() && facts::standing(db, dataset, record.subject, &record.part, slot)?.as_ref() == Some(&state) {
                continue;
            }
            facts::insert(db, dataset, record.subject, &record.part, slot, info.no, record.row, &state)?;
            changed.insert(record.subject);
            if let (Some(code), FactState::Present(body)) = (close_date, &state) {
                let day = body.cell(code).and_then(|cell| if let Value::Date(day) = cell.value { Some(day) } else { None });
                if day.is_some() || earlier.is_some() {
                    facts::set_closed(db, record.subject, day)?;
                }
            }
        }
        // a file that also repeats earlier years is judged by its own year only: it removes nobody elsewhere
        if let Some(earlier) = earlier.as_ref().filter(|_| slot == headline) {
            // records are in order of (subject, part), and so is the roll
            let mut here = records.iter().map(|record| (record.subject, record.part.as_str())).peekable();
            for (subject, part) in &earlier.keys {
                while here.next_if(|key| *key < (*subject, part.as_str())).is_some() {}
                if here.peek() != Some(&(*subject, part.as_str())) {
                    facts::insert(db, dataset, *subject, part, slot, info.no, 0, &FactState::Absent)?;
                    changed.insert(*subject);
                }
            }
        }
        let keys = records.iter().map(|record| (record.subject, record.part.clone())).collect();
        let hashes = if slot == headline { read.row_hashes.clone() } else { Vec::new() };
        let roll = Roll { release: info.no, source: info.source.clone(), fingerprint: fingerprint.clone(), keys, hashes };
        roll::put(db, &info.dataset, slot, &roll)?;
        if earlier.is_none() {
            // the first release about a year: whoever was there the year before and is not now
            if let Some((_, earlier)) = previous_roll(db, &info.dataset, slot)? {
                changed.extend(earlier.into_iter().filter(|subject| *subject != AREAS));
            }
        }
    }
    let areas_changed = changed.remove(&AREAS);
    Ok((changed, areas_changed))
}

/// The slot that a release is about.
pub fn slot_in(setup: &Setup, info: &ReleaseInfo) -> Slot {
    setup.connectors.get(&info.source).map_or(info.period.slot(), |manifest| slot_of(manifest, info.period))
}

/// Who was in the release about the year before.
fn previous_roll(db: &Connection, dataset: &str, slot: Slot) -> Result<Option<(Slot, Vec<i64>)>, StoreError> {
    let Slot::Year(year) = slot else { return Ok(None) };
    let before = Slot::Year(year.back(1));
    Ok(roll::get(db, dataset, before)?.map(|roll| (before, subjects(&roll.keys))))
}
