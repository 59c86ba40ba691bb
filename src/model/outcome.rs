//! The answer of one rule about one school: met, not met, or unknown because.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::evidence::Evidence;
use super::{Slot, Urn};

/// Three-valued, after Kleene: unknown is an answer of its own and never turns into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    NotMet,
    Unknown,
    Met,
}

impl Verdict {
    pub fn and(self, other: Verdict) -> Verdict {
        self.min(other)
    }

    pub fn or(self, other: Verdict) -> Verdict {
        self.max(other)
    }

    pub fn negate(self) -> Verdict {
        match self {
            Verdict::Met => Verdict::NotMet,
            Verdict::NotMet => Verdict::Met,
            Verdict::Unknown => Verdict::Unknown,
        }
    }
}

impl From<bool> for Verdict {
    fn from(met: bool) -> Verdict {
        if met { Verdict::Met } else { Verdict::NotMet }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::Met => "met",
            Verdict::NotMet => "not met",
            Verdict::Unknown => "unknown",
        })
    }
}

/// How serious a met rule is; never part of a concern's identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    Notice,
    Warning,
    Serious,
    Critical,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Notice => "notice",
            Severity::Warning => "warning",
            Severity::Serious => "serious",
            Severity::Critical => "critical",
        })
    }
}

/// What one version of one rule says about one school on the figures known.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub rule: String,
    pub rule_version: u32,
    pub urn: Urn,
    /// The period the rule was asked about.
    pub slot: Slot,
    /// What the outcome is about, and the same for two outcomes about the same thing: the
    /// academic year, or for inspections the date of the inspection that the answer rests on.
    /// Ordered: a later subject compares greater. ISO date or `2016/17`.
    pub about: String,
    pub verdict: Verdict,
    /// The rule does not speak about this school: too few pupils, another phase. The verdict is
    /// then `not_met`, and a concern that is open becomes unknown, not resolved.
    pub out_of_scope: bool,
    /// Set when the verdict is met.
    pub severity: Option<Severity>,
    /// Why, in words, most telling first; for unknown what is missing.
    pub because: Vec<String>,
    pub evidence: Evidence,
}
