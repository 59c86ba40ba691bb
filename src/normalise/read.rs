//! Reads all rows of a table into records.

use std::collections::BTreeSet;

use crate::connector::Shape as LayoutShape;
use crate::decode::{Row, Table};
use crate::faults::{Class, Finding};
use crate::model::fact::AREAS;
use crate::model::{Body, Counts, Slot};
use crate::release_gate::Shape;

use super::Binding;
use super::rows::{self, About, KEYLESS, Key, YearReader};
use super::tidy::Tidy;
use super::wide::Wide;

/// What is known before a table is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// [`Read::row_hashes`] of the release before, if that one had the same header and was read by the same manifest and
    /// measure registry for the same slot; empty otherwise. Tidy layouts make no use of it.
    pub unchanged: &'a [u64],
    /// Ascending URNs of schools that were closed more than a year before the academic year began (in real releases one row in
    /// many thousands): their rows are set aside. Empty for registers, which list closed schools on purpose.
    pub closed: &'a [i64],
}

/// Everything that one table says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Read {
    /// In ascending order of subject, part and slot, which together are unique.
    pub records: Vec<Record>,
    pub counts: Counts,
    /// In ascending order of rows.
    pub quarantine: Vec<SetAside>,
    pub shape: Shape,
    /// Of accepted rows, ascending.
    pub row_hashes: Vec<u64>,
    /// What was seen on the way and concerns the release as a whole.
    pub alarms: Vec<Finding>,
}

/// What one table says about one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// URN, group UID, or [`crate::model::fact::AREAS`].
    pub subject: i64,
    /// Tells several records of one subject apart; the name of the area for areas.
    pub part: String,
    pub slot: Slot,
    /// Row as a spreadsheet shows it; of a tidy layout the first of several.
    pub row: u32,
    pub content: Content,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    Present(Body),
    /// Every cell of the row is what it was in the release before.
    Unchanged,
    Quarantined,
}

/// A row that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    pub finding: Finding,
    /// The row as read, without the columns listed as personal. For the rows that stand first
    /// among several of one key, only the columns that are read.
    pub cells: Vec<String>,
}

impl Read {
    /// Subjects other than areas, ascending, each once.
    pub fn keys(&self) -> Vec<i64> {
        let mut keys: Vec<i64> = self.records.iter().map(|record| record.subject).filter(|subject| *subject > 0).collect();
        keys.dedup();
        keys
    }
}

/// Reads what is left of `table`.
///
/// # Errors
/// The finding that refuses the file as a whole.
pub fn read(table: &mut Table, binding: &Binding, known: Known<'_>) -> Result<Read, Finding> {
    let mut read = read_rows(|row| table.next(row), binding, known)?;
    read.alarms.extend(table.tail_fault.take());
    Ok(read)
}

/// Rows that nobody can tell whose they are, after which no further one is looked at.
const HOPELESS: u32 = 2_000;

/// Reads all rows that `next` gives; it fills the row and says whether there was one.
pub fn read_rows(
    mut next: impl FnMut(&mut Row) -> Result<bool, Finding>,
    binding: &Binding,
    known: Known<'_>,
) -> Result<Read, Finding> {
    let mut reading = Reading::new(binding, known);
    let mut row = Row::default();
    loop {
        row.fault = None;
        match next(&mut row) {
            Ok(true) => reading.row(&row)?,
            Ok(false) => break,
            // a person may accept what was read before the file ends too early
            Err(finding) if finding.class < Class::Refuse => {
                reading.book.alarms.push(finding);
                break;
            }
            Err(finding) => return Err(finding),
        }
        if reading.keyless == HOPELESS && reading.keyless == reading.book.counts.read {
            let column = binding.name(binding.key);
            let what = format!(
                "none of the first {HOPELESS} rows has a key in this column: this is another file, or its values are shifted"
            );
            return Err(Finding::new(Class::Refuse, KEYLESS, what).in_column(column).at_row(row.number));
        }
    }
    Ok(reading.finish())
}

struct Reading<'b> {
    binding: &'b Binding,
    known: Known<'b>,
    book: Book<'b>,
    years: YearReader,
    keyless: u32,
    closed: u32,
    records: Records<'b>,
}

