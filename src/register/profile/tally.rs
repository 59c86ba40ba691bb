//! Counts that never lose what is not known, and shares that never lose what they are a share of.

use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::Decimal;

use crate::model::Missing;

/// How often each value occurs, and for which reasons how many have none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally<K, W = Missing> {
    pub known: BTreeMap<K, u32>,
    pub not_known: BTreeMap<W, u32>,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    pub count: u32,
    /// Those of which it is known.
    pub of: u32,
    /// Those of which it is not; they are not in `of`.
    pub not_known: u32,
}

impl<K: Ord, W: Ord> Tally<K, W> {
    pub fn of(values: impl Iterator<Item = Result<K, W>>) -> Tally<K, W> {
        let mut tally = Tally { known: BTreeMap::new(), not_known: BTreeMap::new() };
        for value in values {
            *match value {
                Ok(known) => tally.known.entry(known).or_default(),
                Err(why) => tally.not_known.entry(why).or_default(),
            } += 1;
        }
        tally
    }

    pub fn count(&self, value: &K) -> u32 {
        self.known.get(value).copied().unwrap_or(0)
    }

    pub fn known_total(&self) -> u32 {
        self.known.values().sum()
    }

    pub fn not_known_total(&self) -> u32 {
        self.not_known.values().sum()
    }

    pub fn share(&self, counts: impl Fn(&K) -> bool) -> Share {
        Share {
            count: self.known.iter().filter(|(value, _)| counts(value)).map(|(_, number)| number).sum(),
            of: self.known_total(),
            not_known: self.not_known_total(),
        }
    }
}

impl Share {
    /// Percentage points of those known, to one decimal; none if nothing is known. To be shown
    /// only together with `count`, `of` and `not_known`.
    pub fn percent(self) -> Option<Decimal> {
        let of = Decimal::from(self.of);
        (Decimal::from(self.count) * Decimal::ONE_HUNDRED).checked_div(of).map(|percent| percent.round_dp(1))
    }
}

impl fmt::Display for Share {
    /// `3 of 5 (60%), not known of 1 more`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.count, self.of)?;
        if let Some(percent) = self.percent() {
            write!(f, " ({}%)", percent.normalize())?;
        }
        match self.not_known {
            0 => Ok(()),
            more => write!(f, ", not known of {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_told_with_all_that_it_rests_on() {
        let share = |count, of, not_known| Share { count, of, not_known }.to_string();
        assert_eq!(share(3, 5, 0), "3 of 5 (60%)");
        assert_eq!(share(1, 3, 2), "1 of 3 (33.3%), not known of 2 more");
        assert_eq!(share(0, 0, 4), "0 of 0, not known of 4 more");
    }
}
