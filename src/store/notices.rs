//! Supportive notices that stand: told once, and told again when they have ended.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::StoreError;

/// Schools for which a notice of one kind stands in one partnership.
pub fn standing(db: &Connection, kind: &str, partnership: &str) -> Result<BTreeSet<u32>, StoreError> {
    Ok(db
        .prepare_cached("SELECT urn FROM notice WHERE kind = ? AND partnership = ?")?
        .query_map([kind, partnership], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// A notice that was told by entry `seq` of the log.
pub fn put(db: &Connection, kind: &str, partnership: &str, urn: u32, seq: i64) -> Result<(), StoreError> {
    db.prepare_cached("INSERT OR REPLACE INTO notice (kind, partnership, urn, seq) VALUES (?, ?, ?, ?)")?.execute(params![
        kind,
        partnership,
        urn,
        seq
    ])?;
    Ok(())
}

/// A notice that no longer stands.
pub fn end(db: &Connection, kind: &str, partnership: &str, urn: u32) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM notice WHERE kind = ? AND partnership = ? AND urn = ?")?.execute(params![
        kind,
        partnership,
        urn
    ])?;
    Ok(())
}

/// All that stand: kind, partnership and school, with the entry that told it.
pub fn all(db: &Connection) -> Result<Vec<(String, String, u32, i64)>, StoreError> {
    Ok(db
        .prepare_cached("SELECT kind, partnership, urn, seq FROM notice ORDER BY kind, partnership, urn")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
        .collect::<Result<_, _>>()?)
}
