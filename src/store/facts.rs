//! Facts: what is known about each subject, and since which release.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use rusqlite::{Connection, Row, params};

use super::StoreError;
use crate::model::{Body, Fact, FactState, History, MeasureCode, Measures, ReleaseNo, Slot};

/// The numbers under which a data folder keeps data sets.
#[derive(Debug, Clone, Default)]
pub struct Datasets {
    by_id: BTreeMap<String, i64>,
    by_code: BTreeMap<i64, Arc<str>>,
}

impl Datasets {
    /// Reads the numbers, giving one to every data set in `ids` that has none yet.
    pub fn intern<'a>(db: &Connection, ids: impl Iterator<Item = &'a str>) -> Result<Datasets, StoreError> {
        for id in ids {
            db.prepare_cached("INSERT OR IGNORE INTO dataset (id) VALUES (?)")?.execute([id])?;
        }
        Datasets::read(db)
    }

    pub fn read(db: &Connection) -> Result<Datasets, StoreError> {
        let mut datasets = Datasets::default();
        let mut statement = db.prepare("SELECT code, id FROM dataset ORDER BY code")?;
        for row in statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))? {
            let (code, id) = row?;
            datasets.by_code.insert(code, Arc::from(id.as_str()));
            datasets.by_id.insert(id, code);
        }
        Ok(datasets)
    }

    pub fn code(&self, id: &str) -> Option<i64> {
        self.by_id.get(id).copied()
    }
}

/// The same measures under this folder's codes; new ones get the next code.
pub fn intern_measures(db: &Connection, measures: Measures) -> Result<Measures, StoreError> {
    // all of them in one commit, or a first start would wait for the disk once for each; nothing
    // is written where none is new
    let known = measure_codes(db)?;
    if measures.ids().any(|id| !known.contains_key(id)) {
        let tx = db.unchecked_transaction()?;
        for id in measures.ids() {
            tx.prepare_cached(
                "INSERT OR IGNORE INTO measure (code, id) SELECT coalesce(max(code), -1) + 1, ? FROM measure WHERE true",
            )?
            .execute([id])?;
        }
        tx.commit()?;
    }
    Ok(measures.with_codes(&measure_codes(db)?))
}

pub fn measure_codes(db: &Connection) -> Result<BTreeMap<String, MeasureCode>, StoreError> {
    db.prepare("SELECT id, code FROM measure")?
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, u16>(1)?)))?
        .map(|row| row.map(|(id, code)| (id, MeasureCode(code))).map_err(StoreError::from))
        .collect()
}

/// A fact on its way into the store.
#[derive(Debug, Clone, Copy)]
pub struct NewFact<'a> {
    pub dataset: i64,
    pub subject: i64,
    pub part: &'a str,
    pub slot: Slot,
    /// That of the release, for data sets that are as at a day.
    pub day: Option<Date>,
    pub release: ReleaseNo,
    pub said: ReleaseNo,
    pub row: u32,
    pub state: &'a FactState,
}

const PRESENT: i64 = 0;
const ABSENT: i64 = 1;
const QUARANTINED: i64 = 2;

/// Writes one fact. The caller has made sure that it differs from the one before.
pub fn insert(db: &Connection, fact: NewFact<'_>) -> Result<(), StoreError> {
    let NewFact { dataset, subject, part, slot, day, release, said, row, state } = fact;
    let (state, body) = match state {
        FactState::Present(body) => (PRESENT, body.as_bytes()),
        FactState::Absent => (ABSENT, &[][..]),
        FactState::Quarantined => (QUARANTINED, &[][..]),
    };
    db.prepare_cached(
        "INSERT INTO fact (subject, dataset, part, slot, day, release, said, row, state, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![subject, dataset, part, slot.to_code(), day.map_or(0, number_of), release.0, said.0, row, state, body])?;
    Ok(())
}

/// Everything known about one subject, the oldest day and release first within each slot.
pub fn history(db: &Connection, datasets: &Datasets, subject: i64) -> Result<History, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT subject, dataset, part, slot, day, release, said, row, state, body FROM fact WHERE subject = ?
         ORDER BY dataset, part, slot, day, release",
    )?;
    let facts = statement.query_and_then([subject], |row| fact(row, datasets))?.collect::<Result<_, _>>()?;
    Ok(History { subject, facts })
}

