//! Reading the files: what a person wrote, checked against what there is, every fault at once.
//!
//! Each file is first read as it is written, with codes and days as texts, and then turned into
//! what the rest of the module asks. So a slip in one line does not hide those in the others.

mod alliance;
mod area;
mod indicators;
mod parts;
mod partnership;
mod told;

use crate::register::authority::Authorities;

use super::Alliances;
use told::Told;

/// What the files may refer to. What is none could not be read itself: it is then not asked, so
/// that its faults are not told a second time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    pub authorities: Option<&'a Authorities>,
    pub alliances: Option<&'a Alliances>,
    /// Values of the measure `gias.phase`.
    pub phases: Option<&'a [String]>,
}

/// The JSON Schemas of both files.
#[cfg(test)]
fn schemas() -> [serde_json::Value; 2] {
    [partnership::schema(), alliance::schema()]
}

#[cfg(test)]
pub(super) mod tests;
