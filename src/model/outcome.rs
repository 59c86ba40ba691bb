//! The answer of one rule about one school: met, not met, or unknown because.

use super::evidence::Evidence;
use super::verdict::{Severity, Verdict};
use super::{Slot, Urn};

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
