//! How old a trust is (CA-08).

use std::fmt;

use jiff::civil::Date;

use super::GroupFacts;
use crate::register::listed::Known;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    pub since: Date,
    pub dated_by: DatedBy,
    /// Whole years up to the day; none if the trust began only after it.
    pub years: Option<u32>,
    pub band: AgeBand,
}

/// Which date of the register stands for the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatedBy {
    /// Its open date, which few trusts have.
    Opened,
    /// The day on which its company was incorporated. A trust may have taken its first school
    /// later, or have been a single academy before.
    Incorporated,
}

/// The two ages of the study of 2018: on either side of the Academies Act 2010.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AgeBand {
    UpTo2010,
    From2011,
}

impl Age {
    /// Err with the reason if the register has neither date.
    pub(super) fn of(group: &GroupFacts, as_of: Date) -> Known<Age> {
        let (since, dated_by) = match group.opened {
            Ok(day) => (day, DatedBy::Opened),
            Err(_) => (group.incorporated?, DatedBy::Incorporated),
        };
        let before_birthday = (as_of.month(), as_of.day()) < (since.month(), since.day());
        let years = i32::from(as_of.year()) - i32::from(since.year()) - i32::from(before_birthday);
        let band = if since.year() <= 2010 { AgeBand::UpTo2010 } else { AgeBand::From2011 };
        Ok(Age { since, dated_by, years: u32::try_from(years).ok(), band })
    }
}

impl fmt::Display for DatedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DatedBy::Opened => "opened",
            DatedBy::Incorporated => "incorporated",
        })
    }
}

impl fmt::Display for AgeBand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AgeBand::UpTo2010 => "up to and including 2010",
            AgeBand::From2011 => "from 2011",
        })
    }
}
