//! `for-periods`: a condition that holds in `n` of the last `of` academic years.
//!
//! Some years are not published at all: the tables of 2019/20 and 2020/21 never were, and there
//! is no Progress 8 for 2024/25. What those years mean must be stated:
//! - `calendar`: the last `of` years as the calendar has them; a year without figures is unknown.
//! - `published`: the last `of` years for which the registry says that the measures were
//!   published, as the coasting regulations of 2017 count them (SI 2017/9). When the series is
//!   too short for that, the years that are lacking are unknown.
//!
//! A window may not reach across a break in a series; such a rule is refused when it is loaded.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Condition;
use super::check::Checker;
use super::figures::Asked;
use super::judged::Judged;
use super::logic;
use crate::model::{AcademicYear, Measures, Missing, Slot, Verdict};

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ForPeriods {
    pub n: u16,
    pub of: u16,
    pub gaps: Gaps,
    pub condition: Box<Condition>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Gaps {
    Calendar,
    Published,
}

/// How far back published years are looked for.
const REACH: u16 = 20;

impl ForPeriods {
    pub fn verdict(&self, asked: &Asked<'_>) -> Verdict {
        let Slot::Year(year) = asked.slot else { return Verdict::Unknown };
        let window = self.window(year, &asked.world.measures);
        let lacking = usize::from(self.of).saturating_sub(window.len());
        let verdicts: Vec<Verdict> = window
            .iter()
            .map(|year| self.condition.verdict(&Asked { slot: Slot::Year(*year), ..*asked }))
            .chain(std::iter::repeat_n(Verdict::Unknown, lacking))
            .collect();
        logic::count(usize::from(self.n), verdicts.into_iter())
    }

    pub fn judge(&self, asked: &Asked<'_>) -> Judged {
        let says = self.says();
        let Slot::Year(year) = asked.slot else {
            return Judged::leaf(Verdict::Unknown, says, "the rule was not asked about a year".to_owned(), Vec::new());
        };
        let window = self.window(year, &asked.world.measures);
        let mut parts: Vec<Judged> = window
            .iter()
            .map(|year| {
                let one = self.condition.judge(&Asked { slot: Slot::Year(*year), ..*asked });
                Judged { says: format!("in {year}: {}", one.says), ..one }
            })
            .collect();
        for _ in window.len()..usize::from(self.of) {
            let because = format!("an earlier year is {}", Missing::NotPublishedThisPeriod);
            parts.push(Judged::leaf(Verdict::Unknown, "an earlier year".to_owned(), because, Vec::new()));
        }
        let verdict = logic::count(usize::from(self.n), parts.iter().map(|part| part.verdict));
        Judged { verdict, says, because: String::new(), figures: Vec::new(), parts, negates: false }
    }

    /// The years asked about, latest first.
    fn window(&self, year: AcademicYear, measures: &Measures) -> Vec<AcademicYear> {
        (0..if self.gaps == Gaps::Calendar { self.of } else { REACH })
            .map(|back| year.back(back))
            .filter(|year| self.gaps == Gaps::Calendar || self.published_in(*year, measures))
            .take(usize::from(self.of))
            .collect()
    }

    fn published_in(&self, year: AcademicYear, measures: &Measures) -> bool {
        let mut published = true;
        self.condition.each_measure(&mut |id| published &= measures.published_in(id, year));
        published
    }

    pub fn says(&self) -> String {
        let gaps = match self.gaps {
            Gaps::Calendar => "years",
            Gaps::Published => "years for which figures were published",
        };
        if self.n == self.of {
            format!("in each of the last {} {gaps}", self.of)
        } else {
            format!("in at least {} of the last {} {gaps}", self.n, self.of)
        }
    }

    pub fn check(&self, checker: &mut Checker<'_>) {
        if self.n == 0 || self.n > self.of || self.of > REACH {
            checker.fault("n", format!("{} of the last {} years cannot be asked for", self.n, self.of));
            return;
        }
        if !checker.yearly {
            checker.fault("", "a rule that asks how things stand has no earlier years: write asks = \"year\"".to_owned());
        }
        checker.within("condition", |checker| self.condition.check(checker));
        let Some(first) = checker.data_from else {
            checker.fault("", "say from which year on the rule holds: write data-from".to_owned());
            return;
        };
        // a break lies inside the window only for the years just after it, so looking a window's
        // reach past each break is looking far enough
        let mut breaks = Vec::new();
        let measures = checker.measures;
        self.condition.each_measure(&mut |id| {
            for year in measures.get(id).into_iter().flat_map(|one| one.breaks.keys()) {
                breaks.extend(year.parse::<AcademicYear>().ok().map(|year| (id.to_owned(), year)));
            }
        });
        for (id, year) in breaks {
            let mut asked = first;
            while asked <= checker.data_to.unwrap_or(asked) && asked.start() <= year.start() + REACH {
                let window = self.window(asked, measures);
                let why = window.last().and_then(|from| measures.get(&id).and_then(|one| one.break_between(*from, asked)));
                if let Some(why) = why {
                    checker.fault(
                        "",
                        format!("asked about {asked} it compares years across a break in `{id}` ({why}): let data-from be later"),
                    );
                    break;
                }
                asked = asked.next();
            }
        }
    }

    pub fn each_measure(&self, tell: &mut impl FnMut(&str)) {
        self.condition.each_measure(tell);
    }

    pub fn years_back(&self) -> Option<u16> {
        match self.gaps {
            Gaps::Calendar => Some(self.of - 1),
            Gaps::Published => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::cases::Small;
    use super::super::rule::{Figures, Rule};
    use super::*;

    /// A score that was not published in 2019/20 and 2020/21.
    fn measures() -> Measures {
        let registry = r#"
            ["x.score"]
            title = "Score"
            source = "a test"
            kind = "number"
            published = ["2016/17..2018/19", "2021/22.."]
        "#;
        Measures::new(toml::from_str(registry).unwrap())
    }

    /// The verdict of `n` of the last `of` years below 0 in 2021/22, with the scores given by the
    /// year in which they start.
    fn ask(n: u16, of: u16, gaps: &str, scores: &[(u16, &str)]) -> (Verdict, Vec<String>) {
        let text = format!(
            r#"
            id = "r"
            version = 1
            title = "t"
            source = "s"
            asks = "year"
            data-from = "2016/17"
            severity = "notice"
            enter = {{ for-periods = {{ n = {n}, of = {of}, gaps = "{gaps}", condition = {{ below = {{ measure = "x.score", than = 0 }} }} }} }}
            [[case]]
            name = "c"
            year = "2021/22"
            expect = "met"
            "#
        );
        let rule: Rule = toml::from_str(&text).unwrap();
        let mut case = rule.case[0].clone();
        for (start, score) in scores {
            let figures: Figures = [("x.score".to_owned(), (*score).to_owned())].into_iter().collect();
            match start {
                2021 => case.figures = figures,
                start => drop(case.years.insert(AcademicYear::starting(*start).unwrap(), figures)),
            }
        }
        let outcome = Small::build(&rule, &case, &measures()).unwrap().assess(&rule);
        (outcome.verdict, outcome.because)
    }

    #[test]
    fn years_that_were_not_published_count_as_the_rule_says() {
        let low = &[(2021, "-1"), (2018, "-1"), (2017, "-1")];
        assert_eq!(ask(3, 3, "published", low).0, Verdict::Met);
        let (verdict, because) = ask(3, 3, "calendar", low);
        assert_eq!(verdict, Verdict::Unknown);
        assert_eq!(because[0], "Score in 2020/21 is not published for any school in this period");
        // one year that is not low settles it, whatever the others would have been
        assert_eq!(ask(3, 3, "calendar", &[(2021, "1")]).0, Verdict::NotMet);
        assert_eq!(ask(1, 3, "calendar", low).0, Verdict::Met);
        assert_eq!(ask(2, 3, "published", &[(2021, "-1"), (2018, "suppressed"), (2017, "1")]).0, Verdict::Unknown);
        assert_eq!(ask(2, 3, "published", &[(2021, "1"), (2018, "suppressed"), (2017, "1")]).0, Verdict::NotMet);
        // four years were published, five are asked for
        assert_eq!(ask(5, 5, "published", &[(2021, "-1"), (2018, "-1"), (2017, "-1"), (2016, "-1")]).0, Verdict::Unknown);
    }

    #[test]
    fn the_reasons_name_each_year() {
        let (_, because) = ask(2, 2, "published", &[(2021, "-1.5"), (2018, "-0.1")]);
        assert_eq!(because, ["Score in 2021/22 is -1.5, below 0", "Score in 2018/19 is -0.1, below 0"]);
    }
}
