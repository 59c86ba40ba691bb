//! Questions about who is who: a school, a trust, an area, a partnership, on a day and as known on
//! a day.
//!
//! Two days, never mixed: `on` is a day in the world, `as_of` the day on which somebody could have
//! asked. What was published after it is not known.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rusqlite::Connection;

use super::engine::EngineError;
use super::setup::Setup;
use crate::model::{History, Measures, ReleaseNo, Urn};
use crate::register::membership::{self, Kind, Span};
use crate::register::{GROUP_LINKS, LINKS, Lens, Picture};
use crate::store::facts::{self, Datasets};
use crate::store::{postings, releases};

/// The day in the world and the day of knowledge; without them, the latest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct When {
    pub on: Option<Date>,
    pub as_of: Option<Date>,
}

/// Asks one data folder.
pub struct Asker<'a> {
    pub db: &'a Connection,
    pub setup: &'a Setup,
    pub lens: Lens<'a>,
    pub when: When,
    pub datasets: Datasets,
    register: Vec<i64>,
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
        let datasets = Datasets::read(db)?;
        let later = match when.as_of {
            Some(day) => releases::published_after(db, day)?,
            None => BTreeSet::new(),
        };
        let since = releases::firsts(db, GROUP_LINKS)?.into_iter().find(|(no, _)| !later.contains(no));
        let lens = Lens::new(measures, &setup.registers(), since);
        let register = lens.registers().chain([LINKS, GROUP_LINKS]).filter_map(|dataset| datasets.code(dataset)).collect();
        Ok(Asker { db, setup, lens, when, datasets, register, later })
    }

    /// What the register knows of a school: establishments, links and groups only.
    pub fn history(&self, urn: Urn) -> Result<History, EngineError> {
        let mut history = facts::history_in(self.db, &self.datasets, i64::from(urn.get()), &self.register)?;
        if !self.later.is_empty() {
            history.facts.retain(|fact| !self.later.contains(&fact.release));
        }
        Ok(history)
    }

    /// Everything known of a school.
    pub fn whole_history(&self, urn: Urn) -> Result<History, EngineError> {
        let mut history = facts::history(self.db, &self.datasets, i64::from(urn.get()))?;
        history.subject = i64::from(urn.get());
        history.facts.retain(|fact| !self.later.contains(&fact.release));
        Ok(history)
    }

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
