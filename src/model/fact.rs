//! What is known about one school, and since which release.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::{Body, Measures, ReleaseInfo, ReleaseNo, Slot};

/// The subject under which the figures of areas are kept; the part names the area,
/// for example `england/state-funded` or `la/850`.
pub const AREAS: i64 = 0;

/// One record of one subject as it stood from one release on, until a later release has another.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    pub dataset: Arc<str>,
    /// Tells several records of one subject apart; empty for one row a school.
    pub part: String,
    pub slot: Slot,
    /// For data sets that are as at a day: the day from which it stood so, which is that of the
    /// release. None for facts about an academic year.
    pub day: Option<Date>,
    /// The first release, in the order of days, at which it stood so.
    pub release: ReleaseNo,
    /// The release in whose file it was read, for citations. Mostly `release` itself; an earlier
    /// one where a release that came late changed what stood before `release`, which only
    /// repeated it.
    pub said: ReleaseNo,
    /// Row in the file of `said`.
    pub row: u32,
    pub state: FactState,
}

#[derive(Debug, Clone, PartialEq)]
pub enum FactState {
    Present(Body),
    /// An earlier release had the subject, this one has not.
    Absent,
    /// The row was set aside.
    Quarantined,
}

/// Every fact about one subject in all releases, ordered by data set, part, slot, day and release.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    pub subject: i64,
    pub facts: Vec<Fact>,
}

/// What every school's assessment shares.
#[derive(Debug, Clone, Default)]
pub struct World {
    pub measures: Measures,
    /// Every accepted release by number.
    pub releases: BTreeMap<ReleaseNo, ReleaseInfo>,
    /// The figures of areas: the history of subject [`AREAS`].
    pub areas: History,
}

impl History {
    /// The fact that stands for (data set, part, slot) among the releases numbered up to
    /// `known`: that of the latest day, and of one day the last release's.
    pub fn current(&self, dataset: &str, part: &str, slot: Slot, known: ReleaseNo) -> Option<&Fact> {
        self.facts
            .iter()
            .rev()
            .find(|fact| &*fact.dataset == dataset && fact.part == part && fact.slot == slot && fact.release <= known)
    }

    /// The fact that stood on `day` in a data set that is as at a day, among the releases numbered
    /// up to `known`.
    pub fn on<'a>(&'a self, dataset: &'a str, part: &'a str, day: Date, known: ReleaseNo) -> Option<&'a Fact> {
        self.versions(dataset, part, Slot::AsAt)
            .filter(|fact| fact.release <= known && fact.day.is_none_or(|since| since <= day))
            .last()
    }

    /// All facts of (data set, part, slot), oldest first.
    pub fn versions<'a>(&'a self, dataset: &'a str, part: &'a str, slot: Slot) -> impl Iterator<Item = &'a Fact> {
        self.facts.iter().filter(move |fact| &*fact.dataset == dataset && fact.part == part && fact.slot == slot)
    }
}

/// The data set of a measure id: what stands before the first dot.
pub fn dataset_of(measure: &str) -> &str {
    measure.split_once('.').map_or(measure, |(dataset, _)| dataset)
}
