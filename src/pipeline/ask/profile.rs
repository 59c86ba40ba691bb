//! What a trust is like, written out: every share with what it is a share of.

use serde::Serialize;

use super::told::{Counts, ShareView, Told};
use crate::register::listed::Joined;
use crate::register::profile::{Age, PHASE_MIX_RULE, Profile};
use crate::register::size::SizeScheme;
use crate::register::spread::Spread;

/// A description, never a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProfileView {
    /// The day it is about.
    pub as_of: String,
    pub size: SizeView,
    pub phases: Counts,
    pub phase_mix: Told<String>,
    pub phase_mix_rule: &'static str,
    /// How the schools became academies, and those that are none.
    pub kinds: Counts,
    pub converters: ShareView,
    pub sponsored: ShareView,
    /// By code of the local authority.
    pub authorities: Counts,
    pub regions: Counts,
    pub spread: SpreadView,
    /// Schools of which the publisher says on which day they joined, and of which only by when.
    pub joined_on_a_day: u32,
    pub joined_by_a_day: u32,
    pub age: Told<AgeView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SizeView {
    pub open: u32,
    /// Of the open ones, those proposed to close.
    pub closing: u32,
    pub proposed: u32,
    pub closed: u32,
    pub status_not_known: u32,
    /// The scheme that gave the band: another one may give another.
    pub scheme: String,
    pub scheme_title: String,
    pub scheme_source: String,
    pub band: Told<String>,
}

/// Straight lines, in metres.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpreadView {
    pub located: u32,
    pub not_located: u32,
    pub authorities: u32,
    pub authority_not_known: u32,
    /// Null if fewer than two schools are located.
    pub distances: Option<DistancesView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DistancesView {
    pub median_metres: u32,
    /// Neighbours stand no further apart than this.
    pub neighbours_within_metres: u32,
    pub clusters: u32,
    pub largest_cluster: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgeView {
    pub since: String,
    /// `opened` or `incorporated`.
    pub dated_by: String,
    /// Null if it began only after the day.
    pub years: Option<u32>,
    pub band: String,
}

impl ProfileView {
    pub fn of(profile: &Profile, scheme: &SizeScheme) -> ProfileView {
        let joined = |counts: fn(&Joined) -> bool| profile.joined.share(counts).count;
        ProfileView {
            as_of: profile.as_of.to_string(),
            size: SizeView {
                open: profile.size.open,
                closing: profile.size.closing,
                proposed: profile.size.proposed,
                closed: profile.size.closed,
                status_not_known: profile.size.status_not_known,
                scheme: scheme.id.clone(),
                scheme_title: scheme.title.clone(),
                scheme_source: scheme.source.clone(),
                band: Told::of(profile.size.band.clone().map(|band| band.label)),
            },
            phases: Counts::of(&profile.phases, String::clone),
            phase_mix: Told::of(profile.phase_mix.map(|mix| mix.word().to_owned())),
            phase_mix_rule: PHASE_MIX_RULE,
            kinds: Counts::of(&profile.kinds, |kind| kind.word().to_owned()),
            converters: profile.converters().into(),
            sponsored: profile.sponsored().into(),
            authorities: Counts::of(&profile.authorities, String::clone),
            regions: Counts::of(&profile.regions, String::clone),
            spread: SpreadView::of(&profile.spread),
            joined_on_a_day: joined(|joined| matches!(joined, Joined::On(_))),
            joined_by_a_day: joined(|joined| matches!(joined, Joined::By(_))),
            age: Told::of(profile.age.map(AgeView::of)),
        }
    }
}

impl SpreadView {
    fn of(spread: &Spread) -> SpreadView {
        SpreadView {
            located: spread.located,
            not_located: spread.not_located,
            authorities: spread.authorities,
            authority_not_known: spread.authority_not_known,
            distances: spread.distances.map(|found| DistancesView {
                median_metres: found.median.0,
                neighbours_within_metres: found.within.0,
                clusters: found.clusters,
                largest_cluster: found.largest,
            }),
        }
    }
}

impl AgeView {
    fn of(age: Age) -> AgeView {
        let (since, dated_by) = (age.since.to_string(), age.dated_by.to_string());
        AgeView { since, dated_by, years: age.years, band: age.band.to_string() }
    }
}
