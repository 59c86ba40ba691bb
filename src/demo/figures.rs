//! What is true of each school in each year: the figures that the writers put into files.
//!
//! Background figures are drawn well inside the safe side of every threshold. Scores are in the
//! units of the tables times ten or a hundred, as whole numbers, so that they print exactly.

use jiff::civil::{Date, date};

use super::county::{County, Phase, School};
use super::plant::Plant;

/// What the key stage 4 tables say about a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ks4 {
    /// Progress 8 and half the width of its interval in hundredths, pupils, coverage in per cent.
    Known { p8: i64, half: i64, pupils: i64, coverage: i64, a8: i64 },
    /// Withheld, for want of enough pupils with results.
    Suppressed { pupils: i64 },
    /// Nobody was entered for anything that counts.
    NoEntries { pupils: i64 },
    /// Opened during the year.
    New,
    /// Attainment published, progress not, for want of prior attainment.
    LowCoverage { pupils: i64, a8: i64 },
    /// Not in the file.
    Absent,
}

/// What the key stage 2 tables say. Scores in tenths, percentages in points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ks2 {
    Known {
        eligible: i64,
        rwm: i64,
        reading: Progress,
        writing: Progress,
        maths: Progress,
    },
    Suppressed {
        eligible: i64,
    },
    New,
    /// A row that ends after the names: no pupils of that age.
    NoPupils,
    Absent,
}

/// A progress score and half the width of its interval, in tenths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub score: i64,
    pub half: i64,
}

/// Overall and persistent absence in tenths of per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    Known { overall: i64, persistent: i64 },
    Suppressed,
    Absent,
}

