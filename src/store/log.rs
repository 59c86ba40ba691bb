//! The alert log: append-only, numbered without gaps, the only thing subscribers follow.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use crate::model::{Class, NewsKind};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub seq: i64,
    pub id: String,
    pub urn: u32,
    /// CloudEvents type, for example `headwater.concern.raised.v1`.
    pub kind: String,
    pub rule: String,
    /// The act that led to it.
    pub act: i64,
    /// The CloudEvent, one line of JSON.
    pub body: String,
}

impl Entry {
    /// What kind of news it is; none if its type is none of ours.
    pub fn class(&self) -> Option<Class> {
        NewsKind::of_type(&self.kind).map(NewsKind::class)
    }

    /// `raised` of `headwater.concern.raised.v1`.
    pub fn word(&self) -> &str {
        self.kind.split('.').nth(2).unwrap_or(&self.kind)
    }
}

const COLUMNS: &str = "seq, id, urn, type, rule, act, body";

pub fn append(db: &Connection, entry: &Entry) -> Result<(), StoreError> {
    db.prepare_cached("INSERT INTO log (seq, id, urn, type, rule, act, body) VALUES (?, ?, ?, ?, ?, ?, ?)")?
        .execute(params![entry.seq, entry.id, entry.urn, entry.kind, entry.rule, entry.act, entry.body])?;
    Ok(())
}

/// Sequence of the last alert, 0 if there is none.
pub fn last_seq(db: &Connection) -> Result<i64, StoreError> {
    Ok(db.prepare_cached("SELECT coalesce(max(seq), 0) FROM log")?.query_row([], |row| row.get(0))?)
}

/// Up to `limit` alerts after `seq`, in order.
pub fn after(db: &Connection, seq: i64, limit: u32) -> Result<Vec<Entry>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM log WHERE seq > ? ORDER BY seq LIMIT ?");
    Ok(db.prepare_cached(&sql)?.query_map(params![seq, limit], entry)?.collect::<Result<_, _>>()?)
}

pub fn by_id(db: &Connection, id: &str) -> Result<Option<Entry>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM log WHERE id = ?");
    Ok(db.prepare_cached(&sql)?.query_row([id], entry).optional()?)
}

/// All alerts about one school, in order.
pub fn about(db: &Connection, urn: u32) -> Result<Vec<Entry>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM log WHERE urn = ? ORDER BY seq");
    Ok(db.prepare_cached(&sql)?.query_map([urn], entry)?.collect::<Result<_, _>>()?)
}

/// The last entries about one school that are no concerns, newest first.
pub fn not_concerns(db: &Connection, urn: u32, limit: u32) -> Result<Vec<Entry>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM log WHERE urn = ? AND type NOT LIKE 'headwater.concern.%' ORDER BY seq DESC LIMIT ?");
    Ok(db.prepare_cached(&sql)?.query_map(params![urn, limit], entry)?.collect::<Result<_, _>>()?)
}

/// Number of alerts by CloudEvents type.
pub fn kinds(db: &Connection) -> Result<Vec<(String, u32)>, StoreError> {
    Ok(db
        .prepare_cached("SELECT type, count(*) FROM log GROUP BY type ORDER BY type")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        seq: row.get(0)?,
        id: row.get(1)?,
        urn: row.get(2)?,
        kind: row.get(3)?,
        rule: row.get(4)?,
        act: row.get(5)?,
        body: row.get(6)?,
    })
}
