//! Small files of every kind through [`open`], as the pipeline sees them.

use std::io::{Cursor, Write};

use proptest::prelude::*;

use super::*;
use crate::faults::{Class, Finding};

type Read = (Table, Vec<(u32, String, Option<String>)>);

fn read(bytes: &[u8], spec: &DecodeSpec) -> Result<Read, Finding> {
    let mut table = open(Box::new(Cursor::new(bytes.to_vec())), spec, Limits::default())?;
    let (mut row, mut rows) = (Row::default(), Vec::new());
    while table.next(&mut row)? {
        let fault = row.fault.take().map(|fault| format!("{}@{}", fault.code, fault.column.unwrap_or_default()));
        rows.push((row.number, row.cells.iter().collect::<Vec<_>>().join("|"), fault));
    }
    Ok((table, rows))
}

fn has(names: &[&str]) -> DecodeSpec {
    DecodeSpec { header_has: names.iter().map(|name| (*name).to_owned()).collect(), ..DecodeSpec::default() }
}

fn refused(bytes: &[u8], spec: &DecodeSpec) -> (Class, String) {
    match read(bytes, spec) {
        Ok((table, rows)) => panic!("it was read: {:?} {rows:?}", table.header),
        Err(finding) => (finding.class, finding.code),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

pub(super) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

const PLAIN: &[u8] = b"URN,Name\r\n900001,Wexcombe Infants\r\n\r\n900002\r\n";

#[test]
fn the_same_table_comes_out_of_every_packing() {
    let packed = [
        PLAIN.to_vec(),
        [b"\xef\xbb\xbf", PLAIN].concat(),
        gzip(PLAIN),
        zip(&[("extract/", b""), ("extract/wexcombe.csv", PLAIN), ("__MACOSX/._wexcombe.csv", b"x")]),
        zip(&[("wexcombe.csv", PLAIN), ("readme.md", b"about")]),
        gzip(&zip(&[("wexcombe.csv.gz", &gzip(PLAIN))])),
    ];
    for bytes in packed {
        let (table, rows) = read(&bytes, &DecodeSpec::default()).unwrap();
        assert_eq!((table.header, table.header_row, table.encoding), (vec!["URN".to_owned(), "Name".to_owned()], 1, "utf-8"));
        assert_eq!(rows, [(2, "900001|Wexcombe Infants".to_owned(), None), (4, "900002".to_owned(), None)]);
        assert_eq!(table.tail_fault, None);
    }
}

#[test]
fn the_header_may_stand_below_a_title() {
    let bytes = b"Management information, as at 31 May\n\n urn ,Name\n900001,x\n";
    let (table, rows) = read(bytes, &has(&["URN"])).unwrap();
    assert_eq!((table.header, table.header_row), (vec!["urn".to_owned(), "Name".to_owned()], 3));
    assert_eq!(rows, [(4, "900001|x".to_owned(), None)]);
    let late = "title\n".repeat(20) + "URN\n";
    assert_eq!(refused(late.as_bytes(), &has(&["URN"])), (Class::Refuse, "missing-header".to_owned()));
}

#[test]
fn encodings_are_told_by_what_is_there() {
    let (table, rows) = read(b"\xef\xbb\xbfURN,Name\n900001,St Mary\x92s\n900002,Caf\xc3\xa9\n", &has(&["URN"])).unwrap();
    assert_eq!(table.encoding, "windows-1252");
    assert_eq!((rows[0].1.as_str(), rows[1].1.as_str()), ("900001|St Mary’s", "900002|Café"));
    let wide: Vec<u8> = "\u{feff}URN\tName\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(refused(&wide, &has(&["URN"])).1, "wrong-delimiter");
    let wide: Vec<u8> = "\u{feff}URN,Name\n900001,Tŷ\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let (table, rows) = read(&wide, &has(&["URN"])).unwrap();
    assert_eq!((table.encoding, rows[0].1.as_str()), ("utf-16be", "900001|Tŷ"));
}

#[test]
fn damaged_text_sets_its_row_aside() {
    let bytes = "URN,Name\n900001,a\u{fffd}\n9000\0,b\n900003,c\u{81}\n900004,d\n900005,eï¿½f\n";
    let (_, rows) = read(bytes.as_bytes(), &has(&["URN"])).unwrap();
    let faults: Vec<Option<&str>> = rows.iter().map(|(_, _, fault)| fault.as_deref()).collect();
    let lost = Some("replacement-character@Name");
    assert_eq!(faults, [lost, Some("nul-byte@URN"), Some("control-character@Name"), None, lost]);
}

/// What is refused before a column is known may hold names: a first row is shown only if it can be a header.
#[test]
fn a_refusal_shows_nothing_that_may_be_data() {
    let raw = |bytes: &[u8]| read(bytes, &has(&["URN"])).err().unwrap().raw;
    assert_eq!(raw(b"Code,Label\n1,x\n").as_deref(), Some("Code,Label"));
    assert_eq!(raw(b"1,Xaviorel Quendrith\n2,x\n"), None);
    assert_eq!(raw(b"URN,Name\n1,\"Xaviorel\n2,x\n"), None);
    assert_eq!(raw(br#"{"person":"Xaviorel"}"#), None);
}

#[test]
fn files_that_are_no_release_are_refused() {
    let traversal = zip(&[("../../wexcombe.csv", PLAIN)]);
    let several = zip(&[("a.csv", PLAIN), ("b.csv", PLAIN)]);
    let mut cut = zip(&[("a.csv", PLAIN)]);
    cut.truncate(cut.len() - 30);
    let mut flipped = zip(&[("a.csv", &PLAIN.repeat(3))]);
    flipped[60] ^= 0x55;
    let deep = (0..5).fold(PLAIN.to_vec(), |inner, _| gzip(&inner));
    let swallowed = "URN,Name,Type\n1,\"St Mary's,x\n2,\"Hill, Upper\",x\n";
    let gone = gzip(PLAIN);
    for (bytes, class, code) in [
        (&b""[..], Class::Refuse, "empty-file"),
        (b" \r\n\r\n", Class::Refuse, "empty-file"),
        (b"\xef\xbb\xbf  <!DOCTYPE html>", Class::Refuse, "html-page"),
        (b"URN;Name\n1;x\n", Class::Refuse, "wrong-delimiter"),
        (b"Code,Label\n1,x\n", Class::Refuse, "missing-header"),
        (b"URN,Name\n1,\"open\n2,x\n", Class::Refuse, "unterminated-quote"),
        (swallowed.as_bytes(), Class::Refuse, "unterminated-quote"),
        (&gone[..gone.len() - 12], Class::Refuse, "truncated-file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Class::Refuse, "unsupported-format"),
        (&traversal, Class::Refuse, "unsafe-path"),
        (&several, Class::Hold, "several-members"),
        (&cut, Class::Refuse, "truncated-file"),
        (&flipped, Class::Refuse, "damaged-file"),
        (&deep, Class::Refuse, "decompression-limit"),
    ] {
        assert_eq!(refused(bytes, &has(&["URN"])), (class, code.to_owned()), "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn the_member_is_chosen_by_its_pattern() {
    let bytes = zip(&[("x/Extract_2026.csv", PLAIN), ("x/notes.csv", b"a,b\n")]);
    let spec = |member: &str| DecodeSpec { member: Some(member.to_owned()), ..DecodeSpec::default() };
    assert_eq!(read(&bytes, &spec("extract_*.csv")).unwrap().0.member.as_deref(), Some("x/Extract_2026.csv"));
    assert_eq!(refused(&bytes, &spec("*.csv")), (Class::Hold, "several-members".to_owned()));
    assert_eq!(refused(&bytes, &spec("links*")), (Class::Refuse, "missing-member".to_owned()));
}

#[test]
fn a_last_row_cut_short_is_reported_and_a_ragged_file_is_not() {
    let tail = |bytes: &str| {
        read(bytes.as_bytes(), &has(&["URN"])).unwrap().0.tail_fault.map(|fault| (fault.class, fault.code, fault.row))
    };
    let cut = Some((Class::Hold, "truncated-row".to_owned(), Some(4)));
    assert_eq!(tail("URN,A,B\n1,x,y\n2,x,y\n3,x"), cut);
    // trailing empty cells dropped, here and in an earlier row
    assert_eq!(tail("URN,A,B\n1,x\n2,x,y\n3,x"), None);
    assert_eq!(tail("URN,A,B\n1,x,y\n2,x,y\n3,x\n"), None);
    // a column that no row fills
    assert_eq!(tail("URN,A,B\n1,x\n2,x\n3,x"), None);
    // one row tells nothing about the others
    assert_eq!(tail("URN,A,B\n1,x"), None);
}

proptest! {
    #[test]
    fn rows_written_are_rows_read(rows in proptest::collection::vec(proptest::collection::vec("[a-zé,\"\n ]{0,6}", 3), 0..8)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["URN", "A", "B"]).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let (_, got) = read(&writer.into_inner().unwrap(), &has(&["URN"])).unwrap();
        let wanted: Vec<(u32, String, Option<String>)> = rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.iter().any(|cell| !cell.is_empty()))
            .map(|(n, row)| (n as u32 + 2, row.join("|"), None))
            .collect();
        prop_assert_eq!(got, wanted);
    }

    #[test]
    fn no_bytes_make_it_panic(start in 0usize..8, rest in proptest::collection::vec(any::<u8>(), 0..400)) {
        let starts: [&[u8]; 8] = [b"", b"\x1f\x8b\x08\x00", b"PK\x03\x04", b"\xff\xfe", b"[{", b"a,b\n", b"\xef\xbb\xbf\"", b"{\"a\":"];
        let _ = read(&[starts[start], &rest].concat(), &DecodeSpec::default());
    }
}
