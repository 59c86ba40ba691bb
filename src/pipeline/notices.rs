//! Isolation and coverage → supportive notices, for the partnerships that ask for them (TS-08, LP-18, US-L5).
//!
//! A notice says that something stands, once, and once that it has ended. What cannot be told
//! neither begins nor ends one. It is no concern and is counted as none; it is for those who help.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rusqlite::Connection;

use super::ask::place::{Placed, Sizes};
use super::ask::{Asker, When, partnership};
use super::chronicle::Chronicle;
use super::engine::EngineError;
use super::reassess::Work;
use crate::alert::News;
use crate::model::evidence::Clause;
use crate::model::{Cause, Evidence, NoticeKind, Urn, Verdict};
use crate::partnership::{Answer, Component, Holds, Indicator, Partnership, coverage_gap, isolated};
use crate::register::cite::{self, Releases};
use crate::register::events::What;
use crate::register::legal::LegalStatus;
use crate::register::{Field, Picture};
use crate::store::notices;

/// One of the two questions: the notice that stands, and the one that says it has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    pub stands: NoticeKind,
    pub ended: NoticeKind,
}

pub const QUESTIONS: [Question; 2] = [
    Question { stands: NoticeKind::Isolated, ended: NoticeKind::NoLongerIsolated },
    Question { stands: NoticeKind::CoverageGap, ended: NoticeKind::Covered },
];

/// Asks both questions about every open state-funded school of every partnership that has them. A
/// partnership that is an example shows how such a file looks, and tells nobody anything.
pub fn after_act(db: &Connection, work: &Work<'_>, cause: Cause, chronicle: &mut Chronicle<'_>) -> Result<(), EngineError> {
    let asks = |one: &&Partnership| !one.example && (one.isolation.is_some() || one.coverage.is_some());
    if !work.setup.partnerships.all().any(|one| asks(&one)) {
        return Ok(());
    }
    let asker = Asker::new(db, work.setup, work.measures, When::default())?;
    let Some(on) = asker.day()? else { return Ok(()) };
    let mut sizes = Sizes::default();
    for one in work.setup.partnerships.all().filter(asks) {
        let mut standing = QUESTIONS.map(|_| BTreeSet::new());
        let mut schools = partnership::candidates(&asker, one)?;
        for (question, standing) in QUESTIONS.iter().zip(&mut standing) {
            *standing = notices::standing(db, question.stands.word(), &one.id)?;
            schools.extend(standing.iter().filter_map(|urn| Urn::try_from(*urn).ok()));
        }
        for urn in schools {
            let history = asker.history(urn)?;
            let placed = Placed::of(&asker, urn, &history)?;
            for (question, standing) in QUESTIONS.iter().zip(&standing) {
                let asked = indicator(&asker, one, *question, &placed, on, &mut sizes)?;
                let Some(kind) = told(*question, &asked, standing.contains(&urn.get())) else { continue };
                let releases = asker.cited(&history)?;
                let news = news(one, kind, urn, &asker.picture(&history), &asked, &releases, cause, on);
                let seq = chronicle.next_seq();
                chronicle.news(&news, &history)?;
                if kind == question.stands {
                    notices::put(db, question.stands.word(), &one.id, urn.get(), seq)?;
                } else {
                    notices::end(db, question.stands.word(), &one.id, urn.get())?;
                }
            }
        }
    }
    Ok(())
}

/// What is to be said, if anything, given whether the notice stands already.
fn told(question: Question, asked: &Asked, stands: bool) -> Option<NoticeKind> {
    match asked {
        Asked::Of(indicator) if indicator.verdict == Answer::Yes && !stands => Some(question.stands),
        Asked::Of(indicator) if indicator.verdict == Answer::No && stands => Some(question.ended),
        Asked::NotOf(_) if stands => Some(question.ended),
        _ => None,
    }
}

