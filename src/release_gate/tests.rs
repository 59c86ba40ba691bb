//! Each check on a release made for it, and a sound one on which all are silent.

use std::collections::BTreeMap;

use super::shape::{Figures, Ordered, Spread};
use super::*;
use crate::connector::GateSpec;
use crate::faults::{Class, Finding};
use crate::model::Counts;
use crate::model::measure::Measure;
use crate::model::{Measures, Period, Stage};

fn measures() -> Measures {
    let text = r#"
["x.rate"]
title = "Rate"
source = "test"
kind = "number"
unit = "percent"
breaks = { "2018/19" = "counted otherwise" }
["x.more"]
title = "Another rate that changed with it"
source = "test"
kind = "number"
breaks = { "2018/19" = "counted otherwise" }
["x.steady"]
title = "A rate that did not"
source = "test"
kind = "number"
"#;
    Measures::new(toml::from_str::<BTreeMap<String, Measure>>(text).unwrap())
}

/// Everything that a judgement looks at, to be spoilt in one place.
#[derive(Clone)]
struct Release {
    period: Period,
    stage: Stage,
    counts: Counts,
    shape: Shape,
    keys: Vec<i64>,
    alarms: Vec<Finding>,
    same_rows: Vec<(Period, f64)>,
    changed: Vec<Changed>,
}

fn sound() -> Release {
    let figures = Figures { mean: 40.0, sd: 10.0, min: 5.0, max: 90.0, fractions: 0 };
    let rate = Spread { column: "RATE".into(), required: true, n: 950, missing: 50, unpublished: 0, figures: Some(figures) };
    let shape = Shape {
        rows: 1000,
        slots: 1,
        key: "URN".into(),
        measures: BTreeMap::from([("x.rate".to_owned(), rate)]),
        ordered: vec![Ordered { lower: "x.rate".into(), upper: "x.more".into(), both: 900, reversed: 3 }],
        ..Shape::default()
    };
    let counts = Counts { read: 1000, accepted: 1000, ..Counts::default() };
    let keys = (900_000..901_000).collect();
    let (period, stage) = ("2016/17".parse().unwrap(), Stage::Final);
    Release { period, stage, counts, shape, keys, alarms: Vec::new(), same_rows: Vec::new(), changed: Vec::new() }
}

fn judged(release: &Release, before: Option<&Release>) -> Judgement {
    let incoming = Incoming {
        dataset: "x",
        period: release.period,
        stage: release.stage,
        counts: &release.counts,
        shape: &release.shape,
        keys: &release.keys,
        alarms: &release.alarms,
        closed_share: None,
        same_rows: &release.same_rows,
        counts_now: before.map(|before| before.period).filter(|period| matches!(period, Period::Day(_))),
        changed: &release.changed,
    };
    let before =
        before.map(|before| Before { shape: &before.shape, keys: &before.keys, period: before.period, stage: before.stage });
    let spec = GateSpec { changed_max: BTreeMap::from([("x.code".to_owned(), 0.05)]), ..GateSpec::default() };
    judge(&spec, &measures(), &incoming, before.as_ref())
}

