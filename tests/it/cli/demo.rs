//! `demo --once`, as a program reads it, and what moves at a terminal only.

use std::process::Command;

use crate::support::program::{PROGRAM, Place};

#[test]
fn the_demo_tells_programs_what_it_tells_people() {
    let place = Place::new();
    let lines = place.run("demo --once --output json").ends(0).lines();
    let [first, publications @ .., last] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!(first["publications"], publications.len());
    assert!(publications.iter().any(|line| line["status"] == "held" && line["findings"][0]["code"] == "missing-column"));
    assert!(publications.iter().any(|line| line["fault"].as_str().is_some_and(|fault| fault.contains("html-page"))));
    let sum = |class: &str| publications.iter().map(|line| line[class].as_u64().unwrap()).sum::<u64>();
    let by_kind = |class: &str| last[class].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum::<u64>();
    let all = sum("alerts") + sum("news");
    assert_eq!((last["logged"].as_u64().unwrap(), last["received"].as_u64().unwrap()), (all, all));
    // a notice is no concern, and is never counted as one
    assert_eq!((sum("alerts"), sum("news")), (by_kind("alerts"), by_kind("register") + by_kind("notices")));
    assert!(last["notices"]["new_head"].as_u64() > Some(1) && last["alerts"]["followed"].as_u64() == Some(1), "{last}");
    assert_eq!(last["differences"], serde_json::json!([]));
    assert!(!place.data().exists());
}

#[test]
fn a_bar_is_drawn_at_a_terminal() {
    let place = Place::new();
    place.ingest("2015-2016_england_ks4final.csv", &[]).ends(0);
    let command = format!("{PROGRAM} --data {} verify", place.data().display());
    // `script` gives a program a terminal of its own
    let Ok(done) = Command::new("script").args(["-qec", &command, "/dev/null"]).output() else {
        println!("bars at a terminal: skipped, there is no `script` on this machine");
        return;
    };
    let shown = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && shown.contains('\u{1b}') && shown.contains("looking at the"), "{shown}");
}
