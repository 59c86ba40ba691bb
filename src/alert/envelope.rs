//! What leaves the house: a CloudEvent 1.0 in JSON, one line, keys always in the same order.
//!
//! The structs here are the contract with subscribers, apart from the model on purpose. Fields
//! may be added; none is renamed or dropped without a new `type`. The id is the same on every
//! channel and in every replay: it is derived from the concern, the kind of news, its place in
//! the log and the evidence.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::cloud_event::{self, Head};
use super::fingerprint;
use crate::model::concern::ConcernState;
use crate::model::evidence::{Citation, Clause};
use crate::model::{Alert, AlertKind, Evidence, Figure, Urn};

/// What an alert does not know itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting<'a> {
    /// CloudEvents `source`: a URI reference of this installation.
    pub source: &'a str,
    pub rule_title: &'a str,
    pub rule_source: &'a str,
    pub school_name: Option<&'a str>,
    /// Local authority code.
    pub la: Option<&'a str>,
    /// The school's only predecessor.
    pub predecessor: Option<Urn>,
    /// Who is spoken to first and what can be done, by the school's legal status.
    pub pathway: Option<PathwayView<'a>>,
    /// Day on which the release that made the news was published.
    pub published: Date,
    /// Place in the log.
    pub seq: i64,
    /// When it was written there.
    pub recorded: Timestamp,
}

#[derive(Serialize)]
struct Data<'a> {
    concern: &'a str,
    rule: RuleView<'a>,
    kind: &'a str,
    cause: &'a str,
    state_before: Option<&'a str>,
    state_after: &'a str,
    verdict: &'a str,
    severity: Option<String>,
    about: &'a str,
    because: &'a [String],
    school: SchoolView<'a>,
    /// The school whose figures were looked at, where it is not the subject itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    figures_of: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pathway: Option<PathwayView<'a>>,
    evidence: EvidenceView<'a>,
}

/// What the legal status of the school makes possible (LP-12).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PathwayView<'a> {
    pub id: &'a str,
    /// Who is spoken with first: `school` or `trust`, say.
    pub first_addressee: &'a str,
    /// What is done about support: `arrange`, `offer` or `ask`.
    pub verb: &'a str,
    pub says: &'a str,
    /// Whether formal steps of the local authority are open.
    pub formal_steps: bool,
}

#[derive(Serialize)]
struct RuleView<'a> {
    id: &'a str,
    version: u32,
    title: &'a str,
    source: &'a str,
}

#[derive(Serialize)]
pub(super) struct SchoolView<'a> {
    pub urn: u32,
    pub name: Option<&'a str>,
    pub la: Option<&'a str>,
    /// The one establishment that it takes the place of, where there is exactly one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predecessor: Option<u32>,
}

#[derive(Serialize)]
pub(super) struct EvidenceView<'a> {
    clauses: Vec<ClauseView<'a>>,
}

#[derive(Serialize)]
struct ClauseView<'a> {
    says: &'a str,
    verdict: &'a str,
    depth: u8,
    figures: Vec<FigureView<'a>>,
}

#[derive(Serialize)]
struct FigureView<'a> {
    measure: &'a str,
    title: &'a str,
    period: &'a str,
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cohort: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interval: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cite: Option<CiteView<'a>>,
}

#[derive(Serialize)]
struct CiteView<'a> {
    release: i64,
    release_name: &'a str,
    file: &'a str,
    row: u32,
    column: &'a str,
    raw: &'a str,
    urn: Option<u32>,
}

/// The event as one line of JSON.
pub fn envelope(alert: &Alert, setting: &Setting<'_>) -> String {
    let head = Head {
        id: id(alert, setting.seq),
        source: setting.source,
        kind: event_type(alert.kind),
        urn: alert.urn,
        published: setting.published,
        seq: setting.seq,
        recorded: setting.recorded,
    };
    cloud_event::write(&head, &data(alert, setting))
}

/// The first 32 hexadecimal digits of SHA-256 over concern, kind, place in the log and evidence.
pub fn id(alert: &Alert, seq: i64) -> String {
    let evidence = fingerprint::of(alert.verdict, alert.severity, &alert.about, &alert.evidence);
    let text = format!("{}\n{}\n{seq}\n{evidence}", alert.concern, alert.kind);
    let mut id = hex::encode(Sha256::digest(text.as_bytes()));
    id.truncate(32);
    id
}

/// `headwater.concern.raised.v1`.
pub fn event_type(kind: AlertKind) -> String {
    format!("headwater.concern.{kind}.v1")
}

