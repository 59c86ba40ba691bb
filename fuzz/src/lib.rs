//! The pure modules that the fuzz targets feed, compiled from their own files: a fuzz build
//! takes two minutes of one core, where the whole daemon with instruments would take many more.

#![allow(dead_code, reason = "the targets use a part of what the modules offer")]

#[path = "../../src/decode/mod.rs"]
pub mod decode;
#[path = "../../src/faults.rs"]
pub mod faults;
#[path = "../../src/model/mod.rs"]
pub mod model;

pub mod connector;
pub mod fetch;

use std::io::Cursor;

/// Reads a file to its end; finding anything is fine, panicking or going over a limit is not.
pub fn read_all(bytes: Vec<u8>, spec: &decode::DecodeSpec) {
    let limits = decode::Limits { bytes: 8 << 20, ratio: 100, columns: 200, cell: 4 << 10, rows: 20_000 };
    let Ok(mut table) = decode::open(Box::new(Cursor::new(bytes)), spec, limits) else { return };
    assert!(table.header.len() <= limits.columns);
    let (mut row, mut before) = (decode::Row::default(), table.header_row);
    while let Ok(true) = table.next(&mut row) {
        assert!(row.number > before && row.number <= limits.rows, "rows are numbered upwards");
        assert!(row.cells.len() <= limits.columns);
        assert!(row.fault.is_some() || !row.cells.as_slice().contains('\0'));
        before = row.number;
    }
}
