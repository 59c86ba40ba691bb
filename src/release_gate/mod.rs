//! May this release change anything? (Invariant I8.)
//!
//! A file can be well formed and still be wrong: half of the schools gone, last year's figures
//! under this year's name, two columns exchanged. Each check looks at the release from afar, some
//! of them beside the release before, and says what it expected, what it found and what a person
//! can do. Nothing becomes current until all of them are silent or a person has accepted it.

pub mod judge;
pub mod shape;

mod changed;
mod closed;
mod keys;
mod missing;
mod ordered;
mod other_period;
mod quarantine;
mod rows;
mod scale;
mod shift;
mod stale;

#[cfg(test)]
mod tests;

pub use changed::Changed;
pub use judge::{Before, Incoming, Judgement, judge};
pub use shape::Shape;
