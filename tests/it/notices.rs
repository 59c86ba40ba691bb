//! Supportive notices: who has no ties, and with whom nobody works, as a partnership's own file
//! counts that.

use serde_json::Value;

use crate::support::program::{Place, Ran};
use crate::support::town;

const PARTNERSHIP: &str = r#"
id = "wexcombe"
title = "Wexcombe Partnership"

[area]
las = ["990"]

[coverage]
window-months = 6
counts = ["trust", "visit"]

[isolation]
tracked = ["trust", "federation"]
"#;

const VISIT: &str = r#"
[[relationship]]
urn = 900001
kind = "visit"
with = "the alliance"
on = "2024-05-20"
"#;

fn run(place: &Place, args: &[&str]) -> Ran {
    let config = place.path("headwater.toml").to_string_lossy().into_owned();
    place.run_with(&[&["--config", &config], args].concat())
}

/// Takes an extract of another day in, under the partnership's file as it is now.
fn next_day(place: &Place, partnership: &str, day: &str) {
    place.write("partnerships/wexcombe.toml", partnership);
    place.write("headwater.toml", "[files]\npartnerships = \"partnerships\"\n");
    // rolls move from day to day
    let text = town::register(town::SUMMER).replace(",200,", &format!(",2{},", &day[8..]));
    let file = place.write(&format!("register-{day}.csv"), text).to_string_lossy().into_owned();
    run(place, &["ingest", "--source", "gias-establishments", "--file", &file, "--period", day, "--published", day]).ends(0);
}

/// Kind, school and cause of the notices of a partnership from a place of the log on.
fn notices(place: &Place, from: usize) -> Vec<(String, String, String)> {
    let log = run(place, &["log"]).ends(0).out;
    log.lines()
        .skip(from)
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|event| event["data"]["partnership"] == "wexcombe")
        .map(|event| {
            assert_eq!(event["data"]["audience"], "support", "{event}");
            assert!(event["type"].as_str().unwrap().starts_with("headwater.notice."), "{event}");
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (text(&event["data"]["kind"]), text(&event["subject"]), text(&event["data"]["cause"]))
        })
        .collect()
}

#[test]
fn each_notice_is_told_once_with_every_part_of_its_answer_and_once_when_it_has_ended() {
    let place = town::place();
    let told = run_lines(&place);
    next_day(&place, PARTNERSHIP, "2024-06-18");
    let first = notices(&place, told);
    let schools =
        |kind: &str| -> Vec<&str> { first.iter().filter(|(what, ..)| what == kind).map(|(_, urn, _)| urn.as_str()).collect() };
    // 900006 is no school of which one could tell, 900004 and 900005 are closed
    assert_eq!(schools("isolated"), ["900001", "900003", "900007", "900012", "900014"]);
    assert_eq!(schools("coverage_gap"), ["900001", "900003", "900007", "900012", "900014"]);
    assert!(first.iter().all(|(.., cause)| cause == "rule_change"), "the file came, not the schools: {first:?}");

    // nothing changed: nothing is told
    let told = run_lines(&place);
    next_day(&place, PARTNERSHIP, "2024-06-19");
    assert_eq!(notices(&place, told), []);

    // somebody was there
    next_day(&place, &format!("{PARTNERSHIP}{VISIT}"), "2024-06-20");
    assert_eq!(notices(&place, told), [("covered".to_owned(), "900001".to_owned(), "rule_change".to_owned())]);

    // half a year later that no longer counts
    let told = run_lines(&place);
    next_day(&place, &format!("{PARTNERSHIP}{VISIT}"), "2024-12-02");
    assert_eq!(notices(&place, told), [("coverage_gap".to_owned(), "900001".to_owned(), "new_release".to_owned())]);

    let last = run(&place, &["log", "--output", "json"]).ends(0).out;
    let last: Value = serde_json::from_str(last.lines().last().unwrap()).unwrap();
    insta::assert_json_snapshot!("coverage_gap", last["data"]);
    let explained = run(&place, &["explain", last["id"].as_str().unwrap()]).ends(0).out;
    assert!(explained.contains("computed again from the raw bytes: the same"), "{explained}");
    run(&place, &["verify"]).ends(0);
    let again = place.path("again").to_string_lossy().into_owned();
    run(&place, &["replay", "--into", &again]).ends(0);
}

fn run_lines(place: &Place) -> usize {
    place.run_with(&["log"]).ends(0).out.lines().count()
}
