//! Of `fetch` only what a manifest says of it.

#[path = "../../src/fetch/spec.rs"]
pub mod spec;

pub use spec::FetchSpec;
