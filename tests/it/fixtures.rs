//! Every fixture of every connector: what is read from it, what is set aside, and how it ends.
//!
//! A connector with a folder of fixtures is found without a word here. What is read stands in
//! `snapshots/`, one text a fixture; `INSTA_UPDATE=always cargo test fixtures` writes them anew, and
//! the difference is what a reviewer looks at.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::File;
use std::path::{Path, PathBuf};

use headwater::connector::{Cadence, Manifest};
use headwater::decode::{self, Limits};
use headwater::model::{Measures, Slot, Value};
use headwater::normalise::{self, Binding, Content, Read};
use headwater::pipeline::names;
use headwater::release_gate::Judgement;

use crate::support::files::{Around, Outcome, ingest_by, manifest, measures};

#[test]
fn every_fixture_is_read_as_its_snapshot_says_and_ends_as_the_readme_says() {
    let (measures, mut ends) = (measures(), ends());
    let mut wrong = Vec::new();
    for (connector, file) in fixtures() {
        let (name, stem) = (name(&file), name(&file).split('.').next().unwrap().to_owned());
        let manifest = manifest(&connector);
        let (period, outcome) = read(&manifest, &measures, &file);
        let expected = ends.remove(&stem).unwrap_or_else(|| "accepted".into());
        ends.insert(stem.clone(), expected.clone());
        let found = end(&outcome);
        if found != expected {
            let findings: Vec<_> = outcome.judgement.findings().iter().map(ToString::to_string).collect();
            wrong.push(format!("{connector}/{name}: {found}, and the README says {expected} {findings:?}"));
        }
        if outcome.read.as_ref().is_some_and(|read| !read.counts.reconciles()) {
            wrong.push(format!("{connector}/{name}: rows are lost: {:?}", outcome.read.unwrap().counts));
            continue;
        }
        let text = account(&measures, binding(&manifest, &measures, &period, &file).as_ref(), &period, &outcome);
        let snapshots = format!("snapshots/{connector}");
        insta::with_settings!({ snapshot_path => snapshots, prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(stem, text);
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_connector_has_fixtures_and_every_one_has_a_file_that_must_not_be_taken() {
    let mut bad: BTreeMap<String, Vec<bool>> = BTreeMap::new();
    for (connector, file) in fixtures() {
        bad.entry(connector).or_default().push(name(&file).starts_with("bad-"));
    }
    for file in std::fs::read_dir(folder("connectors")).unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_some_and(|extension| extension == "toml") {
            let id = file.file_stem().unwrap().to_string_lossy().into_owned();
            let of = bad.remove(&id).unwrap_or_default();
            assert!(of.contains(&true) && of.contains(&false), "connectors/fixtures/{id} needs a good file and a bad one");
        }
    }
    assert!(bad.is_empty(), "fixtures of no connector: {bad:?}");
}

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn name(file: &Path) -> String {
    file.file_name().unwrap().to_string_lossy().into_owned()
}

/// Connector and file of every fixture, in order.
fn fixtures() -> Vec<(String, PathBuf)> {
    let below = |path: PathBuf| std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let folders = below(folder("connectors/fixtures")).filter(|path| path.is_dir());
    let mut found: Vec<_> = folders.flat_map(|folder| below(folder.clone()).map(move |file| (name(&folder), file))).collect();
    found.retain(|(_, file)| !name(file).starts_with('.'));
    found.sort();
    assert!(!found.is_empty());
    found
}

/// The table of the README: file without extension → how it ends. Those not named are accepted whole.
fn ends() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(folder("connectors/fixtures/README.md")).unwrap();
    let cells = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('|'));
    let ends: BTreeMap<String, String> = cells
        .map(|(file, end)| (file.trim().trim_matches('`').to_owned(), end.split('|').next().unwrap().trim().to_owned()))
        .collect();
    assert!(ends.len() > 5, "the README has no table of endings: {ends:?}");
    for stem in ends.keys() {
        assert!(fixtures().iter().any(|(_, file)| name(file).starts_with(stem.as_str())), "no fixture is called {stem}");
    }
    ends
}

fn end(outcome: &Outcome) -> String {
    let aside = outcome.read.as_ref().map_or(0, |read| read.counts.quarantined);
    match (&outcome.judgement, aside) {
        (Judgement::Accept, 0) => "accepted",
        (Judgement::Accept, _) => "loses rows",
        (Judgement::Hold(_), _) => "held",
        (Judgement::Refuse(_), _) => "refused",
    }
    .to_owned()
}

/// What the file is about: as its name says, else the latest year for which a layout is in force.
fn periods(manifest: &Manifest, file: &Path) -> Vec<String> {
    let stem = name(file).split('.').next().unwrap().to_owned();
    let year: Option<u16> = stem.split('-').find(|word| word.len() == 4).and_then(|word| word.parse().ok());
    match manifest.cadence {
        Cadence::AsAt => vec![names::day(&stem).map_or_else(|| format!("{}-06-01", year.unwrap_or(2026)), |day| day.to_string())],
        Cadence::Yearly => match names::year(&stem) {
            Some(year) => vec![year.to_string()],
            None => (2012..2026).rev().map(|from| format!("{from}/{:02}", (from + 1) % 100)).collect(),
        },
    }
}

fn read(manifest: &Manifest, measures: &Measures, file: &Path) -> (String, Outcome) {
    let of_another_period = |outcome: &Outcome| outcome.judgement.findings().iter().any(|finding| finding.code == "wrong-period");
    let mut tried = periods(manifest, file).into_iter().map(|period| {
        let outcome = ingest_by(manifest, measures, &period, file, &Around::default());
        (period, outcome)
    });
    tried.find(|(_, outcome)| !of_another_period(outcome)).unwrap_or_else(|| panic!("{}: no period fits", file.display()))
}

fn binding(manifest: &Manifest, measures: &Measures, period: &str, file: &Path) -> Option<Binding> {
    let table = decode::open(Box::new(File::open(file).unwrap()), &manifest.decode, Limits::default()).ok()?;
    normalise::bind(manifest, measures, period.parse().unwrap(), &table.header).ok()
}

fn account(measures: &Measures, binding: Option<&Binding>, period: &str, outcome: &Outcome) -> String {
    let mut text = format!("{} of {period}: {}\n", binding.map_or("no layout", |binding| &binding.layout), end(outcome));
    for finding in outcome.judgement.findings() {
        writeln!(text, "  {finding}").unwrap();
    }
    if let (Some(read), Some(binding)) = (&outcome.read, binding) {
        let counts = &read.counts;
        let skipped: Vec<_> = counts.skipped.iter().map(|(why, rows)| format!(" + {rows} {why}")).collect();
        writeln!(
            text,
            "rows: {} = {} accepted + {} set aside{}",
            counts.read,
            counts.accepted,
            counts.quarantined,
            skipped.concat()
        )
        .unwrap();
        if !binding.unread.is_empty() {
            writeln!(text, "not read: {}", binding.unread.join(", ")).unwrap();
        }
        observations(&mut text, measures, binding, read);
    }
    text
}

fn observations(text: &mut String, measures: &Measures, binding: &Binding, read: &Read) {
    for aside in &read.quarantine {
        writeln!(text, "\nset aside: {}\n  {}", aside.finding, aside.cells.join(" | ").escape_debug()).unwrap();
    }
    for record in &read.records {
        let slot = if record.slot == Slot::AsAt { String::new() } else { format!(" {}", record.slot) };
        let who = if record.subject == headwater::model::fact::AREAS { String::new() } else { record.subject.to_string() };
        writeln!(text, "\n{}{slot}, row {}", [who.as_str(), record.part.as_str()].join(" ").trim(), record.row).unwrap();
        let Content::Present(body) = &record.content else {
            writeln!(text, "  {:?}", record.content).unwrap();
            continue;
        };
        for cell in body.cells() {
            let id = measures.id(cell.measure).unwrap();
            let value = match &cell.value {
                Value::Missing(why) => format!("[{}]", why.code()),
                value => value.to_string(),
            };
            let raw = if value == cell.raw { String::new() } else { format!(" `{}`", cell.raw.escape_debug()) };
            let row = if cell.row_offset == 0 { String::new() } else { format!(", row {}", record.row + cell.row_offset) };
            let column = binding.columns.get(id).map_or("", String::as_str);
            writeln!(text, "  {id} = {value}{raw} ({column}{row})").unwrap();
        }
    }
}
