//! What partnerships ask of a school: where it is, what it was before, and its ties.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::{Asker, brief};
use crate::model::{History, Urn};
use crate::partnership::{Holds, Place, Ties, TrustTie};
use crate::pipeline::EngineError;
use crate::register::listed::Listed;
use crate::register::{Field, Picture};

/// Predecessors are followed this far.
const DEEPEST: usize = 10;

/// A school as partnerships see it.
pub struct Placed {
    pub listed: Listed,
    pub postcode: Option<String>,
    pub formerly: Vec<Urn>,
    legal: Option<&'static str>,
    /// UID of its trust, that it has none, or that it is not known.
    trust: Option<Option<String>>,
    federation: Option<bool>,
}

impl Placed {
    pub fn of(asker: &Asker<'_>, urn: Urn, history: &History) -> Result<Placed, EngineError> {
        let picture = asker.picture(history);
        let listed = brief::listed(urn, &picture, None);
        Ok(Placed {
            postcode: picture.text(Field::Postcode).ok(),
            formerly: formerly(asker, urn, &picture)?,
            legal: listed.legal_status().ok().map(|status| status.word()),
            trust: picture.trust().ok().map(|trust| trust.map(|trust| trust.uid)),
            federation: picture.federation().ok().map(|federation| federation.is_some()),
            listed,
        })
    }

    pub fn place(&self) -> Place<'_> {
        Place {
            urn: self.listed.urn,
            formerly: &self.formerly,
            la: self.listed.la.as_deref().ok(),
            postcode: self.postcode.as_deref(),
            phase: self.listed.phase.as_deref().ok(),
            legal: self.legal,
        }
    }
}

/// Numbers that the same school had before, by plain succession only.
fn formerly(asker: &Asker<'_>, urn: Urn, picture: &Picture<'_>) -> Result<Vec<Urn>, EngineError> {
    let mut found = Vec::new();
    let mut next = picture.predecessor().unique();
    while let Some(before) = next.filter(|before| *before != urn && !found.contains(before) && found.len() < DEEPEST) {
        found.push(before);
        let history = asker.history(before)?;
        next = asker.picture(&history).predecessor().unique();
    }
    Ok(found)
}

/// Sizes of trusts, each counted once.
#[derive(Default)]
pub struct Sizes(BTreeMap<String, Option<u32>>);

impl Sizes {
    /// A school's ties on a day, without those that a partnership's own file writes.
    pub fn ties<'s>(&mut self, asker: &'s Asker<'_>, placed: &'s Placed, on: Date) -> Result<Ties<'s>, EngineError> {
        let trust = match &placed.trust {
            None => TrustTie::Unknown,
            Some(None) => TrustTie::None,
            Some(Some(uid)) => TrustTie::Of(match self.0.get(uid) {
                Some(size) => *size,
                None => {
                    let size = asker.open_in_trust(uid)?;
                    self.0.insert(uid.clone(), size);
                    size
                }
            }),
        };
        Ok(Ties {
            trust,
            federation: placed.federation,
            roll: placed.listed.pupils.ok(),
            alliances: asker.setup.alliances.titles(&placed.place(), on),
            relationships: Vec::new(),
        })
    }
}

/// Who looks after a school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LookedAfter {
    pub partnership: String,
    pub title: String,
    /// Whether its file is an invented example.
    pub example: bool,
    pub held: HeldView,
    pub sub_areas: Vec<PartView>,
    pub boards: Vec<PartView>,
}

/// Held by what, or what is missing to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldView {
    /// In words; null where it is not known.
    pub by: Option<String>,
    /// What is not known of the school.
    pub not_known: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartView {
    pub id: String,
    pub title: String,
    pub held: HeldView,
}

impl HeldView {
    pub fn of(holds: &Holds) -> HeldView {
        match holds {
            Holds::Yes(by) => HeldView { by: Some(by.clone()), not_known: Vec::new() },
            Holds::No => HeldView { by: None, not_known: Vec::new() },
            Holds::Unknown(what) => HeldView { by: None, not_known: what.clone() },
        }
    }
}

/// Every partnership that looks after a school, or may do so, on a day.
pub fn looked_after(asker: &Asker<'_>, place: &Place<'_>, on: Date) -> Vec<LookedAfter> {
    let part =
        |id: &str, title: &str, holds: &Holds| PartView { id: id.to_owned(), title: title.to_owned(), held: HeldView::of(holds) };
    let found = asker.setup.partnerships.of(place, on).into_iter().map(|(one, holds)| LookedAfter {
        partnership: one.id.clone(),
        title: one.title.clone(),
        example: one.example,
        held: HeldView::of(&holds),
        sub_areas: one.sub_areas_of(place, on).iter().map(|(area, holds)| part(&area.id, &area.title, holds)).collect(),
        boards: one.boards_for(place, on).iter().map(|(board, holds)| part(&board.id, &board.title, holds)).collect(),
    });
    found.collect()
}
