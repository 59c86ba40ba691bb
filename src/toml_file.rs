//! Files that a person writes, in TOML: read into a type, or refused with every fault at once.
//!
//! The type's JSON Schema says which keys there are. It knows names and places, where the
//! deserialiser knows only the first thing that it stumbled over.

mod shape;

use std::path::Path;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::faults::{Fault, Faults};

/// Reads `text` as a `T`. Errors: every syntax error; else every unknown or missing key and every
/// value of the wrong kind, with its line.
pub fn parse<T: DeserializeOwned + JsonSchema>(file: &Path, text: &str) -> Result<T, Faults> {
    let place = Place { file, text };
    let table = table(&place)?;
    let schema = schema::<T>();
    let mut faults = shape::unknown_keys(&place, &table, &schema);
    match T::deserialize(toml::de::Deserializer::from(table.clone())) {
        Ok(value) => faults.or(value),
        Err(error) => {
            faults.extend(shape::wrong_values(&place, &table, &schema));
            if faults.0.is_empty() {
                faults.push(place.fault_of(&error, Some(&table)));
            }
            faults.0.sort_by_key(|fault| fault.line);
            Err(faults)
        }
    }
}

/// The JSON Schema of a type, as a value.
pub fn schema<T: JsonSchema>() -> Json {
    schemars::schema_for!(T).to_value()
}

/// Keys of `text` that the schema does not have, each with its line and the nearest known name.
/// A text that is no TOML has its syntax errors instead.
pub fn unknown_keys(file: &Path, text: &str, schema: &Json) -> Faults {
    let place = Place { file, text };
    match table(&place) {
        Ok(table) => shape::unknown_keys(&place, &table, schema),
        Err(faults) => faults,
    }
}

/// The line, counted from one, of a dotted key in a text that is TOML: for faults that are found
/// after reading. Array tables are counted from zero: `layout.0.key`. The nearest enclosing table
/// if the key itself is not there.
pub fn line_of(text: &str, path: &[&str]) -> Option<u32> {
    let table = DeTable::parse(text).ok()?;
    let mut offset = None;
    let mut here: Option<&Spanned<DeValue<'_>>> = None;
    for part in path {
        let table = match here.map(Spanned::get_ref) {
            None => table.get_ref(),
            Some(DeValue::Table(inner)) => inner,
            Some(DeValue::Array(items)) => {
                here = items.get(part.parse::<usize>().ok()?);
                offset = here.map(|item| item.span().start).or(offset);
                continue;
            }
            Some(_) => break,
        };
        match table.iter().find(|(key, _)| key.get_ref() == part) {
            Some((key, value)) => {
                offset = Some(key.span().start);
                here = Some(value);
            }
            None => break,
        }
    }
    offset.map(|offset| Place { file: Path::new(""), text }.line(offset))
}

fn table<'t>(place: &Place<'t>) -> Result<Spanned<DeTable<'t>>, Faults> {
    let (table, errors) = DeTable::parse_recoverable(place.text);
    let mut faults = Faults(errors.iter().map(|error| place.fault_of(error, None)).collect());
    faults.0.sort_by_key(|fault| fault.line);
    faults.or(table)
}

/// A file and its text, to turn offsets into lines.
struct Place<'t> {
    file: &'t Path,
    text: &'t str,
}

impl Place<'_> {
    fn line(&self, offset: usize) -> u32 {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        u32::try_from(before.iter().filter(|byte| **byte == b'\n').count()).map_or(u32::MAX, |lines| lines + 1)
    }

    fn fault(&self, offset: usize, key: &str, what: String, hint: Option<String>) -> Fault {
        Fault { file: self.file.to_path_buf(), line: Some(self.line(offset)), key: key.to_owned(), what, hint }
    }

    fn fault_of(&self, error: &toml::de::Error, table: Option<&Spanned<DeTable<'_>>>) -> Fault {
        let what = error.message().lines().next().unwrap_or("cannot be read").to_owned();
        match error.span() {
            Some(span) => {
                let key = table.map(|table| key_at(table.get_ref(), span.start)).unwrap_or_default();
                self.fault(span.start, &key, what, None)
            }
            None => Fault { file: self.file.to_path_buf(), line: None, key: String::new(), what, hint: None },
        }
    }
}

/// Dotted name of the innermost key whose name or value stands at `offset`.
fn key_at(table: &DeTable<'_>, offset: usize) -> String {
    fn inside(value: &Spanned<DeValue<'_>>, offset: usize) -> Option<String> {
        match value.get_ref() {
            DeValue::Table(table) => Some(key_at(table, offset)).filter(|key| !key.is_empty()),
            DeValue::Array(items) => items.iter().find_map(|item| inside(item, offset)),
            _ => None,
        }
        .or_else(|| value.span().contains(&offset).then(String::new))
    }
    for (key, value) in table {
        if let Some(deeper) = inside(value, offset) {
            return if deeper.is_empty() { key.get_ref().to_string() } else { format!("{}.{deeper}", key.get_ref()) };
        }
        if key.span().contains(&offset) {
            return key.get_ref().to_string();
        }
    }
    String::new()
}

#[cfg(test)]
mod tests;
