//! A concern follows its school to a unique successor, once (US-L3).
//!
//! Where a concern belongs is worked out from the school for which it was raised, each time anew:
//! along plain links that are in effect, for as long as each names one successor that names one
//! predecessor. So it moves once, moves on if the school is succeeded again, and comes back if the
//! publisher takes the link back. Where the way cannot be read (a row was set aside, or it is not
//! known whether the school is closed), it stays where it is.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rusqlite::Connection;

use super::chronicle::Chronicle;
use super::engine::EngineError;
use super::reassess::Work;
use crate::alert::{self, News};
use crate::model::{Concern, Evidence, History, ReleaseInfo, ReleaseNo, Urn};
use crate::register::cite::{self, Releases};
use crate::register::fate::{self, Fate};
use crate::register::lineage::{Side, Succession};
use crate::register::{Lens, Picture, day};
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
    if !work.lens.reads(&info.dataset) || changed.is_empty() {
        return Ok(());
    }
    let on = today(db, &work.lens)?;
    let touched = |urn: Urn| changed.contains(&i64::from(urn.get()));
    let mut alive: Vec<Concern> = concerns::all(db)?.into_iter().filter(Concern::is_alive).collect();
    for place in 0..alive.len() {
        let concern = &alive[place];
        let Some(origin) = concern.origin().filter(|origin| touched(*origin) || touched(concern.urn)) else { continue };
        let Some(rule) = work.setup.rules.get(&concern.rule) else { continue };
        let path = path(&work.lens, ReleaseNo(work.act), origin, on, &mut |urn| chronicle.history(urn))?;
        let Some(path) = path else { continue };
        let Some(holder) = path.last().map(|step| step.urn).filter(|holder| *holder != concern.urn) else { continue };
        let said = path.iter().flat_map(|step| &step.history.facts).map(|fact| fact.said);
        let infos = releases::some(db, said.collect::<BTreeSet<_>>())?;
        let (because, evidence) = words(work, &path, &infos);
        let history = chronicle.history(holder)?;
        let there = alive
            .iter()
            .find(|other| other.is_alive() && other.rule == concern.rule && other.urn == holder && other.id != concern.id);
        let alert = match there {
            Some(other) => alert::lifecycle::absorbed(concern, other, because, evidence),
            None => alert::follow(concern, holder, because, evidence),
        };
        let after = alert::apply(Some(concern), &alert, chronicle.next_seq());
        chronicle.concern(&alert, rule, &history)?;
        concerns::put(db, &after)?;
        // the next one must see where this one is now
        alive[place] = after;
    }
    Ok(())
}

/// The last day that the register knows: a link of a later day is not in effect, and a file that
/// comes late does not turn the day back.
fn today(db: &Connection, lens: &Lens<'_>) -> Result<Date, EngineError> {
    let mut last = None;
    for dataset in lens.datasets() {
        last = last.max(releases::last(db, dataset, &BTreeSet::new())?.map(|(_, day)| day));
    }
    Ok(last.unwrap_or(Date::MIN))
}

/// One establishment on the way of a school.
pub struct Step {
    pub urn: Urn,
    pub history: History,
}

/// From the school for which a concern was raised to the one that is it now; none where the way
/// cannot be read.
pub fn path(
    lens: &Lens<'_>,
    known: ReleaseNo,
    origin: Urn,
    on: Date,
    history: &mut dyn FnMut(Urn) -> Result<History, EngineError>,
) -> Result<Option<Vec<Step>>, EngineError> {
    let mut path = vec![Step { urn: origin, history: history(origin)? }];
    while let Some(here) = path.last().filter(|_| path.len() <= HOPS) {
        let picture = Picture::at(&here.history, lens, known, None);
        let next = match picture.successor() {
            Succession::Unique(next) if path.iter().all(|step| step.urn != next) => next,
            Succession::NotKnown(_) => return Ok(None),
            _ => break,
        };
        let there = history(next)?;
        match Picture::at(&there, lens, known, None).predecessor() {
            Succession::None => {}
            Succession::Unique(before) if before == here.urn => {}
            Succession::NotKnown(_) => return Ok(None),
            _ => break,
        }
        let said = Picture::last_said(&here.history, lens, known);
        match in_effect(&picture, &said, next, on) {
            Some(true) => path.push(Step { urn: next, history: there }),
            Some(false) => break,
            None => return Ok(None),
        }
    }
    Ok(Some(path))
}

/// Links stand in the register before the day of the change: an open school is still itself. A link
/// without a day is in effect once the school is closed; none if it is not known whether it is.
fn in_effect(picture: &Picture<'_>, said: &Picture<'_>, next: Urn, on: Date) -> Option<bool> {
    let dates = picture.links().into_iter().filter(|link| link.side == Side::After && link.other == next);
    match (dates.filter_map(|link| link.date).max(), fate::of(said)) {
        (Some(date), _) => Some(date <= on),
        (None, Fate::Unknown) => None,
        (None, fate) => Some(matches!(fate, Fate::Closed(_))),
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::model::FactState;
    use crate::register::LINKS;
    use crate::register::tests::School;

    const DAY: Date = date(2024, 6, 17);
    const PLAIN: [(&str, &str); 2] = [("links.other", "900002"), ("links.type", "Successor")];

    /// Where the way from 900001 leads: nowhere else, to 900002, or none if it cannot be read.
    fn way(build: impl Fn(&mut School)) -> Option<bool> {
        let (mut school, after) = (School::default(), School::default());
        build(&mut school);
        let lens = school.lens();
        let [origin, next] = [900_001, 900_002].map(|urn| Urn::try_from(urn).unwrap());
        let mut history = |urn: Urn| Ok(if urn == origin { school.history() } else { after.history() });
        let path = path(&lens, ReleaseNo(9), origin, DAY, &mut history).unwrap()?;
        Some(path.last().unwrap().urn == next)
    }

    fn says(status: &str) -> [(&str, &str); 2] {
        [("gias.name", "Heath School"), ("gias.status", status)]
    }

    #[test]
    fn a_way_that_cannot_be_read_leads_nowhere_and_not_back() {
        let linked = |school: &mut School| school.put(1, DAY, LINKS, "a", &PLAIN);
        let dated = |day: &'static str| {
            move |school: &mut School| school.put(1, DAY, LINKS, "a", &[PLAIN[0], PLAIN[1], ("links.date", day)])
        };
        assert_eq!(way(|_| {}), Some(false));
        assert_eq!(way(dated("2024-04-01")), Some(true));
        assert_eq!(way(dated("2024-09-01")), Some(false), "it is still itself");
        let with = |status: &'static str| {
            move |school: &mut School| {
                linked(school);
                school.gias(1, DAY, &says(status));
            }
        };
        // a link without a day is in effect once the school is closed
        assert_eq!(way(with("closed")), Some(true));
        assert_eq!(way(with("open")), Some(false));
        assert_eq!(way(linked), None, "it is not known whether it is closed");
        // a row that could not be trusted changes nothing of what was said before
        let set_aside = |school: &mut School| {
            with("open")(school);
            school.state(2, date(2024, 6, 18), "gias", "", FactState::Quarantined);
        };
        assert_eq!(way(set_aside), Some(false));
        let damaged = |school: &mut School| {
            with("closed")(school);
            school.state(2, date(2024, 6, 18), LINKS, "b", FactState::Quarantined);
        };
        assert_eq!(way(damaged), None);
    }
}
