//! Finding the figure that a condition asks for, and saying exactly where it stands.
//!
//! Whoever asks gets a value or the reason why there is none, never nothing: the measure was not
//! published that year, no release is there, the school is not in it, its row was set aside, the
//! file has no such column, or the publisher's own marker. The citation is taken from the first
//! release that said so; later ones that repeat it add nothing.
//!
//! There are two ways to ask. [`Asked::cell`] and [`Asked::number`] answer with the value alone,
//! to decide; [`Asked::look`] adds what an officer needs to find the cell, to explain. Nearly all
//! schools are decided and never explained.

use rust_decimal::Decimal;

use crate::model::evidence::{Citation, Figure};
use crate::model::fact::{AREAS, dataset_of};
use crate::model::{Cell, Fact, FactState, History, Missing, ReleaseNo, Slot, Stage, Urn, Value, World};

use super::Rule;

/// One school as known at one point of the log.
#[derive(Debug, Clone, Copy)]
pub struct School<'a> {
    pub urn: Urn,
    pub history: &'a History,
    /// The last release that counts.
    pub known: ReleaseNo,
    /// Used only by rules that ask for a unique one.
    pub predecessor: &'a Predecessor,
}

/// Whose past counts as a school's own.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Predecessor {
    #[default]
    None,
    /// The only one, by a plain link.
    Unique(History),
    /// Several, one by a merger or a split, or it cannot be told: what belongs to whom would be a guess.
    NotUnique,
}

/// One question: this rule, about this slot, of this school.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub rule: &'a Rule,
    pub slot: Slot,
    pub school: &'a School<'a>,
    pub world: &'a World,
}

/// The answer: what the cell says and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub value: Value,
    pub figure: Figure,
}

impl<'a> Asked<'a> {
    /// What the school's own cell says in the slot asked about, or why there is no cell.
    pub fn cell(&self, measure: &str) -> Result<Value, Missing> {
        self.cell_in(self.school.history, "", measure, self.slot_of(dataset_of(measure)))
    }

    /// The school's own figure as a number, if it is one.
    pub fn number(&self, measure: &str) -> Option<Decimal> {
        as_number(self.cell(measure))
    }

    /// The figure of an area in the same slot, if it is a number.
    pub fn area_number(&self, part: &str, measure: &str) -> Option<Decimal> {
        as_number(self.cell_in(&self.world.areas, part, measure, self.slot_of(dataset_of(measure))))
    }

    fn cell_in(&self, history: &History, part: &str, measure: &str, slot: Slot) -> Result<Value, Missing> {
        if self.unpublished(measure, slot) {
            return Err(Missing::NotPublishedThisPeriod);
        }
        self.fact(history, dataset_of(measure), part, slot).map(|fact| self.value_in(fact, measure))
    }

    /// What a fact says of a measure.
    pub fn value_in(&self, fact: &Fact, measure: &str) -> Value {
        let FactState::Present(body) = &fact.state else { return Value::Missing(Missing::Quarantined) };
        let cell = self.world.measures.code(measure).and_then(|code| body.cell(code));
        cell.map_or(Value::Missing(Missing::NoColumn), |cell| cell.value)
    }

    fn unpublished(&self, measure: &str, slot: Slot) -> bool {
        let Slot::Year(year) = slot else { return false };
        !self.world.measures.published_in(measure, year)
    }

    /// The school's own figure in the slot asked about, for the evidence.
    pub fn look(&self, measure: &str) -> Found {
        self.look_in(self.school.history, "", measure, self.slot_of(dataset_of(measure)))
    }

    /// The figure of an area in the same slot.
    pub fn look_area(&self, part: &str, measure: &str) -> Found {
        self.look_in(&self.world.areas, part, measure, self.slot_of(dataset_of(measure)))
    }

    pub fn look_in(&self, history: &History, part: &str, measure: &str, slot: Slot) -> Found {
        if self.unpublished(measure, slot) {
            return self.absent(measure, slot.to_string(), Missing::NotPublishedThisPeriod);
        }
        match self.fact(history, dataset_of(measure), part, slot) {
            Err(why) => self.absent(measure, self.period(dataset_of(measure), slot), why),
            Ok(fact) => self.in_fact(fact, history.subject, measure, None),
        }
    }

