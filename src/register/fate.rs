//! Whether a school is open, and how it ended if it is not.

use super::day;
use super::field::Field;
use super::legal::{self, LegalStatus};
use super::lineage::{How, Side, Succession};
use super::picture::Picture;
use crate::model::{Missing, RegisterKind, Urn};

/// Where an establishment stands in its life, as far as the register says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    Unknown,
    ProposedToOpen,
    Open,
    ProposedToClose,
    Closed(End),
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// No link says who comes after.
    NoSuccessor,
    /// It goes on under one other number.
    SucceededBy(Urn),
    /// Into one or more others, by a merger or an amalgamation.
    Merged(Vec<Urn>),
    /// Into several.
    Split(Vec<Urn>),
    /// A row about who comes after could not be trusted.
    NotKnown,
}

pub fn of(picture: &Picture<'_>) -> Fate {
    match picture.text(Field::Status).as_deref() {
        Ok("open") => Fate::Open,
        Ok("open-but-proposed-to-close") => Fate::ProposedToClose,
        Ok("proposed-to-open") => Fate::ProposedToOpen,
        Ok("closed") => Fate::Closed(match picture.successor() {
            Succession::None => End::NoSuccessor,
            Succession::NotKnown(_) => End::NotKnown,
            Succession::Unique(urn) => End::SucceededBy(urn),
            Succession::NotUnique(urns, How::Merged | How::Amalgamated) => End::Merged(urns),
            Succession::NotUnique(urns, How::Split | How::Plain | How::Other) => End::Split(urns),
        }),
        _ => Fate::Unknown,
    }
}

impl Fate {
    pub fn is_open(&self) -> bool {
        matches!(self, Fate::Open | Fate::ProposedToClose)
    }
}

impl End {
    pub fn others(&self) -> &[Urn] {
        match self {
            End::NoSuccessor | End::NotKnown => &[],
            End::SucceededBy(urn) => std::slice::from_ref(urn),
            End::Merged(urns) | End::Split(urns) => urns,
        }
    }
}

/// Whether it is an academy in law; none if that cannot be told.
pub fn is_academy(picture: &Picture<'_>) -> Option<bool> {
    let (kind, group) = (picture.text(Field::Type), picture.text(Field::TypeGroup));
    let status =
        legal::legal_status(kind.as_deref().map_err(|why| *why), Err(Missing::NoColumn), group.as_deref().map_err(|why| *why));
    status.ok().map(|status| status == LegalStatus::Academy)
}

/// The news that an end is, and its sentence. `successor` is the one other, where there is one.
pub fn ended(end: &End, picture: &Picture<'_>, successor: Option<&Picture<'_>>) -> (RegisterKind, String) {
    let closed = match picture.date(Field::CloseDate) {
        Ok(date) => format!("closed on {}", day::words(date)),
        Err(_) => "is closed, and the register does not say since when".to_owned(),
    };
    let called = |urn: &Urn| {
        let known = picture.links().into_iter().find(|link| link.other == *urn && link.side == Side::After);
        match known.and_then(|link| picture.link_name(&link)) {
            Some(name) => format!("{name} ({urn})"),
            None => urn.to_string(),
        }
    };
    let list = |urns: &[Urn]| urns.iter().map(called).collect::<Vec<_>>().join(", ");
    match end {
        End::NoSuccessor => (RegisterKind::Closed, format!("{closed}; no successor is known")),
        End::NotKnown => (RegisterKind::Closed, format!("{closed}; who comes after could not be read from the links")),
        End::SucceededBy(urn) => {
            let academised = is_academy(picture) == Some(false) && successor.and_then(is_academy) == Some(true);
            if academised {
                (RegisterKind::BecameAcademy, format!("{closed} and goes on as the academy {}", called(urn)))
            } else {
                (RegisterKind::Succeeded, format!("{closed} and goes on as {}", called(urn)))
            }
        }
        End::Merged(urns) => (RegisterKind::Merged, format!("{closed} and was merged into {}", list(urns))),
        End::Split(urns) => (RegisterKind::Split, format!("{closed} and was succeeded by {}", list(urns))),
    }
}
