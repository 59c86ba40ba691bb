//! Of `connector` only the manifest.

#[path = "../../src/connector/manifest.rs"]
pub mod manifest;

pub use manifest::Manifest;
