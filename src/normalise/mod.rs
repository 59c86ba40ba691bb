//! Rows in, records out: what each row is about, and what each of its cells says.
//!
//! 1. [`bind()`] finds the layout of a header and where each measure stands, by name and never by
//!    position; a header with columns about persons is refused before any row is looked at.
//! 2. [`read()`] takes the rows one by one. A row is the figure of an area, or skipped for a stated
//!    reason, or a school's; a cell is a figure, a name, a date or the reason why there is none.
//!    A person's name is neither: what is kept of it is a fingerprint.
//! 3. A row that cannot be trusted in any of its cells is set aside whole, with row, column and
//!    token. Rows read = accepted + set aside + skipped, always.
//!
//! Nothing here reads a clock or a file of its own.

pub mod bind;
mod cells;
mod columns;
mod dates;
mod duplicates;
mod hash;
mod kept;
mod person;
mod personal;
mod ragged;
pub mod read;
mod rows;
mod stats;
mod tidy;
mod wide;

#[cfg(test)]
mod tests;

pub use bind::{Binding, bind, bind_after};
pub use person::VACANT;
pub use personal::check as personal_columns;
pub use read::{Content, Known, Read, Record, SetAside, read, read_rows};
