//! Rules in plain English, from the same tree that decides: for the evidence and the handbook.

use std::fmt::Write;

use rust_decimal::Decimal;

use super::compare::Side;
use super::judgement::Which;
use super::logic::{ALL, ANY, NOT};
use super::rule::{Asks, PredecessorPolicy, Rule};
use super::{Condition, RuleSet};
use crate::model::Measures;
use crate::model::measure::Unit;

/// The lines of a condition, each with its depth in the tree.
pub fn lines(condition: &Condition, measures: &Measures) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    write_lines(condition, measures, 0, &mut out);
    out
}

fn write_lines(condition: &Condition, measures: &Measures, depth: usize, out: &mut Vec<(usize, String)>) {
    let (says, parts): (String, &[Condition]) = match condition {
        Condition::All(list) => (ALL.to_owned(), list),
        Condition::Any(list) => (ANY.to_owned(), list),
        Condition::Not(one) => (NOT.to_owned(), std::slice::from_ref(one)),
        Condition::Several(several) => (several.says(), &several.of),
        Condition::ForPeriods(leaf) => (leaf.says(), std::slice::from_ref(&leaf.condition)),
        Condition::Below(leaf) => (leaf.says(Side::Below, measures), &[]),
        Condition::Above(leaf) => (leaf.says(Side::Above, measures), &[]),
        Condition::AtLeast(leaf) => (leaf.says(measures), &[]),
        Condition::SignificantlyBelow(leaf) => (leaf.says(measures), &[]),
        Condition::JudgementIs(leaf) => (leaf.says(Which::Latest, measures), &[]),
        Condition::JudgementWas(leaf) => (leaf.says(Which::Before, measures), &[]),
        Condition::CategoryIs(leaf) => (leaf.says(measures), &[]),
        Condition::Marked(leaf) => (leaf.says(measures), &[]),
    };
    out.push((depth, says));
    for part in parts {
        write_lines(part, measures, depth + 1, out);
    }
}

/// The handbook of all rules, as Markdown.
pub fn handbook(rules: &RuleSet, measures: &Measures) -> String {
    let mut out = String::from("# Rules\n");
    for pack in rules.packs() {
        let _ = write!(out, "\n## {}\n\n{}\n", pack.title, pack.source);
        for rule in rules.rules().filter(|rule| rules.pack_of(&rule.id) == Some(pack)) {
            write_rule(rule, measures, &mut out);
        }
    }
    out
}

fn write_rule(rule: &Rule, measures: &Measures, out: &mut String) {
    let _ = write!(out, "\n### {} (`{}`, version {})\n\nSource: {}\n\n", rule.title, rule.id, rule.version, rule.source);
    if rule.example {
        out.push_str("The thresholds are examples: no law or policy fixes them.\n\n");
    }
    match (rule.asks, rule.data_from, rule.data_to) {
        (Asks::AsAt, ..) => out.push_str("Asked about how things stand.\n\n"),
        (Asks::Year, None, None) => out.push_str("Asked about every academic year.\n\n"),
        (Asks::Year, Some(from), None) => drop(write!(out, "Asked about academic years from {from}.\n\n")),
        (Asks::Year, None, Some(to)) => drop(write!(out, "Asked about academic years to {to}.\n\n")),
        (Asks::Year, Some(from), Some(to)) => drop(write!(out, "Asked about academic years {from} to {to}.\n\n")),
    }
    if let Some(scope) = &rule.scope {
        out.push_str("It speaks about a school if:\n\n");
        write_list(scope, measures, out);
    }
    let _ = write!(out, "It is met ({}) if:\n\n", rule.severity);
    write_list(&rule.enter, measures, out);
    for case in &rule.severity_when {
        let _ = write!(out, "It is {} if:\n\n", case.severity);
        write_list(&case.when, measures, out);
    }
    out.push_str("A missing figure makes the answer unknown.");
    if rule.predecessor == PredecessorPolicy::Unique {
        out.push_str(" The past of a school's only predecessor counts as its own.");
    }
    out.push('\n');
}

fn write_list(condition: &Condition, measures: &Measures, out: &mut String) {
    for (depth, says) in lines(condition, measures) {
        let _ = writeln!(out, "{}- {says}", "  ".repeat(depth));
    }
    out.push('\n');
}

/// A number in the unit of a measure: `62 %`, `-0.51`, `11 pupils`.
pub fn amount(measures: &Measures, measure: &str, number: Decimal) -> String {
    match measures.get(measure).map_or(Unit::None, |one| one.unit) {
        Unit::Percent => format!("{number} %"),
        Unit::Points => format!("{number} points"),
        Unit::Pupils => format!("{number} pupils"),
        Unit::Pounds => format!("£{number}"),
        Unit::Years => format!("{number} years"),
        Unit::None | Unit::Score | Unit::Ratio => number.to_string(),
    }
}

/// A difference between two figures of a measure: of percentages in percentage points.
pub fn difference(measures: &Measures, measure: &str, number: Decimal) -> String {
    match measures.get(measure).map_or(Unit::None, |one| one.unit) {
        Unit::Percent => format!("{number} percentage points"),
        _ => amount(measures, measure, number),
    }
}

/// `requires-improvement` → "requires improvement".
pub fn plain(value: &str) -> String {
    if value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        value.replace('-', " ")
    } else {
        value.to_owned()
    }
}

/// "a, b or c".
pub fn either(values: &[String]) -> String {
    match values {
        [] => "nothing".to_owned(),
        [one] => plain(one),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|value| plain(value)).collect();
            format!("{} or {}", first.join(", "), plain(last))
        }
    }
}

/// For a title inside a sentence; names such as "KS2" stay as they are.
pub fn lower_first(title: &str) -> String {
    let mut chars = title.chars();
    match (chars.next(), title.chars().nth(1)) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(chars).collect(),
        _ => title.to_owned(),
    }
}
