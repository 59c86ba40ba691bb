//! One table of a file, row by row.

use std::io::Read;

use csv::{ByteRecord, StringRecord};

use super::bytes::{self, Bytes};
use super::csv_rows::CsvRows;
use super::ready_rows::ReadyRows;
use super::{DecodeSpec, Limits, archive, header, json, text_encoding};
use crate::faults::{Class, Finding};

/// An opened table: the header is read, the rows are still to come.
pub struct Table {
    /// Names as they stand, trimmed, without byte-order mark.
    pub header: Vec<String>,
    /// Row of the header as a spreadsheet shows it.
    pub header_row: u32,
    /// Member of the archive, or sheet of the workbook, if there was one.
    pub member: Option<String>,
    /// `utf-8`, `windows-1252`, `utf-16le`, `utf-16be`, `xlsx`, `ods` or `json`. CSV turns from `utf-8` to
    /// `windows-1252` at the first row that needs it, so it is final once all rows are read.
    pub encoding: &'static str,
    /// Something wrong with the file as a whole that shows at its end only, class `Hold`:
    /// `truncated-row` when the last row stops short of all others and has no line end. Set once
    /// [`Table::next`] has returned false.
    pub tail_fault: Option<Finding>,
    rows: Rows,
    /// The record that the next row is read into.
    spare: Option<ByteRecord>,
    seen: u32,
    fewest: usize,
}

enum Rows {
    Csv(Box<CsvRows>),
    Ready(std::vec::IntoIter<(u32, StringRecord)>),
}

/// One row; the buffer is used again for the next.
#[derive(Debug, Default)]
pub struct Row {
    /// As a spreadsheet shows it: the first line of the file is row 1, blank lines count, and a row
    /// whose cells have line breaks counts once.
    pub number: u32,
    pub cells: StringRecord,
    /// The row cannot be trusted as it stands; its cells are given all the same.
    pub fault: Option<Finding>,
}

/// Opens the table in `input`, whatever format its first bytes say it has.
pub fn open(input: Box<dyn Read + Send>, spec: &DecodeSpec, limits: Limits) -> Result<Table, Finding> {
    open_layer(Box::new(bytes::Metered::new(input, None, &limits)), spec, &limits, 3)
}

/// `layers`: how often something packed may still be unpacked.
pub(super) fn open_layer(input: Bytes, spec: &DecodeSpec, limits: &Limits, layers: u8) -> Result<Table, Finding> {
    let (first, input) = bytes::peek(input)?;
    match first.as_slice() {
        [] => return Err(header::empty()),
        [0x1f, 0x8b, ..] | [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] if layers == 0 => {
            return Err(bytes::refuse("decompression-limit", "the file is packed within packed files; give the table itself"));
        }
        [0x1f, 0x8b, ..] => return open_layer(bytes::gunzip(input, limits), spec, limits, layers - 1),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => return archive::open(input, spec, limits, layers - 1),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => return Err(unsupported("an old .xls workbook, or one with a password")),
        [b'%', b'P', b'D', b'F', ..] => return Err(unsupported("a PDF document")),
        [b'P', b'A', b'R', b'1', ..] => return Err(unsupported("a Parquet file")),
        _ => {}
    }
    match text_encoding::utf16(&first) {
        Some((encoding, name)) => {
            let (first, input) = bytes::peek(Box::new(text_encoding::Utf8From::new(input, encoding)))?;
            open_text(&first, input, name, spec, limits)
        }
        None => open_text(&first, input, "utf-8", spec, limits),
    }
}

fn open_text(
    first: &[u8],
    mut input: Bytes,
    encoding: &'static str,
    spec: &DecodeSpec,
    limits: &Limits,
) -> Result<Table, Finding> {
    let mut start = first;
    if let Some(rest) = first.strip_prefix(b"\xef\xbb\xbf") {
        input.read_exact(&mut [0; 3]).map_err(|error| bytes::reading(&error))?;
        start = rest;
    }
    match start.trim_ascii_start().first() {
        Some(b'<') => {
            let what =
                "the file is a web page or XML, not a table; the publisher's server most likely answered with an error page";
            Err(bytes::refuse("html-page", what).reading(&String::from_utf8_lossy(start)))
        }
        Some(b'{' | b'[') => Table::of_rows(json::read(input, spec, limits)?, 0, None, "json"),
        _ => Table::of_csv(input, encoding, spec, limits),
    }
}

fn unsupported(what: &str) -> Finding {
    bytes::refuse("unsupported-format", format!("the file is {what}; give it as CSV, XLSX, ODS or JSON"))
}

