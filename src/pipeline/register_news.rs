//! A release of the register, of links or of group links → what is news about who is who.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rusqlite::Connection;

use super::chronicle::Chronicle;
use super::engine::EngineError;
use super::reassess::Work;
use crate::alert::News;
use crate::model::{Cause, Period, ReleaseInfo, ReleaseNo, Urn};
use crate::register::cite::Releases;
use crate::register::events::{self, Asked};
use crate::store::{facts, releases};

/// Writes the news about the schools that a release touched. The first release of a data set is
/// where the register begins: nothing in it is news.
pub fn after_release(
    db: &Connection,
    work: &Work<'_>,
    info: &ReleaseInfo,
    before: Option<&ReleaseInfo>,
    changed: &BTreeSet<i64>,
    cause: Cause,
    chronicle: &mut Chronicle<'_>,
) -> Result<(), EngineError> {
    let (Some(before), Period::Day(about)) = (before, info.period) else { return Ok(()) };
    if !work.lens.reads(&info.dataset) || changed.is_empty() {
        return Ok(());
    }
    let extract_before = extract_before(info, before);
    let among: Vec<i64> = work.lens.datasets().filter_map(|dataset| work.datasets.code(dataset)).collect();
    let history = |urn: Urn| facts::history_in(db, work.datasets, i64::from(urn.get()), &among);
    let mut infos = Releases::new();
    for subject in changed {
        let Some(urn) = u32::try_from(*subject).ok().and_then(|number| Urn::try_from(number).ok()) else { continue };
        let own = history(urn)?;
        let said: BTreeSet<ReleaseNo> = own.facts.iter().map(|fact| fact.said).filter(|said| !infos.contains_key(said)).collect();
        infos.extend(releases::some(db, said)?);
        let asked = Asked {
            urn,
            history: &own,
            lens: &work.lens,
            releases: &infos,
            before: ReleaseNo(work.act - 1),
            now: ReleaseNo(work.act),
            extract_before,
        };
        for event in events::events(&asked, &|other| history(other).ok()) {
            let news = News {
                what: event.what,
                cause,
                urn,
                about,
                evidence: News::clause(&event.says, event.figures),
                says: event.says,
                others: event.others,
                partnership: None,
            };
            chronicle.news(&news, &own)?;
        }
    }
    Ok(())
}

/// The day of the extract before, if this one lists everybody: only then is who was not there new.
pub fn extract_before(info: &ReleaseInfo, before: &ReleaseInfo) -> Option<Date> {
    match before.period {
        Period::Day(day) if !info.partial && !before.partial => Some(day),
        _ => None,
    }
}
