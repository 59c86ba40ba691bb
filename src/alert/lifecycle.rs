//! The life of a concern, as one table.
//!
//! Rows are the state before, columns the verdict of the new outcome; *about* is the year, or the
//! day of the inspection, that an outcome is about.
//!
//! | before | met | not met, same about | not met, later about | out of scope | unknown |
//! |---|---|---|---|---|---|
//! | none | raised | – | – | – | – |
//! | open | escalated, eased, changed, or nothing if nothing changed | withdrawn; resolved if the cause is a new release | resolved | unknown | unknown |
//! | unknown | escalated, eased or changed: it is open again | withdrawn; resolved if the cause is a new release | resolved | – | – |
//! | resolved, withdrawn | reopened | – | – | – | – |
//!
//! Over the table stand three rules:
//! - **A change of rule is never news about a school.** With that cause, not met and out of scope
//!   both withdraw, whatever the outcome is about; nothing is ever resolved.
//! - **An outcome about an earlier year than the concern's says nothing about today** and is
//!   ignored, whatever it says: a revision of 2015/16 does not touch a concern about 2016/17.
//!   For questions about how things stand there is one history, so an earlier day (an inspection
//!   that was withdrawn) counts as the same about.
//! - **Unknown never raises and never ends** (invariant I1). It says once that the evidence of an
//!   open concern is gone, and then waits.
//!
//! A new release with the same about is a later day of a register on which the ground has gone
//! (a category of concern lifted without another inspection): that is an improvement, so it is
//! resolved. The same from a revision, a correction, a link or a person means that we were told
//! wrong: withdrawn (invariant I3). A concern that was unknown and is met again has never ended,
//! so it is changed, not reopened.
//!
//! Beside the table, a living concern **follows** its school to a unique successor, once: see [`follow`].

use std::cmp::Ordering;

use super::fingerprint;
use crate::model::Severity;
use crate::model::{Alert, AlertKind, Cause, Concern, ConcernState, Evidence, Outcome, Slot, Urn, Verdict};

/// The news, if any, that an outcome is for a concern.
pub fn transition(before: Option<&Concern>, outcome: &Outcome, cause: Cause) -> Option<Alert> {
    let kind = match before {
        None => (outcome.verdict == Verdict::Met).then_some(AlertKind::Raised),
        Some(concern) => kind(concern, outcome, cause),
    }?;
    Some(Alert {
        kind,
        cause,
        concern: before.map_or_else(|| Concern::id_of(&outcome.rule, outcome.urn), |concern| concern.id.clone()),
        rule: outcome.rule.clone(),
        rule_version: outcome.rule_version,
        urn: before.map_or(outcome.urn, |concern| concern.urn),
        asked: outcome.urn,
        before: before.map(|concern| concern.state),
        after: state_after(kind),
        verdict: outcome.verdict,
        severity: outcome.severity,
        about: outcome.about.clone(),
        because: outcome.because.clone(),
        evidence: outcome.evidence.clone(),
    })
}

fn kind(concern: &Concern, outcome: &Outcome, cause: Cause) -> Option<AlertKind> {
    let alive = concern.is_alive();
    let about = match (outcome.about.as_str().cmp(&concern.about), outcome.slot) {
        (Ordering::Less, Slot::Year(_)) => return None,
        (Ordering::Less, Slot::AsAt) => Ordering::Equal,
        (other, _) => other,
    };
    match outcome.verdict {
        Verdict::Met if alive => still_met(concern, outcome),
        Verdict::Met => Some(AlertKind::Reopened),
        Verdict::NotMet if !alive => None,
        Verdict::NotMet if cause == Cause::RuleChange => Some(AlertKind::Withdrawn),
        Verdict::NotMet if outcome.out_of_scope => evidence_gone(concern),
        Verdict::NotMet if about == Ordering::Greater || cause == Cause::NewRelease => Some(AlertKind::Resolved),
        Verdict::NotMet => Some(AlertKind::Withdrawn),
        Verdict::Unknown => evidence_gone(concern),
    }
}

