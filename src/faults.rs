//! What is wrong with a file that a person wrote, all of it at once.
//!
//! Manifests, rules, the measure registry and settings are files; whoever edits one gets every
//! fault with its place, not the first one only.

use std::fmt;
use std::path::PathBuf;

/// One thing wrong with one file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Fault {
    pub file: PathBuf,
    /// Counted from one; none where the fault concerns the file as a whole.
    pub line: Option<u32>,
    /// Dotted key, for example `gate.rows`; empty for the file as a whole.
    pub key: String,
    /// What is wrong: lower case, no full stop.
    pub what: String,
    /// What to do about it, where that is known.
    pub hint: Option<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        write!(f, ": {}", self.what)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

/// Every fault found; never empty when returned as an error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    pub fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub fn extend(&mut self, other: Faults) {
        self.0.extend(other.0);
    }

    /// The value if nothing was wrong, every fault if something was.
    pub fn or<T>(self, value: T) -> Result<T, Faults> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, fault) in self.0.iter().enumerate() {
            if n > 0 {
                writeln!(f)?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// The known name that a misspelt one most likely meant.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&wrong, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= 2.max(name.len() / 3))
        .min()
        .map(|(_, name)| name)
}

/// What is to be done about a finding in a published file, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The row is set aside, the release goes on.
    Quarantine,
    /// Nothing becomes current until a person decides.
    Hold,
    /// This is not a release of the data set.
    Refuse,
}

/// One thing wrong in a published file, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Finding {
    pub class: Class,
    /// Stable code for machines, in the vocabulary of Frictionless where it has a word:
    /// `truncated-file`, `missing-column`, `duplicate-label`, `extra-cell`, `type-error` …
    pub code: String,
    /// Row as a spreadsheet shows it: the first line of the file is row 1.
    pub row: Option<u32>,
    /// Header of the column.
    pub column: Option<String>,
    /// What is wrong and what to do: lower case, no full stop.
    pub what: String,
    /// The raw token, shortened, where it may be shown.
    pub raw: Option<String>,
}

impl Finding {
    pub fn new(class: Class, code: &str, what: impl Into<String>) -> Finding {
        Finding { class, code: code.to_owned(), row: None, column: None, what: what.into(), raw: None }
    }

    pub fn at_row(mut self, row: u32) -> Finding {
        self.row = Some(row);
        self
    }

    pub fn in_column(mut self, column: impl Into<String>) -> Finding {
        self.column = Some(column.into());
        self
    }

    pub fn reading(mut self, raw: &str) -> Finding {
        self.raw = Some(raw.chars().take(80).collect());
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column `{column}`")?;
        }
        write!(f, ": {}", self.what)?;
        match &self.raw {
            Some(raw) => write!(f, " (`{}`)", raw.escape_debug()),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Finding {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_finds_its_neighbour_and_a_strange_one_none() {
        let known = ["columns", "layout", "fetch"];
        assert_eq!(nearest("colums", known), Some("columns"));
        assert_eq!(nearest("Layout", known), Some("layout"));
        assert_eq!(nearest("zzzzzzzz", known), None);
    }
}
