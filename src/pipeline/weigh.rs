//! What the gate is told beside the file: the release before, who is closed, what other years say.

use jiff::civil::Date;
use rusqlite::Connection;

use super::days::Days;
use super::differing;
use super::engine::{Engine, EngineError};
use super::ingest::slot_of;
use crate::connector::{Coverage, Manifest, SubjectKind};
use crate::faults::{Class, Finding};
use crate::model::fact::AREAS;
use crate::model::{Period, Slot};
use crate::normalise::Read as Normalised;
use crate::release_gate;
use crate::release_gate::judge::{Before, Incoming, Judgement};
use crate::store::acts::Intake;
use crate::store::releases::Release;
use crate::store::{StoreError, facts, roll};

/// The data set that says which schools are closed.
pub const REGISTER: &str = "gias";

/// Asks the gate, with what the store knows about the releases before.
pub fn judge(
    engine: &Engine,
    manifest: &Manifest,
    intake: &Intake,
    read: &Normalised,
    slot: Slot,
    compared: Option<&Release>,
    days: &Days,
) -> Result<Judgement, EngineError> {
    let db = &engine.store.db;
    let keys = match compared {
        Some(release) => keys_of(engine, release, slot_of(manifest, release.info.period))?,
        None => Vec::new(),
    };
    let before = compared.map(|release| Before {
        shape: &release.shape,
        keys: &keys,
        period: release.info.period,
        stage: release.info.stage,
    });
    let mut alarms = read.alarms.clone();
    if !read.records.is_empty() && read.records.iter().all(|record| record.slot != slot) {
        let what =
            format!("none of its rows is about {}: say what it is about, or ask the publisher for the right file", intake.period);
        alarms.push(Finding::new(Class::Hold, "other-period", what));
    }
    // links and memberships end by not being listed: then every row must say whom it is about
    let ends_by_absence = manifest.coverage == Coverage::Whole && manifest.layout.iter().any(|layout| !layout.part.is_empty());
    if ends_by_absence && read.shape.keyless > 0 {
        let what = format!(
            "{} rows do not say whom they are about, so it cannot be told what is no longer listed: look at them with `headwater quarantine list`, or wait for the next file",
            read.shape.keyless
        );
        alarms.push(Finding::new(Class::Hold, "primary-key", what));
    }
    // a file whose rows say their year may repeat earlier years, and cannot be taken for one of them
    let own_years = read.records.iter().any(|record| record.slot != slot);
    let same_rows = if own_years { Vec::new() } else { same_rows(db, &manifest.dataset, slot, &read.row_hashes)? };
    let dataset = engine.datasets.code(&manifest.dataset);
    // what stands is not what stood before a file about the past, which waits for a person anyway
    let late = days.counts_now(&manifest.id).is_some_and(|one| one.period > intake.period);
    let known = if late { &[][..] } else { &keys };
    let changed = differing::count(db, manifest, &engine.measures, dataset, read, slot, known)?;
    let incoming = Incoming {
        dataset: &manifest.dataset,
        period: intake.period,
        stage: intake.stage,
        counts: &read.counts,
        shape: &read.shape,
        keys: &read.keys(),
        alarms: &alarms,
        closed_share: None,
        same_rows: &same_rows,
        counts_now: days.counts_now(&manifest.id).map(|one| one.period),
        changed: &changed,
    };
    Ok(release_gate::judge(&manifest.gate, &engine.measures, &incoming, before.as_ref()))
}

/// Subjects of the release that another one is held against, without areas. Of the release that
/// counts the roll has them; of another one about a day they are gathered from the facts.
fn keys_of(engine: &Engine, release: &Release, slot: Slot) -> Result<Vec<i64>, StoreError> {
    let (db, info) = (&engine.store.db, &release.info);
    let roll = roll::get(db, &info.dataset, slot)?.filter(|roll| roll.release == info.no || slot != Slot::AsAt);
    let keys = match (roll, info.period, engine.datasets.code(&info.dataset)) {
        (Some(roll), ..) if !info.partial => roll.keys,
        (_, Period::Day(_), Some(dataset)) if info.partial => facts::keys_of(db, dataset, info.no)?,
        (_, Period::Day(day), Some(dataset)) => facts::standing_at(db, dataset, Some((day, info.no)))?,
        _ => Vec::new(),
    };
    Ok(subjects(&keys))
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
pub fn closed_long_before(engine: &Engine, manifest: &Manifest, period: Period) -> Result<Vec<i64>, EngineError> {
    let lists_closed = [REGISTER, crate::register::LINKS].contains(&manifest.dataset.as_str());
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

/// Subjects of a roll, without the areas, each once.
pub fn subjects(keys: &[(i64, String)]) -> Vec<i64> {
    let mut subjects: Vec<i64> = keys.iter().map(|(subject, _)| *subject).filter(|subject| *subject != AREAS).collect();
    subjects.dedup();
    subjects
}
