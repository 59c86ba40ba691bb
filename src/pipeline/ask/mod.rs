//! Questions about who is who: a school, a trust, an area, a partnership, on a day and as known on
//! a day.
//!
//! Two days, never mixed: `on` is a day in the world, `as_of` the day on which somebody could have
//! asked. What was published after it is not known.

pub mod area;
pub mod brief;
pub mod figures;
pub mod identity;
pub mod lineage;
pub mod news;
pub mod partnership;
pub mod place;
pub mod profile;
pub mod school;
pub mod told;
pub mod trust;
pub mod web;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rusqlite::{Connection, Transaction};

use super::engine::EngineError;
use super::setup::Setup;
use super::standing;
use crate::model::{History, Measures, ReleaseInfo, ReleaseNo, Urn};
use crate::register::membership::{self, Kind, Span};
use crate::register::{GROUP_LINKS, Lens, Picture};
use crate::store::StoreError;
use crate::store::facts::{self, Datasets};
use crate::store::{postings, releases};

/// The day in the world and the day of knowledge; without them, the latest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct When {
    pub on: Option<Date>,
    pub as_of: Option<Date>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// What was asked for is not there; says what to try.
    #[error("{0}")]
    Nothing(String),
    /// The question cannot be understood; says what is wrong with it.
    #[error("{0}")]
    Wrong(String),
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<StoreError> for AskError {
    fn from(error: StoreError) -> AskError {
        AskError::Engine(error.into())
    }
}

/// Asks one data folder.
pub struct Asker<'a> {
    pub db: &'a Connection,
    pub setup: &'a Setup,
    pub lens: Lens<'a>,
    pub when: When,
    pub datasets: Datasets,
    register: Vec<i64>,
    /// Those of them that describe establishments.
    establishments: Vec<i64>,
    /// Every answer is about one state of the folder, whatever is committed meanwhile. It also spares
    /// a thousand small queries taking their locks one by one.
    _snapshot: Option<Transaction<'a>>,
    /// Releases that were published later than anybody asks about.
    later: BTreeSet<ReleaseNo>,
}

/// A school that belonged to a body.
pub struct Member {
    pub urn: Urn,
    pub history: History,
    pub spans: Vec<Span>,
}

/// Every release that is known: which are not is decided when facts are read.
const ALL: ReleaseNo = ReleaseNo(i64::MAX);

impl<'a> Asker<'a> {
    /// `measures` under the codes of the folder.
    pub fn new(db: &'a Connection, setup: &'a Setup, measures: &'a Measures, when: When) -> Result<Asker<'a>, EngineError> {
        // within an act there is a transaction already
        let snapshot = if db.is_autocommit() { Some(db.unchecked_transaction()?) } else { None };
        let datasets = Datasets::read(db)?;
        let later = match when.as_of {
            Some(day) => releases::published_after(db, day)?,
            None => BTreeSet::new(),
        };
        let since = releases::first(db, GROUP_LINKS, &later)?;
        let lens = Lens::new(measures, &setup.registers(), since);
        let register = lens.datasets().filter_map(|dataset| datasets.code(dataset)).collect();
        let establishments = lens.registers().filter_map(|dataset| datasets.code(dataset)).collect();
        Ok(Asker { db, setup, lens, when, datasets, register, establishments, _snapshot: snapshot, later })
    }

    /// The same, as it was after an act: what was committed later is not known.
    pub fn known_up_to(mut self, no: ReleaseNo) -> Result<Asker<'a>, EngineError> {
        self.later.extend(releases::after(self.db, no)?);
        Ok(self)
    }

    /// The day in the world that the answer is about: the one asked for, else the day of the last
    /// extract of the register that is known. None while there is none.
    pub fn day(&self) -> Result<Option<Date>, EngineError> {
        if self.when.on.is_some() {
            return Ok(self.when.on);
        }
        let mut last = None;
        for register in self.lens.registers() {
            last = last.max(releases::last(self.db, register, &self.later)?.map(|(_, day)| day));
        }
        Ok(last)
    }

    /// Whether a data set describes establishments.
    pub fn is_register(&self, dataset: &str) -> bool {
        self.lens.registers().any(|register| register == dataset)
    }

    /// What the register itself says of a school, without links and groups.
    pub fn register_only(&self, urn: Urn) -> Result<History, EngineError> {
        self.facts_in(i64::from(urn.get()), &self.establishments)
    }

    /// What the register of groups says of one.
    pub fn group(&self, uid: &str) -> Result<History, EngineError> {
        match (uid.parse(), self.datasets.code("groups")) {
            (Ok(subject), Some(code)) => self.facts_in(subject, &[code]),
            _ => Ok(History::default()),
        }
    }

    fn facts_in(&self, subject: i64, among: &[i64]) -> Result<History, EngineError> {
        let mut history = facts::history_in(self.db, &self.datasets, subject, among)?;
        if !self.later.is_empty() {
            history.facts.retain(|fact| !self.later.contains(&fact.release));
        }
        Ok(history)
    }

    /// The releases that the facts of a history are cited from.
    pub fn cited(&self, history: &History) -> Result<BTreeMap<ReleaseNo, ReleaseInfo>, EngineError> {
        let nos: BTreeSet<ReleaseNo> = history.facts.iter().map(|fact| fact.said).collect();
        Ok(releases::some(self.db, nos)?)
    }

    /// The open schools of a trust on the day; none if it is not known of enough of them.
    pub fn open_in_trust(&self, uid: &str) -> Result<Option<u32>, EngineError> {
        standing::open_schools(self.db, uid, |urn| Ok(standing::in_trust(&self.picture(&self.history(urn)?), uid)))
    }

    /// What the register knows of a school: establishments, links and groups only.
    pub fn history(&self, urn: Urn) -> Result<History, EngineError> {
        self.facts_in(i64::from(urn.get()), &self.register)
    }

    /// Everything known of a school.
    pub fn whole_history(&self, urn: Urn) -> Result<History, EngineError> {
        let mut history = facts::history(self.db, &self.datasets, i64::from(urn.get()))?;
        history.subject = i64::from(urn.get());
        history.facts.retain(|fact| !self.later.contains(&fact.release));
        Ok(history)
    }

    /// As it stood on the day.
    pub fn picture<'p>(&'p self, history: &'p History) -> Picture<'p> {
        Picture::at(history, &self.lens, ALL, self.when.on)
    }

    pub fn spans(&self, history: &History) -> Vec<Span> {
        membership::spans(history, &self.lens, ALL)
    }

    /// Every school that ever belonged to a body, with its spans there.
    pub fn members(&self, kind: Kind, body: &str) -> Result<Vec<Member>, EngineError> {
        let posting = match kind {
            Kind::Authority => postings::Kind::Authority,
            Kind::Trust | Kind::Federation => postings::Kind::Group,
        };
        let mut members = Vec::new();
        for urn in postings::get(self.db, posting, body)?.into_iter().filter_map(|urn| Urn::try_from(urn).ok()) {
            let history = self.history(urn)?;
            let mut spans = self.spans(&history);
            spans.retain(|span| span.kind == kind && span.body == body);
            if !spans.is_empty() {
                members.push(Member { urn, history, spans });
            }
        }
        Ok(members)
    }
}

impl Member {
    /// Whether it belonged there on the day, or does now.
    pub fn belongs(&self, on: Option<Date>) -> bool {
        self.spans.iter().any(|span| match on {
            Some(day) => span.holds(day),
            None => span.to.is_none(),
        })
    }
}
