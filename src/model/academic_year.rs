//! Academic years in every spelling that publishers use.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The school year from September to August, named by the calendar year it starts in.
/// Printed `2016/17`.
///
/// ```
/// use headwater::model::AcademicYear;
/// for spelling in ["2016/17", "2016-17", "2016/2017", "2016-2017", "201617", "2016–17"] {
///     assert_eq!(spelling.parse::<AcademicYear>().unwrap().to_string(), "2016/17");
/// }
/// assert_eq!("1999/00".parse::<AcademicYear>().unwrap().to_string(), "1999/00");
/// assert!("2016/18".parse::<AcademicYear>().is_err()); // two years
/// assert!("2016".parse::<AcademicYear>().is_err()); // which one: the start or the end?
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AcademicYear(u16);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an academic year: write it like 2016/17")]
pub struct NotAnAcademicYear(String);

impl AcademicYear {
    /// The year that starts in September of `year`; none outside 1900 to 2999.
    pub fn starting(year: u16) -> Option<Self> {
        (1900..3000).contains(&year).then_some(AcademicYear(year))
    }

    pub fn start(self) -> u16 {
        self.0
    }

    /// `n` years earlier.
    pub fn back(self, n: u16) -> Self {
        AcademicYear(self.0.saturating_sub(n))
    }

    pub fn next(self) -> Self {
        AcademicYear(self.0 + 1)
    }
}

impl fmt::Display for AcademicYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:02}", self.0, (self.0 + 1) % 100)
    }
}

impl FromStr for AcademicYear {
    type Err = NotAnAcademicYear;
    fn from_str(text: &str) -> Result<Self, NotAnAcademicYear> {
        let refuse = || NotAnAcademicYear(text.chars().take(40).collect());
        let digits: String = text.trim().chars().filter(|c| !matches!(c, '/' | '-' | '–' | '_')).collect();
        let separators = text.trim().chars().count() - digits.chars().count();
        if separators > 1 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(refuse());
        }
        let number = |range: std::ops::Range<usize>| digits.get(range).and_then(|d| d.parse::<u16>().ok());
        let (start, end) = match digits.len() {
            6 => (number(0..4), number(4..6).map(|short| (short, 100))),
            8 => (number(0..4), number(4..8).map(|long| (long, 10_000))),
            _ => return Err(refuse()),
        };
        match (start, end) {
            (Some(start), Some((end, modulus))) if (start + 1) % modulus == end => {
                AcademicYear::starting(start).ok_or_else(refuse)
            }
            _ => Err(refuse()),
        }
    }
}

impl TryFrom<String> for AcademicYear {
    type Error = NotAnAcademicYear;
    fn try_from(text: String) -> Result<Self, NotAnAcademicYear> {
        text.parse()
    }
}

impl From<AcademicYear> for String {
    fn from(year: AcademicYear) -> String {
        year.to_string()
    }
}
