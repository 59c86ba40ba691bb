//! `school`, `trust`, `area` and `partnership`: who is who, on a day and as known on a day.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::support::program::{Place, publication};
use crate::support::town;

static TOWN: LazyLock<Place> = LazyLock::new(town::place);

fn ask(question: &str) -> Value {
    TOWN.run(&format!("{question} --output json")).ends(0).lines().remove(0)
}

#[track_caller]
fn shows(name: &str, question: &str) {
    let out = TOWN.run(question).ends(0).out;
    insta::with_settings!({ snapshot_path => "../snapshots/cli", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, out);
    });
}

#[test]
fn people_read_who_a_school_is_and_whom_it_belongs_to() {
    shows("who-school-academy", "school 900012");
    shows("who-school-merged", "school 900014");
    shows("who-trust", "trust 2001 --sizes register-four");
    shows("who-area", "area 990");
    shows("who-partnership", "partnership example-shire");
}

#[test]
fn a_school_moves_between_trusts_on_the_day_that_is_told_and_the_past_stays_as_it_was() {
    let members = |question: &str| -> Vec<u64> {
        ask(question)["members"].as_array().unwrap().iter().map(|member| member["urn"].as_u64().unwrap()).collect()
    };
    assert_eq!(members("trust 2001"), [900_012]);
    assert_eq!(members("trust 2002"), [900_003]);
    assert_eq!(members("trust 2001 --on 2024-01-15"), [900_003, 900_012]);
    assert_eq!(members("trust 2001 --on 2024-04-30"), [900_003, 900_012]);
    assert_eq!(members("trust 2001 --on 2024-05-01"), [900_012]);
    // in winter nobody knew
    assert_eq!(members("trust 2001 --as-of 2024-02-01"), [900_003, 900_012]);
    TOWN.run("trust 2002 --as-of 2024-02-01").ends(65).says("no school was ever said to belong to a group `2002`");
    let trust = ask("trust 2001");
    assert_eq!(
        trust["past_members"][0],
        json!({
            "urn": 900003, "name": { "value": "Cedar Junior School", "missing": null },
            "from": "2020-02-01", "exact": true, "to": "2024-05-01"
        })
    );
    // the studies did not look at trusts as small as this
    assert_eq!(trust["profile"]["size"]["scheme"], "study-2018");
    assert_eq!(trust["profile"]["size"]["band"]["missing"], "below-smallest-band");
    assert_eq!(ask("trust 2001 --sizes register-four")["profile"]["size"]["band"]["value"], "1–2");
    let left = trust["history"].as_array().unwrap().iter().find(|step| step["what"] == "left").unwrap();
    assert_eq!((&left["day"], &left["exact"]), (&json!("2024-05-01"), &json!(true)));
    let spans = &ask("school 900003")["memberships"];
    let trusts: Vec<&Value> = spans.as_array().unwrap().iter().filter(|span| span["kind"] == "trust").collect();
    assert_eq!(
        (&trusts[0]["to"], &trusts[1]["from"], &trusts[1]["exact"]),
        (&json!("2024-05-01"), &json!("2024-05-01"), &json!(true))
    );
}

#[test]
fn what_is_not_known_is_said_and_never_no() {
    let unknown = ask("school 900006");
    assert_eq!(unknown["legal_status"]["missing"], "blank");
    assert_eq!(
        (&unknown["pathway"]["legal_status"], &unknown["pathway"]["formal"]),
        (&json!("unknown"), &json!("nothing formal"))
    );
    let area = ask("area 990");
    assert_eq!((&area["open"], &area["status_not_known"]), (&json!(6), &json!(0)));
    assert_eq!(area["legal_statuses"]["not_known"][0]["schools"], 1);
    // a single-academy trust whose day of joining nobody recorded: by the first extract
    let fern = &ask("trust 2003")["members"][0];
    assert_eq!((&fern["joined"], &fern["exact"]), (&json!(town::WINTER), &json!(false)));
    // no register of groups was taken in
    assert_eq!(ask("trust 2001")["group"]["status"]["missing"], "no-release");
}

