//! A concern follows its school to a unique successor, once (US-L3).
//!
//! Where a concern belongs is worked out from the school for which it was raised, each time anew:
//! along plain links that are in effect, for as long as each names one successor that names one
//! predecessor. So it moves once, moves on if the school is succeeded again, and comes back if the
//! publisher takes the link back.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rusqlite::Connection;

use super::chronicle::Chronicle;
use super::engine::EngineError;
use super::reassess::Work;
use crate::alert::{self, News};
use crate::model::{Concern, Evidence, History, Period, ReleaseInfo, ReleaseNo, Urn};
use crate::register::cite::{self, Releases};
use crate::register::fate::{self, Fate};
use crate::register::lineage::{Side, Succession};
use crate::register::{Lens, Listing, Picture, day};
use crate::store::{concerns, releases};

/// A chain longer than this is no history of a school.
const HOPS: usize = 8;

/// Moves the living concerns whose school, or whose links, a release touched.
pub fn after_release(
    db: &Connection,
    work: &Work<'_>,
    info: &ReleaseInfo,
    changed: &BTreeSet<i64>,
    chronicle: &mut Chronicle<'_>,
) -> Result<(), EngineError> {
    let Period::Day(on) = info.period else { return Ok(()) };
    if !work.lens.reads(&info.dataset) || changed.is_empty() {
        return Ok(());
    }
    let touched = |urn: Urn| changed.contains(&i64::from(urn.get()));
    let alive: Vec<Concern> = concerns::all(db)?.into_iter().filter(Concern::is_alive).collect();
    for concern in &alive {
        let Some(origin) = concern.origin().filter(|origin| touched(*origin) || touched(concern.urn)) else { continue };
        let Some(rule) = work.setup.rules.get(&concern.rule) else { continue };
        let path = path(&work.lens, ReleaseNo(work.act), origin, on, &mut |urn| chronicle.history(urn))?;
        let Some(holder) = path.last().map(|step| step.urn).filter(|holder| *holder != concern.urn) else { continue };
        let said = path.iter().flat_map(|step| &step.history.facts).map(|fact| fact.said);
        let infos = releases::some(db, said.collect::<BTreeSet<_>>())?;
        let (because, evidence) = words(work, &path, &infos);
        let history = chronicle.history(holder)?;
        let there = alive.iter().find(|other| other.rule == concern.rule && other.urn == holder && other.id != concern.id);
        let alert = match there {
            Some(other) => alert::lifecycle::absorbed(concern, other, because, evidence),
            None => alert::follow(concern, holder, because, evidence),
        };
        let after = alert::apply(Some(concern), &alert, chronicle.next_seq());
        chronicle.concern(&alert, rule, &history)?;
        concerns::put(db, &after)?;
    }
    Ok(())
}

/// One establishment on the way of a school.
pub struct Step {
    pub urn: Urn,
    pub history: History,
}

/// From the school for which a concern was raised to the one that is it now.
pub fn path(
    lens: &Lens<'_>,
    known: ReleaseNo,
    origin: Urn,
    on: Date,
    history: &mut dyn FnMut(Urn) -> Result<History, EngineError>,
) -> Result<Vec<Step>, EngineError> {
    let mut path = vec![Step { urn: origin, history: history(origin)? }];
    while let Some(here) = path.last().filter(|_| path.len() <= HOPS) {
        let picture = Picture::at(&here.history, lens, known, None);
        let Some(next) = picture.successor().unique().filter(|next| path.iter().all(|step| step.urn != *next)) else { break };
        let there = history(next)?;
        let theirs = Picture::at(&there, lens, known, None).predecessor();
        let agrees = theirs == Succession::None || theirs == Succession::Unique(here.urn);
        if !agrees || !in_effect(&picture, next, on) {
            break;
        }
        path.push(Step { urn: next, history: there });
    }
    Ok(path)
}

/// Links stand in the register before the day of the change: an open school is still itself.
fn in_effect(picture: &Picture<'_>, next: Urn, on: Date) -> bool {
    let dates = picture.links().into_iter().filter(|link| link.side == Side::After && link.other == next);
    match dates.filter_map(|link| link.date).max() {
        Some(date) => date <= on,
        None => picture.listing() == Listing::Never || matches!(fate::of(picture), Fate::Closed(_) | Fate::Unknown),
    }
}

/// Why, with the cells of the links.
fn words(work: &Work<'_>, path: &[Step], infos: &Releases) -> (Vec<String>, Evidence) {
    let (mut because, mut figures) = (Vec::new(), Vec::new());
    for pair in path.windows(2) {
        let (here, next) = (&pair[0], &pair[1]);
        let picture = Picture::at(&here.history, &work.lens, ReleaseNo(work.act), None);
        let links = picture.links();
        let Some(link) = links.iter().find(|link| link.side == Side::After && link.other == next.urn) else { continue };
        let name = picture.link_name(link).map_or_else(|| next.urn.to_string(), |name| format!("{name} ({})", next.urn));
        let since = link.date.map_or_else(String::new, |date| format!(" since {}", day::words(date)));
        because.push(format!("school {} goes on as {name}{since}, its only successor", here.urn));
        for code in [work.lens.link_other, work.lens.link_type] {
            figures.extend(cite::cell_of(link.fact, code, here.urn, work.measures, infos));
        }
    }
    if because.is_empty() {
        because.push(
            "the register no longer names a successor: the concern is again about the school for which it was raised".into(),
        );
    }
    let evidence = News::clause(&because.join("; "), figures);
    (because, evidence)
}
