//! What one act adds to the log, in order.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rusqlite::Connection;

use super::called;
use super::engine::EngineError;
use super::reassess::Work;
use super::standing;
use crate::alert::{self, News};
use crate::assess::Rule;
use crate::model::{Alert, History, ReleaseNo, Urn};
use crate::register::pathway::{Formal, TrustTie};
use crate::register::{GROUP_LINKS, Picture};
use crate::store::facts;
use crate::store::log::{self, Entry};

/// CloudEvents `source` of every event.
const SOURCE: &str = "urn:headwater";

/// The log while one act writes to it.
pub struct Chronicle<'a> {
    db: &'a Connection,
    work: &'a Work<'a>,
    /// The day on which the public knew.
    published: Date,
    seq: i64,
    /// Open schools of the trusts that were met in this act; none where it is not known.
    trusts: BTreeMap<String, Option<u32>>,
    /// What was written, in order.
    pub entries: Vec<Entry>,
}

impl<'a> Chronicle<'a> {
    pub fn new(db: &'a Connection, work: &'a Work<'a>, published: Date) -> Result<Chronicle<'a>, EngineError> {
        Ok(Chronicle { db, work, published, seq: log::last_seq(db)?, trusts: BTreeMap::new(), entries: Vec::new() })
    }

    /// The sequence that the next entry gets.
    pub fn next_seq(&self) -> i64 {
        self.seq + 1
    }

    /// Writes an alert about a concern. `history` is that of the school that was asked, which may
    /// not be the one that the concern is about.
    pub fn concern(&mut self, alert: &Alert, rule: &Rule, history: &History) -> Result<(), EngineError> {
        let own;
        let history = if history.subject == i64::from(alert.urn.get()) {
            history
        } else {
            own = self.history(alert.urn)?;
            &own
        };
        let known = ReleaseNo(self.work.act);
        let names = called::names(history, self.work.measures, known);
        let picture = Picture::at(history, &self.work.lens, known, None);
        let (status, tie) = (standing::standing(alert.urn, &picture), self.tie(&picture)?);
        let pathway = self.work.setup.pathways.for_school(status, tie);
        let seq = self.next_seq();
        let setting = alert::Setting {
            source: SOURCE,
            rule_title: &rule.title,
            rule_source: &rule.source,
            school_name: names.name.as_deref(),
            la: names.la.as_deref(),
            predecessor: picture.predecessor().unique(),
            pathway: Some(alert::envelope::PathwayView {
                id: &pathway.id,
                first_addressee: pathway.first.word(),
                verb: pathway.verb.word(),
                says: &pathway.text,
                formal_steps: pathway.formal == Formal::Ladder,
            }),
            published: self.published,
            seq,
            recorded: self.work.at,
        };
        self.write(Entry {
            seq,
            id: alert::envelope::id(alert, seq),
            urn: alert.urn.get(),
            kind: alert::envelope::event_type(alert.kind),
            rule: alert.rule.clone(),
            act: self.work.act,
            body: alert::envelope(alert, &setting),
        })
    }

    /// Whether a school is in a trust with others, as known in this act.
    fn tie(&mut self, picture: &Picture<'_>) -> Result<TrustTie, EngineError> {
        let (db, work, trusts) = (self.db, self.work, &mut self.trusts);
        let known = ReleaseNo(work.act);
        standing::tie(picture, |uid| {
            if let Some(size) = trusts.get(uid) {
                return Ok(*size);
            }
            let among: Vec<i64> =
                work.lens.registers().chain([GROUP_LINKS]).filter_map(|dataset| work.datasets.code(dataset)).collect();
            let size = standing::open_schools(db, uid, |urn| {
                let history = facts::history_in(db, work.datasets, i64::from(urn.get()), &among)?;
                Ok(standing::in_trust(&Picture::at(&history, &work.lens, known, None), uid))
            })?;
            trusts.insert(uid.to_owned(), size);
            Ok(size)
        })
    }

    /// Writes news about who is who, or a notice.
    pub fn news(&mut self, news: &News, history: &History) -> Result<(), EngineError> {
        let known = ReleaseNo(self.work.act);
        let names = called::names(history, self.work.measures, known);
        let seq = self.next_seq();
        let around = alert::register::Around {
            source: SOURCE,
            school_name: names.name.as_deref(),
            la: names.la.as_deref(),
            predecessor: Picture::at(history, &self.work.lens, known, None).predecessor().unique(),
            published: self.published,
            seq,
            recorded: self.work.at,
        };
        self.write(Entry {
            seq,
            id: news.id(seq),
            urn: news.urn.get(),
            kind: news.event_type(),
            rule: String::new(),
            act: self.work.act,
            body: news.envelope(&around),
        })
    }

    /// Everything known about one school.
    pub fn history(&self, urn: Urn) -> Result<History, EngineError> {
        let mut history = facts::history(self.db, self.work.datasets, i64::from(urn.get()))?;
        history.subject = i64::from(urn.get());
        Ok(history)
    }

    fn write(&mut self, entry: Entry) -> Result<(), EngineError> {
        log::append(self.db, &entry)?;
        self.seq = entry.seq;
        self.entries.push(entry);
        Ok(())
    }
}
