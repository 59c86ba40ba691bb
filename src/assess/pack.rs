//! Reading scheme files: every fault of every file at once, with its line.
//!
//! A file is a head and any number of `[[rule]]` blocks. Each block is read on its own, so that a
//! slip in one does not hide those in the next.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::rule::{Pack, Rule};
use super::{cases, check};
use crate::faults::{Fault, Faults, nearest};
use crate::model::Measures;

/// Every rule in force, by id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RuleSet {
    packs: Vec<Pack>,
    /// Each rule with the place of its pack.
    rules: BTreeMap<String, (Rule, usize)>,
}

/// What stands between one `[[rule]]` and the next.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Block {
    rule: Vec<Rule>,
}

impl RuleSet {
    /// Reads packs, checks each rule against the measure registry and runs its test cases.
    pub fn load(files: &[(PathBuf, String)], measures: &Measures) -> Result<RuleSet, Faults> {
        let mut set = RuleSet::default();
        let mut faults = Faults::default();
        for (file, text) in files {
            let text = &text.replace("\r\n", "\n");
            let blocks = blocks(text);
            let (_, head) = blocks[0];
            match toml::from_str::<Pack>(head) {
                Ok(pack) => {
                    if file.file_stem().is_some_and(|stem| stem.to_string_lossy() != pack.id) {
                        let what = format!("the file is not called {}.toml", pack.id);
                        faults.push(Fault { file: file.clone(), line: None, key: "id".into(), what, hint: None });
                    }
                    set.packs.push(pack);
                }
                Err(error) => {
                    faults.push(toml_fault(file, head, 1, &error));
                    // rules of a pack whose head is wrong are still read, for their own faults
                    set.packs.push(Pack {
                        id: String::new(),
                        title: String::new(),
                        kind: super::rule::PackKind::WhatIf,
                        source: String::new(),
                    });
                }
            }
            for &(line, block) in &blocks[1..] {
                match toml::from_str::<Block>(block) {
                    Ok(block) => {
                        for rule in block.rule {
                            faults.extend(set.add(rule, file, line, measures));
                        }
                    }
                    Err(error) => faults.push(toml_fault(file, block, line, &error)),
                }
            }
        }
        faults.or(set)
    }

    fn add(&mut self, rule: Rule, file: &Path, line: u32, measures: &Measures) -> Faults {
        let mut faults = check::rule(&rule, file, Some(line), measures);
        if faults.0.is_empty() {
            faults = cases::run(&rule, file, line, measures);
        }
        if self.rules.contains_key(&rule.id) {
            let what = format!("there is another rule `{}`", rule.id);
            faults.push(Fault { file: file.to_owned(), line: Some(line), key: "id".into(), what, hint: None });
        } else {
            self.rules.insert(rule.id.clone(), (rule, self.packs.len() - 1));
        }
        faults
    }

    /// All rules, in the order of their ids.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values().map(|(rule, _)| rule)
    }

    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.get(id).map(|(rule, _)| rule)
    }

    pub fn packs(&self) -> impl Iterator<Item = &Pack> {
        self.packs.iter()
    }

    pub fn pack_of(&self, rule: &str) -> Option<&Pack> {
        self.rules.get(rule).and_then(|(_, pack)| self.packs.get(*pack))
    }
}

/// The head and the blocks, each with the number of its first line.
fn blocks(text: &str) -> Vec<(u32, &str)> {
    let mut blocks = Vec::new();
    let (mut start, mut start_line, mut at) = (0, 1, 0);
    for (line, words) in (1u32..).zip(text.split_inclusive('\n')) {
        if words.trim_end().replace(' ', "") == "[[rule]]" {
            blocks.push((start_line, &text[start..at]));
            (start, start_line) = (at, line);
        }
        at += words.len();
    }
    blocks.push((start_line, &text[start..]));
    blocks
}

