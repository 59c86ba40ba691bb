//! One school: who it is, whom it belongs to, where it comes from, what is open about it, and every
//! figure that is known.

use std::collections::BTreeMap;

use serde::Serialize;

use super::figures::{self, Gap, Known};
use super::identity::{self, FieldView, Laestab};
use super::lineage::Lineage;
use super::news::NewsView;
use super::place::{self, LookedAfter, Placed};
use super::told::Told;
use super::{AskError, Asker, brief};
use crate::model::{Concern, ConcernState, History, Slot, Urn, Verdict};
use crate::pipeline::{EngineError, called, standing};
use crate::register::authority::Authority;
use crate::register::membership::Span;
use crate::register::pathway::{Pathway, Pathways};
use crate::register::picture::Group;
use crate::register::{Listing, Picture};
use crate::store::{concerns, log};

/// News that is shown.
const NEWS: u32 = 20;

/// The answer about one school. Concerns and answers of rules are as they stand today, whatever the
/// day asked about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SchoolView {
    pub urn: Urn,
    /// From the register, else from another file.
    pub name: Option<String>,
    /// Three-digit code of the local authority.
    pub la: Option<String>,
    /// That authority with all its codes, from the file of authorities; null if it is none of those.
    pub authority: Option<Authority>,
    /// The day in the world; null for the latest.
    pub on: Option<String>,
    /// What was published after this day is left out; null for nothing.
    pub as_of: Option<String>,
    /// `listed`, `never`, `gone` (an earlier release had it) or `set_aside`.
    pub listing: &'static str,
    /// Fields of the register, each with its cell.
    pub register: Vec<FieldView>,
    pub legal_status: Told<String>,
    pub legal_type: Told<String>,
    pub laestabs: Vec<Laestab>,
    pub memberships: Vec<Membership>,
    pub sponsors: Vec<GroupView>,
    /// Partnerships that look after it, or may do so.
    pub looked_after: Vec<LookedAfter>,
    pub pathway: PathwayView,
    pub lineage: Lineage,
    /// Held now, those that followed it from a predecessor among them.
    pub concerns: Vec<ConcernView>,
    /// Raised for this school, and gone on with its successor.
    pub concerns_gone_on: Vec<ConcernView>,
    /// Rules that could not be answered, with the reasons.
    pub unknown: BTreeMap<String, Vec<String>>,
    /// The last entries of the log that are no concerns, newest first.
    pub news: Vec<NewsView>,
    pub figures: Vec<Known>,
    pub gaps: Vec<Gap>,
}

/// A time with a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Membership {
    /// `trust`, `federation`, `local authority` or `sponsor`.
    pub kind: &'static str,
    /// Group UID, or code of the local authority.
    pub body: String,
    pub name: Option<String>,
    pub from: String,
    /// Whether `from` is the day itself; else it had begun by then.
    pub exact: bool,
    /// The first day on which it no longer was; null while it is.
    pub to: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupView {
    pub uid: String,
    pub name: Option<String>,
    pub joined: Option<String>,
}

/// Which way help goes (LP-12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PathwayView {
    pub id: String,
    pub title: String,
    /// What it hangs on.
    pub legal_status: &'static str,
    pub trust_tie: &'static str,
    /// Who is spoken with first, and who else is told: `trust`, `governing-body` …
    pub first: &'static str,
    pub also: Vec<&'static str>,
    /// `arrange`, `offer` or `ask`.
    pub verb: &'static str,
    /// In words.
    pub support: String,
    pub formal: String,
    pub says: String,
    pub year: u16,
    pub source: String,
    pub caveat: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConcernView {
    pub id: String,
    pub rule: String,
    pub rule_title: Option<String>,
    pub state: ConcernState,
    pub severity: String,
    pub about: String,
    /// The school that it is about now.
    pub urn: Urn,
    /// The school for which it was raised, if it is another.
    pub followed_from: Option<Urn>,
    /// Sequence of the alert that raised it, and of its last one.
    pub raised: i64,
    pub last: i64,
}

