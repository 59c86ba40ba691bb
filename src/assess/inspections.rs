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

use super::compare::is_missing;
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

/// Why no inspection could be looked at.
#[derive(Debug, Clone, Copy)]
pub enum Missed<'a> {
    /// The school is not in the current file, or there is none.
    NoFact(&'a History),
    /// A date that is missing, in this cell.
    Cell(&'a History, &'a Fact, Block),
    /// No file tells of an inspection before that day, or of more than one school's.
    Before(Date, Missing),
}

impl Missed<'_> {
    /// The figure that is missing, for the evidence.
    pub fn figure(&self, asked: &Asked<'_>) -> Figure {
        match self {
            Missed::NoFact(history) => asked.look_in(history, "", GRADED.date, Slot::AsAt).figure,
            Missed::Cell(history, fact, block) => asked.in_fact(fact, history.subject, block.date, None).figure,
            Missed::Before(date, why) => asked.absent(PREVIOUS.date, format!("before {date}"), *why).figure,
        }
    }

    /// In words for an officer.
    pub fn words(&self, asked: &Asked<'_>) -> String {
        match self {
            Missed::Before(date, Missing::Ambiguous) => {
                format!("no single predecessor is known that could have had the inspection before {date}")
            }
            Missed::Before(date, _) => format!("no inspection before {date} is known"),
            _ => {
                let figure = self.figure(asked);
                if figure.missing.as_deref() == Some(Missing::NoInspection.code()) {
                    "no inspection is known".to_owned()
                } else {
                    is_missing(&figure)
                }
            }
        }
    }
}

impl Block {
    pub fn area(&self, area: &str) -> String {
        format!("{}{area}", self.prefix)
    }
}

/// The latest inspection by the current file, or what is missing.
pub fn latest<'a>(asked: &Asked<'a>) -> Result<Inspection<'a>, Missed<'a>> {
    let history = asked.school.history;
    let Ok(fact) = asked.fact(history, DATASET, "", Slot::AsAt) else {
        return Err(Missed::NoFact(history));
    };
    let mut last: Option<Inspection<'a>> = None;
    for block in [GRADED, CARD] {
        match asked.value_in(fact, block.date) {
            Value::Date(date) if last.is_none_or(|other| other.date <= date) => {
                last = Some(Inspection { date, framework: block.framework, history, fact, block });
            }
            Value::Missing(why) if !no_inspection(why) => return Err(Missed::Cell(history, fact, block)),
            _ => {}
        }
    }
    last.ok_or(Missed::Cell(history, fact, GRADED))
}

/// The last inspection before `date` that any file tells of, or what is missing.
///
/// Files are read backwards, up to the first that has an earlier inspection as its latest: older
/// ones can tell of nothing later. A date lost on that way may hide the inspection looked for, and
/// so may a row that was set aside, unless an older file still has `date` as its latest.
pub fn before<'a>(asked: &Asked<'_>, history: &'a History, date: Date) -> Result<Inspection<'a>, Missed<'a>> {
    let mut best: Option<Inspection<'a>> = None;
    let mut set_aside = None;
    let mut dates = BTreeMap::new();
    for fact in facts(asked, history) {
        match fact.state {
            FactState::Present(_) => {}
            FactState::Absent => continue,
            FactState::Quarantined => {
                set_aside = set_aside.or(Some(fact));
                continue;
            }
        }
        let mut last = None;
        for block in [GRADED, CARD, PREVIOUS] {
            let day = match asked.value_in(fact, block.date) {
                Value::Missing(why) if no_inspection(why) => continue,
                Value::Date(day) => right_date(asked, fact, block, day, &mut dates),
                _ => return Err(Missed::Cell(history, fact, block)),
            };
            if block != PREVIOUS {
                last = last.max(Some(day));
            }
            if day < date && best.is_none_or(|best| best.date < day) {
                best = Some(Inspection { date: day, framework: block.framework, history, fact, block });
            }
        }
        match last {
            Some(day) if day < date => break,
            Some(day) if day == date => set_aside = None,
            _ => {}
        }
    }
    match (set_aside, best) {
        (Some(fact), _) => Err(Missed::Cell(history, fact, GRADED)),
        (None, Some(best)) => Ok(best),
        (None, None) => Err(Missed::Before(date, Missing::NoInspection)),
    }
}

