//! One rule, one school: the outcome with its reasons and its evidence.
//!
//! The scope is asked first. A school outside it gets *not met*, marked out of scope, so that an
//! open concern becomes unknown and is not ended. Where the scope cannot be known the whole is
//! unknown, unless the conditions are not met either way: then the answer is *not met*, and is
//! marked as if it were out of scope, because a concern must not end on what is not known.

use jiff::civil::Date;

use super::figures::{Asked, School};
use super::judged::Judged;
use super::{Condition, Rule, inspections};
use crate::model::{Evidence, Outcome, ReleaseInfo, Slot, Verdict, World};

/// The verdict alone, as [`assess`] would give it, for a hundredth of the work: most schools meet
/// no rule, and nobody asks why.
pub fn verdict(rule: &Rule, slot: Slot, school: &School<'_>, world: &World, decided: Date) -> Verdict {
    if not_asked(rule, slot, decided).is_some() {
        return Verdict::NotMet;
    }
    let asked = Asked { rule, slot, school, world };
    let scope = rule.scope.as_ref().map_or(Verdict::Met, |scope| scope.verdict(&asked));
    if scope == Verdict::NotMet { Verdict::NotMet } else { scope.and(rule.enter.verdict(&asked)) }
}

/// What `rule` says about the school in `slot`, when a decision is taken on the day `decided`.
pub fn assess(rule: &Rule, slot: Slot, school: &School<'_>, world: &World, decided: Date) -> Outcome {
    let asked = Asked { rule, slot, school, world };
    let mut outcome = Outcome {
        rule: rule.id.clone(),
        rule_version: rule.version,
        urn: school.urn,
        slot,
        about: String::new(),
        verdict: Verdict::NotMet,
        out_of_scope: true,
        severity: None,
        because: Vec::new(),
        evidence: Evidence::default(),
    };
    match not_asked(rule, slot, decided) {
        Some(because) => outcome.because = vec![because],
        None => decide(&asked, &mut outcome),
    }
    outcome.about = about(&asked, &outcome.evidence);
    outcome
}

/// Why the rule has nothing to say about the slot at all.
fn not_asked(rule: &Rule, slot: Slot, decided: Date) -> Option<String> {
    if !rule.in_force(decided) {
        Some(format!("no decision of {decided} may rest on this rule"))
    } else if !rule.slots_valid(slot) {
        Some(format!("the rule does not speak about {slot}"))
    } else {
        None
    }
}

fn decide(asked: &Asked<'_>, outcome: &mut Outcome) {
    let rule = asked.rule;
    let scope = rule.scope.as_ref().map(|scope| scope.judge(asked));
    let in_scope = scope.as_ref().map_or(Verdict::Met, |scope| scope.verdict);
    if let Some(scope) = &scope {
        scope.clauses(0, &mut outcome.evidence.clauses);
        outcome.because = scope.reasons();
    }
    if in_scope == Verdict::NotMet {
        return;
    }
    let enter: Judged = rule.enter.judge(asked);
    enter.clauses(0, &mut outcome.evidence.clauses);
    outcome.verdict = in_scope.and(enter.verdict);
    outcome.out_of_scope = in_scope == Verdict::Unknown && outcome.verdict == Verdict::NotMet;
    // an unknown scope explains an unknown whole; otherwise the conditions do
    if in_scope == Verdict::Met || outcome.verdict == Verdict::NotMet {
        outcome.because = enter.reasons();
    }
    if outcome.verdict == Verdict::Met {
        let special = rule.severity_when.iter().find(|case| case.when.verdict(asked) == Verdict::Met);
        outcome.severity = Some(special.map_or(rule.severity, |case| case.severity));
    }
}

/// The year; or the day of the latest inspection; or the last day on which a register said
/// anything else about the figures looked at; or the last day of the register.
fn about(asked: &Asked<'_>, evidence: &Evidence) -> String {
    if let Slot::Year(year) = asked.slot {
        return year.to_string();
    }
    if asked.rule.conditions().any(Condition::asks_inspections)
        && let Ok(latest) = inspections::latest(asked)
    {
        return latest.date.to_string();
    }
    let cited = evidence.figures().filter_map(|figure| figure.cite.as_ref()).map(|cite| crate::model::ReleaseNo(cite.release));
    let reads = asked.rule.reads();
    // by day and not by number: a file about the past may have come last
    let latest = |one: &&ReleaseInfo| (one.period, one.no);
    cited
        .filter_map(|no| asked.world.releases.get(&no))
        .max_by_key(latest)
        .or_else(|| asked.releases().filter(|one| reads.contains(&one.dataset)).max_by_key(latest))
        .map(|one| one.period.to_string())
        .unwrap_or_default()
}
