//! A data folder as anybody finds it: counted, verified, and all its rows as one hash.

use std::collections::BTreeMap;
use std::path::Path;

use headwater::store::log::{self, Entry};
use headwater::store::{RawStore, verify};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};

/// Every table that follows from acts and raw bytes, without the times at which they were recorded
/// (a change of rules is dated by them) and without what fetchers and subscribers left behind.
const TABLES: [(&str, &str); 11] = [
    ("measure", "*"),
    ("dataset", "*"),
    ("act", "no, kind, config, body"),
    ("release", "*"),
    ("fact", "*"),
    ("roll", "*"),
    ("closed", "*"),
    ("quarantine", "*"),
    ("outcome", "*"),
    ("concern", "*"),
    ("log", "seq, id, urn, type, rule, act, json_remove(body, '$.recordedtime', '$.time')"),
];

/// A hash of each table; empty for a folder in which nothing was done yet.
pub type State = BTreeMap<&'static str, String>;

pub fn state(data: &Path) -> State {
    match acts(data) {
        0 => State::new(),
        _ => state_of(&look(data).unwrap()),
    }
}

pub fn state_of(db: &Connection) -> State {
    TABLES.iter().map(|(table, columns)| (*table, rows(db, &format!("SELECT {columns} FROM {table} ORDER BY 1, 2")))).collect()
}

fn rows(db: &Connection, sql: &str) -> String {
    let mut statement = db.prepare_cached(sql).unwrap();
    let columns = statement.column_count();
    let (mut found, mut lines) = (statement.query([]).unwrap(), Vec::new());
    while let Some(row) = found.next().unwrap() {
        let mut hash = Sha256::new();
        for column in 0..columns {
            let (kind, bytes) = match row.get_ref(column).unwrap() {
                ValueRef::Null => (0u8, Vec::new()),
                ValueRef::Integer(number) => (1, number.to_le_bytes().to_vec()),
                ValueRef::Real(number) => (2, number.to_le_bytes().to_vec()),
                ValueRef::Text(text) => (3, text.to_vec()),
                ValueRef::Blob(blob) => (4, blob.to_vec()),
            };
            hash.update([kind]);
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        }
        lines.push(hash.finalize());
    }
    // ties of the first two columns stand in no particular order
    lines.sort();
    let mut hash = Sha256::new();
    lines.iter().for_each(|line| hash.update(line));
    format!("{} rows {}", lines.len(), hex::encode(&hash.finalize()[..8]))
}

/// The database as it lies there: nothing is rolled back or written on by looking. None if it is
/// not there, or was left half made.
pub fn look(data: &Path) -> Option<Connection> {
    let db = Connection::open_with_flags(data.join("headwater.db"), OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    db.busy_timeout(std::time::Duration::from_secs(30)).unwrap();
    let version: Result<i64, _> = db.pragma_query_value(None, "user_version", |row| row.get(0));
    version.is_ok_and(|version| version == headwater::store::schema_version()).then_some(db)
}

/// Acts committed; none in a folder whose database is not there or has no tables yet.
pub fn acts(data: &Path) -> usize {
    look(data).map_or(0, |db| {
        let count: i64 = db.query_row("SELECT count(*) FROM act", [], |row| row.get(0)).unwrap();
        usize::try_from(count).unwrap()
    })
}

/// What `headwater verify` would find.
pub fn problems(data: &Path) -> Vec<String> {
    if acts(data) == 0 {
        return Vec::new();
    }
    let db = look(data).unwrap();
    verify::verify(&db, &RawStore::open(data).unwrap(), |_| ()).unwrap().problems
}

pub fn entries(data: &Path) -> Vec<Entry> {
    log::after(&look(data).unwrap(), 0, 100_000).unwrap()
}

/// Names of files on their way in.
pub fn incoming(data: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(data.join("incoming")).into_iter().flatten();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}
