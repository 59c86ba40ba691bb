//! Invariant I1 over whole rules: whatever figure is replaced by a reason, a rule that was met or
//! not met says the same as before or unknown, and never the opposite.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::cases::Small;
use super::pack::tests::repository;
use super::rule::{Case, Expect, Figures};
use super::{Condition, Rule, RuleSet};
use crate::model::fact::dataset_of;
use crate::model::measure::MeasureKind;
use crate::model::{AcademicYear, Measures, Missing, Verdict};

/// Reasons that hide a figure; `no-inspection` and the like are statements of their own.
const HIDING: [Missing; 5] =
    [Missing::Suppressed, Missing::Blank, Missing::Unreliable, Missing::NotRecorded, Missing::NotAvailable];

/// A token for a measure, near the thresholds that the packs have.
fn token(measures: &Measures, id: &str) -> BoxedStrategy<String> {
    let measure = measures.get(id).unwrap();
    match measure.kind {
        MeasureKind::Number if id.starts_with("ks2.eligible") || id == "ks4.pupils" => {
            (4u32..20).prop_map(|n| n.to_string()).boxed()
        }
        MeasureKind::Number if id == "ks2.rwm-expected" => (60u32..70).prop_map(|n| n.to_string()).boxed(),
        MeasureKind::Number if id.starts_with("absence") => (0u32..30).prop_map(|n| n.to_string()).boxed(),
        MeasureKind::Number => (-90i32..20).prop_map(|tenths| format!("{:.1}", f64::from(tenths) / 10.0)).boxed(),
        MeasureKind::Category => proptest::sample::select(measure.values.clone()).boxed(),
        MeasureKind::Date => (2010u16..2027, 1u8..13).prop_map(|(year, month)| format!("{year}-{month:02}-11")).boxed(),
        MeasureKind::Text => Just("CY".to_owned()).boxed(),
    }
}

fn figures(measures: &Measures, ids: &[String]) -> BoxedStrategy<Figures> {
    let tokens: Vec<_> = ids.iter().map(|id| token(measures, id)).collect();
    let ids = ids.to_vec();
    tokens.prop_map(move |tokens| ids.iter().cloned().zip(tokens).collect()).boxed()
}

/// Every measure that an answer can rest on, with limits and with both blocks of inspections.
fn read_by(rule: &Rule, measures: &Measures) -> Vec<String> {
    let mut ids = rule.measures();
    for id in ids.clone() {
        ids.extend(measures.get(&id).and_then(|one| one.interval.as_ref()).map(|ends| ends.upper.clone()));
        if let Some(area) = id.strip_prefix("ofsted.") {
            ids.insert(format!("ofsted.previous-{area}"));
        }
    }
    ids.into_iter().filter(|id| measures.get(id).is_some()).collect()
}

fn marked(condition: &Condition, out: &mut Vec<String>) {
    match condition {
        Condition::All(list) | Condition::Any(list) => list.iter().for_each(|one| marked(one, out)),
        Condition::Not(one) => marked(one, out),
        Condition::Marked(leaf) => out.push(leaf.measure.clone()),
        _ => {}
    }
}

/// A case with figures in the slot asked about, in the year before, in an earlier file, of areas
/// and of a predecessor.
fn case(rule: &Rule, measures: &Measures) -> BoxedStrategy<Case> {
    let ids = read_by(rule, measures);
    let yearly: Vec<String> = ids.iter().filter(|id| dataset_of(id) != "gias").cloned().collect();
    let year = rule.data_from;
    let areas =
        ["england/primary", "england/secondary"].map(|part| figures(measures, &yearly).prop_map(move |f| (part.to_owned(), f)));
    let [primary, secondary] = areas;
    (
        figures(measures, &ids),
        figures(measures, &yearly),
        proptest::collection::vec(figures(measures, &ids), 0..3),
        proptest::collection::vec(figures(measures, &ids), 0..3),
        primary,
        secondary,
    )
        .prop_map(move |(now, last, earlier, predecessors, primary, secondary)| {
            let areas: BTreeMap<String, Figures> = [primary, secondary].into_iter().collect();
            let years = |back: u16| year.map(|year: AcademicYear| year.back(back));
            Case {
                name: "drawn".into(),
                year,
                figures: now,
                years: years(1).map(|year| (year, last.clone())).into_iter().collect(),
                earlier,
                areas: [0, 1].into_iter().filter_map(|back| Some((years(back)?, areas.clone()))).collect(),
                predecessors,
                expect: Expect::Met,
                severity: None,
            }
        })
        .boxed()
}

/// Every figure of a case that can be hidden.
fn all_figures(case: &mut Case) -> Vec<&mut Figures> {
    let Case { figures, years, earlier, areas, predecessors, .. } = case;
    let mut all = vec![figures];
    all.extend(years.values_mut());
    all.extend(earlier);
    all.extend(areas.values_mut().flat_map(|parts| parts.values_mut()));
    all.extend(predecessors);
    all
}

#[test]
fn a_hidden_figure_never_turns_an_answer_round() {
    let Some((measures, packs)) = repository() else {
        println!("a_hidden_figure_never_turns_an_answer_round: there is no config/measures.toml");
        return;
    };
    let rules = RuleSet::load(&packs, &measures).unwrap_or_else(|faults| panic!("{faults}"));
    for rule in rules.rules() {
        let mut exempt = Vec::new();
        rule.scope.iter().for_each(|scope| marked(scope, &mut exempt));
        let seen = std::cell::RefCell::new(BTreeMap::<Verdict, u32>::new());
        let strategy = (case(rule, &measures), any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..HIDING.len());
        let mut runner = TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() });
        let result = runner.run(&strategy, |(mut case, whose, which, why)| {
            let small = Small::build(rule, &case, &measures).unwrap();
            let before = small.assess(rule);
            *seen.borrow_mut().entry(before.verdict).or_default() += 1;
            let mut all = all_figures(&mut case);
            let figures = whose.get_mut(&mut all);
            let place = which.index(figures.len().max(1));
            let Some((id, token)) = figures.iter_mut().nth(place) else { return Ok(()) };
            if exempt.contains(id) {
                return Ok(());
            }
            let hidden = format!("{id} was {token}");
            *token = HIDING[why].code().to_owned();
            let after = Small::build(rule, &case, &measures).unwrap().assess(rule);
            prop_assert!(
                after.verdict == Verdict::Unknown || after.verdict == before.verdict,
                "{}: {} became {} when {hidden}: {:?} {:?}",
                rule.id,
                before.verdict,
                after.verdict,
                before.because,
                after.because
            );
            // what is unknown says why
            prop_assert!(!after.because.is_empty(), "{}: {} without a reason", rule.id, after.verdict);
            Ok(())
        });
        if let Err(error) = result {
            panic!("{error}");
        }
        println!("{}: {:?}", rule.id, seen.borrow());
    }
}
