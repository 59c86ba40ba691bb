//! The releases of a register in the order of the days that they are about.
//!
//! Releases come in any order; what stands depends on their days alone. Of two releases about one
//! day the later one counts. A partial file says nothing about who is not in it, so it never takes
//! the place of a whole one, and another source's partial file takes the place of nothing.

use crate::model::{ReleaseInfo, ReleaseNo};

/// The accepted releases of one data set that is as at a day, by (day, number). Others have none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Days(Vec<ReleaseInfo>);

/// A release that is not there yet: its number will be the highest.
#[derive(Debug, Clone, Copy)]
pub struct Coming<'a> {
    pub source: &'a str,
    pub period: crate::model::Period,
    pub published: jiff::civil::Date,
    pub partial: bool,
}

impl Days {
    pub fn new(mut releases: Vec<ReleaseInfo>) -> Days {
        releases.sort_by_key(|one| (one.period, one.no));
        Days(releases)
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &ReleaseInfo> {
        self.0.iter()
    }

    /// Whether what comes only has to be held against what stands now: no release is about a later
    /// day, and none about an earlier day was published later, which would leave those who ask
    /// what was known in between with the wrong answer.
    pub fn end_before(&self, coming: Coming<'_>) -> bool {
        self.0.iter().all(|one| one.period <= coming.period && one.published <= coming.published)
    }

    /// The last release that says all that a file of `source` can say. A file about an earlier day
    /// is about the past.
    pub fn counts_now(&self, source: &str) -> Option<&ReleaseInfo> {
        self.0.iter().rev().find(|one| says_all_of(one, source))
    }

    /// The release that a held one was overtaken by: one about the very same day that came later.
    /// Accepted after it, the held one would undo what it mended. Releases about other days are no
    /// obstacle: what is held takes its place before or after them.
    pub fn overtaker(&self, held: &ReleaseInfo) -> Option<&ReleaseInfo> {
        self.0.iter().rev().find(|one| one.period == held.period && one.no > held.no && says_all_of(one, &held.source))
    }

    /// What the gate holds a release against: the one before it in the order of days, or else the
    /// one after it. A partial file is compared with its own source's, a whole one with whole ones.
    pub fn compared(&self, coming: Coming<'_>) -> Option<ReleaseNo> {
        let like = |one: &&ReleaseInfo| if coming.partial { one.source == coming.source } else { !one.partial };
        let before = self.0.iter().rev().filter(like).find(|one| one.period <= coming.period);
        before.or_else(|| self.0.iter().find(like)).map(|one| one.no)
    }
}

fn says_all_of(one: &ReleaseInfo, source: &str) -> bool {
    !one.partial || one.source == source
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Stage;

    /// number, day of June, whether partial
    fn release((no, day, partial): (i64, i8, bool)) -> ReleaseInfo {
        let day = jiff::civil::date(2026, 6, day);
        ReleaseInfo {
            no: ReleaseNo(no),
            source: if partial { "search".into() } else { "extract".into() },
            dataset: "gias".into(),
            period: crate::model::Period::Day(day),
            stage: Stage::AsAt,
            version: 1,
            partial,
            published: day,
            file: String::new(),
            file_name: String::new(),
            layout: String::new(),
            columns: Default::default(),
        }
    }

    fn days(releases: &[(i64, i8, bool)]) -> Days {
        Days::new(releases.iter().copied().map(release).collect())
    }

    fn coming(one: &ReleaseInfo) -> Coming<'_> {
        Coming { source: &one.source, period: one.period, published: one.published, partial: one.partial }
    }

    #[test]
    fn a_held_release_is_overtaken_by_a_later_one_about_its_own_day_only() {
        let held = release((5, 10, false));
        for (others, overtaker) in [
            (&[(1, 9, false), (6, 11, false)][..], None),
            (&[(4, 10, false), (6, 11, false)], None),
            (&[(6, 10, false), (7, 11, false)], Some(6)),
            (&[(6, 10, true)], None),
        ] {
            assert_eq!(days(others).overtaker(&held).map(|one| one.no.0), overtaker, "{others:?}");
        }
        let search = release((5, 10, true));
        assert_eq!(days(&[(6, 10, true)]).overtaker(&search).map(|one| one.no.0), Some(6));
        assert_eq!(days(&[(6, 10, false)]).overtaker(&search).map(|one| one.no.0), Some(6), "a whole file says it all");
    }

    #[test]
    fn a_release_is_compared_with_the_one_before_it_of_its_kind_or_else_the_one_after() {
        let all = days(&[(1, 10, false), (2, 12, true), (3, 14, false), (4, 8, false)]);
        let compared = |day, partial| all.compared(coming(&release((9, day, partial)))).map(|no| no.0);
        assert_eq!(compared(13, false), Some(1));
        assert_eq!(compared(9, false), Some(4));
        assert_eq!(compared(7, false), Some(4), "the one after it");
        assert_eq!(compared(20, true), Some(2));
        assert_eq!(days(&[(1, 10, false)]).compared(coming(&release((9, 11, true)))), None, "nothing of its source");
        assert_eq!(days(&[(1, 10, true)]).compared(coming(&release((9, 11, false)))), None, "nothing whole");
    }

    #[test]
    fn what_comes_in_order_needs_no_look_at_the_past() {
        let all = days(&[(1, 10, false), (2, 12, false)]);
        assert!(all.end_before(coming(&release((3, 13, false)))) && all.end_before(coming(&release((3, 12, false)))));
        assert!(!all.end_before(coming(&release((3, 11, false)))), "about the past");
        let mut late = release((3, 13, false));
        late.published = jiff::civil::date(2026, 6, 11);
        assert!(!all.end_before(coming(&late)), "published before one about an earlier day");
        assert_eq!(all.counts_now("extract").map(|one| one.no.0), Some(2));
        let searched = days(&[(1, 10, false), (2, 12, true)]);
        assert_eq!(searched.counts_now("extract").map(|one| one.no.0), Some(1));
        assert_eq!(searched.counts_now("search").map(|one| one.no.0), Some(2));
    }
}