/// One graded inspection or report card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inspection {
    pub date: Date,
    pub outcome: Graded,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Graded {
    /// Overall 1 to 4 and the category: empty, `SM` or `SWK`.
    Overall { grade: u8, category: &'static str },
    /// A report card whose areas are all at one standard, and its category: empty, `SM` or `RSI`.
    Card { standard: &'static str, leadership: &'static str, safeguarding: &'static str, category: &'static str },
}

/// National figures of persistent and overall absence: year, then primary, secondary, special.
pub const NATIONAL_ABSENCE: [(u16, [(i64, i64); 3]); 4] = [
    (2015, [(40, 82), (52, 131), (91, 269)]),
    (2016, [(40, 83), (54, 135), (97, 285)]),
    (2017, [(42, 87), (55, 139), (102, 296)]),
    (2018, [(40, 82), (55, 137), (101, 288)]),
];

impl County {
    /// Key stage 4 of the year that starts in September of `year`.
    pub fn ks4(&self, school: &School, year: u16, provisional: bool) -> Ks4 {
        // most special schools of the county are for younger children
        let too_young = school.phase == Phase::Primary || (school.phase == Phase::Special && school.urn > 900_403);
        if too_young || !self.has_pupils(school, year) {
            return Ks4::Absent;
        }
        let dice = self.dice;
        let urn = school.lineage();
        let pupils = dice.between(urn, 0, "ks4-pupils", 95, 240) + dice.between(urn, year, "ks4-cohort", -8, 8);
        let coverage = dice.between(urn, 0, "ks4-coverage", 92, 97) + dice.between(urn, year, "ks4-coverage", -2, 2);
        let known = |p8: i64, half: i64| Ks4::Known { p8, half, pupils, coverage, a8: 480 + p8 };
        let fine = {
            let base = dice.between(urn, 0, "p8", -20, 48) + dice.between(urn, year, "p8-year", -6, 6);
            let noise = if provisional { dice.between(urn, year, "p8-provisional", -2, 2) } else { 0 };
            known(base + noise, dice.between(urn, year, "p8-half", 17, 24))
        };
        use Plant::*;
        match (school.plant, year) {
            (Some(Ks4Falls), 2017) => known(-92, 23),
            (Some(Ks4RevisedAway), 2016) => known(if provisional { -58 } else { -38 }, 22),
            (Some(Ks4Suppressed), _) => Ks4::Suppressed { pupils: 7 },
            (Some(Ks4Vanishes), 2015) => known(-85, 21),
            (Some(Ks4Vanishes), _) => Ks4::Absent,
            (Some(Ks4Improves), 2015) => known(-75, 20),
            (Some(Ks4Improves), _) => known(10, 20),
            (Some(Ks4Reopened), 2015) => known(-80, 22),
            (Some(Ks4Reopened), 2017) => known(-88, 22),
            (Some(Ks4Reopened), _) => known(4, 22),
            (Some(Ks4SuppressedAfter), 2015) => known(-90, 24),
            (Some(Ks4SuppressedAfter), _) => Ks4::Suppressed { pupils: 4 },
            (Some(Ks4LowCoverage), _) => Ks4::LowCoverage { pupils: 61, a8: 430 },
            (Some(Ks4NotSignificant), _) => Ks4::Known { p8: -62, half: 75, pupils: 14, coverage: 86, a8: 402 },
            (Some(Ks4Restated), 2016) => known(if provisional { -80 } else { -84 }, 21),
            (Some(Ks4FallsLate), 2022) => known(-95, 22),
            (Some(Ks4FallsLate), 2023) => known(-5, 21),
            (Some(Ks4FallsTidy), 2023) => known(-88, 22),
            (Some(Ks4Special), _) => Ks4::Known { p8: -145, half: 40, pupils: 16, coverage: 90, a8: 110 },
            (Some(AbsenceSuccessor), 2016) if !provisional => Ks4::New,
            _ if school.phase == Phase::Special => Ks4::NoEntries { pupils: 11 },
            _ => fine,
        }
    }

    pub fn ks2(&self, school: &School, year: u16) -> Ks2 {
        if school.phase == Phase::Secondary {
            return Ks2::Absent;
        }
        let dice = self.dice;
        let urn = school.lineage();
        let low = |rwm, reading: (i64, i64), writing: (i64, i64), maths: (i64, i64)| {
            let progress = |(score, half)| Progress { score, half };
            Ks2::Known { eligible: 44, rwm, reading: progress(reading), writing: progress(writing), maths: progress(maths) }
        };
        use Plant::*;
        match (school.plant, year) {
            (Some(Ks2TwoSubjects), 2015) => return low(38, (-62, 18), (-10, 17), (-59, 16)),
            (Some(Ks2OneSubjectNotSignificant), 2015) => return low(41, (-54, 61), (-12, 20), (-11, 20)),
            (Some(Ks2OneSubjectSignificant), 2016) => return low(44, (-11, 19), (-14, 18), (-61, 21)),
            (Some(Ks2HighAttainment), 2016) => return low(74, (-65, 19), (-12, 18), (-8, 17)),
            (Some(Ks2Suppressed), _) => return Ks2::Suppressed { eligible: 7 },
            (Some(Ks2New), 2015) => return Ks2::New,
            (None, _) if urn.is_multiple_of(97) => return Ks2::NoPupils,
            _ if school.phase == Phase::Special => return Ks2::Suppressed { eligible: 6 },
            _ => {}
        }
        if !self.has_pupils(school, year) {
            return Ks2::Absent;
        }
        let progress = |what: &str| Progress {
            score: dice.between(urn, 0, what, -12, 24) + dice.between(urn, year, what, -4, 4),
            half: dice.between(urn, year, what, 14, 22),
        };
        Ks2::Known {
            eligible: i64::from(school.pupils / 7) + dice.between(urn, year, "ks2-cohort", -3, 3),
            rwm: dice.between(urn, 0, "rwm", 70, 86) + dice.between(urn, year, "rwm-year", -2, 4),
            reading: progress("reading"),
            writing: progress("writing"),
            maths: progress("maths"),
        }
    }

    pub fn absence(&self, school: &School, year: u16) -> Absence {
        if !self.has_pupils(school, year) {
            return Absence::Absent;
        }
        let dice = self.dice;
        let urn = school.lineage();
        let (overall, low, high) = match school.phase {
            Phase::Primary => (36, 40, 66),
            Phase::Secondary => (47, 82, 110),
            Phase::Special => (84, 190, 235),
        };
        let overall = overall + dice.between(urn, year, "absence", -4, 3);
        let above = |persistent| Absence::Known { overall: overall + 30, persistent };
        use Plant::*;
        match (school.plant, year) {
            (Some(AbsenceTwoYears), 2016) => above(195),
            (Some(AbsenceTwoYears), 2017) => above(210),
            (Some(AbsenceOneYear), 2016) => above(201),
            (Some(AbsenceSuppressedAfter), 2015) => above(182),
            (Some(AbsenceSuppressedAfter), 2016) => above(194),
            (Some(AbsenceSuppressedAfter), _) => Absence::Suppressed,
            (Some(AbsenceAcademised), 2015) => above(241),
            (Some(AbsenceSuccessor), 2016) => above(253),
            _ => {
                let persistent =
                    dice.between(urn, 0, "persistent", low, high) + dice.between(urn, year, "persistent-year", -4, 4);
                Absence::Known { overall, persistent }
            }
        }
    }

    /// Pupils on roll in a year.
    pub fn roll(&self, school: &School, year: u16) -> i64 {
        i64::from(school.pupils) + self.dice.between(school.lineage(), year, "roll", -25, 25)
    }

    /// Graded inspections and report cards of a school, oldest first.
    pub fn inspections(&self, school: &School) -> Vec<Inspection> {
        let mut all = self.visits(school);
        // a school that opened lately has none from before; what older academies inherited is theirs
        all.retain(|inspection| school.opened < date(2015, 1, 1) || inspection.date > school.opened);
        all
    }

    fn visits(&self, school: &School) -> Vec<Inspection> {
        let dice = self.dice;
        let urn = school.urn;
        let on = |what: &str, year: i16, month: i8| date(year, month, dice.between(urn, 0, what, 2, 27) as i8);
        let graded = |date, grade, category| Inspection { date, outcome: Graded::Overall { grade, category } };
        let card = |date, standard, leadership, safeguarding, category| Inspection {
            date,
            outcome: Graded::Card { standard, leadership, safeguarding, category },
        };
        let early = graded(on("i1", 2013 + (urn % 2) as i16, 3 + (urn % 3) as i8), 2, "");
        let first = graded(on("i2", 2016 + (urn % 3) as i16, 1 + (urn % 6) as i8), 2, "");
        let second = graded(on("i3", 2021 + (urn % 2) as i16, 10 + (urn % 2) as i8), 2, "");
        let bad = on("bad", 2018, 11);
        use Plant::*;
        match school.plant {
            Some(OfstedImproves) => vec![early, graded(bad, 4, "SM"), graded(on("i3", 2021, 11), 2, "")],
            Some(OfstedEscalates) => vec![early, graded(bad, 4, "SWK"), graded(on("i3", 2021, 11), 4, "SM")],
            Some(OfstedEases) => vec![early, graded(bad, 4, "SM"), graded(on("i3", 2021, 11), 4, "SWK")],
            Some(OfstedStuck) => vec![
                graded(early.date, 3, ""),
                graded(first.date, 3, ""),
                graded(on("i3", 2021, 11), 3, ""),
                graded(on("i4", 2024, 2), 2, ""),
            ],
            Some(OfstedVanishes | OfstedAcademised | OfstedMerged) => vec![early, graded(bad, 4, "SM")],
            Some(StuckAcademised) => vec![early, graded(on("i2", 2018, 3), 3, "")],
            Some(StuckSuccessor) => vec![graded(on("i3", 2023, 3), 3, "")],
            Some(OfstedReopened) => {
                vec![early, graded(bad, 4, "SM"), graded(on("i3", 2020, 1), 2, ""), graded(on("i4", 2022, 12), 4, "SM")]
            }
            Some(OfstedReportCard) => {
                vec![early, first, second, card(on("card", 2026, 4), "Needs attention", "Urgent improvement", "Not met", "RSI")]
            }
            Some(OfstedSuccessor) => vec![graded(on("i3", 2023, 5), 2, "")],
            Some(AbsenceSuccessor) => vec![graded(on("i2", 2018, 5), 2, ""), second],
            _ => {
                // some once required improvement, between two good inspections: not stuck
                let between = if urn.is_multiple_of(11) { graded(first.date, 3, "") } else { first };
                let latest = if urn.is_multiple_of(7) { graded(second.date, 1, "") } else { second };
                let mut all = vec![early, between, latest];
                if urn % 13 == 5 {
                    all.push(card(
                        on("card", 2025 + (urn % 2) as i16, if urn.is_multiple_of(2) { 2 } else { 12 }),
                        "Expected standard",
                        "Expected standard",
                        "Met",
                        "",
                    ));
                }
                all
            }
        }
    }

    /// Whether Ofsted's file of that day has the school.
    pub fn in_ofsted_file(&self, school: &School, day: Date) -> bool {
        let open = school.opened <= day && school.closed.is_none_or(|closed| closed >= day);
        open && !(school.plant == Some(Plant::OfstedVanishes) && day > date(2019, 12, 31))
    }

    /// Whether the tables of the year list the school under this URN: they go by who is open at
    /// the end of the year.
    fn has_pupils(&self, school: &School, year: u16) -> bool {
        let end = date(year as i16 + 1, 7, 31);
        school.opened <= end && school.closed.is_none_or(|closed| closed > end)
    }
}

impl School {
    /// The URN under which its figures are drawn, so that a successor goes on as its predecessor.
    fn lineage(&self) -> u32 {
        self.predecessor.unwrap_or(self.urn)
    }
}
