//! One rule as written in a scheme file: what it asks, of whom, since when, and on whose word.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Condition;
use crate::model::Severity;
use crate::model::fact::dataset_of;
use crate::model::{AcademicYear, Slot, Stage, Verdict};

/// The head of a scheme file.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Pack {
    /// Equal to the file's name.
    pub id: String,
    pub title: String,
    pub kind: PackKind,
    /// Who wrote it and on what authority.
    pub source: String,
}

/// Who may change a pack, and how it is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PackKind {
    /// Law and statutory guidance: dated, locked.
    Statutory,
    /// National policy that is not law.
    Policy,
    /// A board's own triggers.
    Local,
    /// To see what would happen; raises nothing.
    WhatIf,
}

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rule {
    /// Part of the identity of every concern: never reused for something else.
    pub id: String,
    /// Raised by one whenever an edit can change an answer.
    pub version: u32,
    pub title: String,
    /// Law or policy that the rule states, with its date.
    pub source: String,
    /// What it is asked about: a year of figures, or how things stand.
    pub asks: Asks,
    /// The data sets whose releases make it be asked; all that it reads when empty.
    #[serde(default)]
    pub driven_by: Vec<String>,
    /// Academic years of data that it speaks about, both ends included.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub data_from: Option<AcademicYear>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub data_to: Option<AcademicYear>,
    /// Days on which a decision may rest on it, both ends included.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub decided_from: Option<Date>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub decided_to: Option<Date>,
    /// Schools that it speaks about; all when left out.
    #[serde(default)]
    pub scope: Option<Condition>,
    /// What must hold for a concern.
    pub enter: Condition,
    #[serde(default)]
    pub missing: MissingPolicy,
    /// Stages of yearly releases that count; all when empty.
    #[serde(default)]
    pub stages: Vec<Stage>,
    #[serde(default)]
    pub predecessor: PredecessorPolicy,
    pub severity: Severity,
    /// More (or less) serious cases; the first that holds.
    #[serde(default)]
    pub severity_when: Vec<SeverityWhen>,
    /// The thresholds are examples that no law or policy fixes.
    #[serde(default)]
    pub example: bool,
    pub case: Vec<Case>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Asks {
    Year,
    AsAt,
}

/// What a missing figure does. There is one answer; a rule may state it, and cannot change it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MissingPolicy {
    #[default]
    Unknown,
}

/// Whether the past of the school that this one replaced counts as its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PredecessorPolicy {
    #[default]
    Never,
    /// Only where the register knows exactly one predecessor.
    Unique,
}

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SeverityWhen {
    pub when: Condition,
    pub severity: Severity,
}

/// Figures by measure id: the value as a publisher would print it after recoding, or the code
/// of a reason (`suppressed`).
pub type Figures = BTreeMap<String, String>;

/// A test of the rule, kept beside it: figures and what must come out.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Case {
    pub name: String,
    /// The year asked about; the first year of the rule's data when left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub year: Option<AcademicYear>,
    #[serde(default)]
    pub figures: Figures,
    /// Figures of earlier years.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Figures>")]
    pub years: BTreeMap<AcademicYear, Figures>,
    /// Earlier releases of as-at data, oldest first.
    #[serde(default)]
    pub earlier: Vec<Figures>,
    /// Figures of areas by year and area part.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, BTreeMap<String, Figures>>")]
    pub areas: BTreeMap<AcademicYear, BTreeMap<String, Figures>>,
    /// As-at figures of each predecessor.
    #[serde(default)]
    pub predecessors: Vec<Figures>,
    pub expect: Expect,
    /// Expected severity, when met.
    #[serde(default)]
    pub severity: Option<Severity>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    Met,
    NotMet,
    Unknown,
    OutOfScope,
}

impl Expect {
    pub fn of(verdict: Verdict, out_of_scope: bool) -> Expect {
        match verdict {
            Verdict::Met => Expect::Met,
            Verdict::Unknown => Expect::Unknown,
            Verdict::NotMet if out_of_scope => Expect::OutOfScope,
            Verdict::NotMet => Expect::NotMet,
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Expect::Met => "met",
            Expect::NotMet => "not met",
            Expect::Unknown => "unknown",
            Expect::OutOfScope => "out of scope",
        }
    }
}

impl Rule {
    /// Every condition tree of the rule.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.scope.iter().chain([&self.enter]).chain(self.severity_when.iter().map(|case| &case.when))
    }

    /// Ids of all measures that an answer can depend on, confidence limits and areas included.
    pub fn measures(&self) -> BTreeSet<String> {
        let mut ids = BTreeSet::new();
        for condition in self.conditions() {
            condition.each_measure(&mut |id| {
                ids.insert(id.to_owned());
            });
        }
        ids
    }

    /// The data sets whose releases can change an answer.
    pub fn reads(&self) -> BTreeSet<String> {
        let mut sets: BTreeSet<String> = self.measures().iter().map(|id| dataset_of(id).to_owned()).collect();
        if self.predecessor == PredecessorPolicy::Unique {
            sets.insert("links".to_owned());
        }
        sets
    }

    /// Whether the rule can be asked about this slot.
    pub fn slots_valid(&self, slot: Slot) -> bool {
        match (self.asks, slot) {
            (Asks::AsAt, Slot::AsAt) => true,
            (Asks::Year, Slot::Year(year)) => {
                self.data_from.is_none_or(|from| from <= year) && self.data_to.is_none_or(|to| year <= to)
            }
            _ => false,
        }
    }

    /// Whether a decision of that day may rest on it.
    pub fn in_force(&self, decided: Date) -> bool {
        self.decided_from.is_none_or(|from| from <= decided) && self.decided_to.is_none_or(|to| decided <= to)
    }

    /// How many earlier years an answer about one year can depend on: a release about year `y`
    /// makes the years `y` to `y` + this be asked again. None: any number.
    pub fn years_back(&self) -> Option<u16> {
        self.conditions().map(Condition::years_back).try_fold(0, |most, one| one.map(|one| most.max(one)))
    }
}