impl Table {
    fn of_csv(input: Bytes, encoding: &'static str, spec: &DecodeSpec, limits: &Limits) -> Result<Table, Finding> {
        let mut rows = CsvRows::new(input, limits)?;
        let mut first: Option<StringRecord> = None;
        loop {
            let mut record = ByteRecord::new();
            let Some(place) =
                rows.next(&mut record, 0)?.filter(|place| place.row <= header::WITHIN || spec.header_has.is_empty())
            else {
                return Err(header::missing(spec, first.as_ref()));
            };
            let (row, foreign) = text_encoding::text(record);
            if let Some(finding) = header::wrong_delimiter(&row, spec) {
                return Err(finding.at_row(place.row).reading(&row[0]));
            }
            if header::is_header(&row, spec) {
                return Ok(Table {
                    header: header::names(&row),
                    header_row: place.row,
                    member: None,
                    encoding: if foreign { "windows-1252" } else { encoding },
                    tail_fault: None,
                    rows: Rows::Csv(Box::new(rows)),
                    spare: None,
                    seen: 0,
                    fewest: usize::MAX,
                });
            }
            if first.is_none() && !header::is_blank(&row) {
                first = Some(row);
            }
        }
    }

    /// A table whose rows are read; `header` is the place of the header in them.
    pub(super) fn of_rows(
        ready: ReadyRows,
        header: usize,
        member: Option<String>,
        encoding: &'static str,
    ) -> Result<Table, Finding> {
        let mut rows = ready.rows.into_iter();
        let (header_row, names) = rows.nth(header).ok_or_else(header::empty)?;
        let header = header::names(&names);
        let rows = Rows::Ready(rows);
        Ok(Table { header, header_row, member, encoding, tail_fault: None, rows, spare: None, seen: 0, fewest: usize::MAX })
    }

    /// Reads the next row into `row`; false at the end of the table. An error ends the table: what
    /// was read before it must not be used, since the file is refused.
    ///
    /// Rows with nothing in any cell are passed over, and count in the numbering only. Rows may have fewer or more cells than the header (publishers drop trailing empty cells).
    pub fn next(&mut self, row: &mut Row) -> Result<bool, Finding> {
        row.fault = None;
        match &mut self.rows {
            Rows::Ready(rows) => match rows.next() {
                Some((number, cells)) => {
                    row.number = number;
                    row.cells = cells;
                }
                None => return Ok(false),
            },
            Rows::Csv(rows) => {
                let mut record = self.spare.take().unwrap_or_default();
                let Some(place) = rows.next(&mut record, self.header.len())? else { return Ok(false) };
                let cells = record.len();
                let short = !place.ended && self.seen >= 2 && cells < self.fewest && cells < self.header.len();
                if short {
                    let what = format!(
                        "the file stops in the middle of its last row ({cells} of {} cells, no line end); fetch it again",
                        self.header.len()
                    );
                    self.tail_fault = Some(Finding::new(Class::Hold, "truncated-row", what).at_row(place.row));
                }
                self.seen += 1;
                self.fewest = self.fewest.min(cells);
                let (text, foreign) = text_encoding::text(record);
                if foreign {
                    self.encoding = "windows-1252";
                }
                row.number = place.row;
                self.spare = Some(std::mem::replace(&mut row.cells, text).into_byte_record());
            }
        }
        row.fault = self.distrust(row);
        Ok(true)
    }

    /// What makes the row's text untrustworthy: signs of damage by other programs.
    fn distrust(&self, row: &Row) -> Option<Finding> {
        let all = row.cells.as_slice();
        if all.is_ascii() && !all.as_bytes().contains(&0) {
            return None;
        }
        for (n, cell) in row.cells.iter().enumerate() {
            let (code, what) = match cell.chars().find(|&c| c == '\0' || c == '\u{fffd}' || ('\u{80}'..'\u{a0}').contains(&c)) {
                // the bytes of U+FFFD, taken for Windows-1252 once more
                None if cell.contains("ï¿½") => (
                    "replacement-character",
                    "the cell holds `ï¿½`: earlier programs read the text in the wrong encoding twice and lost a letter",
                ),
                None => continue,
                Some('\0') => ("nul-byte", "the cell holds a NUL byte: the file was damaged on its way"),
                Some('\u{fffd}') => (
                    "replacement-character",
                    "the cell holds U+FFFD: an earlier program read the text in the wrong encoding and lost a letter",
                ),
                Some(_) => ("control-character", "the cell holds a control character: the text was read in the wrong encoding"),
            };
            let finding = Finding::new(Class::Quarantine, code, what).at_row(row.number).reading(cell);
            return Some(match self.header.get(n) {
                Some(column) => finding.in_column(column.clone()),
                None => finding,
            });
        }
        None
    }
}
