//! The parts of a partnership: organisations, sub-areas, boards, and who works with which school.

use std::collections::BTreeSet;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::area::{Area, narrowed};
use super::day::{Span, When};
use super::place::{Holds, Place};
use crate::model::Urn;

/// An organisation in a partnership (catalogue LP-01).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    pub name: String,
    pub kind: MemberKind,
    /// Code of an authority (three digits), UID of a trust, id of an alliance or URN of a school.
    pub reference: Option<String>,
    /// What it does in the partnership, in its own words.
    pub role: Option<String>,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MemberKind {
    LocalAuthority,
    Trust,
    Alliance,
    Diocese,
    Provider,
    School,
    Other,
}

/// A part of a partnership's area with a team of its own (LP-02).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubArea {
    pub id: String,
    pub title: String,
    /// A role, never a person.
    pub lead: Option<String>,
    pub span: Span,
    pub area: Area,
}

/// A body that looks after schools (LP-03, LP-10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Board {
    pub id: String,
    pub title: String,
    /// A role, never a person.
    pub chair: String,
    pub remit: Remit,
    pub members: Vec<BoardSeat>,
    /// How often, in words: `monthly`.
    pub meets: Option<String>,
    pub span: Span,
}

/// Which schools of the partnership a board is about; what is empty narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Remit {
    pub phases: BTreeSet<String>,
    pub legal: BTreeSet<String>,
    /// Ids of sub-areas.
    pub sub_areas: BTreeSet<String>,
}

/// One or more seats on a board, by role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoardSeat {
    pub role: String,
    pub number: u32,
    /// Name of one of the partnership's organisations.
    pub organisation: Option<String>,
    pub span: Span,
}

/// That somebody works, or worked, with a school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Relationship {
    pub urn: Urn,
    pub kind: RelationshipKind,
    /// With whom, in words.
    pub with: Option<String>,
    pub when: When,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RelationshipKind {
    Adviser,
    Visit,
    Network,
    PeerReview,
    Deployment,
    /// Help by a trust or federation for a time (LP-07). It is never ownership: the school does not
    /// count among the schools of the trust that helps.
    ManagementPartnership,
}

impl SubArea {
    /// Whether the part holds a school that the partnership holds.
    pub fn holds(&self, place: &Place<'_>) -> Holds {
        self.area.holds(place)
    }
}

impl Board {
    /// Whether a school of the partnership is in the board's remit; `sub_area` says of an id
    /// whether that part holds the school.
    pub(super) fn holds(&self, place: &Place<'_>, sub_area: impl Fn(&str) -> Holds) -> Holds {
        let all = || Holds::Yes("the whole area".to_owned());
        let parts = match self.remit.sub_areas.is_empty() {
            true => all(),
            false => self.remit.sub_areas.iter().map(|id| sub_area(id)).fold(Holds::No, Holds::or),
        };
        parts.and(narrowed(&self.remit.phases, place.phase, "its phase")).and(narrowed(
            &self.remit.legal,
            place.legal,
            "its legal status",
        ))
    }
}

impl RelationshipKind {
    pub const ALL: [RelationshipKind; 6] = [
        RelationshipKind::Adviser,
        RelationshipKind::Visit,
        RelationshipKind::Network,
        RelationshipKind::PeerReview,
        RelationshipKind::Deployment,
        RelationshipKind::ManagementPartnership,
    ];

    pub fn word(self) -> &'static str {
        match self {
            RelationshipKind::Adviser => "adviser",
            RelationshipKind::Visit => "visit",
            RelationshipKind::Network => "network",
            RelationshipKind::PeerReview => "peer-review",
            RelationshipKind::Deployment => "deployment",
            RelationshipKind::ManagementPartnership => "management-partnership",
        }
    }

    /// Visits and reviews take place on a day; everything else goes on for a time.
    pub fn on_a_day(self) -> bool {
        matches!(self, RelationshipKind::Visit | RelationshipKind::PeerReview)
    }
}

impl fmt::Display for RelationshipKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
