//! `all`, `any`, `not` and `several`, after Kleene: unknown is carried up unless the other parts
//! decide without it.
//!
//! Of the parts only those are kept that decided: one that is not met settles `all`, one that is
//! met settles `any`. Where the answer is unknown, or rests on all parts together, all are kept.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Condition;
use super::check::Checker;
use super::figures::Asked;
use super::judged::Judged;
use crate::model::Verdict;

pub const ALL: &str = "all of these hold";
pub const ANY: &str = "any of these holds";
pub const NOT: &str = "this does not hold";

/// At least `at-least` of the conditions `of` hold.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Several {
    pub at_least: u16,
    pub of: Vec<Condition>,
}

pub fn all(parts: Vec<Judged>) -> Judged {
    let verdict = parts.iter().fold(Verdict::Met, |so_far, part| so_far.and(part.verdict));
    node(verdict, ALL.to_owned(), parts, Verdict::NotMet)
}

pub fn any(parts: Vec<Judged>) -> Judged {
    let verdict = parts.iter().fold(Verdict::NotMet, |so_far, part| so_far.or(part.verdict));
    node(verdict, ANY.to_owned(), parts, Verdict::Met)
}

/// `all` with `NotMet` and `any` with `Met`: the verdict that settles it at once, else unknown if
/// any part is, else the other.
pub fn first(list: &[Condition], settles: Verdict, asked: &Asked<'_>) -> Verdict {
    let mut verdict = settles.negate();
    for one in list {
        match one.verdict(asked) {
            one if one == settles => return settles,
            Verdict::Unknown => verdict = Verdict::Unknown,
            _ => {}
        }
    }
    verdict
}

pub fn not(part: Judged) -> Judged {
    Judged {
        verdict: part.verdict.negate(),
        says: NOT.to_owned(),
        because: String::new(),
        figures: Vec::new(),
        parts: vec![part],
        negates: true,
    }
}

/// Met once `n` are met, not met once too few can still be.
pub fn count(n: usize, verdicts: impl Iterator<Item = Verdict> + Clone) -> Verdict {
    let met = verdicts.clone().filter(|verdict| *verdict == Verdict::Met).count();
    let possible = verdicts.filter(|verdict| *verdict != Verdict::NotMet).count();
    if met >= n {
        Verdict::Met
    } else if possible < n {
        Verdict::NotMet
    } else {
        Verdict::Unknown
    }
}

impl Several {
    pub fn verdict(&self, asked: &Asked<'_>) -> Verdict {
        let verdicts: Vec<Verdict> = self.of.iter().map(|one| one.verdict(asked)).collect();
        count(usize::from(self.at_least), verdicts.into_iter())
    }

    pub fn judge(&self, asked: &Asked<'_>) -> Judged {
        let parts: Vec<Judged> = self.of.iter().map(|one| one.judge(asked)).collect();
        let verdict = count(usize::from(self.at_least), parts.iter().map(|part| part.verdict));
        node(verdict, self.says(), parts, Verdict::Met)
    }

    pub fn says(&self) -> String {
        format!("at least {} of these hold", self.at_least)
    }

    pub fn check(&self, checker: &mut Checker<'_>) {
        if self.at_least == 0 || usize::from(self.at_least) > self.of.len() {
            checker.fault("at-least", format!("{} of {} conditions cannot be asked for", self.at_least, self.of.len()));
        }
        checker.list("of", &self.of);
    }
}

/// A combinator's answer; `settles` is the verdict of a part that alone decides.
fn node(verdict: Verdict, says: String, mut parts: Vec<Judged>, settles: Verdict) -> Judged {
    if verdict == settles {
        parts.retain(|part| part.verdict == settles);
    }
    Judged { verdict, says, because: String::new(), figures: Vec::new(), parts, negates: false }
}

#[cfg(test)]
mod tests {
    use super::{Judged, Verdict, all, any as some, count, not};
    use proptest::prelude::*;

    fn verdict() -> impl Strategy<Value = Verdict> {
        prop_oneof![Just(Verdict::Met), Just(Verdict::NotMet), Just(Verdict::Unknown)]
    }

    fn leaf(verdict: Verdict) -> Judged {
        Judged::leaf(verdict, "leaf".into(), format!("{verdict}"), Vec::new())
    }

    fn leaves(verdicts: &[Verdict]) -> Vec<Judged> {
        verdicts.iter().copied().map(leaf).collect()
    }

    proptest! {
        #[test]
        fn de_morgan_holds(verdicts in proptest::collection::vec(verdict(), 0..6)) {
            let negated: Vec<Verdict> = verdicts.iter().map(|one| one.negate()).collect();
            prop_assert_eq!(not(all(leaves(&verdicts))).verdict, some(leaves(&negated)).verdict);
            prop_assert_eq!(not(some(leaves(&verdicts))).verdict, all(leaves(&negated)).verdict);
            prop_assert_eq!(not(not(all(leaves(&verdicts)))).verdict, all(leaves(&verdicts)).verdict);
        }

        #[test]
        fn order_does_not_matter(verdicts in proptest::collection::vec(verdict(), 0..6), n in 1usize..5) {
            let mut sorted = verdicts.clone();
            sorted.sort();
            prop_assert_eq!(all(leaves(&verdicts)).verdict, all(leaves(&sorted)).verdict);
            prop_assert_eq!(some(leaves(&verdicts)).verdict, some(leaves(&sorted)).verdict);
            prop_assert_eq!(count(n, verdicts.iter().copied()), count(n, sorted.iter().copied()));
        }

        /// Whatever the unknown turn out to be, a decided answer stands: the meaning of Kleene's
        /// logic, and of invariant I1.
        #[test]
        fn a_decided_answer_does_not_depend_on_the_unknown(
            verdicts in proptest::collection::vec(verdict(), 1..6),
            turned in proptest::collection::vec(any::<bool>(), 6),
            n in 1usize..5,
        ) {
            let known: Vec<Verdict> = verdicts
                .iter()
                .zip(&turned)
                .map(|(one, turned)| if *one == Verdict::Unknown { Verdict::from(*turned) } else { *one })
                .collect();
            for (before, after) in [
                (all(leaves(&verdicts)).verdict, all(leaves(&known)).verdict),
                (some(leaves(&verdicts)).verdict, some(leaves(&known)).verdict),
                (count(n, verdicts.iter().copied()), count(n, known.iter().copied())),
            ] {
                prop_assert!(before == Verdict::Unknown || before == after);
            }
        }

        #[test]
        fn several_is_all_at_one_end_and_any_at_the_other(verdicts in proptest::collection::vec(verdict(), 1..6)) {
            prop_assert_eq!(count(verdicts.len(), verdicts.iter().copied()), all(leaves(&verdicts)).verdict);
            prop_assert_eq!(count(1, verdicts.iter().copied()), some(leaves(&verdicts)).verdict);
        }
    }

    #[test]
    fn only_what_decided_is_kept() {
        let judged = all(leaves(&[Verdict::Met, Verdict::NotMet, Verdict::Unknown]));
        assert_eq!(judged.parts.len(), 1);
        assert_eq!(judged.reasons(), ["not met"]);
        let judged = not(some(leaves(&[Verdict::Met, Verdict::NotMet])));
        assert_eq!((judged.verdict, judged.reasons()), (Verdict::NotMet, vec!["met".to_owned()]));
    }
}
