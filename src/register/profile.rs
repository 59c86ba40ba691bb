//! What a trust is like on a day: size, mix, spread and age (RP-13, DS-06).
//!
//! A description, not a verdict. Explanations for how trusts do are complex (W7) and averages hide
//! what is within (W17): so there is no score and no rank here, every share comes with the number
//! it is a share of, and what is not known is counted beside what is.

mod age;
mod mix;
mod tally;

use jiff::civil::Date;

pub use age::{Age, AgeBand, DatedBy};
pub use mix::{NoPhaseMix, PHASE_MIX_RULE, PhaseMix};
pub use tally::{Share, Tally};

use super::legal::{Kind, Unclear};
use super::listed::{Joined, Known, Listed, Status};
use super::size::{Band, NoBand, SizeScheme};
use super::spread::{Metres, Spread};

/// What the register of groups says about a trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupFacts {
    pub uid: String,
    pub name: Known<String>,
    /// `Multi-academy trust`, `Single-academy trust` … as the register has it.
    pub kind: Known<String>,
    pub status: Known<String>,
    pub opened: Known<Date>,
    pub incorporated: Known<Date>,
    pub companies_house: Known<String>,
}

/// A trust on a day. All but `size` is about the schools that are known to be open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub group: GroupFacts,
    pub as_of: Date,
    pub size: Size,
    pub phases: Tally<String>,
    /// By [`PHASE_MIX_RULE`].
    pub phase_mix: Result<PhaseMix, NoPhaseMix>,
    /// How the schools became academies, and those that are none.
    pub kinds: Tally<Kind, Unclear>,
    /// By code of the local authority.
    pub authorities: Tally<String>,
    pub regions: Tally<String>,
    pub spread: Spread,
    /// Since when the schools have been in the trust.
    pub joined: Tally<Joined>,
    pub age: Known<Age>,
}

/// How many schools a trust has, and what that is called under one scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Size {
    /// Open schools, those proposed to close among them.
    pub open: u32,
    /// Of the open ones, those proposed to close.
    pub closing: u32,
    pub proposed: u32,
    pub closed: u32,
    /// Schools of which it is not known whether they are open.
    pub status_not_known: u32,
    /// Id of the scheme that gave the band.
    pub scheme: String,
    /// From the open schools; unsettled where the schools of unknown status could change it.
    pub band: Result<Band, NoBand>,
}

impl Profile {
    /// From the schools that the register has in the trust on the day. `within` is the distance at
    /// which two schools count as neighbours.
    pub fn of(group: GroupFacts, schools: &[Listed], as_of: Date, scheme: &SizeScheme, within: Metres) -> Profile {
        let open: Vec<&Listed> = schools.iter().filter(|school| school.status.is_ok_and(|status| status.is_open())).collect();
        let phases = Tally::of(open.iter().map(|school| school.phase.clone()));
        Profile {
            as_of,
            size: Size::of(schools, scheme),
            phase_mix: mix::label(&phases),
            phases,
            kinds: Tally::of(open.iter().map(|school| school.legal_type().map(|legal| legal.kind))),
            authorities: Tally::of(open.iter().map(|school| school.la.clone())),
            regions: Tally::of(open.iter().map(|school| school.region.clone())),
            spread: Spread::of(&open, within),
            joined: Tally::of(open.iter().map(|school| school.joined)),
            age: Age::of(&group, as_of),
            group,
        }
    }
    /// Academies that chose to become one (ME-07).
    pub fn converters(&self) -> Share {
        self.kinds.share(|kind| *kind == Kind::Converter)
    }

    /// Academies that a sponsor took over (ME-07).
    pub fn sponsored(&self) -> Share {
        self.kinds.share(|kind| *kind == Kind::Sponsored)
    }

    /// Free schools and all others that are neither of the two.
    pub fn neither_converter_nor_sponsored(&self) -> Share {
        self.kinds.share(|kind| !matches!(kind, Kind::Converter | Kind::Sponsored))
    }

    /// Open schools that joined after `day`. Where it is only known by when a school had joined,
    /// and that is after `day`, it is not known.
    pub fn joined_after(&self, day: Date) -> Share {
        let on = |joined: &Joined| matches!(joined, Joined::On(date) if *date > day);
        let by = |joined: &Joined| matches!(joined, Joined::By(date) if *date > day);
        let (certain, open) = (self.joined.share(on), self.joined.share(by));
        Share { count: certain.count, of: certain.of - open.count, not_known: certain.not_known + open.count }
    }
}

impl Size {
    fn of(schools: &[Listed], scheme: &SizeScheme) -> Size {
        let status = Tally::of(schools.iter().map(|school| school.status));
        let closing = status.count(&Status::Closing);
        let open = status.count(&Status::Open) + closing;
        let status_not_known = status.not_known_total();
        Size {
            open,
            closing,
            proposed: status.count(&Status::ProposedToOpen),
            closed: status.count(&Status::Closed),
            status_not_known,
            scheme: scheme.id.clone(),
            band: scheme.band_between(open, open.saturating_add(status_not_known)).cloned(),
        }
    }
}

#[cfg(test)]
mod tests;
