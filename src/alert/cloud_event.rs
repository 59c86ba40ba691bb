//! The head that every event has: CloudEvents 1.0, structured mode, one line of JSON.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::model::Urn;

/// What does not depend on the kind of event.
#[derive(Debug, Clone, PartialEq)]
pub struct Head<'a> {
    pub id: String,
    /// CloudEvents `source`: a URI reference of this installation.
    pub source: &'a str,
    /// CloudEvents `type`: `headwater.<class>.<kind>.v1`.
    pub kind: String,
    pub urn: Urn,
    /// Day on which the release that made the news was published.
    pub published: Date,
    /// Place in the log.
    pub seq: i64,
    /// When it was written there.
    pub recorded: Timestamp,
}

#[derive(Serialize)]
struct Event<'a, D> {
    specversion: &'a str,
    id: &'a str,
    source: &'a str,
    r#type: &'a str,
    subject: String,
    time: String,
    datacontenttype: &'a str,
    sequence: String,
    partitionkey: String,
    recordedtime: String,
    data: &'a D,
}

/// One line; keys always in the same order.
pub fn write(head: &Head<'_>, data: &impl Serialize) -> String {
    let day = head.published.to_zoned(TimeZone::UTC).map_or(head.recorded, |day| day.timestamp());
    let event = Event {
        specversion: "1.0",
        id: &head.id,
        source: head.source,
        r#type: &head.kind,
        subject: head.urn.to_string(),
        time: day.to_string(),
        datacontenttype: "application/json",
        sequence: format!("{:020}", head.seq),
        partitionkey: head.urn.to_string(),
        recordedtime: head.recorded.to_string(),
        data,
    };
    // strings, numbers and lists only: writing them cannot fail
    serde_json::to_string(&event).unwrap_or_default()
}