    /// The fact that stands, or why there is none.
    pub fn fact<'f>(&self, history: &'f History, dataset: &str, part: &str, slot: Slot) -> Result<&'f Fact, Missing> {
        let fact = history
            .facts
            .iter()
            .rev()
            .filter(|fact| fact.release <= self.school.known)
            .find(|fact| &*fact.dataset == dataset && fact.part == part && fact.slot == slot && self.counts(fact));
        match fact {
            Some(fact) => match fact.state {
                FactState::Present(_) => Ok(fact),
                FactState::Absent => Err(Missing::NotInRelease),
                FactState::Quarantined => Err(Missing::Quarantined),
            },
            None if self.released(dataset, slot) => Err(Missing::NotInRelease),
            None => Err(Missing::NoRelease),
        }
    }

    /// One cell of a fact. `period` replaces the period shown, for the date of an inspection.
    pub fn in_fact(&self, fact: &Fact, subject: i64, measure: &str, period: Option<String>) -> Found {
        let period = period.unwrap_or_else(|| match (fact.slot, self.world.releases.get(&fact.said)) {
            (Slot::AsAt, Some(release)) => release.period.to_string(),
            (slot, _) => slot.to_string(),
        });
        let FactState::Present(body) = &fact.state else {
            return self.absent(measure, period, Missing::Quarantined);
        };
        let Some(cell) = self.world.measures.code(measure).and_then(|code| body.cell(code)) else {
            return self.absent(measure, period, Missing::NoColumn);
        };
        let number = |id: &str| {
            let cell = self.world.measures.code(id).and_then(|code| body.cell(code))?;
            if let Value::Number(number) = cell.value { Some(number.to_string()) } else { None }
        };
        let definition = self.world.measures.get(measure);
        let cohort = definition.and_then(|one| one.cohort.as_deref()).and_then(number);
        let interval = definition
            .and_then(|one| one.interval.as_ref())
            .and_then(|ends| Some(format!("{} to {}", number(&ends.lower)?, number(&ends.upper)?)));
        let figure = Figure {
            measure: measure.to_owned(),
            title: self.title(measure),
            period,
            value: cell.value.to_string(),
            missing: match cell.value {
                Value::Missing(why) => Some(why.code().to_owned()),
                _ => None,
            },
            cohort,
            interval,
            cite: self.cite(fact, subject, measure, &cell),
        };
        Found { value: cell.value, figure }
    }

    /// A figure that has no cell.
    pub fn absent(&self, measure: &str, period: String, why: Missing) -> Found {
        let figure = Figure {
            measure: measure.to_owned(),
            title: self.title(measure),
            period,
            value: why.to_string(),
            missing: Some(why.code().to_owned()),
            cohort: None,
            interval: None,
            cite: None,
        };
        Found { value: Value::Missing(why), figure }
    }

    pub fn title(&self, measure: &str) -> String {
        self.world.measures.get(measure).map_or_else(|| measure.to_owned(), |one| one.title.clone())
    }

    /// Where a data set's figures stand for this question: a register has one slot for all days,
    /// a yearly data set the year asked about or, when the question is how things stand, its last.
    pub fn slot_of(&self, dataset: &str) -> Slot {
        let in_releases = || {
            let mut slots = self.releases().filter(|one| one.dataset == dataset).map(|one| one.period.slot());
            slots.next().map(|last| if last == Slot::AsAt { last } else { slots.fold(last, Slot::max) })
        };
        let known = self.school.history.facts.iter().find(|fact| &*fact.dataset == dataset).map(|fact| fact.slot);
        match (self.slot, known) {
            (_, Some(Slot::AsAt)) => Slot::AsAt,
            (Slot::Year(_), Some(Slot::Year(_))) => self.slot,
            (Slot::Year(_), None) if in_releases() == Some(Slot::AsAt) => Slot::AsAt,
            (Slot::Year(_), None) => self.slot,
            (Slot::AsAt, _) => in_releases().unwrap_or(Slot::AsAt),
        }
    }

    fn cite(&self, fact: &Fact, subject: i64, measure: &str, cell: &Cell<'_>) -> Option<Citation> {
        let release = self.world.releases.get(&fact.said)?;
        Some(Citation {
            release: fact.said.0,
            release_name: release.name(),
            file: release.file.clone(),
            row: fact.row + cell.row_offset,
            column: release.columns.get(measure).cloned().unwrap_or_default(),
            raw: cell.raw.to_owned(),
            urn: if subject == AREAS { None } else { u32::try_from(subject).ok() },
        })
    }

    /// Whether the fact was said, or repeated, by a release of a stage that counts. A fact that
    /// a provisional release said first and the final one left unchanged counts as final.
    fn counts(&self, fact: &Fact) -> bool {
        let stages = &self.rule.stages;
        if stages.is_empty() || fact.slot == Slot::AsAt {
            return true;
        }
        let counted = |stage: Stage| stages.contains(&stage);
        self.world.releases.get(&fact.release).is_some_and(|one| counted(one.stage))
            || self
                .world
                .releases
                .range(fact.release..=self.school.known)
                .any(|(_, one)| one.dataset == *fact.dataset && one.period.slot() == fact.slot && counted(one.stage))
    }

    fn released(&self, dataset: &str, slot: Slot) -> bool {
        self.releases().any(|one| {
            one.dataset == dataset
                && one.period.slot() == slot
                && (slot == Slot::AsAt || self.rule.stages.is_empty() || self.rule.stages.contains(&one.stage))
        })
    }

    /// Releases that count, newest first.
    pub fn releases(&self) -> impl Iterator<Item = &'a crate::model::ReleaseInfo> + use<'a> {
        self.world.releases.range(..=self.school.known).rev().map(|(_, release)| release)
    }

    /// The period to print where there is no cell: of a register the last day known.
    fn period(&self, dataset: &str, slot: Slot) -> String {
        match slot {
            Slot::Year(_) => slot.to_string(),
            Slot::AsAt => {
                let last = self.releases().filter(|one| one.dataset == dataset).map(|one| one.period).max();
                last.map_or_else(|| slot.to_string(), |last| last.to_string())
            }
        }
    }
}

