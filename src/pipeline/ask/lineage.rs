//! Where a school comes from and where it went: links in both directions, as far as they go.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Asker;
use super::told::Told;
use crate::model::Urn;
use crate::pipeline::EngineError;
use crate::register::lineage::{How, Link, Side, Succession};
use crate::register::{Field, Picture};

/// Links are followed this far on either side.
const DEEPEST: u8 = 8;

/// Before or after a school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SuccessionView {
    /// `none`, `unique` or `not_unique`.
    pub kind: &'static str,
    pub urns: Vec<Urn>,
    /// Why nothing is carried over, where that is so.
    pub why_not: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lineage {
    pub predecessor: SuccessionView,
    pub successor: SuccessionView,
    /// Predecessors, their predecessors and so on.
    pub before: Vec<Branch>,
    /// Successors, their successors and so on.
    pub after: Vec<Branch>,
    /// Links that are no succession.
    pub beside: Vec<Branch>,
}

/// One link with what is known of the establishment at its other end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Branch {
    pub urn: Urn,
    pub name: Told<String>,
    pub status: Told<String>,
    /// What the publisher calls the link.
    pub says: String,
    /// `plain`, `merged`, `amalgamated`, `split` or `other`.
    pub how: &'static str,
    /// Since when, where the publisher says.
    pub date: Option<String>,
    /// Further on the same side.
    pub further: Vec<Branch>,
    /// Why it is not followed further, where there would be more.
    pub cut: Option<&'static str>,
}

impl Lineage {
    pub fn of(asker: &Asker<'_>, urn: Urn, picture: &Picture<'_>) -> Result<Lineage, EngineError> {
        let mut tree = Tree { asker, seen: BTreeSet::from([urn]) };
        Ok(Lineage {
            predecessor: SuccessionView::of(&picture.predecessor(), "predecessor"),
            successor: SuccessionView::of(&picture.successor(), "successor"),
            before: tree.branches(picture, Side::Before, 1)?,
            after: tree.branches(picture, Side::After, 1)?,
            beside: tree.branches(picture, Side::Beside, 1)?,
        })
    }
}

impl SuccessionView {
    fn of(succession: &Succession, what: &str) -> SuccessionView {
        let kind = match succession {
            Succession::None => "none",
            Succession::Unique(_) => "unique",
            Succession::NotUnique(..) => "not_unique",
            Succession::NotKnown(_) => "not_known",
        };
        SuccessionView { kind, urns: succession.urns().to_vec(), why_not: succession.why_not(what) }
    }
}

struct Tree<'a, 'b> {
    asker: &'b Asker<'a>,
    /// A school stands in the tree once, whatever the links say.
    seen: BTreeSet<Urn>,
}

impl Tree<'_, '_> {
    fn branches(&mut self, picture: &Picture<'_>, side: Side, depth: u8) -> Result<Vec<Branch>, EngineError> {
        let links: Vec<Link<'_>> = picture.links().into_iter().filter(|link| link.side == side).collect();
        let mut branches = Vec::new();
        for link in links {
            let history = self.asker.history(link.other)?;
            let there = self.asker.picture(&history);
            let name = there.text(Field::Name).or_else(|why| picture.link_name(&link).ok_or(why));
            let more = side != Side::Beside && there.links().iter().any(|link| link.side == side);
            let new = self.seen.insert(link.other);
            let cut = match (more, new) {
                (true, false) => Some("it stands in this tree already"),
                (true, true) if depth >= DEEPEST => Some("the tree is cut here"),
                _ => None,
            };
            let further = if more && cut.is_none() { self.branches(&there, side, depth + 1)? } else { Vec::new() };
            branches.push(Branch {
                urn: link.other,
                name: Told::of(name),
                status: Told::of(there.text(Field::Status)),
                says: link.says.clone(),
                how: word(link.how),
                date: link.date.map(|date| date.to_string()),
                further,
                cut,
            });
        }
        Ok(branches)
    }
}

fn word(how: How) -> &'static str {
    match how {
        How::Plain => "plain",
        How::Merged => "merged",
        How::Amalgamated => "amalgamated",
        How::Split => "split",
        How::Other => "other",
    }
}