/// What a question comes to for one school.
pub enum Asked {
    Of(Indicator),
    /// The question is not about it, because.
    NotOf(&'static str),
    /// It cannot be told whether the question is about it.
    Unknown,
}

/// The answer for one school.
pub fn indicator(
    asker: &Asker<'_>,
    one: &Partnership,
    question: Question,
    placed: &Placed,
    on: Date,
    sizes: &mut Sizes,
) -> Result<Asked, EngineError> {
    let place = placed.place();
    let funded = [LegalStatus::Maintained, LegalStatus::Academy, LegalStatus::OtherStateFunded];
    let is_funded = placed.listed.legal_status().map(|status| funded.contains(&status));
    match (placed.listed.status, one.holds(&place, on), is_funded) {
        (Ok(status), ..) if !status.is_open() => return Ok(Asked::NotOf("it is not open any more")),
        (_, Holds::No, _) => return Ok(Asked::NotOf("it is not in the partnership any more")),
        (_, _, Ok(false)) => return Ok(Asked::NotOf("it is not a state-funded school any more")),
        (Ok(_), Holds::Yes(_), Ok(true)) => {}
        _ => return Ok(Asked::Unknown),
    }
    let mut ties = sizes.ties(asker, placed, on)?;
    ties.relationships = one.relationships_of(&place);
    let found = match question.stands {
        NoticeKind::Isolated => one.isolation.as_ref().map(|rule| isolated(rule, &ties, on)),
        _ => one.coverage.as_ref().map(|rule| coverage_gap(rule, &ties, on)),
    };
    Ok(found.map_or(Asked::NotOf("the partnership does not ask this any more"), Asked::Of))
}

/// The notice, with each part of the answer and the cells where the register says it.
pub fn news(
    one: &Partnership,
    kind: NoticeKind,
    urn: Urn,
    picture: &Picture<'_>,
    asked: &Asked,
    releases: &Releases,
    cause: Cause,
    on: Date,
) -> News {
    let wanted = match kind {
        NoticeKind::Isolated | NoticeKind::CoverageGap => Answer::No,
        _ => Answer::Yes,
    };
    let components = if let Asked::Of(indicator) = asked { &indicator.components[..] } else { &[] };
    let parts = components.iter().filter(|part| part.tracked && part.answer == wanted);
    let mut because: Vec<&str> = parts.map(|part| part.because.as_str()).collect();
    let not_of = if let Asked::NotOf(why) = asked { Some(*why) } else { None };
    because.extend(not_of);
    let what = match kind {
        _ if not_of.is_some() => "is asked about no longer",
        NoticeKind::Isolated => "has no ties to other schools",
        NoticeKind::CoverageGap => "nobody is known to work with it",
        NoticeKind::NoLongerIsolated => "has ties to other schools again",
        _ => "somebody works with it again",
    };
    News {
        what: What::Notice(kind),
        cause,
        urn,
        about: on,
        says: format!("{what}, as {} counts that: {}", one.title, because.join("; ")),
        others: Vec::new(),
        partnership: Some(one.id.clone()),
        evidence: Evidence { clauses: components.iter().map(|part| clause(part, picture, urn, releases)).collect() },
    }
}

/// Met where the part is absent, which is what is asked for.
fn clause(part: &Component, picture: &Picture<'_>, urn: Urn, releases: &Releases) -> Clause {
    let field = match part.component {
        "trust" => Some(Field::Trust),
        "federation" => Some(Field::Federation),
        "roll" => Some(Field::Pupils),
        _ => None,
    };
    let tracked = if part.tracked { "" } else { " (not counted here)" };
    Clause {
        says: format!("{}: {}{tracked}", part.component, part.because),
        verdict: match part.answer {
            Answer::No => Verdict::Met,
            Answer::Yes => Verdict::NotMet,
            Answer::Unknown => Verdict::Unknown,
        },
        depth: 0,
        figures: field.and_then(|field| cite::field(picture, field, urn, releases)).into_iter().collect(),
    }
}
