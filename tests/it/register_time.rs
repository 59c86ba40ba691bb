//! A register says the same in whatever order its releases came: what counts is the day that each
//! is about.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use headwater::config::{Bundle, Settings};
use headwater::demo::{Publication, SEED, Wexcombe};
use headwater::model::{FactState, Period, ReleaseNo};
use headwater::pipeline::engine::Mode;
use headwater::pipeline::offer::Offer;
use headwater::pipeline::replay::replay;
use headwater::pipeline::{Done, Engine, Setup, explain};
use headwater::store::releases::{self, Status};
use headwater::store::{concerns, facts, log, roll, verify};
use jiff::Timestamp;
use jiff::civil::Date;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use crate::crash::folder;

const SCHOOLS: std::ops::RangeInclusive<u32> = 900_001..=900_007;

const MEASURES: &str = r#"
["gias.name"]
title = "Name"
source = "test"
kind = "text"
["gias.close-date"]
title = "Close date"
source = "test"
kind = "date"
"#;

/// A small register, whole or as the result of a search. The gate holds nothing but the past.
fn manifest(id: &str, coverage: &str) -> String {
    format!(
        r#"
id = "{id}"
title = "A small register"
publisher = "Wexcombe"
licence = "none"
dataset = "gias"
cadence = "as-at"
coverage = "{coverage}"
stage = "as-at"
[fetch]
kind = "folder"
path = "inbox"
files = "*.csv"
[gate]
rows-min = 1
rows-fall = 1.0
rows-rise = 1000.0
overlap-min = 0.0
quarantine-max = 1.0
missing-max = 1.0
missing-rise = 1.0
[[layout]]
name = "all"
recognise = ["URN", "Name"]
key = ["URN"]
require = ["gias.name"]
[layout.columns]
"gias.name" = {{ from = ["Name"] }}
"gias.close-date" = {{ from = ["Closed"], dates = ["yyyy-mm-dd"] }}
"#
    )
}

fn small_register() -> Setup {
    let files = [
        ("config/measures.toml", MEASURES.to_owned()),
        ("connectors/extract.toml", manifest("extract", "whole")),
        ("connectors/search.toml", manifest("search", "partial")),
    ];
    let bundle = Bundle(files.into_iter().map(|(path, text)| (PathBuf::from(path), text)).collect());
    Setup::new(bundle).unwrap_or_else(|faults| panic!("{faults}"))
}

fn noon() -> Timestamp {
    "2026-07-01T12:00:00Z".parse().unwrap()
}

/// One file: the day that it is about, the day on which it was published, and of each school
/// nothing, a name, or a name and a day of closure.
#[derive(Debug, Clone)]
struct Extract {
    no: usize,
    partial: bool,
    day: Date,
    published: Date,
    rows: Vec<Option<(u8, bool)>>,
}

impl Extract {
    fn offer(&self, folder: &Path) -> Offer {
        // the last column makes each file one of its own
        let mut text = "URN,Name,Closed,File\n".to_owned();
        for (urn, row) in SCHOOLS.zip(&self.rows) {
            if let Some((name, closed)) = row {
                let closed = if *closed { "2026-01-31" } else { "" };
                text.push_str(&format!("{urn},School {name},{closed},{}\n", self.no));
            }
        }
        let path = folder.join(format!("{}.csv", self.no));
        std::fs::write(&path, text).unwrap();
        Offer {
            source: if self.partial { "search" } else { "extract" }.to_owned(),
            file_name: path.file_name().unwrap().to_string_lossy().into_owned(),
            path,
            period: Period::Day(self.day),
            stage: None,
            published: self.published,
            position: None,
        }
    }
}

/// Takes a file, and accepts it if it is held.
fn take(engine: &mut Engine, offer: Offer) -> Done {
    match engine.offer(offer, noon(), Mode::Commit).unwrap() {
        Done::File { release, .. } if release.status == Status::Held => engine.decide(release.info.no.0, true, noon()).unwrap(),
        done => done,
    }
}

