//! XLSX sheets, cell by cell: never as the rectangle that a sheet claims to span, which one cell in
//! a far corner makes larger than memory.

use std::io::Cursor;
use std::sync::Arc;

use calamine::{DataRef, Reader, SheetType, Xlsx, XlsxError};
use csv::StringRecord;

use super::ready_rows::ReadyRows;
use super::workbook::{Sheets, damaged, wanted};
use super::{DecodeSpec, Limits, cell_text};
use crate::faults::Finding;

pub(super) fn read(file: &Arc<[u8]>, spec: &DecodeSpec, limits: &Limits) -> Result<Sheets, Finding> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(Arc::clone(file))).map_err(|error: XlsxError| damaged(error))?;
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names: Vec<String> = sheets.map(|sheet| sheet.name.clone()).collect();
    for name in names.iter().filter(|name| wanted(name, spec)) {
        let rows = sheet(&mut book, name, limits)?;
        if let Some(header) = rows.header(spec) {
            return Ok(Sheets { found: Some((name.clone(), rows, header)), names });
        }
    }
    Ok(Sheets { names, found: None })
}

fn sheet(book: &mut Xlsx<Cursor<Arc<[u8]>>>, name: &str, limits: &Limits) -> Result<ReadyRows, Finding> {
    let mut cells = book.worksheet_cells_reader(name).map_err(damaged)?;
    let percentages: Vec<bool> = cells
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref().is_some_and(|format| cell_text::shows_percentage(&format.format_code)))
        .collect();
    let mut rows = ReadyRows::new(limits);
    let (mut at, mut row) = (0, StringRecord::new());
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(damaged)? {
        let text = text(cell.get_value(), percentages.get(style).copied().unwrap_or(false));
        if text.is_empty() {
            continue;
        }
        let (number, column) = (cell.get_position().0.saturating_add(1), cell.get_position().1 as usize);
        if number != at {
            if number < at {
                return Err(damaged("its rows are out of order"));
            }
            rows.push(at, std::mem::take(&mut row))?;
            at = number;
        }
        if column < row.len() {
            return Err(damaged("its cells are out of order").at_row(number));
        }
        while row.len() < column {
            rows.afford(row.len(), 0).map_err(|finding| finding.at_row(number))?;
            row.push_field("");
        }
        rows.afford(column, text.len()).map_err(|finding| finding.at_row(number))?;
        row.push_field(&text);
    }
    rows.push(at, row)?;
    Ok(rows)
}

fn text(value: &DataRef<'_>, percentage: bool) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if percentage => cell_text::percentage(*number),
        DataRef::Float(number) => cell_text::number(*number),
        DataRef::Bool(truth) => cell_text::truth(*truth).to_owned(),
        DataRef::DateTime(when) if when.is_duration() => cell_text::number(when.as_f64()),
        DataRef::DateTime(when) => cell_text::date_time(when.to_ymd_hms_milli()),
        DataRef::DateTimeIso(text) => cell_text::iso(text).to_owned(),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}
