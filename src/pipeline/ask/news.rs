//! What the log has about a school.

use serde::{Deserialize, Serialize};

use crate::store::log::Entry;

/// One entry of the log, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewsView {
    pub sequence: i64,
    pub id: String,
    /// `concern`, `register` or `notice`.
    pub class: String,
    /// `raised`, `joined_trust` …
    pub kind: String,
    pub title: String,
    pub says: String,
    pub about: String,
    /// The day on which the public knew.
    pub published: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Event {
    time: String,
    data: Data,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Data {
    title: String,
    rule: Rule,
    about: String,
    because: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Rule {
    title: String,
}

impl NewsView {
    /// What can be read of an entry; one of another shape keeps its place and its kind.
    pub fn of(entry: &Entry) -> NewsView {
        let event: Event = serde_json::from_str(&entry.body).unwrap_or_default();
        let data = event.data;
        NewsView {
            sequence: entry.seq,
            id: entry.id.clone(),
            class: entry.kind.split('.').nth(1).unwrap_or_default().to_owned(),
            kind: entry.word().to_owned(),
            title: if data.title.is_empty() { data.rule.title } else { data.title },
            says: data.because.join("; "),
            about: data.about,
            published: event.time.get(..10).unwrap_or_default().to_owned(),
        }
    }
}
