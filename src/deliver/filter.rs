//! Which news a subscriber asks for.
//!
//! Who says nothing gets alerts about concerns and nothing else: a subscriber never receives a
//! class of news that it did not ask for, and supportive notices are for those who help.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::{Class, NewsKind, Urn};
use crate::store::deliveries::Logged;

/// Which news is wanted: each list that is not empty must have the entry's value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default, try_from = "Asked")]
pub struct Filter {
    /// Classes of news: `concern` (the default), `register`, `notice`.
    pub about: BTreeSet<Class>,
    /// Rule ids. Only concerns have a rule; the other classes pass.
    pub rules: BTreeSet<String>,
    #[schemars(with = "BTreeSet<u32>")]
    pub urns: BTreeSet<Urn>,
    /// Three-digit codes of local authorities, as text.
    pub las: BTreeSet<String>,
    /// Words of the classes asked for: `raised`, `joined_trust`, `new_head`.
    pub kinds: BTreeSet<NewsKind>,
}

/// As it is written, before it is looked at as a whole.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct Asked {
    about: BTreeSet<Class>,
    rules: BTreeSet<String>,
    #[schemars(with = "BTreeSet<u32>")]
    urns: BTreeSet<Urn>,
    las: BTreeSet<String>,
    kinds: BTreeSet<NewsKind>,
}

impl Default for Asked {
    fn default() -> Asked {
        let Filter { about, rules, urns, las, kinds } = Filter::default();
        Asked { about, rules, urns, las, kinds }
    }
}

impl Default for Filter {
    fn default() -> Filter {
        Filter {
            about: [Class::Concern].into(),
            rules: BTreeSet::new(),
            urns: BTreeSet::new(),
            las: BTreeSet::new(),
            kinds: BTreeSet::new(),
        }
    }
}

impl TryFrom<Asked> for Filter {
    type Error = String;

    fn try_from(asked: Asked) -> Result<Filter, String> {
        let Asked { about, rules, urns, las, kinds } = asked;
        if about.is_empty() {
            return Err("`about` is empty, so nothing would ever be sent: leave it out for alerts about concerns".into());
        }
        if let Some(kind) = kinds.iter().find(|kind| !about.contains(&kind.class())) {
            let class = kind.class().word();
            return Err(format!("`{kind}` would never be sent: add \"{class}\" to `about`"));
        }
        let named = |class: &&Class| kinds.is_empty() || kinds.iter().any(|kind| kind.class() == **class);
        if let Some(class) = about.iter().find(|class| !named(class)) {
            let class = class.word();
            return Err(format!("`kinds` has no kind of \"{class}\": name some, or take \"{class}\" out of `about`"));
        }
        if !rules.is_empty() && !about.contains(&Class::Concern) {
            return Err("only concerns have rules: add \"concern\" to `about`, or leave `rules` out".into());
        }
        Ok(Filter { about, rules, urns, las, kinds })
    }
}

impl Filter {
    /// Every class of news about every school.
    pub fn everything() -> Filter {
        Filter { about: [Class::Concern, Class::Register, Class::Notice].into(), ..Filter::default() }
    }

    /// Whether [`Filter::wants`] looks into the entry's body.
    pub fn reads_body(&self) -> bool {
        !self.las.is_empty()
    }

    pub fn wants(&self, entry: &Logged) -> bool {
        let Some(kind) = NewsKind::of_type(&entry.kind) else { return false };
        let class = kind.class();
        self.about.contains(&class)
            && (class != Class::Concern || self.rules.is_empty() || self.rules.contains(&entry.rule))
            && (self.urns.is_empty() || self.urns.iter().any(|urn| urn.get() == entry.urn))
            && (self.kinds.is_empty() || self.kinds.contains(&kind))
            && (self.las.is_empty() || la_of(&entry.body).is_some_and(|la| self.las.contains(&la)))
    }
}

fn la_of(body: &str) -> Option<String> {
    let event: serde_json::Value = serde_json::from_str(body).ok()?;
    match event.pointer("/data/school/la")? {
        serde_json::Value::String(code) => Some(code.clone()),
        serde_json::Value::Number(code) => Some(code.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(event: &str, rule: &str, urn: u32, la: &str) -> Logged {
        let body = format!(r#"{{"data":{{"school":{{"urn":{urn},"la":"{la}"}}}}}}"#);
        Logged { seq: 1, id: "a".into(), urn, kind: format!("headwater.{event}.v1"), rule: rule.into(), body }
    }

    fn filter(text: &str) -> Result<Filter, String> {
        toml::from_str(text).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn who_says_nothing_gets_concerns_and_nothing_else() {
        let nothing = filter("").unwrap();
        assert_eq!(nothing, Filter::default());
        assert!(nothing.wants(&entry("concern.eased", "any", 900_009, "")));
        for other in ["register.joined_trust", "notice.new_head", "concern.of_another_day", "register.raised"] {
            assert!(!nothing.wants(&entry(other, "", 900_009, "")), "{other}");
        }
        let everything = filter(r#"about = ["concern", "register", "notice"]"#).unwrap();
        assert_eq!(everything, Filter::everything());
        assert!(everything.wants(&entry("notice.head_vacancy", "", 900_009, "")));
    }

    #[test]
    fn each_list_narrows_what_it_speaks_about() {
        let text = r#"
            about = ["concern", "register"]
            rules = ["stuck"]
            kinds = ["raised", "resolved", "joined_trust", "merged"]
            las = ["990"]
        "#;
        let filter = filter(text).unwrap();
        assert!(filter.reads_body());
        let wants = |event: &str, rule: &str, la: &str| filter.wants(&entry(event, rule, 900_001, la));
        // rules narrow concerns only
        assert!(wants("concern.raised", "stuck", "990") && !wants("concern.raised", "floor", "990"));
        assert!(!wants("concern.eased", "stuck", "990"));
        assert!(wants("register.merged", "", "990") && !wants("register.renamed", "", "990"));
        assert!(!wants("register.merged", "", "991") && !wants("notice.new_head", "", "990"));
    }

    #[test]
    fn what_would_never_be_sent_is_a_fault() {
        for (text, says) in [
            (r#"kinds = ["raised", "joined_trust"]"#, "add \"register\" to `about`"),
            (
                r#"about = ["concern", "notice"]
                kinds = ["raised"]"#,
                "`kinds` has no kind of \"notice\"",
            ),
            (
                r#"about = ["notice"]
                rules = ["stuck"]"#,
                "only concerns have rules",
            ),
            ("about = []", "nothing would ever be sent"),
            (r#"kinds = ["joined_trus"]"#, "`joined_trus` is no kind of news"),
            (r#"about = ["concerns"]"#, "unknown variant"),
            (r#"abouts = ["concern"]"#, "unknown field"),
        ] {
            let error = filter(text).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
