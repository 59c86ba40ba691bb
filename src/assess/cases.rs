//! The test cases beside a rule: a small world is built from their figures and the rule is asked.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::{Date, date};

use super::figures::{Predecessor, School};
use super::rule::{Asks, Case, Expect, Figures, Rule};
use crate::faults::{Fault, Faults};
use crate::model::fact::{AREAS, dataset_of};
use crate::model::measure::MeasureKind;
use crate::model::number;
use crate::model::record::Entry;
use crate::model::{
    AcademicYear, Body, Fact, FactState, History, Measures, Missing, Period, ReleaseInfo, ReleaseNo, Slot, Stage, Urn, World,
};

/// The day of the last as-at release of a case, and of its decision where the rule leaves open.
const TODAY: Date = date(2026, 6, 15);

/// The school of every case, of a county that does not exist.
const URN: u32 = 900_001;

/// A case that does not come out as expected, or whose figures cannot be read, is a fault.
pub fn run(rule: &Rule, file: &Path, line: u32, measures: &Measures) -> Faults {
    let mut faults = Faults::default();
    for case in &rule.case {
        let wrong = match Small::build(rule, case, measures) {
            Err(what) => Some((what, None)),
            Ok(small) => {
                let outcome = small.assess(rule);
                let came = Expect::of(outcome.verdict, outcome.out_of_scope);
                let severity = case.severity.is_some_and(|wanted| outcome.severity != Some(wanted));
                match (came == case.expect, severity) {
                    (true, false) => None,
                    (true, true) => {
                        let severity = outcome.severity.map_or_else(|| "none".to_owned(), |one| one.to_string());
                        Some((format!("the severity is {severity}"), None))
                    }
                    (false, _) => Some((
                        format!("expected {}, came out {}", case.expect.words(), came.words()),
                        Some(outcome.because.join("; ")),
                    )),
                }
            }
        };
        if let Some((what, hint)) = wrong {
            let key = format!("{}.case `{}`", rule.id, case.name);
            faults.push(Fault { file: file.to_owned(), line: Some(line), key, what, hint });
        }
    }
    faults
}

/// A world with one school in it.
pub struct Small {
    pub world: World,
    pub urn: Urn,
    pub school: History,
    pub predecessor: Predecessor,
    pub slot: Slot,
}

impl Small {
    /// Reads the figures of a case; the message names the one that cannot be read.
    pub fn build(rule: &Rule, case: &Case, measures: &Measures) -> Result<Small, String> {
        let urn = Urn::try_from(URN).map_err(|error| error.to_string())?;
        let mut small = Small {
            urn,
            world: World { measures: measures.clone(), ..World::default() },
            school: History { subject: i64::from(URN), facts: Vec::new() },
            predecessor: Predecessor::None,
            slot: Slot::AsAt,
        };
        small.world.areas.subject = AREAS;
        let mut yearly: BTreeMap<AcademicYear, &Figures> = case.years.iter().map(|(year, figures)| (*year, figures)).collect();
        let mut as_at: Vec<&Figures> = case.earlier.iter().collect();
        match rule.asks {
            Asks::AsAt => as_at.push(&case.figures),
            Asks::Year => {
                let year = case.year.or(rule.data_from).ok_or("say which year the case is about")?;
                small.slot = Slot::Year(year);
                yearly.insert(year, &case.figures);
            }
        }
        for (year, figures) in yearly {
            // a register's figures may stand among those of the year asked about
            for (dataset, figures) in by_dataset(figures) {
                let period = if dataset == "gias" { Period::Day(TODAY) } else { Period::Year(year) };
                let release = small.release(dataset, period);
                let fact = fact(dataset, "", period.slot(), release, &figures, measures)?;
                small.school.facts.push(fact);
            }
        }
        for (year, areas) in &case.areas {
            for (part, figures) in areas {
                for (dataset, figures) in by_dataset(figures) {
                    let release = small.release(dataset, Period::Year(*year));
                    let fact = fact(dataset, part, Slot::Year(*year), release, &figures, measures)?;
                    small.world.areas.facts.push(fact);
                }
            }
        }
        let mut predecessors = Vec::new();
        for (subject, figures) in (900_101..).zip(&case.predecessors) {
            let mut history = History { subject, facts: Vec::new() };
            for (dataset, figures) in by_dataset(figures) {
                let release = small.release(dataset, Period::Day(TODAY));
                history.facts.push(fact(dataset, "", Slot::AsAt, release, &figures, measures)?);
            }
            predecessors.push(history);
        }
        small.predecessor = match (predecessors.pop(), predecessors.is_empty()) {
            (None, _) => Predecessor::None,
            (Some(one), true) => Predecessor::Unique(one),
            (Some(_), false) => Predecessor::NotUnique,
        };
        for figures in as_at {
            for (dataset, figures) in by_dataset(figures) {
                let release = small.release(dataset, Period::Day(TODAY));
                small.school.facts.push(fact(dataset, "", Slot::AsAt, release, &figures, measures)?);
            }
        }
        small.school.facts.sort_by(|a, b| {
            (&a.dataset, &a.part, a.slot, a.day, a.release).cmp(&(&b.dataset, &b.part, b.slot, b.day, b.release))
        });
        Ok(small)
    }

