//! Connectors: what a source is, as a file (invariant I11).
//!
//! `connectors/*.toml` say where a publisher's files are found, how their layouts of all years are
//! told apart, and which column is which measure of `config/measures.toml`. They are read and
//! checked here, all of them before anything runs, and every fault is told at once.

mod check;
pub mod embedded;
pub mod manifest;
pub mod registry;
pub mod schema;

pub use manifest::{Cadence, Column, Coverage, GateSpec, Layout, Manifest, Person, RowRule, Shape, SubjectKind};
pub use registry::{Registry, load_measures, toml_files};
pub use schema::manifest_schema;
