//! What waits for a person: held releases and rows set aside.

use crate::support::program::Place;

#[test]
fn a_renamed_column_is_mended_by_a_manifest_of_ones_own() {
    let place = Place::new();
    place.ingest("2015-2016_england_ks2final.csv", &[]).ends(0);
    let held = "first_2016-2017_england_ks2final.csv";
    // the name that was not there a year before, not the one that looks more alike
    place.ingest(held, &[]).ends(65).says("most likely renamed to `PTRWM_EXPECTED`");
    place.run("release show 2").ends(0).says("held").says("PTRWM_EXPECTED");
    let waiting = place.run("release list --held --output json").ends(0).lines();
    assert_eq!((waiting.len(), &waiting[0]["info"]["no"]), (1, &2.into()));
    // nobody can accept what cannot be read
    let acts = place.run("verify").ends(0).out;
    place.run("release accept 2").ends(65).says("cannot be accepted as it is").says("PTRWM_EXPECTED");
    assert_eq!(place.run("verify").ends(0).out, acts);

    place.own_connectors();
    place.edit("connectors/ks2-performance.toml", "\"PTRWM_EXP\"", "\"PTRWM_EXP\", \"PTRWM_EXPECTED\"");
    place.ingest(held, &["--config", "settings.toml"]).ends(0).says("accepted");
    assert_eq!(place.run("release list --held").ends(0).out, "", "it came again, so nothing waits");
    place.run("release list").ends(0).says("(came again as release");
    place.run("--config settings.toml verify").ends(0);
    place.run("replay --into copy").ends(0).says("identical");
}

#[test]
fn half_a_file_cannot_be_accepted_over_the_whole_one() {
    let place = Place::new();
    place.ingest("2016-2017_england_ks4provisional.csv", &[]).ends(0);
    place.ingest("first_2016-2017_england_ks4final.csv", &[]).ends(65).says("`headwater release accept 2`");
    place.ingest("2016-2017_england_ks4final.csv", &[]).ends(0);
    place.run("release accept 2").ends(65).says("overtaken by release 3").says("release refuse 2");
    place.run("release refuse 2").ends(0);
    assert_eq!(place.run("release list --held").ends(0).out, "");
    place.run("verify").ends(0);
}

#[test]
fn half_a_file_moves_nothing_until_a_person_accepts_it() {
    let place = Place::new();
    for name in ["edubasealldata20161003.csv", "2015-2016_england_ks4final.csv", "2016-2017_england_ks4provisional.csv"] {
        place.ingest(name, &[]).ends(0);
    }
    let school = |place: &Place| place.run("school 900302 --output json").ends(0).out;
    let (log, before) = (place.run("log").ends(0).out, school(&place));
    place.ingest("first_2016-2017_england_ks4final.csv", &[]).ends(65).says("row-count").says("key-overlap");
    assert_eq!((place.run("log").ends(0).out, school(&place)), (log.clone(), before.clone()));

    place.run("release accept 4").ends(0).says("accepted");
    let after = place.run("log").ends(0).out;
    assert!(after.starts_with(&log) && after.len() > log.len(), "the log grows and is never rewritten");
    assert!(after.contains("headwater.concern.withdrawn.v1"));
    assert_ne!(school(&place), before);
    place.run("release list").ends(0).says("(by a person, as release 5)");
    place.run("release accept 4").ends(65).says("waits for a decision");
    place.run("release show 99").ends(65).says("release list");
    place.run("verify").ends(0).says("all as it must be");
    let replayed = place.run("replay --into copy --output json").ends(0).lines();
    assert_eq!(replayed[0]["identical"], true);
    place.run("replay --into copy").ends(64).says("is not empty");
}

#[test]
fn what_a_person_refuses_waits_no_longer_and_moves_nothing() {
    let place = Place::new();
    place.ingest("2016-2017_england_ks4provisional.csv", &[]).ends(0);
    place.ingest("first_2016-2017_england_ks4final.csv", &[]).ends(65);
    let log = place.run("log").ends(0).out;
    let lines = place.run("release refuse 2 --output json").ends(0).lines();
    assert_eq!(lines[0]["alerts"], 0);
    assert_eq!(place.run("release list --held").ends(0).out, "");
    place.run("release list").ends(0).says("refused").says("(by a person)");
    // and it is not offered to that person a second time
    place.ingest("first_2016-2017_england_ks4final.csv", &[]).says("nothing changed");
    assert_eq!(place.run("release list --held").ends(0).out, "");
    assert_eq!(place.run("log").ends(0).out, log);
    place.run("verify").ends(0);
}

#[test]
fn rows_set_aside_are_listed_with_place_and_reason() {
    let place = Place::new();
    place.ingest("2017-2018_england_ks2final.csv", &[]).ends(0).says("1 set aside");
    place.run("quarantine list").ends(0).says("type-error, row ").says("`7l%`");
    let lines = place.run("quarantine list --output json").ends(0).lines();
    assert_eq!(lines.len(), 1);
    let (release, no) = (lines[0]["release"].as_i64().unwrap(), lines[0]["no"].as_i64().unwrap());
    place.run(&format!("quarantine show {release} {no}")).ends(0).says("7l%").says("900200");
    let shown = place.run(&format!("quarantine show {release} {no} --output json")).ends(0).lines();
    assert_eq!(shown, lines);
    assert_eq!(place.run("quarantine list --release 99").ends(0).out, "");
    place.run(&format!("quarantine show {release} 99")).ends(65).says("quarantine list");
}
