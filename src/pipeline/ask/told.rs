//! How answers are written: a value or the reason why there is none, and counts that keep what is
//! not known.
//!
//! Everywhere the same: `{"value": "Primary", "missing": null}`, or
//! `{"value": null, "missing": "blank", "why": "blank in the file"}`.

use serde::Serialize;

use crate::model::{Missing, Value};
use crate::register::legal::Unclear;
use crate::register::profile::{NoPhaseMix, Share, Tally};
use crate::register::size::NoBand;

/// A value, or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told<T> {
    pub value: Option<T>,
    /// Code of the reason.
    pub missing: Option<&'static str>,
    /// The reason in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// Why there is no value: a code for machines, and words.
pub trait Reason {
    fn code(&self) -> &'static str;
    fn words(&self) -> String;
}

impl<T> Told<T> {
    pub fn of<W: Reason>(known: Result<T, W>) -> Told<T> {
        match known {
            Ok(value) => Told { value: Some(value), missing: None, why: None },
            Err(why) => Told { value: None, missing: Some(why.code()), why: Some(why.words()) },
        }
    }

    /// For people: the value, or the reason in words.
    pub fn words(&self, value: impl Fn(&T) -> String) -> String {
        match (&self.value, &self.why) {
            (Some(known), _) => value(known),
            (None, Some(why)) => format!("not known: {why}"),
            (None, None) => "not known".to_owned(),
        }
    }
}

impl Told<String> {
    pub fn text(value: Result<Value, Missing>) -> Told<String> {
        Told::of(value.map(|value| value.to_string()))
    }
}

impl<T: Clone> Told<T> {
    pub fn or_none(&self) -> Option<T> {
        self.value.clone()
    }
}

impl Reason for Missing {
    fn code(&self) -> &'static str {
        Missing::code(*self)
    }

    fn words(&self) -> String {
        Missing::words(*self).to_owned()
    }
}

impl Reason for Unclear {
    fn code(&self) -> &'static str {
        match self {
            Unclear::Missing(why) => Missing::code(*why),
            Unclear::NewType(_) => "new-type",
            Unclear::Contradiction { .. } => "contradiction",
        }
    }

    fn words(&self) -> String {
        self.to_string()
    }
}

impl Reason for NoBand {
    fn code(&self) -> &'static str {
        self.word()
    }

    fn words(&self) -> String {
        self.to_string()
    }
}

impl Reason for NoPhaseMix {
    fn code(&self) -> &'static str {
        match self {
            NoPhaseMix::NoSchools => "no-schools",
            NoPhaseMix::NotKnown(_) => "not-known",
        }
    }

    fn words(&self) -> String {
        self.to_string()
    }
}

/// How often each value occurs, and of how many it is not known, by reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// The most frequent first.
    pub known: Vec<Count>,
    pub not_known: Vec<NotKnown>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    pub value: String,
    pub schools: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotKnown {
    pub missing: &'static str,
    pub why: String,
    pub schools: u32,
}

impl Counts {
    pub fn of<K: Ord, W: Ord + Reason>(tally: &Tally<K, W>, word: impl Fn(&K) -> String) -> Counts {
        let mut known: Vec<Count> =
            tally.known.iter().map(|(value, schools)| Count { value: word(value), schools: *schools }).collect();
        known.sort_by(|one, other| other.schools.cmp(&one.schools).then_with(|| one.value.cmp(&other.value)));
        let not_known = tally.not_known.iter();
        let not_known =
            not_known.map(|(why, schools)| NotKnown { missing: why.code(), why: why.words(), schools: *schools }).collect();
        Counts { known, not_known }
    }

    /// `Primary 12, Secondary 3, not known of 1 (blank in the file)`.
    pub fn words(&self) -> String {
        let known = self.known.iter().map(|count| format!("{} {}", count.value, count.schools));
        let not = self.not_known.iter().map(|none| format!("not known of {} ({})", none.schools, none.why));
        let all: Vec<String> = known.chain(not).collect();
        if all.is_empty() { "none".to_owned() } else { all.join(", ") }
    }
}

/// So many of so many, with those of which it is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShareView {
    pub count: u32,
    pub of: u32,
    pub not_known: u32,
    /// Percentage points to one decimal; null if nothing is known.
    pub percent: Option<String>,
}

impl From<Share> for ShareView {
    fn from(share: Share) -> ShareView {
        let percent = share.percent().map(|percent| percent.normalize().to_string());
        ShareView { count: share.count, of: share.of, not_known: share.not_known, percent }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_value_is_never_written_as_nothing() {
        let told = |known: Result<u32, Missing>| serde_json::to_string(&Told::of(known)).unwrap();
        assert_eq!(told(Ok(0)), r#"{"value":0,"missing":null}"#);
        assert_eq!(told(Err(Missing::Blank)), r#"{"value":null,"missing":"blank","why":"blank in the file"}"#);
    }
}
