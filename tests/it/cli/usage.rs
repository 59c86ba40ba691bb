//! Exit codes and messages for command lines that are wrong, and the help.

use crate::support::program::Place;

#[test]
fn every_verb_says_what_it_is_for() {
    let place = Place::new();
    let mut text = place.run("--help").ends(0).out;
    for verb in
        ["demo", "run", "validate", "ingest", "read", "school", "explain", "log", "quarantine", "release", "replay", "verify"]
    {
        let help = place.run_with(&[verb, "--help"]).ends(0).out;
        text.push_str(&format!("\n\n== {verb}\n{help}"));
    }
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "../snapshots/cli" }, {
        insta::assert_snapshot!("help", text);
    });
    assert!(!place.data().exists());
}

#[test]
fn a_wrong_command_line_ends_with_64_says_what_to_do_and_leaves_nothing() {
    let place = Place::new();
    let (ks4, _) = place.file("2015-2016_england_ks4final.csv");
    let (register, _) = place.file("edubasealldata20161003.csv");
    let nameless = place.write("tables.csv", "URN\n");
    let ingest = |source: &str, file: &std::path::Path, more: &str| {
        let file = file.to_string_lossy().into_owned();
        let mut arguments = vec!["ingest", "--source", source, "--file", &file];
        arguments.extend(more.split_whitespace());
        place.run_with(&arguments)
    };
    let cases = [
        (place.run("nonsense"), "unrecognized subcommand"),
        (place.run("ingest --surce ks4-performance"), "--source"),
        (place.run("ingest --source ks4-performnce"), "there is no connector `ks4-performnce`: did you mean `ks4-performance`?"),
        (place.run("ingest --source zzz"), "there are absence, gias-establishments"),
        (ingest("gias-establishment", &register, ""), "did you mean `gias-establishments`?"),
        (place.run("read absense files/edubasealldata20161003.csv"), "did you mean `absence`?"),
        (ingest("ks4-performance", &nameless, ""), "say what tables.csv is about: give --period, an academic year as 2016/17"),
        (ingest("gias-links", &nameless, ""), "give --period, a day as 2024-06-17"),
        (ingest("ks4-performance", &ks4, "--period 2017-01-19"), "is about academic years"),
        (ingest("gias-establishments", &register, "--period 2015/16"), "how things stood on a day"),
        (ingest("ks4-performance", &ks4, "--period 2015/17"), "2015/17"),
        (ingest("ks4-performance", &ks4, "--stage finall"), "finall"),
        (ingest("ks4-performance", &place.path("none_2015-16.csv"), ""), "cannot read"),
        (place.run("ingest --file files/edubasealldata20161003.csv"), "--source"),
        (place.run("school 12"), "six digits"),
        (place.run("school 900001 --as-of 30/06/2020"), "30/06/2020"),
        (place.run("log"), "ingest a file first"),
        (place.run("verify"), "there is no data folder"),
        (place.run("release accept 1"), "there is no data folder"),
        (place.run("replay --into copy"), "there is no data folder"),
        (place.run("explain stuck/900001"), "there is no data folder"),
    ];
    for (ran, words) in cases {
        let ran = ran.ends(64).says(words);
        assert_eq!(ran.out, "", "{words}");
    }
    assert!(!place.data().exists());
}

#[test]
fn a_source_that_cannot_be_reached_ends_with_69_and_a_wrong_file_in_force_with_78() {
    let place = Place::new();
    let settings = place.own_connectors();
    // nothing listens there
    place.edit("connectors/gias-links.toml", "kind = \"dated-url\"", "kind = \"url\"");
    let manifest = std::fs::read_to_string(place.path("connectors/gias-links.toml")).unwrap();
    let fetch = manifest.find("[fetch]").unwrap();
    let after = manifest[fetch + 1..].find("\n[").unwrap() + fetch + 1;
    let own = "[fetch]\nkind = \"url\"\nurl = \"http://127.0.0.1:9/links_edubasealldata20161003.csv\"\nhosts = [\"127.0.0.1\"]\n";
    place.write("connectors/gias-links.toml", format!("{}{own}{}", &manifest[..fetch], &manifest[after..]));
    let settings = settings.to_string_lossy().into_owned();
    place.run_with(&["--config", &settings, "ingest", "--source", "gias-links"]).ends(69).says("gias-links: ");
    place.edit("settings.toml", "[files]", "[fetch]\negress = \"loopback-for-demo\"\n[files]");
    place.run_with(&["--config", &settings, "ingest", "--source", "gias-links"]).ends(69).says("127.0.0.1");

    place.run("--config nowhere.toml log").ends(78).says("nowhere.toml: cannot be read");
    place.write("wrong.toml", "dta = \"x\"\n");
    place.run("--config wrong.toml log").ends(78).says("wrong.toml:1").says("`data`");
    place.write("hook.toml", "[[webhook]]\nid = \"hall\"\nurl = \"https://example.org/in\"\n");
    place.run("--config hook.toml run --listen 127.0.0.1:0").ends(78).says("hall");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    place.run_with(&["run", "--listen", &address]).ends(69).says("choose another with --listen");
}
