//! Isolation and coverage: two supportive questions, each answered part by part.
//!
//! Isolated is a school without ties to others (catalogue TS-08); not covered is one with which
//! nobody works (LP-18). Both are made of parts that are always shown, and each part is yes, no or
//! unknown. A part is **tracked** if the partnership says that it would know: then nothing written
//! means that there is nothing. Of a part that is not tracked nothing written means nothing, and it
//! takes no part in the verdict.

mod coverage;
mod isolation;

use serde::Serialize;

pub use coverage::{Contact, Coverage, coverage_gap};
pub use isolation::{Isolation, Tie, isolated};

use super::answer::Answer;
use super::bodies::{Relationship, RelationshipKind};

/// What is known of a school's ties on a day. Nothing here is turned into a no.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ties<'a> {
    pub trust: TrustTie,
    /// Whether it is in a federation; none if that is not known.
    pub federation: Option<bool>,
    /// Number of pupils; none if it is not known.
    pub roll: Option<u32>,
    /// Titles of the alliances to which it belongs.
    pub alliances: Vec<&'a str>,
    /// All that is written about it, past ones included.
    pub relationships: Vec<&'a Relationship>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TrustTie {
    #[default]
    Unknown,
    /// In no trust.
    None,
    /// In a trust of so many open schools, itself included; none if that is not known.
    Of(Option<u32>),
}

/// A verdict and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Indicator {
    /// Yes: isolated, or not covered.
    pub verdict: Answer,
    /// All parts, those that are not tracked included.
    pub components: Vec<Component>,
}

/// One part: yes speaks against isolation, or for coverage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Component {
    /// `trust`, `peer-review`: as the file names it.
    pub component: &'static str,
    pub answer: Answer,
    /// In words, whatever the answer.
    pub because: String,
    /// Whether it takes part in the verdict.
    pub tracked: bool,
}

impl Indicator {
    /// Yes if every tracked part is no; no as soon as one is yes; else unknown.
    fn of(components: Vec<Component>) -> Indicator {
        let tracked = || components.iter().filter(|one| one.tracked);
        let verdict = match tracked().next() {
            None => Answer::Unknown,
            Some(_) => tracked().fold(Answer::Yes, |so_far, one| so_far.and(one.answer.negate())),
        };
        Indicator { verdict, components }
    }
}

/// Other schools in the same trust. A trust of one school is nobody else.
fn trust(ties: &Ties<'_>) -> (Answer, String) {
    match ties.trust {
        TrustTie::Unknown => (Answer::Unknown, "it is not known whether it is in a trust".into()),
        TrustTie::None => (Answer::No, "it is in no trust".into()),
        TrustTie::Of(None) => (Answer::Unknown, "it is in a trust, and how many schools that has is not known".into()),
        TrustTie::Of(Some(0 | 1)) => (Answer::No, "it is the only school of its trust".into()),
        TrustTie::Of(Some(schools)) => (Answer::Yes, format!("it is in a trust of {schools} schools")),
    }
}

fn federation(ties: &Ties<'_>) -> (Answer, String) {
    match ties.federation {
        None => (Answer::Unknown, "it is not known whether it is in a federation".into()),
        Some(true) => (Answer::Yes, "it is in a federation".into()),
        Some(false) => (Answer::No, "it is in no federation".into()),
    }
}

fn alliance(ties: &Ties<'_>, tracked: bool) -> (Answer, String) {
    match (ties.alliances.as_slice(), tracked) {
        ([], true) => (Answer::No, "it belongs to no alliance that is on file".into()),
        ([], false) => (Answer::Unknown, "no record is kept of alliances".into()),
        (titles, _) => (Answer::Yes, format!("it belongs to {}", titles.join(" and "))),
    }
}

/// Relationships of one kind that are live on a day by `live`.
fn relationship(
    ties: &Ties<'_>,
    kind: RelationshipKind,
    tracked: bool,
    live: impl Fn(&Relationship) -> bool,
    none: &str,
) -> (Answer, String) {
    let of_kind = ties.relationships.iter().filter(|one| one.kind == kind);
    match of_kind.filter(|one| live(one)).max_by_key(|one| one.when) {
        Some(one) => {
            let with = one.with.as_deref().map(|with| format!(" with {with}")).unwrap_or_default();
            (Answer::Yes, format!("{}{with}, {}", spoken(kind), one.when))
        }
        None if tracked => (Answer::No, none.to_owned()),
        None => (Answer::Unknown, format!("no record is kept of this: {none}")),
    }
}

fn spoken(kind: RelationshipKind) -> &'static str {
    match kind {
        RelationshipKind::Adviser => "an adviser",
        RelationshipKind::Visit => "a visit",
        RelationshipKind::Network => "a network",
        RelationshipKind::PeerReview => "a peer review",
        RelationshipKind::Deployment => "a deployment",
        RelationshipKind::ManagementPartnership => "a management partnership",
    }
}

#[cfg(test)]
mod tests;
