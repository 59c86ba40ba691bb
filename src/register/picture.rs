//! What the register says about one school on a day, and where it says so.

use jiff::civil::Date;

use super::field::{Field, Lens};
use super::{GROUP_LINKS, LINKS};
use crate::model::{Cell, Fact, FactState, History, Missing, ReleaseNo, Value};

/// One school as the releases up to `known` tell it, as at a day or as at the latest.
#[derive(Debug, Clone)]
pub struct Picture<'a> {
    lens: &'a Lens<'a>,
    register: Option<&'a Fact>,
    groups: Vec<&'a Fact>,
    pub(super) links: Vec<&'a Fact>,
    /// Whether a release of the group links is known, so that who is in none of them is in no group.
    groups_known: bool,
}

/// Whether the register lists a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// No release of the register has had it.
    Never,
    Listed,
    /// An earlier release had it and the last one has not: it is not known what became of it.
    Gone,
    /// Its row could not be trusted.
    SetAside,
}

/// One field as it was said.
#[derive(Debug, Clone)]
pub struct Told<'a> {
    pub fact: &'a Fact,
    pub cell: Cell<'a>,
}

/// A group that a school belongs to, as the group links or the register have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Group UID.
    pub uid: String,
    pub name: Option<String>,
    /// The day on which the school joined, where the publisher says.
    pub joined: Option<Date>,
}

/// Types of groups that run schools; a school is in one of them at a time.
const TRUSTS: [&str; 4] = ["Multi-academy trust", "Single-academy trust", "Secure single-academy trust", "Trust"];
const FEDERATIONS: [&str; 1] = ["Federation"];
const SPONSORS: [&str; 1] = ["School sponsor"];

impl<'a> Picture<'a> {
    /// As told by the releases numbered up to `known`; with a day, as it stood on it.
    pub fn at(history: &'a History, lens: &'a Lens<'a>, known: ReleaseNo, on: Option<Date>) -> Picture<'a> {
        Picture::made_of(history, lens, known, on, |_| true)
    }

    /// As it was last described: rows that were set aside and releases that had it not are passed over.
    pub fn last_said(history: &'a History, lens: &'a Lens<'a>, known: ReleaseNo) -> Picture<'a> {
        let describes = |fact: &Fact| {
            matches!(fact.state, FactState::Present(_)) || !lens.registers().any(|register| register == &*fact.dataset)
        };
        Picture::made_of(history, lens, known, None, describes)
    }

    fn made_of(
        history: &'a History,
        lens: &'a Lens<'a>,
        known: ReleaseNo,
        on: Option<Date>,
        also: impl Fn(&Fact) -> bool,
    ) -> Picture<'a> {
        let counts =
            |fact: &&Fact| fact.release <= known && on.is_none_or(|on| fact.day.is_none_or(|day| day <= on)) && also(fact);
        let groups_known = lens.group_links_since.is_some_and(|(no, day)| no <= known && on.is_none_or(|on| day <= on));
        let mut picture = Picture { lens, register: None, groups: Vec::new(), links: Vec::new(), groups_known };
        let mut best = usize::MAX;
        let mut standing: Option<&Fact> = None;
        // facts are in order of data set, part, slot and day: the last of each run stands
        for fact in history.facts.iter().filter(counts) {
            match standing {
                Some(last) if last.dataset == fact.dataset && last.part == fact.part => {}
                Some(last) => picture.take(last, &mut best),
                None => {}
            }
            standing = Some(fact);
        }
        if let Some(last) = standing {
            picture.take(last, &mut best);
        }
        picture
    }

    fn take(&mut self, fact: &'a Fact, best: &mut usize) {
        match &*fact.dataset {
            LINKS => self.links.push(fact),
            GROUP_LINKS => self.groups.push(fact),
            dataset => {
                let Some(rank) = self.lens.registers().position(|register| register == dataset) else { return };
                // who is not in the better register any more may still be in another
                let rank = if matches!(fact.state, FactState::Present(_)) { rank } else { rank + 1000 };
                if rank < *best {
                    (*best, self.register) = (rank, Some(fact));
                }
            }
        }
    }

    pub fn listing(&self) -> Listing {
        match self.register.map(|fact| &fact.state) {
            None => Listing::Never,
            Some(FactState::Present(_)) => Listing::Listed,
            Some(FactState::Absent) => Listing::Gone,
            Some(FactState::Quarantined) => Listing::SetAside,
        }
    }

    /// The fact that describes the school, if one does.
    pub fn register(&self) -> Option<&'a Fact> {
        self.register
    }

