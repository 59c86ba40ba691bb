//! Workbooks: which sheet, and its rows.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::bytes::{Bytes, refuse};
use super::ready_rows::ReadyRows;
use super::{DecodeSpec, Limits, Table, header, ods, xlsx};
use crate::faults::Finding;

pub(super) enum Kind {
    /// The whole archive, all parts of which unpack within the limits.
    Xlsx(Arc<[u8]>),
    /// Its `content.xml`.
    Ods(Bytes),
}

/// The sheets that were read, in the workbook's order, up to and with the one that has the header.
pub(super) struct Sheets {
    pub names: Vec<String>,
    pub found: Option<(String, ReadyRows, usize)>,
}

/// Opens the sheet asked for, or the first that has the header.
pub(super) fn open(kind: Kind, spec: &DecodeSpec, limits: &Limits) -> Result<Table, Finding> {
    let (encoding, sheets) = match kind {
        Kind::Xlsx(file) => ("xlsx", guarded(|| xlsx::read(&file, spec, limits))?),
        Kind::Ods(content) => ("ods", guarded(|| ods::read(content, spec, limits))?),
    };
    match sheets.found {
        Some((name, rows, header)) => Table::of_rows(rows, header, Some(name), encoding),
        None => {
            let what = match &spec.sheet {
                Some(sheet) => format!("there is no sheet `{sheet}` with the columns wanted; check `sheet` in the manifest"),
                None => {
                    return Err(header::missing(
                        spec,
                        (!sheets.names.is_empty()).then(|| csv::StringRecord::from(sheets.names)).as_ref(),
                    ));
                }
            };
            Err(refuse("missing-sheet", what).reading(&sheets.names.join(", ")))
        }
    }
}

/// Whether the sheet is one to look at.
pub(super) fn wanted(name: &str, spec: &DecodeSpec) -> bool {
    spec.sheet.as_ref().is_none_or(|sheet| sheet.trim().eq_ignore_ascii_case(name.trim()))
}

pub(super) fn damaged(error: impl std::fmt::Display) -> Finding {
    refuse("damaged-file", format!("the workbook cannot be read ({error}); fetch it again or save it as CSV"))
}

