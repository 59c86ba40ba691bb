//! `ingest` and `read`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::support::program::{Place, Ran};

const REGISTER: &str = "edubasealldata20161003.csv";
const KS4: &str = "2015-2016_england_ks4final.csv";

/// A board's own rule, with a threshold that nobody falls below.
const MINE: &str = r#"
id = "mine"
title = "Of our own"
kind = "local"
source = "The board"

[[rule]]
id = "mine"
version = 1
title = "Low Progress 8"
source = "The board, an example"
asks = "year"
data-from = "2015/16"
enter = { below = { measure = "ks4.p8", than = -1.5 } }
example = true
severity = "notice"

[[rule.case]]
name = "low"
figures = { "ks4.p8" = "-2" }
expect = "met"
"#;

/// The data folder but for what a reader of SQLite leaves beside it.
fn folder(place: &Place) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = place.bytes_below("data");
    files.retain(|path, _| !path.to_string_lossy().ends_with("-shm") && !path.to_string_lossy().ends_with("-wal"));
    files
}

#[test]
fn the_same_bytes_twice_change_nothing() {
    let place = Place::new();
    place.ingest(REGISTER, &[]).ends(0);
    place.ingest(KS4, &[]).ends(0).says("alerts      8");
    let state = |place: &Place| -> Vec<String> {
        ["log", "release list", "release list --output json", "verify"].map(|verb| place.run(verb).ends(0).out).into()
    };
    let before = state(&place);
    place.ingest(KS4, &[]).ends(0).says("nothing changed");
    let lines = place.ingest(KS4, &["--output", "json"]).ends(0).lines();
    assert_eq!((lines.len(), &lines[0]["unchanged"]), (1, &true.into()));
    assert_eq!(state(&place), before);
}

#[test]
fn a_dry_run_prints_the_alerts_and_writes_nothing() {
    let place = Place::new();
    place.ingest(REGISTER, &["--dry-run"]).ends(0).says("288 read").says("dry run");
    assert!(!place.data().exists());

    place.ingest(REGISTER, &[]).ends(0);
    let before = folder(&place);
    place.ingest(KS4, &["--dry-run"]).ends(0).says("raised    900304 ks4-floor-2016");
    let dry = place.ingest(KS4, &["--dry-run", "--output", "json"]).ends(0).lines();
    assert_eq!(folder(&place), before);
    // not under other rules either, which by themselves would lead to an act
    place.own_connectors();
    place.edit("connectors/absence.toml", "id = ", "# another one\nid = ");
    place.ingest(KS4, &["--dry-run", "--config", "settings.toml"]).ends(0).says("raised");
    assert_eq!(folder(&place), before);
    place.run("log").ends(0);

    // what was printed is what is logged when it is done in earnest, but for the time
    place.ingest(KS4, &[]).ends(0);
    let logged = place.run("log").ends(0).lines();
    let told = |events: &[serde_json::Value]| -> Vec<_> {
        events.iter().map(|event| (event["sequence"].clone(), event["type"].clone(), event["data"].clone())).collect()
    };
    assert_eq!(told(&dry[1..]), told(&logged));
}

#[test]
fn alerts_that_an_edited_rule_leads_to_are_told_apart_from_those_of_the_file() {
    let place = Place::new();
    place.write("schemes/mine.toml", MINE);
    place.write("settings.toml", "[files]\nschemes = \"schemes\"\n");
    let own = ["--config", "settings.toml"];
    place.ingest(KS4, &own).ends(0).says("alerts      0");
    place.edit("schemes/mine.toml", "than = -1.5", "than = -0.5");
    let next = "2015-2016_england_abs.csv";
    let dry = place.ingest(next, &["--config", "settings.toml", "--dry-run"]).ends(0);
    dry.says("6 alerts by rule_change").says("raised    900304 mine").says("  alerts      0");
    assert_eq!(place.run("log").ends(0).out, "");
    let lines = place.ingest(next, &["--config", "settings.toml", "--output", "json"]).ends(0).lines();
    assert_eq!((&lines[0]["rule_change"], &lines[0]["alerts"], &lines[1]["alerts"]), (&true.into(), &6.into(), &0.into()));
    assert_eq!(place.run("log").ends(0).lines().len(), 6);
}

