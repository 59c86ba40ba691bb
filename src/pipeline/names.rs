//! What the name of a file says about it, where the publisher says nothing else.
//!
//! Files of performance tables carry neither year nor stage in their columns. In a watched folder
//! the name has to: `england_ks4final_2017-2018.csv`, `2018-19_england_ks4provisional.csv`.

use jiff::civil::Date;

use crate::connector::Cadence;
use crate::model::{AcademicYear, Period, Stage};

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A day as registers and inspections have it: `20240617`, `2024-06-17`, `31_May_2026`.
///
/// ```
/// use headwater::pipeline::names::day;
/// assert_eq!(day("edubasealldata20240617.csv").unwrap().to_string(), "2024-06-17");
/// assert_eq!(day("latest_inspections_as_at_31_May_2026.csv").unwrap().to_string(), "2026-05-31");
/// assert_eq!(day("england_abs.csv"), None);
/// ```
pub fn day(name: &str) -> Option<Date> {
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    for three in words.windows(3) {
        let month = MONTHS.iter().position(|month| three[1].to_ascii_lowercase().starts_with(month));
        if let (Ok(day), Some(month), Ok(year)) = (three[0].parse(), month, three[2].parse())
            && let Ok(date) = Date::new(year, month as i8 + 1, day)
        {
            return Some(date);
        }
        if let (Ok(year), Ok(month), Ok(day)) = (three[0].parse(), three[1].parse(), three[2].parse())
            && three[0].len() == 4
            && let Ok(date) = Date::new(year, month, day)
        {
            return Some(date);
        }
    }
    digits(name)
        .filter(|run| run.len() == 8)
        .find_map(|run| Date::new(run.get(..4)?.parse().ok()?, run.get(4..6)?.parse().ok()?, run.get(6..)?.parse().ok()?).ok())
}

/// An academic year in any spelling: `2017-2018`, `2017-18`, `201718`.
///
/// ```
/// use headwater::pipeline::names::year;
/// assert_eq!(year("england_ks4final_2017-2018.csv").unwrap().to_string(), "2017/18");
/// assert_eq!(year("202324_performance_tables_schools_final.csv").unwrap().to_string(), "2023/24");
/// assert_eq!(year("england_ks4final.csv"), None);
/// ```
pub fn year(name: &str) -> Option<AcademicYear> {
    let runs: Vec<&str> = digits(name).collect();
    let pair = runs.windows(2).find_map(|pair| format!("{}-{}", pair[0], pair[1]).parse().ok());
    pair.or_else(|| runs.iter().find_map(|run| run.parse().ok()))
}

/// What a file is about, as far as its name says.
pub fn period(name: &str, cadence: Cadence) -> Option<Period> {
    match cadence {
        Cadence::AsAt => day(name).map(Period::Day),
        Cadence::Yearly => year(name).map(Period::Year),
    }
}

/// The stage named in it.
pub fn stage(name: &str) -> Option<Stage> {
    let name = name.to_ascii_lowercase();
    [("provisional", Stage::Provisional), ("revised", Stage::Revised), ("final", Stage::Final)]
        .into_iter()
        .find(|(word, _)| name.contains(word))
        .map(|(_, stage)| stage)
}

fn digits(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty())
}
