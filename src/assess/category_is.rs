//! `category-is`: a category or a name has one of the values listed.
//!
//! Values are those of the registry, after the manifest has recoded the publisher's tokens, so
//! that one rule speaks about all layouts.

use schemars::JsonSchema;
use serde::Deserialize;

use super::check::Checker;
use super::compare::is_missing;
use super::english::either;
use super::figures::Asked;
use super::judged::Judged;
use crate::model::{Measures, Value, Verdict};

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CategoryIs {
    pub measure: String,
    pub values: Vec<String>,
}

impl CategoryIs {
    pub fn verdict(&self, asked: &Asked<'_>) -> Verdict {
        match asked.cell(&self.measure) {
            Ok(Value::Text(value)) => Verdict::from(self.values.contains(&value)),
            _ => Verdict::Unknown,
        }
    }

    pub fn judge(&self, asked: &Asked<'_>) -> Judged {
        let says = self.says(&asked.world.measures);
        let own = asked.look(&self.measure);
        let Value::Text(value) = own.value else {
            return Judged::leaf(Verdict::Unknown, says, is_missing(&own.figure), vec![own.figure]);
        };
        let verdict = self.verdict(asked);
        let because = format!(
            "{} in {} is {}{}",
            own.figure.title,
            own.figure.period,
            super::english::plain(&value),
            if verdict == Verdict::Met { String::new() } else { format!(", not {}", either(&self.values)) }
        );
        Judged::leaf(verdict, says, because, vec![own.figure])
    }

    pub fn says(&self, measures: &Measures) -> String {
        let title = measures.get(&self.measure).map_or(self.measure.as_str(), |one| &one.title);
        format!("{title} is {}", either(&self.values))
    }

    pub fn check(&self, checker: &mut Checker<'_>) {
        checker.category(&self.measure, &self.values);
    }
}
