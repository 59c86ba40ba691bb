//! Local authorities: their two codes, their names, and when they were made and abolished.
//!
//! Schools are told apart by the three-digit code, maps and statistics by the code of the Office
//! for National Statistics (GSS). Both change when councils are reorganised; a file says when.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::faults::{Fault, Faults, nearest};
use crate::toml_file;

/// One local authority of England that looks, or looked, after schools.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Authority {
    /// Three digits, as in the register of schools.
    pub code: String,
    pub name: String,
    /// Code of the Office for National Statistics, `E10000014`; none for some that are long gone.
    pub gss: Option<String>,
    /// Codes that the same authority had at other times.
    pub other_gss: Vec<String>,
    pub region: String,
    /// First day; none if it is older than what is published.
    pub from: Option<Date>,
    /// Last day; none if it was not abolished.
    pub to: Option<Date>,
    /// Three-digit codes of those that took over.
    pub replaced_by: Vec<String>,
    /// Invented, for the demonstration and the examples.
    pub fictional: bool,
}

/// What kind of council it is (catalogue CA-22), as its GSS code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuthorityKind {
    Shire,
    Unitary,
    MetropolitanBorough,
    LondonBorough,
    /// The City of London, which is no borough.
    CityOfLondon,
}

/// Every authority known, by three-digit code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authorities(BTreeMap<String, Authority>);

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Entry {
    name: String,
    gss: Option<String>,
    #[serde(default)]
    other_gss: Vec<String>,
    region: Region,
    from: Option<String>,
    to: Option<String>,
    #[serde(default)]
    replaced_by: Vec<String>,
    #[serde(default)]
    fictional: bool,
}

/// The nine regions, spelt as the register spells them.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
enum Region {
    #[serde(rename = "East Midlands")]
    EastMidlands,
    #[serde(rename = "East of England")]
    EastOfEngland,
    London,
    #[serde(rename = "North East")]
    NorthEast,
    #[serde(rename = "North West")]
    NorthWest,
    #[serde(rename = "South East")]
    SouthEast,
    #[serde(rename = "South West")]
    SouthWest,
    #[serde(rename = "West Midlands")]
    WestMidlands,
    #[serde(rename = "Yorkshire and the Humber")]
    Yorkshire,
}

impl Region {
    fn name(self) -> &'static str {
        match self {
            Region::EastMidlands => "East Midlands",
            Region::EastOfEngland => "East of England",
            Region::London => "London",
            Region::NorthEast => "North East",
            Region::NorthWest => "North West",
            Region::SouthEast => "South East",
            Region::SouthWest => "South West",
            Region::WestMidlands => "West Midlands",
            Region::Yorkshire => "Yorkshire and the Humber",
        }
    }
}

impl Authority {
    /// None where the code is not known.
    pub fn kind(&self) -> Option<AuthorityKind> {
        let gss = self.gss.as_deref()?;
        match gss.get(..3)? {
            "E06" => Some(AuthorityKind::Unitary),
            "E08" => Some(AuthorityKind::MetropolitanBorough),
            "E09" if gss == "E09000001" => Some(AuthorityKind::CityOfLondon),
            "E09" => Some(AuthorityKind::LondonBorough),
            "E10" => Some(AuthorityKind::Shire),
            _ => None,
        }
    }

    /// Whether it was there on a day, first and last day included.
    pub fn in_force(&self, on: Date) -> bool {
        self.from.is_none_or(|from| from <= on) && self.to.is_none_or(|to| on <= to)
    }
}

impl fmt::Display for AuthorityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AuthorityKind::Shire => "shire county",
            AuthorityKind::Unitary => "unitary",
            AuthorityKind::MetropolitanBorough => "metropolitan borough",
            AuthorityKind::LondonBorough => "London borough",
            AuthorityKind::CityOfLondon => "City of London",
        })
    }
}

impl Authorities {
    /// Reads the file of authorities. Errors: every fault of it, with its line.
    pub fn load(file: &Path, text: &str) -> Result<Authorities, Faults> {
        let entries = toml_file::parse::<BTreeMap<String, Entry>>(file, text)?;
        let mut reading = Reading { file, text, faults: Faults::default() };
        let mut all = Authorities::default();
        for (code, entry) in entries {
            let authority = reading.authority(&code, entry);
            all.0.insert(code, authority);
        }
        reading.together(&all);
        reading.faults.or(all)
    }

