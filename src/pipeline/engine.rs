//! One hand on the data folder: every act goes through here and is one commit.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;

use super::chronicle::Chronicle;
use super::days::Days;
use super::setup::Setup;
use super::{index, ingest, notices, offer, reassess};
use crate::config::Bundle;
use crate::faults::Faults;
use crate::model::{Cause, Measures, ReleaseInfo, ReleaseNo, Slot};
use crate::register::{GROUP_LINKS, Lens};
use crate::store::acts::{self, Deed, Intake};
use crate::store::facts::{self, Datasets};
use crate::store::log::Entry;
use crate::store::releases::{self, Release, Status};
use crate::store::{RawStore, Store, StoreError};

/// The data folder with the files in force.
pub struct Engine {
    pub store: Store,
    pub setup: Setup,
    /// The registry under the codes of this folder.
    pub measures: Measures,
    pub datasets: Datasets,
    /// Key of the bundle in the raw store.
    pub config: String,
    /// Alerts that opening led to, because the files in force are not those of the last act.
    pub rule_change: Vec<Entry>,
}

#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the files in force have faults:\n{0}")]
    Setup(#[from] Faults),
    #[error("there is no connector `{0}`{1}")]
    NoConnector(String, String),
    #[error("cannot read {0}")]
    File(std::path::PathBuf, #[source] std::io::Error),
    #[error("there is no release {0} that waits for a decision: `headwater release list --held` shows those that do")]
    NotHeld(i64),
    #[error("release {0} was overtaken by release {1}, which was accepted since: refuse it with `headwater release refuse {0}`")]
    Overtaken(i64, i64),
    #[error("release {0} is not one that counts now: `headwater release list` shows which do")]
    NotCurrent(i64),
    #[error("release {0} cannot be accepted as it is, because it cannot be read; it goes on waiting\n{1}")]
    Unreadable(i64, String),
    #[error(
        "nothing says what {0} is about: put the academic year or the day into its name, as in england_ks4final_2017-2018.csv"
    )]
    Nameless(String),
    #[error("the network could not be set up: {0}")]
    Runtime(String),
}

impl From<rusqlite::Error> for EngineError {
    fn from(error: rusqlite::Error) -> EngineError {
        EngineError::Store(error.into())
    }
}

/// What one act did.
#[derive(Debug, Clone, PartialEq)]
pub enum Done {
    /// These very bytes were taken before; nothing was written.
    Unchanged(Box<Release>),
    /// A file went through; accepted, held or refused.
    File { release: Box<Release>, alerts: Vec<Entry> },
    /// The rules changed, or a person decided something that moved no figure.
    Other { alerts: Vec<Entry> },
}

impl Done {
    pub fn alerts(&self) -> &[Entry] {
        match self {
            Done::Unchanged(_) => &[],
            Done::File { alerts, .. } | Done::Other { alerts } => alerts,
        }
    }
}

/// Whether an act is to stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Commit,
    /// Everything is computed and nothing is written.
    DryRun,
}

impl Engine {
    /// Opens the folder under these files. Where they differ from those of the last act,
    /// every school is assessed again and what changes is said to be a rule change.
    pub fn open(dir: &Path, setup: Setup, now: Timestamp) -> Result<Engine, EngineError> {
        Engine::attach(Store::open(dir)?, setup)?.up_to_date(now)
    }

    /// The same in a copy in `scratch`: for dry runs, which leave the folder byte for byte as it is.
    pub fn open_copy(dir: &Path, scratch: &Path, setup: Setup, now: Timestamp) -> Result<Engine, EngineError> {
        Engine::attach(Store::copy(dir, scratch)?, setup)?.up_to_date(now)
    }

    fn up_to_date(self, now: Timestamp) -> Result<Engine, EngineError> {
        let mut engine = self;
        let last = acts::last(&engine.store.db)?;
        if last.is_some_and(|act| act.config != engine.config) {
            let done = engine.perform(&Deed::Config, now, None, None, Mode::Commit)?;
            engine.rule_change = done.alerts().to_vec();
        }
        Ok(engine)
    }

    /// The folder under these files, without looking at what was in force before.
    pub fn attach(store: Store, setup: Setup) -> Result<Engine, EngineError> {
        let bundle = setup.bundle.to_bytes();
        let config = store.raw.put(&mut bundle.as_slice())?.sha256;
        let measures = facts::intern_measures(&store.db, setup.measures.clone())?;
        let datasets = Datasets::intern(&store.db, setup.datasets())?;
        index::make(&store.db, &datasets, &Lens::new(&measures, &setup.registers(), None))?;
        Ok(Engine { store, setup, measures, datasets, config, rule_change: Vec::new() })
    }

    /// The bundle of files that an earlier act was done under.
    pub fn bundle_in(raw: &RawStore, config: &str) -> Result<Bundle, EngineError> {
        let mut bytes = Vec::new();
        raw.read(config)?.read_to_end(&mut bytes).map_err(StoreError::io("read the bundle", Path::new(config)))?;
        Bundle::from_bytes(&bytes)
            .ok_or_else(|| StoreError::Damaged(format!("the files in force {config} cannot be read")).into())
    }

    /// Offers a file as a release: raw bytes first, then everything else in one commit.
    pub fn offer(&mut self, offer: offer::Offer, now: Timestamp, mode: Mode) -> Result<Done, EngineError> {
        offer::offer(self, offer, now, mode)
    }

