//! Whether the folder still says what it must: nothing damaged, nothing unaccounted.

use rusqlite::Connection;

use super::acts::{self, Deed};
use super::releases::{self, Release};
use super::{RawStore, StoreError, concerns, log, quarantine};
use crate::model::ConcernState;

/// What was looked at, and every problem found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Verified {
    pub acts: u32,
    pub releases: u32,
    pub raw_files: u32,
    pub alerts: u32,
    pub concerns: u32,
    pub problems: Vec<String>,
}

/// Checks the database, the raw bytes, the accounts of rows (I7), the log's numbering and that
/// the concerns are what the log says. `each` is told what is being looked at.
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
    each("alert log");
    follow_log(db, &mut found)?;
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

fn follow_log(db: &Connection, found: &mut Verified) -> Result<(), StoreError> {
    let mut states = std::collections::BTreeMap::new();
    let mut seq = 0;
    loop {
        let entries = log::after(db, seq, 1_000)?;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            seq += 1;
            found.alerts += 1;
            if entry.seq != seq {
                found.problems.push(format!("alert {seq} is missing from the log"));
                seq = entry.seq;
            }
            match serde_json::from_str::<serde_json::Value>(&entry.body) {
                Ok(event) if event["id"] == entry.id.as_str() => {
                    let state = serde_json::from_value::<ConcernState>(event["data"]["state_after"].clone());
                    if let (Some(concern), Ok(state)) = (event["data"]["concern"].as_str(), state) {
                        states.insert(concern.to_owned(), (state, seq));
                    } else {
                        found.problems.push(format!("alert {seq} does not say which concern it is about"));
                    }
                }
                _ => found.problems.push(format!("the body of alert {seq} is damaged")),
            }
        }
    }
    for concern in concerns::all(db)? {
        found.concerns += 1;
        if states.remove(&concern.id) != Some((concern.state, concern.last)) {
            found.problems.push(format!("concern {} is not as the log says", concern.id));
        }
    }
    found.problems.extend(states.into_keys().map(|id| format!("the log speaks of concern {id}, which is not there")));
    Ok(())
}
