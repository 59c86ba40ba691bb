//! One trust, federation or sponsor: which schools belong to it, which once did, and what it is like.

use jiff::civil::Date;
use serde::Serialize;

use super::profile::ProfileView;
use super::told::Told;
use super::{AskError, Asker, brief};
use crate::model::{FactState, History, Missing, Urn, Value};
use crate::pipeline::EngineError;
use crate::register::listed::{Joined, Known, Listed};
use crate::register::membership::{Kind, Span};
use crate::register::profile::{GroupFacts, Profile};
use crate::register::size::SizeScheme;
use crate::register::spread::NEIGHBOURS;
use crate::register::{Field, Picture};
use crate::store::postings;

/// The answer about one group of schools.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrustView {
    pub uid: String,
    pub name: Told<String>,
    /// `trust`, `federation` or `sponsor`: as what its schools have it.
    pub kind: &'static str,
    pub on: Option<String>,
    pub as_of: Option<String>,
    /// The day that members and profile are about.
    pub day: Option<String>,
    pub group: GroupView,
    pub members: Vec<MemberView>,
    pub past_members: Vec<PastMember>,
    /// Null while there is no extract of the register, so no day to speak about.
    pub profile: Option<ProfileView>,
    /// Who joined and who left, in the order of days.
    pub history: Vec<Step>,
}

/// What the register of groups says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupView {
    pub name: Told<String>,
    pub kind: Told<String>,
    pub status: Told<String>,
    pub opened: Told<String>,
    pub incorporated: Told<String>,
    pub companies_house: Told<String>,
}

/// A school that belongs to it on the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemberView {
    pub urn: Urn,
    pub name: Told<String>,
    pub status: Told<String>,
    pub phase: Told<String>,
    pub kind: Told<String>,
    pub la: Told<String>,
    /// The day of joining where `exact`, else the day by which it had joined. Null for a sponsor's
    /// school where no day is given.
    pub joined: Option<String>,
    pub exact: bool,
}

/// A school's time with it that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PastMember {
    pub urn: Urn,
    pub name: Told<String>,
    pub from: String,
    pub exact: bool,
    pub to: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    pub day: String,
    /// False where it is known only that it had happened by then.
    pub exact: bool,
    /// `joined` or `left`.
    pub what: &'static str,
    pub urn: Urn,
    pub name: Told<String>,
}

/// The group `uid`, its size cut by the scheme `sizes`; without one, by the first of the file.
///
/// # Errors
/// If nothing is known of it, or no scheme has that name.
pub fn trust(asker: &Asker<'_>, uid: &str, sizes: Option<&str>) -> Result<TrustView, AskError> {
    let uid = uid.trim();
    let scheme = scheme(asker, sizes)?;
    let (group, day) = (group_facts(asker, &asker.group(uid)?, uid), asker.day()?);
    let mut found = Found::default();
    for urn in postings::get(asker.db, postings::Kind::Group, uid)?.into_iter().filter_map(|urn| Urn::try_from(urn).ok()) {
        found.school(asker, uid, urn)?;
    }
    if found.kind.is_none() && group.name.is_err() {
        let near = postings::values(asker.db, postings::Kind::Group, uid.get(..uid.len().saturating_sub(1)).unwrap_or(""))?;
        let hint = crate::faults::nearest(uid, near.iter().map(String::as_str));
        let hint = hint.map_or_else(String::new, |near| format!(": did you mean {near}?"));
        return Err(AskError::Nothing(format!("no school was ever said to belong to a group `{uid}`{hint}")));
    }
    found.history.sort_by(|one, two| (&one.day, one.what, one.urn).cmp(&(&two.day, two.what, two.urn)));
    let name = group.name.clone().or_else(|why| found.name.ok_or(why));
    let view = GroupView::of(&group);
    let profile = day.map(|day| ProfileView::of(&Profile::of(group, &found.listed, day, scheme, NEIGHBOURS), scheme));
    Ok(TrustView {
        uid: uid.to_owned(),
        name: Told::of(name),
        kind: found.kind.unwrap_or("trust"),
        on: asker.when.on.map(|day| day.to_string()),
        as_of: asker.when.as_of.map(|day| day.to_string()),
        day: day.map(|day| day.to_string()),
        group: view,
        members: found.members,
        past_members: found.past,
        profile,
        history: found.history,
    })
}

fn scheme<'a>(asker: &'a Asker<'_>, sizes: Option<&str>) -> Result<&'a SizeScheme, AskError> {
    match sizes {
        Some(id) => asker.setup.sizes.get(id).map_err(|none| AskError::Wrong(none.to_string())),
        None => asker.setup.sizes.all().first().ok_or_else(|| AskError::Wrong("there is no size scheme".to_owned())),
    }
}

/// What is found school by school.
#[derive(Default)]
struct Found {
    kind: Option<&'static str>,
    name: Option<String>,
    /// Schools that belong to it on the day.
    listed: Vec<Listed>,
    members: Vec<MemberView>,
    past: Vec<PastMember>,
    history: Vec<Step>,
}

