//! One table of a file, row by row.

use std::io::Read;

use super::{DecodeSpec, Limits};
use crate::faults::Finding;

/// An opened table: the header is read, the rows are still to come.
pub struct Table {
    /// Names as they stand, trimmed, without byte-order mark.
    pub header: Vec<String>,
    /// Row of the header as a spreadsheet shows it.
    pub header_row: u32,
    /// Member of the archive, if there was one.
    pub member: Option<String>,
    /// `utf-8`, `windows-1252`, `utf-16le` …
    pub encoding: &'static str,
}

/// One row; the buffer is used again for the next.
#[derive(Debug, Default)]
pub struct Row {
    /// As a spreadsheet shows it.
    pub number: u32,
    pub cells: csv::StringRecord,
    /// The row cannot be trusted as it stands; its cells are given all the same.
    pub fault: Option<Finding>,
}

/// Opens the table in `input`.
pub fn open(input: Box<dyn Read + Send>, spec: &DecodeSpec, limits: Limits) -> Result<Table, Finding> {
    let _ = (input, spec, limits);
    todo!()
}

impl Table {
    /// Reads the next row into `row`; false at the end of the table.
    pub fn next(&mut self, row: &mut Row) -> Result<bool, Finding> {
        let _ = row;
        todo!()
    }
}
