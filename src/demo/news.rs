//! What must be told about who is who, school by school in the order of the log: news of the
//! register and supportive notices, and nothing else.
//!
//! The day is that of the register's extract in which a change first stands; what it rests on is in
//! [`super::who`] and in [`super::plant::ACADEMISED`]. The first extract is where the register begins, so
//! nothing in it is news. In October 2017 and in September 2022 the links come out after the
//! extract of their day, so that a school is closed first and known to go on a moment later; in
//! November 2025 they come out before it.

use jiff::civil::{Date, date};

use crate::model::NewsKind::{self, Notice, Register};
use crate::model::{NoticeKind as N, RegisterKind as R};

/// One piece of news that must be in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExpectedNews {
    pub urn: u32,
    pub kind: NewsKind,
    /// Of the register in which it first stands.
    pub day: Date,
}

const OCTOBER_2017: Date = date(2017, 10, 16);
const OCTOBER_2018: Date = date(2018, 10, 2);
const SEPTEMBER_2022: Date = date(2022, 9, 5);
const NOVEMBER_2025: Date = date(2025, 11, 3);

/// Not in it, though something was written in another way: the name of 900043 in capitals, the head
/// of 900047 in another spelling, the codes of October 2018 without their zeros.
const NEWS: [(u32, NewsKind, Date); 23] = [
    // becomes an academy
    (900_313, Register(R::Closed), OCTOBER_2017),
    (900_313, Register(R::BecameAcademy), OCTOBER_2017),
    (900_501, Register(R::Opened), OCTOBER_2017),
    (900_021, Register(R::Closed), SEPTEMBER_2022),
    (900_021, Register(R::BecameAcademy), SEPTEMBER_2022),
    (900_502, Register(R::Opened), SEPTEMBER_2022),
    (900_022, Register(R::Closed), SEPTEMBER_2022),
    (900_022, Register(R::BecameAcademy), SEPTEMBER_2022),
    (900_503, Register(R::Opened), SEPTEMBER_2022),
    // two become one
    (900_023, Register(R::Merged), NOVEMBER_2025),
    (900_024, Register(R::Merged), NOVEMBER_2025),
    (900_504, Register(R::Opened), NOVEMBER_2025),
    (900_050, Register(R::ProposedToClose), NOVEMBER_2025),
    // whose they are, and what they are called
    (900_042, Register(R::Renamed), OCTOBER_2018),
    (900_044, Register(R::Federated), OCTOBER_2018),
    (900_045, Register(R::Federated), OCTOBER_2018),
    (900_048, Register(R::MovedTrust), SEPTEMBER_2022),
    (900_049, Register(R::JoinedTrust), NOVEMBER_2025),
    // heads
    (900_041, Notice(N::NewHead), OCTOBER_2018),
    (900_012, Notice(N::NewHead), SEPTEMBER_2022),
    (900_046, Notice(N::HeadVacancy), SEPTEMBER_2022),
    (900_046, Notice(N::NewHead), NOVEMBER_2025),
    (900_047, Notice(N::NewHead), NOVEMBER_2025),
];

pub fn all() -> Vec<ExpectedNews> {
    NEWS.into_iter().map(|(urn, kind, day)| ExpectedNews { urn, kind, day }).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::demo::who::{CHANGES, Change, MERGED};
    use crate::demo::{plant, wexcombe};
    use crate::model::Period;

    /// Days of the register's extracts that are good, the first included.
    fn extracts() -> Vec<Date> {
        let good = wexcombe().timeline.iter().filter(|p| p.connector == "gias-establishments" && !p.rows.eq(&Default::default()));
        good.filter_map(|p| if let Period::Day(day) = p.period { Some(day) } else { None }).collect()
    }

    #[test]
    fn what_changes_is_told_with_the_first_extract_that_has_it() {
        let extracts = extracts();
        let told = |since: Date| extracts.iter().copied().skip(1).find(|day| since <= *day && extracts[0] < since);
        let mut expected: BTreeSet<(u32, Date)> = BTreeSet::new();
        for (urn, since, change) in CHANGES {
            // the same head and the same name in another spelling
            if change != Change::NameInCapitals && (urn, since) != (900_047, date(2020, 9, 1)) {
                expected.extend(told(since).map(|day| (urn, day)));
            }
        }
        let successions = plant::ACADEMISED.into_iter().flat_map(|(old, new, day)| [(old, day), (new, day)]);
        let merged = MERGED.0.into_iter().chain([MERGED.1]).map(|urn| (urn, MERGED.2));
        expected.extend(successions.chain(merged).filter_map(|(urn, day)| Some((urn, told(day)?))));
        let planted: BTreeSet<(u32, Date)> = all().into_iter().map(|news| (news.urn, news.day)).collect();
        assert_eq!(planted, expected);
    }
}
