//! One school's figures in one data set, as compact bytes.
//!
//! A history of ten years and ten data sets holds tens of millions of figures, nearly all of
//! which are never looked at again. So a record is a short run of bytes, made in one pass over a
//! row, compared and stored as it is, and read cell by cell when a rule asks.
//!
//! Layout, for each cell in ascending measure code: code (u16, little endian) · tag (u8) ·
//! row offset (varint, only if the tag's high bit is set) · payload. The payload is one
//! length-prefixed string, the raw token, from which a number is read again each time; text that
//! was recoded and dates carry what they mean before it.

use jiff::civil::Date;

use super::value::{Missing, Value};
use super::{MeasureCode, number};

const NUMBER: u8 = 0;
const TEXT: u8 = 1;
const RECODED: u8 = 2;
const DATE: u8 = 3;
const MISSING: u8 = 32;
const OTHER_ROW: u8 = 0x80;

/// The cells of one record. Two bodies are equal when they say the same, raw tokens included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body(Vec<u8>);

/// One figure with the token it was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell<'a> {
    pub measure: MeasureCode,
    pub value: Value,
    pub raw: &'a str,
    /// How many rows below the record's row the cell stands: 0 unless the layout is tidy.
    pub row_offset: u32,
}

/// What is to be written for one cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Entry<'a> {
    /// The token must be one that [`number::parse`] reads.
    Number,
    Text,
    Recoded(&'a str),
    Date(Date),
    Missing(Missing),
}

impl Body {
    /// Bytes from the store. Damage shows as cells that end early, never as a panic.
    pub fn from_bytes(bytes: Vec<u8>) -> Body {
        Body(bytes)
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends a cell; measures must come in ascending order of their codes.
    pub fn push(&mut self, measure: MeasureCode, row_offset: u32, entry: Entry<'_>, raw: &str) {
        self.0.extend_from_slice(&measure.0.to_le_bytes());
        let tag = match entry {
            Entry::Number => NUMBER,
            Entry::Text => TEXT,
            Entry::Recoded(_) => RECODED,
            Entry::Date(_) => DATE,
            Entry::Missing(why) => MISSING + why as u8,
        };
        if row_offset == 0 {
            self.0.push(tag);
        } else {
            self.0.push(tag | OTHER_ROW);
            put_varint(&mut self.0, row_offset);
        }
        match entry {
            Entry::Recoded(text) => put_str(&mut self.0, text),
            Entry::Date(date) => {
                self.0.extend_from_slice(&date.year().to_le_bytes());
                self.0.extend_from_slice(&[date.month() as u8, date.day() as u8]);
            }
            _ => {}
        }
        put_str(&mut self.0, raw);
    }

    pub fn cells(&self) -> Cells<'_> {
        Cells { rest: &self.0 }
    }

    /// The cell of one measure, if the record has it. The cells before it are passed over
    /// without being read.
    pub fn cell(&self, measure: MeasureCode) -> Option<Cell<'_>> {
        let mut cells = self.cells();
        while cells.peek()? < measure {
            cells.skip_one()?;
        }
        cells.next().filter(|cell| cell.measure == measure)
    }

    /// The cells of a few measures in one pass, without reading the others.
    pub fn cells_of<const N: usize>(&self, wanted: [Option<MeasureCode>; N]) -> [Option<Cell<'_>>; N] {
        let mut found = [const { None }; N];
        let last = wanted.iter().flatten().max();
        let mut cells = self.cells();
        while let Some(code) = cells.peek().filter(|code| Some(code) <= last) {
            match wanted.iter().position(|wanted| *wanted == Some(code)) {
                Some(place) => match cells.next() {
                    Some(cell) => found[place] = Some(cell),
                    None => break,
                },
                None if cells.skip_one().is_none() => break,
                None => {}
            }
        }
        found
    }

    /// The tokens of a few measures in one pass, without reading the others. A figure that is
    /// missing has none.
    pub fn tokens<const N: usize>(&self, wanted: [Option<MeasureCode>; N]) -> [Option<&str>; N] {
        let mut found = [None; N];
        let last = wanted.iter().flatten().max();
        let mut cells = self.cells();
        while let Some(code) = cells.peek().filter(|code| Some(code) <= last) {
            match wanted.iter().position(|wanted| *wanted == Some(code)) {
                None => {
                    if cells.skip_one().is_none() {
                        break;
                    }
                }
                Some(place) => {
                    let Some(cell) = cells.next() else { break };
                    found[place] = (!matches!(cell.value, Value::Missing(_))).then_some(cell.raw);
                }
            }
        }
        found
    }
}

/// Reads a body from front to back.
#[derive(Debug, Clone)]
pub struct Cells<'a> {
    rest: &'a [u8],
}

impl Cells<'_> {
    fn peek(&self) -> Option<MeasureCode> {
        Some(MeasureCode(u16::from_le_bytes(self.rest.get(..2)?.try_into().ok()?)))
    }

    fn skip_one(&mut self) -> Option<()> {
        let mut rest = self.rest;
        take(&mut rest, 2)?;
        let tag = take(&mut rest, 1)?[0];
        if tag & OTHER_ROW != 0 {
            take_varint(&mut rest)?;
        }
        match tag & !OTHER_ROW {
            RECODED => {
                let length = take_varint(&mut rest)?;
                take(&mut rest, length as usize)?;
            }
            DATE => {
                take(&mut rest, 4)?;
            }
            _ => {}
        }
        let length = take_varint(&mut rest)?;
        take(&mut rest, length as usize)?;
        self.rest = rest;
        Some(())
    }
}