/// The date of an inspection as the latest file has it, where inspections are numbered.
fn right_date(asked: &Asked<'_>, fact: &Fact, block: Block, date: Date, dates: &mut BTreeMap<String, Date>) -> Date {
    match asked.value_in(fact, block.number) {
        Value::Text(number) => *dates.entry(number).or_insert(date),
        _ => date,
    }
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
    let mut dates = BTreeMap::new();
    for fact in facts(asked, history) {
        for block in [GRADED, CARD, PREVIOUS] {
            let Value::Date(date) = asked.value_in(fact, block.date) else { continue };
            let date = right_date(asked, fact, block, date, &mut dates);
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

#[cfg(test)]
mod tests {
    use super::super::cases::Small;
    use super::super::pack::tests::repository;
    use super::super::rule::{Case, Figures};
    use super::super::{Rule, RuleSet};
    use super::*;
    use crate::model::{Outcome, Verdict};

    /// The stuck rule on a few files about one school, the last of them current; none of each is a
    /// row that was set aside.
    fn ask(files: &[Option<&[(&str, &str)]>]) -> Option<Outcome> {
        let (measures, packs) = repository()?;
        let rules = RuleSet::load(&packs, &measures).unwrap_or_else(|faults| panic!("{faults}"));
        let rule: &Rule = rules.get("stuck").unwrap();
        let figures = |file: &Option<&[(&str, &str)]>| -> Figures {
            let filler = [("ofsted.name", "Wexcombe Primary")];
            file.unwrap_or(&filler)
                .iter()
                .map(|(id, token)| (format!("ofsted.{}", id.trim_start_matches("ofsted.")), (*token).to_owned()))
                .collect()
        };
        let (current, earlier) = files.split_last().unwrap();
        let case = Case { figures: figures(current), earlier: earlier.iter().map(figures).collect(), ..rule.case[0].clone() };
        let mut small = Small::build(rule, &case, &measures).unwrap();
        for (fact, file) in small.school.facts.iter_mut().zip(files) {
            if file.is_none() {
                fact.state = FactState::Quarantined;
            }
        }
        Some(small.assess(rule))
    }

    type File = Option<&'static [(&'static str, &'static str)]>;

    const RI_2023: &[(&str, &str)] = &[("date", "2023-06-14"), ("overall", "requires-improvement"), ("number", "20")];
    const INADEQUATE_2018: &[(&str, &str)] = &[("date", "2018-06-14"), ("overall", "inadequate"), ("number", "10")];

    #[test]
    fn the_inspection_before_is_found_in_earlier_files_and_never_guessed() {
        let wrong_day: &[(&str, &str)] = &[("date", "2023-06-11"), ("overall", "requires-improvement"), ("number", "20")];
        let table: [(&str, &[File], Verdict); 7] = [
            ("two files", &[Some(INADEQUATE_2018), Some(RI_2023)], Verdict::Met),
            ("only one", &[Some(RI_2023)], Verdict::Unknown),
            ("a row set aside between hides what came between", &[Some(INADEQUATE_2018), None, Some(RI_2023)], Verdict::Unknown),
            ("nothing came between", &[Some(INADEQUATE_2018), Some(RI_2023), None, Some(RI_2023)], Verdict::Met),
            ("what came before does not matter", &[None, Some(INADEQUATE_2018), Some(RI_2023)], Verdict::Met),
            ("the current row is set aside", &[Some(INADEQUATE_2018), Some(RI_2023), None], Verdict::Unknown),
            ("one number, two days: one inspection", &[Some(wrong_day), Some(RI_2023)], Verdict::Unknown),
        ];
        for (what, files, expected) in table {
            let Some(outcome) = ask(files) else {
                println!("there is no config/measures.toml");
                return;
            };
            assert_eq!(outcome.verdict, expected, "{what}: {:?}", outcome.because);
        }
    }

    #[test]
    fn the_reasons_read_well() {
        let Some(met) = ask(&[Some(INADEQUATE_2018), Some(RI_2023)]) else { return };
        assert_eq!(
            met.because,
            [
                "Overall effectiveness at the latest inspection, of 2023-06-14, was requires improvement",
                "Overall effectiveness at the inspection before it, of 2018-06-14, was inadequate",
            ]
        );
        assert_eq!(met.about, "2023-06-14");
        let Some(unknown) = ask(&[Some(RI_2023)]) else { return };
        assert_eq!(unknown.because, ["no inspection before 2023-06-14 is known"]);
    }
}
