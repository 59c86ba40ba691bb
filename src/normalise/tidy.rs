//! Several rows a record, one for each breakdown of a subject's figures.

use std::collections::BTreeMap;

use crate::decode::Row;
use crate::faults::{Class, Finding};
use crate::model::fact::AREAS;
use crate::model::record::Entry;
use crate::model::{Body, Missing};
use crate::release_gate::Shape;

use super::Binding;
use super::hash;
use super::read::{Book, Content, Record, SetAside};
use super::rows::{Key, year_of};
use super::stats::{Seen, Stats};

pub(super) struct Tidy<'b> {
    binding: &'b Binding,
    /// Every key met, in the order of meeting, and how to find it.
    keys: Vec<Key>,
    places: BTreeMap<Key, u32>,
    pieces: Vec<Piece>,
    /// Tokens of the pieces, end to end.
    tokens: String,
    hashes: Vec<(u32, u64)>,
    /// Which conditions the row at hand meets.
    met: Vec<bool>,
    /// Some measures stand in some rows only, so that a row without any is about something else.
    has_conditions: bool,
}

/// One cell of a record.
#[derive(Debug, Clone, Copy)]
struct Piece {
    key: u32,
    /// Place in the binding's measures.
    measure: u32,
    row: u32,
    start: usize,
    len: usize,
    /// False if the row was set aside.
    good: bool,
}

