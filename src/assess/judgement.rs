//! `judgement-is` and `judgement-was`: what Ofsted said at the latest inspection, and at the one
//! before.
//!
//! Three frameworks stand side by side and their grades are never mapped onto each other: graded
//! inspections with an overall grade (to August 2024), graded inspections without one (2024/25),
//! report cards (since November 2025). A condition names its framework, the area judged, and if
//! need be the days between which the inspection began. An inspection under another framework or
//! on another day does not meet it; a judgement that is missing leaves it unknown.
//!
//! For `judgement-was`, when the school itself has no earlier inspection, the last one of its
//! predecessor counts where the rule says `predecessor = "unique"` and there is exactly one, by a plain link.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::check::Checker;
use super::compare::is_missing;
use super::english::either;
use super::figures::{Asked, Predecessor};
use super::inspections::{self, Inspection, Missed};
use super::judged::Judged;
use super::rule::PredecessorPolicy;
use crate::model::{Measures, Missing, Value, Verdict};

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Judgement {
    pub framework: Framework,
    /// `overall`, `leadership`, `category` …: the measure's id without its block.
    pub area: String,
    pub is: Vec<String>,
    /// The inspection began on this day or later.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub from: Option<Date>,
    /// The inspection began before this day.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub before: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Framework {
    /// Graded inspections to November 2025.
    Graded,
    /// Report cards since November 2025.
    ReportCard,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Latest,
    Before,
}

impl Judgement {
    pub fn verdict(&self, which: Which, asked: &Asked<'_>) -> Verdict {
        let Ok(inspection) = self.inspection(which, asked) else { return Verdict::Unknown };
        if !self.speaks_about(&inspection) {
            return Verdict::NotMet;
        }
        match inspection.value(asked, &self.area) {
            Value::Text(value) => Verdict::from(self.is.contains(&value)),
            _ => Verdict::Unknown,
        }
    }

    pub fn judge(&self, which: Which, asked: &Asked<'_>) -> Judged {
        let verdict = self.verdict(which, asked);
        let says = self.says(which, &asked.world.measures);
        let inspection = match self.inspection(which, asked) {
            Ok(inspection) => inspection,
            Err(missed) => return Judged::leaf(verdict, says, missed.words(asked), vec![missed.figure(asked)]),
        };
        let dated = inspection.dated(asked);
        if !self.speaks_about(&inspection) {
            let because = format!("the {}, of {}, was {}", which.words(), inspection.date, inspection.framework.words());
            return Judged::leaf(verdict, says, because, vec![dated]);
        }
        let found = inspection.judgement(asked, &self.area);
        let because = match &found.value {
            Value::Text(value) => format!(
                "{} at the {}, of {}, was {}{}",
                found.figure.title,
                which.words(),
                inspection.date,
                super::english::plain(value),
                if verdict == Verdict::Met { String::new() } else { format!(", not {}", either(&self.is)) }
            ),
            _ => is_missing(&found.figure),
        };
        Judged::leaf(verdict, says, because, vec![dated, found.figure])
    }

    /// Whether the inspection is of the framework and the days that are asked for.
    fn speaks_about(&self, inspection: &Inspection<'_>) -> bool {
        inspection.framework == self.framework
            && self.from.is_none_or(|from| from <= inspection.date)
            && self.before.is_none_or(|end| inspection.date < end)
    }

    fn inspection<'a>(&self, which: Which, asked: &Asked<'a>) -> Result<Inspection<'a>, Missed<'a>> {
        let latest = inspections::latest(asked)?;
        if which == Which::Latest {
            return Ok(latest);
        }
        let own = inspections::before(asked, asked.school.history, latest.date);
        let unknown = matches!(own, Err(Missed::Before(..)));
        match (asked.rule.predecessor, asked.school.predecessor) {
            (PredecessorPolicy::Unique, Predecessor::Unique(one)) if unknown => inspections::before(asked, one, latest.date),
            (PredecessorPolicy::Unique, Predecessor::NotUnique) if unknown => {
                Err(Missed::Before(latest.date, Missing::Ambiguous))
            }
            _ => own,
        }
    }

    /// The measure read in the block of the latest inspection.
    fn measure(&self) -> String {
        match self.framework {
            Framework::Graded => inspections::GRADED.area(&self.area),
            Framework::ReportCard => inspections::CARD.area(&self.area),
        }
    }

    pub fn says(&self, which: Which, measures: &Measures) -> String {
        let id = self.measure();
        let title = measures.get(&id).map_or(id.as_str(), |one| &one.title);
        let when = match (self.from, self.before) {
            (None, None) => String::new(),
            (Some(from), None) => format!(" on or after {from}"),
            (None, Some(end)) => format!(" before {end}"),
            (Some(from), Some(end)) => format!(" from {from} to before {end}"),
        };
        format!("the {} is {}{when} with {title}: {}", which.words(), self.framework.words(), either(&self.is))
    }

    pub fn check(&self, checker: &mut Checker<'_>) {
        checker.category(&self.measure(), &self.is);
        if self.from.zip(self.before).is_some_and(|(from, end)| from >= end) {
            checker.fault("before", "no day lies between `from` and `before`".to_owned());
        }
    }

    pub fn each_measure(&self, tell: &mut impl FnMut(&str)) {
        tell(&self.measure());
        for block in [inspections::GRADED, inspections::CARD, inspections::PREVIOUS] {
            tell(block.date);
        }
    }
}

impl Framework {
    pub fn words(self) -> &'static str {
        match self {
            Framework::Graded => "a graded inspection",
            Framework::ReportCard => "a report card",
        }
    }
}

impl Which {
    fn words(self) -> &'static str {
        match self {
            Which::Latest => "latest inspection",
            Which::Before => "inspection before it",
        }
    }
}
