//! JSON: an array of objects, one a row.
//!
//! Columns are the keys of all records, in the order in which they first appear. Numbers stay as
//! they are written, `null` and absent keys are empty cells, lists and objects within a record are
//! given as their JSON text. The keys count as row 1, the first record as row 2.

use std::collections::BTreeMap;
use std::fmt;

use csv::StringRecord;
use serde::Deserializer as _;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::bytes::{self, Bytes, refuse};
use super::ready_rows::{IN_MEMORY, ReadyRows};
use super::{DecodeSpec, Limits, header};
use crate::faults::Finding;

/// Of what stands around the records no more than so many keys or items are looked at.
const KEYS: usize = 10_000;

pub(super) fn read(input: Bytes, spec: &DecodeSpec, limits: &Limits) -> Result<ReadyRows, Finding> {
    let text = bytes::whole(input, limits.bytes.min(IN_MEMORY))?;
    let root: &RawValue = serde_json::from_slice(&text).map_err(|error| damaged(&error))?;
    let array = pointed(root, spec.records.as_deref().unwrap_or(""))?;
    let records = items(array.get(), limits.rows as usize).map_err(|_| not_records(spec, array))?;
    if records.len() > limits.rows as usize {
        return Err(refuse("too-many-rows", format!("the file has more than {} records", limits.rows)));
    }

    let mut columns: BTreeMap<String, usize> = BTreeMap::new();
    let mut names = Vec::new();
    let mut rows = ReadyRows::new(limits);
    let mut table = Vec::new();
    for (n, record) in records.iter().enumerate() {
        let number = n as u32 + 2;
        let fields = fields(record.get(), limits.columns).map_err(|_| not_records(spec, record).at_row(number))?;
        let mut cells: Vec<String> = Vec::new();
        let mut set = vec![false; names.len()];
        for (key, value) in fields {
            let column = match columns.get(&key) {
                Some(column) => *column,
                None => {
                    rows.afford(names.len(), key.len()).map_err(|finding| finding.at_row(number))?;
                    columns.insert(key.clone(), names.len());
                    names.push(key.clone());
                    names.len() - 1
                }
            };
            set.resize(names.len(), false);
            if std::mem::replace(&mut set[column], true) {
                return Err(refuse("duplicate-label", "a record has the same key twice").at_row(number).in_column(key));
            }
            let cell = cell(value).map_err(|error| damaged(&error).at_row(number))?;
            while cells.len() <= column {
                rows.afford(cells.len(), 0).map_err(|finding| finding.at_row(number))?;
                cells.push(String::new());
            }
            rows.afford(column, cell.len()).map_err(|finding| finding.at_row(number).in_column(key))?;
            cells[column] = cell;
        }
        table.push((number, StringRecord::from(cells)));
    }
    if names.is_empty() {
        return Err(header::empty());
    }
    let names = StringRecord::from(names);
    if !header::is_header(&names, spec) {
        return Err(header::missing(spec, Some(&names)));
    }
    rows.push(1, names)?;
    for (number, row) in table {
        rows.push(number, row)?;
    }
    Ok(rows)
}

/// The value at a JSON pointer (RFC 6901).
fn pointed<'a>(root: &'a RawValue, pointer: &str) -> Result<&'a RawValue, Finding> {
    let missing =
        || refuse("missing-records", format!("there is nothing at `{pointer}`; check `records` in the connector's manifest"));
    let mut at = root;
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        at = match at.get().as_bytes().first() {
            Some(b'{') => {
                let fields = fields(at.get(), KEYS).map_err(|_| missing())?;
                fields.into_iter().find(|(key, _)| *key == token).ok_or_else(missing)?.1
            }
            Some(b'[') => {
                let n: usize = token.parse().map_err(|_| missing())?;
                items(at.get(), KEYS).map_err(|_| missing())?.get(n).copied().ok_or_else(missing)?
            }
            _ => return Err(missing()),
        };
    }
    Ok(at)
}

