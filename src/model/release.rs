//! Releases: the unit in which published figures change.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Period;

/// How settled the publisher says the figures are. Performance tables go through provisional,
/// revised and final; a register is as at a day. Later stages supersede earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    AsAt,
    Provisional,
    Revised,
    Final,
}

/// Number of a release in one data folder, in the order in which they were committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ReleaseNo(pub i64);

/// One publication of one data set for one period at one stage, as the store knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleaseInfo {
    pub no: ReleaseNo,
    /// Connector id, for example `ks4-performance`.
    pub source: String,
    /// Data set that it feeds, for example `ks4`.
    pub dataset: String,
    pub period: Period,
    pub stage: Stage,
    /// Counts from one for each (data set, period, stage).
    pub version: u32,
    /// Whether the file says nothing about who is not in it, by its manifest.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// The day on which it was published, as far as known: the day on which the public knew.
    pub published: Date,
    /// SHA-256 of the raw bytes, lower-case hexadecimal.
    pub file: String,
    /// Name of the file as it came, for people.
    pub file_name: String,
    /// Which layout block of the manifest was used.
    pub layout: String,
    /// Measure id → column header that it was read from. A tidy layout names the value column.
    pub columns: BTreeMap<String, String>,
}

impl ReleaseInfo {
    /// `ks4 2016/17 final v1`, as people say it.
    pub fn name(&self) -> String {
        format!("{} {} {} v{}", self.dataset, self.period, self.stage, self.version)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stage::AsAt => "as-at",
            Stage::Provisional => "provisional",
            Stage::Revised => "revised",
            Stage::Final => "final",
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a stage: write provisional, revised, final or as-at")]
pub struct NotAStage(String);

impl FromStr for Stage {
    type Err = NotAStage;
    fn from_str(text: &str) -> Result<Self, NotAStage> {
        match text.trim().to_ascii_lowercase().as_str() {
            "as-at" => Ok(Stage::AsAt),
            "provisional" => Ok(Stage::Provisional),
            "revised" => Ok(Stage::Revised),
            "final" => Ok(Stage::Final),
            other => Err(NotAStage(other.chars().take(40).collect())),
        }
    }
}
