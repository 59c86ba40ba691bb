//! The three classes of news in the log, and every kind of each.
//!
//! The type of an event names both: `headwater.<class>.<kind>.v1`. Only the first class is about
//! concerns, and only its entries have a rule.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{AlertKind, NoticeKind, RegisterKind};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Alerts about concerns.
    Concern,
    /// What changed about who is who.
    Register,
    /// Supportive notices, for those who can help.
    Notice,
}

/// A kind of news of any class. No two kinds share a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NewsKind {
    Concern(AlertKind),
    Register(RegisterKind),
    Notice(NoticeKind),
}

impl Class {
    pub fn word(self) -> &'static str {
        match self {
            Class::Concern => "concern",
            Class::Register => "register",
            Class::Notice => "notice",
        }
    }
}

impl NewsKind {
    pub fn all() -> impl Iterator<Item = NewsKind> {
        let concern = AlertKind::ALL.into_iter().map(NewsKind::Concern);
        let register = RegisterKind::ALL.into_iter().map(NewsKind::Register);
        concern.chain(register).chain(NoticeKind::ALL.into_iter().map(NewsKind::Notice))
    }

    pub fn word(self) -> &'static str {
        match self {
            NewsKind::Concern(kind) => kind.word(),
            NewsKind::Register(kind) => kind.word(),
            NewsKind::Notice(kind) => kind.word(),
        }
    }

    pub fn class(self) -> Class {
        match self {
            NewsKind::Concern(_) => Class::Concern,
            NewsKind::Register(_) => Class::Register,
            NewsKind::Notice(_) => Class::Notice,
        }
    }

    /// Of an event's type; none if it is none of ours.
    ///
    /// ```
    /// use headwater::model::{NewsKind, RegisterKind};
    /// let kind = NewsKind::of_type("headwater.register.joined_trust.v1");
    /// assert_eq!(kind, Some(NewsKind::Register(RegisterKind::JoinedTrust)));
    /// ```
    pub fn of_type(event_type: &str) -> Option<NewsKind> {
        let rest = event_type.strip_prefix("headwater.")?;
        let (class, rest) = rest.split_once('.')?;
        let (kind, _) = rest.split_once('.')?;
        NewsKind::all().find(|one| one.class().word() == class && one.word() == kind)
    }
}

impl fmt::Display for NewsKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl<'de> Deserialize<'de> for NewsKind {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<NewsKind, D::Error> {
        let word = String::deserialize(from)?;
        let known = NewsKind::all().find(|kind| kind.word() == word);
        known.ok_or_else(|| serde::de::Error::custom(format!("`{word}` is no kind of news")))
    }
}

impl JsonSchema for NewsKind {
    fn schema_name() -> Cow<'static, str> {
        "NewsKind".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let words: Vec<&str> = NewsKind::all().map(NewsKind::word).collect();
        schemars::json_schema!({ "type": "string", "enum": words })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_kinds_share_a_word_and_each_is_found_by_its_type() {
        let mut words: Vec<&str> = NewsKind::all().map(NewsKind::word).collect();
        words.sort_unstable();
        assert!(words.windows(2).all(|pair| pair[0] != pair[1]), "{words:?}");
        for kind in NewsKind::all() {
            assert_eq!(NewsKind::of_type(&format!("headwater.{}.{kind}.v1", kind.class().word())), Some(kind));
        }
        for other in ["headwater.register.raised.v1", "headwater.concern", "other.concern.raised.v1", ""] {
            assert_eq!(NewsKind::of_type(other), None, "{other}");
        }
    }
}
