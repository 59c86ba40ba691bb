//! Bytes in, rows out.
//!
//! A publisher's file is opened by what its first bytes say, never by its name: CSV, XLSX, ODS or
//! JSON, each plain, gzipped or in a zip archive ([`open`]). Whatever it was, it comes out as one
//! header and rows of text cells, numbered as a spreadsheet numbers them ([`Table`]).
//!
//! CSV is streamed in constant memory; workbooks and JSON are read whole, within [`Limits`]. Text
//! is UTF-8, UTF-16 or, cell by cell, Windows-1252. Nothing here knows what a column means,
//! and nothing a file can hold makes it panic or grow beyond the limits: what cannot be read is a
//! [`Finding`](crate::faults::Finding) that refuses the file or sets the row aside.

mod archive;
mod bytes;
mod cell_text;
mod csv_quick;
mod csv_rows;
mod csv_scan;
mod header;
mod json;
mod ods;
mod ready_rows;
pub mod spec;
pub mod table;
#[cfg(test)]
mod tests;
mod text_encoding;
mod workbook;
mod xlsx;

pub use spec::{DecodeSpec, Limits};
pub use table::{Row, Table, open};
