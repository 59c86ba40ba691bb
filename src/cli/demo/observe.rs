//! What the demo's data folder says at the end, in the words of the truth.

use std::collections::BTreeSet;
use std::path::Path;

use crate::cli::Failure;
use crate::demo::truth::RULES;
use crate::demo::{Expect, Observed, ObservedAlert, ObservedNews, ObservedRelease, RowCounts};
use crate::pipeline::Done;
use crate::store::log::{self, Entry};
use crate::store::releases::Status;
use crate::store::{concerns, open_connection};

/// One act as a release, if it was one.
pub fn release(done: Done) -> Option<ObservedRelease> {
    let Done::File { release, .. } = done else { return None };
    let counts = &release.counts;
    Some(ObservedRelease {
        file_name: release.info.file_name.clone(),
        outcome: match release.status {
            Status::Accepted => Expect::Accepted,
            Status::Held => Expect::Held,
            Status::Refused => Expect::Refused,
        },
        rows: RowCounts {
            read: counts.read,
            accepted: counts.accepted,
            quarantined: counts.quarantined,
            skipped: counts.skipped.values().sum(),
        },
    })
}

pub fn all(data: &Path, releases: Vec<ObservedRelease>) -> Result<Observed, Failure> {
    let db = open_connection(data, false)?;
    let mut unanswered = BTreeSet::new();
    for rule in RULES {
        unanswered.extend(concerns::unknown(&db, rule)?.into_iter().map(|answer| (answer.urn, rule.to_owned())));
    }
    // what has no rule is about no concern
    let (who, concerns): (Vec<Entry>, Vec<Entry>) = entries(data)?.into_iter().partition(|entry| entry.rule.is_empty());
    let (alerts, news) = (concerns.iter().map(alert).collect(), who.iter().map(news).collect());
    Ok(Observed { alerts, news, releases, unanswered: Some(unanswered) })
}

pub fn ids(data: &Path) -> Result<BTreeSet<String>, Failure> {
    Ok(entries(data)?.into_iter().map(|entry| entry.id).collect())
}

fn entries(data: &Path) -> Result<Vec<Entry>, Failure> {
    Ok(log::after(&open_connection(data, false)?, 0, u32::MAX)?)
}

fn news(entry: &Entry) -> ObservedNews {
    let event: serde_json::Value = serde_json::from_str(&entry.body).unwrap_or_default();
    let about = event["data"]["about"].as_str().unwrap_or_default().to_owned();
    ObservedNews { urn: entry.urn, event_type: entry.kind.clone(), about }
}

fn alert(entry: &Entry) -> ObservedAlert {
    let event: serde_json::Value = serde_json::from_str(&entry.body).unwrap_or_default();
    let text = |key: &str| event["data"][key].as_str().unwrap_or_default().to_owned();
    ObservedAlert { urn: entry.urn, rule: entry.rule.clone(), kind: text("kind"), cause: text("cause"), about: text("about") }
}
