//! Whether what stands is what the log told.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::Deserialize;

use super::Verified;
use crate::model::{AlertKind, Concern, ConcernState, Severity, Urn};
use crate::store::log::{self, Entry};
use crate::store::{StoreError, concerns, notices};

/// What the log says about one concern so far.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    rule: String,
    rule_version: u32,
    urn: Urn,
    state: ConcernState,
    severity: Severity,
    about: String,
    raised: i64,
    last: i64,
}

/// Reads the log from its beginning: each alert goes on from where the one before left its concern,
/// and at the end every concern stands as the log says (I4).
pub fn follow(db: &Connection, found: &mut Verified) -> Result<(), StoreError> {
    let mut told: BTreeMap<String, Told> = BTreeMap::new();
    let mut notices = Notices::new();
    let mut seq = 0;
    loop {
        let entries = log::after(db, seq, 1_000)?;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            seq += 1;
            found.alerts += 1;
            if entry.seq != seq {
                found.problems.push(format!("alert {seq} is missing from the log"));
                seq = entry.seq;
            }
            if entry.rule.is_empty() {
                // news about who is who moves no concern
                match serde_json::from_str::<Head>(&entry.body) {
                    Ok(head) if head.is(&entry) => notice(&entry, &mut notices),
                    _ => found.problems.push(format!("the body of entry {seq} is not about what its entry says")),
                }
                continue;
            }
            match serde_json::from_str::<Event>(&entry.body) {
                Ok(event) if event.is(&entry) => {
                    let before = told.remove(&event.data.concern);
                    if before.as_ref().map(|before| before.state) != event.data.state_before {
                        found
                            .problems
                            .push(format!("alert {seq} does not go on from the one before about {}", event.data.concern));
                    }
                    told.insert(event.data.concern.clone(), event.data.after(before, &entry));
                }
                Ok(_) => found.problems.push(format!("the body of alert {seq} is not about what its entry says")),
                Err(_) => found.problems.push(format!("the body of alert {seq} is damaged")),
            }
        }
    }
    let kept: Notices =
        notices::all(db)?.into_iter().map(|(kind, partnership, urn, seq)| ((kind, partnership, urn), seq)).collect();
    if kept != notices {
        found.problems.push("the supportive notices that stand are not those that the log told".into());
    }
    for concern in concerns::all(db)? {
        found.concerns += 1;
        let Concern { id, rule, rule_version, urn, state, severity, about, evidence: _, raised, last } = concern;
        if told.remove(&id) != Some(Told { rule, rule_version, urn, state, severity, about, raised, last }) {
            found.problems.push(format!("concern {id} is not as the log says"));
        }
    }
    found.problems.extend(told.into_keys().map(|id| format!("the log speaks of concern {id}, which is not there")));
    Ok(())
}

/// Of any CloudEvent, what its entry repeats.
#[derive(Deserialize)]
struct Head {
    id: String,
    subject: String,
    sequence: String,
    r#type: String,
}

impl Head {
    fn is(&self, entry: &Entry) -> bool {
        self.id == entry.id
            && self.subject == entry.urn.to_string()
            && self.sequence.parse() == Ok(entry.seq)
            && self.r#type == entry.kind
    }
}

/// Of the CloudEvent of an alert, what the state follows from.
#[derive(Deserialize)]
struct Event {
    data: News,
}

#[derive(Deserialize)]
struct News {
    concern: String,
    rule: RuleOf,
    kind: AlertKind,
    state_before: Option<ConcernState>,
    state_after: ConcernState,
    severity: Option<Severity>,
    about: String,
    school: SchoolOf,
}

#[derive(Deserialize)]
struct RuleOf {
    id: String,
    version: u32,
}

#[derive(Deserialize)]
struct SchoolOf {
    urn: Urn,
}

impl Event {
    fn is(&self, entry: &Entry) -> bool {
        serde_json::from_str::<Head>(&entry.body).is_ok_and(|head| head.is(entry))
            && self.data.rule.id == entry.rule
            && self.data.school.urn.get() == entry.urn
    }
}

impl News {
    fn after(self, before: Option<Told>, entry: &Entry) -> Told {
        let severity = self.severity.or(before.as_ref().map(|before| before.severity)).unwrap_or(Severity::Notice);
        let raised = before.as_ref().map_or(entry.seq, |before| before.raised);
        let about = match before {
            // an answer that is unknown is about nothing new
            Some(before) if self.kind == AlertKind::Unknown => before.about,
            _ => self.about,
        };
        let RuleOf { id: rule, version: rule_version } = self.rule;
        Told { rule, rule_version, urn: self.school.urn, state: self.state_after, severity, about, raised, last: entry.seq }
    }
}

/// The notice that each kind of supportive notice with an end begins or ends.
const NOTICES: [(&str, &str); 2] = [("isolated", "no_longer_isolated"), ("coverage_gap", "covered")];

/// Kind, partnership and school of a notice that stands, with the entry that told it.
type Notices = BTreeMap<(String, String, u32), i64>;

#[derive(Deserialize)]
struct Supportive {
    data: Partnership,
}

#[derive(Deserialize)]
struct Partnership {
    partnership: String,
}

fn notice(entry: &Entry, standing: &mut Notices) {
    let Ok(Supportive { data }) = serde_json::from_str(&entry.body) else { return };
    for (begins, ends) in NOTICES {
        let key = (begins.to_owned(), data.partnership.clone(), entry.urn);
        if entry.word() == begins {
            standing.insert(key, entry.seq);
        } else if entry.word() == ends {
            standing.remove(&key);
        }
    }
}
