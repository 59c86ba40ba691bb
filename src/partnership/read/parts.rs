//! Organisations, sub-areas, boards and relationships as they are written.

use schemars::JsonSchema;
use serde::Deserialize;

use super::super::bodies::{Board, BoardSeat, Member, MemberKind, Relationship, RelationshipKind, Remit, SubArea};
use super::super::day::{Span, When};
use super::Told;
use super::area::AreaFile;
use super::told::near_or_all;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MemberFile {
    pub name: String,
    kind: MemberKind,
    reference: Option<String>,
    role: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SubAreaFile {
    pub id: String,
    title: String,
    lead: Option<String>,
    from: Option<String>,
    to: Option<String>,
    #[serde(default)]
    las: Vec<String>,
    #[serde(default)]
    urns: Vec<i64>,
    #[serde(default)]
    postcodes: Vec<String>,
    #[serde(default)]
    phases: Vec<String>,
    #[serde(default)]
    legal: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BoardFile {
    pub id: String,
    title: String,
    chair: String,
    #[serde(default)]
    remit: RemitFile,
    #[serde(default)]
    member: Vec<SeatFile>,
    meets: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct RemitFile {
    phases: Vec<String>,
    legal: Vec<String>,
    sub_areas: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SeatFile {
    role: String,
    #[serde(default = "one")]
    number: u32,
    organisation: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

fn one() -> u32 {
    1
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RelationshipFile {
    urn: i64,
    kind: RelationshipKind,
    with: Option<String>,
    on: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

impl MemberFile {
    pub fn read(self, told: &mut Told<'_>, path: &str, whole: Span) -> Member {
        told.words_needed(&format!("{path}.name"), &self.name);
        let span = told.span(path, self.from.as_deref(), self.to.as_deref());
        let reference = match &self.reference {
            Some(text) => self.reference(told, &format!("{path}.reference"), text, span.within(whole)),
            None => {
                let needs = match self.kind {
                    MemberKind::LocalAuthority => Some("the code of the authority"),
                    MemberKind::Trust => Some("the UID of the trust"),
                    MemberKind::Alliance => Some("the id of a file in config/alliances"),
                    MemberKind::School => Some("the URN of the school"),
                    MemberKind::Diocese | MemberKind::Provider | MemberKind::Other => None,
                };
                if let Some(needs) = needs {
                    told.fault(&format!("{path}.reference"), "this key is missing", Some(format!("it is {needs}")));
                }
                None
            }
        };
        Member { name: self.name, kind: self.kind, reference, role: self.role, span }
    }

    fn reference(&self, told: &mut Told<'_>, path: &str, text: &str, span: Span) -> Option<String> {
        match self.kind {
            MemberKind::LocalAuthority => {
                let code = told.la(path, text)?;
                told.still_there(path, &code, span, &[].into());
                return Some(code);
            }
            MemberKind::Trust if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) => {
                told.fault(path, format!("`{text}` is not the UID of a trust: digits are needed"), None);
            }
            MemberKind::School => match text.parse::<i64>() {
                Ok(number) => return told.urn(path, number).map(|urn| urn.to_string()),
                Err(_) => told.fault(path, format!("`{text}` is not a URN: a URN has six digits"), None),
            },
            MemberKind::Alliance => {
                if let Some(all) = told.known.alliances
                    && all.get(text).is_none()
                {
                    let hint = near_or_all(text, all.0.keys().map(String::as_str));
                    told.fault(path, format!("there is no alliance `{text}`"), Some(hint));
                }
            }
            MemberKind::Trust | MemberKind::Diocese | MemberKind::Provider | MemberKind::Other => {}
        }
        Some(text.to_owned())
    }
}

impl SubAreaFile {
    pub fn read(self, told: &mut Told<'_>, path: &str, whole: Span) -> SubArea {
        told.id(&format!("{path}.id"), &self.id);
        told.words_needed(&format!("{path}.title"), &self.title);
        let span = told.span(path, self.from.as_deref(), self.to.as_deref());
        let SubAreaFile { las, urns, postcodes, phases, legal, .. } = self;
        let area = AreaFile { las, urns, postcodes, phases, legal };
        if !area.names_places() && !area.narrows() {
            let hint = "give `las`, `urns`, `postcodes`, `phases` or `legal`".into();
            told.fault(path, "this sub-area names nothing", Some(hint));
        }
        let area = area.read(told, path, span.within(whole));
        SubArea { id: self.id, title: self.title, lead: self.lead, span, area }
    }
}

impl BoardFile {
    /// `sub_areas` and `organisations` are those of the partnership.
    pub fn read(self, told: &mut Told<'_>, path: &str, sub_areas: &[String], organisations: &[String]) -> Board {
        told.id(&format!("{path}.id"), &self.id);
        told.words_needed(&format!("{path}.title"), &self.title);
        told.words_needed(&format!("{path}.chair"), &self.chair);
        let span = told.span(path, self.from.as_deref(), self.to.as_deref());
        for (n, id) in self.remit.sub_areas.iter().enumerate().filter(|(_, id)| !sub_areas.contains(id)) {
            let hint = near_or_all(id, sub_areas.iter().map(String::as_str));
            told.fault(&format!("{path}.remit.sub-areas.{n}"), format!("there is no sub-area `{id}`"), Some(hint));
        }
        let remit = Remit {
            phases: told.phases(&format!("{path}.remit.phases"), &self.remit.phases),
            legal: told.legal(&format!("{path}.remit.legal"), &self.remit.legal),
            sub_areas: self.remit.sub_areas.into_iter().collect(),
        };
        let mut members = Vec::new();
        for (n, seat) in self.member.into_iter().enumerate() {
            members.push(seat.read(told, &format!("{path}.member.{n}"), organisations));
        }
        Board { id: self.id, title: self.title, chair: self.chair, remit, members, meets: self.meets, span }
    }
}

impl SeatFile {
    fn read(self, told: &mut Told<'_>, path: &str, organisations: &[String]) -> BoardSeat {
        told.words_needed(&format!("{path}.role"), &self.role);
        if self.number == 0 {
            told.fault(&format!("{path}.number"), "a seat that nobody has is not a seat", None);
        }
        if let Some(name) = &self.organisation
            && !organisations.contains(name)
        {
            let hint = near_or_all(name, organisations.iter().map(String::as_str));
            told.fault(&format!("{path}.organisation"), format!("no `[[member]]` is called `{name}`"), Some(hint));
        }
        let span = told.span(path, self.from.as_deref(), self.to.as_deref());
        BoardSeat { role: self.role, number: self.number, organisation: self.organisation, span }
    }
}

impl RelationshipFile {
    pub fn read(self, told: &mut Told<'_>, path: &str) -> Option<Relationship> {
        let urn = told.urn(&format!("{path}.urn"), self.urn);
        let span = told.span(path, self.from.as_deref(), self.to.as_deref());
        let on = told.day(&format!("{path}.on"), self.on.as_deref());
        let (kind, through) = (self.kind, self.from.is_some() || self.to.is_some());
        match (kind.on_a_day(), self.on.is_some(), through) {
            (true, true, false) => Some(Relationship { urn: urn?, kind, with: self.with, when: When::On(on?) }),
            (false, false, true) => Some(Relationship { urn: urn?, kind, with: self.with, when: When::Through(span) }),
            (true, ..) => {
                told.fault(path, format!("{kind} takes place on a day"), Some("give `on`, without `from` and `to`".into()));
                None
            }
            (false, ..) => {
                told.fault(
                    path,
                    format!("{kind} goes on for a time"),
                    Some("give `from`, and `to` once it ended, without `on`".into()),
                );
                None
            }
        }
    }
}
