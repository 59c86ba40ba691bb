//! Settings, and the files that say what Headwater does: connectors, measures, rules.
//!
//! The files in force are one bundle with one hash. Every act names the bundle it was done under,
//! and the bundle itself is kept in the raw store, so that any alert can be computed again under
//! the very rules that led to it.

pub mod bundle;
pub mod embedded;
pub mod settings;

pub use bundle::Bundle;
pub use settings::Settings;
