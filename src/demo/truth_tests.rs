//! The truth agrees with itself and with the figures, reckoned here from the text of the rules.

use super::*;
use crate::demo::county::{Phase, School};
use crate::demo::figures::{Absence, Ks2, Ks4, NATIONAL_ABSENCE};
use crate::demo::plant::DAMAGED;
use crate::demo::{Wexcombe, wexcombe};

/// Other counties with the same stories: nothing of the truth hangs on the seed.
fn counties() -> Vec<(County, Truth)> {
    let county = |seed| {
        let county = County::new(seed);
        let truth = Truth::of(&county, &[]);
        (county, truth)
    };
    [crate::demo::SEED, 0, 1, 2, u64::MAX].into_iter().map(county).collect()
}

fn everything() -> (&'static County, &'static [Publication], &'static Truth) {
    let Wexcombe { county, timeline, truth } = wexcombe();
    (county, timeline, truth)
}

#[test]
fn every_planted_school_exists_and_every_story_starts_by_raising() {
    let (county, _, truth) = everything();
    for (urn, plant) in PLANTS {
        assert_eq!(county.get(urn).unwrap().plant, Some(plant));
    }
    let mut first = BTreeMap::new();
    for alert in &truth.alerts {
        first.entry((alert.urn, alert.rule)).or_insert(alert.kind);
        assert!(alert.about.as_ref().is_none_or(|about| !about.is_empty()), "{alert:?}");
    }
    for ((urn, rule), kind) in &first {
        // what goes on with a successor was raised for its predecessor
        let predecessor = county.get(*urn).unwrap().predecessor.and_then(|urn| first.get(&(urn, *rule)));
        let followed = *kind == AlertKind::Followed && predecessor == Some(&AlertKind::Raised);
        assert!(*kind == AlertKind::Raised || followed, "{urn} {rule} {kind}");
    }
    assert!(truth.never_raised.iter().all(|who| !first.contains_key(who)));
    assert!(DAMAGED.iter().all(|(_, _, urn, _)| county.get(*urn).is_some_and(|school| school.plant.is_none())));
    assert_eq!(truth.alerts_by_kind().len(), AlertKind::ALL.len(), "every kind of alert is planted");
}

/// Schools and years in which a rule is met, by the truth.
fn met_by_truth(truth: &Truth, rule: &str) -> BTreeSet<(u32, String)> {
    let met = [AlertKind::Raised, AlertKind::Reopened, AlertKind::Changed, AlertKind::Escalated, AlertKind::Eased];
    let alerts = truth.alerts.iter().filter(|a| a.rule == rule && met.contains(&a.kind));
    // what was withdrawn is not met on the figures that stand at the end
    let withdrawn = |a: &ExpectedAlert| {
        truth.alerts.iter().any(|w| w.kind == AlertKind::Withdrawn && (w.urn, w.rule, &w.about) == (a.urn, a.rule, &a.about))
    };
    alerts.filter(|a| !withdrawn(a)).map(|a| (a.urn, a.about.clone().unwrap())).collect()
}

fn spelled(year: u16) -> String {
    format!("{year}/{:02}", (year + 1) % 100)
}

fn met_by_figures(county: &County, years: &[u16], met: impl Fn(&School, u16) -> bool) -> BTreeSet<(u32, String)> {
    let all = county.schools.iter().flat_map(|s| years.iter().map(move |y| (s, *y)));
    all.filter(|(s, y)| met(s, *y)).map(|(s, y)| (s.urn, spelled(y))).collect()
}

#[test]
fn the_figures_meet_the_rules_on_progress_8_where_the_truth_says_so() {
    for (county, truth) in &counties() {
        let well_below = |school: &School, year| {
            let Ks4::Known { p8, half, .. } = county.ks4(school, year, false) else { return false };
            // nobody is so near to a threshold that rounding could matter
            assert!((p8 + 50).abs() > 5 && (p8 + half).abs() > 0 || p8 > -40, "{} {year} {p8}", school.urn);
            school.phase == Phase::Secondary && p8 < -50 && p8 + half < 0
        };
        let floor = met_by_figures(county, &[2015, 2016, 2017], well_below);
        assert_eq!(floor, met_by_truth(truth, KS4_FLOOR));
        let all = met_by_figures(county, &[2015, 2016, 2017, 2018, 2022, 2023], well_below);
        assert_eq!(all, met_by_truth(truth, WELL_BELOW));
        let banded = all.into_iter().filter(|(_, year)| ("2017/18".."2023/24").contains(&year.as_str()));
        assert_eq!(banded.collect::<BTreeSet<_>>(), met_by_truth(truth, BAND));
    }
}

#[test]
fn the_figures_meet_the_key_stage_2_floor_where_the_truth_says_so() {
    for (county, truth) in &counties() {
        let below = |school: &School, year| {
            let Ks2::Known { eligible, rwm, reading, writing, maths } = county.ks2(school, year) else { return false };
            let low: Vec<_> =
                [(reading, -50), (writing, -70), (maths, -50)].into_iter().filter(|(p, floor)| p.score < *floor).collect();
            let significant = low.len() > 1 || low.iter().all(|(p, _)| p.score + p.half < 0);
            school.phase == Phase::Primary && eligible >= 11 && rwm < 65 && !low.is_empty() && significant
        };
        assert_eq!(met_by_figures(county, &[2015, 2016, 2017], below), met_by_truth(truth, KS2_FLOOR));
    }
}

#[test]
fn persistent_absence_is_above_the_national_figure_where_the_truth_says_so() {
    for (county, truth) in &counties() {
        let above = |school: &School, year: u16| {
            let national = NATIONAL_ABSENCE.iter().find(|(y, _)| *y == year).unwrap().1[school.phase as usize].1;
            // more than five points above; the new URN of an academy has no earlier year
            matches!(county.absence(school, year), Absence::Known { persistent, .. } if persistent > national + 50)
        };
        let two_years = |school: &School, year: u16| above(school, year) && above(school, year - 1);
        assert_eq!(met_by_figures(county, &[2016, 2017, 2018], two_years), met_by_truth(truth, ABSENCE));
    }
}

#[test]
fn planted_schools_are_in_the_files_and_vanished_ones_are_not() {
    let (_, timeline, _) = everything();
    let has = |name: &str, urn: u32| {
        let file = timeline.iter().find(|p| p.file_name == name).unwrap();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file.bytes.as_slice());
        let header = reader.byte_headers().unwrap().clone();
        let key = header.iter().position(|h| h == b"URN").unwrap();
        reader.byte_records().any(|row| row.unwrap().get(key) == Some(urn.to_string().as_bytes()))
    };
    assert!(has("2015-2016_england_ks4final.csv", 900_304));
    assert!(!has("2016-2017_england_ks4final.csv", 900_304));
    assert!(has("2015-2016_england_abs.csv", 900_313) && !has("2015-2016_england_abs.csv", 900_501));
    assert!(!has("2016-2017_england_abs.csv", 900_313) && has("2016-2017_england_abs.csv", 900_501));
    assert!(has("edubasealldata20220905.csv", 900_021) && has("edubasealldata20220905.csv", 900_502));
}
