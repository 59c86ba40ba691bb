//! The records of a CSV stream, in constant memory.

use std::io::{ErrorKind, Read};

use csv::ByteRecord;

use super::Limits;
use super::bytes::{Bytes, reading, refuse};
use super::csv_quick::Quick;
use super::csv_scan::{Scan, scan};
use crate::faults::Finding;

/// First size of the buffer.
const BUFFER: usize = 256 << 10;
/// A record may be this many times longer than its longest permitted cell.
const RECORD: usize = 16;
/// In tables at least this wide, a cell with a line break and a row's worth of commas is rows
/// that a quote has swallowed; in narrower ones it may be an address.
const WIDE: usize = 8;

pub(super) struct CsvRows {
    input: Bytes,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Reads plain records of the buffer as it was filled last.
    quick: Option<Quick>,
    /// Everything is in the buffer.
    last: bool,
    /// What ends a line: a carriage return only where there is no line feed at all.
    newline: u8,
    /// Row of the record read last, as a spreadsheet shows it: a blank line is a row, a record
    /// with line breaks inside its cells is one.
    row: u32,
    scratch: Vec<u8>,
    limits: Limits,
}

/// Where a record stood.
pub(super) struct Place {
    pub row: u32,
    /// A line end came after it; without, it is the last.
    pub ended: bool,
}

impl CsvRows {
    pub fn new(input: Bytes, limits: &Limits) -> Result<CsvRows, Finding> {
        let mut rows = CsvRows {
            input,
            buffer: vec![0; BUFFER],
            start: 0,
            end: 0,
            quick: None,
            last: false,
            newline: b'\n',
            row: 0,
            scratch: Vec::new(),
            limits: *limits,
        };
        rows.fill()?;
        let seen = &rows.buffer[..rows.end];
        if !seen.contains(&b'\n') && seen.contains(&b'\r') {
            rows.newline = b'\r';
            rows.quick = None;
        }
        Ok(rows)
    }

    /// Reads the next record that has anything in it; none at the end. `columns` of the header, 0 before it is known.
    pub fn next(&mut self, record: &mut ByteRecord, columns: usize) -> Result<Option<Place>, Finding> {
        loop {
            if self.start == self.end {
                if self.last {
                    return Ok(None);
                }
                self.fill()?;
                continue;
            }
            if let Some(next) = self.quick.as_mut().and_then(|quick| quick.next(self.start, record)) {
                self.start = next;
                self.count()?;
                if record.as_slice().is_empty() {
                    continue;
                }
                self.check(record, columns)?;
                return Ok(Some(Place { row: self.row, ended: true }));
            }
            self.quick = None;
            let buffer = &self.buffer[self.start..self.end];
            match scan(buffer, self.last, self.newline, self.limits.cell, record, &mut self.scratch) {
                Scan::Blank { used } => {
                    self.start += used;
                    self.count()?;
                }
                Scan::Record { used, ended } => {
                    self.start += used;
                    self.count()?;
                    if record.as_slice().is_empty() {
                        continue;
                    }
                    self.check(record, columns)?;
                    return Ok(Some(Place { row: self.row, ended }));
                }
                Scan::More => self.fill()?,
                Scan::Unterminated { cell } => return Err(unterminated(self.row + 1, cell)),
            }
        }
    }

    fn count(&mut self) -> Result<(), Finding> {
        self.row += 1;
        match self.row > self.limits.rows {
            true => Err(refuse("too-many-rows", format!("the table has more than {} rows", self.limits.rows)).at_row(self.row)),
            false => Ok(()),
        }
    }

    fn check(&self, record: &ByteRecord, columns: usize) -> Result<(), Finding> {
        if record.len() > self.limits.columns {
            let what = format!("the row has {} cells, more than the {} allowed", record.len(), self.limits.columns);
            return Err(refuse("too-many-columns", what).at_row(self.row));
        }
        if record.as_slice().len() > self.limits.cell
            && let Some(cell) = record.iter().find(|cell| cell.len() > self.limits.cell)
        {
            return Err(too_long(cell.len(), self.limits.cell).at_row(self.row));
        }
        if columns >= WIDE && record.as_slice().contains(&b'\n') {
            let swallowed =
                |cell: &[u8]| cell.contains(&b'\n') && cell.iter().filter(|&&byte| byte == b',').count() >= columns - 1;
            if let Some(cell) = record.iter().position(swallowed) {
                return Err(unterminated(self.row, cell));
            }
        }
        Ok(())
    }

    /// Makes room and reads until the buffer is full or the file ends.
    fn fill(&mut self) -> Result<(), Finding> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.end == self.buffer.len() {
            let most = self.limits.cell.saturating_mul(RECORD).max(BUFFER);
            if self.buffer.len() >= most {
                return Err(refuse("row-too-long", format!("the row has more than {most} bytes; the file is no table"))
                    .at_row(self.row + 1));
            }
            self.buffer.resize(self.buffer.len().saturating_mul(2).min(most), 0);
        }
        while self.end < self.buffer.len() {
            match self.input.read(&mut self.buffer[self.end..]) {
                Ok(0) => {
                    self.last = true;
                    break;
                }
                Ok(n) => self.end += n,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(reading(&error)),
            }
        }
        self.quick = Quick::over(&self.buffer[..self.end]);
        Ok(())
    }
}

