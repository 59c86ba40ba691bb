//! The data folder: history, state and log in one SQLite file, raw bytes beside it.
//!
//! ```text
//! data/headwater.db   everything of one commit, in one transaction (invariant I4)
//! data/raw/ab/abc….zst  published files as they came, by SHA-256, compressed (I5)
//! data/incoming/      files on their way into the raw store; may be emptied at any time
//! data/lock           held by the one process that writes
//! ```
//!
//! An *act* is what changes the folder: a file that came, a person's decision, an edited rule.
//! Acts are numbered by commit, and the number is the only cursor. Given the acts and the raw
//! bytes, everything else here can be computed again, and `replay` does so.
//!
//! Functions take a connection, so that they work inside a transaction and outside. What one
//! commit holds is decided in `pipeline`, not here.

pub mod acts;
pub mod concerns;
pub mod deliveries;
pub mod facts;
pub mod log;
pub mod notices;
pub mod postings;
pub mod quarantine;
pub mod raw;
pub mod releases;
pub mod roll;
pub mod verify;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

pub use raw::RawStore;

/// In order; `user_version` counts how many have run.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_history.sql"),
    include_str!("migrations/0002_deliveries.sql"),
    include_str!("migrations/0003_days.sql"),
    include_str!("migrations/0004_who_is_who.sql"),
];

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(
        "the data folder {0} is in use by another headwater process: stop that one first, or name another folder with --data"
    )]
    InUse(PathBuf),
    #[error("cannot {what} {path}")]
    Io { what: &'static str, path: PathBuf, source: std::io::Error },
    #[error("{0} was written by a newer headwater: use that one, or replay into a new folder")]
    Newer(PathBuf),
    #[error("there is no data folder at {0}: ingest a file first, or name the folder with --data")]
    NoFolder(PathBuf),
    #[error("{0} is not empty: name a new folder")]
    NotEmpty(PathBuf),
    #[error("the data folder could not be written or read")]
    Sqlite(#[from] rusqlite::Error),
    #[error("{0}")]
    Damaged(String),
}

impl StoreError {
    pub(crate) fn io(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> StoreError {
        let path = path.to_owned();
        move |source| StoreError::Io { what, path, source }
    }

    /// What the operator can do where the disk or the folder is at fault; nothing was changed then.
    pub fn advice(&self) -> Option<&'static str> {
        use rusqlite::ErrorCode;
        use std::io::ErrorKind;
        const FULL: &str = "there is no room: free some space, or raise the limit, and do it again; nothing was half done";
        const SHUT: &str =
            "it cannot be written: let this user write to it, or name another folder with --data; nothing was half done";
        const ILL: &str = "look after the disk, then do it again; nothing was half done";
        match self {
            StoreError::Io { source, .. } => match source.kind() {
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Some(FULL),
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem | ErrorKind::NotADirectory => Some(SHUT),
                _ => Some(ILL),
            },
            StoreError::Sqlite(rusqlite::Error::SqliteFailure(failure, _)) => match failure.code {
                ErrorCode::DiskFull => Some(FULL),
                ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => Some(SHUT),
                ErrorCode::SystemIoFailure => Some(ILL),
                _ => None,
            },
            _ => None,
        }
    }
}

/// A data folder opened for writing, by one process at a time.
pub struct Store {
    pub dir: PathBuf,
    pub db: Connection,
    pub raw: RawStore,
    _lock: Option<File>,
}

impl Store {
    /// Opens the folder, making it if need be, and brings it up to date.
    pub fn open(dir: &Path) -> Result<Store, StoreError> {
        std::fs::create_dir_all(dir).map_err(StoreError::io("create the data folder", dir))?;
        let lock_path = dir.join("lock");
        let lock = File::create(&lock_path).map_err(StoreError::io("write", &lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse(dir.to_owned())),
            Err(TryLockError::Error(source)) => {
                return Err(StoreError::Io { what: "lock", path: lock_path, source });
            }
        }
        let raw = RawStore::open(dir)?;
        raw.clear_incoming();
        let db = open_connection(dir, true)?;
        migrate(&db, dir)?;
        Ok(Store { dir: dir.to_owned(), db, raw, _lock: Some(lock) })
    }

    /// A copy of the folder as it stands after its last commit, in `scratch`: whatever is done to
    /// it, the folder stays as it is, and nobody who works in it waits. Raw files are read from the
    /// folder. Where there is no folder, the copy is empty.
    pub fn copy(dir: &Path, scratch: &Path) -> Result<Store, StoreError> {
        std::fs::create_dir_all(scratch).map_err(StoreError::io("create", scratch))?;
        if dir.join("headwater.db").exists() {
            let copy = scratch.join("headwater.db");
            open_connection(dir, false)?.execute("VACUUM INTO ?", [copy.to_string_lossy()])?;
        }
        let mut store = Store::open(scratch)?;
        store.raw = store.raw.before(dir);
        Ok(store)
    }
}

/// A connection of its own to the folder's database. Readers see the last commit and do not
/// wait for the writer. Every commit is on the disk before it returns.
pub fn open_connection(dir: &Path, writable: bool) -> Result<Connection, StoreError> {
    let path = dir.join("headwater.db");
    let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if writable {
        flags |= OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    } else {
        if !path.exists() {
            return Err(StoreError::NoFolder(dir.to_owned()));
        }
        flags |= OpenFlags::SQLITE_OPEN_READ_ONLY;
    }
    let open = || {
        let db = Connection::open_with_flags(&path, flags)?;
        db.busy_timeout(Duration::from_secs(30))?;
        if writable {
            db.pragma_update(None, "journal_mode", "WAL")?;
        }
        tune(&db)?;
        Ok(db)
    };
    match open() {
        // whoever made the file died over it: what is half written must be rolled back, which a reader cannot do
        Err(StoreError::Sqlite(rusqlite::Error::SqliteFailure(failure, _)))
            if !writable && failure.code == rusqlite::ErrorCode::ReadOnly =>
        {
            let writer = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            writer.busy_timeout(Duration::from_secs(30))?;
            writer.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
            drop(writer);
            open()
        }
        opened => opened,
    }
}

fn tune(db: &Connection) -> Result<(), StoreError> {
    // FULL: a commit that was acknowledged survives a power cut (I4)
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", "ON")?;
    db.pragma_update(None, "cache_size", -32_768)?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    db.set_prepared_statement_cache_capacity(64);
    // else SQLite plans every prepared query anew each time that another school is asked about
    db.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// `user_version` of a database that is up to date.
pub fn schema_version() -> i64 {
    MIGRATIONS.len() as i64
}

fn migrate(db: &Connection, dir: &Path) -> Result<(), StoreError> {
    let done: usize = db.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))?.try_into().unwrap_or(0);
    if done > MIGRATIONS.len() {
        return Err(StoreError::Newer(dir.to_owned()));
    }
    for (no, sql) in MIGRATIONS.iter().enumerate().skip(done) {
        db.execute_batch(&format!("BEGIN IMMEDIATE; {sql} PRAGMA user_version = {}; COMMIT;", no + 1))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_whose_maker_died_half_way_can_be_read() {
        let (alive, dead) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut db = Connection::open(alive.path().join("headwater.db")).unwrap();
        db.execute_batch("PRAGMA cache_size = 1; CREATE TABLE t (x); INSERT INTO t VALUES ('before');").unwrap();
        let tx = db.transaction().unwrap();
        for _ in 0..200 {
            tx.execute("INSERT INTO t VALUES (randomblob(1000))", []).unwrap();
        }
        for file in ["headwater.db", "headwater.db-journal"] {
            std::fs::copy(alive.path().join(file), dead.path().join(file)).unwrap();
        }
        let read = open_connection(dead.path(), false).unwrap();
        let rows: i64 = read.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 1);
        assert!(read.execute("DELETE FROM t", []).is_err());
    }

    #[test]
    fn a_folder_from_before_the_days_gets_them_from_its_releases() {
        let dir = tempfile::tempdir().unwrap();
        let old = Connection::open(dir.path().join("headwater.db")).unwrap();
        old.execute_batch(&format!("{} {} PRAGMA user_version = 2;", MIGRATIONS[0], MIGRATIONS[1])).unwrap();
        old.execute_batch(
            r#"INSERT INTO dataset VALUES (0, 'gias'), (1, 'ks4');
            INSERT INTO release (no, dataset, source, slot, status, file, info, counts, shape, findings, outcomes) VALUES
              (1, 'gias', 'g', 0, 'accepted', '', '{"period":"2024-06-17"}', '', '', '', ''),
              (2, 'ks4', 'k', 2016, 'accepted', '', '{"period":"2016/17"}', '', '', '', ''),
              (3, 'gias', 'g', 0, 'accepted', '', '{"period":"2024-06-18"}', '', '', '', '');
            INSERT INTO fact VALUES
              (900001, 0, '', 0, 1, 2, 0, x''), (900001, 0, '', 0, 3, 0, 1, x''), (900001, 1, '', 2016, 2, 5, 2, x'');"#,
        )
        .unwrap();
        drop(old);
        let store = Store::open(dir.path()).unwrap();
        let datasets = facts::Datasets::read(&store.db).unwrap();
        let history = facts::history(&store.db, &datasets, 900_001).unwrap();
        let seen: Vec<_> = history
            .facts
            .iter()
            .map(|fact| (&*fact.dataset, fact.day.map(|day| day.to_string()), fact.release.0, fact.said.0, fact.row))
            .collect();
        let day = |day: &str| Some(day.to_owned());
        assert_eq!(seen, [("gias", day("2024-06-17"), 1, 1, 2), ("gias", day("2024-06-18"), 3, 3, 0), ("ks4", None, 2, 2, 5)]);
    }
}
