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
    /// Measure with the inspection number.
    pub number: &'static str,
    /// What stands before the area in the measure's id.
    pub prefix: &'static str,
}

pub const GRADED: Block = Block { framework: Framework::Graded, date: "ofsted.date", number: "ofsted.number", prefix: "ofsted." };
pub const CARD: Block =
    Block { framework: Framework::ReportCard, date: "ofsted.card-date", number: "ofsted.card-number", prefix: "ofsted.card-" };
pub const PREVIOUS: Block = Block {
    framework: Framework::Graded,
    date: "ofsted.previous-date",
    number: "ofsted.previous-number",
    prefix: "ofsted.previous-",
};

/// One inspection, with the latest file that tells of it.
#[derive(Debug, Clone, Copy)]
pub struct Inspection<'a> {
    pub date: Date,
    pub framework: Framework,
    history: &'a History,
    fact: &'a Fact,
    block: Block,
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
    let mut last: Option<Inspection<'a>> = None;
    for block in [GRADED, CARD] {
        match asked.value_in(fact, block.date) {
            Value::Date(date) if last.is_none_or(|other| other.date <= date) => {
                last = Some(Inspection { date, framework: block.framework, history, fact, block });
            }
            Value::Missing(why) if !no_inspection(why) => return Err(asked.in_fact(fact, history.subject, block.date, None)),
            _ => {}
        }
    }
    last.ok_or_else(|| asked.in_fact(fact, history.subject, GRADED.date, None))
}

/// The last inspection before `date` that any file tells of, or the figure that is missing.
///
/// A date that cannot be read, or a row that was set aside, may hide an inspection. Unless the
/// current file itself tells of the inspection before, nothing is known then.
pub fn before<'a>(asked: &Asked<'_>, history: &'a History, date: Date) -> Result<Inspection<'a>, Found> {
    let current = asked.fact(history, DATASET, "", Slot::AsAt).ok();
    let told = current.is_some_and(|fact| matches!(asked.value_in(fact, PREVIOUS.date), Value::Date(day) if day < date));
    if !told && let Some((fact, block)) = facts(asked, history).find_map(|fact| hidden(asked, fact).map(|block| (fact, block))) {
        return Err(asked.in_fact(fact, history.subject, block.date, None));
    }
    let known = all(asked, history);
    let earlier = known.iter().rev().find(|((day, _), _)| *day < date).and_then(|(_, places)| places.first().copied());
    earlier.ok_or_else(|| asked.absent(PREVIOUS.date, format!("before {date}"), Missing::NoInspection))
}

/// The block of a fact whose date is lost.
fn hidden(asked: &Asked<'_>, fact: &Fact) -> Option<Block> {
    if fact.state == FactState::Absent {
        return None;
    }
    let lost = |block: &Block| matches!(asked.value_in(fact, block.date), Value::Missing(why) if !no_inspection(why));
    [GRADED, CARD, PREVIOUS].into_iter().find(lost)
}

/// What the files said of the school's inspections, the latest file first.
fn facts<'a>(asked: &Asked<'_>, history: &'a History) -> impl Iterator<Item = &'a Fact> + use<'a> {
    let known = asked.school.known;
    history
        .facts
        .iter()
        .rev()
        .filter(move |fact| &*fact.dataset == DATASET && fact.slot == Slot::AsAt && fact.part.is_empty() && fact.release <= known)
}

/// Every inspection known, by date, with every place that tells of it, the latest file first.
fn all<'a>(asked: &Asked<'_>, history: &'a History) -> BTreeMap<(Date, Framework), Vec<Inspection<'a>>> {
    let mut found: BTreeMap<(Date, Framework), Vec<Inspection<'a>>> = BTreeMap::new();
    let mut dates: BTreeMap<String, Date> = BTreeMap::new();
    for fact in facts(asked, history) {
        for block in [GRADED, CARD, PREVIOUS] {
            let Value::Date(mut date) = asked.value_in(fact, block.date) else { continue };
            if let Value::Text(number) = asked.value_in(fact, block.number) {
                date = *dates.entry(number).or_insert(date);
            }
            let inspection = Inspection { date, framework: block.framework, history, fact, block };
            found.entry((date, block.framework)).or_default().push(inspection);
        }
    }
    found
}

impl Inspection<'_> {
    /// One judgement: from the latest file that has it, else what the latest file says instead.
    pub fn judgement(&self, asked: &Asked<'_>, area: &str) -> Found {
        let place = self.place(asked, area);
        place.look(asked, &place.block.area(area))
    }

    /// The same without where it stands.
    pub fn value(&self, asked: &Asked<'_>, area: &str) -> Value {
        let place = self.place(asked, area);
        asked.value_in(place.fact, &place.block.area(area))
    }

    /// The latest file that has a cell for the judgement: layouts leave out what they do not tell.
    /// A cell that says anything, and be it that the judgement is withheld, goes before older files.
    fn place(&self, asked: &Asked<'_>, area: &str) -> Self {
        let has = |fact: &Fact, block: Block| !matches!(asked.value_in(fact, &block.area(area)), Value::Missing(why) if no_inspection(why));
        if has(self.fact, self.block) {
            return *self;
        }
        let known = all(asked, self.history);
        let places = known.get(&(self.date, self.framework));
        match places.and_then(|places| places.iter().find(|one| has(one.fact, one.block))) {
            Some(one) => Inspection { fact: one.fact, block: one.block, ..*self },
            None => *self,
        }
    }

    /// The cell with the inspection's date, for the evidence.
    pub fn dated(&self, asked: &Asked<'_>) -> Figure {
        self.look(asked, self.block.date).figure
    }

    fn look(&self, asked: &Asked<'_>, measure: &str) -> Found {
        asked.in_fact(self.fact, self.history.subject, measure, Some(format!("the inspection of {}", self.date)))
    }
}

/// Reasons that say there was no such inspection, as against a date that is lost.
fn no_inspection(why: Missing) -> bool {
    matches!(why, Missing::NoInspection | Missing::NoColumn | Missing::NotApplicable)
}
