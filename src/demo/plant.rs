//! The planted cases: which school has which story.
//!
//! The stories are told in figures by [`super::figures`] and in expected alerts by
//! [`super::truth`]. Everything is decided here by URN, so that truth is a table.

use jiff::civil::{Date, date};

/// One planted story. The years are academic years, named by the calendar year they start in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plant {
    /// Falls below the KS4 floor in 2017/18 and is back a year later.
    Ks4Falls,
    /// Below on the provisional figures of 2016/17, not on the final ones.
    Ks4RevisedAway,
    /// Suppressed in every year: cannot be told, never raised.
    Ks4Suppressed,
    /// Below in 2015/16, then in no file any more though it stays open.
    Ks4Vanishes,
    /// Below in 2015/16, better from 2016/17.
    Ks4Improves,
    /// Below in 2015/16, not in 2016/17, below again in 2017/18.
    Ks4Reopened,
    /// Below in 2015/16, suppressed afterwards.
    Ks4SuppressedAfter,
    /// Too few pupils with prior attainment in every year.
    Ks4LowCoverage,
    /// A low score whose interval reaches above zero.
    Ks4NotSignificant,
    /// Below on provisional and on final figures of 2016/17, which differ.
    Ks4Restated,
    /// Well below average in 2022/23, when there is no floor, and not a year later.
    Ks4FallsLate,
    /// Well below average in 2023/24, when the figures come in another layout and without bands.
    Ks4FallsTidy,
    /// A special school with a low score: the floor does not speak about it.
    Ks4Special,
    /// Below the KS2 floor in two subjects in 2015/16, fine afterwards.
    Ks2TwoSubjects,
    /// One low subject, not significantly: not below the floor.
    Ks2OneSubjectNotSignificant,
    /// One low subject, significantly, in 2016/17.
    Ks2OneSubjectSignificant,
    /// Low progress and high attainment: not below the floor.
    Ks2HighAttainment,
    /// Seven pupils: suppressed in every year.
    Ks2Suppressed,
    /// Opened in September 2016: `NEW` in the tables of 2015/16.
    Ks2New,
    /// Special measures in 2018, good in 2021.
    OfstedImproves,
    /// Serious weaknesses in 2018, special measures in 2021.
    OfstedEscalates,
    /// Special measures in 2018, serious weaknesses in 2021.
    OfstedEases,
    /// Requires improvement in 2014, 2018 and 2021, good in 2024.
    OfstedStuck,
    /// Special measures in 2018, then in no file any more.
    OfstedVanishes,
    /// Special measures in 2018, good in 2020, special measures in 2022.
    OfstedReopened,
    /// A report card in April 2026 with a category.
    OfstedReportCard,
    /// Special measures in 2018; an academy with a new URN from 2021, good in 2023.
    OfstedAcademised,
    /// Good in 2023, two years after it opened in place of a school with a concern, which is now its own.
    OfstedSuccessor,
    /// Special measures in 2018; merged into another school in 2024, and the concern does not go there.
    OfstedMerged,
    /// Requires improvement in 2018; an academy with a new URN from 2021.
    StuckAcademised,
    /// Requires improvement in 2023, as its only predecessor did: stuck by the link between them.
    StuckSuccessor,
    /// Persistent absence above the national figure in 2016/17 and 2017/18, not in 2018/19.
    AbsenceTwoYears,
    /// Above in 2016/17 only.
    AbsenceOneYear,
    /// Above in 2015/16 and 2016/17, suppressed afterwards.
    AbsenceSuppressedAfter,
    /// Above in 2015/16; an academy with a new URN from November 2016.
    AbsenceAcademised,
    /// Above in 2016/17, its first year: two years cannot be told, and nothing may be raised.
    AbsenceSuccessor,
}

/// Who becomes an academy: old URN, new URN, day of opening.
pub const ACADEMISED: [(u32, u32, Date); 3] =
    [(900_313, 900_501, date(2016, 11, 1)), (900_021, 900_502, date(2021, 9, 1)), (900_022, 900_503, date(2021, 9, 1))];

/// Every planted school.
pub const PLANTS: [(u32, Plant); 36] = [
    (900_001, Plant::Ks2TwoSubjects),
    (900_002, Plant::Ks2OneSubjectNotSignificant),
    (900_003, Plant::Ks2OneSubjectSignificant),
    (900_004, Plant::Ks2HighAttainment),
    (900_005, Plant::Ks2Suppressed),
    (900_006, Plant::Ks2New),
    (900_011, Plant::OfstedImproves),
    (900_012, Plant::OfstedEscalates),
    (900_013, Plant::OfstedEases),
    (900_014, Plant::OfstedStuck),
    (900_015, Plant::OfstedVanishes),
    (900_016, Plant::OfstedReopened),
    (900_017, Plant::OfstedReportCard),
    (900_021, Plant::OfstedAcademised),
    (900_022, Plant::StuckAcademised),
    (900_023, Plant::OfstedMerged),
    (900_031, Plant::AbsenceTwoYears),
    (900_032, Plant::AbsenceOneYear),
    (900_033, Plant::AbsenceSuppressedAfter),
    (900_301, Plant::Ks4Falls),
    (900_302, Plant::Ks4RevisedAway),
    (900_303, Plant::Ks4Suppressed),
    (900_304, Plant::Ks4Vanishes),
    (900_305, Plant::Ks4Improves),
    (900_306, Plant::Ks4Reopened),
    (900_307, Plant::Ks4SuppressedAfter),
    (900_309, Plant::Ks4LowCoverage),
    (900_310, Plant::Ks4NotSignificant),
    (900_311, Plant::Ks4Restated),
    (900_313, Plant::AbsenceAcademised),
    (900_315, Plant::Ks4FallsLate),
    (900_316, Plant::Ks4FallsTidy),
    (900_401, Plant::Ks4Special),
    (900_501, Plant::AbsenceSuccessor),
    (900_502, Plant::OfstedSuccessor),
    (900_503, Plant::StuckSuccessor),
];

/// Rows that hold a token nobody can read: data set, year, URN, the token.
/// They are background schools, so that nothing but the quarantine may notice.
pub const DAMAGED: [(&str, u16, u32, &str); 3] =
    [("ks2", 2017, 900_200, "7l%"), ("absence", 2018, 900_201, "#N/A"), ("ks4", 2022, 900_330, "-0.1O")];

pub fn of(urn: u32) -> Option<Plant> {
    PLANTS.iter().find(|(planted, _)| *planted == urn).map(|(_, plant)| *plant)
}

/// The token with which a row of that data set and year is damaged.
pub fn damage(dataset: &str, year: u16, urn: u32) -> Option<&'static str> {
    DAMAGED.iter().find(|(d, y, u, _)| *d == dataset && *y == year && *u == urn).map(|(.., token)| *token)
}
