//! Reading the log, on threads that may block.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, Row, params};
use tokio::sync::Semaphore;

/// Opens a connection to the data folder that only reads.
pub type Open = fn(&Path) -> Result<Connection, String>;

/// Connections at a time.
const CONNECTIONS: usize = 4;

#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("the data folder cannot be opened: {0}")]
    Open(String),
    #[error("the data folder cannot be read")]
    Sqlite(#[from] rusqlite::Error),
    #[error("a reading thread ended early")]
    Worker,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub seq: i64,
    pub id: String,
    pub urn: u32,
    /// CloudEvents type.
    pub kind: String,
    /// The CloudEvent, one line of JSON.
    pub body: String,
}

/// A few connections, opened when needed and kept.
#[derive(Clone)]
pub struct Readers(Arc<Pool>);

struct Pool {
    dir: PathBuf,
    open: Open,
    idle: Mutex<Vec<Connection>>,
    turns: Semaphore,
}

impl Readers {
    pub fn new(dir: PathBuf, open: Open) -> Readers {
        Readers(Arc::new(Pool { dir, open, idle: Mutex::new(Vec::new()), turns: Semaphore::new(CONNECTIONS) }))
    }

    /// Run `work` with a connection. One that failed is not used again.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, ReadError> {
        let pool = self.0.clone();
        let _turn = self.0.turns.acquire().await.map_err(|_| ReadError::Worker)?;
        let done = tokio::task::spawn_blocking(move || {
            let idle = pool.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = match idle {
                Some(connection) => connection,
                None => (pool.open)(&pool.dir).map_err(ReadError::Open)?,
            };
            let answer = work(&connection)?;
            pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            Ok(answer)
        });
        done.await.map_err(|_| ReadError::Worker)?
    }
}

const COLUMNS: &str = "seq, id, urn, type, body";

/// Up to `limit` entries after `seq`, in order.
pub fn after(db: &Connection, seq: i64, limit: u32) -> rusqlite::Result<Vec<Entry>> {
    let sql = format!("SELECT {COLUMNS} FROM log WHERE seq > ? ORDER BY seq LIMIT ?");
    db.prepare_cached(&sql)?.query_map(params![seq, limit], entry)?.collect()
}

/// Up to `limit` entries before `seq`, newest first; about one school where given.
pub fn before(db: &Connection, seq: i64, urn: Option<u32>, limit: u32) -> rusqlite::Result<Vec<Entry>> {
    let one = if urn.is_some() { "AND urn = ?3" } else { "AND ?3 IS NULL" };
    let sql = format!("SELECT {COLUMNS} FROM log WHERE seq < ?1 {one} ORDER BY seq DESC LIMIT ?2");
    db.prepare_cached(&sql)?.query_map(params![seq, limit, urn], entry)?.collect()
}

pub fn by_id(db: &Connection, id: &str) -> rusqlite::Result<Option<Entry>> {
    let sql = format!("SELECT {COLUMNS} FROM log WHERE id = ?");
    db.prepare_cached(&sql)?.query_row([id], entry).optional()
}

/// Sequence of the last entry, 0 if there is none.
pub fn last(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("SELECT coalesce(max(seq), 0) FROM log")?.query_row([], |row| row.get(0))
}

/// How many migrations the database has seen.
pub fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry { seq: row.get(0)?, id: row.get(1)?, urn: row.get(2)?, kind: row.get(3)?, body: row.get(4)? })
}
