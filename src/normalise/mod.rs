//! placeholder until part D lands
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    pub read: u32,
    pub accepted: u32,
    pub quarantined: u32,
    pub skipped: BTreeMap<String, u32>,
}
pub struct SetAside {
    pub finding: crate::faults::Finding,
    pub cells: Vec<String>,
}
