//! Releases that came, whatever became of them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::faults::Finding;
use crate::model::{Counts, ReleaseInfo, ReleaseNo, Slot, Stage, Verdict};
use crate::release_gate::Shape;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Accepted,
    /// Waits for a person; nothing moved.
    Held,
    /// Not a release of the data set; nothing moved.
    Refused,
}

impl Status {
    pub fn word(self) -> &'static str {
        match self {
            Status::Accepted => "accepted",
            Status::Held => "held",
            Status::Refused => "refused",
        }
    }

    fn parse(word: &str) -> Result<Status, StoreError> {
        [Status::Accepted, Status::Held, Status::Refused]
            .into_iter()
            .find(|status| status.word() == word)
            .ok_or_else(|| StoreError::Damaged(format!("`{word}` is not a status of a release")))
    }
}

/// One release with what was found in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Release {
    pub info: ReleaseInfo,
    pub status: Status,
    pub counts: Counts,
    pub shape: Shape,
    pub findings: Vec<Finding>,
    /// Assessments it led to, by rule.
    pub outcomes: Outcomes,
    /// The act by which a person decided about it later, or by which the same bytes came again.
    pub decided: Option<i64>,
}

pub type Outcomes = BTreeMap<String, Tally>;

/// How many schools one rule gave which answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub met: u32,
    pub not_met: u32,
    pub unknown: u32,
    /// Concerns that were open and stay so on the very same figures: no news, and worth counting.
    pub confirmed: u32,
}

impl Tally {
    pub fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Met => self.met += 1,
            Verdict::NotMet => self.not_met += 1,
            Verdict::Unknown => self.unknown += 1,
        }
    }
}

const COLUMNS: &str = "info, status, counts, shape, findings, outcomes, decided";

pub fn insert(db: &Connection, release: &Release) -> Result<(), StoreError> {
    let info = &release.info;
    db.prepare_cached(
        "INSERT INTO release (no, dataset, source, slot, status, file, info, counts, shape, findings, outcomes)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        info.no.0,
        info.dataset,
        info.source,
        info.period.slot().to_code(),
        release.status.word(),
        info.file,
        json(info)?,
        json(&release.counts)?,
        json(&release.shape)?,
        json(&release.findings)?,
        json(&release.outcomes)?,
    ])?;
    Ok(())
}

pub fn set_outcomes(db: &Connection, no: ReleaseNo, outcomes: &Outcomes) -> Result<(), StoreError> {
    db.prepare_cached("UPDATE release SET outcomes = ? WHERE no = ?")?.execute(params![json(outcomes)?, no.0])?;
    Ok(())
}

pub fn set_decided(db: &Connection, no: ReleaseNo, status: Status, act: i64) -> Result<(), StoreError> {
    db.prepare_cached("UPDATE release SET status = ?, decided = ? WHERE no = ?")?.execute(params![status.word(), act, no.0])?;
    Ok(())
}

/// The same bytes came again in `release`, under other files in force: what was held of them
/// before waits no longer.
pub fn set_taken_again(db: &Connection, release: &ReleaseInfo) -> Result<(), StoreError> {
    db.prepare_cached(
        "UPDATE release SET decided = ?1 WHERE file = ?2 AND source = ?3 AND no < ?1 AND status = 'held' AND decided IS NULL
         AND json_extract(info, '$.period') = ?4 AND json_extract(info, '$.stage') = ?5",
    )?
    .execute(params![release.no.0, release.file, release.source, release.period.to_string(), release.stage.to_string()])?;
    Ok(())
}

pub fn get(db: &Connection, no: ReleaseNo) -> Result<Option<Release>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM release WHERE no = ?");
    db.prepare_cached(&sql)?.query_row([no.0], raw).optional()?.map(build).transpose()
}

pub fn all(db: &Connection) -> Result<Vec<Release>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM release ORDER BY no");
    db.prepare_cached(&sql)?.query_map([], raw)?.map(|row| build(row?)).collect()
}

/// Number and day of the first accepted release of an as-at data set by day, among those not in
/// `hidden`.
pub fn first(db: &Connection, dataset: &str, hidden: &BTreeSet<ReleaseNo>) -> Result<Option<(ReleaseNo, Date)>, StoreError> {
    by_day(db, dataset, hidden, "info ->> '$.period', no")
}

