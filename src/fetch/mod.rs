//! Bytes from a publisher to a file on disk.

pub mod spec;

pub use spec::FetchSpec;
