//! The account of the rows of a file (invariant I7).

use std::collections::BTreeMap;

/// `read` = `accepted` + `quarantined` + all of `skipped`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counts {
    pub read: u32,
    pub accepted: u32,
    pub quarantined: u32,
    /// By reason.
    pub skipped: BTreeMap<String, u32>,
}

impl Counts {
    pub fn reconciles(&self) -> bool {
        let skipped: u64 = self.skipped.values().map(|n| u64::from(*n)).sum();
        u64::from(self.read) == u64::from(self.accepted) + u64::from(self.quarantined) + skipped
    }
}
