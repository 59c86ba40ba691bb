//! A file → rows → records → the gate → facts → what follows. Reading this is reading the system.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use rusqlite::Connection;

use super::chronicle::Chronicle;
use super::days::{Coming, Days};
use super::engine::{Done, Engine, EngineError};
use super::reassess::{self, Work};
use super::setup::Setup;
use super::{changes, follow, index, late, notices, register_news, weigh};
use crate::connector::{Cadence, Coverage, Manifest};
use crate::decode::{self, Limits};
use crate::faults::{Class, Finding};
use crate::model::{Cause, Counts, Period, ReleaseInfo, ReleaseNo, Slot};
use crate::normalise::{self, Read as Normalised};
use crate::release_gate::Shape;
use crate::release_gate::judge::Judgement;
use crate::store::acts::{Deed, Intake};
use crate::store::releases::{self, Release, Status};
use crate::store::{quarantine, roll};

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
    partial: bool,
    /// The releases of a register among which this one takes its place, unless it comes after all of them.
    late: Option<Days>,
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
    let days = match slot {
        Slot::AsAt => Days::new(releases::about_days(db, &manifest.dataset)?),
        Slot::Year(_) => Days::default(),
    };
    let partial = manifest.coverage == Coverage::Partial;
    let coming = Coming { source: &intake.source, period: intake.period, published: intake.published, partial };
    let in_turn = days.end_before(coming);
    let compared = compared(db, manifest, slot, current, days.compared(coming))?;
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
    // a row as in the file before says nothing where something else may stand by now
    let held_against = earlier.as_ref().filter(|_| in_turn && !partial);
    let same_layout = held_against.filter(|roll| roll.source == intake.source && roll.fingerprint == fingerprint);
    let closed = weigh::closed_long_before(engine, manifest, intake.period)?;
    let known = normalise::Known { unchanged: same_layout.map_or(&[][..], |roll| &roll.hashes), closed: &closed };
    let read = match normalise::read(&mut table, &binding, known) {
        Ok(read) => read,
        Err(finding) => return Ok(Some(refused(intake, manifest, vec![finding], before))),
    };
    let judgement = weigh::judge(engine, manifest, &intake, &read, slot, compared.as_ref(), &days)?;
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
        partial,
        late: (!in_turn).then_some(days),
    }))
}

/// The release that the gate holds this one against: of a register, the nearest by day; else the
/// current one of the slot or of the nearest.
fn compared(
    db: &Connection,
    manifest: &Manifest,
    slot: Slot,
    current: Option<Release>,
    by_day: Option<ReleaseNo>,
) -> Result<Option<Release>, EngineError> {
    match (slot, current) {
        (Slot::AsAt, Some(current)) => match by_day {
            Some(no) if no == current.info.no => Ok(Some(current)),
            Some(no) => Ok(releases::get(db, no)?),
            None => Ok(None),
        },
        (Slot::Year(_), Some(current)) if manifest.coverage == Coverage::Whole && !current.info.partial => Ok(Some(current)),
        (_, None) if manifest.coverage == Coverage::Whole => Ok(releases::comparable(db, &manifest.dataset, slot)?),
        _ => Ok(releases::like(db, &manifest.dataset, slot, &manifest.id, manifest.coverage == Coverage::Partial)?),
    }
}

impl Prepared {
    /// Number and day, if this is an accepted release of that data set.
    pub fn begins(&self, dataset: &str, no: i64) -> Option<(ReleaseNo, jiff::civil::Date)> {
        match self.intake.period {
            Period::Day(day) if self.status == Status::Accepted && self.dataset == dataset => Some((ReleaseNo(no), day)),
            _ => None,
        }
    }

    /// What stands in the way, if it does not go through.
    pub fn is_accepted(&self) -> Result<(), String> {
        if self.status == Status::Accepted {
            return Ok(());
        }
        Err(self.findings.iter().map(|finding| format!("  {finding}")).collect::<Vec<_>>().join("\n"))
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
        partial: manifest.coverage == Coverage::Partial,
        late: None,
    }
}

/// Writes what was prepared: the release, its facts, what follows from them.
pub fn commit(db: &Connection, work: &Work<'_>, prepared: Option<Prepared>) -> Result<Done, EngineError> {
    let Some(prepared) = prepared else { return Ok(Done::Other { alerts: Vec::new() }) };
    let Prepared { intake, dataset, layout, columns, status, findings, read, fingerprint, before, partial, late } = prepared;
    let info = ReleaseInfo {
        no: ReleaseNo(work.act),
        version: releases::versions(db, &dataset, &intake.period.to_string(), intake.stage)? + 1,
        source: intake.source,
        dataset,
        period: intake.period,
        stage: intake.stage,
        partial,
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
    index::note(db, &work.lens, &release.info.dataset, &read.records)?;
    let changed = match &late {
        None => changes::write(db, work, &release.info, read, fingerprint)?,
        Some(days) => late::write(db, work, &release.info, read, fingerprint, days)?,
    };
    let past = late.is_some_and(|days| days.iter().any(|one| one.period > release.info.period));
    if past && changed.is_empty() {
        // a file about the past is no news: nobody is asked again, and no concern moves
        return Ok(Done::File { release: Box::new(release), alerts: Vec::new() });
    }
    let cause = cause(&release.info, before.as_ref());
    let mut chronicle = Chronicle::new(db, work, release.info.published)?;
    register_news::after_release(db, work, &release.info, before.as_ref(), &changed.subjects, cause, &mut chronicle)?;
    follow::after_release(db, work, &release.info, &changed.subjects, &mut chronicle)?;
    let outcomes = reassess::after_release(db, work, &release.info, changed.subjects, changed.areas, cause, &mut chronicle)?;
    if work.lens.reads(&release.info.dataset) {
        notices::after_act(db, work, cause, &mut chronicle)?;
    }
    releases::set_outcomes(db, release.info.no, &outcomes)?;
    release.outcomes = outcomes;
    Ok(Done::File { release: Box::new(release), alerts: chronicle.entries })
}

/// Why this release is news, given the one that counted until now (I3).
fn cause(info: &ReleaseInfo, before: Option<&ReleaseInfo>) -> Cause {
    match before {
        _ if info.dataset == crate::register::LINKS => Cause::SchoolLink,
        None => Cause::NewRelease,
        Some(before) if info.period > before.period => Cause::NewRelease,
        Some(before) if info.stage > before.stage => Cause::Revision,
        Some(_) => Cause::Correction,
    }
}

/// The slot of a source's release about `period`.
pub fn slot_of(manifest: &Manifest, period: Period) -> Slot {
    match manifest.cadence {
        Cadence::AsAt => Slot::AsAt,
        Cadence::Yearly => period.slot(),
    }
}

/// The slot that a release is about.
pub fn slot_in(setup: &Setup, info: &ReleaseInfo) -> Slot {
    setup.connectors.get(&info.source).map_or(info.period.slot(), |manifest| slot_of(manifest, info.period))
}