impl Found {
    fn school(&mut self, asker: &Asker<'_>, uid: &str, urn: Urn) -> Result<(), EngineError> {
        let history = asker.history(urn)?;
        let picture = asker.picture(&history);
        let name = Told::of(
            picture.text(Field::Name).or_else(|_| Picture::last_said(&history, &asker.lens, super::ALL).text(Field::Name)),
        );
        let all = asker.spans(&history);
        let spans: Vec<&Span> = all.iter().filter(|span| span.body == uid && span.kind != Kind::Authority).collect();
        for span in spans.iter().copied().filter(|span| asker.when.on.is_none_or(|on| span.from <= on)) {
            self.kind = Some(span.kind.word());
            self.name = span.name.clone().or(self.name.take());
            self.steps(asker.when.on, urn, &name, span, &all);
            if holds(span, asker.when.on) {
                self.member(urn, &picture, Some(span), Some(span.from));
            } else if let Some(to) = span.to {
                let (from, exact, to) = (span.from.to_string(), span.exact, to.to_string());
                self.past.push(PastMember { urn, name: name.clone(), from, exact, to });
            }
        }
        if spans.is_empty()
            && let Some(sponsor) = picture.sponsors().into_iter().find(|group| group.uid == uid)
        {
            self.kind = self.kind.or(Some("sponsor"));
            self.name = sponsor.name.or(self.name.take());
            self.member(urn, &picture, None, sponsor.joined);
        }
        Ok(())
    }

    fn member(&mut self, urn: Urn, picture: &Picture<'_>, span: Option<&Span>, joined: Option<Date>) {
        let mut listed = brief::listed(urn, picture, span);
        if let (None, Some(day)) = (span, joined) {
            listed.joined = Ok(Joined::On(day));
        }
        self.members.push(MemberView {
            urn,
            name: Told::of(listed.name.clone()),
            status: Told::of(listed.status.map(|status| status.word().to_owned())),
            phase: Told::of(listed.phase.clone()),
            kind: Told::of(listed.type_name.clone()),
            la: Told::of(listed.la.clone()),
            joined: joined.map(|day| day.to_string()),
            exact: span.map_or(joined.is_some(), |span| span.exact),
        });
        self.listed.push(listed);
    }

    /// `spans` are all of the school: the day of leaving is known where it joined another that day.
    fn steps(&mut self, on: Option<Date>, urn: Urn, name: &Told<String>, span: &Span, spans: &[Span]) {
        let step = |day: Date, exact, what| Step { day: day.to_string(), exact, what, urn, name: name.clone() };
        self.history.push(step(span.from, span.exact, "joined"));
        if let Some(to) = span.to.filter(|to| on.is_none_or(|on| *to <= on)) {
            let moved = spans.iter().any(|next| next.kind == span.kind && next.from == to && next.exact);
            self.history.push(step(to, moved, "left"));
        }
    }
}

fn holds(span: &Span, on: Option<Date>) -> bool {
    on.map_or(span.to.is_none(), |on| span.holds(on))
}

/// What the register of groups says of one as at the day.
fn group_facts(asker: &Asker<'_>, history: &History, uid: &str) -> GroupFacts {
    let counts = |day: Option<Date>| asker.when.on.is_none_or(|on| day.is_none_or(|day| day <= on));
    let fact = history.facts.iter().rfind(|fact| counts(fact.day));
    let cell = |field: &str| -> Known<Value> {
        let body = match fact.map(|fact| &fact.state) {
            None => return Err(Missing::NoRelease),
            Some(FactState::Absent) => return Err(Missing::NotInRelease),
            Some(FactState::Quarantined) => return Err(Missing::Quarantined),
            Some(FactState::Present(body)) => body,
        };
        let code = asker.lens.measures.code(&format!("groups.{field}"));
        match code.and_then(|code| body.cell(code)).map(|cell| cell.value) {
            Some(Value::Missing(why)) => Err(why),
            Some(value) => Ok(value),
            None => Err(Missing::NoColumn),
        }
    };
    let text = |field: &str| cell(field).map(|value| value.to_string());
    let date = |field: &str| match cell(field)? {
        Value::Date(day) => Ok(day),
        _ => Err(Missing::NotRecorded),
    };
    GroupFacts {
        uid: uid.to_owned(),
        name: text("name"),
        kind: text("type"),
        status: text("status"),
        opened: date("open-date"),
        incorporated: date("incorporated"),
        companies_house: text("companies-house"),
    }
}

impl GroupView {
    fn of(facts: &GroupFacts) -> GroupView {
        GroupView {
            name: Told::of(facts.name.clone()),
            kind: Told::of(facts.kind.clone()),
            status: Told::of(facts.status.clone()),
            opened: Told::of(facts.opened.map(|day| day.to_string())),
            incorporated: Told::of(facts.incorporated.map(|day| day.to_string())),
            companies_house: Told::of(facts.companies_house.clone()),
        }
    }
}
