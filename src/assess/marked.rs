//! `marked`: the file itself says that the school is a special case. For scopes only.
//!
//! Publishers leave schools out of a standard by marking them: `NEW` where the figure would be,
//! an independent school's type, a flag for a school that closed in the year. Not all years have
//! all flags, and a flag that is blank says nothing about the school: so `marked` is met only by
//! the mark itself and is otherwise not met, where every other leaf would be unknown. That is
//! safe because it decides only whether the rule speaks about a school at all, and no concern is
//! raised or ended on it. Where there is no cell at all (no release, no row, a row set aside) it
//! is unknown like any other leaf.

use schemars::JsonSchema;
use serde::Deserialize;

use super::check::Checker;
use super::compare::is_missing;
use super::english::either;
use super::figures::Asked;
use super::judged::Judged;
use crate::model::{Measures, Missing, Value, Verdict};

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Marked {
    pub measure: String,
    /// Values of the category, or codes of reasons such as `new-school`.
    #[serde(rename = "as")]
    pub marks: Vec<String>,
}

impl Marked {
    pub fn verdict(&self, asked: &Asked<'_>) -> Verdict {
        match asked.cell(&self.measure) {
            Err(_) => Verdict::Unknown,
            Ok(Value::Text(value)) => Verdict::from(self.marks.contains(&value)),
            Ok(Value::Missing(why)) => Verdict::from(self.marks.iter().any(|mark| mark == why.code())),
            Ok(_) => Verdict::NotMet,
        }
    }

    pub fn judge(&self, asked: &Asked<'_>) -> Judged {
        let own = asked.look(&self.measure);
        let because = match &own.value {
            Value::Text(value) => format!("{} in {} is {}", own.figure.title, own.figure.period, super::english::plain(value)),
            _ => is_missing(&own.figure),
        };
        Judged::leaf(self.verdict(asked), self.says(&asked.world.measures), because, vec![own.figure])
    }

    pub fn says(&self, measures: &Measures) -> String {
        let title = measures.get(&self.measure).map_or(self.measure.as_str(), |one| &one.title);
        let marks: Vec<String> = self
            .marks
            .iter()
            .map(|mark| match Missing::ALL.into_iter().find(|why| why.code() == mark) {
                Some(why) => why.words().to_owned(),
                None => mark.clone(),
            })
            .collect();
        format!("{title} is marked as {}", either(&marks))
    }

    pub fn check(&self, checker: &mut Checker<'_>) {
        if !checker.in_scope {
            checker.fault("", "`marked` may stand in `scope` only: elsewhere a missing figure must stay unknown".to_owned());
        }
        if !checker.measure(&self.measure) {
            return;
        }
        let Some(values) = checker.measures.get(&self.measure).map(|one| one.values.clone()) else { return };
        if values.is_empty() {
            return;
        }
        for mark in &self.marks {
            if !values.contains(mark) && Missing::ALL.into_iter().all(|why| why.code() != mark) {
                checker.fault("as", format!("`{mark}` is neither a value of `{}` nor a reason", self.measure));
            }
        }
    }
}