/// Everything known about `urn`.
///
/// # Errors
/// If nothing was known about it on the day.
pub fn school(asker: &Asker<'_>, urn: Urn) -> Result<SchoolView, AskError> {
    let mut whole = asker.whole_history(urn)?;
    if let Some(on) = asker.when.on {
        whole.facts.retain(|fact| fact.slot != Slot::AsAt || fact.day.is_none_or(|day| day <= on));
    }
    let infos = asker.cited(&whole)?;
    let (figures, gaps) = figures::all(&whole, asker.lens.measures, &infos);
    if figures.is_empty() && gaps.is_empty() {
        return Err(AskError::Nothing(nothing(asker, urn)));
    }
    let names = called::names(&whole, asker.lens.measures, super::ALL);
    let picture = asker.picture(&whole);
    let (legal_status, legal_type) = identity::legal(&brief::listed(urn, &picture, None));
    let unknown = concerns::outcomes_of_school(asker.db, urn)?;
    let unknown = unknown.into_iter().filter(|answer| answer.verdict == Verdict::Unknown);
    Ok(SchoolView {
        urn,
        name: names.name,
        authority: names.la.as_deref().and_then(|la| asker.setup.authorities.get(la)).cloned(),
        la: names.la,
        on: asker.when.on.map(|day| day.to_string()),
        as_of: asker.when.as_of.map(|day| day.to_string()),
        listing: match picture.listing() {
            Listing::Listed => "listed",
            Listing::Never => "never",
            Listing::Gone => "gone",
            Listing::SetAside => "set_aside",
        },
        register: identity::fields(&picture, asker.lens.measures, &infos),
        legal_status,
        legal_type,
        laestabs: identity::laestabs(asker, &whole),
        memberships: memberships(asker, &whole),
        sponsors: picture.sponsors().into_iter().map(GroupView::of).collect(),
        looked_after: match asker.day()? {
            Some(day) => place::looked_after(asker, &Placed::of(asker, urn, &whole)?.place(), day),
            None => Vec::new(),
        },
        pathway: pathway(asker, urn, &picture)?,
        lineage: Lineage::of(asker, urn, &picture)?,
        concerns: concerns::of_school(asker.db, urn)?.iter().map(|concern| ConcernView::of(asker, concern)).collect(),
        concerns_gone_on: gone_on(asker, urn)?,
        unknown: unknown.map(|answer| (answer.rule, answer.because)).collect(),
        news: log::not_concerns(asker.db, urn.get(), NEWS)?.iter().map(NewsView::of).collect(),
        figures,
        gaps,
    })
}

fn nothing(asker: &Asker<'_>, urn: Urn) -> String {
    let mut when = String::new();
    if let Some(on) = asker.when.on {
        when.push_str(&format!(" as at {on}"));
    }
    if let Some(day) = asker.when.as_of {
        when.push_str(&format!(" on {day}"));
    }
    format!("nothing was known about {urn}{when}: check the number, or ask about another day")
}

/// All spans that begin by the day.
fn memberships(asker: &Asker<'_>, history: &History) -> Vec<Membership> {
    let begun = |span: &Span| asker.when.on.is_none_or(|on| span.from <= on);
    asker.spans(history).into_iter().filter(begun).map(Membership::of).collect()
}

fn pathway(asker: &Asker<'_>, urn: Urn, picture: &Picture<'_>) -> Result<PathwayView, EngineError> {
    let status = standing::standing(urn, picture);
    let tie = standing::tie(picture, |uid| asker.open_in_trust(uid))?;
    let pathways = &asker.setup.pathways;
    Ok(PathwayView::of(pathways, pathways.for_school(status, tie), status.word(), tie.word()))
}

/// Concerns that were raised for a school and are about another now.
fn gone_on(asker: &Asker<'_>, urn: Urn) -> Result<Vec<ConcernView>, EngineError> {
    let mut found = Vec::new();
    for rule in asker.setup.rules.rules() {
        let concern = concerns::get(asker.db, &Concern::id_of(&rule.id, urn))?;
        found.extend(concern.filter(|concern| concern.urn != urn).map(|concern| ConcernView::of(asker, &concern)));
    }
    Ok(found)
}

impl Membership {
    pub fn of(span: Span) -> Membership {
        Membership {
            kind: span.kind.word(),
            body: span.body,
            name: span.name,
            from: span.from.to_string(),
            exact: span.exact,
            to: span.to.map(|day| day.to_string()),
        }
    }
}

impl GroupView {
    fn of(group: Group) -> GroupView {
        GroupView { uid: group.uid, name: group.name, joined: group.joined.map(|day| day.to_string()) }
    }
}

impl PathwayView {
    fn of(pathways: &Pathways, pathway: &Pathway, legal_status: &'static str, trust_tie: &'static str) -> PathwayView {
        PathwayView {
            id: pathway.id.clone(),
            title: pathway.title.clone(),
            legal_status,
            trust_tie,
            first: pathway.first.word(),
            also: pathway.also.iter().map(|body| body.word()).collect(),
            verb: pathway.verb.word(),
            support: pathway.support.to_string(),
            formal: pathway.formal.to_string(),
            says: pathway.text.clone(),
            year: pathway.year,
            source: pathway.source.clone(),
            caveat: pathways.caveat.clone(),
        }
    }
}

impl ConcernView {
    pub fn of(asker: &Asker<'_>, concern: &Concern) -> ConcernView {
        ConcernView {
            id: concern.id.clone(),
            rule_title: asker.setup.rules.rules().find(|rule| rule.id == concern.rule).map(|rule| rule.title.clone()),
            rule: concern.rule.clone(),
            state: concern.state,
            severity: concern.severity.to_string(),
            about: concern.about.clone(),
            urn: concern.urn,
            followed_from: concern.origin().filter(|origin| *origin != concern.urn),
            raised: concern.raised,
            last: concern.last,
        }
    }
}