fn toml_fault(file: &Path, text: &str, first_line: u32, error: &toml::de::Error) -> Fault {
    let line = error.span().map(|span| {
        let before = text.as_bytes().iter().take(span.start).filter(|byte| **byte == b'\n').count();
        first_line + u32::try_from(before).unwrap_or(0)
    });
    let what = error.message().trim_end_matches('.').replace('\n', " ");
    let mut quoted = what.split('`').skip(1).step_by(2);
    let hint = match (quoted.next(), what.starts_with("unknown")) {
        (Some(wrong), true) => nearest(wrong, quoted).map(|near| format!("did you mean `{near}`?")),
        _ => None,
    };
    Fault { file: file.to_owned(), line, key: String::new(), what, hint }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::measure::Measure;

    /// The registry and the packs of the repository; none until both are there.
    pub fn repository() -> Option<(Measures, Vec<(PathBuf, String)>)> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
        let registry = std::fs::read_to_string(root.join("measures.toml")).ok()?;
        let measures = Measures::new(toml::from_str::<BTreeMap<String, Measure>>(&registry).unwrap());
        let packs = ["statutory", "policy", "example-board"]
            .map(|name| root.join("schemes").join(name).with_extension("toml"))
            .map(|path| (path.clone(), std::fs::read_to_string(path).unwrap()));
        Some((measures, packs.to_vec()))
    }

    #[test]
    fn the_packs_of_the_repository_hold_their_cases() {
        let Some((measures, packs)) = repository() else {
            println!("the_packs_of_the_repository_hold_their_cases: there is no config/measures.toml");
            return;
        };
        let rules = RuleSet::load(&packs, &measures).unwrap_or_else(|faults| panic!("{faults}"));
        let ids: Vec<&str> = rules.rules().map(|rule| rule.id.as_str()).collect();
        let expected = [
            "ks2-floor-2016",
            "ks4-floor-2016",
            "ofsted-category",
            "p8-band-well-below",
            "p8-well-below-average",
            "persistent-absence-above-national",
            "stuck",
        ];
        assert_eq!(ids, expected);
        assert_eq!(rules.pack_of("stuck").map(|pack| pack.id.as_str()), Some("policy"));
        insta::assert_snapshot!("handbook", super::super::english::handbook(&rules, &measures));
    }

    fn small_registry() -> Measures {
        let registry = r#"
            ["x.score"]
            title = "Score"
            source = "a test"
            kind = "number"
            breaks = { "2015/16" = "another scale" }
            ["x.name"]
            title = "Name"
            source = "a test"
            kind = "category"
            values = ["one", "two"]
        "#;
        Measures::new(toml::from_str(registry).unwrap())
    }

    const HEAD: &str = "id = \"p\"\ntitle = \"P\"\nkind = \"local\"\nsource = \"a test\"\n";

    fn faults(rules: &str) -> Vec<String> {
        let files = [(PathBuf::from("p.toml"), format!("{HEAD}{rules}"))];
        match RuleSet::load(&files, &small_registry()) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.0.iter().map(ToString::to_string).collect(),
        }
    }

    fn rule(id: &str, enter: &str) -> String {
        format!(
            "[[rule]]\nid = \"{id}\"\nversion = 1\ntitle = \"t\"\nsource = \"s\"\nasks = \"year\"\ndata-from = \"2015/16\"\nenter = {enter}\nseverity = \"notice\"\n[[rule.case]]\nname = \"c\"\nfigures = {{ \"x.score\" = \"1\" }}\nexpect = \"met\"\n"
        )
    }

    #[test]
    fn every_fault_comes_at_once_with_its_place() {
        let text = [
            rule("good", "{ below = { measure = \"x.score\", than = 2 } }"),
            rule("misspelt", "{ below = { measure = \"x.scor\", than = 2 } }"),
            rule("name", "{ any = [{ above = { measure = \"x.name\", than = 2 } }, { category-is = { measure = \"x.name\", values = [\"tow\"] } }] }"),
            rule("kind", "{ belwo = { measure = \"x.score\", than = 2 } }"),
            rule("wrong", "{ above = { measure = \"x.score\", than = 2 } }"),
            rule("span", "{ for-periods = { n = 2, of = 2, gaps = \"calendar\", condition = { below = { measure = \"x.score\", than = 2 } } } }"),
            rule("mark", "{ marked = { measure = \"x.name\", as = [\"one\"] } }"),
            rule("good", "{ below = { measure = \"x.score\", than = 2 } }"),
        ]
        .concat();
        insta::assert_snapshot!("faults", faults(&text).join("\n"));
    }

    #[test]
    fn a_rule_without_cases_is_refused() {
        let text = rule("bare", "{ below = { measure = \"x.score\", than = 2 } }");
        let bare = &text[..text.find("[[rule.case]]").unwrap()];
        assert!(faults(bare)[0].contains("missing field `case`"), "{:?}", faults(bare));
        assert!(faults(&bare.replace("severity", "case = []\nseverity"))[0].contains("without test cases"));
    }
}
