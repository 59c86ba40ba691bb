//! Rows set aside, each with its place, its reason and its cells.

use rusqlite::{Connection, params};

use super::StoreError;
use crate::faults::Finding;
use crate::model::ReleaseNo;
use crate::normalise::SetAside;

/// One row that waits for a person.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Waiting {
    pub release: i64,
    pub no: i64,
    pub finding: Finding,
    /// The cells as read, personal columns left out.
    pub cells: Vec<String>,
}

pub fn put(db: &Connection, release: ReleaseNo, rows: &[SetAside]) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("INSERT INTO quarantine (release, no, row, finding, cells) VALUES (?, ?, ?, ?, ?)")?;
    for (no, set_aside) in (1i64..).zip(rows) {
        let json = |error: serde_json::Error| StoreError::Damaged(error.to_string());
        statement.execute(params![
            release.0,
            no,
            set_aside.finding.row,
            serde_json::to_string(&set_aside.finding).map_err(json)?,
            serde_json::to_string(&set_aside.cells).map_err(json)?
        ])?;
    }
    Ok(())
}

/// Rows set aside from one release, or from all.
pub fn list(db: &Connection, release: Option<ReleaseNo>) -> Result<Vec<Waiting>, StoreError> {
    db.prepare_cached("SELECT release, no, finding, cells FROM quarantine WHERE ?1 IS NULL OR release = ?1 ORDER BY release, no")?
        .query_map([release.map(|no| no.0)], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get::<_, String>(3)?))
        })?
        .map(|row| {
            let (release, no, finding, cells) = row?;
            let json = |error: serde_json::Error| StoreError::Damaged(error.to_string());
            let finding = serde_json::from_str(&finding).map_err(json)?;
            Ok(Waiting { release, no, finding, cells: serde_json::from_str(&cells).map_err(json)? })
        })
        .collect()
}