/// A folder that was given these files in this order.
fn given<'a>(files: impl Iterator<Item = &'a Extract>) -> (tempfile::TempDir, Engine) {
    let root = tempfile::tempdir().unwrap();
    let mut engine = Engine::open(&root.path().join("data"), small_register(), noon()).unwrap();
    for file in files {
        let done = take(&mut engine, file.offer(root.path()));
        assert!(matches!(&done, Done::File { release, .. } if release.status == Status::Accepted), "{done:?}");
    }
    (root, engine)
}

type Standing = BTreeMap<(u32, i8), FactState>;

/// What stands of each school on each day, as known by a day of publication; absent is not said.
fn standing(engine: &Engine, by: Date) -> Standing {
    let db = &engine.store.db;
    let infos = releases::accepted(db).unwrap();
    let mut standing = Standing::new();
    for urn in SCHOOLS {
        let mut history = facts::history(db, &engine.datasets, i64::from(urn)).unwrap();
        history.facts.retain(|fact| infos[&fact.release].published <= by);
        for day in 1..=30 {
            if let Some(fact) =
                history.on("gias", "", june(day), ReleaseNo(i64::MAX)).filter(|fact| fact.state != FactState::Absent)
            {
                standing.insert((urn, day), fact.state.clone());
            }
        }
    }
    standing
}

/// Who is there now, and who is closed.
fn now(engine: &Engine) -> (Vec<(i64, String)>, BTreeMap<i64, Date>) {
    let db = &engine.store.db;
    let keys = roll::get(db, "gias", headwater::model::Slot::AsAt).unwrap().map_or(Vec::new(), |roll| roll.keys);
    (keys, facts::closed(db).unwrap())
}

fn june(day: i8) -> Date {
    jiff::civil::date(2026, 6, day)
}

fn rows() -> impl Strategy<Value = Vec<Option<(u8, bool)>>> {
    let row = proptest::option::weighted(0.7, (1..4u8, proptest::bool::weighted(0.15)));
    proptest::collection::vec(row, SCHOOLS.count())
}

/// Files about days in June, of which some are parts, with an order in which they come. Of two
/// versions of one day the later one comes later.
fn files() -> impl Strategy<Value = (Vec<Extract>, Vec<usize>)> {
    let file = (1..9i8, 0..4i8, proptest::bool::weighted(0.25), rows());
    proptest::collection::vec(file, 3..7).prop_flat_map(|files| {
        let mut files: Vec<_> = files
            .into_iter()
            .enumerate()
            .map(|(no, (day, late, partial, rows))| Extract { no, partial, day: june(day), published: june(day + late), rows })
            .collect();
        files.sort_by_key(|file| (file.day, file.published));
        let order: Vec<usize> = (0..files.len()).collect();
        (Just(files), Just(order).prop_shuffle()).prop_map(|(files, mut order)| {
            // where two are about one day, the first of them comes first
            for a in 0..order.len() {
                for b in a + 1..order.len() {
                    if files[order[a]].day == files[order[b]].day && order[a] > order[b] {
                        order.swap(a, b);
                    }
                }
            }
            (files, order)
        })
    })
}

