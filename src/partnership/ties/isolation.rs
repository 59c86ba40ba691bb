//! Whether a school has ties to others (TS-08).

use std::collections::BTreeSet;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Answer, Component, Indicator, RelationshipKind, Ties, alliance, federation, relationship, trust};

/// What a partnership takes for a tie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Isolation {
    /// Never empty.
    pub tracked: BTreeSet<Tie>,
    /// For so long a peer review counts.
    pub peer_review_months: Option<u32>,
    /// A roll below this is small.
    pub small_roll_below: Option<u32>,
}

/// The parts of the indicator. The roll is no tie: where it is tracked, only small schools are
/// found isolated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tie {
    Trust,
    Federation,
    Alliance,
    Network,
    Deployment,
    PeerReview,
    Roll,
}

impl Tie {
    pub const ALL: [Tie; 7] =
        [Tie::Trust, Tie::Federation, Tie::Alliance, Tie::Network, Tie::Deployment, Tie::PeerReview, Tie::Roll];

    pub fn word(self) -> &'static str {
        match self {
            Tie::Trust => "trust",
            Tie::Federation => "federation",
            Tie::Alliance => "alliance",
            Tie::Network => "network",
            Tie::Deployment => "deployment",
            Tie::PeerReview => "peer-review",
            Tie::Roll => "roll",
        }
    }
}

/// Whether a school is isolated on a day, part by part. Each part is yes where it speaks against it.
pub fn isolated(rule: &Isolation, ties: &Ties<'_>, on: Date) -> Indicator {
    let components = Tie::ALL.map(|tie| {
        let tracked = rule.tracked.contains(&tie);
        let going_on = |kind, none: &str| relationship(ties, kind, tracked, |one| one.when.live(on, 0), none);
        let (answer, because) = match tie {
            Tie::Trust => trust(ties),
            Tie::Federation => federation(ties),
            Tie::Alliance => alliance(ties, tracked),
            Tie::Network => going_on(RelationshipKind::Network, "no network on file"),
            Tie::Deployment => going_on(RelationshipKind::Deployment, "no deployment on file that goes on"),
            Tie::PeerReview => peer_review(rule, ties, on, tracked),
            Tie::Roll => roll(rule, ties),
        };
        Component { component: tie.word(), answer, because, tracked }
    });
    Indicator::of(components.into())
}

fn peer_review(rule: &Isolation, ties: &Ties<'_>, on: Date, tracked: bool) -> (Answer, String) {
    let Some(months) = rule.peer_review_months else {
        return (Answer::Unknown, "nothing says for how long a peer review counts".into());
    };
    let none = format!("no peer review on file in the last {months} months");
    relationship(ties, RelationshipKind::PeerReview, tracked, |one| one.when.live(on, months), &none)
}

fn roll(rule: &Isolation, ties: &Ties<'_>) -> (Answer, String) {
    match (ties.roll, rule.small_roll_below) {
        (_, None) => (Answer::Unknown, "nothing says which roll is small".into()),
        (None, Some(_)) => (Answer::Unknown, "its roll is not known".into()),
        (Some(roll), Some(small)) if roll < small => (Answer::No, format!("{roll} pupils, which is below {small}")),
        (Some(roll), Some(small)) => (Answer::Yes, format!("{roll} pupils, which is not below {small}")),
    }
}
