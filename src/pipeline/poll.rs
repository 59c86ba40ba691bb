//! Sources → files, by their fetchers; files → acts.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::engine::{Done, Engine, EngineError, Mode};
use super::names;
use super::offer::Offer;
use crate::connector::{Cadence, Manifest};
use crate::fetch::{self, Arrival, Client, FaultCode, FetchFault, FetchSpec, Known, Options, Polled};
use crate::model::Period;
use crate::runtime::Clock;
use crate::store::{StoreError, acts};

/// A file in a watched folder is believed when two looks agree; the second one comes so long after
/// the first.
pub const SETTLES: Duration = Duration::from_secs(5);

/// What one poll of one source came to.
#[derive(Debug)]
pub enum Outcome {
    Unchanged { why: String },
    NotYet { tried: Vec<String> },
    Later { not_before: Timestamp, why: String },
    Took(Vec<Done>),
}

#[derive(Debug, thiserror::Error)]
pub enum PollError {
    #[error("source `{source_id}` could not be fetched")]
    Fetch {
        source_id: String,
        #[source]
        fault: FetchFault,
    },
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<StoreError> for PollError {
    fn from(error: StoreError) -> PollError {
        PollError::Engine(error.into())
    }
}

/// The fetcher's part: asks one source and spools what is new into `incoming`. Watched folders
/// stand below the data folder `dir`. Writes nothing to the store.
pub async fn ask(
    client: &Client,
    manifest: &Manifest,
    known: Option<&str>,
    now: Timestamp,
    (dir, incoming): (&Path, &Path),
    mode: Mode,
) -> Result<Polled, FetchFault> {
    let known: Known = known.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let mut spec = manifest.fetch.clone();
    if let FetchSpec::Folder { path, .. } = &mut spec
        && Path::new(path.as_str()).is_relative()
    {
        let folder = dir.join(&*path);
        if mode == Mode::DryRun && !folder.exists() {
            return Ok(Polled::Unchanged { why: format!("there is no folder {} yet", folder.display()), known });
        }
        std::fs::create_dir_all(&folder)
            .map_err(|error| FetchFault::new(FaultCode::Disk, format!("cannot make {}: {error}", folder.display())))?;
        *path = folder.to_string_lossy().into_owned();
    }
    fetch::poll(client, &spec, &known, now, incoming).await
}

/// The store's part: takes what was spooled, each file as one act, and keeps the position.
pub fn take(
    engine: &mut Engine,
    source: &str,
    polled: Polled,
    now: Timestamp,
    today: Date,
    mode: Mode,
) -> Result<Outcome, EngineError> {
    let (outcome, known) = match polled {
        Polled::Unchanged { why, known } => (Outcome::Unchanged { why }, known),
        Polled::NotYet { tried, known } => (Outcome::NotYet { tried }, known),
        Polled::Later { not_before, why } => return Ok(Outcome::Later { not_before, why }),
        Polled::New { arrivals, known } => {
            let (mut done, mut failed) = (Vec::new(), None);
            let last = arrivals.len().saturating_sub(1);
            let position = serde_json::to_string(&known).unwrap_or_default();
            let incoming = engine.store.raw.incoming().to_owned();
            for (no, arrival) in arrivals.into_iter().enumerate() {
                let spooled = arrival.path.clone();
                match failed {
                    // one that says nothing of its period holds up no other
                    None | Some(EngineError::Nameless(_)) => {
                        let position = (no == last && failed.is_none()).then(|| position.clone());
                        let offer = offer(engine, source, arrival, today, position);
                        match offer.and_then(|offer| engine.offer(offer, now, mode)) {
                            Ok(one) => done.push(one),
                            Err(error) => failed = Some(error),
                        }
                    }
                    // the disk is full, say: what comes after waits, so that the order is kept
                    Some(_) => {}
                }
                // it is offered again where it was not taken; copies must not pile up meanwhile
                if spooled.starts_with(&incoming) {
                    let _ = std::fs::remove_file(spooled);
                }
            }
            if let Some(error) = failed {
                return Err(error);
            }
            (Outcome::Took(done), known)
        }
    };
    // a position alone is no act: nothing follows from it
    let position = serde_json::to_string(&known).unwrap_or_default();
    if mode == Mode::Commit && acts::position(&engine.store.db, source)?.as_deref() != Some(&position) {
        acts::set_position(&engine.store.db, source, &position)?;
    }
    Ok(outcome)
}

/// What a file is about: as the publisher says, else as its name says.
fn offer(engine: &Engine, source: &str, arrival: Arrival, today: Date, position: Option<String>) -> Result<Offer, EngineError> {
    let manifest = engine.setup.connector(source)?;
    let name = &arrival.file_name;
    let period = match manifest.cadence {
        Cadence::AsAt => arrival.as_at.or_else(|| names::day(name)).map(Period::Day),
        Cadence::Yearly => {
            arrival.period.as_deref().and_then(|period| period.parse().ok()).or_else(|| names::year(name)).map(Period::Year)
        }
    };
    let period = period.ok_or_else(|| EngineError::Nameless(name.clone()))?;
    let published = arrival.published.or(arrival.as_at).unwrap_or(today);
    Ok(Offer {
        source: source.to_owned(),
        path: arrival.path,
        stage: names::stage(name).filter(|_| manifest.cadence == Cadence::Yearly),
        file_name: arrival.file_name,
        period,
        published,
        position,
    })
}

/// Asks each source in turn and takes what came, outside of any runtime. Watched folders stand
/// below `dir`.
pub fn each(
    engine: &mut Engine,
    options: &Options,
    ids: &[String],
    clock: &Clock,
    dir: &Path,
    mode: Mode,
) -> Result<Vec<(String, Result<Outcome, PollError>)>, EngineError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| EngineError::Runtime(error.to_string()))?;
    let client = Client::new(options.clone()).map_err(|fault| EngineError::Runtime(fault.to_string()))?;
    let mut outcomes = Vec::new();
    for id in ids {
        let Some(manifest) = engine.setup.connectors.get(id) else { continue };
        let known = acts::position(&engine.store.db, id)?;
        let places = (dir, engine.store.raw.incoming());
        let look = async |known: Option<String>| ask(&client, manifest, known.as_deref(), clock.now(), places, mode).await;
        let asked = runtime.block_on(async {
            match look(known).await {
                Ok(Polled::NotYet { tried, known }) if settles(manifest, &tried) => {
                    tokio::time::sleep(SETTLES).await;
                    look(serde_json::to_string(&known).ok()).await
                }
                asked => asked,
            }
        });
        let outcome = match asked {
            Ok(polled) => take(engine, id, polled, clock.now(), today(clock.now()), mode).map_err(PollError::from),
            Err(fault) => Err(PollError::Fetch { source_id: id.clone(), fault }),
        };
        outcomes.push((id.clone(), outcome));
    }
    Ok(outcomes)
}

/// Whether what is not there yet are files that were seen in a folder for the first time.
pub fn settles(manifest: &Manifest, tried: &[String]) -> bool {
    matches!(manifest.fetch, FetchSpec::Folder { .. }) && !tried.is_empty()
}

/// The civil day in England.
pub fn today(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)).date()
}
