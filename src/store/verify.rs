//! Whether the folder still says what it must: nothing damaged, nothing unaccounted.

mod log;

use rusqlite::Connection;

use super::acts::{self, Deed};
use super::releases::{self, Release};
use super::{RawStore, StoreError, deliveries, facts, quarantine};
use crate::model::{Period, ReleaseNo, Slot};

/// What was looked at, and every problem found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Verified {
    pub acts: u32,
    pub releases: u32,
    pub raw_files: u32,
    pub alerts: u32,
    pub concerns: u32,
    pub subscriptions: u32,
    pub problems: Vec<String>,
}

/// Checks the database, the raw bytes, the accounts of rows and of deliveries (I7), the days of
/// facts, the log's numbering and that the concerns are what the log says (I4). `each` is told what is being looked at.
pub fn verify(db: &Connection, raw: &RawStore, mut each: impl FnMut(&str)) -> Result<Verified, StoreError> {
    let mut found = Verified::default();
    each("database");
    let integrity: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if integrity != "ok" {
        found.problems.push(format!("the database is damaged: {integrity}"));
    }
    each("raw files");
    for key in raw.keys()? {
        found.raw_files += 1;
        if !raw.intact(&key)? {
            found.problems.push(format!("the raw file {key} no longer has the bytes it had"));
        }
    }
    each("acts");
    for act in acts::all(db)? {
        found.acts += 1;
        if act.no != i64::from(found.acts) {
            found.problems.push(format!("act {} is missing", found.acts));
        }
        let file = if let Deed::File(intake) = &act.deed { Some(&intake.file) } else { None };
        for key in [Some(&act.config), file].into_iter().flatten() {
            if !raw.has(key) {
                found.problems.push(format!("act {} needs the raw file {key}, which is not there", act.no));
            }
        }
    }
    each("releases");
    for release in releases::all(db)? {
        found.releases += 1;
        accounts(db, &release, &mut found.problems)?;
    }
    each("facts");
    facts_stand_on_their_days(db, &mut found.problems)?;
    each("alert log");
    log::follow(db, &mut found)?;
    each("deliveries");
    deliveries_add_up(db, &mut found)?;
    Ok(found)
}

/// Rows read = accepted + set aside + skipped, and the rows set aside are there.
fn accounts(db: &Connection, release: &Release, problems: &mut Vec<String>) -> Result<(), StoreError> {
    let (no, counts) = (release.info.no, &release.counts);
    let sum = counts.accepted + counts.quarantined + counts.skipped.values().sum::<u32>();
    if counts.read != sum {
        problems.push(format!("release {}: {} rows read, {sum} accounted for", no.0, counts.read));
    }
    let waiting = quarantine::list(db, Some(no))?.len();
    if waiting != counts.quarantined as usize {
        problems.push(format!("release {}: {} rows set aside, {waiting} kept", no.0, counts.quarantined));
    }
    Ok(())
}

/// Every fact is of an accepted release, was read in the file of one that came no later, and
/// stands on the day that its release is about.
fn facts_stand_on_their_days(db: &Connection, problems: &mut Vec<String>) -> Result<(), StoreError> {
    let accepted = releases::accepted(db)?;
    let mut statement = db.prepare("SELECT DISTINCT release, said, slot, day FROM fact ORDER BY release, said, slot, day")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (release, said) = (ReleaseNo(row.get(0)?), ReleaseNo(row.get(1)?));
        let (slot, day): (i64, i64) = (row.get(2)?, row.get(3)?);
        let expected = match accepted.get(&release).map(|info| info.period) {
            Some(Period::Day(day)) if slot == Slot::AsAt.to_code() => facts::number_of(day),
            Some(_) => 0,
            None => {
                problems.push(format!("there are facts of release {}, which was not accepted", release.0));
                continue;
            }
        };
        if day != expected {
            problems.push(format!("facts of release {} stand on another day than the release", release.0));
        }
        if said > release || !accepted.contains_key(&said) {
            problems.push(format!("facts of release {} are said to be from release {}, which cannot be", release.0, said.0));
        }
    }
    Ok(())
}

/// Alerts behind a subscription's cursor = delivered + pending + dead + not asked for (I7).
fn deliveries_add_up(db: &Connection, found: &mut Verified) -> Result<(), StoreError> {
    for id in deliveries::subscriptions(db)? {
        found.subscriptions += 1;
        if deliveries::accounting(db, &id)?.is_none_or(|sum| !sum.balances()) {
            found.problems.push(format!("the deliveries to `{id}` do not add up"));
        }
    }
    Ok(())
}
