//! ODS sheets, read as the stream of cells that they are: `number-columns-repeated` and
//! `number-rows-repeated` let a few bytes stand for a million cells, so each copy is counted
//! against the limits before it is made.

use std::io::BufReader;

use csv::StringRecord;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::bytes::{self, Bytes, refuse};
use super::csv_rows::too_long;
use super::ready_rows::ReadyRows;
use super::workbook::{Sheets, damaged, wanted};
use super::{DecodeSpec, Limits, cell_text};
use crate::faults::Finding;

/// `content` is the archive's `content.xml`.
pub(super) fn read(content: Bytes, spec: &DecodeSpec, limits: &Limits) -> Result<Sheets, Finding> {
    let (first, content) = bytes::peek(content)?;
    if !first.trim_ascii_start().starts_with(b"<") {
        return Err(refuse("encrypted-archive", "the workbook has a password; give the table without one"));
    }
    let mut xml = Reader::from_reader(BufReader::new(content));
    xml.config_mut().expand_empty_elements = true;
    let mut names = Vec::new();
    let mut sheet = Sheet::new(limits);
    let (mut inside, mut buffer) = (false, Vec::new());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(unreadable)? {
            Event::Start(tag) if name(&tag) == "table:table" => {
                let title = attribute(&tag, "table:name").unwrap_or_default();
                inside = wanted(&title, spec);
                names.push(title);
                sheet = Sheet::new(limits);
            }
            Event::Start(tag) if inside => sheet.start(&tag)?,
            Event::End(tag) if inside && tag.name().as_ref() == "table:table" => {
                inside = false;
                if let Some(header) = sheet.rows.header(spec) {
                    let found = names.last().cloned().unwrap_or_default();
                    return Ok(Sheets { names, found: Some((found, sheet.rows, header)) });
                }
            }
            Event::End(tag) if inside => sheet.end(tag.name().as_ref())?,
            Event::Text(text) => sheet.text(&text.xml10_content())?,
            Event::CData(text) => sheet.text(&text.xml10_content())?,
            Event::GeneralRef(entity) => match entity.resolve_char_ref() {
                Ok(Some(c)) => sheet.text(c.encode_utf8(&mut [0; 4]))?,
                _ => sheet.text(predefined(&entity.xml10_content()))?,
            },
            Event::Eof => return Ok(Sheets { names, found: None }),
            _ => {}
        }
    }
}

/// The sheet being read, with the row and the cell being read.
struct Sheet {
    rows: ReadyRows,
    longest: usize,
    number: u32,
    row: Option<StringRecord>,
    row_repeat: u32,
    /// Empty cells that count only if something follows them.
    gap: usize,
    cell: Option<Cell>,
    /// Within a comment of a cell.
    aside: bool,
}

struct Cell {
    repeat: usize,
    value: Option<String>,
    text: String,
    paragraphs: usize,
}

impl Sheet {
    fn new(limits: &Limits) -> Sheet {
        let rows = ReadyRows::new(limits);
        Sheet { rows, longest: limits.cell, number: 0, row: None, row_repeat: 1, gap: 0, cell: None, aside: false }
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), Finding> {
        match name(tag).as_str() {
            "table:table-row" => {
                self.row_repeat = count(tag, "table:number-rows-repeated");
                self.row = Some(StringRecord::new());
                self.gap = 0;
            }
            "table:table-cell" | "table:covered-table-cell" if self.row.is_some() => {
                let repeat = count(tag, "table:number-columns-repeated") as usize;
                self.cell = Some(Cell { repeat, value: value(tag), text: String::new(), paragraphs: 0 });
            }
            "office:annotation" => self.aside = true,
            "text:p" => {
                if let Some(cell) = self.cell.as_mut().filter(|_| !self.aside) {
                    cell.paragraphs += 1;
                    if cell.paragraphs > 1 {
                        return self.text("\n");
                    }
                }
            }
            "text:s" => {
                let spaces = " ".repeat((count(tag, "text:c") as usize).min(self.longest + 1));
                return self.text(&spaces);
            }
            "text:tab" => return self.text("\t"),
            "text:line-break" => return self.text("\n"),
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Finding> {
        let Some(cell) = self.cell.as_mut().filter(|cell| !self.aside && cell.paragraphs > 0) else { return Ok(()) };
        if cell.text.len() + text.len() > self.longest {
            return Err(too_long(cell.text.len() + text.len(), self.longest).at_row(self.number + 1));
        }
        cell.text.push_str(text);
        Ok(())
    }

    fn end(&mut self, tag: &str) -> Result<(), Finding> {
        match tag {
            "office:annotation" => self.aside = false,
            "table:table-cell" | "table:covered-table-cell" => {
                let (Some(cell), Some(row)) = (self.cell.take(), self.row.as_mut()) else { return Ok(()) };
                let text = cell.value.unwrap_or(cell.text);
                if text.is_empty() {
                    self.gap = self.gap.saturating_add(cell.repeat);
                    return Ok(());
                }
                for _ in 0..std::mem::take(&mut self.gap) {
                    self.rows.afford(row.len(), 0).map_err(|finding| finding.at_row(self.number + 1))?;
                    row.push_field("");
                }
                for _ in 0..cell.repeat {
                    self.rows.afford(row.len(), text.len()).map_err(|finding| finding.at_row(self.number + 1))?;
                    row.push_field(&text);
                }
            }
            "table:table-row" => {
                let Some(row) = self.row.take() else { return Ok(()) };
                let first = self.number + 1;
                self.number = self.number.saturating_add(self.row_repeat).min(u32::MAX - 1);
                if row.is_empty() {
                    return Ok(());
                }
                for copy in 1..self.row_repeat {
                    for (column, cell) in row.iter().enumerate() {
                        self.rows.afford(column, cell.len())?;
                    }
                    self.rows.push(first + copy - 1, row.clone())?;
                }
                self.rows.push(self.number, row)?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// What the cell's attributes say it is; none for text, which stands inside the cell.
fn value(tag: &BytesStart<'_>) -> Option<String> {
    let number = || attribute(tag, "office:value")?.trim().parse::<f64>().ok();
    match attribute(tag, "office:value-type")?.as_str() {
        "float" | "currency" => number().map(cell_text::number),
        "percentage" => number().map(cell_text::percentage),
        "date" => Some(cell_text::iso(&attribute(tag, "office:date-value")?).to_owned()),
        "boolean" => Some(cell_text::truth(attribute(tag, "office:boolean-value")?.eq_ignore_ascii_case("true")).to_owned()),
        "string" => attribute(tag, "office:string-value").filter(|text| !text.is_empty()),
        _ => None,
    }
}

fn name(tag: &BytesStart<'_>) -> String {
    tag.name().as_ref().to_owned()
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.attributes().with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == name)?;
    Some(attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?.into_owned())
}

fn count(tag: &BytesStart<'_>, name: &str) -> u32 {
    attribute(tag, name).and_then(|text| text.parse().ok()).unwrap_or(1)
}

fn predefined(entity: &str) -> &'static str {
    match entity {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
}

fn unreadable(error: quick_xml::Error) -> Finding {
    match error {
        quick_xml::Error::Io(error) => bytes::reading(&error),
        error => damaged(error),
    }
}
