//! What one row is about.

use csv::StringRecord;

use crate::connector::SubjectKind;
use crate::faults::{Class, Finding};
use crate::model::fact::AREAS;
use crate::model::{AcademicYear, Period, Slot, Urn};

use super::Binding;

/// What a row is about.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum About {
    Subject(Key),
    /// Skipped on purpose, for the reason that is counted.
    Skip(String),
}

/// Ordered as records are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub subject: i64,
    pub part: String,
    pub slot: Slot,
}

/// Reads row rules, key, part and year of `cells`.
pub(super) fn about(binding: &Binding, cells: &StringRecord, years: &mut YearReader) -> Result<About, Finding> {
    let cell = |place: usize| cells.get(place).unwrap_or("").trim();
    if cells.iter().all(|cell| cell.trim().is_empty()) {
        return Ok(About::Skip("blank row".to_owned()));
    }
    let rule = binding
        .rules
        .iter()
        .find(|rule| rule.when.iter().all(|(place, tokens)| tokens.iter().any(|token| token == cell(*place))));
    if let Some(reason) = rule.and_then(|rule| rule.skip.clone()) {
        return Ok(About::Skip(reason));
    }
    let slot = years.slot(binding, cells)?;
    if let Some((rule, area)) = rule.and_then(|rule| Some((rule, rule.area.as_deref()?))) {
        let mut part = area.to_owned();
        for (name, place) in &rule.fill {
            if cell(*place).is_empty() {
                let what = format!("a row of the area `{area}` does not say which one");
                return Err(Finding::new(Class::Quarantine, "primary-key", what).in_column(binding.name(*place)));
            }
            part = part.replace(name, cell(*place));
        }
        return Ok(About::Subject(Key { subject: AREAS, part, slot }));
    }
    let token = cell(binding.key);
    let subject = match binding.subject {
        SubjectKind::School => token.parse::<Urn>().ok().map(|urn| i64::from(urn.get())),
        SubjectKind::Group => {
            let digits = !token.is_empty() && token.len() <= 9 && token.bytes().all(|byte| byte.is_ascii_digit());
            token.parse::<i64>().ok().filter(|uid| digits && *uid > 0)
        }
    };
    let Some(subject) = subject else {
        let what = match binding.subject {
            SubjectKind::School => {
                "not a URN (six digits, not starting with 0), and no row rule of the manifest says what else this row is"
            }
            SubjectKind::Group => "not a group UID, and no row rule of the manifest says what else this row is",
        };
        return Err(Finding::new(Class::Quarantine, KEYLESS, what).in_column(binding.name(binding.key)).reading(token));
    };
    let mut part = String::new();
    for (n, place) in binding.part.iter().enumerate() {
        if n > 0 {
            part.push('/');
        }
        part.push_str(cell(*place));
    }
    Ok(About::Subject(Key { subject, part, slot }))
}

/// Code of a row whose key column holds no key.
pub(super) const KEYLESS: &str = "primary-key";

/// Reads the academic year of each row; files are sorted by year, so the last one is kept.
#[derive(Debug, Default)]
pub(super) struct YearReader {
    token: String,
    year: Option<AcademicYear>,
}

impl YearReader {
    fn slot(&mut self, binding: &Binding, cells: &StringRecord) -> Result<Slot, Finding> {
        let Some(place) = binding.year else { return Ok(binding.period.slot()) };
        let token = cells.get(place).unwrap_or("").trim();
        if self.year.is_none() || token != self.token {
            self.token = token.to_owned();
            self.year = token.parse().ok();
        }
        self.year.map(Slot::Year).ok_or_else(|| {
            let what = "not an academic year, so nobody can say what the row is about";
            Finding::new(Class::Quarantine, "type-error", what).in_column(binding.name(place)).reading(token)
        })
    }
}

/// The academic year that a slot is, or in which the day of an as-at release lies.
pub(super) fn year_of(slot: Slot, period: Period) -> Option<AcademicYear> {
    match (slot, period) {
        (Slot::Year(year), _) => Some(year),
        (Slot::AsAt, Period::Day(day)) => {
            let start = if day.month() >= 9 { day.year() } else { day.year() - 1 };
            u16::try_from(start).ok().and_then(AcademicYear::starting)
        }
        (Slot::AsAt, Period::Year(year)) => Some(year),
    }
}
