//! The inspections of a school, gathered from every file that told of them.
//!
//! Ofsted publishes the latest inspection of each school, in older layouts also the one before,
//! and since November 2025 the latest report card beside the latest graded inspection. So the
//! inspection before the latest is found in what earlier files said, or in the `previous`
//! columns. Inspections are told apart by their start date; where two files give one inspection
//! number two dates, the later file is right.
//!
//! The latest inspection is what the current file says it is: an inspection that stands only in
//! an older file is never taken for the latest.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::figures::{Asked, Found};
use super::judgement::Framework;
use crate::model::{Fact, FactState, Figure, History, Missing, Slot, Value};

pub const DATASET: &str = "ofsted";

/// A block of columns that describes one inspection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    pub framework: Framework,
    /// Measure with the start date.
    pub date: &'static str,
    /// Measure with the inspection number, where there is one.
    pub number: Option<&'static str>,
    /// What stands before the area in the measure's id.
    pub prefix: &'static str,
}

pub const GRADED: Block =
    Block { framework: Framework::Graded, date: "ofsted.date", number: Some("ofsted.number"), prefix: "ofsted." };
pub const CARD: Block =
    Block { framework: Framework::ReportCard, date: "ofsted.card-date", number: None, prefix: "ofsted.card-" };
pub const PREVIOUS: Block =
    Block { framework: Framework::Graded, date: "ofsted.previous-date", number: None, prefix: "ofsted.previous-" };

/// One inspection, with every place that tells of it, the latest file first.
#[derive(Debug, Clone)]
pub struct Inspection<'a> {
    pub date: Date,
    pub framework: Framework,
    pub subject: i64,
    sources: Vec<(&'a Fact, Block)>,
}

impl Block {
    pub fn area(&self, area: &str) -> String {
        format!("{}{area}", self.prefix)
    }
}

/// The latest inspection by the current file, or the figure that is missing.
pub fn latest<'a>(asked: &Asked<'a>) -> Result<Inspection<'a>, Found> {
    let history = asked.school.history;
    let Ok(fact) = asked.fact(history, DATASET, "", Slot::AsAt) else {
        return Err(asked.look_in(history, "", GRADED.date, Slot::AsAt));
    };
    let mut last: Option<(Date, Block)> = None;
    let mut none = None;
    for block in [GRADED, CARD] {
        let found = asked.in_fact(fact, history.subject, block.date, None);
        match found.value {
            Value::Date(date) => {
                if last.is_none_or(|(other, _)| other <= date) {
                    last = Some((date, block));
                }
            }
            Value::Missing(why) if no_inspection(why) => none = none.or(Some(found)),
            _ => return Err(found),
        }
    }
    match (last, none) {
        (Some((date, block)), _) => all(asked, history)
            .into_iter()
            .rev()
            .find(|one| one.date == date && one.framework == block.framework)
            .ok_or_else(|| asked.absent(block.date, date.to_string(), Missing::NoInspection)),
        (None, Some(found)) => Err(found),
        (None, None) => Err(asked.absent(GRADED.date, Slot::AsAt.to_string(), Missing::NoInspection)),
    }
}

/// The last inspection before `date` that any file tells of, or the figure that is missing.
/// A date in the current file that cannot be read hides an inspection, so nothing is known then.
pub fn before<'a>(asked: &Asked<'a>, history: &'a History, date: Date) -> Result<Inspection<'a>, Found> {
    if let Ok(fact) = asked.fact(history, DATASET, "", Slot::AsAt) {
        for block in [GRADED, CARD, PREVIOUS] {
            let found = asked.in_fact(fact, history.subject, block.date, None);
            if matches!(found.value, Value::Missing(why) if !no_inspection(why)) {
                return Err(found);
            }
        }
    }
    let earlier = all(asked, history).into_iter().rfind(|one| one.date < date);
    earlier.ok_or_else(|| asked.absent(PREVIOUS.date, format!("before {date}"), Missing::NoInspection))
}

/// Every inspection known, in the order of their dates.
fn all<'a>(asked: &Asked<'a>, history: &'a History) -> Vec<Inspection<'a>> {
    let mut found: BTreeMap<(Date, Framework), Inspection<'a>> = BTreeMap::new();
    let mut dates: BTreeMap<String, Date> = BTreeMap::new();
    let facts = history.facts.iter().rev().filter(|fact| {
        &*fact.dataset == DATASET && fact.slot == Slot::AsAt && fact.part.is_empty() && fact.release <= asked.school.known
    });
    for fact in facts {
        let FactState::Present(body) = &fact.state else { continue };
        let cell = |measure: &str| asked.world.measures.code(measure).and_then(|code| body.cell(code));
        for block in [GRADED, CARD, PREVIOUS] {
            let Some(Value::Date(mut date)) = cell(block.date).map(|cell| cell.value) else { continue };
            let number = block.number.and_then(cell).filter(|cell| !matches!(cell.value, Value::Missing(_)));
            if let Some(number) = number {
                date = *dates.entry(number.raw.trim().to_owned()).or_insert(date);
            }
            found
                .entry((date, block.framework))
                .or_insert_with(|| Inspection { date, framework: block.framework, subject: history.subject, sources: Vec::new() })
                .sources
                .push((fact, block));
        }
    }
    found.into_values().collect()
}

impl Inspection<'_> {
    /// One judgement: from the latest file that has it, else what the latest file says instead.
    pub fn judgement(&self, asked: &Asked<'_>, area: &str) -> Found {
        let period = format!("the inspection of {}", self.date);
        let mut missing = None;
        for (fact, block) in &self.sources {
            let found = asked.in_fact(fact, self.subject, &block.area(area), Some(period.clone()));
            match found.value {
                Value::Missing(_) => missing = missing.or(Some(found)),
                _ => return found,
            }
        }
        missing.unwrap_or_else(|| asked.absent(&GRADED.area(area), period, Missing::NoInspection))
    }

    /// The cell with the inspection's date, for the evidence.
    pub fn dated(&self, asked: &Asked<'_>) -> Option<Figure> {
        let (fact, block) = self.sources.first()?;
        Some(asked.in_fact(fact, self.subject, block.date, Some(format!("the inspection of {}", self.date))).figure)
    }
}

/// Reasons that say there was no such inspection, as against a date that is lost.
fn no_inspection(why: Missing) -> bool {
    matches!(why, Missing::NoInspection | Missing::NoColumn | Missing::NotApplicable)
}
