//! What the pages read of a CloudEvent. Everything may be absent: a page shows what there is.

use serde::{Deserialize, Deserializer};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CloudEvent {
    pub time: Text,
    pub recordedtime: Text,
    pub data: Data,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Data {
    /// `register` or `notice`; empty for news about concerns.
    pub class: Text,
    /// What an entry that is no concern is called.
    pub title: Text,
    pub others: Vec<Text>,
    pub pathway: Pathway,
    pub concern: Text,
    pub rule: Rule,
    pub kind: Text,
    pub cause: Text,
    pub state_before: Text,
    pub state_after: Text,
    pub verdict: Text,
    pub severity: Text,
    pub about: Text,
    pub because: Vec<Text>,
    pub school: School,
    pub evidence: Evidence,
}

/// Which way help goes with the school.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Pathway {
    pub says: Text,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Rule {
    pub id: Text,
    pub version: Text,
    pub title: Text,
    pub source: Text,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct School {
    pub urn: Text,
    pub name: Text,
    pub la: Text,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Evidence {
    pub clauses: Vec<Clause>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Clause {
    pub says: Text,
    pub verdict: Text,
    pub depth: u8,
    pub figures: Vec<Figure>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Figure {
    pub measure: Text,
    pub title: Text,
    pub period: Text,
    pub value: Text,
    pub missing: Text,
    pub cohort: Text,
    pub interval: Text,
    pub cite: Option<Citation>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Citation {
    pub release: Text,
    pub release_name: Text,
    pub file: Text,
    pub row: Text,
    pub column: Text,
    pub raw: Text,
    pub urn: Text,
}

impl Data {
    /// Whether it is about a concern, and not about who is who.
    pub fn is_concern(&self) -> bool {
        self.class.is_empty()
    }

    /// What happened, by its rule or by its own name.
    pub fn heading(&self) -> &str {
        if self.is_concern() { self.rule.title.or_dash() } else { self.title.or_dash() }
    }
}

impl CloudEvent {
    /// As much as can be read; the error where it is not an object of that kind at all.
    pub fn read(body: &str) -> Result<CloudEvent, serde_json::Error> {
        serde_json::from_str(body)
    }
}

/// A text, a number or nothing, for people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(pub String);

impl Text {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text, or a dash where there is none.
    pub fn or_dash(&self) -> &str {
        if self.0.is_empty() { "–" } else { &self.0 }
    }

    /// As words: `new_release` → `new release`.
    pub fn words(&self) -> String {
        self.0.replace('_', " ")
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Text, D::Error> {
        Ok(Text(match serde_json::Value::deserialize(from)? {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_or_of_another_type_does_no_harm() {
        let event =
            CloudEvent::read(r#"{"data":{"school":{"urn":900001,"la":null},"rule":{"version":2},"because":["a",3],"new":1}}"#)
                .unwrap();
        assert_eq!((event.data.school.urn.as_str(), event.data.school.la.or_dash()), ("900001", "–"));
        assert_eq!((event.data.rule.version.as_str(), event.data.because.len()), ("2", 2));
        assert!(CloudEvent::read("3").is_err() && CloudEvent::read("nonsense").is_err());
    }
}
