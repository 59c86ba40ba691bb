//! What is known of one school, and whether an area holds it.

use serde::Serialize;

use crate::model::Urn;

/// One school as far as areas ask about it; none where it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    pub urn: Urn,
    /// Numbers that the same school had before, by plain succession only. What was written about
    /// them still speaks about the school.
    pub formerly: &'a [Urn],
    /// Three-digit code of the local authority.
    pub la: Option<&'a str>,
    pub postcode: Option<&'a str>,
    /// In the words of `gias.phase`.
    pub phase: Option<&'a str>,
    /// A word of [`LegalStatus`](crate::register::legal::LegalStatus::word).
    pub legal: Option<&'a str>,
}

/// Whether an area, a board's remit or an alliance holds a school.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case", tag = "holds", content = "because")]
pub enum Holds {
    /// By what, in words: `local authority 990`.
    Yes(String),
    No,
    /// What is missing, in words: `its postcode`.
    Unknown(Vec<String>),
}

impl<'a> Place<'a> {
    /// A school of which only the number is known.
    pub fn of(urn: Urn) -> Place<'a> {
        Place { urn, formerly: &[], la: None, postcode: None, phase: None, legal: None }
    }

    /// Every number under which something may be written about it, its own first.
    pub fn urns(&self) -> impl Iterator<Item = Urn> + use<'a> {
        std::iter::once(self.urn).chain(self.formerly.iter().copied())
    }
}

impl Holds {
    pub(super) fn unknown(what: &str) -> Holds {
        Holds::Unknown(vec![what.to_owned()])
    }

    /// Held if both hold; the words of the first stand.
    pub(super) fn and(self, other: Holds) -> Holds {
        match (self, other) {
            (Holds::No, _) | (_, Holds::No) => Holds::No,
            (Holds::Unknown(one), Holds::Unknown(two)) => Holds::Unknown(both(one, two)),
            (Holds::Unknown(what), Holds::Yes(_)) | (Holds::Yes(_), Holds::Unknown(what)) => Holds::Unknown(what),
            (yes, Holds::Yes(_)) => yes,
        }
    }

    /// Held if one holds; the words of the first that does.
    pub(super) fn or(self, other: Holds) -> Holds {
        match (self, other) {
            (yes @ Holds::Yes(_), _) | (_, yes @ Holds::Yes(_)) => yes,
            (Holds::Unknown(one), Holds::Unknown(two)) => Holds::Unknown(both(one, two)),
            (unknown @ Holds::Unknown(_), Holds::No) | (Holds::No, unknown) => unknown,
        }
    }

    pub fn is_no(&self) -> bool {
        matches!(self, Holds::No)
    }

    pub fn is_yes(&self) -> bool {
        matches!(self, Holds::Yes(_))
    }
}

fn both(mut one: Vec<String>, two: Vec<String>) -> Vec<String> {
    for what in two {
        if !one.contains(&what) {
            one.push(what);
        }
    }
    one
}