fn cell(value: &RawValue) -> Result<String, serde_json::Error> {
    let text = value.get();
    match text.as_bytes().first() {
        Some(b'"') => serde_json::from_str(text),
        Some(b'n') => Ok(String::new()),
        _ => Ok(text.to_owned()),
    }
}

/// The first `most` items of a list and one more, if there are more.
fn items(text: &str, most: usize) -> Result<Vec<&RawValue>, serde_json::Error> {
    serde_json::Deserializer::from_str(text).deserialize_seq(Items { most })
}

struct Items {
    most: usize,
}

impl<'de> Visitor<'de> for Items {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while items.len() <= self.most
            && let Some(item) = list.next_element()?
        {
            items.push(item);
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(items)
    }
}

/// The first `most` keys and values of an object and one more, if there are more, in the order in
/// which they stand, repeated keys included.
fn fields(text: &str, most: usize) -> Result<Vec<(String, &RawValue)>, serde_json::Error> {
    serde_json::Deserializer::from_str(text).deserialize_map(Fields { most })
}

struct Fields {
    most: usize,
}

impl<'de> Visitor<'de> for Fields {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while fields.len() <= self.most
            && let Some(field) = map.next_entry()?
        {
            fields.push(field);
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(fields)
    }
}

fn damaged(error: &serde_json::Error) -> Finding {
    match error.is_eof() {
        true => refuse("truncated-file", "the JSON ends in the middle; fetch it again"),
        false => refuse("damaged-file", format!("the file is not JSON: {error}")),
    }
}

fn not_records(spec: &DecodeSpec, found: &RawValue) -> Finding {
    let place = spec.records.as_deref().filter(|place| !place.is_empty()).unwrap_or("the root");
    // what it is, and not what it says: it may be a record after all, about a person perhaps
    let is = match found.get().as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list of something else",
        _ => "a single value",
    };
    let what = format!("a list of objects is wanted at {place}, and this is {is}; check `records` in the connector's manifest");
    refuse("missing-records", what)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn table(text: &str, records: Option<&str>) -> Result<Vec<String>, String> {
        let spec = DecodeSpec { records: records.map(str::to_owned), ..DecodeSpec::default() };
        let rows = read(Box::new(Cursor::new(text.as_bytes().to_vec())), &spec, &Limits::default());
        let rows = rows.map_err(|finding| finding.code)?;
        Ok(rows.rows.iter().map(|(number, row)| format!("{number}:{}", row.iter().collect::<Vec<_>>().join("|"))).collect())
    }

    #[test]
    fn records_become_rows() {
        let text = r#"{"data":{"rows/1":[{"urn":900001,"pct":1.10},{"pct":null,"open":true,"name":"St \"M\"","urn":9e2},{"list":[1, 2]}]}}"#;
        let wanted = ["1:urn|pct|open|name|list", "2:900001|1.10", "3:9e2||true|St \"M\"", "4:||||[1, 2]"];
        assert_eq!(table(text, Some("/data/rows~11")).unwrap(), wanted);
        assert_eq!(table(r#"[[],[{"a":"x"}]]"#, Some("/1")).unwrap(), ["1:a", "2:x"]);
    }

    #[test]
    fn what_is_no_list_of_records_is_refused() {
        for (text, wanted) in [
            ("{}", "missing-records"),
            ("[1]", "missing-records"),
            ("[]", "empty-file"),
            ("[{}]", "empty-file"),
            (r#"[{"a":1},"#, "truncated-file"),
            (r#"[{"a":1}}"#, "damaged-file"),
            (r#"[{"a":1,"a":2}]"#, "duplicate-label"),
        ] {
            assert_eq!(table(text, None).unwrap_err(), wanted, "{text}");
        }
        assert_eq!(table("{}", Some("/data")).unwrap_err(), "missing-records");
        let wide = format!("[{{{}}}]", (0..5000).map(|n| format!("\"k{n}\":1")).collect::<Vec<_>>().join(","));
        assert_eq!(table(&wide, None).unwrap_err(), "too-many-columns");
        assert_eq!(table(&"[".repeat(100_000), None).unwrap_err(), "truncated-file");
    }
}
