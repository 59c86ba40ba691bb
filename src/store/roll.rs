//! Who was in the release that counts in a slot, and the hashes of its rows.

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use crate::model::{ReleaseNo, Slot};

/// The roll of one slot of a data set.
#[derive(Debug, Clone, PartialEq)]
pub struct Roll {
    pub release: ReleaseNo,
    pub source: String,
    /// Of header, manifest and registry: only under the same one does an equal row mean the same.
    pub fingerprint: String,
    /// Subject and part of every record, in order.
    pub keys: Vec<(i64, String)>,
    /// Row hashes, in order.
    pub hashes: Vec<u64>,
}

pub fn get(db: &Connection, dataset: &str, slot: Slot) -> Result<Option<Roll>, StoreError> {
    let found = db
        .prepare_cached("SELECT release, source, fingerprint, keys, hashes FROM roll WHERE dataset = ? AND slot = ?")?
        .query_row(params![dataset, slot.to_code()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, Vec<u8>>(3)?, row.get::<_, Vec<u8>>(4)?))
        })
        .optional()?;
    Ok(found.map(|(release, source, fingerprint, keys, hashes)| Roll {
        release: ReleaseNo(release),
        source,
        fingerprint,
        keys: unpack_keys(&keys),
        hashes: unpack_hashes(&hashes),
    }))
}

/// Row hashes of the rolls of other slots, newest first, with the slot: to see an old file
/// offered as a new one.
pub fn others(db: &Connection, dataset: &str, slot: Slot, limit: u32) -> Result<Vec<(Slot, Vec<u64>)>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT slot, hashes FROM roll WHERE dataset = ? AND slot <> ? ORDER BY slot DESC LIMIT ?")?;
    let rows =
        statement.query_map(params![dataset, slot.to_code(), limit], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    rows.map(|row| {
        let (code, bytes) = row?;
        let slot = Slot::from_code(code).ok_or_else(|| StoreError::Damaged(format!("{code} is not a slot")))?;
        Ok((slot, unpack_hashes(&bytes)))
    })
    .collect()
}

pub fn put(db: &Connection, dataset: &str, slot: Slot, roll: &Roll) -> Result<(), StoreError> {
    let hashes: Vec<u8> = roll.hashes.iter().flat_map(|hash| hash.to_le_bytes()).collect();
    let mut keys = Vec::with_capacity(roll.keys.len() * 12);
    for (subject, part) in &roll.keys {
        keys.extend_from_slice(&subject.to_le_bytes());
        keys.extend_from_slice(&(part.len() as u32).to_le_bytes());
        keys.extend_from_slice(part.as_bytes());
    }
    db.prepare_cached(
        "INSERT OR REPLACE INTO roll (dataset, slot, release, source, fingerprint, keys, hashes) VALUES (?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![dataset, slot.to_code(), roll.release.0, roll.source, roll.fingerprint, keys, hashes])?;
    Ok(())
}

fn unpack_keys(mut bytes: &[u8]) -> Vec<(i64, String)> {
    let mut keys = Vec::new();
    while let Some((head, rest)) = bytes.split_first_chunk::<12>() {
        let [a, b, c, d, e, f, g, h, l0, l1, l2, l3] = *head;
        let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
        let Some((part, rest)) = rest.split_at_checked(length) else { break };
        keys.push((i64::from_le_bytes([a, b, c, d, e, f, g, h]), String::from_utf8_lossy(part).into_owned()));
        bytes = rest;
    }
    keys
}

fn unpack_hashes(bytes: &[u8]) -> Vec<u64> {
    bytes.as_chunks::<8>().0.iter().map(|chunk| u64::from_le_bytes(*chunk)).collect()
}
