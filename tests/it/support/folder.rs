//! A data folder that holds nothing but an alert log and deliveries.

use std::path::{Path, PathBuf};

use headwater::deliver::subscription::Filter;
use headwater::deliver::{Secret, Subscription};
use rusqlite::{Connection, TransactionBehavior, params};
use serde_json::json;

pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        let db = folder.open();
        db.execute_batch(
            "CREATE TABLE log (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, urn INTEGER NOT NULL, type TEXT NOT NULL,
             rule TEXT NOT NULL, act INTEGER NOT NULL, body TEXT NOT NULL) STRICT;",
        )
        .unwrap();
        db.execute_batch(include_str!("../../../src/store/migrations/0002_deliveries.sql")).unwrap();
        folder
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn open(&self) -> Connection {
        connect(self.path()).unwrap()
    }

    /// Append alerts about these schools, in this order.
    pub fn log(&self, urns: &[u32]) {
        let mut db = self.open();
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        let last: i64 = tx.query_row("SELECT coalesce(max(seq), 0) FROM log", [], |row| row.get(0)).unwrap();
        for (seq, urn) in (last + 1..).zip(urns) {
            let (id, body) = (format!("{seq:032x}"), body(seq, *urn));
            tx.execute(
                "INSERT INTO log VALUES (?, ?, ?, 'headwater.concern.raised.v1', 'stuck', 1, ?)",
                params![seq, id, urn, body],
            )
            .unwrap();
        }
        tx.commit().unwrap();
    }

    pub fn subscription(&self, url: &str) -> Subscription {
        Subscription {
            id: "board".into(),
            url: url.parse().unwrap(),
            secret: Some(Secret::parse(SECRET).unwrap()),
            secret_file: None,
            filter: Filter::default(),
            from: headwater::deliver::subscription::From::Start,
        }
    }
}

/// As the program opens it.
pub fn connect(folder: &Path) -> rusqlite::Result<Connection> {
    let path: PathBuf = folder.join("headwater.db");
    let db = Connection::open(path)?;
    db.busy_timeout(std::time::Duration::from_secs(30))?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    Ok(db)
}

/// A CloudEvent as it is logged, with a school name that wants to be a script and a formula.
pub fn body(seq: i64, urn: u32) -> String {
    let cite = json!({
        "release": 3, "release_name": "ofsted as-at 2026-05-31 v1", "file": "ab".repeat(32),
        "row": 17, "column": "Overall effectiveness", "raw": "3", "urn": urn
    });
    let figure = json!({
        "measure": "ofsted.overall", "title": "Overall effectiveness", "period": "2026-05-31",
        "value": "requires-improvement", "cohort": "212", "interval": "-0.61 to -0.12", "cite": cite
    });
    let says = "the overall judgement is requires improvement or worse";
    let clause = json!({ "says": says, "verdict": "met", "depth": 0, "figures": [figure] });
    let name = "<script>alert(1)</script> =HYPERLINK(\"http://x\") School";
    let data = json!({
        "concern": format!("stuck/{urn}"),
        "rule": { "id": "stuck", "version": 1, "title": "Stuck school", "source": "ST-1" },
        "kind": "raised", "cause": "new_release", "state_before": null, "state_after": "open",
        "verdict": "met", "severity": "warning", "about": "2026-05-06",
        "because": ["judged requires improvement twice running"],
        "school": { "urn": urn, "name": name, "la": "990" },
        "evidence": { "clauses": [clause] }
    });
    let event = json!({
        "specversion": "1.0", "id": format!("{seq:032x}"), "source": "urn:headwater",
        "type": "headwater.concern.raised.v1", "subject": urn.to_string(), "time": "2026-11-20T09:30:00Z",
        "sequence": format!("{seq:020}"), "partitionkey": urn.to_string(),
        "recordedtime": "2026-11-21T06:30:00Z", "datacontenttype": "application/json", "data": data
    });
    event.to_string()
}