#[test]
fn a_register_says_the_same_in_any_order_of_arrival() {
    let seed = std::env::var("HEADWATER_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or_else(|| fastrand::u64(..));
    println!("register time: seed {seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = ProptestConfig { cases: 24, failure_persistence: None, max_shrink_iters: 40, ..ProptestConfig::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let tried = runner.run(&(files(), 1..12i8), |((files, order), by)| {
        let (_one, in_order) = given(files.iter());
        let (_other, shuffled) = given(order.iter().map(|place| &files[*place]));
        prop_assert_eq!(standing(&in_order, june(30)), standing(&shuffled, june(30)), "by day: {:?}", order);
        prop_assert_eq!(now(&in_order), now(&shuffled), "now: {:?}", order);
        // what was known on a day is what a folder says that was given nothing later
        let (_third, then) = given(files.iter().filter(|file| file.published <= june(by)));
        prop_assert_eq!(standing(&shuffled, june(by)), standing(&then, june(30)), "known by {}: {:?}", june(by), order);
        let found = verify::verify(&shuffled.store.db, &shuffled.store.raw, |_| ()).unwrap();
        prop_assert!(found.problems.is_empty(), "{:?}", found.problems);
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
}

fn extract(no: usize, day: i8, names: &[u8]) -> Extract {
    let rows =
        SCHOOLS.enumerate().map(|(place, _)| names.get(place).filter(|name| **name > 0).map(|name| (*name, false))).collect();
    Extract { no, partial: false, day: june(day), published: june(day), rows }
}

#[test]
fn a_file_about_the_past_waits_and_then_fills_in_history_only() {
    let root = tempfile::tempdir().unwrap();
    let (_folder, mut engine) = given([extract(1, 10, &[1, 1, 1]), extract(2, 20, &[1, 2])].iter());
    let before = (now(&engine), roll::get(&engine.store.db, "gias", headwater::model::Slot::AsAt).unwrap());
    let Done::File { release, .. } =
        engine.offer(extract(3, 15, &[2, 2, 0, 1]).offer(root.path()), noon(), Mode::Commit).unwrap()
    else {
        panic!("not a file")
    };
    assert_eq!((release.status, release.findings[0].code.as_str()), (Status::Held, "stale-release"));
    println!("{}", release.findings[0]);
    engine.decide(release.info.no.0, true, noon()).unwrap();
    let after = (now(&engine), roll::get(&engine.store.db, "gias", headwater::model::Slot::AsAt).unwrap());
    assert_eq!(before, after);
    assert_eq!(releases::current(&engine.store.db, "gias", headwater::model::Slot::AsAt).unwrap().unwrap().info.no, ReleaseNo(2));
    // what the release of the 20th only repeated is said again there, by the file of the 10th
    let history = facts::history(&engine.store.db, &engine.datasets, 900_001).unwrap();
    let seen: Vec<_> =
        history.facts.iter().map(|fact| (fact.day.unwrap().day(), fact.release.0, fact.said.0, fact.row)).collect();
    assert_eq!(seen, [(10, 1, 1, 2), (15, 4, 4, 2), (20, 2, 1, 2)]);
    let gone = facts::history(&engine.store.db, &engine.datasets, 900_004).unwrap();
    let seen: Vec<_> = gone.facts.iter().map(|fact| (fact.day.unwrap().day(), fact.state == FactState::Absent)).collect();
    assert_eq!(seen, [(15, false), (20, true)], "it was there on the 15th and is not on the 20th");
}

#[test]
fn a_held_register_is_overtaken_by_one_about_its_own_day_only() {
    let root = tempfile::tempdir().unwrap();
    let (_folder, mut engine) = given([extract(1, 10, &[1, 1, 1]), extract(2, 20, &[1, 2])].iter());
    let hold = |engine: &mut Engine, file: Extract| match engine.offer(file.offer(root.path()), noon(), Mode::Commit).unwrap() {
        Done::File { release, .. } if release.status == Status::Held => release.info.no.0,
        done => panic!("{done:?}"),
    };
    let first = hold(&mut engine, extract(3, 15, &[1, 1]));
    let second = hold(&mut engine, extract(4, 15, &[1, 3]));
    // a newer day is no obstacle, and a newer version of the day is
    take(&mut engine, extract(5, 25, &[1, 2]).offer(root.path()));
    engine.decide(second, true, noon()).unwrap();
    let refused = engine.decide(first, true, noon()).unwrap_err().to_string();
    assert!(refused.contains("was overtaken by release"), "{refused}");
    engine.decide(first, false, noon()).unwrap();
}

#[test]
fn a_partial_file_speaks_of_those_in_it_and_is_compared_with_its_own_kind() {
    let search = |no, day, names: &[u8]| Extract { partial: true, ..extract(no, day, names) };
    let files = [
        extract(1, 10, &[1, 1, 1, 1, 1, 1]),
        search(2, 11, &[0, 2]),
        search(3, 12, &[0, 2, 0, 0, 0, 0, 2]),
        extract(4, 13, &[1, 2, 0, 1, 1, 1]),
    ];
    let mut strict = small_register();
    for manifest in strict.connectors.values_mut() {
        manifest.gate.rows_fall = 0.3;
        manifest.gate.rows_rise = 1.5;
        manifest.gate.overlap_min = 0.8;
    }
    let root = tempfile::tempdir().unwrap();
    let mut engine = Engine::open(&root.path().join("data"), strict, noon()).unwrap();
    for file in &files {
        let done = engine.offer(file.offer(root.path()), noon(), Mode::Commit).unwrap();
        assert!(matches!(&done, Done::File { release, .. } if release.status == Status::Accepted), "{done:?}");
    }
    let there = |day: i8| {
        standing(&engine, june(30)).into_keys().filter(|(_, on)| *on == day).map(|(urn, _)| urn - 900_000).collect::<Vec<_>>()
    };
    assert_eq!(there(11), [1, 2, 3, 4, 5, 6], "nobody has gone");
    assert_eq!(there(12), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(there(13), [1, 2, 4, 5, 6], "a whole file says who is there");
    // what a partial file repeats is cited from the file that said it first
    let history = facts::history(&engine.store.db, &engine.datasets, 900_002).unwrap();
    let seen: Vec<_> = history.facts.iter().map(|fact| (fact.release.0, fact.said.0)).collect();
    assert_eq!(seen, [(1, 1), (2, 2), (3, 2)]);
    assert_eq!(now(&engine).0.len(), 5);
}

/// The county's publications without one register and one list of inspections, which come last.
#[test]
fn a_late_register_is_no_news() {
    let setup = Setup::new(Bundle::load(&Settings::default().files).unwrap()).unwrap();
    let timeline = Wexcombe::new(SEED).unwrap().timeline;
    let from_the_middle = |source: &str| {
        let of_source: Vec<_> = timeline.iter().filter(|one| one.connector == source).collect();
        of_source[of_source.len() / 2].file_name.clone()
    };
    let kept_back = ["gias-establishments", "ofsted-inspections"].map(from_the_middle);
    let root = tempfile::tempdir().unwrap();
    let mut engine = Engine::open(&root.path().join("data"), setup, noon()).unwrap();
    let offer = |engine: &mut Engine, publication: &Publication| {
        let path = root.path().join(&publication.file_name);
        std::fs::write(&path, &publication.bytes).unwrap();
        let offer = Offer {
            source: publication.connector.to_owned(),
            path,
            file_name: publication.file_name.clone(),
            period: publication.period,
            stage: Some(publication.stage),
            published: publication.published,
            position: None,
        };
        engine.offer(offer, noon(), Mode::Commit).unwrap()
    };
    let (late, in_time): (Vec<_>, Vec<_>) = timeline.iter().partition(|one| kept_back.contains(&one.file_name));
    for publication in in_time {
        offer(&mut engine, publication);
    }
    let before = concerns::all(&engine.store.db).unwrap();
    assert!(!before.is_empty());
    for publication in &late {
        let Done::File { release, .. } = offer(&mut engine, publication) else { panic!("not a file") };
        assert_eq!(release.status, Status::Held, "{}", publication.file_name);
        let done = engine.decide(release.info.no.0, true, noon()).unwrap();
        assert!(matches!(&done, Done::File { release, alerts } if alerts.is_empty() && release.counts.accepted > 0));
        assert_eq!(concerns::all(&engine.store.db).unwrap(), before, "{}", publication.file_name);
    }
    assert_eq!(late.len(), 2);
    let db = &engine.store.db;
    let entries = log::after(db, 0, 10_000).unwrap();
    for entry in entries.iter().step_by(entries.len() / 12 + 1) {
        let again = explain::explain(db, &engine.store.raw, entry).unwrap();
        assert!(again.same, "alert {} is not explained", entry.seq);
    }
    let found = verify::verify(db, &engine.store.raw, |_| ()).unwrap();
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    let again = root.path().join("again");
    assert_eq!(replay(&engine.store, &again, |_, _| ()).unwrap().difference, None);
    assert_eq!(folder::acts(&again), folder::acts(&root.path().join("data")));
}
