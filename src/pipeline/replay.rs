//! All acts again, into an empty folder: the proof that the log follows from the raw bytes and
//! the files in force, and from nothing else (I5).

use std::collections::BTreeMap;
use std::path::Path;

use super::engine::{Engine, EngineError, Mode};
use super::setup::Setup;
use crate::store::acts::{self, Deed};
use crate::store::{Store, StoreError, log};

/// What a replay found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replayed {
    pub acts: u32,
    pub alerts: u32,
    /// First alert that differs: sequence, and the two bodies (empty where there is none).
    pub difference: Option<(i64, String, String)>,
}

/// Does every act of `from` again in `into`, which must be empty, and compares the logs byte by
/// byte. `each` is told the number of the act and of all acts.
pub fn replay(from: &Store, into: &Path, mut each: impl FnMut(u32, u32)) -> Result<Replayed, EngineError> {
    let acts = acts::all(&from.db)?;
    let mut engine: Option<Engine> = None;
    let mut setups: BTreeMap<String, Setup> = BTreeMap::new();
    let mut replayed = Replayed::default();
    for act in &acts {
        each(replayed.acts, acts.len() as u32);
        if !setups.contains_key(&act.config) {
            setups.insert(act.config.clone(), Setup::new(Engine::bundle_in(&from.raw, &act.config)?)?);
        }
        let setup = &setups[&act.config];
        let mut current = match engine.take() {
            Some(engine) if engine.config == act.config => engine,
            Some(engine) => Engine::attach(engine.store, setup.clone())?,
            None => Engine::attach(empty(into)?, setup.clone())?,
        };
        if let Deed::File(intake) = &act.deed {
            current.store.raw.put(&mut from.raw.read(&intake.file)?)?;
        }
        current.perform(&act.deed, act.at, None, None, Mode::Commit)?;
        engine = Some(current);
        replayed.acts += 1;
    }
    replayed.alerts = u32::try_from(log::last_seq(&from.db)?).unwrap_or(u32::MAX);
    if let Some(engine) = &engine {
        replayed.difference = first_difference(from, &engine.store)?;
    }
    Ok(replayed)
}

fn empty(into: &Path) -> Result<Store, EngineError> {
    if std::fs::read_dir(into).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(StoreError::NotEmpty(into.to_owned()).into());
    }
    Ok(Store::open(into)?)
}

fn first_difference(one: &Store, other: &Store) -> Result<Option<(i64, String, String)>, StoreError> {
    let mut seq = 0;
    loop {
        let (left, right) = (log::after(&one.db, seq, 500)?, log::after(&other.db, seq, 500)?);
        if left.is_empty() && right.is_empty() {
            return Ok(None);
        }
        for at in 0..left.len().max(right.len()) {
            let (left, right) = (left.get(at), right.get(at));
            if left.map(|entry| (entry.seq, &entry.body)) != right.map(|entry| (entry.seq, &entry.body)) {
                let seq = left.or(right).map_or(seq, |entry| entry.seq);
                let body = |entry: Option<&log::Entry>| entry.map_or(String::new(), |entry| entry.body.clone());
                return Ok(Some((seq, body(left), body(right))));
            }
            seq = left.map_or(seq, |entry| entry.seq);
        }
    }
}
