//! Alerts: immutable news about a concern, each with its cause.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Urn;
use super::concern::ConcernState;
use super::evidence::Evidence;
use super::verdict::{Severity, Verdict};

/// What happened to the concern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    Raised,
    /// Still met, on other figures.
    Changed,
    /// Still met, more serious.
    Escalated,
    /// Still met, less serious.
    Eased,
    /// Met again after it had been resolved or withdrawn.
    Reopened,
    /// The evidence is gone.
    Unknown,
    /// A later period shows that it is no longer met.
    Resolved,
    /// We were told wrong, or the rule changed.
    Withdrawn,
    /// It goes on under the number of the school's only successor, or back under its own.
    Followed,
}

impl AlertKind {
    pub const ALL: [AlertKind; 9] = [
        AlertKind::Raised,
        AlertKind::Changed,
        AlertKind::Escalated,
        AlertKind::Eased,
        AlertKind::Reopened,
        AlertKind::Unknown,
        AlertKind::Resolved,
        AlertKind::Withdrawn,
        AlertKind::Followed,
    ];

    pub fn word(self) -> &'static str {
        match self {
            AlertKind::Raised => "raised",
            AlertKind::Changed => "changed",
            AlertKind::Escalated => "escalated",
            AlertKind::Eased => "eased",
            AlertKind::Reopened => "reopened",
            AlertKind::Unknown => "unknown",
            AlertKind::Resolved => "resolved",
            AlertKind::Withdrawn => "withdrawn",
            AlertKind::Followed => "followed",
        }
    }
}

impl fmt::Display for AlertKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Why there is news at all (invariant I3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The first release about its period, or a later day of a register.
    NewRelease,
    /// A later stage of a period already known: provisional → revised → final.
    Revision,
    /// Another version of the same stage.
    Correction,
    /// A rule, a measure or a manifest was edited: not news about the school.
    RuleChange,
    /// A predecessor or successor link appeared or went.
    SchoolLink,
    /// A person decided.
    Person,
}

impl Cause {
    pub fn word(self) -> &'static str {
        match self {
            Cause::NewRelease => "new_release",
            Cause::Revision => "revision",
            Cause::Correction => "correction",
            Cause::RuleChange => "rule_change",
            Cause::SchoolLink => "school_link",
            Cause::Person => "person",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One piece of news, before it gets its place in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    pub kind: AlertKind,
    pub cause: Cause,
    /// `<rule id>/<urn>`, where the number is that of the school for which it was raised.
    pub concern: String,
    pub rule: String,
    pub rule_version: u32,
    /// The school that it is about now: the one for which it was raised, or its successor.
    pub urn: Urn,
    /// The school whose figures were looked at, which may be one that it followed from.
    pub asked: Urn,
    /// State of the concern before (none if there was none) and after.
    pub before: Option<ConcernState>,
    pub after: ConcernState,
    pub verdict: Verdict,
    pub severity: Option<Severity>,
    pub about: String,
    pub because: Vec<String>,
    pub evidence: Evidence,
}