    pub fn get(&self, code: &str) -> Option<&Authority> {
        self.0.get(code)
    }

    /// The authority that has, or at some time had, this code of the Office for National Statistics.
    pub fn by_gss(&self, gss: &str) -> Option<&Authority> {
        self.0.values().find(|one| one.gss.as_deref() == Some(gss) || one.other_gss.iter().any(|other| other == gss))
    }

    /// By either code, as a person writes it.
    pub fn find(&self, text: &str) -> Option<&Authority> {
        let text = text.trim();
        self.get(text).or_else(|| self.by_gss(&text.to_ascii_uppercase()))
    }

    /// What somebody most likely meant who wrote neither of the codes: by code or by name.
    pub fn nearest(&self, text: &str) -> Option<&Authority> {
        let text = text.trim();
        let names = || self.0.values().map(|one| one.name.as_str());
        let by_name = |name: &str| {
            self.0
                .values()
                .find(|one| one.name == name && one.to.is_none())
                .or_else(|| self.0.values().find(|one| one.name == name))
        };
        if !text.bytes().any(|b| b.is_ascii_digit()) {
            return nearest(text, names()).and_then(by_name);
        }
        match nearest(text, self.0.keys().map(String::as_str)) {
            Some(code) => self.get(code),
            None => nearest(text, self.0.values().flat_map(|one| one.gss.as_deref())).and_then(|gss| self.by_gss(gss)),
        }
    }

    /// All, in the order of their codes.
    pub fn all(&self) -> impl Iterator<Item = &Authority> {
        self.0.values()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

struct Reading<'a> {
    file: &'a Path,
    text: &'a str,
    faults: Faults,
}

impl Reading<'_> {
    fn fault(&mut self, path: &[&str], what: String, hint: Option<String>) {
        let line = toml_file::line_of(self.text, path);
        self.faults.push(Fault { file: self.file.to_owned(), line, key: path.join("."), what, hint });
    }

    fn authority(&mut self, code: &str, entry: Entry) -> Authority {
        if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_digit()) {
            self.fault(&[code], format!("`{code}` is not the code of an authority: three digits are needed"), None);
        }
        if entry.name.trim().is_empty() {
            self.fault(&[code, "name"], "a name is needed".into(), None);
        }
        for (key, gss) in entry.gss.iter().map(|gss| ("gss", gss)).chain(entry.other_gss.iter().map(|gss| ("other-gss", gss))) {
            let known = ["E06", "E08", "E09", "E10"].iter().any(|kind| gss.starts_with(kind));
            if !known || gss.len() != 9 || !gss[1..].bytes().all(|b| b.is_ascii_digit()) {
                let what = format!("`{gss}` is not the code of an English authority with schools");
                self.fault(&[code, key], what, Some("E06, E08, E09 or E10 and six digits more".into()));
            }
        }
        let from = self.day(code, "from", entry.from);
        let to = self.day(code, "to", entry.to);
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            self.fault(&[code, "to"], format!("{to} is before {from}, its first day"), None);
        }
        if to.is_none() && !entry.replaced_by.is_empty() {
            self.fault(&[code, "replaced-by"], "an authority that was replaced needs its last day, `to`".into(), None);
        }
        Authority {
            code: code.to_owned(),
            name: entry.name,
            gss: entry.gss,
            other_gss: entry.other_gss,
            region: entry.region.name().to_owned(),
            from,
            to,
            replaced_by: entry.replaced_by,
            fictional: entry.fictional,
        }
    }

    fn day(&mut self, code: &str, key: &str, text: Option<String>) -> Option<Date> {
        let text = text?;
        let day = text.parse().ok();
        if day.is_none() {
            self.fault(&[code, key], format!("`{text}` is not a day"), Some("write it as \"2023-04-01\"".into()));
        }
        day
    }

    /// What only shows with all of them before one's eyes.
    fn together(&mut self, all: &Authorities) {
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for one in all.all() {
            for gss in one.gss.iter().chain(&one.other_gss) {
                if let Some(other) = seen.insert(gss, &one.code) {
                    self.fault(&[&one.code, "gss"], format!("`{gss}` is a code of {other} too"), None);
                }
            }
            for code in one.replaced_by.iter().filter(|code| all.get(code).is_none()) {
                let hint = nearest(code, all.0.keys().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
                self.fault(&[&one.code, "replaced-by"], format!("there is no authority `{code}`"), hint);
            }
        }
    }
}

#[cfg(test)]
mod tests;
