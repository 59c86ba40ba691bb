//! A release of a register that does not come in its turn: it takes its place among the days.
//!
//! Facts are changes: there is one where a release differs from what stood before it, and whoever
//! reads takes the last one. So a release that comes late is written in two steps. Where it differs
//! from what stood before its day, it gets facts of its own. Where a later release only repeated
//! what the late one now contradicts, that is said again at the later release, word for word and
//! with the file in which it was first read. Nothing is ever taken away, so what was known before
//! the late release came can still be asked for. The law, for any order of arrival: on every day,
//! and as known by every day of publication, a register says what it would say had its releases
//! come in the order of their days.
//!
//! A partial file has a fact for every row, so nothing need be said again there.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rusqlite::Connection;

use super::changes::{Changed, Register};
use super::days::Days;
use super::engine::EngineError;
use super::reassess::Work;
use crate::model::{FactState, Period, ReleaseInfo, ReleaseNo, Slot};
use crate::normalise::{Content, Read as Normalised, Record};
use crate::store::facts::{self, Mark, NewFact};
use crate::store::roll::{self, Roll};

/// A late release in its place.
struct Late<'a> {
    info: &'a ReleaseInfo,
    day: Date,
    published: BTreeMap<ReleaseNo, Date>,
    /// The days by which somebody may ask what stood before it, each of which may have its own answer.
    asked: Vec<Date>,
    /// The later whole releases that may have followed right after it for somebody who asks, each
    /// with the days by which they may ask.
    after: Vec<(&'a ReleaseInfo, Date, Vec<Date>)>,
}

impl<'a> Late<'a> {
    /// None if it is not about a day.
    fn new(info: &'a ReleaseInfo, days: &'a Days) -> Option<Late<'a>> {
        let Period::Day(day) = info.period else { return None };
        let place = |one: &ReleaseInfo| (one.period, one.no);
        let asked = |at: &ReleaseInfo, from: Date| -> Vec<Date> {
            let earlier = days.iter().filter(|one| place(one) < place(at) && one.published > from).map(|one| one.published);
            BTreeSet::from([from]).into_iter().chain(earlier.collect::<BTreeSet<_>>()).collect()
        };
        let mut after = Vec::new();
        // the first day by which a whole release between it and the next one was published
        let mut hidden_from: Option<Date> = None;
        for later in days.iter().filter(|one| !one.partial && place(one) > place(info)) {
            let Period::Day(its_day) = later.period else { continue };
            let from = later.published.max(info.published);
            if hidden_from.is_none_or(|hidden| hidden > from) {
                after.push((later, its_day, asked(later, from)));
            }
            hidden_from = Some(hidden_from.map_or(later.published, |hidden| hidden.min(later.published)));
        }
        let published = days.iter().chain([info]).map(|one| (one.no, one.published)).collect();
        Some(Late { info, day, published, asked: asked(info, info.published), after })
    }

    /// The mark that stands right before a place for somebody who asks by `by`.
    fn stood<'m>(&self, marks: &'m [Mark], place: (Date, ReleaseNo), by: Date) -> Option<&'m Mark> {
        let known = |mark: &&Mark| self.published.get(&mark.release).is_some_and(|day| *day <= by);
        marks.iter().rev().filter(known).find(|mark| mark.place() < place)
    }

    /// What is to be added to the marks of one key, of which the release says `told`: a row and a
    /// state, or nothing. In order of place.
    fn amend(&self, marks: &[Mark], told: Option<(u32, FactState)>) -> Vec<Mark> {
        let no = self.info.no;
        let (row, state) = match told {
            Some(told) => told,
            None if self.info.partial => return Vec::new(),
            None => (0, FactState::Absent),
        };
        let mut added = Vec::new();
        let differs = |by: &Date| !stands(self.stood(marks, (self.day, no), *by), &state);
        if self.info.partial || self.asked.iter().any(differs) {
            let before = self.stood(marks, (self.day, no), self.info.published).filter(|mark| mark.state == state);
            let (said, row) = before.map_or((no, row), |mark| (mark.said, mark.row));
            added.push(Mark { day: self.day, release: no, said, row, state });
        }
        for (later, day, asked) in &self.after {
            if marks.iter().any(|mark| mark.release == later.no) {
                continue;
            }
            // as it was known when the later release came, so that no citation is of a file nobody had
            let known: Vec<Mark> = marks.iter().filter(|mark| mark.release < later.no).cloned().collect();
            let repeated = self.stood(&known, (*day, later.no), later.published);
            let state = repeated.map_or(FactState::Absent, |mark| mark.state.clone());
            let now = |by: &Date| {
                let places = [self.stood(marks, (*day, later.no), *by), self.stood(&added, (*day, later.no), *by)];
                places.into_iter().flatten().max_by_key(|mark| mark.place())
            };
            if asked.iter().any(|by| !stands(now(by), &state)) {
                let (said, row) = repeated.map_or((later.no, 0), |mark| (mark.said, mark.row));
                added.push(Mark { day: *day, release: later.no, said, row, state });
            }
        }
        added
    }
}