/// What is known about one subject in a few data sets, in the order of [`history`].
pub fn history_in(db: &Connection, datasets: &Datasets, subject: i64, among: &[i64]) -> Result<History, StoreError> {
    // one look-up for each data set comes in order by itself; all at once would be sorted, bodies and all
    let mut statement = db.prepare_cached(
        "SELECT subject, dataset, part, slot, day, release, said, row, state, body FROM fact WHERE subject = ? AND dataset = ?
         ORDER BY part, slot, day, release",
    )?;
    let mut among = among.to_vec();
    among.sort_unstable();
    let mut facts = Vec::new();
    for dataset in among {
        for found in statement.query_and_then([subject, dataset], |row| fact(row, datasets))? {
            facts.push(found?);
        }
    }
    Ok(History { subject, facts })
}

/// Calls `each` for every subject from `from` to `to`, in order, in one scan. Cheaper than one
/// look-up each when most subjects are wanted.
pub fn scan<E: From<StoreError>>(
    db: &Connection,
    datasets: &Datasets,
    from: i64,
    to: i64,
    mut each: impl FnMut(&History) -> Result<(), E>,
) -> Result<(), E> {
    let sqlite = |error: rusqlite::Error| E::from(StoreError::from(error));
    let mut statement = db
        .prepare_cached(
            "SELECT subject, dataset, part, slot, day, release, said, row, state, body FROM fact WHERE subject BETWEEN ? AND ?
             ORDER BY subject, dataset, part, slot, day, release",
        )
        .map_err(sqlite)?;
    let mut rows = statement.query([from, to]).map_err(sqlite)?;
    let mut history = History::default();
    while let Some(row) = rows.next().map_err(sqlite)? {
        let subject: i64 = row.get(0).map_err(sqlite)?;
        if subject != history.subject {
            if !history.facts.is_empty() {
                each(&history)?;
            }
            history.facts.clear();
            history.subject = subject;
        }
        history.facts.push(fact(row, datasets)?);
    }
    if history.facts.is_empty() { Ok(()) } else { each(&history) }
}

/// One fact of a key that the caller knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    pub day: Date,
    pub release: ReleaseNo,
    pub said: ReleaseNo,
    pub row: u32,
    pub state: FactState,
}

impl Mark {
    /// Its place in the order of marks.
    pub fn place(&self) -> (Date, ReleaseNo) {
        (self.day, self.release)
    }
}

/// The fact that stands for one key after the latest day, if there is one.
pub fn standing(db: &Connection, dataset: i64, subject: i64, part: &str, slot: Slot) -> Result<Option<Mark>, StoreError> {
    db.prepare_cached(
        "SELECT day, release, said, row, state, body FROM fact WHERE subject = ? AND dataset = ? AND part = ? AND slot = ?
         ORDER BY day DESC, release DESC LIMIT 1",
    )?
    .query_and_then(params![subject, dataset, part, slot.to_code()], mark)?
    .next()
    .transpose()
}

/// All facts of one key that is as at a day, in their order.
pub fn marks(db: &Connection, dataset: i64, subject: i64, part: &str) -> Result<Vec<Mark>, StoreError> {
    db.prepare_cached(
        "SELECT day, release, said, row, state, body FROM fact WHERE subject = ? AND dataset = ? AND part = ? AND slot = ?
         ORDER BY day, release",
    )?
    .query_and_then(params![subject, dataset, part, Slot::AsAt.to_code()], mark)?
    .collect()
}

