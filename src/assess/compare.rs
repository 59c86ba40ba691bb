//! `below`, `above` and `at-least`: a figure against a number, or against the figure of an area.
//!
//! `below` and `above` are strict, as floor standards are written ("below −0.5"); `at-least`
//! includes the number, as cohort minimums are ("11 or more eligible pupils"). Figures are
//! compared as they are published, without rounding.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use super::area::AreaFigure;
use super::check::Checker;
use super::english::{amount, difference};
use super::figures::Asked;
use super::judged::Judged;
use crate::model::{Measures, Value, Verdict};

/// Exactly one of `than` and `than-area`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Compare {
    pub measure: String,
    #[serde(default)]
    #[schemars(with = "Option<f64>")]
    pub than: Option<Decimal>,
    /// The figure of an area for the same measure and period.
    #[serde(default)]
    pub than_area: Option<AreaFigure>,
    /// By more than so many units.
    #[serde(default)]
    #[schemars(with = "Option<f64>")]
    pub by: Option<Decimal>,
}

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AtLeast {
    pub measure: String,
    #[schemars(with = "f64")]
    pub number: Decimal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Below,
    Above,
}

impl Side {
    pub fn word(self) -> &'static str {
        match self {
            Side::Below => "below",
            Side::Above => "above",
        }
    }
}

impl Compare {
    pub fn verdict(&self, side: Side, asked: &Asked<'_>) -> Verdict {
        let than = self.than.or_else(|| self.than_area.as_ref()?.number(&self.measure, asked));
        let (Some(number), Some(than)) = (asked.number(&self.measure), than) else { return Verdict::Unknown };
        let by = self.by.unwrap_or_default();
        Verdict::from(match side {
            Side::Below => number < than - by,
            Side::Above => number > than + by,
        })
    }

    pub fn judge(&self, side: Side, asked: &Asked<'_>) -> Judged {
        let says = self.says(side, &asked.world.measures);
        let own = asked.look(&self.measure);
        let mut figures = vec![own.figure.clone()];
        let than = match (&self.than, &self.than_area) {
            (Some(number), _) => Ok((*number, amount(&asked.world.measures, &self.measure, *number))),
            (None, Some(area)) => area.find(&self.measure, asked, &mut figures),
            (None, None) => Err(format!("{} is compared with nothing", own.figure.title)),
        };
        let (number, than) = match (own.value, than) {
            (Value::Number(number), Ok(than)) => (number, than),
            (Value::Number(_), Err(because)) => return Judged::leaf(Verdict::Unknown, says, because, figures),
            (_, _) => return Judged::leaf(Verdict::Unknown, says, is_missing(&figures[0]), figures),
        };
        let verdict = self.verdict(side, asked);
        let because = format!(
            "{}, {}{} {}{}",
            found(&asked.world.measures, &figures[0], number),
            if verdict == Verdict::Met { "" } else { "not " },
            side.word(),
            than.1,
            self.margin(&asked.world.measures)
        );
        Judged::leaf(verdict, says, because, figures)
    }

    pub fn says(&self, side: Side, measures: &Measures) -> String {
        let title = measures.get(&self.measure).map_or(self.measure.as_str(), |one| &one.title);
        let than = match (&self.than, &self.than_area) {
            (Some(number), _) => amount(measures, &self.measure, *number),
            (None, Some(area)) => area.says(measures),
            (None, None) => "nothing".to_owned(),
        };
        format!("{title} is {} {than}{}", side.word(), self.margin(measures))
    }

    fn margin(&self, measures: &Measures) -> String {
        match self.by {
            Some(by) => format!(" by more than {}", difference(measures, &self.measure, by)),
            None => String::new(),
        }
    }

    pub fn check(&self, checker: &mut Checker<'_>) {
        checker.number(&self.measure);
        if self.than.is_some() == self.than_area.is_some() {
            checker.fault("than", "write either `than` with a number or `than-area`".to_owned());
        }
        if self.by.is_some_and(|by| by < Decimal::ZERO) {
            checker.fault("by", "a margin cannot be negative".to_owned());
        }
        if let Some(area) = &self.than_area {
            area.check(checker);
        }
    }

    pub fn each_measure(&self, tell: &mut impl FnMut(&str)) {
        tell(&self.measure);
        if let Some(of) = self.than_area.as_ref().and_then(|area| area.by_category.as_ref()) {
            tell(&of.measure);
        }
    }
}

impl AtLeast {
    pub fn verdict(&self, asked: &Asked<'_>) -> Verdict {
        asked.number(&self.measure).map_or(Verdict::Unknown, |number| Verdict::from(number >= self.number))
    }

    pub fn judge(&self, asked: &Asked<'_>) -> Judged {
        let says = self.says(&asked.world.measures);
        let own = asked.look(&self.measure);
        let Value::Number(number) = own.value else {
            let because = is_missing(&own.figure);
            return Judged::leaf(Verdict::Unknown, says, because, vec![own.figure]);
        };
        let verdict = self.verdict(asked);
        let because = format!(
            "{}, {} {}",
            found(&asked.world.measures, &own.figure, number),
            if verdict == Verdict::Met { "at least" } else { "fewer than" },
            amount(&asked.world.measures, &self.measure, self.number)
        );
        Judged::leaf(verdict, says, because, vec![own.figure])
    }

    pub fn says(&self, measures: &Measures) -> String {
        let title = measures.get(&self.measure).map_or(self.measure.as_str(), |one| &one.title);
        format!("{title} is at least {}", amount(measures, &self.measure, self.number))
    }

    pub fn check(&self, checker: &mut Checker<'_>) {
        checker.number(&self.measure);
    }
}

/// "Progress 8 score in 2016/17 is -0.51 (95 % interval -0.67 to -0.35; 173 pupils)".
pub fn found(measures: &Measures, figure: &crate::model::Figure, number: Decimal) -> String {
    let beside: Vec<String> = figure
        .interval
        .iter()
        .map(|interval| format!("95 % interval {interval}"))
        .chain(figure.cohort.iter().map(|cohort| format!("{cohort} pupils")))
        .collect();
    let beside = if beside.is_empty() { String::new() } else { format!(" ({})", beside.join("; ")) };
    format!("{} in {} is {}{beside}", figure.title, figure.period, amount(measures, &figure.measure, number))
}

/// "Progress 8 score in 2016/17 is suppressed to protect privacy".
pub fn is_missing(figure: &crate::model::Figure) -> String {
    if figure.missing.is_none() {
        return format!("{} is `{}`, which is not a number", figure.title, figure.value);
    }
    let at = if figure.period.starts_with("the inspection") { "at" } else { "in" };
    format!("{} {at} {} is {}", figure.title, figure.period, figure.value)
}