fn still_met(concern: &Concern, outcome: &Outcome) -> Option<AlertKind> {
    let now = fingerprint::of(outcome.verdict, outcome.severity, &outcome.about, &outcome.evidence);
    match outcome.severity.map_or(Ordering::Equal, |severity| severity.cmp(&concern.severity)) {
        Ordering::Greater => Some(AlertKind::Escalated),
        Ordering::Less => Some(AlertKind::Eased),
        Ordering::Equal => (concern.state == ConcernState::Unknown || now != concern.evidence).then_some(AlertKind::Changed),
    }
}

fn evidence_gone(concern: &Concern) -> Option<AlertKind> {
    (concern.state == ConcernState::Open).then_some(AlertKind::Unknown)
}

/// The news that a living concern goes on under another number of the same school: that of its
/// only successor, or its own again if the link was taken back. Nothing else about it changes.
pub fn follow(concern: &Concern, to: Urn, because: Vec<String>, evidence: Evidence) -> Alert {
    Alert {
        kind: AlertKind::Followed,
        cause: Cause::SchoolLink,
        concern: concern.id.clone(),
        rule: concern.rule.clone(),
        rule_version: concern.rule_version,
        urn: to,
        asked: to,
        before: Some(concern.state),
        after: concern.state,
        verdict: if concern.state == ConcernState::Unknown { Verdict::Unknown } else { Verdict::Met },
        severity: Some(concern.severity),
        about: concern.about.clone(),
        because,
        evidence,
    }
}

/// The news that a living concern is counted under another one from now on: the successor, to
/// which it would go on, has a concern of the same rule already.
pub fn absorbed(concern: &Concern, into: &Concern, mut because: Vec<String>, evidence: Evidence) -> Alert {
    because.push(format!("the same is said by concern {}, which goes on", into.id));
    let mut alert = follow(concern, concern.urn, because, evidence);
    (alert.kind, alert.after, alert.severity) = (AlertKind::Withdrawn, ConcernState::Withdrawn, None);
    alert
}

/// The state after a kind of news. News that a concern goes on elsewhere says its state itself.
fn state_after(kind: AlertKind) -> ConcernState {
    match kind {
        AlertKind::Raised
        | AlertKind::Changed
        | AlertKind::Escalated
        | AlertKind::Eased
        | AlertKind::Reopened
        | AlertKind::Followed => ConcernState::Open,
        AlertKind::Unknown => ConcernState::Unknown,
        AlertKind::Resolved => ConcernState::Resolved,
        AlertKind::Withdrawn => ConcernState::Withdrawn,
    }
}

