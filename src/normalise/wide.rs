//! One row a record.

use crate::decode::Row;
use crate::faults::Finding;
use crate::model::fact::AREAS;
use crate::model::record::Entry;
use crate::model::{Body, Missing};
use crate::release_gate::Shape;

use super::Binding;
use super::person::Named;
use super::read::{Book, Content, Found, Record};
use super::rows::{Key, year_of};
use super::stats::{Seen, Stats};
use super::{duplicates, hash};

pub(super) struct Wide<'b> {
    binding: &'b Binding,
    unchanged: &'b [u64],
    stats: Stats<'b>,
    found: Vec<Found>,
    /// Used again for each row.
    body: Body,
    rows: u32,
}

impl<'b> Wide<'b> {
    pub fn new(binding: &'b Binding, unchanged: &'b [u64]) -> Wide<'b> {
        Wide { binding, unchanged, stats: Stats::new(binding), found: Vec::new(), body: Body::default(), rows: 0 }
    }

    pub fn row(&mut self, row: &Row, key: Option<Key>, fault: Option<Finding>, book: &mut Book<'_>) {
        let is_area = key.as_ref().is_some_and(|key| key.subject == AREAS);
        self.rows += u32::from(!is_area);
        let Some(key) = key else {
            if let Some(fault) = fault {
                book.set_aside(row, fault);
            }
            return;
        };
        let hash = hash::of_row(&row.cells);
        let content = match fault.map_or_else(|| self.content(row, &key, hash), Err) {
            Ok(content) => {
                if !is_area {
                    self.stats.add();
                }
                content
            }
            Err(finding) => {
                book.set_aside(row, finding);
                Content::Quarantined
            }
        };
        self.found.push(Found { key, row: row.number, hash, content });
    }

    fn content(&mut self, row: &Row, key: &Key, hash: u64) -> Result<Content, Finding> {
        let known = self.unchanged.binary_search(&hash).is_ok();
        self.body.clear();
        self.stats.clear();
        let year = year_of(key.slot, self.binding.period);
        let mut ended = None;
        for (place, measure) in self.binding.measures.iter().enumerate() {
            if known && !measure.watched {
                continue;
            }
            let token = row.cells.get(measure.at);
            let person = measure.person.as_ref().filter(|person| !person.is_blank(&row.cells));
            if person.is_none() && token.is_none_or(|token| token.trim().is_empty()) {
                let end = *ended.get_or_insert_with(|| self.end(row));
                let why = end.filter(|(at, _)| *at < measure.at).map(|(_, why)| why);
                if let Some(why) = why.or(token.is_none().then_some(Missing::RowEnded)) {
                    self.body.push(measure.code, 0, Entry::Missing(why), "");
                    self.stats.see(place, Seen::Missing);
                    continue;
                }
            }
            let token = token.unwrap_or("");
            if !measure.published_in(year) {
                let raw = if measure.person.is_some() { "" } else { token.trim() };
                self.body.push(measure.code, 0, Entry::Missing(Missing::NotPublishedThisPeriod), raw);
                self.stats.see(place, Seen::Unpublished);
                continue;
            }
            if let Some(person) = &measure.person {
                let named = person.read(key.subject, &row.cells);
                self.body.push(measure.code, 0, named.entry(), named.raw());
                self.stats.see(place, if matches!(named, Named::Nobody(..)) { Seen::Missing } else { Seen::Present });
                continue;
            }
            let said = measure
                .reader
                .read(token)
                .map_err(|finding| finding.at_row(row.number).in_column(self.binding.name(measure.at)))?;
            self.body.push(measure.code, 0, said.entry, said.raw);
            self.stats.see(
                place,
                match (said.figure, said.entry) {
                    (Some(figure), _) => Seen::Figure(figure),
                    (None, Entry::Missing(_)) => Seen::Missing,
                    (None, _) => Seen::Present,
                },
            );
        }
        Ok(if known { Content::Unchanged } else { Content::Present(self.body.clone()) })
    }

    /// Where and why a row stops to say anything: the last thing in a new school's row is `NEW`,
    /// whether or not the row goes on with empty cells.
    fn end(&self, row: &Row) -> Option<(usize, Missing)> {
        if self.binding.tail.is_empty() {
            return None;
        }
        let (at, last) = row.cells.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()).last()?;
        self.binding.tail.get(last.trim()).map(|why| (at, *why))
    }

    pub fn finish(self, book: &mut Book<'_>) -> (Vec<Record>, Shape, Vec<u64>) {
        let shape = Shape { rows: self.rows, ..self.stats.shape() };
        let (records, hashes) = duplicates::resolve(self.found, self.binding, book);
        (records, shape, hashes)
    }
}
