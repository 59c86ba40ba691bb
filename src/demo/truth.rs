//! What must be in the log when everything about Wexcombe has been published, no more and no less.
//!
//! Written from the stories of [`super::plant`] and the text of the rules, never from what the
//! pipeline made of them.

use std::collections::{BTreeMap, BTreeSet};

use super::county::County;
use super::news::{self, ExpectedNews};
use super::plant::{PLANTS, Plant};
use super::timeline::{Expect, Publication};
use crate::model::{AlertKind, Cause, Class};

pub const CATEGORY: &str = "ofsted-category";
pub const STUCK: &str = "stuck";
pub const KS2_FLOOR: &str = "ks2-floor-2016";
pub const KS4_FLOOR: &str = "ks4-floor-2016";
pub const ABSENCE: &str = "persistent-absence-above-national";
pub const WELL_BELOW: &str = "p8-well-below-average";
/// The same by the published band, from 2017/18.
pub const BAND: &str = "p8-band-well-below";

/// The rules that the truth speaks about; alerts of other rules are not judged.
pub const RULES: [&str; 7] = [CATEGORY, STUCK, KS2_FLOOR, KS4_FLOOR, ABSENCE, WELL_BELOW, BAND];

/// One alert that must be in the log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExpectedAlert {
    pub urn: u32,
    pub rule: &'static str,
    pub kind: AlertKind,
    pub cause: Cause,
    /// The academic year, or the date of the inspection; none where the evidence is gone and the
    /// words are left to the rule.
    pub about: Option<String>,
}

/// What must become of one publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedRelease {
    pub file_name: String,
    pub outcome: Expect,
    /// It is no data at all (a web page, nothing), so a fetcher need not even hand it on.
    pub may_stay_away: bool,
    /// Nothing is said about the rows of a file that is held or refused.
    pub rows: Option<RowCounts>,
}

/// Rows of a release: read = accepted + quarantined + skipped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowCounts {
    pub read: u32,
    pub accepted: u32,
    pub quarantined: u32,
    pub skipped: u32,
}

