//! CSV: whatever the `csv` crate reads in a file without loose quotes is what we read.
#![no_main]

use headwater_fuzz::decode::{DecodeSpec, Limits, Row, open};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let named = DecodeSpec { header_has: vec!["URN".to_owned()], ..DecodeSpec::default() };
    headwater_fuzz::read_all(bytes.to_vec(), &named);

    // After a fixed header nothing else can be taken for one, nor for another format.
    let file = [b"URN,Name\n", bytes].concat();
    headwater_fuzz::read_all(file.clone(), &named);
    if !file.is_ascii() || bytes.contains(&b'\r') || bytes.contains(&0) {
        return;
    }
    let Ok(mut table) = open(Box::new(std::io::Cursor::new(file.clone())), &named, Limits::default()) else { return };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file.as_slice());
    let mut theirs = reader.byte_records().filter_map(|record| record.ok()).filter(|record| !record.as_slice().is_empty());
    let mut row = Row::default();
    loop {
        match table.next(&mut row) {
            Ok(true) => assert_eq!(Some(row.cells.as_byte_record()), theirs.next().as_ref()),
            Ok(false) => break assert_eq!(None, theirs.next()),
            Err(_) => break,
        }
    }
});