impl<'a> Iterator for Cells<'a> {
    type Item = Cell<'a>;

    fn next(&mut self) -> Option<Cell<'a>> {
        let mut rest = self.rest;
        let measure = MeasureCode(u16::from_le_bytes(take(&mut rest, 2)?.try_into().ok()?));
        let tag = take(&mut rest, 1)?[0];
        let row_offset = if tag & OTHER_ROW == 0 { 0 } else { take_varint(&mut rest)? };
        let value = match tag & !OTHER_ROW {
            NUMBER => None,
            TEXT => None,
            RECODED => Some(Value::Text(take_str(&mut rest)?.to_owned())),
            DATE => {
                let bytes = take(&mut rest, 4)?;
                let year = i16::from_le_bytes([bytes[0], bytes[1]]);
                Some(Value::Date(Date::new(year, bytes[2] as i8, bytes[3] as i8).ok()?))
            }
            missing => Some(Value::Missing(Missing::from_tag(missing.checked_sub(MISSING)?)?)),
        };
        let raw = take_str(&mut rest)?;
        let value = match value {
            Some(value) => value,
            None if tag & !OTHER_ROW == NUMBER => Value::Number(number::parse(raw)?),
            None => Value::Text(raw.to_owned()),
        };
        self.rest = rest;
        Some(Cell { measure, value, raw, row_offset })
    }
}

fn put_varint(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn put_str(out: &mut Vec<u8>, text: &str) {
    put_varint(out, text.len() as u32);
    out.extend_from_slice(text.as_bytes());
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}

fn take_varint(rest: &mut &[u8]) -> Option<u32> {
    let mut number = 0u32;
    for shift in (0..32).step_by(7) {
        let byte = take(rest, 1)?[0];
        number |= u32::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn take_str<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let length = take_varint(rest)? as usize;
    std::str::from_utf8(take(rest, length)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cells_come_back_as_they_were_put() {
        let mut body = Body::default();
        body.push(MeasureCode(1), 0, Entry::Number, "43%");
        body.push(MeasureCode(2), 0, Entry::Missing(Missing::Suppressed), "SUPP");
        body.push(MeasureCode(700), 300, Entry::Recoded("well-below"), "5");
        body.push(MeasureCode(701), 0, Entry::Date(jiff::civil::date(2026, 5, 6)), "06/05/2026");
        let cells: Vec<_> = body.cells().collect();
        assert_eq!(cells.len(), 4);
        assert_eq!(cells[0].value, Value::Number(43.into()));
        assert_eq!(cells[0].raw, "43%");
        assert_eq!(cells[1].value, Value::Missing(Missing::Suppressed));
        assert_eq!((cells[2].value.clone(), cells[2].row_offset), (Value::Text("well-below".into()), 300));
        assert_eq!(body.cell(MeasureCode(701)).unwrap().raw, "06/05/2026");
        assert_eq!(body.cell(MeasureCode(3)), None);
    }

    proptest! {
        #[test]
        fn damaged_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Body::from_bytes(bytes).cells().count();
        }

        /// Passing over cells finds the same as reading them.
        #[test]
        fn one_cell_is_found_as_in_the_whole(raws in proptest::collection::vec(("[a-z0-9]{0,9}", 0u32..400), 0..12)) {
            let mut body = Body::default();
            for (code, (raw, offset)) in (0u16..).zip(&raws) {
                let entry = match code % 4 {
                    0 => Entry::Text,
                    1 => Entry::Recoded("well-below"),
                    2 => Entry::Date(jiff::civil::date(2026, 5, 6)),
                    _ => Entry::Missing(Missing::Suppressed),
                };
                body.push(MeasureCode(code * 3), *offset, entry, raw);
            }
            for code in 0..40 {
                let read = body.cells().find(|cell| cell.measure == MeasureCode(code));
                prop_assert_eq!(body.cell(MeasureCode(code)), read);
            }
        }

        #[test]
        fn tokens_are_those_of_the_cells(raws in proptest::collection::vec("[a-z0-9]{0,9}", 0..12)) {
            let mut body = Body::default();
            for (code, raw) in (0u16..).zip(&raws) {
                let entry = if code % 3 == 1 { Entry::Missing(Missing::Suppressed) } else { Entry::Text };
                body.push(MeasureCode(code * 2), 0, entry, raw);
            }
            let codes = [9u16, 4, 2, 30].map(|code| Some(MeasureCode(code)));
            let expected = codes.map(|code| {
                body.cell(code.unwrap()).filter(|cell| !matches!(cell.value, Value::Missing(_))).map(|cell| cell.raw)
            });
            prop_assert_eq!(body.tokens(codes), expected);
            prop_assert_eq!(body.cells_of(codes), codes.map(|code| body.cell(code.unwrap())));
        }

        #[test]
        fn any_text_comes_back(raw in ".{0,200}", offset in any::<u32>()) {
            let mut body = Body::default();
            body.push(MeasureCode(9), offset, Entry::Text, &raw);
            let cell = body.cell(MeasureCode(9)).unwrap();
            prop_assert_eq!(cell.raw, raw.as_str());
            prop_assert_eq!(cell.row_offset, offset);
        }
    }
}
