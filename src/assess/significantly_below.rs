//! `significantly-below`: the upper 95 % confidence limit is below a number.
//!
//! The limits are the publisher's own; the measure registry says which measure holds them. None
//! is ever worked out here, and a limit that was not published leaves the answer unknown.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use super::check::Checker;
use super::compare::is_missing;
use super::english::amount;
use super::figures::Asked;
use super::judged::Judged;
use crate::model::{Measures, Missing, Value, Verdict};

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SignificantlyBelow {
    /// The measure whose interval is asked for, not the limit itself.
    pub measure: String,
    #[schemars(with = "f64")]
    pub than: Decimal,
}

impl SignificantlyBelow {
    pub fn verdict(&self, asked: &Asked<'_>) -> Verdict {
        let interval = asked.world.measures.get(&self.measure).and_then(|one| one.interval.as_ref());
        let limit = interval.and_then(|interval| asked.number(&interval.upper));
        limit.map_or(Verdict::Unknown, |limit| Verdict::from(limit < self.than))
    }

    pub fn judge(&self, asked: &Asked<'_>) -> Judged {
        let says = self.says(&asked.world.measures);
        let interval = asked.world.measures.get(&self.measure).and_then(|one| one.interval.as_ref());
        let Some(interval) = interval else {
            let none = asked.absent(&self.measure, asked.slot.to_string(), Missing::NotAvailable);
            return Judged::leaf(Verdict::Unknown, says, is_missing(&none.figure), vec![none.figure]);
        };
        let own = asked.look(&self.measure);
        let upper = asked.look(&interval.upper);
        let because_missing = if own.figure.missing.is_some() { is_missing(&own.figure) } else { is_missing(&upper.figure) };
        let period = upper.figure.period.clone();
        let figures = vec![own.figure, upper.figure];
        let Value::Number(limit) = upper.value else {
            return Judged::leaf(Verdict::Unknown, says, because_missing, figures);
        };
        let verdict = self.verdict(asked);
        let because = format!(
            "the upper confidence limit of {} in {period} is {}, {}below {}",
            asked.title(&self.measure),
            amount(&asked.world.measures, &self.measure, limit),
            if verdict == Verdict::Met { "" } else { "not " },
            amount(&asked.world.measures, &self.measure, self.than)
        );
        Judged::leaf(verdict, says, because, figures)
    }

    pub fn says(&self, measures: &Measures) -> String {
        let title = measures.get(&self.measure).map_or(self.measure.as_str(), |one| &one.title);
        format!(
            "{title} is significantly below {} (its upper 95 % confidence limit is below it)",
            amount(measures, &self.measure, self.than)
        )
    }

    pub fn check(&self, checker: &mut Checker<'_>) {
        if checker.number(&self.measure) && checker.measures.get(&self.measure).is_some_and(|one| one.interval.is_none()) {
            checker.fault("measure", format!("the registry names no confidence interval for `{}`", self.measure));
        }
    }
}
