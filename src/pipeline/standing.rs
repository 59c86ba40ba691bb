//! Which way help goes with a school: its legal status, its tie to a trust, and the pathway for them.

use rusqlite::Connection;

use super::ask::brief;
use super::engine::EngineError;
use crate::model::{History, Urn};
use crate::register::pathway::{Standing, TrustTie};
use crate::register::{Picture, fate};
use crate::store::postings::{self, Kind};

/// The legal status of a school, or that it is not known.
pub fn standing(urn: Urn, picture: &Picture<'_>) -> Standing {
    Standing::from(brief::listed(urn, picture, None).legal_status())
}

/// Whether a school is in a trust with others. `size` counts the open schools of a trust; none where
/// it is not known of enough of them.
pub fn tie(
    picture: &Picture<'_>,
    size: impl FnOnce(&str) -> Result<Option<u32>, EngineError>,
) -> Result<TrustTie, EngineError> {
    Ok(match picture.trust() {
        Err(why) => TrustTie::of::<_, ()>(Err(why)),
        Ok(None) => TrustTie::of::<(), ()>(Ok(None)),
        Ok(Some(trust)) => TrustTie::of::<(), ()>(Ok(Some(size(&trust.uid)?.ok_or(())))),
    })
}

/// The open schools of a trust; none if there is at most one and it is not known of others.
pub fn open_schools(
    db: &Connection,
    uid: &str,
    history: impl Fn(Urn) -> Result<History, EngineError>,
    picture: impl for<'h> Fn(&'h History) -> Picture<'h>,
) -> Result<Option<u32>, EngineError> {
    let (mut open, mut not_known) = (0, 0);
    for urn in postings::get(db, Kind::Group, uid)?.into_iter().filter_map(|urn| Urn::try_from(urn).ok()) {
        let history = history(urn)?;
        let picture = picture(&history);
        if !matches!(picture.trust(), Ok(Some(trust)) if trust.uid == uid) {
            continue;
        }
        match fate::of(&picture) {
            fate::Fate::Unknown => not_known += 1,
            fate if fate.is_open() => open += 1,
            _ => {}
        }
    }
    Ok(if open <= 1 && not_known > 0 { None } else { Some(open) })
}
