//! Bytes from the store: damage shows as cells that end early, and never as a panic.
#![no_main]

use headwater_fuzz::model::Body;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let body = Body::from_bytes(bytes.to_vec());
    let read: usize = body.cells().map(|cell| cell.raw.len() + 4).sum();
    assert!(read <= bytes.len(), "cells are made of the bytes that are there");
    for cell in body.cells() {
        let _ = body.cell(cell.measure);
    }
});
