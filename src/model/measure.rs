//! The measure registry: what each figure means, in which unit, and since when.
//!
//! Definitions are a file, `config/measures.toml`. A measure that changed its meaning under the
//! same name has a break there, and no comparison may cross it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AcademicYear;
use crate::faults::{Fault, Faults};

/// A measure's number in the records of one data folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MeasureCode(pub u16);

/// Definition of one measure.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measure {
    /// What an officer calls it, for example "Progress 8 score".
    pub title: String,
    /// Where the definition comes from: guidance and year.
    pub source: String,
    pub kind: MeasureKind,
    /// For numbers: what one unit is.
    #[serde(default)]
    pub unit: Unit,
    /// For numbers: which way is better for pupils.
    #[serde(default)]
    pub direction: Direction,
    /// The measure with the number of pupils behind this one.
    #[serde(default)]
    pub cohort: Option<String>,
    /// The measures with the lower and upper 95 % confidence limits.
    #[serde(default)]
    pub interval: Option<Interval>,
    /// Figures outside cannot be right and are set aside.
    #[serde(default)]
    pub bounds: Option<Bounds>,
    /// For categories: the values that occur, after recoding.
    #[serde(default)]
    pub values: Vec<String>,
    /// Spans of academic years in which it was published, both ends included, for example
    /// `["2015/16..2018/19", "2022/23.."]`. Empty: always.
    #[serde(default)]
    pub published: Vec<String>,
    /// First year of a new meaning, with the reason.
    #[serde(default)]
    pub breaks: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MeasureKind {
    Number,
    Text,
    Category,
    Date,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    #[default]
    None,
    Percent,
    Points,
    Score,
    Pupils,
    Pounds,
    Years,
    Ratio,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    #[default]
    Neutral,
    HigherIsBetter,
    LowerIsBetter,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    pub lower: String,
    pub upper: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    #[schemars(with = "f64")]
    pub min: Decimal,
    #[schemars(with = "f64")]
    pub max: Decimal,
}

/// The registry: every measure by id, and the code of each in records.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Measures {
    by_id: BTreeMap<String, (Measure, MeasureCode)>,
    ids: BTreeMap<MeasureCode, String>,
    /// The spans of `published`, read once: every figure looked at asks for them.
    spans: BTreeMap<String, Vec<(AcademicYear, Option<AcademicYear>)>>,
}

impl Measures {
    /// Codes in the order of ids, for work without a data folder.
    pub fn new(definitions: BTreeMap<String, Measure>) -> Measures {
        let mut measures = Measures::default();
        for (code, (id, measure)) in (0u16..).zip(definitions) {
            measures.ids.insert(MeasureCode(code), id.clone());
            if !measure.published.is_empty() {
                measures.spans.insert(id.clone(), measure.published.iter().filter_map(|span| parse_span(span)).collect());
            }
            measures.by_id.insert(id, (measure, MeasureCode(code)));
        }
        measures
    }

    /// The same measures under the codes of a data folder. A code of a measure that the registry
    /// no longer has keeps its id, so that old records can still be printed.
    pub fn with_codes(self, codes: &BTreeMap<String, MeasureCode>) -> Measures {
        let by_id = self
            .by_id
            .into_iter()
            .filter_map(|(id, (measure, _))| codes.get(&id).map(|code| (id.clone(), (measure, *code))))
            .collect();
        Measures { by_id, ids: codes.iter().map(|(id, code)| (*code, id.clone())).collect(), spans: self.spans }
    }

    pub fn get(&self, id: &str) -> Option<&Measure> {
        self.by_id.get(id).map(|(measure, _)| measure)
    }

    pub fn code(&self, id: &str) -> Option<MeasureCode> {
        self.by_id.get(id).map(|(_, code)| *code)
    }

    pub fn id(&self, code: MeasureCode) -> Option<&str> {
        self.ids.get(&code).map(String::as_str)
    }

    /// As [`Measure::published_in`]; true for a measure that the registry does not know.
    pub fn published_in(&self, id: &str, year: AcademicYear) -> bool {
        let spans = self.spans.get(id);
        spans.is_none_or(|spans| spans.iter().any(|(from, to)| *from <= year && to.is_none_or(|to| year <= to)))
    }

    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.by_id.keys().map(String::as_str)
    }

    pub fn definitions(&self) -> impl Iterator<Item = (&str, &Measure)> {
        self.by_id.iter().map(|(id, (measure, _))| (id.as_str(), measure))
    }
}

impl Measure {
    /// Whether it was published for that year. Spans that cannot be read count as absent; the
    /// check at load has refused them.
    pub fn published_in(&self, year: AcademicYear) -> bool {
        self.published.is_empty()
            || self
                .published
                .iter()
                .filter_map(|span| parse_span(span))
                .any(|(from, to)| from <= year && to.is_none_or(|to| year <= to))
    }

    /// The first break after `from` and up to `to`: comparing those years compares two meanings.
    pub fn break_between(&self, from: AcademicYear, to: AcademicYear) -> Option<&str> {
        self.breaks
            .iter()
            .find(|(year, _)| year.parse::<AcademicYear>().is_ok_and(|year| from < year && year <= to))
            .map(|(_, why)| why.as_str())
    }

    /// Faults in the definition itself, given the ids of all measures.
    pub fn check(&self, id: &str, known: &BTreeMap<String, Measure>, fault: impl Fn(String, String) -> Fault) -> Faults {
        let mut faults = Faults::default();
        let mut refers = vec![("cohort", self.cohort.as_deref())];
        if let Some(interval) = &self.interval {
            refers.push(("interval.lower", Some(&interval.lower)));
            refers.push(("interval.upper", Some(&interval.upper)));
        }
        for (key, other) in refers {
            if let Some(other) = other.filter(|other| !known.contains_key(*other)) {
                faults.push(fault(format!("{id}.{key}"), format!("there is no measure `{other}`")));
            }
        }
        for span in self.published.iter().filter(|span| parse_span(span).is_none()) {
            faults.push(fault(
                format!("{id}.published"),
                format!("`{span}` is not a span of years: write 2015/16..2018/19 or 2022/23.."),
            ));
        }
        for year in self.breaks.keys().filter(|year| year.parse::<AcademicYear>().is_err()) {
            faults.push(fault(format!("{id}.breaks"), format!("`{year}` is not an academic year")));
        }
        if self.bounds.as_ref().is_some_and(|bounds| bounds.min > bounds.max) {
            faults.push(fault(format!("{id}.bounds"), "the lower bound is above the upper".into()));
        }
        faults
    }
}

/// Reads `2015/16..2018/19` or `2022/23..`, both ends included.
pub fn parse_span(span: &str) -> Option<(AcademicYear, Option<AcademicYear>)> {
    let (from, to) = span.split_once("..")?;
    let to = match to.trim() {
        "" => None,
        to => Some(to.parse().ok()?),
    };
    let from: AcademicYear = from.trim().parse().ok()?;
    if to.is_some_and(|to| to < from) { None } else { Some((from, to)) }
}