fn codes(judgement: &Judgement) -> Vec<&str> {
    judgement.findings().iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn a_sound_release_is_accepted_first_and_again() {
    assert_eq!(judged(&sound(), None), Judgement::Accept);
    assert_eq!(judged(&sound(), Some(&sound())), Judgement::Accept);
}

#[test]
fn each_fault_is_held_by_its_own_check_and_says_what_to_do() {
    type Spoil = fn(&mut Release);
    let table: &[(&str, bool, Spoil)] = &[
        ("no-rows", false, |release| (release.shape.rows, release.counts.read) = (0, 0)),
        ("row-count", true, |release| release.shape.rows = 800),
        ("row-count", true, |release| release.shape.rows = 1_600),
        ("key-overlap", true, |release| release.keys.retain(|key| key % 3 == 0)),
        ("missing-values", false, |release| of_rate(release, |rate| (rate.n, rate.missing) = (0, 1_000))),
        ("missing-values", true, |release| of_rate(release, |rate| (rate.n, rate.missing) = (600, 400))),
        ("values-exchanged", false, |release| release.shape.ordered[0].reversed = 800),
        ("percent-as-fraction", false, |release| {
            of_rate(release, |rate| rate.figures = Some(Figures { mean: 0.4, sd: 0.1, min: 0.0, max: 1.0, fractions: 900 }));
        }),
        ("shifted-values", true, |release| {
            of_rate(release, |rate| rate.figures.iter_mut().for_each(|figures| figures.mean = 52.0));
        }),
        ("quarantine-share", false, |release| release.counts.quarantined = 200),
        ("closed-schools", false, |release| release.shape.closed = 100),
        ("same-as-other-period", false, |release| release.same_rows = vec![("2015/16".parse().unwrap(), 0.9)]),
        ("changed-values", true, |release| release.changed = vec![rewritten(60, 1_000)]),
        ("truncated-row", false, |release| release.alarms = vec![Finding::new(Class::Hold, "truncated-row", "ends early")]),
    ];
    for (code, with_before, spoil) in table {
        let mut release = sound();
        spoil(&mut release);
        let judgement = judged(&release, with_before.then(sound).as_ref());
        assert!(matches!(judgement, Judgement::Hold(_)), "{code}: {judgement:?}");
        assert_eq!(codes(&judgement), [*code]);
        let says = &judgement.findings()[0].what;
        assert!(*code == "truncated-row" || says.contains("expected"), "{says}");
    }
}

fn rewritten(changed: u32, compared: u32) -> Changed {
    Changed { measure: "x.code".into(), column: "CODE".into(), compared, changed }
}

#[test]
fn a_rewritten_column_is_told_by_both_counts_and_a_few_changes_are_news() {
    let mut release = sound();
    release.changed = vec![rewritten(990, 1_000)];
    let judgement = judged(&release, Some(&sound()));
    let [finding] = judgement.findings() else { panic!("{judgement:?}") };
    assert_eq!(finding.column.as_deref(), Some("CODE"));
    assert!(
        finding.what.starts_with("990 of the 1000 schools that are in x 2016/17 final too have another `x.code`"),
        "{finding}"
    );
    for (changed, compared) in [(50, 1_000), (9, 10), (0, 0)] {
        release.changed = vec![rewritten(changed, compared)];
        assert_eq!(judged(&release, Some(&sound())), Judgement::Accept, "{changed} of {compared}");
    }
    // what may change in a year may change more in five
    release.period = "2021/22".parse().unwrap();
    release.changed = vec![rewritten(200, 1_000)];
    assert_eq!(judged(&release, Some(&sound())), Judgement::Accept);
}

fn of_rate(release: &mut Release, spoil: fn(&mut Spread)) {
    release.shape.measures.values_mut().for_each(spoil);
}

#[test]
fn what_is_not_this_release_at_all_is_refused() {
    let mut keyless = sound();
    keyless.shape.keyless = 900;
    assert!(matches!(judged(&keyless, None), Judgement::Refuse(_)));
    let mut provisional = sound();
    provisional.stage = Stage::Provisional;
    assert_eq!(codes(&judged(&provisional, Some(&sound()))), ["stale-release"]);
    assert!(matches!(judged(&provisional, Some(&sound())), Judgement::Refuse(_)));
    let (mut monday, mut tuesday) = (sound(), sound());
    (monday.period, tuesday.period) = ("2024-06-17".parse().unwrap(), "2024-06-18".parse().unwrap());
    assert_eq!(codes(&judged(&monday, Some(&tuesday))), ["stale-release"]);
    assert!(matches!(judged(&monday, Some(&tuesday)), Judgement::Hold(_)), "a person may fill in history");
    assert_eq!(judged(&tuesday, Some(&monday)), Judgement::Accept);
}

#[test]
fn a_measure_that_changed_its_meaning_is_not_compared_with_itself() {
    let mut later = sound();
    later.period = "2018/19".parse().unwrap();
    of_rate(&mut later, |rate| rate.figures.iter_mut().for_each(|figures| figures.mean = 90.0));
    assert_eq!(judged(&later, Some(&sound())), Judgement::Accept);
    later.period = "2017/18".parse().unwrap();
    assert_eq!(codes(&judged(&later, Some(&sound()))), ["shifted-values"]);
}

#[test]
fn an_order_that_holds_since_a_change_of_meaning_is_not_asked_of_the_years_before() {
    let mut release = sound();
    release.shape.ordered[0].upper = "x.steady".into();
    release.shape.ordered[0].reversed = 800;
    assert_eq!(judged(&release, None), Judgement::Accept);
    release.period = "2018/19".parse().unwrap();
    assert_eq!(codes(&judged(&release, None)), ["values-exchanged"]);
}

#[test]
fn a_year_in_which_nobody_has_a_figure_is_no_fault() {
    let mut release = sound();
    of_rate(&mut release, |rate| (rate.n, rate.missing, rate.unpublished, rate.figures) = (0, 0, 1_000, None));
    assert_eq!(judged(&release, Some(&sound())), Judgement::Accept);
}

#[test]
fn longer_gaps_may_lose_more_schools() {
    let mut later = sound();
    later.keys.retain(|key| key % 10 < 6);
    later.period = "2017/18".parse().unwrap();
    assert_eq!(codes(&judged(&later, Some(&sound()))), ["key-overlap"]);
    later.period = "2022/23".parse().unwrap();
    assert_eq!(judged(&later, Some(&sound())), Judgement::Accept);
}

#[test]
fn a_shape_survives_the_store() {
    let shape = sound().shape;
    let json = serde_json::to_string(&shape).unwrap();
    assert_eq!(serde_json::from_str::<Shape>(&json).unwrap(), shape);
}