/// Whether `mark` says `state`; a key that nobody ever spoke of is not there.
fn stands(mark: Option<&Mark>, state: &FactState) -> bool {
    mark.map_or(&FactState::Absent, |mark| &mark.state) == state
}

/// Writes a late release; answers with those whose present state changed: none, unless only
/// partial files are about later days.
pub fn write(
    db: &Connection,
    work: &Work<'_>,
    info: &ReleaseInfo,
    read: Normalised,
    fingerprint: String,
    days: &Days,
) -> Result<Changed, EngineError> {
    let register = Register::new(work, info)?;
    let dataset = register.dataset;
    let mut changed = BTreeSet::new();
    let Some(late) = Late::new(info, days) else { return Ok(Changed::default()) };
    let mut records: BTreeMap<(i64, String), Option<Record>> = BTreeMap::new();
    if !info.partial {
        records.extend(facts::keys(db, dataset, Slot::AsAt)?.into_iter().map(|key| (key, None)));
    }
    let told = read.records.into_iter().filter(|record| record.slot == Slot::AsAt);
    records.extend(told.map(|record| ((record.subject, record.part.clone()), Some(record))));
    for ((subject, part), record) in &records {
        let marks = facts::marks(db, dataset, *subject, part)?;
        let told = record.as_ref().and_then(|record| match &record.content {
            Content::Present(body) => Some((record.row, FactState::Present(body.clone()))),
            Content::Quarantined => Some((record.row, FactState::Quarantined)),
            // never said of such a release: it is not held against the rows of the one before
            Content::Unchanged => None,
        });
        let added = late.amend(&marks, told);
        for Mark { day, release, said, row, state } in &added {
            let (slot, day, part) = (Slot::AsAt, Some(*day), part.as_str());
            facts::insert(
                db,
                NewFact { dataset, subject: *subject, part, slot, day, release: *release, said: *said, row: *row, state },
            )?;
        }
        let last = |there: fn(&FactState) -> bool| {
            marks.iter().chain(&added).filter(|mark| there(&mark.state)).max_by_key(|mark| mark.place())
        };
        if last(|_| true).is_some_and(|last| !stands(marks.last(), &last.state)) {
            changed.insert(*subject);
        }
        // of a school that is gone by now, what the register said last
        let spoke = last(|state| matches!(state, FactState::Present(_)));
        if let Some(last) = spoke.filter(|last| added.contains(last)) {
            register.note_closed(db, *subject, &last.state, true)?;
        }
    }
    put_roll(db, dataset, info, read.row_hashes, fingerprint, days)?;
    Ok(Changed::new(changed))
}

/// Who is there now, unless a later whole release says so.
fn put_roll(
    db: &Connection,
    dataset: i64,
    info: &ReleaseInfo,
    hashes: Vec<u64>,
    fingerprint: String,
    days: &Days,
) -> Result<(), EngineError> {
    let last = days.iter().all(|one| one.period <= info.period);
    if !last && days.iter().any(|one| !one.partial && one.period > info.period) {
        return Ok(());
    }
    let keys = facts::standing_at(db, dataset, None)?;
    let hashes = if last && !info.partial { hashes } else { Vec::new() };
    let (release, source) = (info.no, info.source.clone());
    let roll = match roll::get(db, &info.dataset, Slot::AsAt)? {
        Some(roll) if !last => Roll { keys, hashes, ..roll },
        _ => Roll { release, source, fingerprint, keys, hashes },
    };
    roll::put(db, &info.dataset, Slot::AsAt, &roll)?;
    Ok(())
}

#[cfg(test)]
mod tests;
