//! An alert → its cells, read again from the raw bytes, and its outcome, computed again (I6).
//!
//! Nothing that the store keeps about the school is believed: every release that speaks of it is
//! decoded and normalised once more under the files that were in force then, and the rule is asked
//! again. It works without a network and without the publisher.

mod again;

use rusqlite::Connection;
use serde::Serialize;

use super::engine::EngineError;
use crate::model::{AlertKind, Citation, Evidence, Verdict};
use crate::register::cite::HIDDEN;
use crate::store::log::{self, Entry};
use crate::store::{RawStore, StoreError, concerns};
use again::Again;

/// One cell of the evidence with what stands there now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CellCheck {
    pub cite: Citation,
    /// The token in the raw file, as a record keeps it; none if the file, row or column is not there.
    pub found: Option<String>,
    pub same: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explained {
    /// The alert as every subscriber got it.
    pub alert: serde_json::Value,
    pub cells: Vec<CellCheck>,
    /// The answer of the rule computed again from the raw bytes; none for news that no rule made.
    pub verdict: Option<Verdict>,
    /// Whether answer and evidence are those of the alert.
    pub same: bool,
    /// Raw files it rests on that are gone or no longer have their bytes: even the same figures prove nothing then.
    pub damaged: Vec<String>,
}

/// Finds the alert by id, by sequence, or as the last one of a concern (`rule/urn`).
pub fn find(db: &Connection, what: &str) -> Result<Option<Entry>, StoreError> {
    if let Some(concern) = concerns::get(db, what)? {
        return Ok(log::after(db, concern.last - 1, 1)?.pop());
    }
    if let Some(entry) = log::by_id(db, what)? {
        return Ok(Some(entry));
    }
    match what.parse::<i64>() {
        Ok(seq) if seq > 0 => Ok(log::after(db, seq - 1, 1)?.pop().filter(|entry| entry.seq == seq)),
        _ => Ok(None),
    }
}

/// Reads the cells again and computes the outcome again.
pub fn explain(db: &Connection, raw: &RawStore, entry: &Entry) -> Result<Explained, EngineError> {
    let alert: serde_json::Value = serde_json::from_str(&entry.body).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let evidence: Evidence =
        serde_json::from_value(alert["data"]["evidence"].clone()).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let mut again = Again::new(db, raw, entry)?;
    let mut cells: Vec<CellCheck> = Vec::new();
    for cite in evidence.figures().filter_map(|figure| figure.cite.as_ref()) {
        if !cells.iter().any(|cell| cell.cite == *cite) {
            let found = again.cell(cite)?;
            // a head is never shown: that the cell is there and says the same is worked out with the news
            let same = if cite.raw == HIDDEN { found.is_some() } else { found.as_deref() == Some(&cite.raw) };
            let found = if cite.raw == HIDDEN { found.map(|_| HIDDEN.to_owned()) } else { found };
            cells.push(CellCheck { same, found, cite: cite.clone() });
        }
    }
    let kind = alert["data"]["kind"].as_str().unwrap_or_default();
    let (verdict, again_same) = if entry.rule.is_empty() {
        let again = if alert["data"]["partnership"].is_string() { again.notice(&alert)? } else { again.news(&alert)? };
        (None, again)
    } else if kind == AlertKind::Followed.word() {
        (None, again.followed(&alert)?)
    } else {
        let outcome = again.outcome(&evidence, asked(&alert, entry))?;
        let verdict: Verdict = serde_json::from_value(alert["data"]["verdict"].clone()).unwrap_or(Verdict::Unknown);
        (Some(outcome.verdict), outcome.verdict == verdict && outcome.evidence == evidence)
    };
    let damaged = again.damaged()?;
    let same = again_same && damaged.is_empty() && cells.iter().all(|cell| cell.same);
    Ok(Explained { alert, cells, verdict, same, damaged })
}

/// The school whose figures were looked at.
fn asked(alert: &serde_json::Value, entry: &Entry) -> u32 {
    alert["data"]["figures_of"].as_u64().and_then(|urn| u32::try_from(urn).ok()).unwrap_or(entry.urn)
}
