//! Kills, and what must be true after each.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use headwater::store::deliveries;

use super::folder;
use super::life::{Address, End, Life};
use super::model::{File, Model, Place, Step};
use super::witness::{RECEIVERS, Witnesses};

/// Kills for each act, about; most of them before its commit.
const KILLS_A_STEP: u32 = 6;
/// Longest time that anything may take that is not killed.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Torture {
    seed: u64,
    random: fastrand::Rng,
    pub place: Place,
    witnesses: Witnesses,
    kills: u32,
    /// Where the kills fell.
    phases: BTreeMap<&'static str, u32>,
    /// What a command needs when nobody kills it.
    usual: Duration,
    /// Kills when the last act was done.
    achieved: u32,
}

impl Torture {
    pub async fn prepare(seed: u64) -> Torture {
        let witnesses = Witnesses::start().await;
        let place = Place::new(&witnesses.settings());
        let (phases, usual) = (BTreeMap::new(), Duration::from_millis(150));
        Torture { seed, random: fastrand::Rng::with_seed(seed), place, witnesses, kills: 0, phases, usual, achieved: 0 }
    }

    /// One act, killed until it is done and was killed often enough.
    pub fn through(&mut self, model: &Model, step: usize) {
        let before = self.kills;
        self.achieved = before;
        match &model.steps[step] {
            Step::PutDown(file) => {
                let inbox = self.place.data.join("inbox").join(&file.source);
                std::fs::create_dir_all(&inbox).unwrap();
                // under a hidden name first, as one who writes slowly does
                let hidden = inbox.join(".on-its-way");
                std::fs::copy(&file.path, &hidden).unwrap();
                std::fs::rename(hidden, inbox.join(&file.name)).unwrap();
                self.until(|torture| {
                    torture.daemon(model, step);
                    torture.kills >= before + KILLS_A_STEP && folder::acts(&torture.place.data) > step
                });
            }
            Step::Ingest(_) | Step::Decide { .. } | Step::ChangeRules => {
                if matches!(model.steps[step], Step::ChangeRules) {
                    self.place.change_rules(true);
                }
                self.until(|torture| {
                    torture.command(model, step);
                    folder::acts(&torture.place.data) > step
                });
                // the same again changes nothing, killed or not
                self.command(model, step);
                // sometimes the alerts pile up
                let fresh = model.alerts[step + 1] > model.alerts[step];
                for _ in 0..self.random.u32(if fresh { 4..12 } else { 0..4 }) {
                    self.daemon(model, step + 1);
                }
            }
        }
    }

    /// The daemon, killed until `kills` are reached, and then left alone until all is delivered.
    pub fn deliver_all(&mut self, model: &Model, kills: u32) {
        let steps = model.steps.len();
        self.until(|torture| {
            torture.daemon(model, steps);
            torture.kills >= kills
        });
        let life = Life::start(self.place.command().arg("run"), self.witnesses.address.clone());
        self.until(|torture| {
            std::thread::sleep(Duration::from_millis(10));
            // before it is ready a signal ends it at once, as a kill does
            let ready = torture.witnesses.address.lock().unwrap().is_some();
            ready && torture.owed() == 0 && torture.witnesses.last_seen() >= model.ids.len()
        });
        match life.stop() {
            End::Exited { code: 0, said, .. } => assert!(said.contains("nothing is left undone"), "{said}"),
            other => panic!("seed {}: {other:?}", self.seed),
        }
    }

    pub fn check(&mut self, model: &Model) {
        self.look(model, model.steps.len());
        let entries = folder::entries(&self.place.data);
        let bodies: Vec<String> = entries.iter().map(|entry| entry.body.clone()).collect();
        let (requests, repeats) = self.witnesses.check(&model.ids, &model.urns, &bodies);
        println!(
            "crash: {} alerts, {requests} requests to {RECEIVERS} receivers, {repeats} of them again under the same id",
            bodies.len()
        );
        assert!(folder::incoming(&self.place.data).is_empty(), "files of the dead were left");
        let verify = self.place.command().arg("verify").output().unwrap();
        assert!(verify.status.success(), "{}", String::from_utf8_lossy(&verify.stderr));
        for phase in ["before a byte was kept", "raw file kept", "daemon: deliveries pending"] {
            let kills: u32 = self.phases.iter().filter(|(name, _)| name.starts_with(phase)).map(|(_, kills)| kills).sum();
            assert!(kills >= 3, "hardly a kill fell {phase}: {:?}", self.phases);
        }
        assert!(repeats >= 3, "hardly a kill fell between a request and the commit of its answer: {repeats}");
    }

    pub fn report(&self) -> String {
        let phases: Vec<String> = self.phases.iter().map(|(phase, kills)| format!("{kills} {phase}")).collect();
        let connections = self.witnesses.connections.load(Ordering::Relaxed);
        format!(
            "{} kills found it alive ({}); lost 0, twice 0; {connections} connections of the stream",
            self.kills,
            phases.join(", ")
        )
    }

