//! Which schools a code was ever said of, so that a trust or an area is found without reading the
//! whole register.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;

/// What a code is a code of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Three-digit code of a local authority.
    Authority,
    /// UID of a trust, a federation or a sponsor.
    Group,
    /// The first half of a postcode.
    Outcode,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Authority => "authority",
            Kind::Group => "group",
            Kind::Outcode => "outcode",
        }
    }
}

/// Schools by code, to be added.
pub type Said<'a> = BTreeMap<(Kind, &'a str), Vec<u32>>;

/// Adds schools to what is known; those known already change nothing.
pub fn add(db: &Connection, said: Said<'_>) -> Result<(), StoreError> {
    for ((kind, value), mut urns) in said {
        let known = get(db, kind, value)?;
        let before = known.len();
        urns.extend(known);
        urns.sort_unstable();
        urns.dedup();
        if urns.len() > before {
            let bytes: Vec<u8> = urns.iter().flat_map(|urn| urn.to_le_bytes()).collect();
            db.prepare_cached("INSERT OR REPLACE INTO posting (kind, value, urns) VALUES (?, ?, ?)")?.execute(params![
                kind.word(),
                value,
                bytes
            ])?;
        }
    }
    Ok(())
}

/// Every school of which the code was ever said, ascending.
pub fn get(db: &Connection, kind: Kind, value: &str) -> Result<Vec<u32>, StoreError> {
    let bytes: Option<Vec<u8>> = db
        .prepare_cached("SELECT urns FROM posting WHERE kind = ? AND value = ?")?
        .query_row(params![kind.word(), value], |row| row.get(0))
        .optional()?;
    Ok(bytes.unwrap_or_default().as_chunks::<4>().0.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect())
}

/// Codes of one kind that begin with `start`, in order.
pub fn values(db: &Connection, kind: Kind, start: &str) -> Result<Vec<String>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT value FROM posting WHERE kind = ?1 AND substr(value, 1, length(?2)) = ?2 ORDER BY value")?;
    Ok(statement.query_map(params![kind.word(), start], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Whether nothing was ever written.
pub fn is_empty(db: &Connection) -> Result<bool, StoreError> {
    Ok(!db.prepare_cached("SELECT EXISTS (SELECT 1 FROM posting)")?.query_row([], |row| row.get::<_, bool>(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schools_are_added_once_and_found_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let store = super::super::Store::open(folder.path()).unwrap();
        let said = |urns: &[u32]| Said::from([((Kind::Group, "2001"), urns.to_vec())]);
        assert!(is_empty(&store.db).unwrap());
        add(&store.db, said(&[900_002, 900_001])).unwrap();
        add(&store.db, said(&[900_002, 900_003])).unwrap();
        assert_eq!(get(&store.db, Kind::Group, "2001").unwrap(), [900_001, 900_002, 900_003]);
        assert_eq!(get(&store.db, Kind::Authority, "2001").unwrap(), [] as [u32; 0]);
        assert_eq!(values(&store.db, Kind::Group, "20").unwrap(), ["2001"]);
    }
}