    pub fn assess(&self, rule: &Rule) -> crate::model::Outcome {
        let decided = rule.decided_from.or(rule.decided_to).unwrap_or(TODAY);
        let school = School { urn: self.urn, history: &self.school, known: ReleaseNo(i64::MAX), predecessor: &self.predecessor };
        super::assess(rule, self.slot, &school, &self.world, decided)
    }

    fn release(&mut self, dataset: &str, period: Period) -> ReleaseNo {
        let no = ReleaseNo(i64::try_from(self.world.releases.len()).unwrap_or(0) + 1);
        let yearly = matches!(period, Period::Year(_));
        let columns = self.world.measures.ids().map(|id| (id.to_owned(), id.to_owned())).collect();
        let info = ReleaseInfo {
            no,
            source: format!("{dataset}-case"),
            dataset: dataset.to_owned(),
            period,
            stage: if yearly { Stage::Final } else { Stage::AsAt },
            version: 1,
            partial: false,
            published: TODAY,
            file: "0".repeat(64),
            file_name: "case".to_owned(),
            layout: "case".to_owned(),
            columns,
        };
        self.world.releases.insert(no, info);
        no
    }
}

fn by_dataset(figures: &Figures) -> BTreeMap<&str, BTreeMap<&str, &str>> {
    let mut sets: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for (measure, value) in figures {
        sets.entry(dataset_of(measure)).or_default().insert(measure, value);
    }
    sets
}

fn fact(
    dataset: &str,
    part: &str,
    slot: Slot,
    release: ReleaseNo,
    figures: &BTreeMap<&str, &str>,
    measures: &Measures,
) -> Result<Fact, String> {
    let body = body(figures, measures)?;
    Ok(Fact {
        dataset: Arc::from(dataset),
        part: part.to_owned(),
        slot,
        day: if slot == Slot::AsAt { Some(TODAY) } else { None },
        release,
        said: release,
        row: 2,
        state: FactState::Present(body),
    })
}

/// A record from figures as cases write them.
pub fn body(figures: &BTreeMap<&str, &str>, measures: &Measures) -> Result<Body, String> {
    let mut cells = Vec::new();
    for (&id, &token) in figures {
        let (Some(code), Some(measure)) = (measures.code(id), measures.get(id)) else {
            return Err(format!("there is no measure `{id}`"));
        };
        let missing = Missing::ALL.into_iter().find(|why| why.code() == token);
        let entry = match (missing, measure.kind) {
            (Some(why), _) => Entry::Missing(why),
            (None, MeasureKind::Number) if number::parse(token).is_some() => Entry::Number,
            (None, MeasureKind::Date) => match token.parse() {
                Ok(day) => Entry::Date(day),
                Err(_) => return Err(format!("`{token}` for {id} is not a day: write 2024-06-17")),
            },
            (None, MeasureKind::Category) if measure.values.is_empty() || measure.values.iter().any(|one| one == token) => {
                Entry::Text
            }
            (None, MeasureKind::Text) => Entry::Text,
            (None, _) => return Err(format!("`{token}` for {id} is neither a value of it nor a reason")),
        };
        cells.push((code, entry, token));
    }
    cells.sort_by_key(|(code, ..)| *code);
    let mut body = Body::default();
    for (code, entry, token) in cells {
        body.push(code, 0, entry, token);
    }
    Ok(body)
}
