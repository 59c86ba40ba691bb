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

#[test]
fn partnerships_and_alliances_of_ones_own_are_counted_and_their_faults_named_where_they_are() {
    let place = Place::new();
    for name in ["partnerships", "alliances"] {
        copy_folder(&repository().join("config").join(name), &place.path(name));
    }
    std::fs::copy(repository().join("config/authorities.toml"), place.path("councils.toml")).unwrap();
    let files = "[files]\npartnerships = \"partnerships\"\nalliances = \"alliances\"\nauthorities = \"councils.toml\"\n";
    place.write("settings.toml", files);
    let counts = place.run("--config settings.toml --output json validate").ends(0).lines();
    assert_eq!((counts[0]["alliances"].as_u64(), counts[0]["partnerships"].as_u64()), (Some(3), Some(3)));
    place.run("--config settings.toml validate").ends(0).says("3 partnerships: no faults");
    place.edit("partnerships/example-shire.toml", "las = [\"990\"]", "las = [\"909\", \"Wexcomb\"]");
    place.edit("alliances/example-hub.toml", "lead = [900317]", "lead = [90031]");
    let ran = place.run("--config settings.toml validate").ends(78);
    for words in [
        "partnerships/example-shire.toml:9: area.las.0: 909 Cumbria was abolished after 2023-03-31 (name 942 Cumberland",
        "partnerships/example-shire.toml:9: area.las.1: there is no local authority `Wexcomb` (did you mean `990`, Wexcombe?)",
        "alliances/example-hub.toml:8: lead.0: `90031` is not a URN",
    ] {
        assert!(ran.err.lines().any(|line| line.starts_with(words)), "not said: {words}\n{}", ran.err);
    }
    // what cannot be read itself is not missed by those that refer to it
    assert!(!ran.err.contains("there is no alliance"), "{}", ran.err);
    place.edit("councils.toml", "E10000014", "E1000014");
    place.run("--config settings.toml validate").ends(78).says("councils.toml:");
}
