//! Sums up what the gate looks at, row by row.

use crate::release_gate::shape::{Millionths, Ordered, Shape, Tally};

use super::Binding;

/// Statistics over the rows of schools that could be read; areas are no part of them.
pub(super) struct Stats<'b> {
    binding: &'b Binding,
    tallies: Vec<Tally>,
    ordered: Vec<Ordered>,
    /// Of the row at hand, by place in the binding's measures.
    row: Vec<Seen>,
}

/// What one cell adds to the statistics.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Seen {
    Nothing,
    Figure(Millionths),
    Present,
    Missing,
    Unpublished,
}

impl<'b> Stats<'b> {
    pub fn new(binding: &'b Binding) -> Stats<'b> {
        let id = |place: usize| binding.measures[place].id.clone();
        Stats {
            binding,
            tallies: vec![Tally::default(); binding.measures.len()],
            ordered: binding
                .ordered
                .iter()
                .map(|(lower, upper)| Ordered { lower: id(*lower), upper: id(*upper), both: 0, reversed: 0 })
                .collect(),
            row: vec![Seen::Nothing; binding.measures.len()],
        }
    }

    /// Forgets the row at hand.
    pub fn clear(&mut self) {
        self.row.fill(Seen::Nothing);
    }

    pub fn see(&mut self, measure: usize, seen: Seen) {
        self.row[measure] = seen;
    }

    /// Adds the row at hand and forgets it.
    pub fn add(&mut self) {
        for (pair, (lower, upper)) in self.ordered.iter_mut().zip(&self.binding.ordered) {
            if let (Seen::Figure(lower), Seen::Figure(upper)) = (self.row[*lower], self.row[*upper]) {
                pair.both += 1;
                pair.reversed += u32::from(lower > upper);
            }
        }
        for (tally, seen) in self.tallies.iter_mut().zip(&mut self.row) {
            match std::mem::replace(seen, Seen::Nothing) {
                Seen::Nothing => {}
                Seen::Figure(figure) => tally.figure(figure),
                Seen::Present => tally.present(),
                Seen::Missing => tally.missing += 1,
                Seen::Unpublished => tally.unpublished += 1,
            }
        }
    }

    /// The shape, still without its counts of rows.
    pub fn shape(&self) -> Shape {
        let measures = self.binding.measures.iter().zip(&self.tallies).filter(|(measure, _)| measure.watched);
        Shape {
            header: self.binding.header.clone(),
            key: self.binding.name(self.binding.key),
            measures: measures
                .map(|(measure, tally)| (measure.id.clone(), tally.spread(&self.binding.name(measure.at), measure.required)))
                .collect(),
            ordered: self.ordered.clone(),
            ..Shape::default()
        }
    }
}
