//! Which facts a release changes, and about whom.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rusqlite::Connection;

use super::engine::EngineError;
use super::ingest::slot_in;
use super::reassess::Work;
use super::weigh::{REGISTER, subjects};
use crate::model::fact::AREAS;
use crate::model::{FactState, Period, ReleaseInfo, Slot, Value};
use crate::normalise::{Content, Read as Normalised, Record};
use crate::store::StoreError;
use crate::store::facts::{self, NewFact};
use crate::store::roll::{self, Roll};

/// Writes the facts that differ from those that stand; answers with the subjects that changed
/// and whether a figure of an area did.
pub fn write(
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
        let day = day_in(info, slot);
        let insert = |subject: i64, part: &str, row: u32, state: &FactState| {
            facts::insert(db, NewFact { dataset, subject, part, slot, day, release: info.no, said: info.no, row, state })
        };
        for record in &records {
            let state = match &record.content {
                Content::Unchanged => continue,
                Content::Present(body) => FactState::Present(body.clone()),
                Content::Quarantined => FactState::Quarantined,
            };
            if earlier.is_some() && facts::standing(db, dataset, record.subject, &record.part, slot)?.as_ref() == Some(&state) {
                continue;
            }
            insert(record.subject, &record.part, record.row, &state)?;
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
                    insert(*subject, part, 0, &FactState::Absent)?;
                    changed.insert(*subject);
                }
            }
        }
        let mut keys: Vec<(i64, String)> = records.iter().map(|record| (record.subject, record.part.clone())).collect();
        if let Some(earlier) = earlier.as_ref().filter(|_| slot != headline) {
            keys.extend(earlier.keys.iter().cloned());
            keys.sort();
            keys.dedup();
        }
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
