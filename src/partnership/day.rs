//! Spans of days as a person writes them: first and last day, both included.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

/// From a first to a last day, both included; an end that is not given is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Span {
    pub from: Option<Date>,
    pub to: Option<Date>,
}

/// When there was something: through a span of days, or on one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    On(Date),
    Through(Span),
}

impl Span {
    pub fn holds(self, on: Date) -> bool {
        self.from.is_none_or(|from| from <= on) && self.to.is_none_or(|to| on <= to)
    }

    /// Whether the two have a day in common.
    pub fn overlaps(self, other: Span) -> bool {
        let begins_in_time = |one: Span, two: Span| match (one.from, two.to) {
            (Some(from), Some(to)) => from <= to,
            _ => true,
        };
        begins_in_time(self, other) && begins_in_time(other, self)
    }

    /// The days that are in both, as far as their ends go.
    pub fn within(self, other: Span) -> Span {
        let to = match (self.to, other.to) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        Span { from: self.from.max(other.from), to }
    }
}

impl When {
    /// Whether it is live on a day: the span holds, or the day was at most so many months ago.
    pub fn live(self, on: Date, months: u32) -> bool {
        match self {
            When::Through(span) => span.holds(on),
            When::On(day) => day <= on && months_before(on, months).is_none_or(|first| first <= day),
        }
    }
}

/// None where the calendar does not reach back so far.
fn months_before(on: Date, months: u32) -> Option<Date> {
    on.checked_sub(i32::try_from(months).ok()?.months()).ok()
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (Some(from), Some(to)) => write!(f, "from {from} to {to}"),
            (Some(from), None) => write!(f, "since {from}"),
            (None, Some(to)) => write!(f, "until {to}"),
            (None, None) => f.write_str("at all times"),
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            When::On(day) => write!(f, "on {day}"),
            When::Through(span) => span.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn span(from: Option<Date>, to: Option<Date>) -> Span {
        Span { from, to }
    }

    #[test]
    fn both_ends_belong_to_a_span() {
        let term = span(Some(date(2026, 9, 1)), Some(date(2026, 12, 18)));
        assert!(term.holds(date(2026, 9, 1)) && term.holds(date(2026, 12, 18)) && !term.holds(date(2026, 12, 19)));
        assert!(term.overlaps(span(Some(date(2026, 12, 18)), None)));
        assert!(!term.overlaps(span(Some(date(2026, 12, 19)), None)));
        assert!(term.overlaps(Span::default()));
        assert_eq!(term.within(span(None, Some(date(2026, 10, 1)))).to, Some(date(2026, 10, 1)));
        assert_eq!(term.within(Span::default()), term);
    }

    #[test]
    fn a_visit_lives_for_its_months_to_the_day_and_never_before_it_took_place() {
        let visit = When::On(date(2026, 3, 31));
        assert!(visit.live(date(2026, 3, 31), 6) && visit.live(date(2026, 9, 30), 6));
        assert!(!visit.live(date(2026, 10, 1), 6) && !visit.live(date(2026, 3, 30), 6));
    }
}