pub(super) fn too_long(length: usize, longest: usize) -> Finding {
    refuse("cell-too-long", format!("a cell has {length} bytes, more than the {longest} allowed"))
}

/// Says where, and not what: the cell may hold whole rows, and among them names of persons.
fn unterminated(row: u32, cell: usize) -> Finding {
    let what =
        format!("a quote opened in cell {} is never closed and swallows the rows after it; fetch the file again", cell + 1);
    refuse("unterminated-quote", what).at_row(row)
}

#[cfg(test)]
mod tests {
    use std::io::{self, Cursor};

    use proptest::prelude::*;

    use super::*;

    /// Gives its bytes in pieces of one size.
    struct Dribble(Cursor<Vec<u8>>, usize);

    impl Read for Dribble {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let n = into.len().min(self.1);
            self.0.read(&mut into[..n])
        }
    }

    fn rows(bytes: &[u8], step: usize, limits: Limits) -> Result<Vec<(u32, String)>, Finding> {
        let mut rows = CsvRows::new(Box::new(Dribble(Cursor::new(bytes.to_vec()), step)), &limits)?;
        let (mut record, mut out) = (ByteRecord::new(), Vec::new());
        while let Some(place) = rows.next(&mut record, 0)? {
            let cells: Vec<_> = record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
            out.push((place.row, cells.join("|")));
        }
        Ok(out)
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_shows_them() {
        let bytes = b"a,b\n\n1,\"x\ny\"\n,,\n2,z\n";
        let wanted = vec![(1, "a|b".to_owned()), (3, "1|x\ny".to_owned()), (5, "2|z".to_owned())];
        for step in [1, 3, 1000] {
            assert_eq!(rows(bytes, step, Limits::default()).unwrap(), wanted);
        }
        assert_eq!(rows(b"a,b\r1,2\r", 9, Limits::default()).unwrap().len(), 2);
        assert_eq!(rows(b"", 9, Limits::default()).unwrap(), vec![]);
    }

    #[test]
    fn records_across_the_buffer_come_out_whole() {
        let line = format!("{},{}\n", "x".repeat(1000), "y".repeat(777));
        let rows = rows(line.repeat(1000).as_bytes(), 4096, Limits::default()).unwrap();
        assert_eq!(rows.len(), 1000);
        assert!(rows.iter().all(|(_, row)| row.len() == 1778));
    }

    #[test]
    fn each_limit_refuses() {
        let limits = Limits { cell: 1000, columns: 10, rows: 50, ..Limits::default() };
        let code = |bytes: &str| rows(bytes.as_bytes(), 4096, limits).unwrap_err().code;
        assert_eq!(code(&format!("a,{}\n", "x".repeat(1001))), "cell-too-long");
        assert_eq!(code(&format!("a,\"{}\"\n", "x".repeat(1001))), "unterminated-quote");
        assert_eq!(code(&format!("a,\"{}", "9\n".repeat(1001))), "unterminated-quote");
        assert_eq!(code(&"a,".repeat(20)), "too-many-columns");
        assert_eq!(code(&"a\n".repeat(51)), "too-many-rows");
        assert_eq!(code(&"9".repeat(10 << 20)), "row-too-long");
    }

    /// The rows without the quick way.
    fn scanned(bytes: &[u8]) -> Vec<(u32, String)> {
        let (mut record, mut scratch) = (ByteRecord::new(), Vec::new());
        let (mut rest, mut row, mut out) = (bytes, 0, Vec::new());
        while !rest.is_empty() {
            row += 1;
            match scan(rest, true, b'\n', 1000, &mut record, &mut scratch) {
                Scan::Blank { used } => rest = &rest[used..],
                Scan::Record { used, .. } => {
                    rest = &rest[used..];
                    if !record.as_slice().is_empty() {
                        let cells: Vec<_> = record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
                        out.push((row, cells.join("|")));
                    }
                }
                Scan::More | Scan::Unterminated { .. } => break,
            }
        }
        out
    }

    proptest! {
        #[test]
        fn the_quick_way_and_the_careful_one_agree(bytes in "([ab,\"]{0,6}(\r?\n|\n|\r)?){0,12}", step in 1usize..9) {
            let bytes = format!("a\n{bytes}");
            let wanted = scanned(bytes.as_bytes());
            match rows(bytes.as_bytes(), step, Limits { cell: 1000, ..Limits::default() }) {
                Ok(got) => prop_assert_eq!(got, wanted),
                Err(finding) => {
                    prop_assert_eq!(finding.code, "unterminated-quote");
                    prop_assert!(finding.row > wanted.last().map(|row| row.0));
                }
            }
        }
    }
}