/// The last of them.
pub fn last(db: &Connection, dataset: &str, hidden: &BTreeSet<ReleaseNo>) -> Result<Option<(ReleaseNo, Date)>, StoreError> {
    by_day(db, dataset, hidden, "info ->> '$.period' DESC, no DESC")
}

fn by_day(
    db: &Connection,
    dataset: &str,
    hidden: &BTreeSet<ReleaseNo>,
    order: &str,
) -> Result<Option<(ReleaseNo, Date)>, StoreError> {
    // an index has them in this order: no more are read than are hidden
    let sql = format!(
        "SELECT no, info ->> '$.period' FROM release WHERE dataset = ? AND status = 'accepted' AND decided IS NULL ORDER BY {order}"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([dataset])?;
    while let Some(row) = rows.next()? {
        let (no, day) = (ReleaseNo(row.get(0)?), row.get::<_, String>(1)?);
        if let (false, Ok(day)) = (hidden.contains(&no), day.parse()) {
            return Ok(Some((no, day)));
        }
    }
    Ok(None)
}

/// Accepted releases that were published after a day.
pub fn published_after(db: &Connection, day: Date) -> Result<BTreeSet<ReleaseNo>, StoreError> {
    Ok(db
        .prepare_cached("SELECT no FROM release WHERE info ->> '$.published' > ?")?
        .query_map([day.to_string()], |row| row.get(0).map(ReleaseNo))?
        .collect::<Result<_, _>>()?)
}

/// Releases with a number above another.
pub fn after(db: &Connection, no: ReleaseNo) -> Result<Vec<ReleaseNo>, StoreError> {
    let mut statement = db.prepare_cached("SELECT no FROM release WHERE no > ?")?;
    Ok(statement.query_map([no.0], |row| row.get(0).map(ReleaseNo))?.collect::<Result<_, _>>()?)
}

/// The accepted releases that assessing must know beforehand: all about academic years, and of each
/// register the one of the latest day. Those that facts cite are looked up as they come up, so that
/// the number of extracts held makes no difference.
pub fn to_assess_by(db: &Connection) -> Result<BTreeMap<ReleaseNo, ReleaseInfo>, StoreError> {
    let sql = "SELECT info FROM release WHERE status = 'accepted' AND decided IS NULL AND slot <> 0
         UNION ALL
         SELECT info FROM (
           SELECT info, row_number() OVER (PARTITION BY dataset ORDER BY info ->> '$.period' DESC, no DESC) AS place
           FROM release WHERE status = 'accepted' AND decided IS NULL AND slot = 0
         ) WHERE place = 1";
    let mut found = BTreeMap::new();
    for info in db.prepare_cached(sql)?.query_map([], |row| row.get::<_, String>(0))? {
        let info: ReleaseInfo = parse(&info?)?;
        found.insert(info.no, info);
    }
    Ok(found)
}

/// Every accepted release by number, for assessment and for reading history.
pub fn accepted(db: &Connection) -> Result<BTreeMap<ReleaseNo, ReleaseInfo>, StoreError> {
    db.prepare_cached("SELECT info FROM release WHERE status = 'accepted' AND decided IS NULL ORDER BY no")?
        .query_map([], |row| row.get::<_, String>(0))?
        .map(|row| {
            let info: ReleaseInfo = parse(&row?)?;
            Ok((info.no, info))
        })
        .collect()
}

/// Some releases by number, for citations. Those that do not exist are left out.
pub fn some(db: &Connection, nos: impl IntoIterator<Item = ReleaseNo>) -> Result<BTreeMap<ReleaseNo, ReleaseInfo>, StoreError> {
    let mut statement = db.prepare_cached("SELECT info FROM release WHERE no = ?")?;
    let mut found = BTreeMap::new();
    for no in nos {
        if let Some(text) = statement.query_row([no.0], |row| row.get::<_, String>(0)).optional()? {
            found.insert(no, parse(&text)?);
        }
    }
    Ok(found)
}

/// The release that counts in one slot of a data set: the last accepted one; of a data set that is
/// as at a day, the last one about the latest day.
pub fn current(db: &Connection, dataset: &str, slot: Slot) -> Result<Option<Release>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM release WHERE dataset = ? AND slot = ? AND status = 'accepted' AND decided IS NULL
         ORDER BY iif(slot = 0, json_extract(info, '$.period'), '') DESC, no DESC LIMIT 1"
    );
    db.prepare_cached(&sql)?.query_row(params![dataset, slot.to_code()], raw).optional()?.map(build).transpose()
}

