//! Bands of trust size, each under a scheme that has a name.
//!
//! Reports cut size in ways that do not agree (CA-07), so there is no such thing as "the" size band
//! of a trust: whoever asks names the scheme. A count that a scheme was not made for has no band.

use std::fmt;
use std::path::Path;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::faults::{Fault, Faults, nearest};
use crate::toml_file;

/// The schemes of one file, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SizeSchemes(Vec<SizeScheme>);

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct File {
    scheme: Vec<SizeScheme>,
}

/// One way of cutting trust size.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SizeScheme {
    pub id: String,
    pub title: String,
    pub source: String,
    /// What is counted, in words.
    pub counts: String,
    /// In rising order, without gaps and overlaps.
    pub bands: Vec<Band>,
}

/// A range of counts, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    pub label: String,
    pub from: u32,
    /// None if the band is open at the top.
    #[serde(default)]
    pub to: Option<u32>,
}

/// Why a count has no band under a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoBand {
    BelowSmallest,
    AboveLargest,
    /// It is not known of every school whether it counts, and the band hangs on it.
    Unsettled,
}

/// A scheme that nobody has named in the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no size scheme `{asked}`: {hint}")]
pub struct NoSuchScheme {
    pub asked: String,
    hint: String,
}

impl SizeSchemes {
    /// Reads `config/trust-sizes.toml`. Errors: every fault, with its line.
    pub fn load(file: &Path, text: &str) -> Result<SizeSchemes, Faults> {
        let schemes = toml_file::parse::<File>(file, text)?.scheme;
        let mut faults = Faults::default();
        for (place, scheme) in schemes.iter().enumerate() {
            let place = place.to_string();
            let mut fault = |key: &str, what: String| {
                let line = toml_file::line_of(text, &["scheme", &place, key]);
                faults.push(Fault { file: file.to_owned(), line, key: format!("scheme.{key}"), what, hint: None });
            };
            if schemes.iter().filter(|other| other.id == scheme.id).count() > 1 {
                fault("id", format!("there is another scheme `{}`", scheme.id));
            }
            for (key, words) in
                [("id", &scheme.id), ("title", &scheme.title), ("source", &scheme.source), ("counts", &scheme.counts)]
            {
                if words.trim().is_empty() {
                    fault(key, "this is empty".to_owned());
                }
            }
            for what in scheme.faulty_bands() {
                fault("bands", what);
            }
        }
        if schemes.is_empty() {
            let what = "there is no scheme in this file".to_owned();
            faults.push(Fault { file: file.to_owned(), line: None, key: "scheme".to_owned(), what, hint: None });
        }
        faults.or(SizeSchemes(schemes))
    }

    pub fn all(&self) -> &[SizeScheme] {
        &self.0
    }

    pub fn get(&self, id: &str) -> Result<&SizeScheme, NoSuchScheme> {
        let known = || self.0.iter().map(|scheme| scheme.id.as_str());
        self.0.iter().find(|scheme| scheme.id == id).ok_or_else(|| NoSuchScheme {
            asked: id.to_owned(),
            hint: match nearest(id, known()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", known().collect::<Vec<_>>().join(", ")),
            },
        })
    }
}

impl SizeScheme {
    pub fn band(&self, count: u32) -> Result<&Band, NoBand> {
        self.bands.iter().find(|band| band.holds(count)).ok_or(match self.bands.first() {
            Some(first) if count < first.from => NoBand::BelowSmallest,
            _ => NoBand::AboveLargest,
        })
    }

    /// The band of a count that lies somewhere from `low` to `high`, if it is the same for all.
    pub fn band_between(&self, low: u32, high: u32) -> Result<&Band, NoBand> {
        let (lowest, highest) = (self.band(low), self.band(high));
        if lowest == highest { lowest } else { Err(NoBand::Unsettled) }
    }

    fn faulty_bands(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.bands.is_empty() {
            faults.push(format!("`{}` has no bands", self.id));
        }
        for band in &self.bands {
            if band.label.trim().is_empty() {
                faults.push(format!("the band from {} has no label", band.from));
            }
            if self.bands.iter().filter(|other| other.label == band.label).count() > 1 {
                faults.push(format!("the label `{}` stands twice", band.label));
            }
            if band.to.is_some_and(|to| to < band.from) {
                faults.push(format!("`{}` ends before it begins", band.label));
            }
        }
        for pair in self.bands.windows(2) {
            let (band, next) = (&pair[0], &pair[1]);
            match band.to.and_then(|to| to.checked_add(1)) {
                Some(first) if first < next.from => {
                    faults.push(format!("there is a gap between `{}` and `{}`", band.label, next.label));
                }
                Some(first) if first == next.from => {}
                _ => faults.push(format!("`{}` and `{}` overlap or stand in the wrong order", band.label, next.label)),
            }
        }
        faults.dedup();
        faults
    }
}

impl Band {
    pub fn holds(&self, count: u32) -> bool {
        self.from <= count && self.to.is_none_or(|to| count <= to)
    }
}

impl NoBand {
    /// Stable word for machines.
    pub fn word(self) -> &'static str {
        match self {
            NoBand::BelowSmallest => "below-smallest-band",
            NoBand::AboveLargest => "above-largest-band",
            NoBand::Unsettled => "unsettled",
        }
    }
}

impl fmt::Display for NoBand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NoBand::BelowSmallest => "below the smallest band of this scheme",
            NoBand::AboveLargest => "above the largest band of this scheme",
            NoBand::Unsettled => "open, because it is not known of every school whether it counts",
        })
    }
}

#[cfg(test)]
mod tests;
