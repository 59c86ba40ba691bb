//! Connectors: what a source is, as a file (invariant I11).

pub mod manifest;

pub use manifest::{Cadence, Column, GateSpec, Layout, Manifest, RowRule, Shape, SubjectKind};
