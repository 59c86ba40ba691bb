//! The closed vocabulary of conditions. In a file each is a table with one key: its kind.
//!
//! ```toml
//! enter = { all = [
//!     { below = { measure = "ks4.p8", than = -0.5 } },
//!     { significantly-below = { measure = "ks4.p8", than = 0 } },
//! ] }
//! ```

use schemars::JsonSchema;
use serde::Deserialize;

use super::category_is::CategoryIs;
use super::check::Checker;
use super::compare::{AtLeast, Compare, Side};
use super::figures::Asked;
use super::for_periods::ForPeriods;
use super::judged::Judged;
use super::judgement::{Judgement, Which};
use super::logic::{self, Several};
use super::marked::Marked;
use super::significantly_below::SignificantlyBelow;
use crate::model::Verdict;

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    /// At least so many of a list.
    Several(Several),
    Below(Compare),
    Above(Compare),
    /// For cohort minimums.
    AtLeast(AtLeast),
    /// The upper confidence limit is below a number.
    SignificantlyBelow(SignificantlyBelow),
    /// n of the last m years.
    ForPeriods(ForPeriods),
    /// The latest inspection.
    JudgementIs(Judgement),
    /// The inspection before the latest.
    JudgementWas(Judgement),
    CategoryIs(CategoryIs),
    /// Scope only: the file says so in so many words.
    Marked(Marked),
}

impl Condition {
    /// The answer alone; stops as soon as it is settled.
    pub fn verdict(&self, asked: &Asked<'_>) -> Verdict {
        match self {
            Condition::All(list) => logic::first(list, Verdict::NotMet, asked),
            Condition::Any(list) => logic::first(list, Verdict::Met, asked),
            Condition::Not(one) => one.verdict(asked).negate(),
            Condition::Several(several) => several.verdict(asked),
            Condition::Below(leaf) => leaf.verdict(Side::Below, asked),
            Condition::Above(leaf) => leaf.verdict(Side::Above, asked),
            Condition::AtLeast(leaf) => leaf.verdict(asked),
            Condition::SignificantlyBelow(leaf) => leaf.verdict(asked),
            Condition::ForPeriods(leaf) => leaf.verdict(asked),
            Condition::JudgementIs(leaf) => leaf.verdict(Which::Latest, asked),
            Condition::JudgementWas(leaf) => leaf.verdict(Which::Before, asked),
            Condition::CategoryIs(leaf) => leaf.verdict(asked),
            Condition::Marked(leaf) => leaf.verdict(asked),
        }
    }

    /// The answer with everything it rests on. Each leaf takes its verdict from
    /// [`Condition::verdict`], so the two cannot disagree.
    pub fn judge(&self, asked: &Asked<'_>) -> Judged {
        match self {
            Condition::All(list) => logic::all(list.iter().map(|one| one.judge(asked)).collect()),
            Condition::Any(list) => logic::any(list.iter().map(|one| one.judge(asked)).collect()),
            Condition::Not(one) => logic::not(one.judge(asked)),
            Condition::Several(several) => several.judge(asked),
            Condition::Below(leaf) => leaf.judge(Side::Below, asked),
            Condition::Above(leaf) => leaf.judge(Side::Above, asked),
            Condition::AtLeast(leaf) => leaf.judge(asked),
            Condition::SignificantlyBelow(leaf) => leaf.judge(asked),
            Condition::ForPeriods(leaf) => leaf.judge(asked),
            Condition::JudgementIs(leaf) => leaf.judge(Which::Latest, asked),
            Condition::JudgementWas(leaf) => leaf.judge(Which::Before, asked),
            Condition::CategoryIs(leaf) => leaf.judge(asked),
            Condition::Marked(leaf) => leaf.judge(asked),
        }
    }

    /// Faults of the tree, all of them.
    pub fn check(&self, checker: &mut Checker<'_>) {
        match self {
            Condition::All(list) => checker.list("all", list),
            Condition::Any(list) => checker.list("any", list),
            Condition::Not(one) => checker.within("not", |checker| one.check(checker)),
            Condition::Several(several) => checker.within("several", |checker| several.check(checker)),
            Condition::Below(leaf) => checker.within("below", |checker| leaf.check(checker)),
            Condition::Above(leaf) => checker.within("above", |checker| leaf.check(checker)),
            Condition::AtLeast(leaf) => checker.within("at-least", |checker| leaf.check(checker)),
            Condition::SignificantlyBelow(leaf) => checker.within("significantly-below", |checker| leaf.check(checker)),
            Condition::ForPeriods(leaf) => checker.within("for-periods", |checker| leaf.check(checker)),
            Condition::JudgementIs(leaf) => checker.within("judgement-is", |checker| leaf.check(checker)),
            Condition::JudgementWas(leaf) => checker.within("judgement-was", |checker| leaf.check(checker)),
            Condition::CategoryIs(leaf) => checker.within("category-is", |checker| leaf.check(checker)),
            Condition::Marked(leaf) => checker.within("marked", |checker| leaf.check(checker)),
        }
    }

    /// Every measure read, repeated where it is read twice.
    pub fn each_measure(&self, tell: &mut impl FnMut(&str)) {
        match self {
            Condition::All(list) | Condition::Any(list) => list.iter().for_each(|one| one.each_measure(tell)),
            Condition::Not(one) => one.each_measure(tell),
            Condition::Several(several) => several.of.iter().for_each(|one| one.each_measure(tell)),
            Condition::Below(leaf) | Condition::Above(leaf) => leaf.each_measure(tell),
            Condition::AtLeast(leaf) => tell(&leaf.measure),
            Condition::SignificantlyBelow(leaf) => tell(&leaf.measure),
            Condition::ForPeriods(leaf) => leaf.each_measure(tell),
            Condition::JudgementIs(leaf) | Condition::JudgementWas(leaf) => leaf.each_measure(tell),
            Condition::CategoryIs(leaf) => tell(&leaf.measure),
            Condition::Marked(leaf) => tell(&leaf.measure),
        }
    }

    /// How many earlier years the answer can depend on; none if any number.
    pub fn years_back(&self) -> Option<u16> {
        let most = |list: &[Condition]| {
            list.iter().map(Condition::years_back).try_fold(0, |most: u16, one| one.map(|one| most.max(one)))
        };
        match self {
            Condition::All(list) | Condition::Any(list) => most(list),
            Condition::Not(one) => one.years_back(),
            Condition::Several(several) => most(&several.of),
            Condition::ForPeriods(leaf) => leaf.years_back(),
            _ => Some(0),
        }
    }

    /// Whether it asks about inspections, so that the answer is about an inspection.
    pub fn asks_inspections(&self) -> bool {
        match self {
            Condition::All(list) | Condition::Any(list) => list.iter().any(Condition::asks_inspections),
            Condition::Not(one) => one.asks_inspections(),
            Condition::Several(several) => several.of.iter().any(Condition::asks_inspections),
            Condition::JudgementIs(_) | Condition::JudgementWas(_) => true,
            _ => false,
        }
    }
}
