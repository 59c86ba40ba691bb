//! Which facts a release changes, and about whom.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rusqlite::Connection;

use super::engine::EngineError;
use super::ingest::slot_in;
use super::reassess::Work;
use super::weigh::{REGISTER, subjects};
use crate::model::fact::AREAS;
use crate::model::{FactState, MeasureCode, Period, ReleaseInfo, ReleaseNo, Slot, Value};
use crate::normalise::{Content, Read as Normalised, Record};
use crate::store::StoreError;
use crate::store::facts::{self, NewFact};
use crate::store::roll::{self, Roll};

/// About whom something else stands now than before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    pub subjects: BTreeSet<i64>,
    /// Whether a figure of an area did.
    pub areas: bool,
}

impl Changed {
    pub fn new(mut subjects: BTreeSet<i64>) -> Changed {
        let areas = subjects.remove(&AREAS);
        Changed { subjects, areas }
    }

    pub fn is_empty(&self) -> bool {
        self.subjects.is_empty() && !self.areas
    }
}

/// The data set that is written to.
pub(super) struct Register {
    pub dataset: i64,
    /// The measure that says since when a school is closed, in the data set that has it.
    close_date: Option<MeasureCode>,
}

impl Register {
    pub fn new(work: &Work<'_>, info: &ReleaseInfo) -> Result<Register, EngineError> {
        let missing = || StoreError::Damaged(format!("there is no data set {}", info.dataset));
        let dataset = work.datasets.code(&info.dataset).ok_or_else(missing)?;
        let close_date = (info.dataset == REGISTER).then(|| work.measures.code("gias.close-date")).flatten();
        Ok(Register { dataset, close_date })
    }

    /// Keeps what the register now says of a school's closure; `known` if it spoke before.
    pub fn note_closed(&self, db: &Connection, subject: i64, state: &FactState, known: bool) -> Result<(), StoreError> {
        if let (Some(code), FactState::Present(body)) = (self.close_date, state) {
            let day = body.cell(code).and_then(|cell| if let Value::Date(day) = cell.value { Some(day) } else { None });
            if day.is_some() || known {
                facts::set_closed(db, subject, day)?;
            }
        }
        Ok(())
    }
}

/// Writes the facts that differ from those that stand. Only for a release that comes in its turn:
/// of a register, one about the latest day.
pub fn write(
    db: &Connection,
    work: &Work<'_>,
    info: &ReleaseInfo,
    read: Normalised,
    fingerprint: String,
) -> Result<Changed, EngineError> {
    let register = Register::new(work, info)?;
    let dataset = register.dataset;
    let headline = slot_in(work.setup, info);
    let slots: BTreeSet<Slot> = read.records.iter().map(|record| record.slot).chain([headline]).collect();
    let mut changed = BTreeSet::new();
    for slot in slots {
        let earlier = roll::get(db, &info.dataset, slot)?;
        let records: Vec<&Record> = read.records.iter().filter(|record| record.slot == slot).collect();
        let day = day_in(info, slot);
        let insert = |subject: i64, part: &str, (said, row): (ReleaseNo, u32), state: &FactState| {
            facts::insert(db, NewFact { dataset, subject, part, slot, day, release: info.no, said, row, state })
        };
        // what a partial file repeats is written too: nothing else tells that it spoke of it, should a late file differ
        let repeats = info.partial && slot == Slot::AsAt;
        for record in &records {
            let state = match &record.content {
                Content::Unchanged => continue,
                Content::Present(body) => FactState::Present(body.clone()),
                Content::Quarantined => FactState::Quarantined,
            };
            if earlier.is_some()
                && let Some(same) =
                    facts::standing(db, dataset, record.subject, &record.part, slot)?.filter(|standing| standing.state == state)
            {
                if repeats {
                    insert(record.subject, &record.part, (same.said, same.row), &state)?;
                }
                continue;
            }
            insert(record.subject, &record.part, (info.no, record.row), &state)?;
            changed.insert(record.subject);
            register.note_closed(db, record.subject, &state, earlier.is_some())?;
        }
        // a file that also repeats earlier years is judged by its own year only: it removes nobody
        // elsewhere, and a partial one nobody at all
        let removes = slot == headline && !info.partial;
        if let Some(earlier) = earlier.as_ref().filter(|_| removes) {
            // records are in order of (subject, part), and so is the roll
            let mut here = records.iter().map(|record| (record.subject, record.part.as_str())).peekable();
            for (subject, part) in &earlier.keys {
                while here.next_if(|key| *key < (*subject, part.as_str())).is_some() {}
                if here.peek() != Some(&(*subject, part.as_str())) {
                    insert(*subject, part, (info.no, 0), &FactState::Absent)?;
                    changed.insert(*subject);
                }
            }
        }
        let mut keys: Vec<(i64, String)> = records.iter().map(|record| (record.subject, record.part.clone())).collect();
        if let Some(earlier) = earlier.as_ref().filter(|_| !removes) {
            keys.extend(earlier.keys.iter().cloned());
            keys.sort();
            keys.dedup();
        }
        let hashes = if removes { read.row_hashes.clone() } else { Vec::new() };
        let roll = Roll { release: info.no, source: info.source.clone(), fingerprint: fingerprint.clone(), keys, hashes };
        roll::put(db, &info.dataset, slot, &roll)?;
        if earlier.is_none() {
            // the first release about a year: whoever was there the year before and is not now
            if let Some((_, earlier)) = previous_roll(db, &info.dataset, slot)? {
                changed.extend(earlier.into_iter().filter(|subject| *subject != AREAS));
            }
        }
    }
    Ok(Changed::new(changed))
}

/// The day from which the facts of a release hold, where they are as at a day.
fn day_in(info: &ReleaseInfo, slot: Slot) -> Option<Date> {
    match (slot, info.period) {
        (Slot::AsAt, Period::Day(day)) => Some(day),
        _ => None,
    }
}

/// Who was in the release about the year before.
fn previous_roll(db: &Connection, dataset: &str, slot: Slot) -> Result<Option<(Slot, Vec<i64>)>, StoreError> {
    let Slot::Year(year) = slot else { return Ok(None) };
    let before = Slot::Year(year.back(1));
    Ok(roll::get(db, dataset, before)?.map(|roll| (before, subjects(&roll.keys))))
}
