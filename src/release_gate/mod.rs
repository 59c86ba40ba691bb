//! May this release change anything? (Invariant I8.)

pub mod shape;

pub use shape::Shape;
