//! `validate`: every fault of every file at once.

use crate::support::program::{Place, copy_folder, repository};

#[test]
fn what_is_built_in_has_no_fault_and_neither_have_copies_of_it() {
    let place = Place::new();
    place.run("validate").ends(0).says("no faults");
    place.own_connectors();
    place.run("--config settings.toml validate --output json").ends(0).lines();
    let schema = place.run("validate --schema").ends(0).out;
    assert_eq!(schema, std::fs::read_to_string(repository().join("connectors/manifest.schema.json")).unwrap());
    assert!(!place.data().exists());
}

#[test]
fn several_broken_files_are_all_named_with_line_and_nearest_name() {
    let place = Place::new();
    place.own_connectors();
    copy_folder(&repository().join("config/schemes"), &place.path("schemes"));
    place.write("settings.toml", "[files]\nconnectors = \"connectors\"\nschemes = \"schemes\"\n");
    place.run("--config settings.toml validate").ends(0);
    place.edit("connectors/absence.toml", "cadence = ", "cadense = ");
    place.edit("connectors/ks2-performance.toml", "\"ks2.rwm-expected\" =", "\"ks2.rwm-expectd\" =");
    place.edit("schemes/policy.toml", "severity = ", "severty = ");
    place.write("connectors/broken.toml", "id = \"broken\ntitle = 3\n");
    let ran = place.run("--config settings.toml validate").ends(78);
    for words in [
        "connectors/absence.toml:",
        "`cadence`",
        "connectors/ks2-performance.toml:",
        "ks2.rwm-expected",
        "schemes/policy.toml:",
        "`severity`",
        "connectors/broken.toml:1",
    ] {
        assert!(ran.err.contains(words), "not said: {words}\n{}", ran.err);
    }
    // files are named where they are, and what is right is not blamed for what is wrong elsewhere
    assert!(ran.err.lines().any(|line| line.starts_with("schemes/policy.toml:")), "{}", ran.err);
    assert!(!ran.err.contains("statutory.toml") && !ran.err.contains("there is no measure"), "{}", ran.err);
    let faults = place.run("--config settings.toml --output json validate").ends(78).lines();
    assert!(faults.len() >= 4, "{faults:?}");
    assert!(faults.iter().all(|fault| fault["file"].is_string() && fault["what"].is_string()), "{faults:?}");
    // no other verb goes on with files that are wrong
    place.run("--config settings.toml run").ends(78);
    place.run("--config settings.toml ingest").ends(78);
    assert!(!place.data().exists());
}

#[test]
fn connect_asks_every_source_and_keeps_nothing() {
    let place = Place::new();
    place.own_connectors();
    for entry in std::fs::read_dir(place.path("connectors")).unwrap().flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.extension().is_some_and(|extension| extension == "toml") && !name.starts_with("absence") {
            std::fs::remove_file(path).unwrap();
        }
    }
    let text = std::fs::read_to_string(place.path("connectors/absence.toml")).unwrap();
    let (start, rest) = text.split_once("[fetch]").unwrap();
    let rest = &rest[rest.find("\n[").unwrap()..];
    let own = "[fetch]\nkind = \"folder\"\npath = \"inbox/absence\"\nfiles = \"*.csv\"\n";
    place.write("connectors/absence.toml", format!("{start}{own}{rest}"));
    copy_folder(&repository().join("config/schemes"), &place.path("schemes"));
    for name in ["policy.toml", "statutory.toml"] {
        std::fs::remove_file(place.path("schemes").join(name)).unwrap();
    }
    let before = place.bytes_below("");
    let lines = place.run("--config settings.toml --output json validate --connect").ends(0).lines();
    assert_eq!(lines.last().unwrap()["reached"], true);
    place.run("--config settings.toml ingest --dry-run").ends(0).says("inbox/absence");
    assert_eq!(place.bytes_below("").keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    assert!(!place.data().exists() && !place.path("inbox").exists() && !place.path("incoming").exists());
}
