//! Alliances: voluntary groups of schools, which cross the borders of authorities (TS-01).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::day::Span;
use super::place::{Holds, Place};
use crate::model::Urn;

/// A group of schools that a school may join and leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alliance {
    pub id: String,
    pub title: String,
    pub description: Option<String>,
    /// Where what is written here comes from.
    pub source: Option<String>,
    /// Invented, to show how such a file looks.
    pub example: bool,
    pub kind: AllianceKind,
    pub span: Span,
    pub lead: BTreeSet<Urn>,
    /// Authorities that a hub was given to look after; three-digit codes.
    pub las: BTreeSet<String>,
    /// Authorities of which every school may join; three-digit codes.
    pub open_to: BTreeSet<String>,
    pub members: Vec<AllianceMember>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AllianceKind {
    TeachingSchoolAlliance,
    TeachingSchoolHub,
    TrustRun,
    Other,
}

/// A school for as long as it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct AllianceMember {
    pub urn: Urn,
    pub span: Span,
}

/// What a school and an alliance have to do with each other on a day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AllianceTie<'a> {
    pub alliance: &'a Alliance,
    pub how: How,
    /// Never no; unknown where it rests on a local authority that is not known.
    pub holds: Holds,
}

/// Leads and members belong to an alliance. To the others it is only on offer, which is no tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    Leads,
    Member,
    /// Every school of its authority may join.
    MayJoin,
    /// The hub was given its authority to look after.
    HubOfItsAuthority,
}

/// Every alliance, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alliances(pub(super) BTreeMap<String, Alliance>);

impl How {
    /// Whether it makes the school part of the alliance.
    pub fn belongs(self) -> bool {
        matches!(self, How::Leads | How::Member)
    }
}

impl Alliance {
    /// Schools that belong on a day, those that lead included.
    pub fn schools(&self, on: Date) -> BTreeSet<Urn> {
        if !self.span.holds(on) {
            return BTreeSet::new();
        }
        self.lead
            .iter()
            .copied()
            .chain(self.members.iter().filter(|member| member.span.holds(on)).map(|member| member.urn))
            .collect()
    }

    /// What it has to do with a school on a day; the closest where there is more than one thing.
    pub fn tie(&self, place: &Place<'_>, on: Date) -> Option<(How, Holds)> {
        if !self.span.holds(on) {
            return None;
        }
        let by =
            |urn: Urn| Holds::Yes(if urn == place.urn { format!("URN {urn}") } else { format!("URN {urn}, its number before") });
        if let Some(urn) = place.urns().find(|urn| self.lead.contains(urn)) {
            return Some((How::Leads, by(urn)));
        }
        let member = |urn: &Urn| self.members.iter().any(|member| member.urn == *urn && member.span.holds(on));
        if let Some(urn) = place.urns().find(member) {
            return Some((How::Member, by(urn)));
        }
        let offers = [(How::HubOfItsAuthority, &self.las), (How::MayJoin, &self.open_to)];
        offers.into_iter().filter(|(_, las)| !las.is_empty()).find_map(|(how, las)| match place.la {
            None => Some((how, Holds::unknown("its local authority"))),
            Some(la) => las.contains(la).then(|| (how, Holds::Yes(format!("local authority {la}")))),
        })
    }
}

impl Alliances {
    pub fn get(&self, id: &str) -> Option<&Alliance> {
        self.0.get(id)
    }

    /// All, in the order of their ids.
    pub fn all(&self) -> impl Iterator<Item = &Alliance> {
        self.0.values()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every alliance that has to do with a school on a day, in the order of their ids.
    pub fn of(&self, place: &Place<'_>, on: Date) -> Vec<AllianceTie<'_>> {
        let tie = |alliance| Alliance::tie(alliance, place, on).map(|(how, holds)| AllianceTie { alliance, how, holds });
        self.all().filter_map(tie).collect()
    }

    /// Titles of the alliances to which a school belongs on a day.
    pub fn titles(&self, place: &Place<'_>, on: Date) -> Vec<&str> {
        self.of(place, on).into_iter().filter(|tie| tie.how.belongs()).map(|tie| tie.alliance.title.as_str()).collect()
    }
}

#[cfg(test)]
mod tests;
