//! Partnerships, and which of them, of their parts and of their boards look after a school.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::area::Area;
use super::bodies::{Board, Member, Relationship, SubArea};
use super::day::Span;
use super::place::{Holds, Place};
use super::ties::{Coverage, Isolation};

/// A standing coalition that looks after the schools of an area (LP-01).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Partnership {
    pub id: String,
    pub title: String,
    pub description: Option<String>,
    /// Where what is written here comes from.
    pub source: Option<String>,
    /// Invented, to show how such a file looks: its numbers are nobody's policy.
    pub example: bool,
    pub span: Span,
    pub area: Area,
    pub sub_areas: Vec<SubArea>,
    pub members: Vec<Member>,
    pub boards: Vec<Board>,
    pub relationships: Vec<Relationship>,
    /// None: it does not ask who works with a school.
    pub coverage: Option<Coverage>,
    /// None: it does not ask whether a school is isolated.
    pub isolation: Option<Isolation>,
}

/// Every partnership, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Partnerships(pub(super) BTreeMap<String, Partnership>);

impl Partnership {
    /// Whether it looks after a school on a day. Before its first and after its last day it looks
    /// after nobody. Of the school this asks what was known of it as on that day.
    pub fn holds(&self, place: &Place<'_>, on: Date) -> Holds {
        if self.span.holds(on) { self.area.holds(place) } else { Holds::No }
    }

    /// The sub-areas that hold a school, or may hold it, in the order of the file.
    pub fn sub_areas_of(&self, place: &Place<'_>, on: Date) -> Vec<(&SubArea, Holds)> {
        let whole = self.holds(place, on);
        let parts = self.sub_areas.iter().filter(|part| part.span.holds(on));
        // the words of the part stand, for they say more
        parts.map(|part| (part, part.holds(place).and(whole.clone()))).filter(|(_, holds)| !holds.is_no()).collect()
    }

    /// The boards in whose remit a school is, or may be, in the order of the file.
    pub fn boards_for(&self, place: &Place<'_>, on: Date) -> Vec<(&Board, Holds)> {
        let whole = self.holds(place, on);
        let parts = self.sub_areas_of(place, on);
        let part = |id: &str| parts.iter().find(|(part, _)| part.id == id).map_or(Holds::No, |(_, holds)| holds.clone());
        let boards = self.boards.iter().filter(|board| board.span.holds(on));
        boards.map(|board| (board, board.holds(place, part).and(whole.clone()))).filter(|(_, holds)| !holds.is_no()).collect()
    }

    /// Organisations that belong to it on a day, in the order of the file.
    pub fn members_on(&self, on: Date) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(move |member| self.span.holds(on) && member.span.holds(on))
    }

    /// Everything written about who works, or worked, with a school.
    pub fn relationships_of(&self, place: &Place<'_>) -> Vec<&Relationship> {
        self.relationships.iter().filter(|one| place.urns().any(|urn| urn == one.urn)).collect()
    }
}

impl Partnerships {
    pub fn get(&self, id: &str) -> Option<&Partnership> {
        self.0.get(id)
    }

    /// All, in the order of their ids.
    pub fn all(&self) -> impl Iterator<Item = &Partnership> {
        self.0.values()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every partnership that looks after a school, or may do so, in the order of their ids.
    pub fn of(&self, place: &Place<'_>, on: Date) -> Vec<(&Partnership, Holds)> {
        self.all().map(|one| (one, one.holds(place, on))).filter(|(_, holds)| !holds.is_no()).collect()
    }
}

#[cfg(test)]
mod tests;
