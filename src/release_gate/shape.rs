//! What a release looks like from afar: how many rows, and how each figure is spread.
//!
//! Kept in the store beside the release, so that the next one can be held against it. Sums are
//! exact integers, so the order of the rows cannot change a shape.

use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

/// A figure in millionths of its unit, cut off there and at ± 10¹²: near enough to compare with
/// bounds and to sum up, never a published value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millionths(i64);

const MILLION: i64 = 1_000_000;
const LARGEST: i64 = 1_000_000_000_000 * MILLION;

impl Millionths {
    /// Reads digits with at most one point and one minus; none for anything else, which may still
    /// be a number to [`crate::model::number::parse`].
    pub fn plain(token: &str) -> Option<Millionths> {
        let (negative, digits) = match token.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let (mut value, mut decimals, mut seen) = (0i64, None, 0);
        for byte in digits {
            match (byte, &mut decimals) {
                (b'0'..=b'9', decimals) => {
                    value = value * 10 + i64::from(byte - b'0');
                    seen += 1;
                    *decimals = decimals.map(|n: u32| n + 1);
                    if seen > 12 {
                        return None;
                    }
                }
                (b'.', None) => decimals = Some(0),
                _ => return None,
            }
        }
        if seen == 0 || decimals == Some(0) {
            return None;
        }
        let decimals = decimals.unwrap_or(0);
        let value = if decimals <= 6 { value * 10i64.pow(6 - decimals) } else { value / 10i64.pow(decimals - 6) };
        Some(Millionths(if negative { -value } else { value }))
    }

    pub fn to_f64(self) -> f64 {
        self.0 as f64 / MILLION as f64
    }
}

impl From<Decimal> for Millionths {
    fn from(figure: Decimal) -> Millionths {
        let limit = Decimal::from(LARGEST / MILLION);
        let millionths = (figure.clamp(-limit, limit) * Decimal::from(MILLION)).trunc().to_i64();
        Millionths(millionths.unwrap_or(if figure.is_sign_negative() { -LARGEST } else { LARGEST }))
    }
}

impl fmt::Display for Millionths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Decimal::new(self.0, 6).normalize().fmt(f)
    }
}

/// A release from afar.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Rows that are one school's (or group's): accepted and set aside, without areas and rows
    /// that were skipped.
    pub rows: u32,
    /// Academic years (or days) that the rows are about: one, unless the file holds several.
    pub slots: u32,
    /// Rows in which the key column holds no key.
    pub keyless: u32,
    /// Rows of schools that were closed before the period.
    pub closed: u32,
    /// Header as it stands in the file.
    pub header: Vec<String>,
    /// The column with the key.
    pub key: String,
    /// Measures that the layout requires, and every measure that is a number.
    pub measures: BTreeMap<String, Spread>,
    /// The pairs that the manifest says are ordered.
    pub ordered: Vec<Ordered>,
}

/// How the figures of one measure are spread over the rows that could be read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    pub column: String,
    pub required: bool,
    /// Rows with a figure, name or date.
    pub n: u32,
    /// Rows with a reason instead, other than that nobody has one in this period.
    pub missing: u32,
    /// Rows for a period in which the measure was not published for anybody.
    pub unpublished: u32,
    /// For numbers, where `n` is not 0.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub figures: Option<Figures>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    pub mean: f64,
    /// Standard deviation of all rows, not an estimate from a sample.
    pub sd: f64,
    pub min: f64,
    pub max: f64,
    /// How many lie strictly between 0 and 1.
    pub fractions: u32,
}

/// How often one measure was no larger than the other, as it should be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ordered {
    pub lower: String,
    pub upper: String,
    /// Rows with both figures.
    pub both: u32,
    /// Of these, rows in which the lower is the larger.
    pub reversed: u32,
}

impl Spread {
    /// Share of rows without a figure, of those that could have one.
    pub fn missing_share(&self) -> Option<f64> {
        let rows = self.n + self.missing;
        (rows > 0).then(|| f64::from(self.missing) / f64::from(rows))
    }
}

impl Shape {
    /// Rows for each academic year, so that a file with several years compares with one of one.
    pub fn rows_each(&self) -> f64 {
        f64::from(self.rows) / f64::from(self.slots.max(1))
    }

    /// Columns that this release has and the earlier had not, and the reverse.
    pub fn drift(&self, before: &Shape) -> (Vec<String>, Vec<String>) {
        let not_in = |a: &[String], b: &[String]| a.iter().filter(|name| !b.contains(name)).cloned().collect();
        (not_in(&self.header, &before.header), not_in(&before.header, &self.header))
    }
}

/// Sums up the figures of one measure row by row.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub n: u32,
    pub missing: u32,
    pub unpublished: u32,
    fractions: u32,
    sum: i128,
    squares: i128,
    range: Option<(i64, i64)>,
}

impl Tally {
    /// A name, a date, a category.
    pub fn present(&mut self) {
        self.n += 1;
    }

    pub fn figure(&mut self, Millionths(figure): Millionths) {
        self.n += 1;
        self.sum += i128::from(figure);
        self.squares = self.squares.saturating_add(i128::from(figure) * i128::from(figure));
        self.fractions += u32::from(figure > 0 && figure < MILLION);
        let (min, max) = self.range.unwrap_or((figure, figure));
        self.range = Some((min.min(figure), max.max(figure)));
    }

    pub fn spread(&self, column: &str, required: bool) -> Spread {
        let million = MILLION as f64;
        let figures = self.range.map(|(min, max)| {
            let n = f64::from(self.n);
            let mean = self.sum as f64 / million / n;
            let variance = self.squares as f64 / million / million / n - mean * mean;
            Figures {
                mean,
                sd: if min == max { 0.0 } else { variance.max(0.0).sqrt() },
                min: min as f64 / million,
                max: max as f64 / million,
                fractions: self.fractions,
            }
        });
        Spread { column: column.to_owned(), required, n: self.n, missing: self.missing, unpublished: self.unpublished, figures }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::number;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_short_way_to_a_figure_agrees_with_the_long_one(token in "-?[0-9]{0,7}\\.?[0-9]{0,8}") {
            let long = number::parse(&token).map(Millionths::from);
            if let Some(short) = Millionths::plain(&token) {
                prop_assert_eq!(Some(short), long);
            }
        }

        #[test]
        fn whatever_the_short_way_reads_is_a_number(token in "[-+.0-9a-zA-Z,%£ ]{0,12}") {
            prop_assert!(Millionths::plain(&token).is_none() || number::parse(&token).is_some());
        }
    }

    #[test]
    fn mean_and_spread_are_those_of_the_figures() {
        let mut tally = Tally::default();
        for token in ["2", "4", "4", "4", "5", "5", "7", "9"] {
            tally.figure(Millionths::plain(token).unwrap());
        }
        let figures = tally.spread("X", true).figures.unwrap();
        assert_eq!((figures.mean, figures.sd, figures.min, figures.max), (5.0, 2.0, 2.0, 9.0));
    }
}
