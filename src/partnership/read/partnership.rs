//! Files in `config/partnerships`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::super::partnerships::{Partnership, Partnerships};
use super::area::AreaFile;
use super::indicators::{CoverageFile, IsolationFile};
use super::parts::{BoardFile, MemberFile, RelationshipFile, SubAreaFile};
use super::{Known, Told};
use crate::faults::Faults;
use crate::toml_file;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PartnershipFile {
    id: String,
    title: String,
    description: Option<String>,
    source: Option<String>,
    #[serde(default)]
    example: bool,
    from: Option<String>,
    to: Option<String>,
    area: AreaFile,
    #[serde(default)]
    sub_area: Vec<SubAreaFile>,
    #[serde(default)]
    member: Vec<MemberFile>,
    #[serde(default)]
    board: Vec<BoardFile>,
    #[serde(default)]
    relationship: Vec<RelationshipFile>,
    coverage: Option<CoverageFile>,
    isolation: Option<IsolationFile>,
}

impl Partnerships {
    /// Reads partnerships, checked against what they may refer to. Errors: every fault of every file.
    pub fn load(files: &[(PathBuf, String)], known: Known<'_>) -> Result<Partnerships, Faults> {
        let mut faults = Faults::default();
        let mut all: BTreeMap<String, Partnership> = BTreeMap::new();
        for (file, text) in files {
            match toml_file::parse::<PartnershipFile>(file, text) {
                Ok(written) => {
                    let mut told = Told::new(file, text, known);
                    let partnership = written.read(&mut told);
                    if all.contains_key(&partnership.id) {
                        told.fault("id", format!("there is another partnership `{}`", partnership.id), None);
                    }
                    told.faults.0.sort_by_key(|fault| fault.line);
                    faults.extend(told.faults);
                    all.insert(partnership.id.clone(), partnership);
                }
                Err(found) => faults.extend(found),
            }
        }
        faults.or(Partnerships(all))
    }
}

impl PartnershipFile {
    fn read(self, told: &mut Told<'_>) -> Partnership {
        told.file_id(&self.id);
        told.words_needed("title", &self.title);
        let span = told.span("", self.from.as_deref(), self.to.as_deref());
        if !self.area.names_places() {
            told.fault("area", "this area names nothing", Some("give `las`, `urns` or `postcodes`".into()));
        }
        let area = self.area.read(told, "area", span);
        told.distinct("sub-area", self.sub_area.iter().map(|part| part.id.as_str()));
        told.distinct("board", self.board.iter().map(|board| board.id.as_str()));
        let ids: Vec<String> = self.sub_area.iter().map(|part| part.id.clone()).collect();
        let names: Vec<String> = self.member.iter().map(|member| member.name.clone()).collect();
        let mut sub_areas = Vec::new();
        for (n, part) in self.sub_area.into_iter().enumerate() {
            sub_areas.push(part.read(told, &format!("sub-area.{n}"), span));
        }
        let mut members = Vec::new();
        for (n, member) in self.member.into_iter().enumerate() {
            members.push(member.read(told, &format!("member.{n}"), span));
        }
        let mut boards = Vec::new();
        for (n, board) in self.board.into_iter().enumerate() {
            boards.push(board.read(told, &format!("board.{n}"), &ids, &names));
        }
        let mut relationships = Vec::new();
        for (n, relationship) in self.relationship.into_iter().enumerate() {
            relationships.extend(relationship.read(told, &format!("relationship.{n}")));
        }
        Partnership {
            id: self.id,
            title: self.title,
            description: self.description,
            source: self.source,
            example: self.example,
            span,
            area,
            sub_areas,
            members,
            boards,
            relationships,
            coverage: self.coverage.map(|coverage| coverage.read(told)),
            isolation: self.isolation.map(|isolation| isolation.read(told)),
        }
    }
}

#[cfg(test)]
pub fn schema() -> serde_json::Value {
    toml_file::schema::<PartnershipFile>()
}
