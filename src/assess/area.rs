//! The figure of an area as a comparator: the same measure and period, for England, a phase of
//! England or a local authority.
//!
//! Which area may depend on the school, for example on its phase. A school whose category is not
//! in the list has no comparator, and the answer is unknown.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use super::check::Checker;
use super::compare::is_missing;
use super::english::amount;
use super::figures::Asked;
use crate::model::{Figure, Measures, Value};

/// Exactly one of `part` and `by-category`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AreaFigure {
    /// For example `england/state-funded`.
    #[serde(default)]
    pub part: Option<String>,
    #[serde(default)]
    pub by_category: Option<ByCategory>,
}

/// The area that goes with each value of a category of the school.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ByCategory {
    pub measure: String,
    pub parts: BTreeMap<String, String>,
}

impl AreaFigure {
    /// The number alone.
    pub fn number(&self, measure: &str, asked: &Asked<'_>) -> Option<Decimal> {
        match (&self.part, &self.by_category) {
            (Some(part), _) => asked.area_number(part, measure),
            (None, Some(by)) => match asked.cell(&by.measure) {
                Ok(Value::Text(value)) => asked.area_number(by.parts.get(&value)?, measure),
                _ => None,
            },
            (None, None) => None,
        }
    }

    /// The number with its words, or why there is none. What was looked at joins `figures`.
    pub fn find(&self, measure: &str, asked: &Asked<'_>, figures: &mut Vec<Figure>) -> Result<(Decimal, String), String> {
        let part = match (&self.part, &self.by_category) {
            (Some(part), _) => part,
            (None, Some(by)) => {
                let category = asked.look(&by.measure);
                figures.push(category.figure.clone());
                let Value::Text(value) = category.value else { return Err(is_missing(&category.figure)) };
                by.parts.get(&value).ok_or_else(|| format!("no national figure goes with {} `{value}`", category.figure.title))?
            }
            (None, None) => return Err("no area is named".to_owned()),
        };
        let mut area = asked.look_area(part, measure);
        area.figure.title = format!("{} ({})", area.figure.title, words(part));
        figures.push(area.figure.clone());
        match area.value {
            Value::Number(number) => {
                Ok((number, format!("the figure for {} ({})", words(part), amount(&asked.world.measures, measure, number))))
            }
            _ => Err(is_missing(&area.figure)),
        }
    }

    pub fn says(&self, measures: &Measures) -> String {
        match (&self.part, &self.by_category) {
            (Some(part), _) => format!("the figure for {}", words(part)),
            (None, Some(by)) => {
                let title = measures.get(&by.measure).map_or(by.measure.as_str(), |one| &one.title);
                format!("the national figure for its {}", super::english::lower_first(title))
            }
            (None, None) => "nothing".to_owned(),
        }
    }

    pub fn check(&self, checker: &mut Checker<'_>) {
        if self.part.is_some() == self.by_category.is_some() {
            checker.fault("than-area", "write either `part` or `by-category`".to_owned());
        }
        if let Some(by) = &self.by_category {
            checker.within("by-category", |checker| {
                checker.category(&by.measure, by.parts.keys());
                if by.parts.is_empty() {
                    checker.fault("parts", "name at least one area".to_owned());
                }
            });
        }
    }
}

/// `england/secondary` → "England, secondary".
fn words(part: &str) -> String {
    let mut words = part.split('/');
    match (words.next(), words.next()) {
        (Some("england"), None | Some("all")) => "England".to_owned(),
        (Some("england"), Some(kind)) => format!("England, {}", kind.replace('-', " ")),
        (Some("la"), Some(code)) => format!("local authority {code}"),
        _ => part.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::RuleSet;
    use super::super::cases::Small;
    use super::super::pack::tests::repository;

    #[test]
    fn the_comparator_stands_in_the_reasons_and_in_the_evidence() {
        let Some((measures, packs)) = repository() else {
            println!("there is no config/measures.toml");
            return;
        };
        let rules = RuleSet::load(&packs, &measures).unwrap_or_else(|faults| panic!("{faults}"));
        let rule = rules.get("persistent-absence-above-national").unwrap();
        let outcome = Small::build(rule, &rule.case[0], &measures).unwrap().assess(rule);
        let because = "Pupils persistently absent in 2016/17 is 16.1 %, above the figure for England, primary (8.3 %) by more than 5 percentage points";
        assert_eq!(outcome.because[0], because);
        let national = outcome.evidence.figures().find(|figure| figure.title.contains("England")).unwrap();
        assert_eq!((national.value.as_str(), national.cite.as_ref().unwrap().urn), ("8.3", None));
        assert!(outcome.evidence.figures().any(|figure| figure.measure == "gias.phase"));
    }
}