fn data<'a>(alert: &'a Alert, setting: &Setting<'a>) -> Data<'a> {
    Data {
        concern: &alert.concern,
        rule: RuleView { id: &alert.rule, version: alert.rule_version, title: setting.rule_title, source: setting.rule_source },
        kind: alert.kind.word(),
        cause: alert.cause.word(),
        state_before: alert.before.map(state),
        state_after: state(alert.after),
        verdict: verdict(alert.verdict),
        severity: alert.severity.map(|severity| severity.to_string()),
        about: &alert.about,
        because: &alert.because,
        school: SchoolView {
            urn: alert.urn.get(),
            name: setting.school_name,
            la: setting.la,
            predecessor: setting.predecessor.map(Urn::get),
        },
        figures_of: (alert.asked != alert.urn).then(|| alert.asked.get()),
        pathway: setting.pathway,
        evidence: evidence(&alert.evidence),
    }
}

pub(super) fn evidence(evidence: &Evidence) -> EvidenceView<'_> {
    EvidenceView { clauses: evidence.clauses.iter().map(clause).collect() }
}

fn clause(clause: &Clause) -> ClauseView<'_> {
    ClauseView {
        says: &clause.says,
        verdict: verdict(clause.verdict),
        depth: clause.depth,
        figures: clause.figures.iter().map(figure).collect(),
    }
}

fn figure(figure: &Figure) -> FigureView<'_> {
    FigureView {
        measure: &figure.measure,
        title: &figure.title,
        period: &figure.period,
        value: &figure.value,
        missing: figure.missing.as_deref(),
        cohort: figure.cohort.as_deref(),
        interval: figure.interval.as_deref(),
        cite: figure.cite.as_ref().map(cite),
    }
}

fn cite(cite: &Citation) -> CiteView<'_> {
    CiteView {
        release: cite.release,
        release_name: &cite.release_name,
        file: &cite.file,
        row: cite.row,
        column: &cite.column,
        raw: &cite.raw,
        urn: cite.urn,
    }
}

fn state(state: ConcernState) -> &'static str {
    match state {
        ConcernState::Open => "open",
        ConcernState::Unknown => "unknown",
        ConcernState::Resolved => "resolved",
        ConcernState::Withdrawn => "withdrawn",
    }
}

fn verdict(verdict: crate::model::Verdict) -> &'static str {
    match verdict {
        crate::model::Verdict::Met => "met",
        crate::model::Verdict::NotMet => "not_met",
        crate::model::Verdict::Unknown => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Severity;
    use crate::model::{Cause, Evidence, Urn, Verdict};

    fn alert() -> Alert {
        let cite = Citation {
            release: 7,
            release_name: "ks4 2016/17 final v1".into(),
            file: "ab".repeat(32),
            row: 17,
            column: "P8MEA".into(),
            raw: "-0.51".into(),
            urn: Some(900_001),
        };
        let figure = Figure {
            measure: "ks4.p8".into(),
            title: "Progress 8 score".into(),
            period: "2016/17".into(),
            value: "-0.51".into(),
            missing: None,
            cohort: Some("173".into()),
            interval: Some("-0.67 to -0.35".into()),
            cite: Some(cite),
        };
        Alert {
            kind: AlertKind::Raised,
            cause: Cause::NewRelease,
            concern: "ks4-floor-2016/900001".into(),
            rule: "ks4-floor-2016".into(),
            rule_version: 1,
            urn: Urn::try_from(900_001).unwrap(),
            asked: Urn::try_from(900_001).unwrap(),
            before: None,
            after: ConcernState::Open,
            verdict: Verdict::Met,
            severity: Some(Severity::Serious),
            about: "2016/17".into(),
            because: vec!["Progress 8 score in 2016/17 is -0.51, below -0.5".into()],
            evidence: Evidence {
                clauses: vec![Clause {
                    says: "Progress 8 score is below -0.5".into(),
                    verdict: Verdict::Met,
                    depth: 0,
                    figures: vec![figure],
                }],
            },
        }
    }

    fn setting() -> Setting<'static> {
        Setting {
            source: "urn:headwater",
            rule_title: "Below the KS4 floor standard",
            rule_source: "DfE, 2016",
            school_name: Some("Ottermouth Academy"),
            la: Some("990"),
            predecessor: None,
            pathway: None,
            published: jiff::civil::date(2018, 1, 25),
            seq: 42,
            recorded: "2018-01-25T09:30:00Z".parse().unwrap(),
        }
    }

    /// Subscribers hold this text: a change here is a change of contract.
    #[test]
    fn the_event_reads_as_agreed() {
        let line = envelope(&alert(), &setting());
        assert!(!line.contains('\n'));
        let pretty: serde_json::Value = serde_json::from_str(&line).unwrap();
        insta::assert_json_snapshot!("raised", pretty);
    }

    #[test]
    fn two_runs_give_equal_bytes_and_another_place_another_id() {
        assert_eq!(envelope(&alert(), &setting()), envelope(&alert(), &setting()));
        assert_ne!(id(&alert(), 42), id(&alert(), 43));
        assert_ne!(id(&alert(), 42), id(&Alert { kind: AlertKind::Changed, ..alert() }, 42));
        assert_eq!(id(&alert(), 42).len(), 32);
    }
}
