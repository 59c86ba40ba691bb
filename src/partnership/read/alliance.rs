//! Files in `config/alliances`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::super::alliances::{Alliance, AllianceKind, AllianceMember, Alliances};
use super::super::day::Span;
use super::{Known, Told};
use crate::faults::Faults;
use crate::model::Urn;
use crate::toml_file;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct AllianceFile {
    id: String,
    title: String,
    description: Option<String>,
    source: Option<String>,
    #[serde(default)]
    example: bool,
    kind: AllianceKind,
    from: Option<String>,
    to: Option<String>,
    #[serde(default)]
    lead: Vec<i64>,
    #[serde(default)]
    las: Vec<String>,
    #[serde(default)]
    open_to: Vec<String>,
    #[serde(default)]
    member: Vec<MemberFile>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct MemberFile {
    urn: i64,
    from: Option<String>,
    to: Option<String>,
}

impl Alliances {
    /// Reads alliances, checked against what they may refer to. Errors: every fault of every file.
    pub fn load(files: &[(PathBuf, String)], known: Known<'_>) -> Result<Alliances, Faults> {
        let mut faults = Faults::default();
        let mut all: BTreeMap<String, Alliance> = BTreeMap::new();
        for (file, text) in files {
            match toml_file::parse::<AllianceFile>(file, text) {
                Ok(written) => {
                    let mut told = Told::new(file, text, known);
                    let alliance = written.read(&mut told);
                    if all.contains_key(&alliance.id) {
                        told.fault("id", format!("there is another alliance `{}`", alliance.id), None);
                    }
                    told.faults.0.sort_by_key(|fault| fault.line);
                    faults.extend(told.faults);
                    all.insert(alliance.id.clone(), alliance);
                }
                Err(found) => faults.extend(found),
            }
        }
        faults.or(Alliances(all))
    }
}

impl AllianceFile {
    fn read(self, told: &mut Told<'_>) -> Alliance {
        told.file_id(&self.id);
        told.words_needed("title", &self.title);
        let span = told.span("", self.from.as_deref(), self.to.as_deref());
        let hub = self.kind == AllianceKind::TeachingSchoolHub;
        if hub && self.las.is_empty() {
            told.fault("kind", "a hub needs `las`, the authorities that it was given to look after", None);
        }
        if !hub && !self.las.is_empty() {
            let hint = "write `open-to` if every school of an authority may join".into();
            told.fault("las", "only a hub is given authorities to look after", Some(hint));
        }
        if [self.lead.len(), self.las.len(), self.open_to.len(), self.member.len()] == [0; 4] {
            told.fault("id", "this alliance names no school", Some("give `lead`, `[[member]]` or `open-to`".into()));
        }
        let members = members(told, &self.member);
        Alliance {
            lead: told.urns("lead", &self.lead),
            las: told.las("las", &self.las, span),
            open_to: told.las("open-to", &self.open_to, span),
            id: self.id,
            title: self.title,
            description: self.description,
            source: self.source,
            example: self.example,
            kind: self.kind,
            span,
            members,
        }
    }
}

/// A school may come back, but is not a member twice on one day.
fn members(told: &mut Told<'_>, written: &[MemberFile]) -> Vec<AllianceMember> {
    let mut members: Vec<AllianceMember> = Vec::new();
    let mut spans: BTreeMap<Urn, Vec<Span>> = BTreeMap::new();
    for (n, member) in written.iter().enumerate() {
        let path = format!("member.{n}");
        let before = told.faults.0.len();
        let span = told.span(&path, member.from.as_deref(), member.to.as_deref());
        let Some(urn) = told.urn(&format!("{path}.urn"), member.urn) else { continue };
        let earlier = spans.entry(urn).or_default();
        if told.faults.0.len() == before
            && let Some(other) = earlier.iter().find(|other| other.overlaps(span))
        {
            told.fault(&path, format!("{urn} is a member {other} already, and here {span}"), None);
        }
        earlier.push(span);
        members.push(AllianceMember { urn, span });
    }
    members
}

#[cfg(test)]
pub fn schema() -> serde_json::Value {
    toml_file::schema::<AllianceFile>()
}
