//! Where to look for the schools of a trust or an area.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::engine::EngineError;
use crate::model::{Body, FactState};
use crate::normalise::{Content, Record};
use crate::register::{Field, GROUP_LINKS, Lens};
use crate::store::facts::{self, Datasets};
use crate::store::postings::{self, Kind, Said};
use crate::store::releases;

/// Notes the codes that the records of a release say.
pub fn note(db: &Connection, lens: &Lens<'_>, dataset: &str, records: &[Record]) -> Result<(), EngineError> {
    if !lens.reads(dataset) {
        return Ok(());
    }
    let mut said = Said::new();
    for record in records {
        if let (Content::Present(body), Ok(urn)) = (&record.content, u32::try_from(record.subject)) {
            codes(&mut said, lens, dataset, urn, body);
        }
    }
    Ok(postings::add(db, said)?)
}

/// Makes the index from the facts, in a folder that has none yet.
pub fn make(db: &Connection, datasets: &Datasets, lens: &Lens<'_>) -> Result<(), EngineError> {
    let mut described = false;
    for dataset in lens.registers().chain([GROUP_LINKS]) {
        described |= releases::first(db, dataset, &BTreeSet::new())?.is_some();
    }
    if !described || !postings::is_empty(db)? {
        return Ok(());
    }
    facts::scan::<EngineError>(db, datasets, 100_000, 999_999, |history| {
        let mut said = Said::new();
        for fact in history.facts.iter().filter(|fact| lens.reads(&fact.dataset)) {
            if let (FactState::Present(body), Ok(urn)) = (&fact.state, u32::try_from(history.subject)) {
                codes(&mut said, lens, &fact.dataset, urn, body);
            }
        }
        Ok(postings::add(db, said)?)
    })
}

fn codes<'b>(said: &mut Said<'b>, lens: &Lens<'_>, dataset: &str, urn: u32, body: &'b Body) {
    let mut put = |kind: Kind, value: Option<&'b str>| {
        if let Some(value) = value {
            said.entry((kind, value)).or_default().push(urn);
        }
    };
    if dataset == GROUP_LINKS {
        let [group] = body.tokens([lens.group]);
        return put(Kind::Group, group);
    }
    let fields = [Field::La, Field::Trust, Field::Federation, Field::Postcode];
    let [la, trust, federation, postcode] = body.tokens(fields.map(|field| lens.code(dataset, field)));
    put(Kind::Authority, la);
    put(Kind::Group, trust);
    put(Kind::Group, federation);
    put(Kind::Outcode, postcode.and_then(|postcode| postcode.split_whitespace().next()));
}
