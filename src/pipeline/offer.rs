//! A file at the door: turned away, known already, or kept and put through.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Connection;

use super::engine::{Done, Engine, EngineError, Mode};
use crate::connector::Manifest;
use crate::decode::{self, Limits};
use crate::faults::Finding;
use crate::model::{Period, ReleaseNo, Stage};
use crate::normalise;
use crate::store::acts::{Deed, Intake};
use crate::store::raw;
use crate::store::releases::{self, Status};

/// Code of the finding that turns a file away.
const PERSONAL_DATA: &str = "personal-data";

/// A file as it is offered, with what is known about it.
#[derive(Debug, Clone)]
pub struct Offer {
    pub source: String,
    pub path: PathBuf,
    pub file_name: String,
    pub period: Period,
    /// The manifest's stage if neither publisher nor operator says.
    pub stage: Option<Stage>,
    pub published: Date,
    /// What the fetcher wants to find again, committed with the release.
    pub position: Option<String>,
}

/// Takes a file: turned away if its header shows personal data, else kept and put through.
pub fn offer(engine: &mut Engine, offer: Offer, now: Timestamp, mode: Mode) -> Result<Done, EngineError> {
    let manifest = engine.setup.connector(&offer.source)?;
    let open = || File::open(&offer.path).map_err(|error| EngineError::File(offer.path.clone(), error));
    let personal = personal_columns(engine, manifest, Box::new(open()?), offer.period);
    let mut intake = Intake {
        source: offer.source.clone(),
        file: String::new(),
        file_name: offer.file_name,
        period: offer.period,
        stage: offer.stage.unwrap_or(manifest.stage),
        published: offer.published,
    };
    let turned_away = !personal.is_empty();
    intake.file = if turned_away || mode == Mode::DryRun {
        raw::hash(&mut open()?).map_err(|error| EngineError::File(offer.path.clone(), error))?.sha256
    } else {
        engine.store.raw.put(&mut open()?)?.sha256
    };
    let db = &engine.store.db;
    if let Some(known) = releases::of_file(db, &intake.source, &intake.file, &intake.period.to_string(), intake.stage)?
        && (known.status == Status::Accepted || known.decided.is_some() || config_of(db, known.info.no)? == engine.config)
    {
        return Ok(Done::Unchanged(Box::new(known)));
    }
    let deed = if turned_away { Deed::TurnedAway { intake, findings: personal } } else { Deed::File(intake) };
    let position = offer.position.as_deref().map(|known| (offer.source.as_str(), known));
    engine.perform(&deed, now, position, Some(&offer.path), mode)
}

/// The bundle that the act of a release was done under.
pub fn config_of(db: &Connection, no: ReleaseNo) -> Result<String, EngineError> {
    Ok(db.query_row("SELECT config FROM act WHERE no = ?", [no.0], |row| row.get(0))?)
}

/// Looks at the header alone, before a byte is kept (I9).
fn personal_columns(engine: &Engine, manifest: &Manifest, input: Box<dyn Read + Send>, period: Period) -> Vec<Finding> {
    match decode::open(input, &manifest.decode, Limits::default()) {
        Ok(table) => match normalise::bind(manifest, &engine.measures, period, &table.header) {
            Err(findings) => findings.into_iter().filter(|finding| finding.code == PERSONAL_DATA).collect(),
            Ok(_) => Vec::new(),
        },
        // whatever is wrong here is found again, and said, when the file is read
        Err(_) => Vec::new(),
    }
}
