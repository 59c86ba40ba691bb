//! What an act did, in words and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::engine::Done;
use crate::model::Class;
use crate::store::log::Entry;
use crate::store::releases::{Release, Status};

/// A short account for people.
pub fn text(done: &Done, dry_run: bool) -> String {
    let mut text = String::new();
    match done {
        Done::Unchanged(release) => {
            let _ = writeln!(
                text,
                "{}: the same bytes are release {} already; nothing changed",
                release.info.file_name, release.info.no.0
            );
        }
        Done::File { release, alerts } => {
            let _ = write!(text, "{}", account(release));
            let said = told(alerts);
            let dry = if dry_run { " (dry run: nothing was written)" } else { "" };
            let _ = writeln!(text, "  alerts      {}{dry}", said.alerts);
            for (title, kinds) in [("register", &said.register), ("notices", &said.notices)] {
                for (kind, count) in kinds {
                    let _ = writeln!(text, "  {title:<11} {count} {}", kind.replace('_', " "));
                }
            }
            if dry_run {
                each(&mut text, alerts);
            }
        }
        Done::Other { alerts } => {
            let _ = writeln!(text, "done; {} alerts", told(alerts).alerts);
        }
    }
    text
}

/// What opening the folder under other files in force led to; nothing if there is nothing to tell.
pub fn rule_change(alerts: &[Entry], dry_run: bool) -> String {
    let mut text = String::new();
    if !alerts.is_empty() {
        let said = told(alerts);
        let notices: u32 = said.notices.values().sum();
        let also = if notices == 0 { String::new() } else { format!(" and {notices} supportive notices") };
        let _ = writeln!(text, "the files in force are not those of the last act: {} alerts{also} by rule_change", said.alerts);
        if dry_run {
            each(&mut text, alerts);
        }
    }
    text
}

/// What went to the log: alerts about concerns, and apart from them news of the register and
/// supportive notices by kind.
#[derive(Debug, Default)]
struct Told<'a> {
    alerts: u32,
    register: BTreeMap<&'a str, u32>,
    notices: BTreeMap<&'a str, u32>,
}

fn told(entries: &[Entry]) -> Told<'_> {
    let mut told = Told::default();
    for entry in entries {
        match entry.class() {
            Some(Class::Register) => *told.register.entry(entry.word()).or_default() += 1,
            Some(Class::Notice) => *told.notices.entry(entry.word()).or_default() += 1,
            Some(Class::Concern) | None => told.alerts += 1,
        }
    }
    told
}

fn each(text: &mut String, alerts: &[Entry]) {
    for alert in alerts {
        let _ = writeln!(text, "    {:<9} {} {}", alert.word(), alert.urn, alert.rule);
    }
}

/// One release: rows, outcomes, findings.
pub fn account(release: &Release) -> String {
    let mut text = String::new();
    let (info, counts) = (&release.info, &release.counts);
    let _ = writeln!(text, "{} ({}) is release {}: {}", info.file_name, info.name(), info.no.0, release.status.word());
    let skipped: u32 = counts.skipped.values().sum();
    let _ = writeln!(
        text,
        "  rows        {} read = {} accepted + {} set aside + {} skipped",
        counts.read, counts.accepted, counts.quarantined, skipped
    );
    for (reason, count) in &counts.skipped {
        let _ = writeln!(text, "              {count} skipped: {reason}");
    }
    for (rule, tally) in &release.outcomes {
        let _ = writeln!(
            text,
            "  {rule}: {} met, {} not met, {} could not be assessed; {} open concerns confirmed",
            tally.met, tally.not_met, tally.unknown, tally.confirmed
        );
    }
    for finding in &release.findings {
        let _ = writeln!(text, "  {finding}");
    }
    if release.status == Status::Held && release.decided.is_none() {
        let no = info.no.0;
        let _ = writeln!(
            text,
            "  nothing has changed; if the file is right, `headwater release accept {no}`, else `headwater release refuse {no}`"
        );
    }
    text
}

pub fn json(done: &Done) -> Value {
    match done {
        Done::Unchanged(release) => json!({ "unchanged": true, "release": release.info.no.0, "status": release.status.word() }),
        Done::File { release, alerts } => {
            let said = told(alerts);
            json!({ "release": release.as_ref(), "alerts": said.alerts, "register": said.register, "notices": said.notices })
        }
        Done::Other { alerts } => {
            let said = told(alerts);
            json!({ "alerts": said.alerts, "register": said.register, "notices": said.notices })
        }
    }
}
