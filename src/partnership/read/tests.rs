use std::path::{Path, PathBuf};

use super::super::{Alliances, Partnerships};
use super::*;
use crate::faults::Faults;

pub fn authorities() -> Authorities {
    let text = include_str!("../../../config/authorities.toml");
    Authorities::load(Path::new("config/authorities.toml"), text).unwrap_or_else(|faults| panic!("{faults}"))
}

fn phases() -> Vec<String> {
    ["Primary", "Middle deemed primary", "Secondary", "Not applicable"].map(str::to_owned).to_vec()
}

fn read(partnerships: &[(&str, &str)], alliances: &[(&str, &str)]) -> (Result<Partnerships, Faults>, Result<Alliances, Faults>) {
    let (authorities, phases) = (authorities(), phases());
    let named = |files: &[(&str, &str)]| -> Vec<(PathBuf, String)> {
        files.iter().map(|(name, text)| (PathBuf::from(name), (*text).to_owned())).collect()
    };
    let known = Known { authorities: Some(&authorities), phases: Some(&phases), alliances: None };
    let alliances = Alliances::load(&named(alliances), known);
    let known = Known { alliances: alliances.as_ref().ok(), ..known };
    (Partnerships::load(&named(partnerships), known), alliances)
}

/// The examples that come with the program.
pub fn examples() -> (Partnerships, Alliances) {
    let (partnerships, alliances) = read(
        &[
            ("example-shire.toml", include_str!("../../../config/partnerships/example-shire.toml")),
            ("example-unitary.toml", include_str!("../../../config/partnerships/example-unitary.toml")),
            ("example-alliance.toml", include_str!("../../../config/partnerships/example-alliance.toml")),
        ],
        &[
            ("example-two-counties.toml", include_str!("../../../config/alliances/example-two-counties.toml")),
            ("example-hub.toml", include_str!("../../../config/alliances/example-hub.toml")),
            ("example-open.toml", include_str!("../../../config/alliances/example-open.toml")),
        ],
    );
    (partnerships.unwrap_or_else(|faults| panic!("{faults}")), alliances.unwrap_or_else(|faults| panic!("{faults}")))
}

#[test]
fn the_examples_have_no_fault_and_say_that_they_are_examples() {
    let (partnerships, alliances) = examples();
    assert_eq!((partnerships.len(), alliances.len()), (3, 3));
    assert!(partnerships.all().all(|one| one.example) && alliances.all().all(|one| one.example));
    // either code of an authority is kept as the one that schools have
    assert_eq!(partnerships.get("example-unitary").unwrap().area.las, ["991".to_owned()].into());
}

#[test]
fn every_fault_of_a_partnership_comes_at_once_with_its_place() {
    let faulty = include_str!("faulty-partnership.toml");
    let hub = include_str!("../../../config/alliances/example-hub.toml");
    let (partnerships, _) = read(&[("faulty.toml", faulty), ("again.toml", faulty)], &[("example-hub.toml", hub)]);
    let faults = partnerships.unwrap_err();
    let first = Faults(faults.0.iter().filter(|fault| fault.file == Path::new("faulty.toml")).cloned().collect());
    insta::assert_snapshot!("partnership", first);
    // and the other file is read all the same
    assert!(faults.0.iter().any(|fault| fault.what == "there is another partnership `faulty`"), "{faults}");
    assert!(faults.0.iter().any(|fault| fault.hint.as_deref() == Some("write `again`")), "{faults}");
}

#[test]
fn every_fault_of_an_alliance_comes_at_once_with_its_place() {
    let (_, alliances) = read(&[], &[("faulty.toml", include_str!("faulty-alliance.toml")), ("empty.toml", EMPTY)]);
    insta::assert_snapshot!("alliance", alliances.unwrap_err());
}

const EMPTY: &str = "id = \"empty\"\ntitle = \"Nobody\"\nkind = \"teaching-school-hub\"\n";

#[test]
fn keys_and_kinds_that_are_not_there_are_told_with_the_nearest() {
    let text = "id = \"x\"\ntitle = \"X\"\nexampel = true\n[area]\nlas = [\"990\"]\nphase = [\"Primary\"]\n\
                [[board]]\nid = \"b\"\ntitle = \"B\"\nchair = \"head\"\nmember = [{ role = \"head\", name = \"somebody\" }]\n\
                [[relationship]]\nurn = \"900001\"\nkind = \"peer-revue\"\n[isolation]\ntracked = [\"trusts\"]\n";
    let (partnerships, _) = read(&[("x.toml", text)], &[]);
    insta::assert_snapshot!("keys", partnerships.unwrap_err());
}

#[test]
fn an_abolished_authority_may_be_named_until_its_end_or_beside_those_that_took_over() {
    let file = |more: &str, las: &str| format!("id = \"x\"\ntitle = \"X\"\n{more}\n[area]\nlas = {las}\n");
    let fine = |text: &str| read(&[("x.toml", text)], &[]).0.is_ok();
    assert!(!fine(&file("", "[\"909\"]")));
    assert!(!fine(&file("to = \"2023-04-01\"", "[\"909\"]")));
    assert!(fine(&file("to = \"2023-03-31\"", "[\"909\"]")));
    assert!(fine(&file("", "[\"909\", \"942\"]")));
}

#[test]
fn what_could_not_be_read_itself_is_not_asked() {
    let text = "id = \"x\"\ntitle = \"X\"\n[area]\nlas = [\"990\"]\nphases = [\"Primary\"]\n\
                [[member]]\nname = \"A\"\nkind = \"alliance\"\nreference = \"a\"\n";
    assert!(Partnerships::load(&[(PathBuf::from("x.toml"), text.to_owned())], Known::default()).is_ok());
}

#[test]
fn the_worked_example_of_the_handbook_has_no_fault_and_the_handbook_names_every_key() {
    let handbook = include_str!("../../../config/partnerships/README.md");
    let (_, rest) = handbook.split_once("```toml\n").unwrap();
    let (text, _) = rest.split_once("```").unwrap();
    let alliance = include_str!("../../../config/alliances/example-two-counties.toml");
    let (partnerships, _) = read(&[("two-rivers.toml", text)], &[("example-two-counties.toml", alliance)]);
    partnerships.unwrap_or_else(|faults| panic!("{faults}"));
    for schema in schemas() {
        for part in std::iter::once(&schema).chain(schema["$defs"].as_object().into_iter().flat_map(|parts| parts.values())) {
            let keys = part["properties"].as_object().into_iter().flat_map(|keys| keys.keys().cloned());
            let words = part["enum"].as_array().into_iter().flatten().filter_map(|word| word.as_str().map(str::to_owned));
            for key in keys.chain(words) {
                assert!(handbook.contains(&format!("`{key}`")) || handbook.contains(&format!("[{key}]")), "not named: {key}");
            }
        }
    }
}
