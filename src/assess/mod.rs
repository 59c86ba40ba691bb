//! Assessment: what one version of one rule says about one school on the figures known.
//!
//! A rule is a condition tree in a file of `config/schemes/`. The tree is small and closed: the
//! combinators `all`, `any`, `not` and `several`, and the leaves listed in [`condition`], each in
//! a file of its own with its story. Every answer is met, not met or unknown (Kleene's three
//! values): a leaf whose figure is missing is unknown, whatever the reason, and unknown is
//! carried up unless the rest of the tree decides without it.
//!
//! From the same tree come the answer ([`evaluate`]), the evidence down to the cell ([`judged`],
//! [`figures`]) and the sentence in plain English ([`english`]), so that they cannot drift apart.
//!
//! Nothing here reads a file or a clock, and nothing knows whether a concern is open: what an
//! outcome means for a concern is decided in [`crate::alert`].

pub mod band;
pub mod cases;
pub mod check;
pub mod condition;
pub mod english;
pub mod evaluate;
pub mod figures;
pub mod judged;
pub mod pack;
pub mod rule;

pub mod area;
pub mod category_is;
pub mod compare;
pub mod for_periods;
pub mod inspections;
pub mod judgement;
pub mod logic;
pub mod marked;
pub mod significantly_below;

#[cfg(test)]
mod missing_tests;

pub use condition::Condition;
pub use evaluate::{assess, verdict};
pub use figures::{Predecessor, School};
pub use pack::RuleSet;
pub use rule::Rule;
