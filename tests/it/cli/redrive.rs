//! A row that was set aside goes in once its connector can read it.

use crate::support::program::Place;

#[test]
fn a_row_set_aside_goes_in_after_its_connector_is_mended() {
    let place = Place::new();
    place.ingest("2018-2019_england_abs.csv", &[]).ends(0).says("1 set aside");
    let aside = place.run("quarantine list --output json").ends(0).lines();
    assert_eq!((aside.len(), &aside[0]["finding"]["raw"]), (1, &"#N/A".into()), "{aside:?}");
    place.run("quarantine show 1 1").ends(0).says("900201");
    place.run("quarantine redrive 1").ends(0).says("nothing changed");
    place.run("quarantine redrive 7").ends(65).says("release list");

    place.own_connectors();
    place.edit("connectors/absence.toml", "\"NR\" = \"not-recorded\"", "\"NR\" = \"not-recorded\", \"#N/A\" = \"not-available\"");
    place.run("--config settings.toml quarantine redrive 1").ends(0).says("accepted").says("0 set aside");
    let school = place.run("--config settings.toml school 900201 --output json").ends(0).lines();
    let figures = school[0]["figures"].as_array().unwrap();
    let figure = figures.iter().find(|figure| figure["raw"] == "#N/A").unwrap();
    assert_eq!((&figure["missing"], &figure["value"]), (&"not-available".into(), &serde_json::Value::Null));

    // twice is once
    place.run("--config settings.toml quarantine redrive 1").ends(65).says("release list");
    place.run("--config settings.toml verify").ends(0);
    place.run("replay --into copy").ends(0).says("identical");
}
