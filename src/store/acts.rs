//! The journal: every act that changed the folder, enough to do it all again.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::faults::Finding;
use crate::model::{Period, Stage};

/// What was done. The body is all that is needed to do it again, beside the raw bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Deed {
    /// The files in force changed: everything was assessed again.
    Config,
    /// A file came.
    File(Intake),
    /// A file came whose header alone showed that it must not be kept: personal data. Its bytes
    /// were not stored.
    TurnedAway {
        intake: Intake,
        findings: Vec<Finding>,
    },
    /// A person accepted a held release, or refused one.
    Accept {
        release: i64,
    },
    Refuse {
        release: i64,
    },
    /// A person has the file of a release read again under the files now in force, so that rows
    /// that were set aside may go in.
    Redrive {
        release: i64,
    },
}

/// A file offered as a release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intake {
    pub source: String,
    /// SHA-256 of the raw bytes.
    pub file: String,
    pub file_name: String,
    pub period: Period,
    pub stage: Stage,
    pub published: Date,
}

/// A deed in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    pub no: i64,
    pub at: Timestamp,
    /// Key of the files in force, in the raw store.
    pub config: String,
    pub deed: Deed,
}

/// Appends an act; the number it gets is the commit sequence.
pub fn append(db: &Connection, at: Timestamp, config: &str, deed: &Deed) -> Result<i64, StoreError> {
    let kind = match deed {
        Deed::Config => "config",
        Deed::File(_) => "file",
        Deed::TurnedAway { .. } => "turned_away",
        Deed::Accept { .. } => "accept",
        Deed::Refuse { .. } => "refuse",
        Deed::Redrive { .. } => "redrive",
    };
    let body = serde_json::to_string(deed).map_err(|error| StoreError::Damaged(error.to_string()))?;
    db.prepare_cached("INSERT INTO act (kind, at, config, body) VALUES (?, ?, ?, ?)")?.execute(params![
        kind,
        at.to_string(),
        config,
        body
    ])?;
    Ok(db.last_insert_rowid())
}

pub fn last(db: &Connection) -> Result<Option<Act>, StoreError> {
    Ok(read(db, "SELECT no, at, config, body FROM act ORDER BY no DESC LIMIT 1")?.pop())
}

pub fn all(db: &Connection) -> Result<Vec<Act>, StoreError> {
    read(db, "SELECT no, at, config, body FROM act ORDER BY no")
}

fn read(db: &Connection, sql: &str) -> Result<Vec<Act>, StoreError> {
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, String>(3)?))
    })?;
    rows.map(|row| {
        let (no, at, config, body) = row?;
        let damaged = |what: String| StoreError::Damaged(format!("act {no} cannot be read: {what}"));
        let at = at.parse().map_err(|error: jiff::Error| damaged(error.to_string()))?;
        let deed = serde_json::from_str(&body).map_err(|error| damaged(error.to_string()))?;
        Ok(Act { no, at, config, deed })
    })
    .collect()
}

/// What the last poll of a source left behind, as its fetcher wrote it.
pub fn position(db: &Connection, source: &str) -> Result<Option<String>, StoreError> {
    Ok(db.prepare_cached("SELECT known FROM position WHERE source = ?")?.query_row([source], |row| row.get(0)).optional()?)
}

pub fn set_position(db: &Connection, source: &str, known: &str) -> Result<(), StoreError> {
    db.prepare_cached("INSERT INTO position (source, known) VALUES (?1, ?2) ON CONFLICT (source) DO UPDATE SET known = ?2")?
        .execute([source, known])?;
    Ok(())
}
