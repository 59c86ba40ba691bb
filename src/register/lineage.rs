//! Links between establishments: who went before, who comes after, and what carries over.
//!
//! A school that becomes an academy is a new establishment with a new number. The register links
//! the two, once from either side. Only a plain link to *one* establishment says that the school
//! goes on: mergers, amalgamations and splits name several schools, and what belongs to whom would be a guess.
//! They are shown, never followed.

use jiff::civil::Date;

use super::picture::Picture;
use crate::model::{Fact, FactState, Urn, Value};

/// Which side of a link the other establishment is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Before,
    After,
    /// A link that is no succession: a shared sixth form, an expansion.
    Beside,
}

/// How two establishments are joined. Wordings are those of the register's links file, 2021 to 2026.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    Plain,
    Merged,
    Amalgamated,
    Split,
    /// Words of the publisher that are neither.
    Other,
}

#[derive(Debug, Clone)]
pub struct Link<'a> {
    pub other: Urn,
    pub side: Side,
    pub how: How,
    /// What the publisher calls it.
    pub says: String,
    /// The day on which it was established, where the publisher says.
    pub date: Option<Date>,
    pub fact: &'a Fact,
}

/// Whether one establishment takes the place of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Succession {
    /// No link is known.
    None,
    Unique(Urn),
    /// Several, or by a merger or a split: nothing is carried over.
    NotUnique(Vec<Urn>, How),
    /// A row about its links could not be trusted: there may be one more than these.
    NotKnown(Vec<Urn>),
}

/// The words of a link type.
///
/// ```
/// use headwater::register::lineage::{How, Side, words};
/// assert_eq!(words("Predecessor"), (Side::Before, How::Plain));
/// assert_eq!(words("Successor - Split School"), (Side::After, How::Split));
/// assert_eq!(words("Sixth Form Centre Link"), (Side::Beside, How::Other));
/// ```
pub fn words(says: &str) -> (Side, How) {
    let says = says.trim().to_lowercase();
    let (side, rest) = match (says.strip_prefix("predecessor"), says.strip_prefix("successor")) {
        (Some(rest), _) => (Side::Before, rest),
        (None, Some(rest)) => (Side::After, rest),
        (None, None) => return (Side::Beside, How::Other),
    };
    let how = match rest.trim_matches([' ', '-']) {
        "" => How::Plain,
        rest if rest.starts_with("merged") => How::Merged,
        rest if rest.starts_with("amalgamated") => How::Amalgamated,
        rest if rest.starts_with("split") => How::Split,
        _ => How::Other,
    };
    (side, how)
}

impl<'a> Picture<'a> {
    /// Every link that stands, by number of the other establishment.
    pub fn links(&self) -> Vec<Link<'a>> {
        let lens = self.lens();
        let mut links = Vec::new();
        for fact in &self.links {
            let FactState::Present(body) = &fact.state else { continue };
            let cell = |code: Option<_>| code.and_then(|code| body.cell(code));
            let other = cell(lens.link_other).and_then(|cell| cell.raw.trim().parse().ok());
            let (Some(other), Some(says)) = (other, cell(lens.link_type).map(|cell| cell.raw.trim().to_owned())) else {
                continue;
            };
            let date = cell(lens.link_date).and_then(|cell| if let Value::Date(day) = cell.value { Some(day) } else { None });
            let (side, how) = words(&says);
            links.push(Link { other, side, how, says, date, fact });
        }
        links.sort_by_key(|link| (link.other, link.side, link.how));
        links
    }

    /// Whether a row that cannot be read may be a link on this side.
    fn may_be_on(&self, side: Side, fact: &Fact) -> bool {
        let body = match &fact.state {
            FactState::Absent => return false,
            FactState::Quarantined => return true,
            FactState::Present(body) => body,
        };
        let lens = self.lens();
        let [other, says] = body.tokens([lens.link_other, lens.link_type]);
        let named = other.is_some_and(|other| other.trim().parse::<Urn>().is_ok());
        match says {
            None => true,
            Some(says) => words(says).0 == side && !named,
        }
    }

    pub fn predecessor(&self) -> Succession {
        self.succession(Side::Before)
    }

    pub fn successor(&self) -> Succession {
        self.succession(Side::After)
    }

    fn succession(&self, side: Side) -> Succession {
        let links: Vec<Link<'_>> = self.links().into_iter().filter(|link| link.side == side).collect();
        let mut others: Vec<Urn> = links.iter().map(|link| link.other).collect();
        others.dedup();
        if self.links.iter().any(|fact| self.may_be_on(side, fact)) {
            return Succession::NotKnown(others);
        }
        let Some(last) = links.iter().max_by_key(|link| link.how) else { return Succession::None };
        match others.as_slice() {
            [one] if last.how == How::Plain => Succession::Unique(*one),
            _ => Succession::NotUnique(others, last.how),
        }
    }
}

impl Succession {
    pub fn urns(&self) -> &[Urn] {
        match self {
            Succession::None => &[],
            Succession::Unique(urn) => std::slice::from_ref(urn),
            Succession::NotUnique(urns, _) | Succession::NotKnown(urns) => urns,
        }
    }

    pub fn unique(&self) -> Option<Urn> {
        if let Succession::Unique(urn) = self { Some(*urn) } else { None }
    }

    /// Why nothing is carried over, if that is so; `what` is "predecessor" or "successor".
    pub fn why_not(&self, what: &str) -> Option<String> {
        let (urns, how) = match self {
            Succession::NotUnique(urns, how) => (urns, how),
            Succession::NotKnown(_) => {
                return Some(format!(
                    "a row about its links could not be trusted, so it is not known whether there is another {what}: nothing is carried over"
                ));
            }
            Succession::None | Succession::Unique(_) => return None,
        };
        let how = match how {
            How::Plain => "",
            How::Merged => ", by a merger",
            How::Amalgamated => ", by an amalgamation",
            How::Split => ", by a split",
            How::Other => ", by a link of another kind",
        };
        let list = urns.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        Some(match urns.len() {
            1 => format!("{what} {list}{how}: it is not known what belongs to whom, so nothing is carried over"),
            n => format!("{n} {what}s ({list}){how}: it would be a guess what belongs to whom, so nothing is carried over"),
        })
    }
}
