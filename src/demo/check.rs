//! What the pipeline did, held against the truth.

use std::collections::{BTreeMap, BTreeSet};

use super::news::ExpectedNews;
use super::timeline::Expect;
use super::truth::{ExpectedAlert, RULES, RowCounts, Truth};

/// One alert as the pipeline logged it, in log order; words as in the CloudEvents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedAlert {
    pub urn: u32,
    pub rule: String,
    pub kind: String,
    pub cause: String,
    pub about: String,
}

/// One entry of the log that is not about a concern: it has no rule. In log order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedNews {
    pub urn: u32,
    /// CloudEvents type.
    pub event_type: String,
    /// The day of the register.
    pub about: String,
}

/// One release as the pipeline treated it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedRelease {
    pub file_name: String,
    pub outcome: Expect,
    pub rows: RowCounts,
}

/// What the pipeline did with everything that was published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observed {
    pub alerts: Vec<ObservedAlert>,
    pub news: Vec<ObservedNews>,
    pub releases: Vec<ObservedRelease>,
    /// School and rule whose last answer is unknown; none if nobody looked.
    pub unanswered: Option<BTreeSet<(u32, String)>>,
}

/// Everything in which what was observed differs from the truth, in words; nothing if they agree.
pub fn check(truth: &Truth, observed: &Observed) -> Vec<String> {
    let mut differences = Vec::new();
    check_alerts(truth, observed, &mut differences);
    check_news(truth, observed, &mut differences);
    check_releases(truth, observed, &mut differences);
    if let Some(unanswered) = &observed.unanswered {
        for (urn, rule) in truth.unanswered.iter().filter(|(urn, rule)| !unanswered.contains(&(*urn, (*rule).to_owned()))) {
            differences.push(format!("school {urn}, rule {rule}: nobody can tell, and it is not listed as unknown"));
        }
    }
    differences
}

fn check_alerts(truth: &Truth, observed: &Observed, differences: &mut Vec<String>) {
    type Log<'a, T> = BTreeMap<(u32, &'a str), Vec<&'a T>>;
    let mut expected: Log<'_, ExpectedAlert> = BTreeMap::new();
    for alert in &truth.alerts {
        expected.entry((alert.urn, alert.rule)).or_default().push(alert);
    }
    let mut seen: Log<'_, ObservedAlert> = BTreeMap::new();
    for alert in observed.alerts.iter().filter(|a| RULES.contains(&a.rule.as_str())) {
        seen.entry((alert.urn, &alert.rule)).or_default().push(alert);
    }
    let keys: BTreeSet<(u32, &str)> = expected.keys().chain(seen.keys()).copied().collect();
    for key in keys {
        let none = (Vec::new(), Vec::new());
        let (wanted, got) = (expected.get(&key).unwrap_or(&none.0), seen.get(&key).unwrap_or(&none.1));
        let agrees = wanted.len() == got.len() && wanted.iter().zip(got).all(|(wanted, got)| wanted.fits(got));
        if !agrees {
            let (urn, rule) = key;
            let wanted: Vec<String> = wanted.iter().map(|a| a.words()).collect();
            let got: Vec<String> = got.iter().map(|a| a.words()).collect();
            differences.push(format!("school {urn}, rule {rule}: planted {}, logged {}", listed(&wanted), listed(&got)));
        }
    }
}

fn check_news(truth: &Truth, observed: &Observed, differences: &mut Vec<String>) {
    let urns: BTreeSet<u32> = truth.news.iter().map(|news| news.urn).chain(observed.news.iter().map(|news| news.urn)).collect();
    for urn in urns {
        let wanted: Vec<String> = truth.news.iter().filter(|news| news.urn == urn).map(ExpectedNews::words).collect();
        let got: Vec<String> = observed.news.iter().filter(|news| news.urn == urn).map(ObservedNews::words).collect();
        if wanted != got {
            differences.push(format!("school {urn}, who is who: planted {}, logged {}", listed(&wanted), listed(&got)));
        }
    }
}

fn check_releases(truth: &Truth, observed: &Observed, differences: &mut Vec<String>) {
    for release in &truth.releases {
        let name = &release.file_name;
        let found: Vec<&ObservedRelease> = observed.releases.iter().filter(|r| r.file_name == *name).collect();
        if found.is_empty() && release.may_stay_away {
            continue;
        }
        let [found] = found.as_slice() else {
            differences.push(format!("{name}: expected once, seen {} times", found.len()));
            continue;
        };
        if found.outcome != release.outcome {
            differences.push(format!("{name}: expected to be {}, was {}", release.outcome.word(), found.outcome.word()));
        }
        let RowCounts { read, accepted, quarantined, skipped } = found.rows;
        if read != accepted + quarantined + skipped {
            differences.push(format!("{name}: {read} rows read, {accepted} + {quarantined} + {skipped} accounted for"));
        }
        if let Some(rows) = release.rows.filter(|rows| *rows != found.rows) {
            differences.push(format!("{name}: written {}, counted {}", rows.words(), found.rows.words()));
        }
    }
    for release in &observed.releases {
        if !truth.releases.iter().any(|r| r.file_name == release.file_name) {
            differences.push(format!("{}: was never published", release.file_name));
        }
    }
}

impl ExpectedAlert {
    fn fits(&self, observed: &ObservedAlert) -> bool {
        self.kind.word() == observed.kind
            && self.cause.word() == observed.cause
            && self.about.as_ref().is_none_or(|about| *about == observed.about)
    }

    fn words(&self) -> String {
        format!("{} by {} about {}", self.kind, self.cause, self.about.as_deref().unwrap_or("anything"))
    }
}

impl ExpectedNews {
    fn words(&self) -> String {
        format!("headwater.{}.{}.v1 of {}", self.kind.class().word(), self.kind, self.day)
    }
}

impl ObservedNews {
    fn words(&self) -> String {
        format!("{} of {}", self.event_type, self.about)
    }
}

impl ObservedAlert {
    fn words(&self) -> String {
        format!("{} by {} about {}", self.kind, self.cause, self.about)
    }
}

impl RowCounts {
    fn words(self) -> String {
        let RowCounts { read, accepted, quarantined, skipped } = self;
        format!("{read} rows ({accepted} accepted, {quarantined} quarantined, {skipped} skipped)")
    }
}

fn listed(items: &[String]) -> String {
    if items.is_empty() { "nothing".to_owned() } else { items.join("; ") }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
