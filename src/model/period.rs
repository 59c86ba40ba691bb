//! What a release or a figure is about.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::AcademicYear;

/// The period of a release: an academic year, or the day at which a register stood.
/// Written `2016/17` or `2024-06-17`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Period {
    Year(AcademicYear),
    Day(Date),
}

/// The place of a record in a school's history: one for each academic year, and a single one
/// for all days of an as-at data set, whose records succeed each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    AsAt,
    Year(AcademicYear),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a period: write an academic year like 2016/17 or a day like 2024-06-17")]
pub struct NotAPeriod(String);

impl Period {
    pub fn slot(self) -> Slot {
        match self {
            Period::Year(year) => Slot::Year(year),
            Period::Day(_) => Slot::AsAt,
        }
    }
}

impl Slot {
    /// As kept in the store: 0 for as-at, else the calendar year in which the year starts.
    pub fn to_code(self) -> i64 {
        match self {
            Slot::AsAt => 0,
            Slot::Year(year) => i64::from(year.start()),
        }
    }

    pub fn from_code(code: i64) -> Option<Slot> {
        if code == 0 {
            return Some(Slot::AsAt);
        }
        u16::try_from(code).ok().and_then(AcademicYear::starting).map(Slot::Year)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Year(year) => year.fmt(f),
            Period::Day(day) => day.fmt(f),
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Slot::Year(year) => year.fmt(f),
            Slot::AsAt => f.write_str("as at"),
        }
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;
    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        let refuse = || NotAPeriod(text.chars().take(40).collect());
        if let Ok(year) = text.parse() {
            return Ok(Period::Year(year));
        }
        // a compact date has eight digits, as `20162017` has: the year came first
        text.trim().parse::<Date>().map(Period::Day).map_err(|_| refuse())
    }
}

impl TryFrom<String> for Period {
    type Error = NotAPeriod;
    fn try_from(text: String) -> Result<Self, NotAPeriod> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> String {
        period.to_string()
    }
}
