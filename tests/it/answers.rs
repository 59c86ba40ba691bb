//! Real published files through all stages, held against answers that were computed from the
//! definitions by other programs.

mod floors;
mod hostile_files;
mod register;
mod revision;
mod stuck;
mod who_is_who;

use std::collections::BTreeMap;
use std::path::Path;

use headwater::config::Bundle;
use headwater::model::{Period, ReleaseNo, Stage};
use headwater::pipeline::engine::Mode;
use headwater::pipeline::explain;
use headwater::pipeline::offer::Offer;
use headwater::pipeline::{Done, Engine, Setup};
use headwater::store::releases::{Release, Status};
use headwater::store::{acts, concerns, log, verify};
use jiff::Timestamp;
use jiff::civil::Date;

/// A data folder under the files that come with the program.
pub struct Real {
    pub engine: Engine,
    /// Removed when the test ends.
    _dir: tempfile::TempDir,
}

pub fn noon(day: Date) -> Timestamp {
    day.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp()
}

impl Real {
    pub fn new() -> Real {
        let dir = tempfile::tempdir().unwrap();
        let setup = Setup::new(Bundle::load(&Default::default()).unwrap()).unwrap_or_else(|faults| panic!("{faults}"));
        let engine = Engine::open(dir.path(), setup, Timestamp::UNIX_EPOCH).unwrap();
        Real { engine, _dir: dir }
    }

    pub fn offer(&mut self, source: &str, file: &Path, period: &str, stage: Option<Stage>, published: &str) -> Done {
        let published: Date = published.parse().unwrap();
        let offer = Offer {
            source: source.into(),
            path: file.to_owned(),
            file_name: file.file_name().unwrap().to_string_lossy().into_owned(),
            period: period.parse::<Period>().unwrap(),
            stage,
            published,
            position: None,
        };
        self.engine.offer(offer, noon(published), Mode::Commit).unwrap()
    }

    /// Offers a file that must be accepted, with every row accounted for.
    pub fn accept(&mut self, source: &str, file: &Path, period: &str, stage: Option<Stage>, published: &str) -> Release {
        match self.offer(source, file, period, stage, published) {
            Done::File { release, .. } => {
                assert_eq!(release.status, Status::Accepted, "{}: {:?}", file.display(), release.findings);
                assert!(release.counts.reconciles() && release.counts.read > 0, "{}: {:?}", file.display(), release.counts);
                *release
            }
            other => panic!("{}: {other:?}", file.display()),
        }
    }

    /// Verdict by URN where it is not "not met".
    pub fn answers(&self, rule: &str) -> BTreeMap<u32, concerns::Answer> {
        let mut all = BTreeMap::new();
        for answer in concerns::answers_of(&self.engine.store.db, rule).unwrap() {
            all.insert(answer.urn, answer);
        }
        all
    }

    pub fn last_seq(&self) -> i64 {
        log::last_seq(&self.engine.store.db).unwrap()
    }

    pub fn acts(&self) -> usize {
        acts::all(&self.engine.store.db).unwrap().len()
    }

    pub fn verify(&self) {
        let found = verify::verify(&self.engine.store.db, &self.engine.store.raw, |_| {}).unwrap();
        assert!(found.problems.is_empty(), "{:?}", found.problems);
    }

    /// Explains every `step`th alert of one release: each cell stands in the raw file as cited,
    /// and the outcome computed again is that of the alert.
    pub fn explain_every(&self, step: usize, release: ReleaseNo) -> usize {
        let (db, raw) = (&self.engine.store.db, &self.engine.store.raw);
        let entries: Vec<_> = log::after(db, 0, u32::MAX).unwrap().into_iter().filter(|entry| entry.act == release.0).collect();
        let mut explained = 0;
        for entry in entries.iter().step_by(step) {
            let found = explain::explain(db, raw, entry).unwrap();
            assert!(!found.cells.is_empty(), "alert {} cites nothing", entry.seq);
            for cell in &found.cells {
                assert!(cell.same, "alert {}: {:?}", entry.seq, cell);
            }
            assert!(found.same, "alert {} of {} {}: computed again {:?}", entry.seq, entry.rule, entry.urn, found.verdict);
            explained += 1;
        }
        explained
    }
}

/// Rows of a CSV file by column name.
pub fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let bytes = std::fs::read(path).unwrap();
    let bytes = if path.extension().is_some_and(|ext| ext == "gz") {
        let mut plain = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes.as_slice()), &mut plain).unwrap();
        plain
    } else {
        bytes
    };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header: Vec<String> =
        reader.byte_headers().unwrap().iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    let mut rows = Vec::new();
    for record in reader.byte_records() {
        let record = record.unwrap();
        let cells = record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned());
        rows.push(header.iter().cloned().zip(cells).collect());
    }
    rows
}
