//! `school`, `explain` and `log`.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;
use std::sync::LazyLock;

use serde_json::Value;

use crate::support::program::Place;

/// Two years of key stage 4, a revision among them: 900302 is raised and withdrawn.
static REVISED: LazyLock<Place> = LazyLock::new(|| {
    let place = Place::new();
    for name in [
        "edubasealldata20161003.csv",
        "2015-2016_england_ks4final.csv",
        "2016-2017_england_ks4provisional.csv",
        "2016-2017_england_ks4final.csv",
    ] {
        place.ingest(name, &[]).ends(0);
    }
    place
});

#[test]
fn a_school_is_shown_as_it_was_known_on_a_day() {
    let figure = |day: &str| -> (String, String) {
        let view = &REVISED.run(&format!("school 900302 --as-of {day} --output json")).ends(0).lines()[0];
        let figures = view["figures"].as_array().unwrap();
        let figure = figures.iter().find(|f| f["measure"] == "ks4.p8" && f["period"] == "2016/17");
        let figure = figure.unwrap_or(&Value::Null);
        let text = |key: &str| figure[key].as_str().unwrap_or("-").to_owned();
        (text("value"), text("release_name"))
    };
    assert_eq!(figure("2017-10-11"), ("-".into(), "-".into()));
    assert_eq!(figure("2017-10-12"), ("-0.58".into(), "ks4 2016/17 provisional v1".into()));
    assert_eq!(figure("2018-01-24").0, "-0.58");
    assert_eq!(figure("2018-01-25"), ("-0.38".into(), "ks4 2016/17 final v1".into()));
    REVISED.run("school 900302").ends(0).says("Harlowbeck School").says("concern ks4-floor-2016/900302: withdrawn");
    REVISED.run("school 900302 --as-of 2015-01-01").ends(65).says("nothing was known about 900302 on 2015-01-01");
    REVISED.run("school 999999").ends(65);
}

#[test]
fn an_alert_is_explained_by_id_sequence_or_concern_down_to_the_cell() {
    let log = REVISED.run("log").ends(0).lines();
    let raised =
        log.iter().find(|event| event["subject"] == "900302" && event["data"]["rule"]["id"] == "ks4-floor-2016").unwrap();
    let (id, seq) = (raised["id"].as_str().unwrap(), raised["sequence"].as_str().unwrap().trim_start_matches('0').to_owned());
    let by_id = REVISED.run(&format!("explain {id}")).ends(0).says("row 3, column P8MEA, token `-0.58` (read again: the same)");
    assert_eq!(REVISED.run(&format!("explain {seq}")).ends(0).out, by_id.out);
    REVISED.run("explain ks4-floor-2016/900302").ends(0).says("withdrawn").says("cause     revision").says("token `-0.38`");
    let explained = &REVISED.run(&format!("explain {seq} --output json")).ends(0).lines()[0];
    assert_eq!((&explained["same"], &explained["alert"]["id"]), (&true.into(), &id.into()));
    assert!(explained["cells"].as_array().unwrap().iter().all(|cell| cell["same"] == true));
    for nothing in ["99999", "ks4-floor-2016/900001", "nonsense"] {
        REVISED.run(&format!("explain {nothing}")).ends(65).says("headwater log");
    }
}

#[test]
fn the_log_begins_where_it_is_told() {
    let all = REVISED.run("log").ends(0).out;
    let lines: Vec<&str> = all.lines().collect();
    let from = |seq: usize| REVISED.run(&format!("log --from {seq}")).ends(0).out;
    assert_eq!(from(3), lines[2..].iter().map(|line| format!("{line}\n")).collect::<String>());
    assert_eq!((from(0), from(1), from(lines.len() + 1)), (all.clone(), all.clone(), String::new()));
    for (n, event) in REVISED.run("log --output json").ends(0).lines().iter().enumerate() {
        assert_eq!((&event["specversion"], &event["sequence"]), (&"1.0".into(), &format!("{:020}", n + 1).into()));
    }
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    for arguments in [vec!["log"], vec!["log", "--follow"], vec!["school", "900302"], vec!["release", "list", "--output", "json"]]
    {
        let mut child = REVISED.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut out = BufReader::with_capacity(16, child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        assert!(!line.is_empty());
        drop(out);
        // a follower that is quiet finds out all the same
        let status = child.wait().unwrap();
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert!(status.success() && err.is_empty(), "{arguments:?}: {status} {err}");
    }
}

#[test]
fn a_follower_sees_what_comes() {
    let place = Place::new();
    place.ingest("edubasealldata20161003.csv", &[]).ends(0);
    let mut child = place.command(&["log", "--follow"]).stdout(Stdio::piped()).spawn().unwrap();
    place.ingest("2015-2016_england_ks4final.csv", &[]).ends(0);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().take(8).map(Result::unwrap);
    let urns: Vec<Value> = lines.map(|line| serde_json::from_str::<Value>(&line).unwrap()["subject"].clone()).collect();
    assert_eq!(urns.len(), 8);
    assert_eq!(urns[0], "900304");
    // the pipe is closed: it ends by itself
    assert!(child.wait().unwrap().success());
}

#[test]
fn nothing_that_moves_is_drawn_where_there_is_no_terminal() {
    let ran = REVISED.run("verify").ends(0);
    assert!(ran.err.is_empty() && !ran.out.contains('\u{1b}'), "{ran:?}");
    let found = &REVISED.run("verify --output json").ends(0).lines()[0];
    assert_eq!(found["problems"], serde_json::json!([]));
}
