//! Every kind of fault is found, and a faultless run has none.

use super::*;
use crate::demo::wexcombe;

/// What a pipeline without fault would report.
fn faultless(truth: &Truth) -> Observed {
    let alerts = truth.alerts.iter().map(|a| ObservedAlert {
        urn: a.urn,
        rule: a.rule.to_owned(),
        kind: a.kind.word().to_owned(),
        cause: a.cause.word().to_owned(),
        about: a.about.clone().unwrap_or_default(),
    });
    let news = truth.news.iter().map(|n| ObservedNews {
        urn: n.urn,
        event_type: format!("headwater.{}.{}.v1", n.kind.class().word(), n.kind),
        about: n.day.to_string(),
    });
    let releases = truth.releases.iter().map(|r| ObservedRelease {
        file_name: r.file_name.clone(),
        outcome: r.outcome,
        rows: r.rows.unwrap_or_default(),
    });
    let unanswered = truth.unanswered.iter().map(|(urn, rule)| (*urn, (*rule).to_owned()));
    Observed {
        alerts: alerts.collect(),
        news: news.collect(),
        releases: releases.collect(),
        unanswered: Some(unanswered.collect()),
    }
}

#[test]
fn a_faultless_report_has_no_difference_and_each_fault_has_one() {
    let truth = &wexcombe().truth;
    let good = faultless(truth);
    assert_eq!(check(truth, &good), Vec::<String>::new());

    let mut lost = good.clone();
    lost.alerts.remove(3);
    let mut twice = good.clone();
    twice.alerts.push(twice.alerts[0].clone());
    let mut untold = good.clone();
    untold.news.pop();
    let mut told_twice = good.clone();
    told_twice.news.push(told_twice.news[0].clone());
    let mut another_day = good.clone();
    another_day.news[0].about = "2017-10-17".to_owned();
    let mut no_news = good.clone();
    no_news.news.push(ObservedNews { urn: 900_043, ..good.news[0].clone() });
    let mut other_cause = good.clone();
    other_cause.alerts[0].cause = "rule_change".to_owned();
    let mut background = good.clone();
    background.alerts.push(ObservedAlert { urn: 900_150, ..good.alerts[0].clone() });
    let mut let_in = good.clone();
    let held = let_in.releases.iter_mut().find(|r| r.outcome == Expect::Held).unwrap();
    held.outcome = Expect::Accepted;
    let mut lost_row = good.clone();
    lost_row.releases[0].rows.accepted -= 1;
    let mut told = good.clone();
    told.unanswered = Some(BTreeSet::new());
    for (fault, name) in [
        (told, "told"),
        (untold, "untold news"),
        (told_twice, "news told twice"),
        (another_day, "news of another day"),
        (no_news, "news of a school that has none"),
        (lost, "lost"),
        (twice, "twice"),
        (other_cause, "cause"),
        (background, "background"),
        (let_in, "let in"),
        (lost_row, "lost row"),
    ] {
        assert!(!check(truth, &fault).is_empty(), "{name}");
    }
}
