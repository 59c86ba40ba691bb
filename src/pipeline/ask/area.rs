//! One area: the schools of a local authority, or of a part of a partnership, on a day.

use std::collections::BTreeMap;

use serde::Serialize;

use super::brief::Brief;
use super::told::{Counts, Told};
use super::{AskError, Asker};
use crate::model::{ConcernState, Missing, Urn, Verdict};
use crate::pipeline::EngineError;
use crate::register::authority::Authority;
use crate::register::profile::Tally;
use crate::store::{concerns, postings};

/// The answer about one area.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AreaView {
    /// Three-digit code, or `partnership/sub-area`.
    pub code: String,
    pub name: Told<String>,
    /// The authority, where the area is one of those that are on file.
    pub authority: Option<Authority>,
    pub on: Option<String>,
    pub as_of: Option<String>,
    pub day: Option<String>,
    pub open: u32,
    /// Schools last said to be here of which it is not known whether they are open.
    pub status_not_known: u32,
    /// Open schools of which it is not known whether they are here.
    pub may_be_here: u32,
    /// Of the open schools.
    pub phases: Counts,
    pub legal_statuses: Counts,
    pub trusts: Vec<TrustHere>,
    /// Open schools whose trust is not known; not those that are known to be in none.
    pub trust_not_known: u32,
    pub in_no_trust: u32,
    /// As they stand today, whatever the day asked about.
    pub concerns: Vec<RuleHere>,
    pub schools: Vec<SchoolHere>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrustHere {
    pub uid: String,
    pub name: Option<String>,
    /// Open schools in this area.
    pub schools: u32,
}

/// One rule over the open schools of the area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleHere {
    pub rule: String,
    pub title: Option<String>,
    /// Concerns that are open.
    pub open: u32,
    /// Concerns whose evidence is gone: neither fine nor confirmed.
    pub evidence_gone: u32,
    /// Schools that could not be assessed.
    pub not_assessed: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SchoolHere {
    pub urn: Urn,
    pub name: Told<String>,
    pub status: Told<String>,
    pub phase: Told<String>,
    pub legal_status: Told<String>,
    /// UID; null with a reason where it is in none or not known.
    pub trust: Told<String>,
    /// Rules under which a concern is open.
    pub concerns: Vec<String>,
}

/// The area `code`: a three-digit code, a code of the Office for National Statistics, or
/// `partnership/sub-area`.
///
/// # Errors
/// If there is no such area; names the nearest.
pub fn area(asker: &Asker<'_>, code: &str) -> Result<AreaView, AskError> {
    let code = code.trim();
    if let Some((partnership, part)) = code.split_once('/') {
        return super::partnership::sub_area(asker, partnership, part);
    }
    let authority = asker.setup.authorities.find(code);
    let three = authority.map_or(code, |authority| &authority.code);
    let urns = postings::get(asker.db, postings::Kind::Authority, three)?;
    if authority.is_none() && urns.is_empty() {
        let near = asker.setup.authorities.nearest(code);
        let hint = near.map_or_else(
            || "ask with a three-digit code such as 886 or a code such as E10000016".to_owned(),
            |near| format!("did you mean {} {}?", near.code, near.name),
        );
        return Err(AskError::Nothing(format!("there is no local authority `{code}`: {hint}")));
    }
    let mut here = Here::default();
    for urn in urns.into_iter().filter_map(|urn| Urn::try_from(urn).ok()) {
        let Some(brief) = asker.brief(urn)? else { continue };
        match &brief.listed.la {
            Ok(la) if la == three => here.school(asker, brief)?,
            Ok(_) => {}
            // gone from the register, or its row set aside: it was last said to be here
            Err(_) => here.vanished(asker, urn, three)?,
        }
    }
    here.into_view(
        asker,
        three.to_owned(),
        Told::of(authority.map(|one| one.name.clone()).ok_or(Missing::NotAvailable)),
        authority.cloned(),
    )
}

/// An area while its schools are gone through.
#[derive(Default)]
pub(super) struct Here {
    briefs: Vec<Brief>,
    status_not_known: u32,
    may_be_here: u32,
    rules: BTreeMap<String, RuleHere>,
    open_rules: BTreeMap<Urn, Vec<String>>,
}

impl Here {
    /// Takes in a school that is open on the day, or of which that is not known.
    pub(super) fn school(&mut self, asker: &Asker<'_>, brief: Brief) -> Result<(), EngineError> {
        match brief.listed.status {
            Ok(_) => {
                self.concerns(asker, brief.listed.urn)?;
                self.briefs.push(brief);
            }
            Err(_) => self.status_not_known += 1,
        }
        Ok(())
    }