impl<'b> Tidy<'b> {
    pub fn new(binding: &'b Binding) -> Tidy<'b> {
        let (keys, places, pieces) = (Vec::new(), BTreeMap::new(), Vec::new());
        let has_conditions = binding.measures.iter().any(|measure| !measure.only.is_empty());
        Tidy {
            binding,
            keys,
            places,
            pieces,
            tokens: String::new(),
            hashes: Vec::new(),
            met: vec![false; binding.conditions.len()],
            has_conditions,
        }
    }

    pub fn row(&mut self, row: &Row, key: Option<Key>, mut fault: Option<Finding>, book: &mut Book<'_>) {
        let cell = |place: usize| row.cells.get(place).unwrap_or("").trim();
        let from = self.pieces.len();
        let mut wanted = !self.has_conditions;
        let key = key.map(|key| self.place(key));
        for (met, (place, tokens)) in self.met.iter_mut().zip(&self.binding.conditions) {
            *met = tokens.iter().any(|token| token == cell(*place));
        }
        for (place, measure) in self.binding.measures.iter().enumerate() {
            let applies = measure.only.iter().all(|condition| self.met[*condition]);
            let Some(key) = key.filter(|_| applies) else { continue };
            wanted |= !measure.only.is_empty();
            let token = cell(measure.at);
            if fault.is_none()
                && let Err(finding) = measure.reader.read(token)
            {
                fault = Some(finding.at_row(row.number).in_column(self.binding.name(measure.at)));
            }
            let (start, len) = (self.tokens.len(), token.len());
            self.tokens.push_str(token);
            self.pieces.push(Piece { key, measure: place as u32, row: row.number, start, len, good: true });
        }
        match fault {
            Some(finding) => {
                self.pieces[from..].iter_mut().for_each(|piece| piece.good = false);
                book.set_aside(row, finding);
            }
            None if !wanted => {
                self.pieces.truncate(from);
                book.skip("other breakdown".to_owned());
            }
            None => self.hashes.push((row.number, hash::of_row(&row.cells))),
        }
    }

    /// The number of a key; rows of one subject mostly follow each other.
    fn place(&mut self, key: Key) -> u32 {
        if let Some(last) = self.pieces.last().filter(|last| self.keys[last.key as usize] == key) {
            return last.key;
        }
        let next = self.keys.len() as u32;
        let place = *self.places.entry(key.clone()).or_insert(next);
        if place == next {
            self.keys.push(key);
        }
        place
    }

    pub fn finish(self, book: &mut Book<'_>) -> (Vec<Record>, Shape, Vec<u64>) {
        let Tidy { binding, keys, places, mut pieces, tokens, mut hashes, .. } = self;
        // nearly in order already, which the stable sort is quicker with
        pieces.sort_by_key(|piece| (piece.key, piece.measure, piece.row));
        let token = |piece: &Piece| &tokens[piece.start..piece.start + piece.len];
        let mut stats = Stats::new(binding);
        let mut records = Vec::new();
        let mut doubted: BTreeMap<u32, Finding> = BTreeMap::new();
        let mut rows = 0;
        for place in places.into_values() {
            let key = &keys[place as usize];
            let of_key =
                &pieces[pieces.partition_point(|piece| piece.key < place)..pieces.partition_point(|piece| piece.key <= place)];
            let Some(first_row) = of_key.iter().map(|piece| piece.row).min() else { continue };
            let before = doubted.len();
            for same in of_key.chunk_by(|a, b| a.measure == b.measure) {
                if same.iter().all(|piece| piece.good && token(piece) == token(&same[0])) || same.len() == 1 {
                    continue;
                }
                for piece in same.iter().filter(|piece| piece.good) {
                    let measure = &binding.measures[piece.measure as usize];
                    let listed: Vec<_> = same.iter().map(|piece| piece.row.to_string()).collect();
                    let what = format!(
                        "rows {} all give `{}` of {} and do not say the same: none of them is believed",
                        listed.join(", "),
                        measure.id,
                        key.subject
                    );
                    let finding = Finding::new(Class::Quarantine, "primary-key", what)
                        .at_row(piece.row)
                        .in_column(binding.name(measure.at));
                    doubted.entry(piece.row).or_insert(finding.reading(token(piece)));
                }
            }
            let content = if doubted.len() > before {
                Content::Quarantined
            } else {
                let mut body = Body::default();
                stats.clear();
                let mut last = None;
                for piece in of_key {
                    if last.replace(piece.measure) != Some(piece.measure) {
                        put(&mut body, &mut stats, binding, key, piece, token(piece), first_row);
                    }
                }
                if key.subject != AREAS {
                    stats.add();
                }
                Content::Present(body)
            };
            rows += u32::from(key.subject != AREAS);
            records.push(Record { subject: key.subject, part: key.part.clone(), slot: key.slot, row: first_row, content });
        }
        hashes.retain(|(row, _)| !doubted.contains_key(row));
        let mut hashes: Vec<u64> = hashes.into_iter().map(|(_, hash)| hash).collect();
        let all = hashes.len();
        hashes.sort_unstable();
        hashes.dedup();
        (hashes.len()..all).for_each(|_| book.skip("identical duplicate".to_owned()));
        let mut asides: BTreeMap<u32, SetAside> = BTreeMap::new();
        for (row, finding) in doubted {
            asides.insert(row, SetAside { finding, cells: vec![String::new(); binding.header.len()] });
        }
        for piece in &pieces {
            if let Some(aside) = asides.get_mut(&piece.row) {
                aside.cells[binding.measures[piece.measure as usize].at] = token(piece).to_owned();
                aside.cells[binding.key] = keys[piece.key as usize].subject.to_string();
            }
        }
        asides.into_values().for_each(|aside| book.put(aside));
        let shape = Shape { rows, ..stats.shape() };
        (records, shape, hashes)
    }
}

/// Writes one cell; it was read once already, so that an error here means that its row was set
/// aside.
fn put(body: &mut Body, stats: &mut Stats<'_>, binding: &Binding, key: &Key, piece: &Piece, token: &str, first_row: u32) {
    let measure = &binding.measures[piece.measure as usize];
    let offset = piece.row - first_row;
    let place = piece.measure as usize;
    if !piece.good {
        body.push(measure.code, offset, Entry::Missing(Missing::Quarantined), "");
        return;
    }
    if !measure.published_in(year_of(key.slot, binding.period)) {
        body.push(measure.code, offset, Entry::Missing(Missing::NotPublishedThisPeriod), token);
        stats.see(place, Seen::Unpublished);
        return;
    }
    let Ok(said) = measure.reader.read(token) else {
        body.push(measure.code, offset, Entry::Missing(Missing::Quarantined), "");
        return;
    };
    body.push(measure.code, offset, said.entry, said.raw);
    let seen = match (said.figure, said.entry) {
        (Some(figure), _) => Seen::Figure(figure),
        (None, Entry::Missing(_)) => Seen::Missing,
        (None, _) => Seen::Present,
    };
    stats.see(place, seen);
}