fn as_number(cell: Result<Value, Missing>) -> Option<Decimal> {
    match cell {
        Ok(Value::Number(number)) => Some(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::pack::tests::repository;
    use super::super::rule::Case;
    use super::super::{RuleSet, cases::Small};
    use super::*;
    use crate::model::Outcome;

    /// The KS4 floor rule on its first case, after `change` to the rule and to the small world.
    fn ask(change: impl FnOnce(&mut Rule, &mut Small)) -> Option<Outcome> {
        let (measures, packs) = repository()?;
        let rules = RuleSet::load(&packs, &measures).unwrap_or_else(|faults| panic!("{faults}"));
        let mut rule = rules.get("ks4-floor-2016").unwrap().clone();
        let case: Case = rule.case[0].clone();
        let mut small = Small::build(&rule, &case, &measures).unwrap();
        change(&mut rule, &mut small);
        Some(small.assess(&rule))
    }

    #[test]
    fn a_figure_that_is_not_there_says_why() {
        let vanished = ask(|_, small| small.school.facts[0].state = FactState::Absent);
        let Some(vanished) = vanished else {
            println!("there is no config/measures.toml");
            return;
        };
        let rows = [
            (vanished, "not in the release"),
            (ask(|_, small| small.school.facts[0].state = FactState::Quarantined).unwrap(), "could not be trusted"),
            (ask(|_, small| small.school.facts.clear()).unwrap(), "not in the release"),
            (ask(|_, small| (small.school.facts.clear(), small.world.releases.clear()).1).unwrap(), "not published yet"),
        ];
        for (outcome, words) in rows {
            assert_eq!(outcome.verdict, crate::model::Verdict::Unknown);
            assert!(outcome.because[0].contains(words), "{:?}", outcome.because);
        }
    }

    #[test]
    fn a_provisional_figure_counts_when_the_rule_says_so_or_the_final_one_repeats_it() {
        let provisional = |small: &mut Small| small.world.releases.values_mut().for_each(|one| one.stage = Stage::Provisional);
        let verdict = |outcome: Option<Outcome>| outcome.map(|one| one.verdict.to_string());
        let final_only = ask(|rule, small| {
            rule.stages = vec![Stage::Final];
            provisional(small);
        });
        if final_only.is_none() {
            return;
        }
        assert_eq!(verdict(final_only).as_deref(), Some("unknown"));
        assert_eq!(verdict(ask(|_, small| provisional(small))).as_deref(), Some("met"));
        let repeated = ask(|rule, small| {
            rule.stages = vec![Stage::Final];
            provisional(small);
            let mut later = small.world.releases[&ReleaseNo(1)].clone();
            (later.no, later.stage) = (ReleaseNo(2), Stage::Final);
            small.world.releases.insert(later.no, later);
        });
        assert_eq!(verdict(repeated).as_deref(), Some("met"));
    }

    #[test]
    fn the_evidence_leads_to_the_cell() {
        let Some(outcome) = ask(|_, small| small.school.facts[0].row = 17) else { return };
        let figure = outcome.evidence.figures().find(|figure| figure.measure == "ks4.p8").unwrap();
        assert_eq!(figure.interval.as_deref(), Some("-0.67 to -0.35"));
        let cite = figure.cite.as_ref().unwrap();
        assert_eq!((cite.release, cite.row, cite.raw.as_str(), cite.column.as_str()), (1, 17, "-0.51", "ks4.p8"));
        assert_eq!((cite.urn, cite.release_name.as_str()), (Some(900_001), "ks4 2015/16 final v1"));
        assert_eq!(
            outcome.because,
            [
                "Progress 8 score in 2015/16 is -0.51 (95 % interval -0.67 to -0.35), below -0.5",
                "the upper confidence limit of Progress 8 score in 2015/16 is -0.35, below 0",
            ]
        );
    }
}
