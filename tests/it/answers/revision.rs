//! A real revision: key stage 4 of 2018/19, provisional and then final.

use std::collections::{BTreeMap, BTreeSet};

use headwater::model::{AlertKind, Stage, Urn};
use headwater::pipeline::ask::{Asker, When, school};
use headwater::store::log;
use rust_decimal::Decimal;

use super::{Real, rows};
use crate::support::corpus;

const RULE: &str = "p8-band-well-below";

fn by_urn(rows: &[BTreeMap<String, String>]) -> BTreeMap<u32, &BTreeMap<String, String>> {
    rows.iter().filter_map(|row| Some((row.get("URN")?.parse().ok()?, row))).collect()
}

fn well_below(row: &BTreeMap<String, String>) -> Option<bool> {
    match row.get("P8_BANDING").map(|band| band.trim()) {
        Some("5" | "Well below average") => Some(true),
        Some("1" | "2" | "3" | "4") => Some(false),
        Some(words) if words.to_lowercase().contains("average") => Some(false),
        _ => None,
    }
}

#[test]
fn final_figures_supersede_provisional_ones_cell_by_cell() {
    let Some(corpus) = corpus::folder("a real revision") else { return };
    let provisional = corpus.join("published/ks4/2018-2019/england_ks4provisional.csv");
    let last = corpus.join("reshaped/ks4/2018-2019/england_ks4final.csv.gz");
    let mut real = Real::new();
    real.accept("ks4-performance", &provisional, "2018/19", Some(Stage::Provisional), "2019-10-17");
    let raised: BTreeSet<u32> = alerts(&real, 0).into_iter().map(|(urn, _, _)| urn).collect();
    let before = real.last_seq();
    let release = real.accept("ks4-performance", &last, "2018/19", Some(Stage::Final), "2020-02-06");

    // the same comparison by reading the two files side by side
    let (old_rows, new_rows) = (rows(&provisional), rows(&last));
    let (old, new) = (by_urn(&old_rows), by_urn(&new_rows));
    let figure = |row: &BTreeMap<String, String>| row.get("P8MEA")?.trim().parse::<Decimal>().ok();
    let limit: Decimal = "-0.5".parse().unwrap();
    let (mut both, mut differ, mut cross) = (0, 0, 0);
    for (urn, row) in &old {
        let Some((was, is)) = figure(row).zip(new.get(urn).and_then(|row| figure(row))) else { continue };
        both += 1;
        differ += u32::from(was != is);
        cross += u32::from((was < limit) != (is < limit));
        if was == is {
            continue;
        }
        // every changed cell: what was known on either day is still told
        if differ % 97 == 0 {
            let known = |day: &str| {
                let when = When { on: None, as_of: Some(day.parse().unwrap()) };
                let engine = &real.engine;
                let asker = Asker::new(&engine.store.db, &engine.setup, &engine.measures, when).unwrap();
                let figures = school::school(&asker, Urn::try_from(*urn).unwrap()).unwrap().figures;
                figures.into_iter().find(|figure| figure.measure == "ks4.p8").and_then(|figure| figure.value)
            };
            assert_eq!(known("2019-12-01").and_then(|value| value.parse().ok()), Some(was), "{urn}");
            assert_eq!(known("2020-03-01").and_then(|value| value.parse().ok()), Some(is), "{urn}");
        }
    }
    println!("Progress 8 in both {both}, different {differ}, across -0.5 {cross}");
    assert_eq!((both, differ, cross), (3_525, 2_497, 19));

    // every alert that rested on a provisional band is withdrawn, unknown, or confirmed
    let news: BTreeMap<u32, AlertKind> = alerts(&real, before)
        .into_iter()
        .map(|(urn, kind, cause)| {
            assert_eq!(cause, "revision", "{urn}");
            (urn, kind)
        })
        .collect();
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for urn in &raised {
        assert_eq!(well_below(old[urn]), Some(true), "{urn} was raised on another band");
        let (expected, word) = match new.get(urn).and_then(|row| well_below(row)) {
            Some(true) => (None, "confirmed"),
            Some(false) => (Some(AlertKind::Withdrawn), "withdrawn"),
            None => (Some(AlertKind::Unknown), "unknown"),
        };
        assert_eq!(news.get(urn).copied(), expected, "{urn}");
        *counts.entry(word).or_default() += 1;
    }
    for (urn, kind) in news.iter().filter(|(urn, _)| !raised.contains(urn)) {
        assert_eq!((*kind, well_below(new[urn])), (AlertKind::Raised, Some(true)), "{urn}");
        *counts.entry("raised").or_default() += 1;
    }
    println!("{} concerns after the provisional release; the final one: {counts:?}", raised.len());
    assert!(counts["withdrawn"] > 0 && counts["confirmed"] > 300);
    let confirmed = release.outcomes[RULE].confirmed;
    assert_eq!(confirmed, counts["confirmed"]);
    assert!(real.explain_every(9, release.info.no) > 3);
    real.verify();
}

/// URN, kind and cause of the alerts of the band rule after `seq`.
fn alerts(real: &Real, seq: i64) -> Vec<(u32, AlertKind, String)> {
    log::after(&real.engine.store.db, seq, u32::MAX)
        .unwrap()
        .into_iter()
        .filter(|entry| entry.rule == RULE)
        .map(|entry| {
            let event: serde_json::Value = serde_json::from_str(&entry.body).unwrap();
            let kind = serde_json::from_value(event["data"]["kind"].clone()).unwrap();
            (entry.urn, kind, event["data"]["cause"].as_str().unwrap().to_owned())
        })
        .collect()
}