/// The concern after one of its alerts, which has the sequence `seq` in the log.
pub fn apply(before: Option<&Concern>, alert: &Alert, seq: i64) -> Concern {
    let decided = alert.kind != AlertKind::Unknown;
    Concern {
        id: alert.concern.clone(),
        rule: alert.rule.clone(),
        rule_version: alert.rule_version,
        urn: alert.urn,
        state: alert.after,
        severity: alert.severity.or(before.map(|concern| concern.severity)).unwrap_or(Severity::Notice),
        about: match before {
            Some(concern) if !decided => concern.about.clone(),
            _ => alert.about.clone(),
        },
        evidence: match before {
            // the link is why it goes on there, not why there is a concern
            Some(concern) if alert.kind == AlertKind::Followed => concern.evidence.clone(),
            _ => fingerprint::of(alert.verdict, alert.severity, &alert.about, &alert.evidence),
        },
        raised: before.map_or(seq, |concern| concern.raised),
        last: seq,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::AcademicYear;
    use crate::model::evidence::{Clause, Figure};
    use proptest::prelude::*;

    const CAUSES: [Cause; 6] =
        [Cause::NewRelease, Cause::Revision, Cause::Correction, Cause::RuleChange, Cause::SchoolLink, Cause::Person];

    fn outcome(verdict: Verdict, start: u16, value: &str) -> Outcome {
        let year = AcademicYear::starting(start).unwrap();
        let figure = Figure {
            measure: "ks4.p8".into(),
            title: "Progress 8 score".into(),
            period: year.to_string(),
            value: value.into(),
            missing: None,
            cohort: None,
            interval: None,
            cite: None,
        };
        Outcome {
            rule: "p8".into(),
            rule_version: 1,
            urn: Urn::try_from(900_001).unwrap(),
            slot: Slot::Year(year),
            about: year.to_string(),
            verdict,
            out_of_scope: false,
            severity: (verdict == Verdict::Met).then_some(Severity::Warning),
            because: vec![value.into()],
            evidence: Evidence { clauses: vec![Clause { says: "low".into(), verdict, depth: 0, figures: vec![figure] }] },
        }
    }

    fn open() -> Concern {
        let alert = transition(None, &outcome(Verdict::Met, 2016, "-0.7"), Cause::NewRelease).unwrap();
        apply(None, &alert, 1)
    }

    fn in_state(state: ConcernState) -> Concern {
        Concern { state, ..open() }
    }

    fn news(before: &Concern, outcome: &Outcome, cause: Cause) -> Option<AlertKind> {
        transition(Some(before), outcome, cause).map(|alert| alert.kind)
    }

    #[test]
    fn the_table() {
        use AlertKind::*;
        use ConcernState as S;
        use Verdict::{Met, NotMet};
        let same = |verdict| outcome(verdict, 2016, "-0.7");
        let later = |verdict| outcome(verdict, 2017, "-0.2");
        let rows: [(S, Outcome, Cause, Option<AlertKind>); 18] = [
            (S::Open, same(Met), Cause::Revision, None),
            (S::Open, outcome(Met, 2016, "-0.6"), Cause::Revision, Some(Changed)),
            (S::Open, later(Met), Cause::NewRelease, Some(Changed)),
            (S::Open, same(NotMet), Cause::Revision, Some(Withdrawn)),
            (S::Open, same(NotMet), Cause::Correction, Some(Withdrawn)),
            (S::Open, same(NotMet), Cause::NewRelease, Some(Resolved)),
            (S::Open, later(NotMet), Cause::NewRelease, Some(Resolved)),
            (S::Open, later(NotMet), Cause::RuleChange, Some(Withdrawn)),
            (S::Open, later(Verdict::Unknown), Cause::NewRelease, Some(Unknown)),
            (S::Unknown, later(Verdict::Unknown), Cause::NewRelease, None),
            (S::Unknown, same(Met), Cause::Revision, Some(Changed)),
            (S::Unknown, same(NotMet), Cause::Revision, Some(Withdrawn)),
            (S::Unknown, later(NotMet), Cause::NewRelease, Some(Resolved)),
            (S::Resolved, later(Met), Cause::NewRelease, Some(Reopened)),
            (S::Resolved, later(NotMet), Cause::NewRelease, None),
            (S::Resolved, later(Verdict::Unknown), Cause::NewRelease, None),
            (S::Withdrawn, same(Met), Cause::Correction, Some(Reopened)),
            (S::Withdrawn, same(NotMet), Cause::RuleChange, None),
        ];
        for (state, outcome, cause, expected) in rows {
            assert_eq!(news(&in_state(state), &outcome, cause), expected, "{state:?} {} {cause}", outcome.verdict);
        }
    }

    #[test]
    fn a_school_that_leaves_the_scope_is_unknown_not_improved() {
        let gone = Outcome { out_of_scope: true, ..outcome(Verdict::NotMet, 2017, "4") };
        assert_eq!(news(&open(), &gone, Cause::NewRelease), Some(AlertKind::Unknown));
        assert_eq!(news(&open(), &gone, Cause::RuleChange), Some(AlertKind::Withdrawn));
        assert_eq!(news(&in_state(ConcernState::Unknown), &gone, Cause::NewRelease), None);
    }

    #[test]
    fn an_earlier_year_says_nothing_about_today_and_an_earlier_inspection_does() {
        assert_eq!(news(&open(), &outcome(Verdict::NotMet, 2015, "0.1"), Cause::Revision), None);
        let inspected = |verdict, about: &str| Outcome { slot: Slot::AsAt, about: about.into(), ..outcome(verdict, 2016, "x") };
        let raised = transition(None, &inspected(Verdict::Met, "2024-05-01"), Cause::NewRelease).unwrap();
        let concern = apply(None, &raised, 1);
        let undone = inspected(Verdict::NotMet, "2021-03-02");
        assert_eq!(news(&concern, &undone, Cause::Correction), Some(AlertKind::Withdrawn));
    }

    #[test]
    fn a_graver_case_updates_the_same_concern() {
        let graver = Outcome { severity: Some(Severity::Critical), ..outcome(Verdict::Met, 2016, "-0.7") };
        let alert = transition(Some(&open()), &graver, Cause::NewRelease).unwrap();
        assert_eq!(alert.kind, AlertKind::Escalated);
        let after = apply(Some(&open()), &alert, 2);
        assert_eq!((after.severity, after.raised, after.last), (Severity::Critical, 1, 2));
        assert_eq!(news(&after, &outcome(Verdict::Met, 2016, "-0.7"), Cause::Correction), Some(AlertKind::Eased));
    }

    fn any_cause() -> impl Strategy<Value = Cause> {
        proptest::sample::select(CAUSES.to_vec())
    }

    fn any_outcome() -> impl Strategy<Value = Outcome> {
        let verdict = prop_oneof![Just(Verdict::Met), Just(Verdict::NotMet), Just(Verdict::Unknown)];
        let severity = prop_oneof![Just(Severity::Notice), Just(Severity::Serious)];
        (verdict, 2014u16..2019, 0u8..3, any::<bool>(), severity).prop_map(|(verdict, start, value, out, severity)| {
            let mut outcome = outcome(verdict, start, &value.to_string());
            outcome.out_of_scope = out && verdict == Verdict::NotMet;
            outcome.severity = outcome.severity.map(|_| severity);
            outcome
        })
    }

    proptest! {
        /// I1, I3 and the order of the log, over any run of outcomes.
        #[test]
        fn laws_of_the_lifecycle(steps in proptest::collection::vec((any_outcome(), any_cause()), 1..30)) {
            let mut concern: Option<Concern> = None;
            for (seq, (outcome, cause)) in (1i64..).zip(&steps) {
                let alert = transition(concern.as_ref(), outcome, *cause);
                prop_assert_eq!(&alert, &transition(concern.as_ref(), outcome, *cause));
                let Some(alert) = alert else { continue };
                let before = concern.as_ref().map(|one| one.state);
                prop_assert_eq!(alert.before, before);
                prop_assert_eq!(alert.cause, *cause);
                if outcome.verdict == Verdict::Unknown {
                    prop_assert_eq!((alert.kind, before), (AlertKind::Unknown, Some(ConcernState::Open)));
                }
                if outcome.out_of_scope {
                    prop_assert!(matches!(alert.kind, AlertKind::Unknown | AlertKind::Withdrawn));
                }
                match alert.kind {
                    AlertKind::Raised => prop_assert!(before.is_none() && outcome.verdict == Verdict::Met),
                    AlertKind::Reopened => prop_assert!(outcome.verdict == Verdict::Met),
                    AlertKind::Resolved => {
                        let same = concern.as_ref().is_some_and(|one| one.about == outcome.about);
                        prop_assert!(*cause != Cause::RuleChange && outcome.verdict == Verdict::NotMet);
                        prop_assert!(!same || *cause == Cause::NewRelease);
                    }
                    AlertKind::Withdrawn => prop_assert!(outcome.verdict == Verdict::NotMet && *cause != Cause::NewRelease),
                    _ => {}
                }
                let after = apply(concern.as_ref(), &alert, seq);
                prop_assert_eq!(after.state, alert.after);
                // told once: the same outcome again is no news
                prop_assert_eq!(transition(Some(&after), outcome, *cause), None);
                concern = Some(after);
            }
        }
    }
}