enum Records<'b> {
    Wide(Wide<'b>),
    Tidy(Tidy<'b>),
}

impl<'b> Reading<'b> {
    fn new(binding: &'b Binding, known: Known<'b>) -> Reading<'b> {
        let records = match binding.shape {
            LayoutShape::Wide => Records::Wide(Wide::new(binding, known.unchanged)),
            LayoutShape::Tidy => Records::Tidy(Tidy::new(binding)),
        };
        let book = Book { binding, counts: Counts::default(), quarantine: Vec::new(), alarms: Vec::new() };
        Reading { binding, known, book, years: YearReader::default(), keyless: 0, closed: 0, records }
    }

    fn row(&mut self, row: &Row) -> Result<(), Finding> {
        self.book.counts.read += 1;
        let about = rows::about(self.binding, &row.cells, &mut self.years);
        let mut fault = row.fault.clone();
        if let Some(finding) = fault.as_ref().filter(|finding| finding.class > Class::Quarantine) {
            let finding = self.book.hushed(finding.clone(), row.cells.len());
            if finding.class == Class::Refuse {
                return Err(finding);
            }
            self.book.alarms.push(finding);
        }
        let key = match about {
            Ok(About::Skip(reason)) if fault.is_none() => {
                self.book.skip(reason);
                return Ok(());
            }
            Ok(About::Skip(_)) => None,
            Ok(About::Subject(key)) => Some(key),
            Err(finding) => {
                self.keyless += u32::from(finding.code == KEYLESS);
                fault = fault.or(Some(finding));
                None
            }
        };
        fault = fault.or_else(|| super::ragged::check(self.binding, &row.cells));
        if let Some(key) = key.as_ref().filter(|key| fault.is_none() && self.known.closed.binary_search(&key.subject).is_ok()) {
            self.closed += 1;
            let what =
                format!("school {} was closed long before {}, so the row cannot be about it", key.subject, self.binding.period);
            fault = Some(Finding::new(Class::Quarantine, "closed-school", what).in_column(self.binding.name(self.binding.key)));
        }
        match &mut self.records {
            Records::Wide(wide) => wide.row(row, key, fault, &mut self.book),
            Records::Tidy(tidy) => tidy.row(row, key, fault, &mut self.book),
        }
        Ok(())
    }

    fn finish(self) -> Read {
        let mut book = self.book;
        let (records, mut shape, mut row_hashes) = match self.records {
            Records::Wide(wide) => wide.finish(&mut book),
            Records::Tidy(tidy) => tidy.finish(&mut book),
        };
        row_hashes.sort_unstable();
        book.quarantine.sort_by_key(|aside| aside.finding.row);
        let set_aside: u32 = book.counts.skipped.values().sum::<u32>() + book.counts.quarantined;
        book.counts.accepted = book.counts.read - set_aside;
        debug_assert_eq!(book.counts.accepted as usize, row_hashes.len(), "every row read is accounted for");
        debug_assert_eq!(book.counts.quarantined as usize, book.quarantine.len(), "every row set aside is kept");
        let slots: BTreeSet<Slot> = records.iter().filter(|record| record.subject != AREAS).map(|record| record.slot).collect();
        shape.slots = slots.len() as u32;
        shape.keyless = self.keyless;
        shape.closed = self.closed;
        Read { records, counts: book.counts, quarantine: book.quarantine, shape, row_hashes, alarms: book.alarms }
    }
}

/// Where rows go that are not accepted.
pub(super) struct Book<'b> {
    binding: &'b Binding,
    pub counts: Counts,
    pub quarantine: Vec<SetAside>,
    alarms: Vec<Finding>,
}

/// Rows set aside beyond this number are counted and named, and their cells are not kept.
const KEPT: usize = 20_000;

impl Book<'_> {
    pub fn skip(&mut self, reason: String) {
        *self.counts.skipped.entry(reason).or_insert(0) += 1;
    }

    /// Sets `row` aside whole, without what may be personal in it.
    pub fn set_aside(&mut self, row: &Row, mut finding: Finding) {
        finding.row = finding.row.or(Some(row.number));
        finding.class = Class::Quarantine;
        let finding = self.hushed(finding, row.cells.len());
        let kept = if self.quarantine.len() < KEPT { row.cells.len() } else { 0 };
        let cells = row.cells.iter().take(kept).enumerate();
        let hidden = |place: usize| self.is_personal(place, row.cells.len());
        let cells = cells.map(|(place, cell)| if hidden(place) { String::new() } else { cell.to_owned() }).collect();
        self.put(SetAside { finding, cells });
    }

    /// Whether a cell of a row of `length` cells may be personal: in a row of the wrong length one
    /// may stand under a neighbour's header.
    fn is_personal(&self, place: usize, length: usize) -> bool {
        let off = length.abs_diff(self.binding.header.len());
        self.binding.personal.range(place.saturating_sub(off)..=place + off).next().is_some()
    }

    /// Without its token, if that may be personal; where nobody can say which column it is from, it may.
    fn hushed(&self, mut finding: Finding, length: usize) -> Finding {
        let header = &self.binding.header;
        let may_be = match &finding.column {
            None => !self.binding.personal.is_empty(),
            Some(name) => {
                let place = header.iter().position(|header| header.trim() == name).unwrap_or(header.len());
                self.is_personal(place, length)
            }
        };
        if may_be {
            finding.raw = None;
        }
        finding
    }

    pub fn put(&mut self, aside: SetAside) {
        self.counts.quarantined += 1;
        self.quarantine.push(aside);
    }
}

/// A row of which something is known, until it is clear that no other has its key.
#[derive(Debug)]
pub(super) struct Found {
    pub key: Key,
    pub row: u32,
    pub hash: u64,
    pub content: Content,
}
