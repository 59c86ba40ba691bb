//! All checks of one release together.

use crate::connector::GateSpec;
use crate::faults::{Class, Finding};
use crate::model::{Counts, Measures, Period, Stage};

use super::{Changed, Shape};
use super::{changed, closed, keys, missing, ordered, other_period, quarantine, rows, scale, shift, stale};

/// A release that wants to become current.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    pub dataset: &'a str,
    pub period: Period,
    pub stage: Stage,
    pub counts: &'a Counts,
    pub shape: &'a Shape,
    /// Subjects other than areas, ascending, each once.
    pub keys: &'a [i64],
    /// What was seen while reading and concerns the release as a whole.
    pub alarms: &'a [Finding],
    /// Share of its schools that the register knows to be closed before the period; none if there
    /// is no register.
    pub closed_share: Option<f64>,
    /// Releases of other periods with the share of this one's rows that stand there exactly so.
    pub same_rows: &'a [(Period, f64)],
    /// Of a register, the day that counts now; none if nothing does, and for academic years.
    pub counts_now: Option<Period>,
    /// For each measure with a limit, how many schools have another value than in the release before.
    pub changed: &'a [Changed],
}

/// The release that it would follow: the current one of the same slot, else that of the latest
/// earlier slot. Of a register the one before it in the order of days, else the one after it.
#[derive(Debug, Clone, Copy)]
pub struct Before<'a> {
    pub shape: &'a Shape,
    pub keys: &'a [i64],
    pub period: Period,
    pub stage: Stage,
}

/// What is to be done with a release. Findings say why, the gravest first.
#[derive(Debug, Clone, PartialEq)]
pub enum Judgement {
    Accept,
    /// It waits for a person.
    Hold(Vec<Finding>),
    /// It is not a release of this data set.
    Refuse(Vec<Finding>),
}

impl Judgement {
    /// The judgement that the gravest of `findings` calls for.
    pub fn of(mut findings: Vec<Finding>) -> Judgement {
        findings.retain(|finding| finding.class > Class::Quarantine);
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.class));
        match findings.first().map(|finding| finding.class) {
            None | Some(Class::Quarantine) => Judgement::Accept,
            Some(Class::Hold) => Judgement::Hold(findings),
            Some(Class::Refuse) => Judgement::Refuse(findings),
        }
    }

    pub fn findings(&self) -> &[Finding] {
        match self {
            Judgement::Accept => &[],
            Judgement::Hold(findings) | Judgement::Refuse(findings) => findings,
        }
    }
}

/// What every check is asked.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    pub spec: &'a GateSpec,
    pub measures: &'a Measures,
    pub incoming: &'a Incoming<'a>,
    pub before: Option<&'a Before<'a>>,
}

/// Looks at a release from every side.
pub fn judge(spec: &GateSpec, measures: &Measures, incoming: &Incoming<'_>, before: Option<&Before<'_>>) -> Judgement {
    let question = Question { spec, measures, incoming, before };
    let mut findings = incoming.alarms.to_vec();
    for check in [
        stale::check,
        keys::check,
        rows::check,
        missing::check,
        ordered::check,
        scale::check,
        shift::check,
        quarantine::check,
        closed::check,
        other_period::check,
        changed::check,
    ] {
        findings.extend(check(&question));
    }
    Judgement::of(findings)
}

impl Question<'_> {
    /// Academic years, or years between days, from the release before to this one; at least one.
    pub fn years_apart(&self) -> f64 {
        let years = match (self.before.map(|before| before.period), self.incoming.period) {
            (Some(Period::Year(before)), Period::Year(now)) => f64::from(now.start()) - f64::from(before.start()),
            (Some(Period::Day(before)), Period::Day(now)) => {
                let days = before.until(now).map_or(0, |span| span.get_days());
                f64::from(days.abs()) / 365.25
            }
            _ => 1.0,
        };
        years.max(1.0)
    }

    /// What may be lost of something of which `yearly` may be lost in a year.
    pub fn loss(&self, yearly: f64) -> f64 {
        1.0 - (1.0 - yearly.clamp(0.0, 1.0)).powf(self.years_apart())
    }

    /// For messages: the release before.
    pub fn before_name(&self) -> String {
        self.before.map_or_else(String::new, |before| format!("{} {} {}", self.incoming.dataset, before.period, before.stage))
    }
}

/// A finding for a person to decide.
pub(super) fn hold(code: &str, what: String) -> Finding {
    Finding::new(Class::Hold, code, what)
}

/// `43.1 %`.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