#[test]
fn a_merger_carries_nothing_over_and_says_why() {
    let merged = &ask("school 900014")["lineage"];
    assert_eq!(
        (&merged["predecessor"]["kind"], &merged["predecessor"]["urns"]),
        (&json!("not_unique"), &json!([900004, 900005]))
    );
    assert!(merged["predecessor"]["why_not"].as_str().unwrap().contains("nothing is carried over"));
    assert_eq!(merged["before"].as_array().unwrap().len(), 2);
    let academy = &ask("school 900012")["lineage"];
    assert_eq!((&academy["predecessor"]["kind"], &academy["predecessor"]["why_not"]), (&json!("unique"), &Value::Null));
    assert_eq!(ask("school 900004 --on 2024-01-20")["lineage"]["after"], json!([]));
}

#[test]
fn the_news_of_the_register_stands_with_the_school() {
    let kinds = |urn: u32| -> Vec<Value> {
        ask(&format!("school {urn}"))["news"].as_array().unwrap().iter().map(|news| news["kind"].clone()).collect()
    };
    assert_eq!(kinds(900_003), ["moved_trust"]);
    assert_eq!(kinds(900_014), ["opened"]);
    assert!(kinds(900_001).is_empty());
}

#[test]
fn sponsors_areas_and_partnerships_are_asked_in_the_same_way() {
    let sponsor = ask("trust 3001");
    assert_eq!((&sponsor["kind"], &sponsor["members"][0]["urn"]), (&json!("sponsor"), &json!(900001)));
    assert_eq!(ask("area E06000990")["code"], "990");
    let partnership = ask("partnership example-shire");
    let urns: Vec<u64> = partnership["schools"].as_array().unwrap().iter().map(|one| one["urn"].as_u64().unwrap()).collect();
    assert_eq!(urns.len() + partnership["not_known"].as_array().unwrap().len(), 6, "{partnership}");
    assert!(partnership["schools"][0]["isolation"]["components"].as_array().unwrap().len() > 3);
    let part = ask("area example-shire/north");
    let counted = &partnership["sub_areas"].as_array().unwrap().iter().find(|part| part["id"] == "north").unwrap()["schools"];
    assert_eq!(&part["open"], counted);
}

#[test]
fn who_asks_for_what_is_not_there_is_told_what_to_try() {
    TOWN.run("area 99").ends(65).says("there is no local authority `99`");
    TOWN.run("area Wexcomb").ends(65).says("did you mean 990");
    TOWN.run("area example-shire/nort").ends(65).says("did you mean `north`?");
    TOWN.run("partnership example-shir").ends(65).says("did you mean `example-shire`?");
    TOWN.run("trust 2001 --sizes register-for").ends(64).says("did you mean `register-four`?");
    TOWN.run("school 900099").ends(65).says("nothing was known about 900099");
    TOWN.run("school 900012 --on yesterday").ends(64);
}

/// The same school, the same figures: what the register calls it decides which way help goes (US-L3).
#[test]
fn the_same_evidence_leads_two_ways_by_what_the_school_is_in_law() {
    let raised = |kind: Option<(&str, &str)>| -> Value {
        let place = Place::new();
        let register = publication("edubasealldata20161003.csv");
        let text = String::from_utf8_lossy(&register.bytes);
        let rows = text.lines().map(|row| match kind {
            Some((from, to)) if row.contains("Harlowbeck School") => {
                assert!(row.contains(from), "{row}");
                row.replace(from, to)
            }
            _ => row.to_owned(),
        });
        let text = rows.map(|row| row + "\r\n").collect::<String>();
        town::take(&place, "gias-establishments", "register.csv", "2016-10-03", &text).ends(0);
        place.ingest("2016-2017_england_ks4provisional.csv", &[]).ends(0);
        let log = place.run("log").ends(0).lines();
        let found =
            log.into_iter().find(|event| event["subject"] == "900302" && event["data"]["concern"] == "ks4-floor-2016/900302");
        found.unwrap()["data"].clone()
    };
    let as_published = raised(None);
    let edited = raised(EDIT);
    assert_eq!(as_published["because"], edited["because"]);
    let pathway =
        |data: &Value| (data["pathway"]["id"].clone(), data["pathway"]["verb"].clone(), data["pathway"]["formal_steps"].clone());
    assert_eq!(pathway(&as_published), (json!("academy-in-trust"), json!("offer"), json!(false)));
    assert_eq!(pathway(&edited), (json!("maintained"), json!("arrange"), json!(true)));
}

const EDIT: Option<(&str, &str)> =
    Some((r#"34,"Academy converter",10,"Academies""#, r#"1,"Community school",4,"Local authority maintained schools""#));
