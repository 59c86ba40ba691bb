//! What an outcome rests on, down to the cell.

use serde::{Deserialize, Serialize};

use super::verdict::Verdict;

/// Where a figure was read: enough to find the cell in the stored raw file and read it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// Release number in this data folder.
    pub release: i64,
    /// For people: `ks4 2016/17 final v1`.
    pub release_name: String,
    /// SHA-256 of the raw file.
    pub file: String,
    /// Row as a spreadsheet shows it: the first line of the file is row 1.
    pub row: u32,
    /// Header of the column.
    pub column: String,
    /// The token as it stands in the cell.
    pub raw: String,
    /// URN of the school whose row it is, which may be a predecessor's; none for an area's row.
    pub urn: Option<u32>,
}

/// One figure that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Measure id.
    pub measure: String,
    /// For people.
    pub title: String,
    /// The year it is about, or the day of the register.
    pub period: String,
    /// Value as printed, or the reason why there is none.
    pub value: String,
    /// Code of the reason when there is no value.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub missing: Option<String>,
    /// Cohort size where the registry names one and the record has it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cohort: Option<String>,
    /// 95 % confidence interval where the registry names one, `lower to upper`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub interval: Option<String>,
    /// None when there is no cell: the school is not in the release, or there is no release.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cite: Option<Citation>,
}

/// One clause of the rule with what it found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// The clause in plain English, from the same tree as the handbook.
    pub says: String,
    pub verdict: Verdict,
    /// How deep in the tree, for indentation.
    pub depth: u8,
    pub figures: Vec<Figure>,
}

/// Everything an outcome rests on, in the order of the rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub clauses: Vec<Clause>,
}

impl Evidence {
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.clauses.iter().flat_map(|clause| &clause.figures)
    }
}