/// Subject and part of every fact of a data set, each once and in order. Reads the whole table.
pub fn keys(db: &Connection, dataset: i64, slot: Slot) -> Result<Vec<(i64, String)>, StoreError> {
    let mut keys = db
        .prepare_cached("SELECT subject, part FROM fact WHERE dataset = ? AND slot = ? ORDER BY subject, part")?
        .query_map(params![dataset, slot.to_code()], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    keys.dedup();
    Ok(keys)
}

/// Who stood in a data set that is as at a day, after one release or after the latest day; in
/// order. Reads the whole table.
pub fn standing_at(db: &Connection, dataset: i64, after: Option<(Date, ReleaseNo)>) -> Result<Vec<(i64, String)>, StoreError> {
    let (day, release) = after.map_or((i64::MAX, i64::MAX), |(day, release)| (number_of(day), release.0));
    let mut standing: Vec<((i64, String), i64)> = Vec::new();
    let mut statement = db.prepare_cached(
        "SELECT subject, part, state FROM fact WHERE dataset = ?1 AND slot = ?2 AND (day, release) <= (?3, ?4)
         ORDER BY subject, part, day, release",
    )?;
    let rows = statement.query_map(params![dataset, Slot::AsAt.to_code(), day, release], |row| {
        Ok(((row.get(0)?, row.get::<_, String>(1)?), row.get(2)?))
    })?;
    for row in rows {
        let (key, state) = row?;
        standing.pop_if(|(earlier, _)| *earlier == key);
        standing.push((key, state));
    }
    Ok(standing.into_iter().filter(|(_, state)| *state != ABSENT).map(|(key, _)| key).collect())
}

/// Subject and part of every fact that came with one release, in order. Reads the whole table.
pub fn keys_of(db: &Connection, dataset: i64, release: ReleaseNo) -> Result<Vec<(i64, String)>, StoreError> {
    Ok(db
        .prepare_cached("SELECT subject, part FROM fact WHERE dataset = ? AND release = ? ORDER BY subject, part")?
        .query_map(params![dataset, release.0], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?)
}

fn mark(row: &Row<'_>) -> Result<Mark, StoreError> {
    Ok(Mark {
        day: day_of(row.get(0)?)?,
        release: ReleaseNo(row.get(1)?),
        said: ReleaseNo(row.get(2)?),
        row: row.get(3)?,
        state: state_of(row.get(4)?, row.get(5)?)?,
    })
}

/// Every subject from `from` to `to` that has a fact.
pub fn subjects(db: &Connection, from: i64, to: i64) -> Result<Vec<i64>, StoreError> {
    Ok(db
        .prepare_cached("SELECT DISTINCT subject FROM fact WHERE subject BETWEEN ? AND ? ORDER BY subject")?
        .query_map([from, to], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Schools that the register says are closed, with the day.
pub fn closed(db: &Connection) -> Result<BTreeMap<i64, Date>, StoreError> {
    db.prepare_cached("SELECT urn, day FROM closed")?
        .query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?
        .map(|row| {
            let (urn, day) = row?;
            let day = day.parse().map_err(|_| StoreError::Damaged(format!("`{day}` is not a day")))?;
            Ok((urn, day))
        })
        .collect()
}

pub fn set_closed(db: &Connection, urn: i64, day: Option<Date>) -> Result<(), StoreError> {
    match day {
        Some(day) => {
            db.prepare_cached("INSERT OR REPLACE INTO closed (urn, day) VALUES (?, ?)")?.execute(params![urn, day.to_string()])?
        }
        None => db.prepare_cached("DELETE FROM closed WHERE urn = ?")?.execute([urn])?,
    };
    Ok(())
}

fn state_of(state: i64, body: Vec<u8>) -> Result<FactState, StoreError> {
    match state {
        PRESENT => Ok(FactState::Present(Body::from_bytes(body))),
        ABSENT => Ok(FactState::Absent),
        QUARANTINED => Ok(FactState::Quarantined),
        other => Err(StoreError::Damaged(format!("{other} is not a state of a fact"))),
    }
}

fn fact(row: &Row<'_>, datasets: &Datasets) -> Result<Fact, StoreError> {
    let code: i64 = row.get(1)?;
    let dataset =
        datasets.by_code.get(&code).cloned().ok_or_else(|| StoreError::Damaged(format!("there is no data set {code}")))?;
    let slot: i64 = row.get(3)?;
    let slot = Slot::from_code(slot).ok_or_else(|| StoreError::Damaged(format!("{slot} is not a slot")))?;
    let day = row.get(4)?;
    Ok(Fact {
        dataset,
        part: row.get(2)?,
        slot,
        day: if slot == Slot::AsAt { Some(day_of(day)?) } else { None },
        release: ReleaseNo(row.get(5)?),
        said: ReleaseNo(row.get(6)?),
        row: row.get(7)?,
        state: state_of(row.get(8)?, row.get(9)?)?,
    })
}

/// A day as the store counts it: from 1970-01-01.
pub(super) fn number_of(day: Date) -> i64 {
    day.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

fn day_of(number: i64) -> Result<Date, StoreError> {
    let damaged = || StoreError::Damaged(format!("{number} is not the number of a day"));
    let span = jiff::Span::new().try_days(number).map_err(|_| damaged())?;
    Date::constant(1970, 1, 1).checked_add(span).map_err(|_| damaged())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_and_its_number_lead_to_each_other() {
        for day in ["1970-01-01", "2024-02-29", "2026-07-01", "1969-12-31"] {
            let day: Date = day.parse().unwrap();
            assert_eq!(day_of(number_of(day)).unwrap(), day);
        }
        assert_eq!(number_of(Date::constant(1970, 1, 2)), 1);
        assert!(day_of(i64::MAX).is_err());
    }
}
