//! Which row is the header.

use csv::StringRecord;

use super::DecodeSpec;
use super::bytes::refuse;
use crate::faults::Finding;

/// The header stands in one of so many rows.
pub(super) const WITHIN: u32 = 20;

/// Whether the row is the header: it has one of the names asked for, or none was asked for.
pub(super) fn is_header(row: &StringRecord, spec: &DecodeSpec) -> bool {
    match spec.header_has.is_empty() {
        true => !is_blank(row),
        false => row.iter().any(|cell| wanted(cell, spec)),
    }
}

/// Nothing but spaces.
pub(super) fn is_blank(row: &StringRecord) -> bool {
    row.as_slice().trim().is_empty()
}

fn wanted(cell: &str, spec: &DecodeSpec) -> bool {
    let cell = cell.trim().to_lowercase();
    spec.header_has.iter().any(|name| name.trim().to_lowercase() == cell)
}

/// The row would be a header if cells were parted by something else than a comma.
pub(super) fn wrong_delimiter(row: &StringRecord, spec: &DecodeSpec) -> Option<Finding> {
    for (mark, name) in [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")] {
        let parted = match spec.header_has.is_empty() {
            true => row.len() == 1 && row[0].contains(mark),
            false => row
                .iter()
                .any(|cell| cell.contains(mark) && cell.split(mark).any(|piece| wanted(piece.trim().trim_matches('"'), spec))),
        };
        if parted {
            let what = format!(
                "cells are parted by {name}, so the file was saved again by another program; fetch the publisher's own file"
            );
            return Some(refuse("wrong-delimiter", what));
        }
    }
    None
}

/// No row was the header. Its first row is shown if it can be one, and not if it has figures, dates
/// or codes in it: then it may be data, about a person perhaps.
pub(super) fn missing(spec: &DecodeSpec, first: Option<&StringRecord>) -> Finding {
    let names = spec.header_has.join("`, `");
    let what =
        format!("none of the first {WITHIN} rows has a column `{names}`; it is another file, or header-has needs the new name");
    match first {
        Some(row) if row.iter().any(|cell| cell.contains(|c: char| c.is_ascii_digit())) => refuse("missing-header", what),
        Some(row) => refuse("missing-header", what).reading(&row.iter().collect::<Vec<_>>().join(",")),
        None => empty(),
    }
}

pub(super) fn empty() -> Finding {
    refuse("empty-file", "the file has nothing in it; fetch it again")
}

/// Names as they stand, trimmed.
pub(super) fn names(row: &StringRecord) -> Vec<String> {
    row.iter().map(|cell| cell.trim().trim_start_matches('\u{feff}').trim().to_owned()).collect()
}
