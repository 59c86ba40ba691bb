//! Concerns: the long-lived record of one rule met by one school.

use serde::{Deserialize, Serialize};

use super::Urn;
use super::verdict::Severity;

/// Where a concern stands. A concern is identified by rule and school; severity is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConcernState {
    /// The rule is met on the figures as now known.
    Open,
    /// It was met, and the evidence is gone: neither fine nor confirmed.
    Unknown,
    /// A later period shows that it is no longer met.
    Resolved,
    /// The figures it rested on were revised away, or the rule was changed: it was never so.
    Withdrawn,
}

/// The state of one concern, a projection of the alert log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concern {
    /// `<rule id>/<urn>`, stable for life.
    pub id: String,
    pub rule: String,
    pub rule_version: u32,
    /// The school that it is about now: the one in its id, or a successor that it followed.
    pub urn: Urn,
    pub state: ConcernState,
    /// Severity when it was last met.
    pub severity: Severity,
    /// What the last met or not-met outcome was about (see [`super::Outcome::about`]).
    pub about: String,
    /// Fingerprint of the evidence of the last alert, to tell whether anything changed.
    pub evidence: String,
    /// Sequence of the alert that raised it and of its last alert.
    pub raised: i64,
    pub last: i64,
}

impl Concern {
    pub fn id_of(rule: &str, urn: Urn) -> String {
        format!("{rule}/{urn}")
    }

    /// The school for which it was raised.
    pub fn origin(&self) -> Option<Urn> {
        self.id.rsplit_once('/').and_then(|(_, urn)| urn.parse().ok())
    }

    /// Neither resolved nor withdrawn.
    pub fn is_alive(&self) -> bool {
        matches!(self.state, ConcernState::Open | ConcernState::Unknown)
    }
}
