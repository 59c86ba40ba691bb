//! News about who is who, and supportive notices, as they leave the house.
//!
//! They share the log, the order and the evidence with alerts about concerns, and nothing else: no
//! state, no severity, no rule. Their types begin with `headwater.register.` and
//! `headwater.notice.`, so that nobody counts them as concerns.

use jiff::civil::Date;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::cloud_event::{self, Head};
use super::envelope::{EvidenceView, SchoolView, evidence};
use crate::model::evidence::Clause;
use crate::model::{Cause, Evidence, Figure, NoticeKind, Urn, Verdict};
use crate::register::events::What;

/// One piece of news before it gets its place in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct News {
    pub what: What,
    pub cause: Cause,
    pub urn: Urn,
    /// The day of the register that it is about.
    pub about: Date,
    /// A sentence without its subject.
    pub says: String,
    /// The establishments that it also is about.
    pub others: Vec<Urn>,
    /// The partnership whose file asked for it, for notices of isolation and coverage.
    pub partnership: Option<String>,
    /// Each thing looked at, with the cells.
    pub evidence: Evidence,
}

/// What a piece of news does not know itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Around<'a> {
    pub source: &'a str,
    pub school_name: Option<&'a str>,
    pub la: Option<&'a str>,
    pub predecessor: Option<Urn>,
    pub published: Date,
    pub seq: i64,
    pub recorded: jiff::Timestamp,
}

#[derive(Serialize)]
struct Data<'a> {
    class: &'a str,
    kind: &'a str,
    title: &'a str,
    cause: &'a str,
    about: String,
    because: Vec<String>,
    school: SchoolView<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partnership: Option<&'a str>,
    /// Who it is for: supportive notices are for those who can help, and for nobody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    audience: Option<&'a str>,
    evidence: EvidenceView<'a>,
}

impl News {
    /// As evidence: what was said before and what is said now.
    pub fn clause(says: &str, figures: Vec<Figure>) -> Evidence {
        Evidence { clauses: vec![Clause { says: says.to_owned(), verdict: Verdict::Met, depth: 0, figures }] }
    }

    /// `register` or `notice`.
    pub fn class(&self) -> &'static str {
        match self.what {
            What::Register(_) => "register",
            What::Notice(_) => "notice",
        }
    }

    pub fn word(&self) -> &'static str {
        match self.what {
            What::Register(kind) => kind.word(),
            What::Notice(kind) => kind.word(),
        }
    }

    /// `headwater.register.joined_trust.v1`.
    pub fn event_type(&self) -> String {
        format!("headwater.{}.{}.v1", self.class(), self.word())
    }

    /// The first 32 hexadecimal digits of SHA-256 over school, kind, place in the log and what is said.
    pub fn id(&self, seq: i64) -> String {
        let text = format!("{}\n{}\n{seq}\n{}\n{}", self.urn, self.event_type(), self.about, self.says);
        let mut id = hex::encode(Sha256::digest(text.as_bytes()));
        id.truncate(32);
        id
    }

    /// The event as one line of JSON.
    pub fn envelope(&self, around: &Around<'_>) -> String {
        let head = Head {
            id: self.id(around.seq),
            source: around.source,
            kind: self.event_type(),
            urn: self.urn,
            published: around.published,
            seq: around.seq,
            recorded: around.recorded,
        };
        let data = Data {
            class: self.class(),
            kind: self.word(),
            title: title(self.what),
            cause: self.cause.word(),
            about: self.about.to_string(),
            because: vec![self.says.clone()],
            school: SchoolView {
                urn: self.urn.get(),
                name: around.school_name,
                la: around.la,
                predecessor: around.predecessor.map(Urn::get),
            },
            others: self.others.iter().map(|urn| urn.get()).collect(),
            partnership: self.partnership.as_deref(),
            audience: matches!(self.what, What::Notice(_)).then_some("support"),
            evidence: evidence(&self.evidence),
        };
        cloud_event::write(&head, &data)
    }
}

/// What an officer calls it.
pub fn title(what: What) -> &'static str {
    use crate::model::RegisterKind as K;
    match what {
        What::Register(kind) => match kind {
            K::Opened => "Opened",
            K::Listed => "New in the register",
            K::ProposedToOpen => "Proposed to open",
            K::ProposedToClose => "Proposed to close",
            K::StaysOpen => "No longer proposed to close",
            K::Closed => "Closed",
            K::OpenAgain => "Open again",
            K::BecameAcademy => "Became an academy",
            K::Succeeded => "Goes on under another number",
            K::Merged => "Merged",
            K::Split => "Succeeded by several",
            K::JoinedTrust => "Joined a trust",
            K::LeftTrust => "Left its trust",
            K::MovedTrust => "Moved to another trust",
            K::Federated => "Joined a federation",
            K::LeftFederation => "Left its federation",
            K::MovedFederation => "Moved to another federation",
            K::AuthorityChanged => "Belongs to another local authority",
            K::Renamed => "Has a new name",
        },
        What::Notice(kind) => match kind {
            NoticeKind::NewHead => "New head",
            NoticeKind::HeadVacancy => "Headship vacant",
            NoticeKind::Isolated => "Few ties to other schools",
            NoticeKind::NoLongerIsolated => "Tied to other schools again",
            NoticeKind::CoverageGap => "Nobody is known to work with the school",
            NoticeKind::Covered => "Somebody works with the school again",
        },
    }
}
