//! Whether somebody works with a school (LP-18).

use std::collections::BTreeSet;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Component, Indicator, RelationshipKind, Ties, alliance, federation, relationship, trust};

/// What a partnership takes for working with a school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// For so long a visit or a review counts.
    pub window_months: u32,
    /// Never empty.
    pub counts: BTreeSet<Contact>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Contact {
    Trust,
    Federation,
    Alliance,
    Adviser,
    Visit,
    Network,
    PeerReview,
    Deployment,
    ManagementPartnership,
}

impl Contact {
    pub const ALL: [Contact; 9] = [
        Contact::Trust,
        Contact::Federation,
        Contact::Alliance,
        Contact::Adviser,
        Contact::Visit,
        Contact::Network,
        Contact::PeerReview,
        Contact::Deployment,
        Contact::ManagementPartnership,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Contact::Trust => "trust",
            Contact::Federation => "federation",
            Contact::Alliance => "alliance",
            Contact::Adviser => RelationshipKind::Adviser.word(),
            Contact::Visit => RelationshipKind::Visit.word(),
            Contact::Network => RelationshipKind::Network.word(),
            Contact::PeerReview => RelationshipKind::PeerReview.word(),
            Contact::Deployment => RelationshipKind::Deployment.word(),
            Contact::ManagementPartnership => RelationshipKind::ManagementPartnership.word(),
        }
    }
}

/// Whether nobody is known to work with a school on a day, part by part. Each part is yes where
/// somebody does; what goes on counts while it goes on, visits and reviews for the window.
pub fn coverage_gap(rule: &Coverage, ties: &Ties<'_>, on: Date) -> Indicator {
    let months = rule.window_months;
    let components = Contact::ALL.map(|contact| {
        let tracked = rule.counts.contains(&contact);
        let of = |kind, none: &str| relationship(ties, kind, tracked, |one| one.when.live(on, months), none);
        let (answer, because) = match contact {
            Contact::Trust => trust(ties),
            Contact::Federation => federation(ties),
            Contact::Alliance => alliance(ties, tracked),
            Contact::Adviser => of(RelationshipKind::Adviser, "no adviser on file"),
            Contact::Visit => of(RelationshipKind::Visit, &format!("no visit on file in the last {months} months")),
            Contact::Network => of(RelationshipKind::Network, "no network on file"),
            Contact::PeerReview => {
                of(RelationshipKind::PeerReview, &format!("no peer review on file in the last {months} months"))
            }
            Contact::Deployment => of(RelationshipKind::Deployment, "no deployment on file that goes on"),
            Contact::ManagementPartnership => of(RelationshipKind::ManagementPartnership, "no management partnership on file"),
        };
        Component { component: contact.word(), answer, because, tracked }
    });
    Indicator::of(components.into())
}
