//! A figure, or the reason why there is none.

use std::fmt;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What one cell says. There is no way to read a number out of a missing value: whoever needs
/// one has to say what happens when there is none (invariant I1).
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Percentages are in percentage points; units are those of the measure.
    Number(Decimal),
    /// A name, a code or a category, recoded where the manifest says so.
    Text(String),
    Date(Date),
    Missing(Missing),
}

/// Why a figure is absent. Publishers' tokens are mapped to these by the manifests; the raw
/// token is kept beside them. Meanings are those of DfE's `abbreviations` files (2016/17 to
/// 2022/23), of the GSS symbols used by Explore Education Statistics, and of Ofsted's
/// management information.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Missing {
    /// Withheld because few pupils stand behind it (`SUPP`, `c`).
    Suppressed = 0,
    /// No pupil was entered (`NE`).
    NoEntries = 1,
    /// Does not apply to this school (`NA`, `z`, `9` in judgements).
    NotApplicable = 2,
    /// Exists but is not published for this kind of school (`NP`).
    NotPublished = 3,
    /// Fewer than half of the pupils have prior attainment (`LOWCOV`).
    LowCoverage = 4,
    /// The school is too new to have figures (`NEW`).
    NewSchool = 5,
    /// More than nothing and less than half a unit (`SP`, `low`): known only as small.
    Small = 6,
    /// Redacted by the publisher (`RE`).
    Redacted = 7,
    /// Not recorded (`NR`).
    NotRecorded = 8,
    /// The publisher has no figure (`x`, `:`).
    NotAvailable = 9,
    /// Published but marked as unreliable (`u`).
    Unreliable = 10,
    /// The cell is empty and the data set does not say what that means.
    Blank = 11,
    /// There was no such inspection (`NULL` in Ofsted's files).
    NoInspection = 12,
    /// Inspected without an overall grade (`Not judged`, since September 2024).
    NotJudged = 13,
    /// The row ends before this column.
    RowEnded = 14,
    /// The file has no such column.
    NoColumn = 15,
    /// Not published for anybody in this period, as the measure registry says.
    NotPublishedThisPeriod = 16,
    /// No release of the data set for this period has been accepted yet.
    NoRelease = 17,
    /// The release is there and the school is not in it.
    NotInRelease = 18,
    /// The cell or its row was set aside: see the quarantine.
    Quarantined = 19,
    /// More than one school could be meant, so none is.
    Ambiguous = 20,
}

impl Missing {
    pub const ALL: [Missing; 21] = [
        Missing::Suppressed,
        Missing::NoEntries,
        Missing::NotApplicable,
        Missing::NotPublished,
        Missing::LowCoverage,
        Missing::NewSchool,
        Missing::Small,
        Missing::Redacted,
        Missing::NotRecorded,
        Missing::NotAvailable,
        Missing::Unreliable,
        Missing::Blank,
        Missing::NoInspection,
        Missing::NotJudged,
        Missing::RowEnded,
        Missing::NoColumn,
        Missing::NotPublishedThisPeriod,
        Missing::NoRelease,
        Missing::NotInRelease,
        Missing::Quarantined,
        Missing::Ambiguous,
    ];

    /// The code used in files, in JSON and in the store's records.
    pub fn code(self) -> &'static str {
        match self {
            Missing::Suppressed => "suppressed",
            Missing::NoEntries => "no-entries",
            Missing::NotApplicable => "not-applicable",
            Missing::NotPublished => "not-published",
            Missing::LowCoverage => "low-coverage",
            Missing::NewSchool => "new-school",
            Missing::Small => "small",
            Missing::Redacted => "redacted",
            Missing::NotRecorded => "not-recorded",
            Missing::NotAvailable => "not-available",
            Missing::Unreliable => "unreliable",
            Missing::Blank => "blank",
            Missing::NoInspection => "no-inspection",
            Missing::NotJudged => "not-judged",
            Missing::RowEnded => "row-ended",
            Missing::NoColumn => "no-column",
            Missing::NotPublishedThisPeriod => "not-published-this-period",
            Missing::NoRelease => "no-release",
            Missing::NotInRelease => "not-in-release",
            Missing::Quarantined => "quarantined",
            Missing::Ambiguous => "ambiguous",
        }
    }

    /// The words an officer reads, to follow "cannot tell because the figure is …".
    pub fn words(self) -> &'static str {
        match self {
            Missing::Suppressed => "suppressed to protect privacy",
            Missing::NoEntries => "absent because no pupil was entered",
            Missing::NotApplicable => "not applicable to this school",
            Missing::NotPublished => "not published for this kind of school",
            Missing::LowCoverage => "withheld because too few pupils have prior attainment",
            Missing::NewSchool => "absent because the school is too new",
            Missing::Small => "known only as small",
            Missing::Redacted => "redacted by the publisher",
            Missing::NotRecorded => "not recorded",
            Missing::NotAvailable => "not available",
            Missing::Unreliable => "marked as unreliable",
            Missing::Blank => "blank in the file",
            Missing::NoInspection => "absent because there was no such inspection",
            Missing::NotJudged => "not judged at this inspection",
            Missing::RowEnded => "absent because the row ends early",
            Missing::NoColumn => "absent because the file has no such column",
            Missing::NotPublishedThisPeriod => "not published for any school in this period",
            Missing::NoRelease => "not published yet",
            Missing::NotInRelease => "absent because the school is not in the release",
            Missing::Quarantined => "set aside because its row could not be trusted",
            Missing::Ambiguous => "ambiguous because more than one school could be meant",
        }
    }

    pub fn from_tag(tag: u8) -> Option<Missing> {
        Missing::ALL.get(usize::from(tag)).copied()
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(number) => number.fmt(f),
            Value::Text(text) => f.write_str(text),
            Value::Date(date) => date.fmt(f),
            Value::Missing(why) => why.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_of_a_reason_is_its_place_in_the_list() {
        for (place, reason) in Missing::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, place);
            assert_eq!(Missing::from_tag(place as u8), Some(reason));
            let json = serde_json::to_string(&reason).unwrap();
            assert_eq!(json, format!("\"{}\"", reason.code()));
        }
        assert_eq!(Missing::from_tag(21), None);
    }
}
