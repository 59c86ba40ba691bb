//! Writers of the official file layouts.
//!
//! The header names are those of the published files (`headers/`); so are encodings, line ends,
//! markers and the rows that are not schools. Each writer counts what it writes, so that the
//! pipeline's own counts can be held against something.

pub mod absence;
pub mod ees_ks4;
pub mod gias;
pub mod group_links;
pub mod groups;
pub mod ks2;
pub mod ks4;
pub mod links;
pub mod ofsted;
pub mod sheet;

pub use sheet::{Rows, Written};
