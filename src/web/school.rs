//! What the page of a school reads of the answer about it. Everything may be absent.

use serde::Deserialize;

use super::event::Text;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct School {
    pub urn: Text,
    pub name: Text,
    pub la: Text,
    pub authority: Authority,
    pub on: Text,
    pub as_of: Text,
    pub listing: Text,
    pub register: Vec<Field>,
    pub legal_status: Told,
    pub laestabs: Vec<Laestab>,
    pub memberships: Vec<Membership>,
    pub sponsors: Vec<Group>,
    pub looked_after: Vec<LookedAfter>,
    pub pathway: Pathway,
    pub lineage: Lineage,
    pub concerns: Vec<Concern>,
    pub concerns_gone_on: Vec<Concern>,
    pub unknown: std::collections::BTreeMap<String, Vec<Text>>,
    pub news: Vec<News>,
}

/// From the file of authorities.
#[derive(Debug, Clone, Default)]
pub struct Authority {
    pub gss: Text,
}

impl<'de> Deserialize<'de> for Authority {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Authority, D::Error> {
        let value = serde_json::Value::deserialize(from)?;
        let gss = value.get("gss").and_then(|gss| gss.as_str()).unwrap_or_default();
        Ok(Authority { gss: Text(gss.to_owned()) })
    }
}

/// A value, or why there is none.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Told {
    pub value: Text,
    pub why: Text,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Field {
    pub field: Text,
    pub title: Text,
    pub value: Text,
    pub why: Text,
    pub since: Text,
    pub release_name: Text,
    pub row: Text,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Laestab {
    pub laestab: Text,
    pub by: Text,
    pub until: Text,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Membership {
    pub kind: Text,
    pub body: Text,
    pub name: Text,
    pub from: Text,
    pub exact: bool,
    pub to: Text,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Group {
    pub uid: Text,
    pub name: Text,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LookedAfter {
    pub title: Text,
    pub example: bool,
    pub held: Held,
    pub sub_areas: Vec<Part>,
    pub boards: Vec<Part>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Held {
    pub by: Text,
    pub not_known: Vec<Text>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Part {
    pub title: Text,
    pub held: Held,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Pathway {
    pub title: Text,
    pub says: Text,
    pub source: Text,
    pub caveat: Text,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Lineage {
    pub predecessor: Succession,
    pub successor: Succession,
    pub before: Vec<Branch>,
    pub after: Vec<Branch>,
    pub beside: Vec<Branch>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Succession {
    pub why_not: Text,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Branch {
    pub urn: Text,
    pub name: Told,
    pub status: Told,
    pub says: Text,
    pub date: Text,
    pub further: Vec<Branch>,
    pub cut: Text,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Concern {
    pub id: Text,
    pub rule: Text,
    pub rule_title: Text,
    pub state: Text,
    pub severity: Text,
    pub about: Text,
    pub urn: Text,
    pub followed_from: Text,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct News {
    pub id: Text,
    pub class: Text,
    pub kind: Text,
    pub title: Text,
    pub says: Text,
    pub about: Text,
}

impl School {
    pub fn read(body: &str) -> Result<School, serde_json::Error> {
        serde_json::from_str(body)
    }

    /// The value of one field of the register; empty if there is none.
    pub fn said(&self, field: &str) -> &str {
        self.register.iter().find(|one| one.field.as_str() == field).map_or("", |one| one.value.as_str())
    }
}
