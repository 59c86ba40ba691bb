//! A table under construction: cells set by header name, written in a publisher's style.

use std::collections::BTreeMap;

use encoding_rs::WINDOWS_1252;

/// How a publisher writes CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// cp1252, CRLF, text quoted, whole numbers bare: the register's daily extract.
    Register,
    /// cp1252, CRLF, quotes where needed: Ofsted.
    Ofsted,
    /// UTF-8 with byte-order mark, CRLF: performance tables.
    Tables,
    /// UTF-8, line feeds: Explore Education Statistics.
    Statistics,
}

/// What a row is, as its writer knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowIs {
    School,
    /// National or local authority figures.
    Area,
    /// One of several rows of a subject in a tidy file that belongs to none of the measures read.
    Breakdown,
    /// Holds a token that cannot be read.
    Damaged,
}

/// Rows of a file by what they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rows {
    pub schools: u32,
    pub areas: u32,
    pub breakdowns: u32,
    pub damaged: u32,
}

impl Rows {
    pub fn all(self) -> u32 {
        self.schools + self.areas + self.breakdowns + self.damaged
    }
}

/// A finished file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub bytes: Vec<u8>,
    pub rows: Rows,
}

/// A table with a fixed header.
#[derive(Debug, Clone)]
pub struct Sheet {
    header: Vec<&'static str>,
    at: BTreeMap<&'static str, usize>,
    rows: Vec<(RowIs, Vec<String>)>,
}

impl Sheet {
    /// The header names, one a line.
    pub fn new(header: &'static str) -> Sheet {
        Sheet::with(header.lines().collect())
    }

    pub fn with(header: Vec<&'static str>) -> Sheet {
        let at = header.iter().enumerate().map(|(place, name)| (*name, place)).collect();
        Sheet { header, at, rows: Vec::new() }
    }

    pub fn has(&self, column: &str) -> bool {
        self.at.contains_key(column)
    }

    /// Starts a row in which every cell holds `fill`.
    pub fn row(&mut self, is: RowIs, fill: &str) -> RowPen<'_> {
        self.rows.push((is, vec![fill.to_owned(); self.header.len()]));
        let at = self.rows.len() - 1;
        RowPen { sheet: self, at }
    }

    pub fn write(self, style: Style) -> Written {
        let mut rows = Rows::default();
        let (separator, mut text) = match style {
            Style::Tables => ("\r\n", String::from("\u{feff}")),
            Style::Register | Style::Ofsted => ("\r\n", String::new()),
            Style::Statistics => ("\n", String::new()),
        };
        push_line(&mut text, self.header.iter().copied(), style, true, separator);
        for (is, cells) in &self.rows {
            match is {
                RowIs::School => rows.schools += 1,
                RowIs::Area => rows.areas += 1,
                RowIs::Breakdown => rows.breakdowns += 1,
                RowIs::Damaged => rows.damaged += 1,
            }
            push_line(&mut text, cells.iter().map(String::as_str), style, false, separator);
        }
        let bytes = match style {
            Style::Register | Style::Ofsted => WINDOWS_1252.encode(&text).0.into_owned(),
            Style::Tables | Style::Statistics => text.into_bytes(),
        };
        Written { bytes, rows }
    }
}

/// Sets cells of the row that was started last.
pub struct RowPen<'a> {
    sheet: &'a mut Sheet,
    at: usize,
}

impl RowPen<'_> {
    /// Sets a cell; a column that this layout year does not have is passed over.
    pub fn set(&mut self, column: &str, cell: impl ToString) -> &mut Self {
        if let Some(place) = self.sheet.at.get(column) {
            self.sheet.rows[self.at].1[*place] = cell.to_string();
        }
        self
    }

    /// Sets the same cell in every column that satisfies the test.
    pub fn set_where(&mut self, matches: impl Fn(&str) -> bool, cell: &str) -> &mut Self {
        for (name, place) in &self.sheet.at {
            if matches(name) {
                self.sheet.rows[self.at].1[*place] = cell.to_owned();
            }
        }
        self
    }

    /// Says that the row holds something unreadable.
    pub fn damaged(&mut self) -> &mut Self {
        self.sheet.rows[self.at].0 = RowIs::Damaged;
        self
    }

    /// Drops the cells behind the column, as the tables do where a row has no more to say.
    pub fn end_after(&mut self, column: &str) -> &mut Self {
        if let Some(place) = self.sheet.at.get(column) {
            self.sheet.rows[self.at].1.truncate(place + 1);
        }
        self
    }

    /// Drops empty cells at the end of the row.
    pub fn drop_empty_tail(&mut self) -> &mut Self {
        let cells = &mut self.sheet.rows[self.at].1;
        while cells.len() > 1 && cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        self
    }
}

fn push_line<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>, style: Style, header: bool, end: &str) {
    for (n, cell) in cells.enumerate() {
        if n > 0 {
            text.push(',');
        }
        let bare_number = !header && !cell.is_empty() && cell.len() < 7 && cell.bytes().all(|b| b.is_ascii_digit());
        let quoted = match style {
            Style::Register => !bare_number || cell.starts_with('0'),
            _ => cell.contains([',', '"', '\n', '\r']),
        };
        if quoted {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(cell);
        }
    }
    text.push_str(end);
}

/// A whole number of hundredths, `-0.92`.
pub fn hundredths(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", value.abs() / 100, value.abs() % 100)
}

/// A whole number of tenths, `8.2`.
pub fn tenths(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}.{}", value.abs() / 10, value.abs() % 10)
}

/// Tenths without a needless nought, as the absence tables print: `4`, `8.2`.
pub fn short_tenths(value: i64) -> String {
    let text = tenths(value);
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_print_as_publishers_print_them() {
        assert_eq!(hundredths(-92), "-0.92");
        assert_eq!(hundredths(-5), "-0.05");
        assert_eq!(hundredths(110), "1.10");
        assert_eq!(tenths(-54), "-5.4");
        assert_eq!(short_tenths(40), "4");
        assert_eq!(short_tenths(82), "8.2");
    }

    #[test]
    fn a_register_row_quotes_text_and_codes_and_not_numbers() {
        let mut sheet = Sheet::new("URN\nName\nCode\n");
        sheet.row(RowIs::School, "").set("URN", 900_001).set("Name", "St Orwin’s, Saltren").set("Code", "02");
        let written = sheet.write(Style::Register);
        assert_eq!(written.bytes, b"\"URN\",\"Name\",\"Code\"\r\n900001,\"St Orwin\x92s, Saltren\",\"02\"\r\n");
        assert_eq!(written.rows.schools, 1);
    }
}
