//! Nothing is lost and nothing comes twice (I4, I5, I7), whenever the process is killed.
//!
//! The program takes ten years of Wexcombe's publications while it is killed (SIGKILL) at random
//! instants, over and over: `ingest` and `release accept` as commands, a watched folder, webhooks
//! and the event stream in the daemon. Outside of the blast radius stand the model, which went
//! through the same steps undisturbed and remembers the whole state after each; four receivers;
//! and a reader of the stream that comes back with the last id it saw. After every kill the folder
//! must be in the model's state before or after the step, down to the last row.
//!
//! `HEADWATER_SEED` repeats a run's draws; instants within the process are the machine's own.

pub mod folder;
mod life;
mod model;
mod torture;
mod witness;

use std::process::Command;

use self::model::Model;
use self::torture::Torture;

/// Kills that must have found the process alive.
const KILLS: u32 = 300;

#[test]
fn killed_at_any_instant_it_loses_nothing_and_says_nothing_twice() {
    let seed = std::env::var("HEADWATER_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or_else(|| fastrand::u64(..));
    println!("crash: seed {seed} (HEADWATER_SEED repeats it)");
    let started = std::time::Instant::now();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut torture = runtime.block_on(Torture::prepare(seed));
    let model = Model::of(&torture.place);
    for step in 0..model.steps.len() {
        torture.through(&model, step);
    }
    torture.deliver_all(&model, KILLS);
    torture.check(&model);
    let report = torture.report();
    println!("crash: seed {seed}: {report}, in {} s", started.elapsed().as_secs());

    // the same acts again, into an empty folder: the same bytes (I5)
    let into = torture.place.root().join("again");
    let replay = torture.place.command().args(["replay", "--into"]).arg(&into).output().unwrap();
    assert!(replay.status.success(), "seed {seed}: {}", String::from_utf8_lossy(&replay.stderr));
    let log = |data: &std::path::Path| {
        let out = Command::new(env!("CARGO_BIN_EXE_headwater")).arg("--data").arg(data).arg("log").output().unwrap();
        assert!(out.status.success());
        out.stdout
    };
    assert_eq!(log(&torture.place.data), log(&into), "seed {seed}: the replayed log is not byte-identical");
    assert_eq!(folder::state(&torture.place.data), folder::state(&into), "seed {seed}: the replayed state differs");
}
