//! Which way help goes with a school: its legal status, its tie to a trust, and the pathway for them.

use rusqlite::Connection;

use super::ask::brief;
use super::engine::EngineError;
use crate::model::Urn;
use crate::register::Picture;
use crate::register::fate::{self, Fate};
use crate::register::pathway::{Standing, TrustTie};
use crate::store::postings::{self, Kind};

/// The legal status of a school, or that it is not known.
pub fn standing(urn: Urn, picture: &Picture<'_>) -> Standing {
    Standing::from(brief::listed(urn, picture, None).legal_status())
}

/// Whether a school is in a trust with others. `size` counts the open schools of a trust; none where
/// it is not known of enough of them.
pub fn tie(picture: &Picture<'_>, size: impl FnOnce(&str) -> Result<Option<u32>, EngineError>) -> Result<TrustTie, EngineError> {
    Ok(match picture.trust() {
        Err(why) => TrustTie::of::<_, ()>(Err(why)),
        Ok(None) => TrustTie::of::<(), ()>(Ok(None)),
        Ok(Some(trust)) => TrustTie::of::<(), ()>(Ok(Some(size(&trust.uid)?.ok_or(())))),
    })
}

/// The open schools of a trust; none if there is at most one and it is not known of others. `fate`
/// says how a school fares that is in the trust, and none of one that is not (see [`in_trust`]).
pub fn open_schools(
    db: &Connection,
    uid: &str,
    fate: impl Fn(Urn) -> Result<Option<Fate>, EngineError>,
) -> Result<Option<u32>, EngineError> {
    let (mut open, mut not_known) = (0, 0);
    for urn in postings::get(db, Kind::Group, uid)?.into_iter().filter_map(|urn| Urn::try_from(urn).ok()) {
        match fate(urn)? {
            Some(Fate::Unknown) => not_known += 1,
            Some(fate) if fate.is_open() => open += 1,
            _ => {}
        }
    }
    Ok(if open <= 1 && not_known > 0 { None } else { Some(open) })
}

/// How a school fares, if it is in the trust.
pub fn in_trust(picture: &Picture<'_>, uid: &str) -> Option<Fate> {
    matches!(picture.trust(), Ok(Some(trust)) if trust.uid == uid).then(|| fate::of(picture))
}