    fn vanished(&mut self, asker: &Asker<'_>, urn: Urn, la: &str) -> Result<(), EngineError> {
        let history = asker.register_only(urn)?;
        let last = crate::register::Picture::last_said(&history, &asker.lens, super::ALL);
        let closed = last.text(crate::register::Field::Status).is_ok_and(|status| status == "closed");
        let here = last.text(crate::register::Field::La).is_ok_and(|code| code == la);
        let begun = asker.picture(&history).listing() != crate::register::Listing::Never;
        self.status_not_known += u32::from(here && !closed && begun);
        Ok(())
    }

    /// Counts an open school of which it is not known whether it is here.
    pub(super) fn maybe(&mut self) {
        self.may_be_here += 1;
    }

    pub(super) fn into_rules(self) -> Vec<RuleHere> {
        self.rules.into_values().collect()
    }

    pub(super) fn concerns(&mut self, asker: &Asker<'_>, urn: Urn) -> Result<(), EngineError> {
        for concern in concerns::of_school(asker.db, urn)?.into_iter().filter(crate::model::Concern::is_alive) {
            let rule = self.rule(asker, &concern.rule);
            if concern.state == ConcernState::Open {
                rule.open += 1;
                self.open_rules.entry(urn).or_default().push(concern.rule);
            } else {
                rule.evidence_gone += 1;
            }
        }
        for answer in concerns::outcomes_of_school(asker.db, urn)? {
            if answer.verdict == Verdict::Unknown {
                self.rule(asker, &answer.rule).not_assessed += 1;
            }
        }
        Ok(())
    }

    fn rule(&mut self, asker: &Asker<'_>, id: &str) -> &mut RuleHere {
        self.rules.entry(id.to_owned()).or_insert_with(|| RuleHere {
            rule: id.to_owned(),
            title: asker.setup.rules.rules().find(|rule| rule.id == id).map(|rule| rule.title.clone()),
            open: 0,
            evidence_gone: 0,
            not_assessed: 0,
        })
    }

    pub(super) fn into_view(
        self,
        asker: &Asker<'_>,
        code: String,
        name: Told<String>,
        authority: Option<Authority>,
    ) -> Result<AreaView, AskError> {
        let briefs = &self.briefs;
        let mut trusts: BTreeMap<&str, TrustHere> = BTreeMap::new();
        for (uid, name) in briefs.iter().filter_map(|brief| brief.trust.as_ref().ok()?.as_ref()) {
            let here = trusts.entry(uid).or_insert_with(|| TrustHere { uid: uid.clone(), name: None, schools: 0 });
            here.schools += 1;
            here.name = here.name.take().or_else(|| name.clone());
        }
        let mut trusts: Vec<TrustHere> = trusts.into_values().collect();
        trusts.sort_by(|one, two| two.schools.cmp(&one.schools).then_with(|| one.uid.cmp(&two.uid)));
        let count =
            |counts: fn(&Brief) -> bool| u32::try_from(briefs.iter().filter(|brief| counts(brief)).count()).unwrap_or(u32::MAX);
        Ok(AreaView {
            code,
            name,
            authority,
            on: asker.when.on.map(|day| day.to_string()),
            as_of: asker.when.as_of.map(|day| day.to_string()),
            day: asker.day()?.map(|day| day.to_string()),
            open: count(|_| true),
            status_not_known: self.status_not_known,
            may_be_here: self.may_be_here,
            phases: Counts::of(&Tally::of(briefs.iter().map(|brief| brief.listed.phase.clone())), String::clone),
            legal_statuses: Counts::of(&Tally::of(briefs.iter().map(|brief| brief.listed.legal_status())), |status| {
                status.word().to_owned()
            }),
            trust_not_known: count(|brief| brief.trust.is_err()),
            in_no_trust: count(|brief| matches!(brief.trust, Ok(None))),
            trusts,
            schools: briefs.iter().map(|brief| school(brief, &self.open_rules)).collect(),
            concerns: self.rules.into_values().collect(),
        })
    }
}

fn school(brief: &Brief, open_rules: &BTreeMap<Urn, Vec<String>>) -> SchoolHere {
    let listed = &brief.listed;
    let trust = match &brief.trust {
        Ok(Some((uid, _))) => Ok(uid.clone()),
        Ok(None) => Err(Missing::NotApplicable),
        Err(why) => Err(*why),
    };
    SchoolHere {
        urn: listed.urn,
        name: Told::of(listed.name.clone()),
        status: Told::of(listed.status.map(|status| status.word().to_owned())),
        phase: Told::of(listed.phase.clone()),
        legal_status: Told::of(listed.legal_status().map(|status| status.word().to_owned())),
        trust: Told::of(trust),
        concerns: open_rules.get(&listed.urn).cloned().unwrap_or_default(),
    }
}