#[test]
fn name_and_options_say_what_a_file_is() {
    let place = Place::new();
    let (file, _) = place.file("2016-2017_england_ks4provisional.csv");
    let file = file.to_string_lossy().into_owned();
    let said = |more: &[&str]| {
        let lines = place
            .run_with(&[&["ingest", "--dry-run", "--output=json", "--source=ks4-performance", "--file", &file], more].concat());
        let info = lines.ends(0).lines()[0]["release"]["info"].clone();
        [info["period"].clone(), info["stage"].clone()].map(|value| value.as_str().unwrap().to_owned())
    };
    assert_eq!(said(&[]), ["2016/17", "provisional"]);
    assert_eq!(said(&["--stage", "final"]), ["2016/17", "final"]);
    assert_eq!(said(&["--period", "201617"]), ["2016/17", "provisional"]);
}

#[test]
fn bad_files_end_with_65_and_move_nothing() {
    let place = Place::new();
    place.ingest(REGISTER, &[]).ends(0);
    place.ingest(KS4, &[]).ends(0);
    let log = place.run("log").ends(0).out;
    let cases = [
        ("first_2016-2017_england_ks2final.csv", "held", "missing-column, column `PTRWM_EXP`"),
        ("first_2016-2017_england_abs.csv", "refused", "key-column"),
        ("edubasealldata20181001.csv", "refused", "html-page"),
        ("first_2018-2019_england_ks2final.csv.gz", "refused", "truncated"),
        ("first_2018-2019_england_abs.csv", "refused", "empty-file"),
    ];
    for (name, ends, words) in cases {
        place.ingest(name, &[]).ends(65).says(&format!("{name} was {ends}")).says(words);
        place.ingest(name, &[]).ends(65).says("nothing changed");
    }
    assert_eq!(place.run("log").ends(0).out, log);
    place.run("verify").ends(0);
}

#[test]
fn read_prints_observations_and_sets_rows_aside() {
    let place = Place::new();
    place.file("2017-2018_england_ks2final.csv");
    let file = "files/2017-2018_england_ks2final.csv";
    let ran = place.run_with(&["read", "ks2-performance", file, "--quarantine"]).ends(0);
    let lines = ran.lines();
    let keys: Vec<&str> = lines[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["dataset", "period", "stage", "urn", "part", "measure", "value", "missing", "raw", "row", "column"]);
    assert!(lines.iter().all(|line| line["value"].is_null() != line["missing"].is_null()), "a value or a reason");
    assert!(lines.iter().all(|line| line["period"] == "2017/18" && line["stage"] == "final"));
    let area = lines.iter().find(|line| line["part"] == "england/all").unwrap();
    assert!(area["urn"].is_null());
    let suppressed = lines.iter().find(|line| line["raw"] == "SUPP").unwrap();
    assert_eq!(suppressed["missing"], "suppressed");

    let err = Ran { out: ran.err.clone(), err: String::new(), code: 0 }.lines();
    let [aside, counts] = err.as_slice() else { panic!("{err:?}") };
    assert_eq!((&aside["finding"]["raw"], &aside["finding"]["row"].is_u64()), (&"7l%".into(), &true));
    assert!(aside["cells"].as_array().unwrap().len() > 10);
    let counts = &counts["counts"];
    let skipped: u64 = counts["skipped"].as_object().unwrap().values().map(|rows| rows.as_u64().unwrap()).sum();
    let rows = |name: &str| counts[name].as_u64().unwrap();
    assert_eq!(rows("read"), rows("accepted") + rows("quarantined") + skipped);
    assert_eq!(rows("quarantined"), 1);
    // without the option a line each, for people
    place.run_with(&["read", "ks2-performance", file]).ends(0).says("type-error, row ");
    place.file("first_2016-2017_england_ks2final.csv");
    place.run("read ks2-performance files/first_2016-2017_england_ks2final.csv").ends(65).says("PTRWM_EXP");
    assert!(!place.data().exists());
}
