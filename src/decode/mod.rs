//! Bytes in, rows out.

pub mod spec;
pub mod table;

pub use spec::{DecodeSpec, Limits};
pub use table::{Row, Table, open};
