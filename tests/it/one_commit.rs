//! An act is one commit (I4): all of it is there or nothing, and the state is what the log says.

use headwater::config::{Bundle, Settings};
use headwater::demo::{SEED, Wexcombe};
use headwater::pipeline::engine::Mode;
use headwater::pipeline::offer::Offer;
use headwater::pipeline::{Done, Engine, Setup};
use headwater::store::verify;

use crate::crash::folder;

/// Everything that an act writes, and about how many rows go well.
const TABLES: [(&str, u32); 8] =
    [("act", 2), ("release", 2), ("fact", 200), ("roll", 2), ("quarantine", 3), ("outcome", 6), ("concern", 2), ("log", 2)];

/// A random choice of the county's publications; in each act the database fails at random inserts,
/// until it is left alone. After each failure nothing has changed, and after each act the state
/// is the fold of the log.
#[test]
fn an_act_that_fails_anywhere_leaves_nothing_and_the_state_is_the_fold_of_the_log() {
    let seed = std::env::var("HEADWATER_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or_else(|| fastrand::u64(..));
    let mut random = fastrand::Rng::with_seed(seed);
    let root = tempfile::tempdir().unwrap();
    let setup = Setup::new(Bundle::load(&Settings::default().files).unwrap()).unwrap();
    let noon = "2026-07-01T12:00:00Z".parse().unwrap();
    let mut engine = Engine::open(&root.path().join("data"), setup, noon).unwrap();
    let (mut before, mut acts, mut failures, mut alerts) = (folder::state_of(&engine.store.db), 0, 0, 0);
    for publication in Wexcombe::new(SEED).unwrap().timeline {
        if random.u8(..3) == 0 {
            continue;
        }
        let path = root.path().join(&publication.file_name);
        std::fs::write(&path, &publication.bytes).unwrap();
        let offer = Offer {
            source: publication.connector.to_owned(),
            path,
            file_name: publication.file_name.clone(),
            period: publication.period,
            stage: Some(publication.stage),
            published: publication.published,
            position: Some("where it was".to_owned()),
        };
        for _ in 0..6 {
            let (table, rows) = TABLES[random.usize(..TABLES.len())];
            let one_in = random.u32(1..=rows);
            let trigger = format!(
                "CREATE TEMP TRIGGER ill BEFORE INSERT ON main.{table} WHEN abs(random() % {one_in}) = 0
                 BEGIN SELECT RAISE(ABORT, 'the disk is ill'); END"
            );
            engine.store.db.execute_batch(&trigger).unwrap();
            let done = engine.offer(offer.clone(), noon, Mode::Commit);
            engine.store.db.execute_batch("DROP TRIGGER ill").unwrap();
            match done {
                Ok(Done::Unchanged(_)) => {}
                Ok(done) => {
                    (acts, alerts) = (acts + 1, alerts + done.alerts().len());
                    before = folder::state_of(&engine.store.db);
                }
                Err(error) => {
                    assert!(error.to_string().contains("ill") || format!("{error:?}").contains("ill"), "{error:?}");
                    failures += 1;
                    assert_eq!(folder::state_of(&engine.store.db), before, "seed {seed}: {table}");
                }
            }
        }
        if let done @ Done::File { .. } = engine.offer(offer, noon, Mode::Commit).unwrap() {
            (acts, alerts) = (acts + 1, alerts + done.alerts().len());
            before = folder::state_of(&engine.store.db);
        }
        let found = verify::verify(&engine.store.db, &engine.store.raw, |_| ()).unwrap();
        assert_eq!((found.problems.as_slice(), found.acts, found.alerts), (&[][..], acts, alerts as u32), "seed {seed}");
    }
    println!("one commit: seed {seed}: {acts} acts, {alerts} alerts, {failures} failures within an act that left nothing");
    assert!(failures > 10, "seed {seed}: hardly anything failed");
    // and the check sees what it is there to see
    for damage in [
        "UPDATE concern SET body = json_set(body, '$.state', 'withdrawn') WHERE json_extract(body, '$.state') <> 'withdrawn'",
        "UPDATE concern SET body = json_set(body, '$.raised', 0)",
        "UPDATE concern SET body = json_set(body, '$.about', 'another year')",
        "DELETE FROM concern WHERE id = (SELECT max(id) FROM concern)",
        "DELETE FROM act WHERE no = 2",
        "UPDATE fact SET day = day + 1 WHERE slot = 0",
        "UPDATE fact SET said = said + 1",
    ] {
        engine.store.db.execute_batch("BEGIN").unwrap();
        assert!(engine.store.db.execute(damage, []).unwrap() > 0, "seed {seed}: {damage}");
        let found = verify::verify(&engine.store.db, &engine.store.raw, |_| ()).unwrap();
        engine.store.db.execute_batch("ROLLBACK").unwrap();
        assert!(!found.problems.is_empty(), "{damage} was not seen");
    }
}

#[test]
fn a_dry_run_under_an_edited_rule_is_no_act() {
    let root = tempfile::tempdir().unwrap();
    let at = |name: &str| root.path().join(name);
    let pack = include_str!("../../config/schemes/example-board.toml");
    std::fs::create_dir(at("rules")).unwrap();
    std::fs::write(at("rules/example-board.toml"), pack).unwrap();
    std::fs::write(at("headwater.toml"), "data = 'data'\n[files]\nschemes = 'rules'\n").unwrap();
    let timeline = Wexcombe::new(SEED).unwrap().timeline;
    let ingest = |name: &str, more: &[&str]| {
        let one = timeline.iter().find(|one| one.file_name == name).unwrap();
        std::fs::write(at(name), &one.bytes).unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_headwater"));
        command.arg("--config").arg(at("headwater.toml")).args(["ingest", "--source", one.connector, "--file"]).arg(at(name));
        let (period, published) = (one.period.to_string(), one.published.to_string());
        command.args(["--period", &period, "--published", &published]).args(more);
        let out = command.output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    };
    ingest("2015-2016_england_ks4final.csv", &[]);
    let before = folder::state(&at("data"));
    std::fs::write(at("rules/example-board.toml"), pack.replace("than = -0.5", "than = -0.7")).unwrap();
    ingest("2017-2018_england_ks4final.csv", &["--dry-run"]);
    assert_eq!(folder::state(&at("data")), before);
    ingest("2017-2018_england_ks4final.csv", &[]);
    assert_eq!(folder::acts(&at("data")), 3, "the edited rules, and the file");
}