/// Every accepted release of a data set that is about a day, by number.
pub fn about_days(db: &Connection, dataset: &str) -> Result<Vec<ReleaseInfo>, StoreError> {
    db.prepare_cached(
        // without the columns, which nobody asks about: there may be an extract for each day of many years
        "SELECT json_set(info, '$.columns', json('{}')) FROM release
         WHERE dataset = ? AND slot = ? AND status = 'accepted' AND decided IS NULL ORDER BY no",
    )?
    .query_map(params![dataset, Slot::AsAt.to_code()], |row| row.get::<_, String>(0))?
    .map(|info| parse(&info?))
    .collect()
}

/// The accepted release of the latest slot of a data set, that of `slot` if there is one, else
/// the nearest before it, else the nearest after.
pub fn comparable(db: &Connection, dataset: &str, slot: Slot) -> Result<Option<Release>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM release WHERE dataset = ?1 AND status = 'accepted' AND decided IS NULL
         ORDER BY slot > ?2, abs(slot - ?2), no DESC LIMIT 1"
    );
    db.prepare_cached(&sql)?.query_row(params![dataset, slot.to_code()], raw).optional()?.map(build).transpose()
}

/// The last accepted release of one slot that is like one of `source`: a partial one of the same
/// source, or any whole one.
pub fn like(db: &Connection, dataset: &str, slot: Slot, source: &str, partial: bool) -> Result<Option<Release>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM release WHERE dataset = ?1 AND slot = ?2 AND status = 'accepted' AND decided IS NULL
         AND iif(?4, source = ?3, json_extract(info, '$.partial') IS NULL) ORDER BY no DESC LIMIT 1"
    );
    db.prepare_cached(&sql)?.query_row(params![dataset, slot.to_code(), source, partial], raw).optional()?.map(build).transpose()
}

/// Slots of a data set for which a release was accepted up to the act `known`, in order.
pub fn slots(db: &Connection, dataset: &str, known: i64) -> Result<Vec<Slot>, StoreError> {
    db.prepare_cached(
        "SELECT DISTINCT slot FROM release WHERE dataset = ? AND no <= ? AND status = 'accepted' AND decided IS NULL ORDER BY slot",
    )?
    .query_map(params![dataset, known], |row| row.get::<_, i64>(0))?
    .map(|code| {
        let code = code?;
        Slot::from_code(code).ok_or_else(|| StoreError::Damaged(format!("{code} is not a slot")))
    })
    .collect()
}

/// The last release that brought these very bytes for this period and stage.
pub fn of_file(db: &Connection, source: &str, file: &str, period: &str, stage: Stage) -> Result<Option<Release>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM release WHERE file = ? AND source = ? ORDER BY no DESC");
    let found = db.prepare_cached(&sql)?.query_map([file, source], raw)?.collect::<Result<Vec<_>, _>>()?;
    for row in found {
        let release = build(row)?;
        if release.info.period.to_string() == period && release.info.stage == stage {
            return Ok(Some(release));
        }
    }
    Ok(None)
}

/// Number of accepted releases of one (data set, period, stage) so far.
pub fn versions(db: &Connection, dataset: &str, period: &str, stage: Stage) -> Result<u32, StoreError> {
    let count: i64 = db
        .prepare_cached(
            "SELECT count(*) FROM release WHERE dataset = ? AND json_extract(info, '$.period') = ? AND json_extract(info, '$.stage') = ?
             AND status = 'accepted' AND decided IS NULL",
        )?
        .query_row(params![dataset, period, stage.to_string()], |row| row.get(0))?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

type Raw = (String, String, String, String, String, String, Option<i64>);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?))
}

fn build((info, status, counts, shape, findings, outcomes, decided): Raw) -> Result<Release, StoreError> {
    Ok(Release {
        info: parse(&info)?,
        status: Status::parse(&status)?,
        counts: parse(&counts)?,
        shape: parse(&shape)?,
        findings: parse(&findings)?,
        outcomes: parse(&outcomes)?,
        decided,
    })
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Damaged(error.to_string()))
}

fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(format!("a record of a release cannot be read: {error}")))
}