/// The library that reads workbooks has been seen to panic on damaged ones.
fn guarded<T>(read: impl FnOnce() -> Result<T, Finding>) -> Result<T, Finding> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(damaged("its reader gave up")))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

    use super::super::tests::zip;
    use super::super::{Row, open};
    use super::*;

    type Sheet = (Table, Vec<(u32, String)>);

    fn read(bytes: &[u8], spec: &DecodeSpec) -> Result<Sheet, Finding> {
        let limits = Limits { bytes: 16 << 20, ..Limits::default() };
        let mut table = open(Box::new(Cursor::new(bytes.to_vec())), spec, limits)?;
        let (mut row, mut rows) = (Row::default(), Vec::new());
        while table.next(&mut row)? {
            rows.push((row.number, row.cells.iter().collect::<Vec<_>>().join("|")));
        }
        Ok((table, rows))
    }

    fn has(name: &str) -> DecodeSpec {
        DecodeSpec { header_has: vec![name.to_owned()], ..DecodeSpec::default() }
    }

    fn xlsx() -> Vec<u8> {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("Notes").unwrap().write(0, 0, "About these data").unwrap();
        let sheet = book.add_worksheet().set_name("Data").unwrap();
        sheet.write(0, 0, "Title").unwrap();
        for (column, name) in ["URN", "Share", "Score", "Opened", "Mark", "Open"].into_iter().enumerate() {
            sheet.write(2, column as u16, name).unwrap();
        }
        let day = ExcelDateTime::from_ymd(2026, 5, 6).unwrap();
        sheet.write(3, 0, 900_001).unwrap();
        sheet.write_with_format(3, 1, 0.72, &Format::new().set_num_format("0%")).unwrap();
        sheet.write(3, 2, 0.1 + 0.2).unwrap();
        sheet.write_with_format(3, 3, &day, &Format::new().set_num_format("dd/mm/yyyy")).unwrap();
        sheet.write(3, 4, "SUPP").unwrap();
        sheet.write(3, 5, true).unwrap();
        sheet.write(5, 0, "0900002").unwrap();
        sheet.write(5, 4, "NE").unwrap();
        book.save_to_buffer().unwrap()
    }

    #[test]
    fn an_xlsx_sheet_reads_as_it_would_from_csv() {
        let (table, rows) = read(&xlsx(), &has("urn")).unwrap();
        assert_eq!((table.header_row, table.member.as_deref(), table.encoding), (3, Some("Data"), "xlsx"));
        assert_eq!(rows, [(4, "900001|72%|0.3|2026-05-06|SUPP|TRUE".to_owned()), (6, "0900002||||NE".to_owned())]);
        let inside = zip(&[("wexcombe.xlsx", &xlsx())]);
        assert_eq!(read(&inside, &has("urn")).unwrap().0.member.as_deref(), Some("wexcombe.xlsx/Data"));
    }

    #[test]
    fn the_sheet_asked_for_must_be_there() {
        let spec = |sheet: &str| DecodeSpec { sheet: Some(sheet.to_owned()), ..has("URN") };
        assert_eq!(read(&xlsx(), &spec("data")).unwrap().1.len(), 2);
        for sheet in ["Notes", "Data 2"] {
            assert_eq!(read(&xlsx(), &spec(sheet)).map(|_| ()).unwrap_err().code, "missing-sheet");
        }
        assert_eq!(read(&xlsx(), &has("UKPRN")).map(|_| ()).unwrap_err().code, "missing-header");
    }

    fn ods(table: &str) -> Vec<u8> {
        let content = format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content><office:body><office:spreadsheet><table:table table:name="Data">{table}</table:table></office:spreadsheet></office:body></office:document-content>"#
        );
        let mime = b"application/vnd.oasis.opendocument.spreadsheet";
        zip(&[("mimetype", mime), ("content.xml", content.as_bytes()), ("META-INF/manifest.xml", b"<x/>")])
    }

    #[test]
    fn an_ods_sheet_reads_as_it_would_from_csv() {
        let bytes = ods(
            r#"<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>
            <table:table-row><table:table-cell office:value-type="string"><text:p>URN</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Name &amp; <text:span>place</text:span></text:p><office:annotation><text:p>see note</text:p></office:annotation></table:table-cell><table:table-cell/></table:table-row>
            <table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="900001"><text:p>900,001</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2"/><table:table-cell office:value-type="percentage" office:value="0.289"/><table:table-cell office:value-type="date" office:date-value="2026-05-06"/></table:table-row>
            <table:table-row><table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>a<text:s text:c="2"/>b</text:p><text:p>c</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16382"/></table:table-row>
            <table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#,
        );
        let (table, rows) = read(&bytes, &has("URN")).unwrap();
        assert_eq!((table.header, table.header_row), (vec!["URN".to_owned(), "Name & place".to_owned()], 3));
        let twice = "900001|||28.9%|2026-05-06".to_owned();
        assert_eq!(rows, [(4, twice.clone()), (5, twice), (6, "a  b\nc|a  b\nc".to_owned())]);
    }

    #[test]
    fn a_few_bytes_cannot_stand_for_a_million_cells() {
        let code = |table: &str| read(&ods(table), &DecodeSpec::default()).map(|_| ()).unwrap_err().code;
        let wide = r#"<table:table-row><table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/></table:table-row>"#;
        assert_eq!(code(wide), "too-many-columns");
        let long = r#"<table:table-row table:number-rows-repeated="4294967295"><table:table-cell table:number-columns-repeated="900" office:value-type="float" office:value="1"/></table:table-row>"#;
        assert_eq!(code(long), "decompression-limit");
        assert_eq!(code(r#"<table:table-row><table:table-cell office:value-type="string"><text:p>URN"#), "damaged-file");
    }

    /// A workbook with one sheet, written as given.
    fn sheet_xml(cells: &str) -> Vec<u8> {
        let relations = |kind: &str, target: &str| {
            format!(
                r#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>"#
            )
        };
        zip(&[
            ("_rels/.rels", relations("officeDocument", "xl/workbook.xml").as_bytes()),
            ("xl/workbook.xml", br#"<workbook><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#),
            ("xl/_rels/workbook.xml.rels", relations("worksheet", "worksheets/sheet1.xml").as_bytes()),
            ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{cells}</sheetData></worksheet>").as_bytes()),
        ])
    }

    #[test]
    fn a_panic_of_the_xlsx_reader_is_a_finding() {
        let read = |cells: &str| read(&sheet_xml(cells), &DecodeSpec::default());
        assert_eq!(read(r#"<row r="2"><c r="B2"><v>7</v></c></row>"#).unwrap().0.header, ["", "7"]);
        for cell in ["A99999999999", "AAAAAAAAAAAAAAA1", "1", "", "XFD1"] {
            let read = read(&format!(r#"<row r="1"><c r="{cell}"><v>7</v></c></row>"#));
            assert_eq!(read.map(|(table, _)| table.header).unwrap_err().class, crate::faults::Class::Refuse, "{cell}");
        }
    }

    #[test]
    fn damaged_workbooks_are_refused() {
        let good = xlsx();
        for cut in (0..good.len()).step_by(97) {
            let mut bytes = good.clone();
            bytes.truncate(cut);
            assert!(read(&bytes, &has("URN")).is_err());
        }
        let bad = zip(&[("xl/workbook.xml", b"<workbook><sheets><sheet name=\"a\"/></sheets></workbook>")]);
        assert!(read(&bad, &has("URN")).is_err());
    }
}