    fn command(&mut self, model: &Model, step: usize) {
        let mut command = self.place.command();
        let file = match &model.steps[step] {
            Step::Ingest(file) | Step::PutDown(file) => {
                command.args(["ingest", "--source", &file.source, "--file"]).arg(&file.path);
                command.args(["--period", &file.period.to_string(), "--stage", &file.stage.to_string()]);
                command.args(["--published", &file.published.to_string()]);
                Some(file)
            }
            Step::Decide { release, accept } => {
                command.args(["release", if *accept { "accept" } else { "refuse" }, &release.to_string()]);
                None
            }
            Step::ChangeRules => {
                // there is no such release; the rules are looked at before that is said
                command.args(["release", "refuse", "999999"]);
                None
            }
        };
        let (before, kept) = (folder::acts(&self.place.data), self.keeps(file));
        let delay = self.delay(0.9);
        let life = Life::start(&mut command, Address::default());
        let its_own = format!("put-{}-", life.id());
        match life.kill_after(delay) {
            End::Killed => {
                let phase = match self.keeps(file) {
                    _ if folder::acts(&self.place.data) > step => "after the commit",
                    true if !kept => "raw file kept, act not committed",
                    _ if folder::incoming(&self.place.data).iter().any(|name| name.starts_with(&its_own)) => {
                        "raw file half written"
                    }
                    true => "raw file kept by an earlier life, act not committed",
                    false => "before a byte was kept",
                };
                self.count(phase);
            }
            End::Exited { code, after, said } => {
                // 65: held or refused as it should be, or decided by the life before
                assert!([0, 65].contains(&code), "seed {}: {code} {said}", self.seed);
                if before == step {
                    self.usual = (self.usual * 3 + after.max(delay)) / 4;
                }
            }
        }
        self.look(model, step);
    }

    fn keeps(&self, file: Option<&File>) -> bool {
        let raw = self.place.data.join("raw");
        file.is_some_and(|file| raw.join(&file.sha256[..2]).join(format!("{}.zst", file.sha256)).exists())
    }

    /// A daemon for a while. `step` is what it may find in the watched folder.
    fn daemon(&mut self, model: &Model, step: usize) {
        let (address, owed) = (self.witnesses.address.clone(), self.owed());
        let delay = self.delay(2.5);
        let life = Life::start(self.place.command().arg("run"), address.clone());
        // looked at a moment before it dies
        let ready = std::thread::scope(|scope| {
            let looking = scope.spawn(|| {
                std::thread::sleep(delay.saturating_sub(Duration::from_millis(1)));
                address.lock().unwrap().is_some()
            });
            let end = life.kill_after(delay);
            assert!(matches!(end, End::Killed), "seed {}: {end:?}", self.seed);
            looking.join().unwrap()
        });
        let phase = match ready {
            false => "daemon: starting",
            true if self.owed() > 0 => "daemon: deliveries pending",
            true if owed > 0 => "daemon: just delivered",
            true => "daemon: watching",
        };
        self.count(phase);
        self.look(model, step);
    }

    /// Alerts not yet delivered to every subscriber.
    fn owed(&self) -> i64 {
        let Some(db) = folder::look(&self.place.data) else { return 0 };
        let mut owed = 0;
        for id in deliveries::subscriptions(&db).unwrap() {
            let sum = deliveries::accounting(&db, &id).unwrap().unwrap();
            assert!(sum.balances() && sum.dead == 0, "seed {}: {id}: {sum:?}", self.seed);
            owed += sum.pending + sum.ahead;
        }
        owed
    }

    /// From nothing to that many times what is usual, and longer as long as nothing is achieved.
    fn delay(&mut self, times: f64) -> Duration {
        let growing = 1.0 + f64::from((self.kills - self.achieved).saturating_sub(KILLS_A_STEP)) / 8.0;
        self.usual.mul_f64(self.random.f64() * times * growing)
    }

    fn count(&mut self, phase: &'static str) {
        self.kills += 1;
        *self.phases.entry(phase).or_default() += 1;
    }

    /// The folder is in the state before the step or after it, and nowhere between.
    fn look(&self, model: &Model, step: usize) {
        let data = &self.place.data;
        let acts = folder::acts(data);
        assert!(acts == step || acts == step + 1, "seed {}: {acts} acts at step {step}", self.seed);
        let state = folder::state(data);
        assert_eq!(state, model.states[acts], "seed {}: not the state after {acts} acts", self.seed);
        let problems = folder::problems(data);
        assert!(problems.is_empty(), "seed {}: {problems:?}", self.seed);
        self.owed();
    }

    fn until(&mut self, mut done: impl FnMut(&mut Torture) -> bool) {
        let started = Instant::now();
        while !done(self) {
            assert!(
                started.elapsed() < PATIENCE,
                "seed {}: no end after {} kills, {:?}, usual {:?}",
                self.seed,
                self.kills,
                self.phases,
                self.usual
            );
        }
    }
}
