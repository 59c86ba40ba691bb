//! One partnership: who is in it, which schools it looks after and by what, and of which it is not known.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::area::{AreaView, Here, RuleHere};
use super::place::{HeldView, Placed, Sizes};
use super::told::Told;
use super::{AskError, Asker};
use crate::faults::nearest;
use crate::model::Urn;
use crate::partnership::{Holds, Indicator, Partnership, coverage_gap, isolated};
use crate::pipeline::EngineError;
use crate::store::postings;

/// The answer about one partnership.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartnershipView {
    pub id: String,
    pub title: String,
    pub description: Option<String>,
    /// Where what is written in its file comes from.
    pub source: Option<String>,
    /// Whether its file is an invented example.
    pub example: bool,
    pub on: Option<String>,
    pub as_of: Option<String>,
    pub day: String,
    /// Whether it stands on the day.
    pub stands: bool,
    pub members: Vec<OrganisationView>,
    pub boards: Vec<BoardView>,
    pub sub_areas: Vec<SubAreaView>,
    pub alliances: Vec<AllianceView>,
    /// Open schools that it holds.
    pub schools: Vec<SchoolIn>,
    /// Open schools of which it is not known whether it holds them.
    pub not_known: Vec<MaybeIn>,
    /// Schools that may be in its area of which it is not known whether they are open.
    pub status_not_known: u32,
    /// Over the schools that it holds, as they stand today.
    pub concerns: Vec<RuleHere>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrganisationView {
    pub name: String,
    pub kind: String,
    pub reference: Option<String>,
    pub role: Option<String>,
    pub when: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoardView {
    pub id: String,
    pub title: String,
    /// A role, never a person.
    pub chair: String,
    pub meets: Option<String>,
    pub seats: Vec<SeatView>,
    pub schools: u32,
    pub not_known: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeatView {
    pub role: String,
    pub number: u32,
    pub organisation: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubAreaView {
    pub id: String,
    pub title: String,
    pub lead: Option<String>,
    pub schools: u32,
    pub not_known: u32,
}

/// An alliance to which a school of the partnership belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AllianceView {
    pub id: String,
    pub title: String,
    pub schools: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SchoolIn {
    pub urn: Urn,
    pub name: Told<String>,
    pub phase: Told<String>,
    pub legal_status: Told<String>,
    pub held_by: Option<String>,
    /// Ids of those that hold it; of others it is not known.
    pub sub_areas: Vec<String>,
    pub boards: Vec<String>,
    /// Null where the partnership does not ask. A supportive question, never a concern.
    pub isolation: Option<Indicator>,
    pub coverage: Option<Indicator>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MaybeIn {
    pub urn: Urn,
    pub name: Told<String>,
    pub held: HeldView,
}

/// The partnership `id`.
///
/// # Errors
/// If there is none; names the nearest.
pub fn partnership(asker: &Asker<'_>, id: &str) -> Result<PartnershipView, AskError> {
    let (one, day) = (find(asker, id)?, day(asker)?);
    let mut view = begin(asker, one, day);
    let (mut here, mut sizes) = (Here::default(), Sizes::default());
    for urn in candidates(asker, one)? {
        let history = asker.history(urn)?;
        let placed = Placed::of(asker, urn, &history)?;
        let (place, listed) = (placed.place(), &placed.listed);
        let holds = one.holds(&place, day);
        match listed.status {
            _ if holds.is_no() => continue,
            Err(_) if asker.picture(&history).register().is_some() => {
                view.status_not_known += 1;
                continue;
            }
            Ok(status) if status.is_open() => {}
            _ => continue,
        }
        if let Holds::Unknown(_) = holds {
            view.not_known.push(MaybeIn { urn, name: Told::of(listed.name.clone()), held: HeldView::of(&holds) });
            continue;
        }
        here.concerns(asker, urn)?;
        let (mut sub_areas, mut boards) = (Vec::new(), Vec::new());
        for (part, holds) in one.sub_areas_of(&place, day) {
            if let Some(counted) = view.sub_areas.iter_mut().find(|view| view.id == part.id) {
                count(&holds, &part.id, &mut counted.schools, &mut counted.not_known, &mut sub_areas);
            }
        }
        for (board, holds) in one.boards_for(&place, day) {
            if let Some(counted) = view.boards.iter_mut().find(|view| view.id == board.id) {
                count(&holds, &board.id, &mut counted.schools, &mut counted.not_known, &mut boards);
            }
        }
        for tie in asker.setup.alliances.of(&place, day).into_iter().filter(|tie| tie.how.belongs()) {
            match view.alliances.iter_mut().find(|view| view.id == tie.alliance.id) {
                Some(known) => known.schools += 1,
                None => view.alliances.push(AllianceView {
                    id: tie.alliance.id.clone(),
                    title: tie.alliance.title.clone(),
                    schools: 1,
                }),
            }
        }
        let mut ties = sizes.ties(asker, &placed, day)?;
        ties.relationships = one.relationships_of(&place);
        view.schools.push(SchoolIn {
            urn,
            name: Told::of(listed.name.clone()),
            phase: Told::of(listed.phase.clone()),
            legal_status: Told::of(listed.legal_status().map(|status| status.word().to_owned())),
            held_by: HeldView::of(&holds).by,
            sub_areas,
            boards,
            isolation: one.isolation.as_ref().map(|rule| isolated(rule, &ties, day)),
            coverage: one.coverage.as_ref().map(|rule| coverage_gap(rule, &ties, day)),
        });
    }
    view.concerns = here.into_rules();
    Ok(view)
}

/// A part of a partnership, as an area.
pub fn sub_area(asker: &Asker<'_>, id: &str, part: &str) -> Result<AreaView, AskError> {
    let (one, day) = (find(asker, id)?, day(asker)?);
    let Some(area) = one.sub_areas.iter().find(|area| area.id == part) else {
        let ids = || one.sub_areas.iter().map(|area| area.id.as_str());
        return Err(AskError::Nothing(no_such("sub-area", part, &format!(" in `{id}`"), ids().collect())));
    };
    let mut here = Here::default();
    for urn in candidates(asker, one)? {
        let history = asker.history(urn)?;
        let placed = Placed::of(asker, urn, &history)?;
        let found = one.sub_areas_of(&placed.place(), day).into_iter().find(|(found, _)| found.id == area.id);
        match found {
            Some((_, Holds::Yes(_))) => {
                if let Some(brief) = asker.brief(urn)? {
                    here.school(asker, brief)?;
                }
            }
            Some((_, Holds::Unknown(_))) if placed.listed.status.is_ok_and(|status| status.is_open()) => here.maybe(),
            _ => {}
        }
    }
    here.into_view(asker, format!("{id}/{part}"), Told::of::<crate::model::Missing>(Ok(area.title.clone())), None)
}

fn find<'a>(asker: &'a Asker<'_>, id: &str) -> Result<&'a Partnership, AskError> {
    asker.setup.partnerships.get(id.trim()).ok_or_else(|| {
        let ids = asker.setup.partnerships.all().map(|one| one.id.as_str()).collect();
        AskError::Nothing(no_such("partnership", id, "", ids))
    })
}

fn no_such(what: &str, id: &str, place: &str, ids: Vec<&str>) -> String {
    let hint = match nearest(id, ids.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if ids.is_empty() => "there is none at all".to_owned(),
        None => format!("there are {}", ids.join(", ")),
    };
    format!("there is no {what} `{id}`{place}: {hint}")
}

fn day(asker: &Asker<'_>) -> Result<Date, AskError> {
    let none =
        || AskError::Nothing("no extract of the register is known: take one in, or say which day you ask about".to_owned());
    asker.day()?.ok_or_else(none)
}

/// Every school of which something was ever said that could put it into the area.
pub fn candidates(asker: &Asker<'_>, one: &Partnership) -> Result<BTreeSet<Urn>, EngineError> {
    let mut found: BTreeSet<Urn> = BTreeSet::new();
    let mut take = |urns: Vec<u32>| found.extend(urns.into_iter().filter_map(|urn| Urn::try_from(urn).ok()));
    for la in &one.area.las {
        take(postings::get(asker.db, postings::Kind::Authority, la)?);
    }
    for part in &one.area.postcodes {
        let part = part.to_string();
        let start = part.split_whitespace().next().unwrap_or_default();
        for outcode in postings::values(asker.db, postings::Kind::Outcode, start)? {
            take(postings::get(asker.db, postings::Kind::Outcode, &outcode)?);
        }
    }
    found.extend(&one.area.urns);
    // what was written about a number speaks about the school that came after it, too
    let named: Vec<Urn> = one.area.urns.iter().copied().collect();
    for urn in named {
        let history = asker.history(urn)?;
        found.extend(asker.picture(&history).successor().unique());
    }
    Ok(found)
}

fn begin(asker: &Asker<'_>, one: &Partnership, day: Date) -> PartnershipView {
    let boards = one.boards.iter().filter(|board| board.span.holds(day)).map(|board| BoardView {
        id: board.id.clone(),
        title: board.title.clone(),
        chair: board.chair.clone(),
        meets: board.meets.clone(),
        seats: (board.members.iter().filter(|seat| seat.span.holds(day)))
            .map(|seat| SeatView { role: seat.role.clone(), number: seat.number, organisation: seat.organisation.clone() })
            .collect(),
        schools: 0,
        not_known: 0,
    });
    let parts = one.sub_areas.iter().filter(|part| part.span.holds(day)).map(|part| SubAreaView {
        id: part.id.clone(),
        title: part.title.clone(),
        lead: part.lead.clone(),
        schools: 0,
        not_known: 0,
    });
    PartnershipView {
        id: one.id.clone(),
        title: one.title.clone(),
        description: one.description.clone(),
        source: one.source.clone(),
        example: one.example,
        on: asker.when.on.map(|day| day.to_string()),
        as_of: asker.when.as_of.map(|day| day.to_string()),
        day: day.to_string(),
        stands: one.span.holds(day),
        members: one
            .members_on(day)
            .map(|member| OrganisationView {
                name: member.name.clone(),
                kind: serde_json::to_value(member.kind)
                    .ok()
                    .and_then(|kind| kind.as_str().map(str::to_owned))
                    .unwrap_or_default(),
                reference: member.reference.clone(),
                role: member.role.clone(),
                when: member.span.to_string(),
            })
            .collect(),
        boards: boards.collect(),
        sub_areas: parts.collect(),
        alliances: Vec::new(),
        schools: Vec::new(),
        not_known: Vec::new(),
        status_not_known: 0,
        concerns: Vec::new(),
    }
}

fn count(holds: &Holds, id: &str, schools: &mut u32, not_known: &mut u32, ids: &mut Vec<String>) {
    match holds {
        Holds::Yes(_) => {
            *schools += 1;
            ids.push(id.to_owned());
        }
        Holds::Unknown(_) => *not_known += 1,
        Holds::No => {}
    }
}