    /// A person accepts a held release, or refuses it.
    pub fn decide(&mut self, release: i64, accept: bool, now: Timestamp) -> Result<Done, EngineError> {
        let held = releases::get(&self.store.db, ReleaseNo(release))?;
        let held = held.filter(|release| release.status == Status::Held && release.decided.is_none());
        let held = held.ok_or(EngineError::NotHeld(release))?;
        if accept && let Some(overtaker) = self.overtaker(&held.info)? {
            return Err(EngineError::Overtaken(release, overtaker.0));
        }
        let deed = if accept { Deed::Accept { release } } else { Deed::Refuse { release } };
        self.perform(&deed, now, None, None, Mode::Commit)
    }

    /// The release that was accepted since and leaves a held one nothing to say. Of a register
    /// only one about the same day does: a held file about any other takes its place in history.
    fn overtaker(&self, held: &ReleaseInfo) -> Result<Option<ReleaseNo>, EngineError> {
        let db = &self.store.db;
        match ingest::slot_in(&self.setup, held) {
            Slot::AsAt => Ok(self.days(&held.dataset)?.overtaker(held).map(|one| one.no)),
            slot @ Slot::Year(_) => {
                let current = releases::current(db, &held.dataset, slot)?.map(|current| current.info.no);
                Ok(current.filter(|current| *current > held.no))
            }
        }
    }

    fn days(&self, dataset: &str) -> Result<Days, EngineError> {
        Ok(Days::new(releases::about_days(&self.store.db, dataset)?))
    }

    /// Reads the file of a current release again, after a manifest was mended: rows that were set
    /// aside may go in now, as a correction. Nothing happens if nothing was mended.
    pub fn redrive(&mut self, release: i64, now: Timestamp) -> Result<Done, EngineError> {
        let no = ReleaseNo(release);
        let found =
            releases::get(&self.store.db, no)?.filter(|found| found.status == Status::Accepted && found.decided.is_none());
        let found = found.ok_or(EngineError::NotCurrent(release))?;
        let current = match ingest::slot_in(&self.setup, &found.info) {
            Slot::AsAt => self.days(&found.info.dataset)?.counts_now(&found.info.source).map(|one| one.no),
            slot @ Slot::Year(_) => releases::current(&self.store.db, &found.info.dataset, slot)?.map(|current| current.info.no),
        };
        if current != Some(no) {
            return Err(EngineError::NotCurrent(release));
        }
        if offer::config_of(&self.store.db, no)? == self.config {
            return Ok(Done::Unchanged(Box::new(found)));
        }
        self.perform(&Deed::Redrive { release }, now, None, None, Mode::Commit)
    }

    /// Does one deed in one transaction. Replay calls this with the deeds of the journal.
    /// `position` is what a fetcher wants to find again; `path` stands in for the raw store in a
    /// dry run.
    pub fn perform(
        &mut self,
        deed: &Deed,
        at: Timestamp,
        position: Option<(&str, &str)>,
        path: Option<&Path>,
        mode: Mode,
    ) -> Result<Done, EngineError> {
        let prepared = ingest::prepare(self, deed, path)?;
        if let (Deed::Accept { release }, Some(prepared)) = (deed, &prepared) {
            prepared.is_accepted().map_err(|why| EngineError::Unreadable(*release, why))?;
        }
        let tx = self.store.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let no = acts::append(&tx, at, &self.config, deed)?;
        if let Some((source, known)) = position {
            acts::set_position(&tx, source, known)?;
        }
        let since = releases::first(&tx, GROUP_LINKS, &BTreeSet::new())?
            .or(prepared.as_ref().and_then(|one| one.begins(GROUP_LINKS, no)));
        let lens = Lens::new(&self.measures, &self.setup.registers(), since);
        let work = reassess::Work { setup: &self.setup, measures: &self.measures, datasets: &self.datasets, lens, act: no, at };
        let done = match deed {
            Deed::Config => {
                let mut chronicle = Chronicle::new(&tx, &work, reassess::day_of(at))?;
                reassess::everything(&tx, &work, Cause::RuleChange, &mut chronicle)?;
                notices::after_act(&tx, &work, Cause::RuleChange, &mut chronicle)?;
                Done::Other { alerts: chronicle.entries }
            }
            Deed::Refuse { release } => {
                releases::set_decided(&tx, ReleaseNo(*release), Status::Refused, no)?;
                Done::Other { alerts: Vec::new() }
            }
            Deed::File(_) | Deed::TurnedAway { .. } | Deed::Redrive { .. } => ingest::commit(&tx, &work, prepared)?,
            Deed::Accept { release } => {
                releases::set_decided(&tx, ReleaseNo(*release), Status::Accepted, no)?;
                ingest::commit(&tx, &work, prepared)?
            }
        };
        match mode {
            Mode::Commit => tx.commit()?,
            Mode::DryRun => tx.rollback()?,
        }
        Ok(done)
    }

    /// What a source left behind when it was last polled.
    pub fn position(&self, source: &str) -> Result<Option<String>, EngineError> {
        Ok(acts::position(&self.store.db, source)?)
    }
}

/// The intake that a held release came with.
pub fn intake_of(release: &Release) -> Intake {
    Intake {
        source: release.info.source.clone(),
        file: release.info.file.clone(),
        file_name: release.info.file_name.clone(),
        period: release.info.period,
        stage: release.info.stage,
        published: release.info.published,
    }
}
