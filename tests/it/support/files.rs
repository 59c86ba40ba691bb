//! One file through decode, normalise and gate, without a store.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use headwater::connector::Manifest;
use headwater::decode::{self, Limits};
use headwater::faults::Finding;
use headwater::model::measure::Measure;
use headwater::model::{Measures, Period, Stage};
use headwater::normalise::{self, Known, Read};
use headwater::release_gate::{self, Before, Incoming, Judgement};

/// What became of one file.
pub struct Outcome {
    pub judgement: Judgement,
    /// None if it was not read to its end.
    pub read: Option<Read>,
    pub period: Period,
    pub stage: Stage,
}

/// What is known besides the file.
#[derive(Default)]
pub struct Around<'a> {
    pub before: Option<&'a Outcome>,
    /// Ascending URNs of schools closed long before the period.
    pub closed: &'a [i64],
    /// Another period's release, to compare rows with.
    pub other: Option<&'a Outcome>,
}

pub fn manifest(id: &str) -> Manifest {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("connectors/{id}.toml"));
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

pub fn measures() -> Measures {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/measures.toml");
    Measures::new(toml::from_str::<BTreeMap<String, Measure>>(&std::fs::read_to_string(path).unwrap()).unwrap())
}

pub fn ingest(connector: &str, period: &str, file: &Path, around: &Around<'_>) -> Outcome {
    let manifest = manifest(connector);
    ingest_by(&manifest, &measures(), period, file, around)
}

pub fn ingest_by(manifest: &Manifest, measures: &Measures, period: &str, file: &Path, around: &Around<'_>) -> Outcome {
    let period: Period = period.parse().unwrap();
    let stage = manifest.stage;
    match read(manifest, measures, period, file, around.closed) {
        Err(findings) => Outcome { judgement: Judgement::of(findings), read: None, period, stage },
        Ok(read) => {
            let keys = read.keys();
            let earlier = around.before.map(|before| (before, before.read.as_ref().unwrap().keys()));
            let before = earlier.as_ref().map(|(before, keys)| Before {
                shape: &before.read.as_ref().unwrap().shape,
                keys,
                period: before.period,
                stage: before.stage,
            });
            let same_rows: Vec<_> = around.other.iter().map(|other| (other.period, share_of_rows(&read, other))).collect();
            let incoming = Incoming {
                dataset: &manifest.dataset,
                period,
                stage,
                counts: &read.counts,
                shape: &read.shape,
                keys: &keys,
                alarms: &read.alarms,
                closed_share: None,
                same_rows: &same_rows,
                counts_now: around.before.map(|before| before.period).filter(|period| matches!(period, Period::Day(_))),
                changed: &[],
            };
            let judgement = release_gate::judge(&manifest.gate, measures, &incoming, before.as_ref());
            Outcome { judgement, read: Some(read), period, stage }
        }
    }
}

fn read(manifest: &Manifest, measures: &Measures, period: Period, file: &Path, closed: &[i64]) -> Result<Read, Vec<Finding>> {
    let input = File::open(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut table = decode::open(Box::new(input), &manifest.decode, Limits::default()).map_err(|finding| vec![finding])?;
    let binding = normalise::bind(manifest, measures, period, &table.header)?;
    normalise::read(&mut table, &binding, Known { unchanged: &[], closed }).map_err(|finding| vec![finding])
}

fn share_of_rows(read: &Read, other: &Outcome) -> f64 {
    let theirs = &other.read.as_ref().unwrap().row_hashes;
    let same = read.row_hashes.iter().filter(|hash| theirs.binary_search(hash).is_ok()).count();
    same as f64 / read.row_hashes.len().max(1) as f64
}
