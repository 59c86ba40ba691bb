//! One token: a figure, a name, a date, or the reason why there is none.

use crate::connector::{Column, Layout};
use crate::faults::{Class, Finding};
use crate::model::measure::{Measure, MeasureKind};
use crate::model::record::Entry;
use crate::model::{Missing, number};
use crate::release_gate::shape::Millionths;

use super::dates::DatePattern;

/// How the tokens of one column read.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    kind: MeasureKind,
    /// Sorted by token; those of the column go before those of the layout.
    markers: Vec<(String, Missing)>,
    longest_marker: usize,
    blank: Missing,
    strip_zeros: bool,
    recode: Vec<(String, String)>,
    values: Vec<String>,
    dates: Vec<DatePattern>,
    allowed_dates: String,
    bounds: Option<(Millionths, Millionths)>,
}

/// What a token says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Said<'a> {
    pub entry: Entry<'a>,
    /// The token as it is kept.
    pub raw: &'a str,
    /// Set exactly when the entry is a number.
    pub figure: Option<Millionths>,
}

impl Reader {
    pub fn new(column: &Column, layout: &Layout, measure: &Measure) -> Reader {
        let mut markers = layout.markers.clone();
        markers.extend(column.markers.iter().map(|(token, why)| (token.clone(), *why)));
        let markers: Vec<_> = markers.into_iter().map(|(token, why)| (token.trim().to_owned(), why)).collect();
        let blank = markers.iter().find(|(token, _)| token.is_empty()).map_or(layout.blank, |(_, why)| *why);
        let mut values = measure.values.clone();
        values.sort();
        Reader {
            kind: measure.kind,
            longest_marker: markers.iter().map(|(token, _)| token.len()).max().unwrap_or(0),
            markers,
            blank,
            strip_zeros: column.strip_zeros,
            recode: column.recode.iter().map(|(token, value)| (token.clone(), value.clone())).collect(),
            values,
            dates: column.dates.iter().map(|pattern| DatePattern::new(pattern)).collect(),
            allowed_dates: column.dates.join(" or "),
            bounds: measure.bounds.as_ref().map(|bounds| (bounds.min.into(), bounds.max.into())),
        }
    }

    /// Reads one token. The error has class, code and wording, not yet the place.
    pub fn read<'a>(&'a self, token: &'a str) -> Result<Said<'a>, Finding> {
        let token = token.trim();
        if token.is_empty() {
            // sorted by token, so that the empty one is the first
            if let Some((_, value)) = self.recode.first().filter(|(known, _)| known.is_empty()) {
                return Ok(Said { entry: Entry::Recoded(value), raw: "", figure: None });
            }
            return Ok(Said { entry: Entry::Missing(self.blank), raw: "", figure: None });
        }
        if let Some(why) = self.marker(token) {
            return Ok(Said { entry: Entry::Missing(why), raw: token, figure: None });
        }
        match self.kind {
            MeasureKind::Number => self.number(token),
            MeasureKind::Text => Ok(Said { entry: Entry::Text, raw: self.without_zeros(token), figure: None }),
            MeasureKind::Category => self.category(token),
            MeasureKind::Date => match self.dates.iter().find_map(|pattern| pattern.read(token)) {
                Some(day) => Ok(Said { entry: Entry::Date(day), raw: token, figure: None }),
                None => Err(unreadable(format!("not a date: {} was expected", self.allowed_dates), token)),
            },
        }
    }

    fn marker(&self, token: &str) -> Option<Missing> {
        if token.len() > self.longest_marker {
            return None;
        }
        self.markers.binary_search_by(|(known, _)| known.as_str().cmp(token)).ok().map(|at| self.markers[at].1)
    }

    fn number<'a>(&self, token: &'a str) -> Result<Said<'a>, Finding> {
        let figure = match Millionths::plain(token) {
            Some(figure) => figure,
            None => match number::parse(token) {
                Some(figure) => figure.into(),
                None => {
                    let what =
                        "neither a number nor a marker that this layout knows: if it is a new marker, name it in the manifest";
                    return Err(unreadable(what, token));
                }
            },
        };
        if let Some((min, max)) = self.bounds.filter(|(min, max)| figure < *min || figure > *max) {
            let what = format!("outside {min} to {max}, which the registry gives as possible");
            return Err(Finding::new(Class::Quarantine, "constraint-error", what).reading(token));
        }
        Ok(Said { entry: Entry::Number, raw: token, figure: Some(figure) })
    }

    fn category<'a>(&'a self, token: &'a str) -> Result<Said<'a>, Finding> {
        let raw = self.without_zeros(token);
        for spelling in [token, raw] {
            if let Ok(at) = self.recode.binary_search_by(|(known, _)| known.as_str().cmp(spelling)) {
                return Ok(Said { entry: Entry::Recoded(&self.recode[at].1), raw, figure: None });
            }
        }
        if self.values.is_empty() || self.values.binary_search_by(|known| known.as_str().cmp(raw)).is_ok() {
            return Ok(Said { entry: Entry::Text, raw, figure: None });
        }
        Err(unreadable("not one of the categories known: if it is a new one, add it to the manifest", token))
    }

    fn without_zeros<'a>(&self, token: &'a str) -> &'a str {
        if !self.strip_zeros {
            return token;
        }
        match token.trim_start_matches('0') {
            "" => "0",
            rest => rest,
        }
    }
}

fn unreadable(what: impl Into<String>, token: &str) -> Finding {
    Finding::new(Class::Quarantine, "type-error", what).reading(token)
}