#[derive(Debug, Clone)]
pub struct Truth {
    /// In the order of the log for each school and rule.
    pub alerts: Vec<ExpectedAlert>,
    /// What must be told about who is who, in the order of the log for each school.
    pub news: Vec<ExpectedNews>,
    pub releases: Vec<ExpectedRelease>,
    /// School and rule of those who look as if, or of whom nobody can tell, and who must not be raised.
    pub never_raised: BTreeSet<(u32, &'static str)>,
    /// School and rule whose last answer must be unknown; others may be unknown too.
    pub unanswered: BTreeSet<(u32, &'static str)>,
}

impl Truth {
    pub fn of(county: &County, timeline: &[Publication]) -> Truth {
        let alerts = PLANTS.iter().flat_map(|(urn, plant)| story(county, *urn, *plant)).collect();
        let releases = timeline
            .iter()
            .map(|publication| ExpectedRelease {
                file_name: publication.file_name.clone(),
                outcome: publication.expect,
                may_stay_away: publication.bytes.is_empty() || publication.bytes.starts_with(b"<!DOCTYPE"),
                rows: (publication.expect == Expect::Accepted).then(|| {
                    let rows = publication.rows;
                    RowCounts {
                        read: rows.all(),
                        accepted: rows.schools + rows.areas,
                        quarantined: rows.damaged,
                        skipped: rows.breakdowns,
                    }
                }),
            })
            .collect();
        // a row that was set aside hides the answer; where it is one of two years, the other decides
        let damaged = [(900_200, KS2_FLOOR)];
        let unanswered =
            PLANTS.iter().flat_map(|(urn, plant)| untold(*plant).iter().map(|rule| (*urn, *rule))).chain(damaged).collect();
        let never_raised = PLANTS.iter().flat_map(|(urn, plant)| silent(*plant).iter().map(|rule| (*urn, *rule))).collect();
        Truth { alerts, news: news::all(), releases, never_raised, unanswered }
    }

    /// Concerns that were ever raised, by rule.
    pub fn concerns_by_rule(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for alert in self.alerts.iter().filter(|a| a.kind == AlertKind::Raised) {
            *counts.entry(alert.rule).or_default() += 1;
        }
        counts
    }

    pub fn alerts_by_kind(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for alert in &self.alerts {
            *counts.entry(alert.kind.word()).or_default() += 1;
        }
        counts
    }

    /// How many pieces of news of a class must be told.
    pub fn told(&self, class: Class) -> usize {
        match class {
            Class::Concern => self.alerts.len(),
            other => self.news.iter().filter(|news| news.kind.class() == other).count(),
        }
    }

    pub fn releases_by_outcome(&self) -> BTreeMap<Expect, usize> {
        let mut counts = BTreeMap::new();
        for release in &self.releases {
            *counts.entry(release.outcome).or_default() += 1;
        }
        counts
    }
}

/// The alerts of one planted school, in order.
fn story(county: &County, urn: u32, plant: Plant) -> Vec<ExpectedAlert> {
    use AlertKind::{Changed, Eased, Escalated, Followed, Raised, Reopened, Resolved, Unknown, Withdrawn};
    use Cause::{NewRelease, Revision, SchoolLink};
    let alert =
        |rule, kind, cause, about: Option<&str>| ExpectedAlert { urn, rule, kind, cause, about: about.map(str::to_owned) };
    let news = |rule, kind, about: &str| alert(rule, kind, NewRelease, Some(about));
    // both rules on Progress 8 say the same while there was a floor
    let both =
        |kind, cause, about: Option<&str>| vec![alert(KS4_FLOOR, kind, cause, about), alert(WELL_BELOW, kind, cause, about)];
    // the nth inspection of the school, as rules on inspections name what they are about
    let inspected = |n: usize| {
        let all = county.get(urn).map(|school| county.inspections(school)).unwrap_or_default();
        all.get(n).map(|i| i.date.to_string()).unwrap_or_default()
    };
    // the inspection about which the concern of the school before it was raised
    let before = |urn| {
        let school = county.get(urn)?.predecessor.and_then(|urn| county.get(urn))?;
        county.inspections(school).last().map(|inspection| inspection.date.to_string())
    };
    let category = |kind, n| alert(CATEGORY, kind, NewRelease, Some(&inspected(n)));
    match plant {
        Plant::Ks4Falls => [
            both(Raised, NewRelease, Some("2017/18")),
            vec![news(BAND, Raised, "2017/18"), news(WELL_BELOW, Resolved, "2018/19"), news(BAND, Resolved, "2018/19")],
        ]
        .concat(),
        Plant::Ks4RevisedAway => [both(Raised, NewRelease, Some("2016/17")), both(Withdrawn, Revision, Some("2016/17"))].concat(),
        Plant::Ks4Vanishes | Plant::Ks4SuppressedAfter => {
            [both(Raised, NewRelease, Some("2015/16")), both(Unknown, NewRelease, None)].concat()
        }
        Plant::Ks4Improves => [both(Raised, NewRelease, Some("2015/16")), both(Resolved, NewRelease, Some("2016/17"))].concat(),
        Plant::Ks4Reopened => [
            both(Raised, NewRelease, Some("2015/16")),
            both(Resolved, NewRelease, Some("2016/17")),
            both(Reopened, NewRelease, Some("2017/18")),
            // bands were first published for 2017/18
            vec![news(BAND, Raised, "2017/18"), news(WELL_BELOW, Resolved, "2018/19"), news(BAND, Resolved, "2018/19")],
        ]
        .concat(),
        Plant::Ks4Restated => [
            both(Raised, NewRelease, Some("2016/17")),
            both(Changed, Revision, Some("2016/17")),
            both(Resolved, NewRelease, Some("2017/18")),
        ]
        .concat(),
        Plant::Ks4FallsLate => vec![
            news(WELL_BELOW, Raised, "2022/23"),
            news(BAND, Raised, "2022/23"),
            news(WELL_BELOW, Resolved, "2023/24"),
            // the tidy layout of that year has no band
            alert(BAND, Unknown, NewRelease, None),
        ],
        Plant::Ks4FallsTidy => vec![news(WELL_BELOW, Raised, "2023/24")],
        Plant::Ks2TwoSubjects => vec![news(KS2_FLOOR, Raised, "2015/16"), news(KS2_FLOOR, Resolved, "2016/17")],
        Plant::Ks2OneSubjectSignificant => vec![news(KS2_FLOOR, Raised, "2016/17"), news(KS2_FLOOR, Resolved, "2017/18")],
        Plant::OfstedImproves => vec![category(Raised, 1), category(Resolved, 2)],
        Plant::OfstedEscalates => vec![category(Raised, 1), category(Escalated, 2)],
        Plant::OfstedEases => vec![category(Raised, 1), category(Eased, 2)],
        Plant::OfstedStuck => {
            vec![news(STUCK, Raised, &inspected(1)), news(STUCK, Changed, &inspected(2)), news(STUCK, Resolved, &inspected(3))]
        }
        // the file has a merged school no more, and the links name no single successor
        Plant::OfstedVanishes | Plant::OfstedMerged => {
            vec![category(Raised, 1), alert(CATEGORY, Unknown, NewRelease, None)]
        }
        // the concern goes on with the academy
        Plant::OfstedAcademised => vec![category(Raised, 1)],
        Plant::OfstedSuccessor => vec![
            alert(CATEGORY, Followed, SchoolLink, before(urn).as_deref()),
            // not inspected yet under its own number
            alert(CATEGORY, Unknown, NewRelease, None),
            category(Resolved, 0),
        ],
        Plant::OfstedReopened => vec![category(Raised, 1), category(Resolved, 2), category(Reopened, 3)],
        Plant::OfstedReportCard => vec![category(Raised, 3)],
        Plant::AbsenceTwoYears => vec![news(ABSENCE, Raised, "2017/18"), news(ABSENCE, Resolved, "2018/19")],
        Plant::AbsenceSuppressedAfter => {
            vec![news(ABSENCE, Raised, "2016/17"), alert(ABSENCE, Unknown, NewRelease, None)]
        }
        Plant::StuckSuccessor => vec![news(STUCK, Raised, &inspected(0))],
        Plant::Ks4Suppressed
        | Plant::Ks4LowCoverage
        | Plant::Ks4NotSignificant
        | Plant::Ks4Special
        | Plant::Ks2OneSubjectNotSignificant
        | Plant::Ks2HighAttainment
        | Plant::Ks2Suppressed
        | Plant::Ks2New
        | Plant::AbsenceOneYear
        | Plant::StuckAcademised
        | Plant::AbsenceAcademised
        | Plant::AbsenceSuccessor => Vec::new(),
    }
}

/// Rules whose last answer about the school is unknown.
fn untold(plant: Plant) -> &'static [&'static str] {
    match plant {
        Plant::Ks4Suppressed | Plant::Ks4Vanishes => &[KS4_FLOOR, WELL_BELOW],
        Plant::Ks4SuppressedAfter => &[WELL_BELOW],
        Plant::Ks4FallsLate => &[BAND],
        Plant::AbsenceSuppressedAfter => &[ABSENCE],
        Plant::OfstedVanishes | Plant::OfstedMerged => &[CATEGORY],
        _ => &[],
    }
}

/// Rules that cannot tell about a school, or do not speak about it, and must stay silent.
fn silent(plant: Plant) -> &'static [&'static str] {
    match plant {
        Plant::Ks4Suppressed | Plant::Ks4LowCoverage | Plant::Ks4NotSignificant | Plant::Ks4Special => {
            &[KS4_FLOOR, WELL_BELOW, BAND]
        }
        Plant::Ks2Suppressed | Plant::Ks2New | Plant::Ks2OneSubjectNotSignificant | Plant::Ks2HighAttainment => &[KS2_FLOOR],
        Plant::AbsenceOneYear | Plant::AbsenceAcademised | Plant::AbsenceSuccessor => &[ABSENCE],
        Plant::StuckAcademised => &[CATEGORY, STUCK],
        Plant::OfstedSuccessor => &[STUCK],
        _ => &[],
    }
}

#[cfg(test)]
#[path = "truth_tests.rs"]
mod tests;
