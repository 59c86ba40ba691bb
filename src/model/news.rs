//! News that is not about a concern: what changed in the register, and supportive notices.
//!
//! The kinds are those of the field catalogue: membership changes (AL-15), new head and vacancy
//! (TS-07, AL-10), isolation and coverage gap (TS-08, LP-18, AL-11). None of them is a concern, none is counted as one.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What changed about who is who.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegisterKind {
    /// Opened since the extract before.
    Opened,
    /// In the register for the first time, though not opened since the extract before as far as known.
    Listed,
    ProposedToOpen,
    ProposedToClose,
    /// The proposal to close was dropped.
    StaysOpen,
    /// Closed, and no successor is known.
    Closed,
    /// Open again after the register had it as closed.
    OpenAgain,
    /// Closed, and goes on as an academy under another number.
    BecameAcademy,
    /// Closed, and goes on under another number, of which it is not known that it became an academy by it.
    Succeeded,
    /// Closed, and merged into one or more others.
    Merged,
    /// Closed, and split into several.
    Split,
    JoinedTrust,
    LeftTrust,
    MovedTrust,
    /// Joined a federation.
    Federated,
    LeftFederation,
    MovedFederation,
    /// Belongs to another local authority.
    AuthorityChanged,
    Renamed,
}

/// Supportive notices: for those who can help, never a concern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    NewHead,
    HeadVacancy,
    /// Every tracked tie to other schools is absent (TS-08).
    Isolated,
    NoLongerIsolated,
    /// Nobody is known to work with the school (LP-18).
    CoverageGap,
    Covered,
}

impl RegisterKind {
    pub const ALL: [RegisterKind; 19] = [
        RegisterKind::Opened,
        RegisterKind::Listed,
        RegisterKind::ProposedToOpen,
        RegisterKind::ProposedToClose,
        RegisterKind::StaysOpen,
        RegisterKind::Closed,
        RegisterKind::OpenAgain,
        RegisterKind::BecameAcademy,
        RegisterKind::Succeeded,
        RegisterKind::Merged,
        RegisterKind::Split,
        RegisterKind::JoinedTrust,
        RegisterKind::LeftTrust,
        RegisterKind::MovedTrust,
        RegisterKind::Federated,
        RegisterKind::LeftFederation,
        RegisterKind::MovedFederation,
        RegisterKind::AuthorityChanged,
        RegisterKind::Renamed,
    ];

    pub fn word(self) -> &'static str {
        match self {
            RegisterKind::Opened => "opened",
            RegisterKind::Listed => "listed",
            RegisterKind::ProposedToOpen => "proposed_to_open",
            RegisterKind::ProposedToClose => "proposed_to_close",
            RegisterKind::StaysOpen => "stays_open",
            RegisterKind::Closed => "closed",
            RegisterKind::OpenAgain => "open_again",
            RegisterKind::BecameAcademy => "became_academy",
            RegisterKind::Succeeded => "succeeded",
            RegisterKind::Merged => "merged",
            RegisterKind::Split => "split",
            RegisterKind::JoinedTrust => "joined_trust",
            RegisterKind::LeftTrust => "left_trust",
            RegisterKind::MovedTrust => "moved_trust",
            RegisterKind::Federated => "federated",
            RegisterKind::LeftFederation => "left_federation",
            RegisterKind::MovedFederation => "moved_federation",
            RegisterKind::AuthorityChanged => "authority_changed",
            RegisterKind::Renamed => "renamed",
        }
    }
}

impl NoticeKind {
    pub const ALL: [NoticeKind; 6] = [
        NoticeKind::NewHead,
        NoticeKind::HeadVacancy,
        NoticeKind::Isolated,
        NoticeKind::NoLongerIsolated,
        NoticeKind::CoverageGap,
        NoticeKind::Covered,
    ];

    pub fn word(self) -> &'static str {
        match self {
            NoticeKind::NewHead => "new_head",
            NoticeKind::HeadVacancy => "head_vacancy",
            NoticeKind::Isolated => "isolated",
            NoticeKind::NoLongerIsolated => "no_longer_isolated",
            NoticeKind::CoverageGap => "coverage_gap",
            NoticeKind::Covered => "covered",
        }
    }
}

impl fmt::Display for RegisterKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl fmt::Display for NoticeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
