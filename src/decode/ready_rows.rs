//! Rows of a file that had to be read whole, with a limit on the memory they take.

use csv::StringRecord;

use super::bytes::{refuse, too_large};
use super::csv_rows::too_long;
use super::{DecodeSpec, Limits, header};
use crate::faults::Finding;

/// Bytes that the file and the rows of a file read whole may take each.
pub(super) const IN_MEMORY: u64 = 256 << 20;
/// What a cell costs besides its text.
const CELL: u64 = 8;
const ROW: u64 = 128;

/// Rows with their numbers as a spreadsheet shows them.
#[derive(Debug)]
pub(super) struct ReadyRows {
    pub rows: Vec<(u32, StringRecord)>,
    left: u64,
    limits: Limits,
}

impl ReadyRows {
    pub fn new(limits: &Limits) -> ReadyRows {
        ReadyRows { rows: Vec::new(), left: limits.bytes.min(IN_MEMORY), limits: *limits }
    }

    /// Whether one more cell may stand in a row of so many, at so many bytes.
    pub fn afford(&mut self, column: usize, bytes: usize) -> Result<(), Finding> {
        if column >= self.limits.columns {
            let what = format!("a row has more than the {} cells allowed", self.limits.columns);
            return Err(refuse("too-many-columns", what));
        }
        if bytes > self.limits.cell {
            return Err(too_long(bytes, self.limits.cell));
        }
        let cost = bytes as u64 + CELL;
        self.left = self.left.checked_sub(cost).ok_or_else(|| too_large(self.limits.bytes.min(IN_MEMORY)))?;
        Ok(())
    }

    /// Adds a row unless it is empty; numbers must rise.
    pub fn push(&mut self, number: u32, row: StringRecord) -> Result<(), Finding> {
        if row.as_slice().is_empty() {
            return Ok(());
        }
        if number > self.limits.rows {
            let what = format!("the table has more than {} rows", self.limits.rows);
            return Err(refuse("too-many-rows", what).at_row(number));
        }
        self.left = self.left.checked_sub(ROW).ok_or_else(|| too_large(self.limits.bytes.min(IN_MEMORY)))?;
        self.rows.push((number, row));
        Ok(())
    }

    /// Place in `rows` of the header.
    pub fn header(&self, spec: &DecodeSpec) -> Option<usize> {
        let reach = self.rows.iter().take_while(|(number, _)| *number <= header::WITHIN);
        reach.enumerate().find(|(_, (_, row))| header::is_header(row, spec)).map(|(n, _)| n)
    }
}
