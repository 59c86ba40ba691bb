//! Every other format, told by its first bytes. The first byte of the input picks a wrapping, so
//! that the reader of sheets and JSON is reached without having to guess a checksum.
#![no_main]

use std::io::{Cursor, Write};

use headwater_fuzz::decode::DecodeSpec;
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: forgive_calamine(), |bytes: &[u8]| {
    let Some((kind, body)) = bytes.split_first() else { return };
    let spec = DecodeSpec { records: (kind & 0x80 != 0).then(|| "/results".to_owned()), ..DecodeSpec::default() };
    let file = match kind & 0x7f {
        b'g' => gzip(body),
        b'z' => zip(&[("extract.csv", body)]),
        b'o' => zip(&[("content.xml", body), ("META-INF/manifest.xml", b"<m/>")]),
        b'x' => zip(&[
            ("[Content_Types].xml", b"<Types/>"),
            ("_rels/.rels", RELS),
            ("xl/workbook.xml", BOOK),
            ("xl/_rels/workbook.xml.rels", SHEETS),
            ("xl/worksheets/sheet1.xml", body),
        ]),
        _ => body.to_vec(),
    };
    headwater_fuzz::read_all(file, &spec);
});

/// The reader of XLSX panics on damaged sheets; the decoder catches that and refuses the file, so
/// here it must not end the run.
fn forgive_calamine() {
    let abort = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|place| place.file().contains("/calamine-")) {
            abort(panic);
        }
    }));
}

const RELS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &[u8] = br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const SHEETS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let _ = out.write_all(bytes);
    out.finish().unwrap_or_default()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let _ = out.start_file(*name, zip::write::SimpleFileOptions::default());
        let _ = out.write_all(bytes);
    }
    out.finish().map(Cursor::into_inner).unwrap_or_default()
}