    /// What one field says; none if the register does not list the school or has no such column.
    pub fn told(&self, field: Field) -> Option<Told<'a>> {
        let fact = self.register?;
        let FactState::Present(body) = &fact.state else { return None };
        let cell = body.cell(self.lens.code(&fact.dataset, field)?)?;
        Some(Told { fact, cell })
    }

    /// The value of one field, or why there is none.
    pub fn value(&self, field: Field) -> Result<Value, Missing> {
        match self.told(field).map(|told| told.cell.value) {
            Some(Value::Missing(why)) => Err(why),
            Some(value) => Ok(value),
            None => Err(self.no_cell()),
        }
    }

    /// The values of a few fields, or why there is none, in one pass over the record.
    pub fn values<const N: usize>(&self, fields: [Field; N]) -> [Result<Value, Missing>; N] {
        let Some(Fact { dataset, state: FactState::Present(body), .. }) = self.register else {
            return [const { None }; N].map(|none: Option<Value>| none.ok_or(self.no_cell()));
        };
        body.cells_of(fields.map(|field| self.lens.code(dataset, field))).map(|cell| match cell.map(|cell| cell.value) {
            Some(Value::Missing(why)) => Err(why),
            Some(value) => Ok(value),
            None => Err(Missing::NoColumn),
        })
    }

    fn no_cell(&self) -> Missing {
        match self.listing() {
            Listing::Listed => Missing::NoColumn,
            Listing::Never => Missing::NoRelease,
            Listing::Gone => Missing::NotInRelease,
            Listing::SetAside => Missing::Quarantined,
        }
    }

    pub fn text(&self, field: Field) -> Result<String, Missing> {
        self.value(field).map(|value| value.to_string())
    }

    pub fn date(&self, field: Field) -> Result<Date, Missing> {
        match self.value(field)? {
            Value::Date(day) => Ok(day),
            _ => Err(Missing::NotRecorded),
        }
    }

    /// The trust that runs the school; `Ok(None)` where the publisher says that none does.
    ///
    /// The register's own column goes before the group links, which say the day of joining.
    pub fn trust(&self) -> Result<Option<Group>, Missing> {
        self.membership(Field::Trust, Field::TrustName, &TRUSTS)
    }

    pub fn federation(&self) -> Result<Option<Group>, Missing> {
        self.membership(Field::Federation, Field::FederationName, &FEDERATIONS)
    }

    /// Sponsors: there may be several.
    pub fn sponsors(&self) -> Vec<Group> {
        self.linked(&SPONSORS)
    }

    fn membership(&self, field: Field, name: Field, types: &[&str]) -> Result<Option<Group>, Missing> {
        let linked = self.linked(types);
        let joined = |uid: &str| linked.iter().find(|group| group.uid == uid).and_then(|group| group.joined);
        match self.text(field) {
            Ok(uid) => Ok(Some(Group { joined: joined(&uid), uid, name: self.text(name).ok() })),
            Err(Missing::NotApplicable) => Ok(None),
            Err(why) => match linked.as_slice() {
                [one] => Ok(Some(one.clone())),
                [] if !self.groups_known => Err(why),
                // a row that could not be trusted may be the very one
                [] if self.groups.iter().any(|fact| fact.state == FactState::Quarantined) => Err(Missing::Quarantined),
                // the group links are known, and have it in none
                [] => Ok(None),
                _ => Err(Missing::Ambiguous),
            },
        }
    }

    fn linked(&self, types: &[&str]) -> Vec<Group> {
        let mut groups = Vec::new();
        for fact in &self.groups {
            let FactState::Present(body) = &fact.state else { continue };
            let text = |code: Option<_>| code.and_then(|code| body.cell(code)).map(|cell| cell.value);
            let Some(Value::Text(kind)) = text(self.lens.group_type) else { continue };
            if !types.contains(&kind.as_str()) {
                continue;
            }
            let Some(Value::Text(uid)) = text(self.lens.group) else { continue };
            let name = text(self.lens.group_name).and_then(|value| if let Value::Text(name) = value { Some(name) } else { None });
            let joined = text(self.lens.joined).and_then(|value| if let Value::Date(day) = value { Some(day) } else { None });
            groups.push(Group { uid, name, joined });
        }
        groups
    }

    /// The group-link fact of one group, for its citation.
    pub fn group_fact(&self, uid: &str) -> Option<&'a Fact> {
        self.groups.iter().copied().find(|fact| {
            let FactState::Present(body) = &fact.state else { return false };
            self.lens.group.and_then(|code| body.cell(code)).is_some_and(|cell| cell.raw == uid)
        })
    }

    /// What the links call the other establishment.
    pub fn link_name(&self, link: &super::lineage::Link<'_>) -> Option<String> {
        let FactState::Present(body) = &link.fact.state else { return None };
        let cell = body.cell(self.lens.link_name?)?;
        if let Value::Text(name) = cell.value { Some(name) } else { None }
    }

    pub fn lens(&self) -> &'a Lens<'a> {
        self.lens
    }
}
